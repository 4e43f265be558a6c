//! The fuzz targets on seeded inputs: bounded here, a million where `AISTAT_FUZZ_INPUTS` says so (see fuzz/README.md).

#[path = "../../fuzz/exercise.rs"]
pub mod exercise;

use std::panic::{AssertUnwindSafe, catch_unwind};

const DESCRIPTOR: &str = r#"{"name": "p", "version": "1", "missingValues": [""], "resources": [{"name": "t", "path": ["t.csv"], "encoding": "utf-8", "dialect": {"delimiter": ",", "headerRows": [1]},
"aistat:area": "a", "aistat:topic": "t", "aistat:dimensions": ["d"], "aistat:parts": {"x": {"of": ["y"]}}, "schema": {"fields": [{"name": "period", "type": "string"}, {"name": "d", "type": "string"},
{"name": "m", "type": "number", "aistat:unit": "u", "aistat:kind": "flow", "constraints": {"minimum": 0, "pattern": "^.$"}}], "primaryKey": "period", "foreignKeys": [{"fields": "d", "reference": {"resource": "d", "fields": "code"}}]}},
{"name": "f", "data": [{"Year": 2020, "v": 1.5}], "schema": {"fields": [{"name": "Year", "type": "year"}, {"name": "v", "type": "number", "decimalChar": ","}]}}]}"#;

/// Where mutation starts, and what it puts in, of each target.
struct Target {
    name: &'static str,
    run: fn(&[u8]),
    seeds: &'static [&'static str],
}

const TARGETS: [Target; 4] = [
    Target {
        name: "descriptor",
        run: exercise::descriptor,
        seeds: &[DESCRIPTOR, "{}", "{\"resources\": [{\"name\": \"t\", \"path\": \"t.csv\"}]}"],
    },
    Target {
        name: "cell",
        run: exercise::cell,
        seeds: &[
            "5.0",
            "60\0over",
            "1\0\u{0}2.5",
            "120\0about\0\0-1",
            "\0lost",
            "-0.50",
            "1e3",
            "2023\0\0\0\u{0}2017/2023\0x",
            "7\0\0\0\0../2023-Q1",
            "7\0\0\0\u{0}2023-02-29",
        ],
    },
    Target {
        name: "csv",
        run: exercise::csv,
        seeds: &[
            "period,d,m,m_mark,m_to,m_decimals,m_share,note\n2023,y,5,,,,1.5,abc\n2023,z,6,over,,,,\n../2023,x,,lost,,,,\n",
            "Year,City Code,City,Value\n2022,AB,\"A, \"\"b\"\"\",\"1,234.5\"\r\n2023,AB,A,7\n",
        ],
    },
    Target {
        name: "table",
        run: exercise::table,
        seeds: &[
            "年份,地区,金额(亿元),占比(%)\n2022,甲,\"1,234.50\",约26.5%\n2023,甲,>1300,—\n",
            "年份,金额(亿%)\n2022,1234.5\n2023,1300.5\n",
            "Title (unit: USD bn)\nName,Code,2020,2021Q1,2022-03\nA,AA,1,2,3\nB,BB,(4),5.5,10-20\nSource: x\n",
            "Year;Month;City;Rate\n2020;1;a;1,5\n2020;2;a;2,5\n",
            "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"XFD1048576\"><v>45000.5</v></c></row><row><c t=\"e\"><v>#N/A</v></c></row>",
        ],
    },
];

const TOKENS: [&str; 44] = [
    "\"",
    "\"\"",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\0",
    "{",
    "}",
    "[",
    "]",
    ":",
    "null",
    "true",
    "-1",
    "1e999",
    "NaN",
    "inf",
    "9999999999999999999999999999999999999999",
    "0.0000000001",
    "../",
    "2023",
    "2023-13",
    "2017/2023",
    "9999-12-31",
    "over",
    "lost",
    "甲",
    "é",
    "\u{202e}",
    "\u{feff}",
    "\u{1b}[31m",
    "aistat:area",
    "aistat:role",
    "codes",
    "type",
    "year",
    "%Y-%m",
    "<c r=\"A0\">",
    "</row>",
    "(",
    "%",
];

/// A small generator with good statistics (xorshift64*), so that a seed names its inputs for good.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// A seed text after a few cuts, copies, tokens and flipped bytes.
    fn input(&mut self, target: &Target) -> Vec<u8> {
        let mut bytes = target.seeds[self.below(target.seeds.len())].as_bytes().to_vec();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len() + 1);
            let end = at + self.below(bytes.len() + 1 - at).min(40);
            match self.below(6) {
                0 => bytes.splice(at..end, []).for_each(drop),
                1 => {
                    let copy = bytes[at..end].to_vec();
                    let to = self.below(bytes.len() + 1);
                    bytes.splice(to..to, copy).for_each(drop);
                }
                2 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                3 if at < bytes.len() => bytes[at] = self.next() as u8,
                _ => {
                    let token = TOKENS[self.below(TOKENS.len())];
                    bytes.splice(at..at, token.bytes()).for_each(drop);
                }
            }
        }
        bytes
    }
}

/// Seeds of the bounded run; a longer one goes on counting.
const SEEDS: std::ops::Range<u64> = 1..21;

#[test]
fn no_input_panics() {
    let inputs: u64 = std::env::var("AISTAT_FUZZ_INPUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(4_000);
    let seeds = SEEDS.end - SEEDS.start;
    let each = inputs.div_ceil(seeds * TARGETS.len() as u64);
    std::thread::scope(|scope| {
        for target in &TARGETS {
            scope.spawn(move || {
                for seed in SEEDS {
                    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                    for number in 0..each {
                        let input = random.input(target);
                        let run = catch_unwind(AssertUnwindSafe(|| (target.run)(&input)));
                        assert!(
                            run.is_ok(),
                            "{}, seed {seed}, input {number}: {:?}",
                            target.name,
                            String::from_utf8_lossy(&input)
                        );
                    }
                }
            });
        }
    });
}

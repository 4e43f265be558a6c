//! Large tables: whole columns through Polars give the same answers, to the digit, as cells through exact arithmetic.

use std::fmt::Write;
use std::path::Path;

use crate::harness::{Run, args};

/// A seeded stream of numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }
}

const AREAS: [&str; 6] = ["north", "South, far", "a \"b\" c", "东", "a place with a very long name", "west"];
const ITEMS: [&str; 3] = ["x", "y", "z"];

/// A table with gaps, empty cells, zeros, numbers of many lengths, in no order.
fn table(seed: u64, long: bool) -> String {
    let mut dice = Dice(seed);
    let mut rows = Vec::new();
    for area in AREAS {
        for item in ITEMS {
            for year in 2015..2024 {
                if dice.roll(8) == 0 {
                    continue;
                }
                let value = match dice.roll(12) {
                    0 => String::new(),
                    1 => "0".to_owned(),
                    2 => format!("-{}.{}", 1 + dice.roll(40), dice.roll(10)),
                    3 => format!("{}.{:03}", dice.roll(100_000), dice.roll(1000)),
                    4 if long => "12345678901234567.5".to_owned(),
                    8 if long => format!("{}.{}e+0{}", 1 + dice.roll(9), dice.roll(10), 2 + dice.roll(8)),
                    5 | 6 if long => {
                        format!("{}{:09}.{:08}", dice.roll(50), dice.roll(1 << 30), dice.roll(100_000_000))
                    }
                    7 if long => format!("0.{:09}{:09}", dice.roll(1_000_000_000), dice.roll(1_000_000_000)),
                    5 => "100.00".to_owned(),
                    _ => format!("{}.{}", 1 + dice.roll(5000), dice.roll(10)),
                };
                let count = if dice.roll(9) == 0 { String::new() } else { dice.roll(30).to_string() };
                let quoted = format!("\"{}\"", area.replace('"', "\"\""));
                let area = if area.contains(['"', ',']) { &quoted } else { area };
                rows.push(format!("{year},{area},{item},{value},{count}"));
            }
        }
    }
    for at in (1..rows.len()).rev() {
        let other = dice.roll(at as u64 + 1) as usize;
        rows.swap(at, other);
    }
    let mut text = "year,area,item,value,count\n".to_owned();
    for row in rows {
        writeln!(text, "{row}").unwrap();
    }
    text
}

fn package(folder: &Path, csv: &str) {
    let schema = r#"{"fields":[{"name":"year","type":"year"},{"name":"area","type":"string"},{"name":"item","type":"string"},{"name":"value","type":"number"},{"name":"count","type":"integer"}]}"#;
    let resource = |name: &str, path: &str| format!(r#"{{"name":"{name}","path":"{path}","schema":{schema}}}"#);
    let descriptor = format!(
        r#"{{"name":"p","title":"A seeded table","resources":[{},{},{},{}]}}"#,
        resource("t", "t.csv"),
        resource("z", "t.csv.gz"),
        resource("u", "u.csv"),
        resource("by-area", "by-area.csv").replace(r#"{"name":"item","type":"string"},"#, "")
    );
    std::fs::write(folder.join("datapackage.json"), descriptor).unwrap();
    std::fs::write(folder.join("t.csv"), csv).unwrap();
    let mut packed =
        flate2::write::GzEncoder::new(std::fs::File::create(folder.join("t.csv.gz")).unwrap(), Default::default());
    std::io::Write::write_all(&mut packed, csv.as_bytes()).unwrap();
    packed.finish().unwrap();
}

fn ask(folder: &Path, line: &str) -> Run {
    args(line.split_whitespace()).arg("--data").arg(&folder.to_string_lossy())
}

const BY_COLUMNS: (&str, &str) = ("AISTAT_LIMIT_EXACT_BYTES", "0");

const QUESTIONS: [&str; 26] = [
    "",
    "--growth",
    "--growth=previous",
    "--change --measure value",
    "--change --growth --share --index",
    "--index=2018",
    "--share --measure count",
    "--share --period latest --sort -count_share",
    "--relative-to item=y",
    "--relative-to north --measure count",
    "--rank --measure count",
    "--rank=count --period 2018..2020",
    "--top 3 --period latest",
    "--top 2 --measure count --period 2017,2019",
    "--top 2 --rest --measure count --period latest",
    "--where item=x,z --where area!=west --rank=count --share",
    "--where area~place --growth --measure count",
    "--sort -value --period 2016",
    "--sort area --period 2020 -f tsv",
    "--period latest --pivot item --measure count",
    "--source --period 2021 --where item=x -f ndjson",
    "--top 2 --measure count --where item=x --period 2016",
    "--sort count --top 2 --measure count",
    "--sort -count --top 1 --rest --measure count --period 2017,2019",
    "--where area~nowhere",
    "--period 1990..1999",
];

const COMPARISONS: [&str; 8] = [
    "t u --measure value",
    "u t --as ratio --where item=x,z",
    "t u z --as difference --measure count,value",
    "t by-area --as share --period 2018..2020",
    "by-area u --as index --measure count",
    "t z --as difference --measure count --rank=p_t_count --top 2 --period latest",
    "t by-area --as share --measure count --pivot item --period 2019",
    "u t --as difference --period latest --source -f ndjson",
];

/// A table without items, in no order either.
fn by_area(seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut text = "year,area,value,count\n".to_owned();
    for year in (2014..2023).rev() {
        for area in ["west", "north", "东", "elsewhere"] {
            writeln!(text, "{year},{area},{}.{:02},{}", dice.roll(900), dice.roll(100), dice.roll(4)).unwrap();
        }
    }
    text
}

#[test]
fn columns_are_compared_as_cells_are() {
    for seed in 1..=6 {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        package(folder.path(), &table(seed, false));
        file("u.csv", &table(seed + 100, false));
        file("by-area.csv", &by_area(seed));
        for question in COMPARISONS {
            let line: Vec<String> = question
                .split(' ')
                .map(|word| if ["t", "u", "z", "by-area"].contains(&word) { format!("p/{word}") } else { word.into() })
                .collect();
            let line = format!("compare {}", line.join(" "));
            let exact = ask(folder.path(), &line).ok();
            let large = ask(folder.path(), &line).var(BY_COLUMNS.0, BY_COLUMNS.1).ok();
            assert_eq!(large.out, exact.out, "{line}");
            assert_eq!(large.err, exact.err.replace("; --derived shows what follows, if anything does", ""), "{line}");
            assert!(exact.out.lines().count() > 1, "{line}");
        }
    }
}

/// Rows of one member of a dimension that not all have: cell by cell, and refused where the table is too large for that.
#[test]
fn one_member_is_compared_cell_by_cell() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let resource = |by: &str| {
        format!(
            r#"{{"name":"by-{by}","path":"by-{by}.csv","schema":{{"fields":[{{"name":"year","type":"year"}},{{"name":"{by}","type":"string"}},{{"name":"value","type":"number"}}]}}}}"#
        )
    };
    file("datapackage.json", &format!(r#"{{"name":"p","resources":[{},{}]}}"#, resource("area"), resource("item")));
    file("by-area.csv", "year,area,value\n2022,north,30\n2022,west,10\n2023,north,45\n");
    file("by-item.csv", "year,item,value\n2022,x,60\n2022,y,1\n2023,x,90\n2023,y,2\n");
    let line = "compare p/by-area p/by-item --where item=x --as share";
    let limit = |bytes: &str| ask(folder.path(), line).var(BY_COLUMNS.0, bytes);
    // 100·30/60, 100·10/60, 100·45/90
    let rows = limit("10").csv();
    let shares: Vec<&str> = rows[1..].iter().map(|row| row.last().unwrap().as_str()).collect();
    assert_eq!((shares[0], &shares[1][..6], shares[2], shares.len()), ("50", "16.666", "50", 3), "{rows:?}");
    assert_eq!(rows, ask(folder.path(), line).csv());
    let refused = limit("0").refused();
    assert!(refused.contains("compare --where takes exact arithmetic"), "{refused}");
    assert!(refused.contains("try: AISTAT_LIMIT_EXACT_BYTES=1000000000000 aistat compare p/by-area"), "{refused}");
}

#[track_caller]
fn same(folder: &Path, question: &str) {
    let exact = ask(folder, &format!("p t {question}")).ok();
    for table in ["t", "z"] {
        let large = ask(folder, &format!("p {table} {question}")).var(BY_COLUMNS.0, BY_COLUMNS.1).ok();
        assert_eq!(large.out, exact.out, "{table} {question}");
        let talk = exact.err.replace("; --derived shows what follows, if anything does", "");
        assert_eq!(large.err.replace(&format!("p {table} "), "p t "), talk, "{table} {question}");
    }
}

#[test]
fn columns_answer_as_cells_do() {
    for seed in 1..=12 {
        let folder = tempfile::tempdir().unwrap();
        package(folder.path(), &table(seed, false));
        QUESTIONS.iter().for_each(|question| same(folder.path(), question));
        package(folder.path(), &table(seed, true));
        QUESTIONS.iter().for_each(|question| same(folder.path(), question));
    }
}

/// −100 % from any number to 0; 12 345 678 901 234 567 three times over is 200 % more, 10 000 000 000 000 001 less
/// 9 999 999 999 999 999 is 2, and a third of 3 · 10 000 000 000 000 001 is 33.333… %.
#[test]
fn numbers_of_many_digits_are_worked_on_to_the_last() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "2020,north,x,882732024.183722,1\n2021,north,x,0,2\n2020,west,x,12345678901234567,3\n2021,west,x,37037036703703701,4\n\
        2020,a,x,9999999999999999,5\n2021,a,x,10000000000000001,6\n2021,b,x,20000000000000002,7\n";
    package(folder.path(), &format!("year,area,item,value,count\n{rows}"));
    let large =
        |line: &str| ask(folder.path(), &format!("p t --measure value {line}")).var(BY_COLUMNS.0, BY_COLUMNS.1).csv();
    let column = |line: &str, at: usize| large(line)[1..].iter().map(|row| row[at].clone()).collect::<Vec<_>>();
    let growth = column("--growth --period 2021 --where area!=a,b --sort area", 4);
    assert_eq!(growth, ["-100", "200"]);
    // 24 691 357 802 469 134 lies midway between two floats: the even one
    assert_eq!(column("--change --period 2021 --where area=a,west", 4), ["24691357802469136", "2"]);
    // One apart in the seventeenth digit is no tie.
    let ranks = "2020,a,x,12345678901234567,1\n2020,b,x,12345678901234568,1\n2020,west,x,12345678901234567,1\n";
    package(folder.path(), &format!("year,area,item,value,count\n{ranks}"));
    assert_eq!(column("--rank", 4), ["1", "2", "2"]);
    // From 1e2 to 1.2e+02 are 20 %.
    package(folder.path(), "year,area,item,value,count\n2020,a,x,1e2,1\n2021,a,x,1.2e+02,1\n");
    assert_eq!(column("--growth --period 2021", 4), ["20"]);
    package(folder.path(), &format!("year,area,item,value,count\n{rows}"));
    // 100 · 10000000000000001 of 67037036703703704, and twice it
    let shares = column("--share --period 2021 --where area=a,b --sort area", 4);
    assert_eq!(shares, ["14.917127145996766", "29.83425429199353"]);
}

const SUMS: [&str; 6] = [
    "--by-area",
    "--by-item --growth --measure count",
    "--by-area --share --rank --measure count",
    "--by-item --period latest --top 1 --rest --measure count",
    "--by-area --change --measure value",
    "--by-item --pivot period --measure count",
];

#[test]
fn columns_add_up_as_cells_do() {
    for seed in 1..=12 {
        let folder = tempfile::tempdir().unwrap();
        package(folder.path(), &table(seed, false));
        SUMS.iter().for_each(|question| same(folder.path(), question));
    }
}

/// a and b are of the north, c of no region: 1.5 + 2.25 = 3.75 and 2 + 4 = 6; b has no row of 2024, so there is no sum.
#[test]
fn columns_add_up_by_attributes() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    file(
        "datapackage.json",
        r#"{"name":"p","resources":[
        {"name":"t","path":"t.csv","aistat:area":"x","aistat:topic":"t","aistat:dimensions":["place"],"schema":{"fields":[
            {"name":"period","type":"string"},{"name":"place","type":"string"},
            {"name":"value","type":"number","aistat:unit":"ton","aistat:kind":"flow"}],"primaryKey":["period","place"]}},
        {"name":"place","path":"place.csv","aistat:role":"codes"},
        {"name":"units","path":"units.csv","aistat:role":"codes"}]}"#,
    );
    file("place.csv", "code,zh,en,order,region\na,甲,A,1,north\nb,乙,B,2,north\nc,丙,C,3,\n");
    file("units.csv", "code,zh,en,family,power\nton,吨,t,mass,0\n");
    file("t.csv", "period,place,value\n2022,a,1.5\n2022,b,2.25\n2022,c,9\n2023,a,2\n2023,b,4\n2024,a,7\n");
    for large in [false, true] {
        let run = ask(folder.path(), "p:x t --by-region --growth");
        let run = if large { run.var(BY_COLUMNS.0, BY_COLUMNS.1) } else { run }.ok();
        assert_eq!(run.out, "period,region,value,value_growth\n2022,north,3.75,\n2023,north,6,60\n2024,north,,\n");
        assert!(run.err.contains("left out, as they have no such attribute: C"), "{}", run.err);
        assert!(run.err.contains("there is no row for B"), "{}", run.err);
    }
}

/// Ranks of computed numbers are the same, and rounding may move them at least as far as in exact arithmetic.
#[test]
fn computed_numbers_are_ranked() {
    let folder = tempfile::tempdir().unwrap();
    package(folder.path(), &table(3, false));
    let mut moved = 0;
    for (line, key) in [
        ("--growth --measure value --rank --top 3 --period 2020", "value_growth_rank"),
        ("--growth --measure count --rank --where item=x", "count_growth_rank"),
        ("--change --measure count --rank --where area=north", "count_change_rank"),
        ("--share --measure count --rank=count_share --where item=y --period latest", "count_share_rank"),
        ("--index=2018 --measure count --rank --where item=z", "count_index_rank"),
        ("--relative-to item=y --measure count --rank --where item=x --period 2019", "count_relative_rank"),
    ] {
        let ranks = |exact: bool| {
            let run = ask(folder.path(), &format!("p t {line}"));
            if exact { run } else { run.var(BY_COLUMNS.0, BY_COLUMNS.1) }.csv()
        };
        let (large, exact) = (ranks(false), ranks(true));
        let at = exact[0].iter().position(|column| column == key).unwrap();
        assert_eq!(large.len(), exact.len(), "{line}");
        for (large, exact) in large[1..].iter().zip(&exact[1..]) {
            assert_eq!(large[..=at], exact[..=at], "{line}");
            let ends = |row: &[String]| [row[at + 1].parse::<u32>().ok(), row[at + 2].parse::<u32>().ok()];
            let ([low, high], [first, last]) = (ends(large), ends(exact));
            assert!(low <= first && last <= high, "{line}: {large:?} {exact:?}");
        }
        moved += exact[1..].iter().filter(|row| row[at + 1] != row[at + 2]).count();
    }
    assert!(moved > 0);
}

#[test]
fn what_takes_exact_arithmetic_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    package(folder.path(), &table(1, false));
    for flag in ["--bounds", "--derived"] {
        let said = ask(folder.path(), &format!("p t {flag}")).var(BY_COLUMNS.0, BY_COLUMNS.1).refused();
        assert!(said.contains(&format!("{flag} takes exact arithmetic")), "{said}");
        let line =
            format!("try: AISTAT_LIMIT_EXACT_BYTES=1000000000000 aistat p t {flag} --data {}", folder.path().display());
        assert!(said.contains(&line), "{said}");
    }
}

/// What reads every cell says so before it takes the memory of a large table.
#[test]
fn what_reads_cell_by_cell_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    package(folder.path(), &table(1, false));
    for line in ["dump p/t", "test p/t:value[item=x]@2020>0"] {
        let said = ask(folder.path(), line).var(BY_COLUMNS.0, BY_COLUMNS.1).refused();
        assert!(said.contains("p/t/area+item is too large to be read cell by cell"), "{line}: {said}");
        assert!(said.contains("try: AISTAT_LIMIT_EXACT_BYTES="), "{line}: {said}");
    }
}

/// Faults of a file stand where the exact reader finds them.
#[test]
fn faults_have_the_same_places() {
    let sound = table(5, false);
    let line = |at: usize| sound.lines().nth(at).unwrap().to_owned();
    for (from, to) in [
        (line(40), line(40).replace("201", "abc")),
        (line(41), format!("{},1", line(41))),
        (line(42), format!("{}x", line(42))),
        (line(43), format!("{}\n{}", line(43), line(43))),
        (line(44), line(44).rsplit_once(',').unwrap().0.to_owned() + ",NaN"),
        (line(45), format!("\n\n{}\"", line(45))),
    ] {
        let folder = tempfile::tempdir().unwrap();
        package(folder.path(), &sound.replacen(&from, &to, 1));
        let exact = ask(folder.path(), "p t").refused();
        for table in ["t", "z"] {
            let large = ask(folder.path(), &format!("p {table}")).var(BY_COLUMNS.0, BY_COLUMNS.1).refused();
            assert_eq!(large.replace("t.csv.gz", "t.csv"), exact, "{to}");
        }
    }
}

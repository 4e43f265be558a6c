//! Units in headers: `金额(亿元)`, `Amount (USD bn)`, `Share, %`.

use super::super::slug;
use crate::text::{Text, half_width};

/// A unit that a header names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnitGuess {
    pub(super) code: String,
    pub(super) title: Text,
    /// Units that convert have the same.
    pub(super) family: String,
    pub(super) power: i32,
    /// What kind of thing it counts.
    pub(super) what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Money,
    Ratio,
    Other,
    /// The header names none.
    Unknown,
}

const CURRENCY: [(&str, &[&str]); 7] = [
    ("usd", &["usd", "us$", "$", "dollar", "dollars", "美元"]),
    ("cny", &["cny", "rmb", "yuan", "\u{a5}", "\u{ffe5}", "元", "人民币", "人民币元"]),
    ("eur", &["eur", "€", "euro", "euros", "欧元"]),
    ("gbp", &["gbp", "£", "pound", "pounds", "英镑"]),
    ("jpy", &["jpy", "yen", "日元"]),
    ("hkd", &["hkd", "hk$", "港元", "港币"]),
    ("krw", &["krw", "won", "韩元"]),
];
const POWERS_ZH: [(&str, &str, &str, i32); 10] = [
    ("万亿", "wan-yi", "trillion", 12),
    ("千亿", "qian-yi", "100 billion", 11),
    ("百亿", "bai-yi", "10 billion", 10),
    ("十亿", "shi-yi", "billion", 9),
    ("亿", "yi", "100 million", 8),
    ("千万", "qian-wan", "10 million", 7),
    ("百万", "bai-wan", "million", 6),
    ("十万", "shi-wan", "100 thousand", 5),
    ("万", "wan", "10 thousand", 4),
    ("千", "qian", "thousand", 3),
];
const POWERS_EN: [(&[&str], &str, i32); 4] = [
    (&["thousand", "thousands", "000", "000s", "k"], "thousand", 3),
    (&["million", "millions", "mn", "mln", "mio", "m"], "million", 6),
    (&["billion", "billions", "bn", "bln", "b"], "billion", 9),
    (&["trillion", "trillions", "tn", "trn"], "trillion", 12),
];
const PERCENT: [&str; 5] = ["%", "percent", "per cent", "pct", "百分比"];
const POINTS: [&str; 4] = ["百分点", "个百分点", "percentage points", "pp"];

/// A header without its unit, and the unit.
pub(super) fn split(header: &str) -> (String, Option<UnitGuess>) {
    let own = header.trim();
    let narrow: String = own.chars().map(half_width).collect();
    let header = narrow.trim();
    for (open, close) in [('(', ')'), ('[', ']'), ('【', '】')] {
        let Some((name, inside)) = header.strip_suffix(close).and_then(|rest| rest.rsplit_once(open)) else { continue };
        let inside = inside.trim().trim_start_matches("单位").trim_start_matches(':').trim();
        if let Some(unit) = of(inside).filter(|unit| unit.what != What::Other || unit.power > 0 || is_unit(inside)) {
            let name = if name.trim().is_empty() { header } else { name.trim() };
            return (name.to_owned(), Some(unit));
        }
    }
    for joint in [",", "/", ":"] {
        if let Some((name, unit)) = header.rsplit_once(joint)
            && let Some(unit) = of(unit.trim()).filter(|unit| unit.what != What::Other || unit.power > 0)
        {
            return (name.trim().to_owned(), Some(unit));
        }
    }
    if let Some((name, unit)) = header.rsplit_once(" in ")
        && let Some(unit) = of(unit).filter(|unit| unit.what != What::Other || unit.power > 0)
    {
        return (name.trim().to_owned(), Some(unit));
    }
    if let Some(name) = header.strip_suffix('%').filter(|name| !name.trim().is_empty()) {
        return (name.trim().to_owned(), of("%"));
    }
    (own.to_owned(), None)
}

/// The one unit that a column of units has; says so where it has several.
pub(super) fn in_column<'c>(
    header: &str,
    cells: impl Iterator<Item = &'c str>,
    guesses: &mut Vec<Text>,
) -> Option<UnitGuess> {
    let mut units: Vec<&str> = Vec::new();
    for cell in cells.map(str::trim).filter(|cell| !cell.is_empty()) {
        if !units.contains(&cell) {
            units.push(cell);
        }
    }
    if let [unit] = units[..] {
        return of(unit);
    }
    let named: Vec<&str> = units.iter().take(5).copied().collect();
    let more = if units.len() > named.len() { "…" } else { "" };
    if units.len() > 1 {
        guesses.push(Text::new(
            format!("「{header}」列有不同的单位({}{more}):一列数没有共同的单位,应按单位分成几张表", named.join("、")),
            format!(
                "'{header}' has different units ({}{more}), so the numbers beside it have none in common: make a table of each",
                named.join(", ")
            ),
        ));
    }
    None
}

/// The money that all numbers of a column have a sign of.
pub(super) fn in_cells<'c>(cells: impl Iterator<Item = &'c str>) -> Option<UnitGuess> {
    let digits = |cell: &&str| cell.contains(|c: char| c.is_ascii_digit());
    let mut signs = cells.filter(digits).map(super::numeral::currency);
    let first = signs.next()??;
    signs.all(|sign| sign == Some(first)).then(|| of(&first.to_string())).flatten()
}

/// The unit that a title names for the whole table: `单位:亿元`, `Unit: USD bn`, or in brackets at its end.
pub(super) fn in_title(title: &str) -> Option<UnitGuess> {
    let lower: String = title.to_lowercase().chars().map(half_width).collect();
    let Some(at) = ["单位:", "unit:", "units:"].iter().find_map(|word| Some(lower.find(word)? + word.len())) else {
        return split(title).1.filter(|unit| unit.what != What::Other || unit.power > 0);
    };
    let rest = lower.get(at..)?.trim_start();
    let end = rest.find([')', ';', '。', ',']).unwrap_or(rest.len());
    of(rest[..end].trim())
}

/// Words that measure: what follows them in brackets is what is measured.
const SYMBOLS: [&str; 38] = [
    "t", "kt", "mt", "gt", "kg", "g", "mg", "lb", "tonne", "tonnes", "ton", "tons", "m", "km", "m2", "km2", "m3", "m²",
    "km²", "m³", "ha", "l", "hl", "kwh", "mwh", "gwh", "twh", "kw", "mw", "gw", "tj", "pj", "toe", "ktoe", "mtoe",
    "tco2", "number", "persons",
];

/// Whether brackets hold a unit rather than a remark.
fn is_unit(text: &str) -> bool {
    let lower = text.to_lowercase();
    let first = lower.split(' ').next().unwrap_or_default();
    SYMBOLS.contains(&first) || is_short(text)
}

fn is_short(text: &str) -> bool {
    let ascii = text.is_ascii();
    text.chars().count() <= if ascii { 8 } else { 4 } && !text.contains(' ') && text.chars().any(char::is_alphabetic)
}

/// A unit from its name.
pub(super) fn of(text: &str) -> Option<UnitGuess> {
    let text = text.trim();
    let lower = text.to_lowercase();
    if text.is_empty() || text.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let fixed = |code: &str, zh: &str, en: &str| {
        let title = Text::new(zh, en);
        Some(UnitGuess { code: code.into(), title, family: code.into(), power: 0, what: What::Ratio })
    };
    if PERCENT.contains(&lower.as_str()) {
        return fixed("percent", "%", "%");
    }
    if POINTS.contains(&lower.as_str()) {
        return fixed("percentage-point", "百分点", "percentage points");
    }
    if text.is_ascii() || lower.contains(['$', '€', '£', '¥']) { english(text, &lower) } else { chinese(text) }
}

fn currency(word: &str) -> Option<&'static str> {
    CURRENCY.iter().find(|(_, names)| names.contains(&word)).map(|(code, _)| *code)
}

fn chinese(text: &str) -> Option<UnitGuess> {
    let (prefix, multiple, power, base) = POWERS_ZH
        .iter()
        .find_map(|(word, code, english, power)| Some((*code, *english, *power, text.strip_prefix(word)?.trim())))
        .unwrap_or(("", "", 0, text));
    let (family, what) = match currency(base) {
        Some(code) => (code.to_owned(), What::Money),
        None if base.is_empty() => ("one".to_owned(), What::Other),
        None => (slug::slug(base).unwrap_or_else(|| base.to_owned()), What::Other),
    };
    let code = [prefix, &family].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("-");
    // A family without ASCII letters gets its code when all units are known.
    let counted = if what == What::Money { family.to_uppercase() } else { base.to_owned() };
    let english = [multiple, &counted].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
    Some(UnitGuess { code, title: Text::new(text, english), family, power, what })
}

fn english(shown: &str, text: &str) -> Option<UnitGuess> {
    let spaced = ["us$", "hk$", "$", "€", "£", "¥"]
        .iter()
        .find(|sign| text.contains(**sign))
        .map_or_else(|| text.to_owned(), |sign| text.replacen(sign, &format!(" {sign} "), 1));
    let words: Vec<&str> = spaced.split([' ', '\'', '-', '.']).filter(|word| !word.is_empty()).collect();
    let money = words.iter().find_map(|word| currency(word));
    let long = |word: &str| word.len() > 1 || money.is_some();
    let power = words.iter().find_map(|word| POWERS_EN.iter().find(|(names, ..)| long(word) && names.contains(word)));
    let (words, power) =
        match words.first().and_then(|word| power_of_ten(word)).filter(|_| words.len() > 1 && power.is_none()) {
            Some(power) => (&words[1..], Some(power)),
            None => (&words[..], power),
        };
    let rest: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| {
            currency(word).is_none()
                && !power.is_some_and(|(names, ..)| names.contains(word))
                && !["of", "in"].contains(word)
        })
        .collect();
    let family = match money {
        Some(code) if rest.is_empty() => code.to_owned(),
        None if rest.is_empty() => "one".to_owned(),
        // Dollars per person are no dollars.
        _ => slug::slug(&money.into_iter().chain(rest).collect::<Vec<_>>().join(" "))?,
    };
    let multiple = power.map_or("", |(_, code, _)| *code);
    let code = [multiple, &family]
        .iter()
        .filter(|part| !part.is_empty() && (**part != "one" || multiple.is_empty()))
        .copied()
        .collect::<Vec<_>>()
        .join("-");
    let what = if money.is_some() { What::Money } else { What::Other };
    Some(UnitGuess { code, title: Text::same(shown), family, power: power.map_or(0, |(.., power)| *power), what })
}

/// `1000`, `1,000`, `1000000`: as the words that say it.
fn power_of_ten(word: &str) -> Option<&'static (&'static [&'static str], &'static str, i32)> {
    let digits = word.replace(',', "");
    let zeros = digits.strip_prefix('1').filter(|zeros| zeros.bytes().all(|byte| byte == b'0'))?.len();
    POWERS_EN.iter().find(|(.., power)| usize::try_from(*power) == Ok(zeros))
}

/// A word for what numbers are to be multiplied by, none for 1: `6`, `millions`, `Units`.
pub(super) fn multiplier(cell: &str) -> Option<&'static str> {
    let lower = cell.trim().to_lowercase();
    if ["0", "1", "unit", "units", "ones"].contains(&lower.as_str()) {
        return Some("");
    }
    let is_it = |(names, _, power): &&(&[&str], &str, i32)| {
        lower == power.to_string() || lower.len() > 1 && names.contains(&lower.as_str())
    };
    POWERS_EN.iter().find(is_it).map(|(_, word, _)| *word)
}

/// The unit of a measure that names none.
pub(super) fn unknown() -> UnitGuess {
    UnitGuess {
        code: "unstated".into(),
        title: Text::new("单位未注明", "unit not stated"),
        family: "unstated".into(),
        power: 0,
        what: What::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_headers() {
        for (header, name, code, family, power) in [
            ("金额(亿元)", "金额", "yi-cny", "cny", 8),
            ("金额(万美元)", "金额", "wan-usd", "usd", 4),
            ("Amount (USD bn)", "Amount", "billion-usd", "usd", 9),
            ("Amount ($m)", "Amount", "million-usd", "usd", 6),
            ("Cost (USD per person)", "Cost", "usd-per-person", "usd-per-person", 0),
            ("Population (thousands)", "Population", "thousand", "one", 3),
            ("占比(%)", "占比", "percent", "percent", 0),
            ("Share, %", "Share", "percent", "percent", 0),
            ("Umsatz in Mio. EUR", "Umsatz", "million-eur", "eur", 6),
            ("发电量(亿千瓦时)", "发电量", "yi-千瓦时", "千瓦时", 8),
            ("Emissions (Mt)", "Emissions", "mt", "mt", 0),
            ("Emissions (Mt CO2)", "Emissions", "mt-co2", "mt-co2", 0),
            ("Population (1000 persons)", "Population", "thousand-persons", "persons", 3),
            ("Area (1,000 km2)", "Area", "thousand-km2", "km2", 3),
            ("Area (m²)", "Area", "m2", "m2", 0),
        ] {
            // As Chinese keyboards type it, too.
            let wide = header.replace('(', "\u{ff08}").replace(')', "\u{ff09}").replace('%', "\u{ff05}");
            for header in [header, wide.as_str()] {
                let (found, unit) = split(header);
                let unit = unit.unwrap_or_else(|| panic!("{header}"));
                assert_eq!(
                    (found.as_str(), unit.code.as_str(), unit.family.as_str(), unit.power),
                    (name, code, family, power)
                );
            }
        }
        for header in [
            "Population (both sexes together)",
            "Name",
            "Deals (2023)",
            "a/b",
            "Rooms in use",
            "Output (2015 prices)",
            "Share (')",
        ] {
            assert_eq!(split(header), (header.to_owned(), None), "{header}");
        }
        let title = "Table 3. Output by region (million EUR)";
        assert_eq!(in_title(title).map(|unit| unit.code).as_deref(), Some("million-eur"));
        assert_eq!(in_title("Output (revised)"), None);
        assert_eq!(in_title("表1 融资情况(单位:亿元)").map(|unit| unit.code).as_deref(), Some("yi-cny"));
    }
}

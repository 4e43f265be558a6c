//! Numbers as people write them in tables: grouped, with signs, words and units of their own.

use super::super::number::NumberFormat;
use super::super::{Mark, Missing};
use super::periods;
use crate::text::half_width;

/// A cell of a column of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Numeral {
    /// Plain digits, with the word and the upper end beside them, and the last place where the digits do not show it.
    Number { digits: String, mark: Option<Mark>, to: Option<String>, percent: bool, decimals: Option<i32> },
    /// Nothing, or a sign for nothing.
    Empty(Missing),
}

const NOTHING: [&str; 15] =
    ["", ":", "…", "...", "..", "na", "n/a", "n.a.", "#n/a", "nan", "null", "none", "暂无", "无数据", "不详"];
const DASHES: [&str; 7] = ["-", "–", "—", "--", "——", "―", "/"];
const MARKS: [(&str, Mark); 20] = [
    ("不足", Mark::Under),
    ("不到", Mark::Under),
    ("至少", Mark::AtLeast),
    ("不少于", Mark::AtLeast),
    ("至多", Mark::AtMost),
    ("不超过", Mark::AtMost),
    ("超过", Mark::Over),
    ("超", Mark::Over),
    ("大约", Mark::About),
    ("约", Mark::About),
    ("近", Mark::Nearly),
    ("仅", Mark::Only),
    ("about", Mark::About),
    ("ca.", Mark::About),
    ("~", Mark::About),
    ("≈", Mark::About),
    ("≥", Mark::AtLeast),
    ("≤", Mark::AtMost),
    (">", Mark::Over),
    ("<", Mark::Under),
];

/// Reads a cell; `None` if it is no number.
pub(super) fn read(text: &str, decimal_comma: bool) -> Option<Numeral> {
    let text: String = text.trim().chars().map(half_width).collect();
    let lower = text.to_lowercase();
    if NOTHING.contains(&lower.as_str()) {
        return Some(Numeral::Empty(Missing::NotPrinted));
    }
    if DASHES.contains(&text.as_str()) {
        return Some(Numeral::Empty(Missing::Dash));
    }
    let marked = MARKS.iter().find_map(|(word, mark)| Some((lower.strip_prefix(word)?.trim().to_owned(), Some(*mark))));
    let (rest, mark) = marked.unwrap_or((lower, None));
    let (rest, mark) = match rest.strip_suffix('+') {
        Some(rest) if mark.is_none() => (rest.to_owned(), Some(Mark::AtLeast)),
        _ => (rest, mark),
    };
    let percent = rest.ends_with('%');
    let rest = rest.trim_end_matches('%').trim();
    if let Some((digits, decimals)) = plain(rest, decimal_comma) {
        return Some(Numeral::Number { digits, mark, to: None, percent, decimals });
    }
    let (low, high) = ["~", "–", "—", "-", "至"].iter().find_map(|joint| {
        let (low, high) = rest.split_once(joint).filter(|(low, _)| !low.is_empty())?;
        Some((plain(low.trim_end_matches('%'), decimal_comma)?.0, plain(high, decimal_comma)?.0))
    })?;
    let sound = mark.is_none() && super::super::number::compare(&high, &low).is_gt();
    sound.then_some(Numeral::Number { digits: low, mark, to: Some(high), percent, decimals: None })
}

const CURRENCIES: [char; 5] = ['$', '\u{a5}', '€', '£', '\u{ffe5}'];

/// The sign of money in a cell.
pub(super) fn currency(text: &str) -> Option<char> {
    text.chars().find(|c| CURRENCIES.contains(c))
}

fn without_currency(text: &str) -> &str {
    let text = text.trim().trim_start_matches('+').trim_start_matches(CURRENCIES);
    text.trim_start_matches('+').trim_end_matches(CURRENCIES).trim()
}

/// The digits without grouping, currency signs and accountants' brackets, and their last place where an exponent says it.
fn plain(text: &str, decimal_comma: bool) -> Option<(String, Option<i32>)> {
    let text = without_currency(text);
    let (text, negative) = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (without_currency(inner), true),
        None => match text.strip_prefix('-').map(|rest| (rest, without_currency(rest))) {
            Some((rest, bare)) if bare != rest => (bare, true),
            _ => (text, false),
        },
    };
    let (group, decimal) = if decimal_comma { ('.', ',') } else { (',', '.') };
    let (whole, fraction) = text.split_once(decimal).map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = whole.split([group, ' ', '\'', '’']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty()
        || (!first.trim_start_matches('-').is_empty()
            && first.trim_start_matches('-').len() <= 3
            && rest.iter().all(|group| group.len() == 3))
        || is_lakh(first.trim_start_matches('-'), &rest);
    if !grouped {
        return None;
    }
    let mut digits = format!("{}{first}{}", if negative { "-" } else { "" }, rest.concat());
    if let Some(fraction) = fraction {
        digits = format!("{digits}.{fraction}");
    }
    let read = NumberFormat::PLAIN_OR_EXPONENT.read(&digits).ok()?;
    let shown = NumberFormat::PLAIN.read(&read.digits).ok()?;
    Some((shown.digits, Some(read.decimals).filter(|decimals| *decimals != shown.decimals)))
}

/// Whether digits are grouped as in India: `12,34,567`.
fn is_lakh(first: &str, rest: &[&str]) -> bool {
    let [middle @ .., last] = rest else { return false };
    (1..=2).contains(&first.len())
        && !middle.is_empty()
        && last.len() == 3
        && middle.iter().all(|group| group.len() == 2)
}

/// A number and a footnote beside it: `12*`, `7 (p)`, `(p) 7`, `8¹`. Letters stand in brackets or apart.
pub(super) fn with_remark(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let (number, remark) = match text.strip_prefix(['(', '[', '\u{ff08}']) {
        Some(rest) => {
            let end = rest.find([')', ']', '\u{ff09}'])?;
            let after = text[text.len() - rest.len() + end..].chars().next()?.len_utf8();
            (&rest[end + after..], &rest[..end])
        }
        None => {
            let is_beside = |c: char| !(c.is_ascii_digit() || c == ':');
            let end = text.trim_end_matches(is_beside).len();
            let bracket = text.find(['(', '[', '\u{ff08}']).filter(|at| *at > 0).unwrap_or(end);
            let (number, remark) = text.split_at(end.min(bracket));
            let is_apart = remark.starts_with(|c: char| !c.is_alphanumeric()) || "¹²³⁴⁵⁶⁷⁸⁹".contains(remark);
            let is_apart = is_apart || ["p", "r", "e"].contains(&remark);
            if !is_apart {
                return None;
            }
            (number, remark)
        }
    };
    let remark = remark.trim_matches(|c: char| c.is_whitespace() || "()[]\u{ff08}\u{ff09}.,".contains(c));
    let is_number = number.trim() == ":" || number.contains(|c: char| c.is_ascii_digit());
    // Letters of Eurostat, several at once: `bep`.
    let is_flags = (1..=3).contains(&remark.len()) && remark.bytes().all(|flag| b"bcdefnprsuz".contains(&flag));
    (is_number && (is_flags || periods::is_remark(remark))).then(|| (number.trim(), remark))
}

/// Whether digits begin with a zero that a number would not have: `001`, `0755`.
pub(super) fn is_code(text: &str) -> bool {
    let digits = text.trim();
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a column's commas are decimal: none groups by three, each cell has one at most, and none has a point.
pub(super) fn has_decimal_commas<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let mut seen = false;
    for cell in cells.filter(|cell| cell.contains(',')) {
        let after = cell.split_once(',').map_or("", |(_, after)| after);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        if cell.matches(',').count() > 1 || digits == 3 || digits == 0 || after.contains('.') {
            return false;
        }
        seen = true;
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footnotes_beside_numbers() {
        for (text, number, remark) in [
            ("12*", "12", "*"),
            ("(p) 7", "7", "p"),
            ("7 (p)", "7", "p"),
            ("7(r)", "7", "r"),
            ("1,234.5 e", "1,234.5", "e"),
            ("8¹", "8", "¹"),
            ("120[b]", "120", "b"),
            ("30\u{ff08}预测\u{ff09}", "30", "预测"),
            ("11.0 b", "11.0", "b"),
            ("13.1p", "13.1", "p"),
            ("7 bep", "7", "bep"),
            (": c", ":", "c"),
        ] {
            assert_eq!(with_remark(text), Some((number, remark)), "{text}");
        }
        for text in ["12", "12k", "7m", "3 m", "5%", "(7)", "100+", "10-20", "12 km", "30亿元", "(p)", "*", ""] {
            assert_eq!(with_remark(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_as_people_write_them() {
        let number = |digits: &str, mark, to: Option<&str>, percent| {
            let (digits, to) = (digits.to_owned(), to.map(str::to_owned));
            Some(Numeral::Number { digits, mark, to, percent, decimals: None })
        };
        for (text, expected) in [
            ("1,234.50", number("1234.50", None, None, false)),
            ("12 345", number("12345", None, None, false)),
            ("1’234.50", number("1234.50", None, None, false)),
            ("12,34,567", number("1234567", None, None, false)),
            ("26.5%", number("26.5", None, None, true)),
            ("约60", number("60", Some(Mark::About), None, false)),
            (">1", number("1", Some(Mark::Over), None, false)),
            ("100+", number("100", Some(Mark::AtLeast), None, false)),
            ("10-20", number("10", None, Some("20"), false)),
            ("-5.0", number("-5.0", None, None, false)),
            ("(1,200)", number("-1200", None, None, false)),
            ("$3", number("3", None, None, false)),
            ("($300)", number("-300", None, None, false)),
            ("$(300)", number("-300", None, None, false)),
            ("-$1,200", number("-1200", None, None, false)),
            ("12.5 €", number("12.5", None, None, false)),
            (":", Some(Numeral::Empty(Missing::NotPrinted))),
            ("—", Some(Numeral::Empty(Missing::Dash))),
            ("n/a", Some(Numeral::Empty(Missing::NotPrinted))),
            ("1,23", None),
            ("20-10", None),
            ("three", None),
            ("2023-03-14", None),
        ] {
            assert_eq!(read(text, false), expected, "{text}");
        }
        // 1.5 thousand shows hundreds, 15e-1 tenths as 1.5 does
        let decimals = |text: &str| match read(text, false) {
            Some(Numeral::Number { digits, decimals, .. }) => (digits, decimals),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(decimals("1.5e3"), ("1500".to_owned(), Some(-2)));
        assert_eq!(decimals("15e-1"), ("1.5".to_owned(), None));
        assert_eq!(read("1.234,5", true), number("1234.5", None, None, false));
        assert!(has_decimal_commas(["1,5", "2,25"].into_iter()) && !has_decimal_commas(["1,500", "2,5"].into_iter()));
    }
}

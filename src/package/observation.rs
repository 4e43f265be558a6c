//! One cell of a measure with its companions: what the report prints, or why it prints nothing.

use super::fault::{Fault, brief};
use super::number::{self, NotANumber};
use super::plan::NumberColumn;
use super::table::{Place, Table};
use super::{Mark, Missing, Printed, PrintedCell};
use crate::text::Text;

/// A cell that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misprint {
    field: usize,
    code: &'static str,
    what: Text,
    write: Option<Text>,
}

impl Misprint {
    fn new(field: Option<usize>, code: &'static str, zh: String, en: String) -> Misprint {
        Misprint { field: field.unwrap_or(0), code, what: Text::new(zh, en), write: None }
    }

    fn write(mut self, zh: impl Into<String>, en: impl Into<String>) -> Misprint {
        self.write = Some(Text::new(zh, en));
        self
    }

    pub(super) fn fault(self, table: &Table, place: Place) -> Fault {
        let fault = table.fault(place, self.field, self.code, self.what.zh, self.what.en);
        Fault { write: self.write.or(fault.write), ..fault }
    }
}

/// Reads value, mark, upper end and last place.
///
/// # Errors
/// All that is wrong with them: at most one fault for each, and none that only follows from another.
pub(super) fn read(column: &NumberColumn, texts: [&str; 4]) -> Result<PrintedCell, Vec<Misprint>> {
    let mut wrong = Vec::new();
    let cell = match texts {
        ["", mark, to, decimals] => empty(column, mark, to, decimals, &mut wrong).map(Err),
        texts => printed(column, texts, &mut wrong).map(Ok),
    };
    cell.filter(|_| wrong.is_empty()).ok_or(wrong)
}

/// A cell that has a number.
fn printed(
    column: &NumberColumn,
    [value, mark, to, decimals]: [&str; 4],
    wrong: &mut Vec<Misprint>,
) -> Option<Printed> {
    let mut digits = |field: usize, text: &str| {
        let read = column.format.read(text).map_err(|reason| not_a_number(field, text, reason));
        kept(read, wrong)
    };
    let number = digits(column.value, value);
    let upper = if to.is_empty() { None } else { Some(digits(column.to.unwrap_or(0), to)) };
    let mark = kept(mark_of(column, mark, number.as_ref().map(|_| value)), wrong);
    let place = kept(place(column, decimals), wrong);
    if let (Some(number), Some(Some(upper))) = (&number, &upper) {
        kept(range(column, [value, to], [&number.digits, &upper.digits], mark.flatten()), wrong);
    }
    let (number, to) = (number?, upper.map(|upper| upper.map(|upper| upper.digits)));
    if let Some(power) = column.whole {
        kept(check_whole(column.value, &number.digits, power), wrong);
    }
    let decimals = place?.unwrap_or(number.decimals);
    Some(Printed { digits: number.digits, decimals, mark: mark?, to: to.flatten() })
}

/// What was read; what is wrong is kept for the end.
fn kept<T>(read: Result<T, Misprint>, wrong: &mut Vec<Misprint>) -> Option<T> {
    read.map_err(|misprint| wrong.push(misprint)).ok()
}

/// The mark beside a number, if there is one; `value` is the number, unless it cannot be read.
fn mark_of(column: &NumberColumn, mark: &str, value: Option<&str>) -> Result<Option<Mark>, Misprint> {
    match (Mark::from_code(mark), Missing::from_mark(mark)) {
        _ if mark.is_empty() => Ok(None),
        (Some(mark), _) => Ok(Some(mark)),
        (None, None) => Err(unknown_mark(column, mark)),
        (None, Some(_)) => match value {
            None => Ok(None),
            Some(value) => {
                let (zh, en) = (
                    format!("有数 {value},标记却是 {mark}"),
                    format!("the mark '{mark}' is for an empty cell, and {value} stands here"),
                );
                let misprint = Misprint::new(column.mark, "mark-on-number", zh, en);
                Err(misprint.write("删去数或标记", "remove the number or the mark"))
            }
        },
    }
}

/// What both ends of a range must be, as texts and as digits. "About 60 to 70" is one, "over 60 to 70" none.
fn range(
    column: &NumberColumn,
    [value, to]: [&str; 2],
    [lower, upper]: [&str; 2],
    mark: Option<Mark>,
) -> Result<(), Misprint> {
    if number::compare(upper, lower).is_le() {
        let (zh, en) = (format!("上限 {to} 不大于 {value}"), format!("the upper end {to} is not above {value}"));
        return Err(Misprint::new(column.to, "range", zh, en).write(
            format!("要写大于 {value} 的数,或删去上限"),
            format!("write a number above {value}, or remove the upper end"),
        ));
    }
    let Some(mark) = mark.filter(|mark| ![Mark::About, Mark::Only].contains(mark)) else { return Ok(()) };
    let mark = mark.code();
    let (zh, en) = (
        format!("{value} 至 {upper} 已是范围,又有标记 {mark}"),
        format!("{value} to {upper} is a range, and has the mark '{mark}' besides"),
    );
    let misprint = Misprint::new(column.mark, "mark-on-range", zh, en);
    Err(misprint.write("删去标记或上限", "remove the mark or the upper end"))
}

/// The last place, where it is written down.
fn place(column: &NumberColumn, text: &str) -> Result<Option<i32>, Misprint> {
    let place = || text.parse().ok().filter(|place| (-60..=60).contains(place));
    if text.is_empty() {
        return Ok(None);
    }
    place().map(Some).ok_or_else(|| {
        let (zh, en) = (format!("「{text}」不是小数位数"), format!("'{text}' is not a number of decimals"));
        Misprint::new(column.decimals, "decimals", zh, en)
            .write("要写整数,如 1,或 -1(末位是十位)", "write a whole number, such as 1, or -1 for tens")
    })
}

/// A cell that has none.
fn empty(column: &NumberColumn, mark: &str, to: &str, decimals: &str, wrong: &mut Vec<Misprint>) -> Option<Missing> {
    for (field, text) in [(column.to, to), (column.decimals, decimals)].into_iter().filter(|(_, text)| !text.is_empty())
    {
        let (zh, en) = (format!("「{text}」旁边没有数"), format!("there is no number beside '{text}'"));
        let misprint = Misprint::new(field, "companion-alone", zh, en);
        wrong.push(misprint.write("补上数,或删去它", "write the number, or remove it"));
    }
    let reason = match (mark, Missing::from_mark(mark)) {
        ("", _) => Ok(Missing::NotPrinted),
        (_, Some(reason)) => Ok(reason),
        (text, None) if Mark::from_code(text).is_some() => {
            let (zh, en) = (format!("标记 {text} 旁边没有数"), format!("there is no number beside the mark '{text}'"));
            let misprint = Misprint::new(column.mark, "companion-alone", zh, en);
            Err(misprint.write("空的格只用 dash、illegible、lost", "an empty cell takes dash, illegible or lost"))
        }
        (text, None) => Err(unknown_mark(column, text)),
    };
    kept(reason, wrong)
}

fn unknown_mark(column: &NumberColumn, text: &str) -> Misprint {
    let marks: Vec<&str> = Mark::ALL.iter().map(|mark| mark.code()).collect();
    let (zh, en) = (format!("没有标记「{text}」"), format!("there is no mark '{text}'"));
    let misprint = Misprint::new(column.mark, "unknown-mark", zh, en);
    let (zh, en) = (marks.join("、"), marks.join(", "));
    misprint.write(
        format!("要写 {zh};空的格写 dash、illegible、lost"),
        format!("write {en}; in an empty cell dash, illegible or lost"),
    )
}

fn not_a_number(field: usize, text: &str, reason: NotANumber) -> Misprint {
    let shown = brief(text);
    let field = Some(field);
    match reason {
        NotANumber::Words(inner) => {
            let (zh, en) = (format!("「{shown}」不是数"), format!("'{shown}' is not a number"));
            let misprint = Misprint::new(field, "not-a-number", zh, en);
            match inner {
                Some(number) => misprint.write(
                    format!("要写 {number},其余写在旁边的列或单位里"),
                    format!("write {number}, and the rest in a companion column or the unit"),
                ),
                None => misprint.write("要写数,或留空", "write a number, or leave the cell empty"),
            }
        }
        NotANumber::Undeclared(number, property, sign) => {
            let (zh, en) = (format!("「{shown}」不是数"), format!("'{shown}' is not a number"));
            Misprint::new(field, "not-a-number", zh, en).write(
                format!("要写 {number},或在该列声明 \"{property}\": \"{sign}\""),
                format!("write {number}, or declare \"{property}\": \"{sign}\" in its field"),
            )
        }
        NotANumber::NotWhole => {
            let (zh, en) = (format!("「{shown}」不是 integer"), format!("'{shown}' is not of type integer"));
            Misprint::new(field, "wrong-value", zh, en)
        }
        NotANumber::NotFinite => {
            let (zh, en) = (format!("「{shown}」不是有限的数"), format!("'{shown}' is not a finite number"));
            Misprint::new(field, "not-finite", zh, en).write("留空", "leave the cell empty")
        }
        NotANumber::OutOfRange => {
            let (zh, en) =
                (format!("「{shown}」的大小超出范围"), format!("'{shown}' is too large or too small a number"));
            Misprint::new(field, "out-of-range", zh, en)
                .write("要写 10^60 以内的数,小数至多 60 位", "use a number below 10^60, with at most 60 decimals")
        }
        NotANumber::TooLong => {
            let (zh, en) =
                (format!("「{shown}」的位数超出精确范围"), format!("'{shown}' has more digits than are kept exactly"));
            Misprint::new(field, "out-of-range", zh, en)
                .write("至多 38 位有效数字,10^60 以内", "use at most 38 significant digits, below 10^60")
        }
    }
}

/// A whole number of things: no digit below one base unit.
fn check_whole(field: usize, digits: &str, power: i32) -> Result<(), Misprint> {
    let fraction = digits.split_once('.').map_or("", |(_, fraction)| fraction.trim_end_matches('0'));
    let places = i32::try_from(fraction.len()).unwrap_or(i32::MAX);
    if places == 0 || places <= power {
        return Ok(());
    }
    let (zh, en) = (format!("{digits} 在基本单位中不是整数"), format!("{digits} is not a whole number of base units"));
    Err(Misprint::new(Some(field), "not-whole", zh, en)
        .write("改数、单位,或去掉 aistat:whole", "correct the number or the unit, or drop aistat:whole"))
}

/// The cell of a number that is known as a float alone.
pub(super) fn of_float(value: f64) -> Option<Printed> {
    let text = format!("{value}");
    let number = number::NumberFormat::PLAIN.read(&text).ok()?;
    Some(Printed { digits: number.digits, decimals: number.decimals, mark: None, to: None })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::package::number::NumberFormat;

    fn column(whole: Option<i32>) -> NumberColumn {
        NumberColumn {
            name: "m".into(),
            value: 1,
            mark: Some(2),
            to: Some(3),
            decimals: Some(4),
            format: NumberFormat::PLAIN,
            whole,
        }
    }

    fn printed(
        digits: &str,
        decimals: i32,
        mark: Option<Mark>,
        to: Option<&str>,
    ) -> Result<PrintedCell, Vec<Misprint>> {
        Ok(Ok(Printed { digits: digits.into(), decimals, mark, to: to.map(Into::into) }))
    }

    #[test]
    fn cells() {
        let read = |texts| read(&column(None), texts);
        assert_eq!(read(["5.0", "", "", ""]), printed("5.0", 1, None, None));
        assert_eq!(read(["60", "over", "", ""]), printed("60", 0, Some(Mark::Over), None));
        assert_eq!(read(["1", "", "2", ""]), printed("1", 0, None, Some("2")));
        assert_eq!(read(["120", "about", "", "-1"]), printed("120", -1, Some(Mark::About), None));
        assert_eq!(read(["", "", "", ""]), Ok(Err(Missing::NotPrinted)));
        assert_eq!(read(["", "dash", "", ""]), Ok(Err(Missing::Dash)));
        assert_eq!(read(["", "lost", "", ""]), Ok(Err(Missing::Lost)));
    }

    #[test]
    fn misprints_name_their_field() {
        for (texts, field, code) in [
            (["多", "", "", ""], 1, "not-a-number"),
            (["NaN", "", "", ""], 1, "not-finite"),
            (["1", "ca.", "", ""], 2, "unknown-mark"),
            (["1", "lost", "", ""], 2, "mark-on-number"),
            (["1", "not-printed", "", ""], 2, "unknown-mark"),
            (["", "about", "", ""], 2, "companion-alone"),
            (["", "gap", "", ""], 2, "unknown-mark"),
            (["", "", "2", ""], 3, "companion-alone"),
            (["2", "", "2.0", ""], 3, "range"),
            (["2", "", "x", ""], 3, "not-a-number"),
            (["2", "", "", "1.5"], 4, "decimals"),
            (["2", "", "", "99"], 4, "decimals"),
        ] {
            let misprints = read(&column(None), texts).unwrap_err();
            let found: Vec<_> = misprints.iter().map(|misprint| (misprint.field, misprint.code)).collect();
            assert_eq!(found, [(field, code)], "{texts:?}");
        }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        for (texts, expected) in [
            (
                ["x", "ca.", "y", "z"],
                &[(1, "not-a-number"), (3, "not-a-number"), (2, "unknown-mark"), (4, "decimals")][..],
            ),
            (["4", "over", "3", ""], &[(3, "range")]),
            (["4", "ca.", "3", "1.5"], &[(2, "unknown-mark"), (4, "decimals"), (3, "range")]),
            (["x", "lost", "3", ""], &[(1, "not-a-number")]),
            (["", "ca.", "3", "1"], &[(3, "companion-alone"), (4, "companion-alone"), (2, "unknown-mark")]),
        ] {
            let misprints = read(&column(None), texts).unwrap_err();
            let found: Vec<_> = misprints.iter().map(|misprint| (misprint.field, misprint.code)).collect();
            assert_eq!(found, expected, "{texts:?}");
        }
        let range = read(&column(None), ["4", "", "3", ""]).unwrap_err();
        assert_eq!(range[0].write.as_ref().unwrap().en, "write a number above 4, or remove the upper end");
    }

    #[test]
    fn whole_numbers() {
        for (digits, power, sound) in [
            ("5", 0, true),
            ("5.0", 0, true),
            ("5.5", 0, false),
            ("5.5", 4, true),
            ("5.12345", 4, false),
            ("5", -2, true),
        ] {
            assert_eq!(read(&column(Some(power)), [digits, "", "", ""]).is_ok(), sound, "{digits} {power}");
        }
    }

    #[test]
    fn floats() {
        assert_eq!(of_float(0.1).map(|cell| (cell.digits, cell.decimals)), Some(("0.1".into(), 1)));
        assert_eq!(of_float(54922.0).map(|cell| (cell.digits, cell.decimals)), Some(("54922".into(), 0)));
        assert_eq!(of_float(f64::NAN), None);
    }

    proptest! {
        #[test]
        fn nothing_panics(value in ".{0,8}", mark in "(over|dash|x|)", to in "[0-9.-]{0,4}", decimals in "[0-9-]{0,3}", power in -2..3) {
            let _ = read(&column(Some(power)), [&value, &mark, &to, &decimals]);
        }
    }
}

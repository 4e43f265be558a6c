//! Periods in EDTF: `2023`, `2023-03`, `2023-Q1`, `2023-03-14`, `2017/2023` over a span, `../2023` added up until an end.

use std::cmp::Ordering;
use std::fmt;

use super::calendar::{self, Date, DateUnit};
use super::when::PeriodFormat;
use crate::precision::Rational;
use crate::text::Text;

/// A period. Two spellings of one period (`2023-33`, `2023-Q1`) are equal; the quarter is shown as `2023-Q1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    kind: PeriodKind,
    /// First unit: of a span its start, of a cumulative period the same as `end`.
    start: DateUnit,
    end: DateUnit,
    text: String,
}

/// What kind of period it is. Unlike kinds never join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PeriodKind {
    /// A calendar unit: year, half, quarter, month or day.
    Plain,
    /// `A/B`: over a span.
    Span,
    /// `../B`: added up until the end of B.
    Cumulative,
}

/// The length of a calendar unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Granularity {
    /// `2023-03-14`
    Day,
    /// `2023-03`
    Month,
    /// `2023-Q1`, in EDTF `2023-33`
    Quarter,
    /// `2023-H1`, in EDTF `2023-40`
    Half,
    /// `2023`
    Year,
}

impl Period {
    /// Reads an EDTF period.
    ///
    /// # Errors
    /// What is wrong with it, and how periods are written.
    pub fn parse(text: &str) -> Result<Period, Text> {
        let text = text.trim();
        let unit = |part: &str| calendar::parse_unit(part).ok_or_else(|| unreadable(text));
        match text.split_once('/') {
            None => Ok(Period::plain(unit(text)?)),
            Some(("..", end)) => Ok(Period::cumulative(unit(end)?)),
            Some((start, end)) => {
                let (start, end) = (unit(start)?, unit(end)?);
                if start.first_day() > end.first_day() || start.last_day() >= end.last_day() {
                    return Err(Text::new(
                        format!("时期「{text}」的终点不晚于起点"),
                        format!("the period '{text}' does not end after it starts"),
                    ));
                }
                Ok(Period { kind: PeriodKind::Span, text: format!("{start}/{end}"), start, end })
            }
        }
    }

    pub(super) fn plain(unit: DateUnit) -> Period {
        Period { kind: PeriodKind::Plain, start: unit, end: unit, text: unit.to_string() }
    }

    fn cumulative(unit: DateUnit) -> Period {
        Period { kind: PeriodKind::Cumulative, start: unit, end: unit, text: format!("../{unit}") }
    }

    /// The period over the span from the begin of one period to the end of another (`2017/2023`).
    pub fn span(start: &Period, end: &Period) -> Option<Period> {
        Period::parse(&format!("{}/{}", start.start, end.end)).ok()
    }

    /// Plain, span or cumulative.
    pub fn kind(&self) -> PeriodKind {
        self.kind
    }

    /// The length of its last calendar unit.
    pub fn granularity(&self) -> Granularity {
        self.end.granularity
    }

    /// The year in which it ends.
    pub fn year(&self) -> i32 {
        self.end.first_day().year
    }

    /// The quarter in which it ends, from 1, unless it is a year or a half.
    pub fn quarter(&self) -> Option<u8> {
        (self.granularity() <= Granularity::Quarter).then(|| self.end.last_day().month.div_ceil(3))
    }

    /// The month in which it ends, if it is a month or a day.
    pub fn month(&self) -> Option<u8> {
        (self.granularity() <= Granularity::Month).then(|| self.end.last_day().month)
    }

    /// The day of the month, if it is a day.
    pub fn day(&self) -> Option<u8> {
        (self.granularity() == Granularity::Day).then(|| self.end.last_day().day)
    }

    /// Whether numbers of both can be set beside each other: of years, of months, added up until the end of years, of spans of
    /// as many units. Unlike periods never join.
    pub fn is_like(&self, other: &Period) -> bool {
        let units = |period: &Period| (period.kind, period.start.granularity, period.end.granularity);
        units(self) == units(other) && self.start.units_until(self.end) == other.start.units_until(other.end)
    }

    /// Those that are of the kind of most: of a plain kind where there is one, of equals the kind that comes first.
    pub fn of_main_kind<'p>(periods: impl IntoIterator<Item = &'p Period>) -> Vec<&'p Period> {
        let mut kinds: Vec<Vec<&Period>> = Vec::new();
        for period in periods {
            match kinds.iter_mut().find(|kind| kind[0].is_like(period)) {
                Some(kind) => kind.push(period),
                None => kinds.push(vec![period]),
            }
        }
        let weight = |kind: &Vec<&Period>| (kind[0].kind == PeriodKind::Plain, kind.len());
        kinds.into_iter().rev().max_by_key(weight).unwrap_or_default()
    }

    /// As it is written in a table.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// First and last calendar unit of a span, as plain periods.
    pub fn ends(&self) -> Option<(Period, Period)> {
        (self.kind == PeriodKind::Span).then(|| (Period::plain(self.start), Period::plain(self.end)))
    }

    /// The last calendar unit: of `../2023` and `2017/2023` the plain `2023`.
    pub fn last_unit(&self) -> Period {
        Period::plain(self.end)
    }

    /// The period `steps` of its own calendar units earlier. A cumulative period moves its end, a school or fiscal year
    /// (`2022/2023`) both; no other span has one.
    pub fn previous(&self, steps: i64) -> Option<Period> {
        self.moved(|unit| unit.earlier(steps))
    }

    /// The same period of the year before: the same month, quarter or day last year.
    pub fn year_before(&self) -> Option<Period> {
        self.years_before(1)
    }

    /// The same period some years before, of a span within one year (`2023-01/2023-11`) too.
    pub fn years_before(&self, years: i64) -> Option<Period> {
        let earlier = |unit: DateUnit| unit.years_earlier(years);
        if self.kind == PeriodKind::Span && self.start.first_day().year == self.end.first_day().year {
            return Period::span(&Period::plain(earlier(self.start)?), &Period::plain(earlier(self.end)?));
        }
        self.moved(earlier)
    }

    /// Whether it begins in a calendar year.
    pub fn begins_in(&self, year: i32) -> bool {
        self.start.first_day().year == year
    }

    pub(super) fn first_day(&self) -> Date {
        self.start.first_day()
    }

    /// Whether it is as good as a calendar unit: one, or a school or fiscal year.
    pub fn is_unit(&self) -> bool {
        self.kind == PeriodKind::Plain || self.is_year_across()
    }

    /// The one of some periods that `latest` means: the last plain one, or where there is none the last school or fiscal year.
    pub fn latest<'p>(periods: impl Iterator<Item = &'p Period> + Clone) -> Option<&'p Period> {
        let plain = periods.clone().filter(|period| period.kind == PeriodKind::Plain).max();
        plain.or_else(|| periods.filter(|period| period.is_unit()).max())
    }

    /// Whether it begins in one year and ends in the next.
    fn is_year_across(&self) -> bool {
        let years = self.start.granularity == Granularity::Year && self.end.granularity == Granularity::Year;
        self.kind == PeriodKind::Span && years && self.start.first_day().year + 1 == self.end.first_day().year
    }

    fn moved(&self, earlier: impl Fn(DateUnit) -> Option<DateUnit>) -> Option<Period> {
        match self.kind {
            PeriodKind::Plain => earlier(self.end).map(Period::plain),
            PeriodKind::Cumulative => earlier(self.end).map(Period::cumulative),
            PeriodKind::Span if self.is_year_across() => {
                Period::span(&Period::plain(earlier(self.start)?), &Period::plain(earlier(self.end)?))
            }
            PeriodKind::Span => None,
        }
    }

    /// Years from `from` to `to`, exactly: a quarter is ¼, a month 1/12. Negative if `to` is earlier. Days have no exact
    /// length in years: they count only where month and day agree. Periods of unlike kind or length have none.
    pub fn steps_between(from: &Period, to: &Period) -> Option<Rational> {
        let alike = from.kind == to.kind && from.granularity() == to.granularity();
        let spans = from.kind == PeriodKind::Span && !(from.is_year_across() && to.is_year_across());
        (alike && !spans).then(|| from.end.years_until(to.end)).flatten()
    }

    fn order(&self) -> (Date, PeriodKind, std::cmp::Reverse<Date>, Granularity, Granularity) {
        let start = std::cmp::Reverse(self.start.first_day());
        (self.end.last_day(), self.kind, start, self.end.granularity, self.start.granularity)
    }
}

/// By end; then plain, span, cumulative; then the shorter first, so that a year follows its months.
impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl std::str::FromStr for Period {
    type Err = Text;

    fn from_str(text: &str) -> Result<Self, Text> {
        Period::parse(text)
    }
}

fn unreadable(text: &str) -> Text {
    Text::new(
        format!("「{text}」不是时期;要写 2023、2023-03、2023-Q1、2023-03-14、2017/2023(跨度)或 ../2023(累计)"),
        format!(
            "'{text}' is not a period: write 2023, 2023-03, 2023-Q1, 2023-03-14, 2017/2023 (over the span) or ../2023 (added up)"
        ),
    )
}

/// What `--period` selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodSelection {
    /// These periods.
    Of(Vec<Period>),
    /// Plain periods from one to another, or school and fiscal years, both included.
    Range(Period, Period),
    /// The last plain period that has a row, or else the last school or fiscal year.
    Latest,
}

impl PeriodSelection {
    /// Reads `2023`, `2019,2023`, `2019..2023`, `../2023` or `latest`.
    ///
    /// # Errors
    /// What is wrong with it, and what to write.
    pub fn parse(text: &str) -> Result<Self, Text> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("latest") {
            return Ok(PeriodSelection::Latest);
        }
        // `../2023` is one period: two points that a slash follows are no range.
        let range = text.match_indices("..").find(|(at, dots)| !text[at + dots.len()..].starts_with('/'));
        let Some((at, dots)) = range else {
            let periods = text.split([',', '\u{ff0c}']).map(Period::parse).collect::<Result<_, _>>()?;
            return Ok(PeriodSelection::Of(periods));
        };
        let (from, to) = (text[..at].trim(), text[at + dots.len()..].trim());
        if from.is_empty() || to.is_empty() {
            return Err(Text::new(
                format!("区间「{text}」缺一端;要写 2019..2023,累计到年末则写 ../2023"),
                format!(
                    "the range '{text}' lacks an end: write 2019..2023, or ../2023 for what was added up until 2023"
                ),
            ));
        }
        let (from, to) = (Period::parse(from)?, Period::parse(to)?);
        let fits = from.kind == to.kind && from.is_unit() && to.is_unit();
        if !fits || from.end.first_day() > to.end.last_day() {
            return Err(Text::new(
                format!("区间「{text}」须从较早的时期到较晚的时期,如 2019..2023"),
                format!("the range '{text}' must go from an earlier plain period to a later one, such as 2019..2023"),
            ));
        }
        Ok(PeriodSelection::Range(from, to))
    }

    /// What somebody meant most likely who typed something else: `2019-2023`, `2023年`, `2019至2023`.
    pub fn meant(text: &str) -> Option<String> {
        let one = |text: &str| PeriodFormat::Free.read(text.trim()).filter(|period| period.kind == PeriodKind::Plain);
        let range = |joint: &str| {
            let (from, to) = text.split_once(joint)?;
            Some((one(from)?, one(to)?))
        };
        let ranges = ["...", "..", "~", "\u{ff5e}", "–", "—", "至", "到", ":", "-", "/"];
        if let Some((from, to)) = ranges.into_iter().find_map(range) {
            let (from, to) = if from <= to { (from, to) } else { (to, from) };
            return Some(format!("{from}..{to}"));
        }
        PeriodFormat::Years.read(text.trim()).map(|period| period.to_string())
    }

    /// Whether a row of this period is selected; `latest` is the last plain period that has a row.
    /// A range takes the plain periods within it that are not longer than its ends; one of school years takes these.
    pub fn matches(&self, period: &Period, latest: Option<&Period>) -> bool {
        match self {
            PeriodSelection::Of(periods) => periods.contains(period),
            PeriodSelection::Latest => latest == Some(period),
            PeriodSelection::Range(from, to) => {
                (period.kind, period.is_unit()) == (from.kind, true)
                    && period.granularity() <= from.granularity().max(to.granularity())
                    && from.end.first_day() <= period.end.first_day()
                    && period.end.last_day() <= to.end.last_day()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_by_other_ways_to_write() {
        for (typed, meant) in [
            ("2019-2023", Some("2019..2023")),
            ("2019 – 2023", Some("2019..2023")),
            ("2019至2023", Some("2019..2023")),
            ("2023..2019", Some("2019..2023")),
            ("2019年-2023年", Some("2019..2023")),
            ("2023年", Some("2023")),
            ("2023/3", Some("2023-03")),
            ("2023年1-11月", Some("2023-01/2023-11")),
            ("21", None),
            ("2021..", None),
            ("soon", None),
        ] {
            assert_eq!(PeriodSelection::meant(typed).as_deref(), meant, "{typed}");
        }
    }

    fn p(text: &str) -> Period {
        Period::parse(text).unwrap()
    }

    fn ratio(a: i64, b: i64) -> Rational {
        Rational::new(a.into(), b.into())
    }

    #[test]
    fn kinds_and_parts() {
        let table = [
            ("2023", PeriodKind::Plain, Granularity::Year, None, None, None),
            ("2023-H2", PeriodKind::Plain, Granularity::Half, None, None, None),
            ("2023-Q3", PeriodKind::Plain, Granularity::Quarter, Some(3), None, None),
            ("2023-03", PeriodKind::Plain, Granularity::Month, Some(1), Some(3), None),
            ("2023-12-31", PeriodKind::Plain, Granularity::Day, Some(4), Some(12), Some(31)),
            ("2017/2023", PeriodKind::Span, Granularity::Year, None, None, None),
            ("../2023", PeriodKind::Cumulative, Granularity::Year, None, None, None),
            ("../2023-06", PeriodKind::Cumulative, Granularity::Month, Some(2), Some(6), None),
        ];
        for (text, kind, granularity, quarter, month, day) in table {
            let period = p(text);
            assert_eq!((period.kind(), period.granularity()), (kind, granularity), "{text}");
            assert_eq!((period.year(), period.quarter(), period.month(), period.day()), (2023, quarter, month, day));
            assert_eq!(period.to_string(), text);
        }
    }

    #[test]
    fn edtf_quarters_and_halves_have_one_spelling() {
        for (edtf, shown) in
            [("2023-33", "2023-Q1"), ("2023-36", "2023-Q4"), ("2023-40", "2023-H1"), ("2023-41", "2023-H2")]
        {
            assert_eq!(p(edtf), p(shown));
            assert_eq!(p(edtf).to_string(), shown);
        }
        assert_eq!(p("2021-33/2023-34").to_string(), "2021-Q1/2023-Q2");
    }

    #[test]
    fn like_periods() {
        for (one, other, alike) in [
            ("2022", "2023", true),
            ("2022", "2023-01", false),
            ("2023-01", "2022-12", true),
            ("2023-Q1", "2023-03", false),
            ("2023-H1", "2022-H2", true),
            ("2023-03-01", "2022-07-14", true),
            ("2023", "../2023", false),
            ("../2022", "../2023", true),
            ("../2022", "../2023-06", false),
            ("2021/2022", "2022/2023", true),
            ("2021/2022", "2020/2022", false),
            ("2020/2022", "2017/2019", true),
            ("2021/2022", "2023", false),
            ("2022-01/2022-11", "2023-01/2023-11", true),
            ("2022-01/2022-11", "2023-01/2023-10", false),
            ("2023-01-01/2023-01-07", "2024-01-08/2024-01-14", true),
        ] {
            assert_eq!((p(one).is_like(&p(other)), p(other).is_like(&p(one))), (alike, alike), "{one} {other}");
        }
    }

    #[test]
    fn the_kind_of_most() {
        for (all, main) in [
            (&["2022-11", "2022-12", "2022", "2023", "2024"][..], &["2022", "2023", "2024"][..]),
            (&["2022-11", "2022-12", "2022", "2023"], &["2022-11", "2022-12"]),
            (&["2017/2019", "2018/2020", "2023"], &["2023"]),
            (&["2017/2019", "2018/2020", "../2023"], &["2017/2019", "2018/2020"]),
            (&[], &[]),
        ] {
            let all: Vec<Period> = all.iter().map(|text| p(text)).collect();
            let found: Vec<&str> = Period::of_main_kind(&all).into_iter().map(Period::as_str).collect();
            assert_eq!(found, main);
        }
    }

    #[test]
    fn what_is_no_period() {
        for text in [
            "",
            "23",
            "02023",
            "2023-13",
            "2023-00",
            "2023-02-30",
            "2023-2",
            "2023-Q5",
            "2023-32",
            "2023-37",
            "0000",
            "2023/",
            "/2023",
            "2023/2023",
            "2023/2022",
            "2023/..",
            "../",
            "..",
            "../../2023",
            "2017/2019/2023",
            "2023年",
            "\u{ff12}023",
            "latest",
            "2023-03-14T00:00",
            "-2023",
            "+2023",
            "2023-Q",
            "2023-Q11",
        ] {
            assert!(Period::parse(text).is_err(), "{text}");
        }
        assert!(Period::parse("2023-02-29").is_err() && Period::parse("2024-02-29").is_ok());
        assert!(Period::parse("1900-02-29").is_err() && Period::parse("2000-02-29").is_ok());
    }

    #[test]
    fn order_is_by_end_then_kind() {
        let sorted = [
            "2022",
            "2023-01",
            "2023-02",
            "2023-03",
            "2023-Q1",
            "2023-12-31",
            "2023-12",
            "2023-Q4",
            "2023-H2",
            "2023",
            "2020/2023",
            "2017/2023",
            "../2023",
            "2024-01-01",
        ];
        for pair in sorted.windows(2) {
            assert!(p(pair[0]) < p(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn previous_and_year_before() {
        let table = [
            ("2023", 1, Some("2022")),
            ("2023", 23, Some("2000")),
            ("2023-01", 1, Some("2022-12")),
            ("2023-Q1", 1, Some("2022-Q4")),
            ("2023-H1", 1, Some("2022-H2")),
            ("2024-03-01", 1, Some("2024-02-29")),
            ("2023-03-01", 365, Some("2022-03-01")),
            ("../2023", 1, Some("../2022")),
            ("2017/2023", 1, None),
            ("2022/2023", 1, Some("2021/2022")),
            ("2022/2023", 5, Some("2017/2018")),
            ("2022-01/2022-02", 1, None),
            ("0001", 1, None),
            ("2023", i64::MIN, None),
            ("2023-01-01", i64::MAX, None),
        ];
        for (from, steps, to) in table {
            assert_eq!(p(from).previous(steps), to.map(p), "{from} {steps}");
        }
        let table = [
            ("2023", Some("2022")),
            ("2023-03", Some("2022-03")),
            ("2023-Q2", Some("2022-Q2")),
            ("2023-H2", Some("2022-H2")),
            ("2023-03-14", Some("2022-03-14")),
            ("2024-02-29", None),
            ("../2023-06", Some("../2022-06")),
            ("2017/2023", None),
            ("2022/2023", Some("2021/2022")),
            ("2023-01/2023-11", Some("2022-01/2022-11")),
            ("2022-07/2023-06", None),
        ];
        for (from, to) in table {
            assert_eq!(p(from).year_before(), to.map(p), "{from}");
        }
    }

    #[test]
    fn years_between() {
        let table = [
            ("2017", "2023", Some(ratio(6, 1))),
            ("2023", "2017", Some(ratio(-6, 1))),
            ("2017/2018", "2022/2023", Some(ratio(5, 1))),
            ("2017/2018", "2017/2023", None),
            ("2021-Q1", "2023-Q2", Some(ratio(9, 4))),
            ("2022-H1", "2023-H2", Some(ratio(3, 2))),
            ("2022-11", "2023-03", Some(ratio(1, 3))),
            ("2020-03-14", "2023-03-14", Some(ratio(3, 1))),
            ("2020-03-14", "2023-03-15", None),
            ("../2021", "../2023", Some(ratio(2, 1))),
            ("../2021", "2023", None),
            ("2021", "2023-03", None),
            ("2017/2020", "2020/2023", None),
        ];
        for (from, to, years) in table {
            assert_eq!(Period::steps_between(&p(from), &p(to)), years, "{from} {to}");
        }
    }

    #[test]
    fn selections() {
        use PeriodSelection::{Latest, Of, Range};
        assert_eq!(PeriodSelection::parse("2023"), Ok(Of(vec![p("2023")])));
        assert_eq!(PeriodSelection::parse("2019,../2023"), Ok(Of(vec![p("2019"), p("../2023")])));
        assert_eq!(PeriodSelection::parse("../2023"), Ok(Of(vec![p("../2023")])));
        assert_eq!(PeriodSelection::parse("2019..2023"), Ok(Range(p("2019"), p("2023"))));
        assert_eq!(PeriodSelection::parse("2019-03..2023-Q1"), Ok(Range(p("2019-03"), p("2023-Q1"))));
        assert_eq!(PeriodSelection::parse("latest"), Ok(Latest));
        for text in ["", "2019..", "..2023", "2023..2019", "../2019..2023", "2019,", "2019...2023", "newest"] {
            assert!(PeriodSelection::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_a_selection_takes() {
        let range = PeriodSelection::parse("2019..2023").unwrap();
        for (text, taken) in [
            ("2018", false),
            ("2019", true),
            ("2023", true),
            ("2024", false),
            ("2019-01", true),
            ("2023-12-31", true),
            ("2024-01-01", false),
            ("2019/2023", false),
            ("../2023", false),
        ] {
            assert_eq!(range.matches(&p(text), None), taken, "{text}");
        }
        assert!(!PeriodSelection::parse("2023-01..2023-12").unwrap().matches(&p("2023"), None));
        assert!(PeriodSelection::Latest.matches(&p("2023"), Some(&p("2023"))));
        assert!(!PeriodSelection::Latest.matches(&p("2023"), None));
        assert!(PeriodSelection::parse("2023-33").unwrap().matches(&p("2023-Q1"), None));
    }
}

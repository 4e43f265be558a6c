//! Periods as other packages write them: years, dates, `2023Q1`.

use super::calendar::{Date, DateUnit, digits, parse_unit};
use super::{Granularity, Period, PeriodKind, header};
use crate::text::Text;

/// How a column writes its periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PeriodFormat {
    /// EDTF, as aistat's own tables.
    Edtf,
    /// Whatever is unmistakable: `2023`, `2023-03`, `2023/3/14`, `20230314`, `2023Q1`, `2023年3月`; `2022-2023`, a year that
    /// begins in one and ends in the next; `2023年1-11月`, over the months from one to another.
    Free,
    /// As `Free`, and years that begin in one and end in the next with the second in two digits: `2015/16`, `2019–20`.
    Years,
    /// Table Schema's `%Y-%m-%d` patterns.
    Pattern(String),
}

impl PeriodFormat {
    /// How a column of this header writes its periods, where nothing declares it.
    pub(super) fn of(header: &str) -> PeriodFormat {
        if header::says_years(header) { PeriodFormat::Years } else { PeriodFormat::Free }
    }

    /// What the periods of a whole column stand for, where that is not what each says alone. Says so.
    pub(super) fn settle(&self, periods: &mut [Period]) -> Option<Text> {
        match self {
            PeriodFormat::Edtf => None,
            PeriodFormat::Years => across(periods).or_else(|| coarsen(periods)),
            PeriodFormat::Free | PeriodFormat::Pattern(_) => coarsen(periods),
        }
    }

    /// Reads a cell.
    pub(super) fn read(&self, text: &str) -> Option<Period> {
        match self {
            PeriodFormat::Edtf => Period::parse(text).ok(),
            PeriodFormat::Free => {
                let bare = fiscal(text).unwrap_or(text);
                let read = free(text).map(Period::plain).or_else(|| two_years(bare)).or_else(|| months(text));
                read.or_else(|| fiscal(text).and_then(short_years))
            }
            PeriodFormat::Years => PeriodFormat::Free.read(text).or_else(|| short_years(text)),
            PeriodFormat::Pattern(pattern) => by_pattern(pattern, text).map(Period::plain),
        }
    }
}

/// A year and its month, quarter or half; a month and its day.
pub(super) fn join(whole: &Period, part: Granularity, text: &str) -> Option<Period> {
    if part == Granularity::Month && text.contains('月') {
        let span = months(&format!("{:04}年{}", whole.year(), text.trim()));
        if span.is_some() {
            return span;
        }
    }
    let bare =
        text.trim().trim_start_matches(['Q', 'q', 'H', 'h', 'M', 'm', '第']).trim_end_matches(['月', '季', '度']);
    let number: u8 = bare.parse().ok().or_else(|| month_of_name(text.trim()))?;
    let month = |length: u8| number.checked_sub(1)?.checked_mul(length)?.checked_add(1);
    let (month, day) = match part {
        Granularity::Month => (month(1)?, 1),
        Granularity::Quarter => (month(3)?, 1),
        Granularity::Half => (month(6)?, 1),
        Granularity::Day => (whole.month()?, number),
        Granularity::Year => return None,
    };
    Date::new(whole.year(), month, day).map(|date| Period::plain(DateUnit::of(part, date)))
}

/// What stands behind `FY`.
fn fiscal(text: &str) -> Option<&str> {
    let text = text.trim();
    text.strip_prefix("FY").or_else(|| text.strip_prefix("fy")).map(str::trim_start)
}

/// A school or fiscal year, or several pooled: `2022-2023`, `2022/2023`, `2015-2017`.
fn two_years(text: &str) -> Option<Period> {
    let (first, second) = text.trim().split_once(['-', '–', '/'])?;
    let [first, second] = [first, second].map(|year| free(year).filter(|unit| unit.granularity == Granularity::Year));
    let (first, second) = (Period::plain(first?), Period::plain(second?));
    (second.year() > first.year()).then(|| Period::span(&first, &second)).flatten()
}

/// Months of a year from one to another: `2023年1-11月`, `2023年1月至11月`.
fn months(text: &str) -> Option<Period> {
    let (year, rest) = text.trim().split_at_checked(4)?;
    let rest = rest.trim_start_matches(['年', '-', '/', '.', ' ']);
    let rest = rest.strip_suffix('份').unwrap_or(rest).strip_suffix('月')?;
    let (first, last) = rest.split_once(['-', '\u{ff0d}', '–', '—', '―', '~', '\u{ff5e}', '〜', '至', '到'])?;
    let year = i32::from(digits(year, 4)?);
    let month = |text: &str| {
        let text = text.trim_matches(['-', '\u{ff0d}', '–', '—', '―', ' ']);
        let date = Date::new(year, number(text.strip_suffix('月').unwrap_or(text))?, 1)?;
        Some(Period::plain(DateUnit::of(Granularity::Month, date)))
    };
    Period::span(&month(first)?, &month(last)?)
}

/// A school or fiscal year whose end is written in two digits and cannot be a month: `2015-16`, `2019–20`, `1999/00`.
fn short_years(text: &str) -> Option<Period> {
    let (first, second) = text.trim().split_once(['-', '–', '/'])?;
    let (year, end) = (digits(first, 4)?, digits(second, 2)?);
    ((year + 1) % 100 == end).then(|| year_across(i32::from(year))).flatten()
}

/// Whether a text is a week of ISO 8601: `2021-W01`.
pub(super) fn is_week(text: &str) -> bool {
    let week = text.split_once(['W', 'w']).map(|(year, week)| (year.trim_end_matches('-'), week));
    week.is_some_and(|(year, week)| digits(year, 4).is_some() && number(week).is_some_and(|week| week <= 53))
}

fn year_across(first: i32) -> Option<Period> {
    let year = |year: i32| Date::new(year, 1, 1).map(|date| Period::plain(DateUnit::of(Granularity::Year, date)));
    Period::span(&year(first)?, &year(first + 1)?)
}

/// In a column of years, `2009-10` is the year from 2009 to 2010 rather than a month, where every month could be such a year.
/// Says so.
fn across(periods: &mut [Period]) -> Option<Text> {
    let month = |period: &Period| period.month().filter(|_| period.granularity() == Granularity::Month);
    let could_be = |period: &Period| match month(period) {
        Some(month) => (period.year() + 1) % 100 == i32::from(month),
        None => period.kind() == PeriodKind::Span,
    };
    if periods.is_empty() || !periods.iter().all(could_be) {
        return None;
    }
    for period in periods.iter_mut().filter(|period| month(period).is_some()) {
        *period = year_across(period.year())?;
    }
    let first = &periods[0];
    Some(Text::new(
        format!("时期当作跨两年的年度,如 {first}"),
        format!("periods are read as years that begin in one year and end in the next, such as {first}"),
    ))
}

/// Days that are all the first (or all the last) of a year, quarter or month stand for it. Says so.
fn coarsen(periods: &mut [Period]) -> Option<Text> {
    let first = periods.first()?;
    if !periods.iter().all(|period| period.granularity() == Granularity::Day)
        || periods.iter().all(|period| period == first)
    {
        return None;
    }
    let wider = [Granularity::Year, Granularity::Quarter, Granularity::Month].into_iter().find(|granularity| {
        let unit = |period: &Period| (DateUnit::of(*granularity, period.first_day()), period.first_day());
        let starts = periods.iter().map(unit).all(|(unit, day)| unit.first_day() == day);
        starts || periods.iter().map(unit).all(|(unit, day)| unit.last_day() == day)
    })?;
    for period in periods {
        *period = Period::plain(DateUnit::of(wider, period.first_day()));
    }
    let (zh, en) = match wider {
        Granularity::Year => ("年", "years"),
        Granularity::Quarter => ("季度", "quarters"),
        _ => ("月", "months"),
    };
    Some(Text::new(
        format!("日期都在{zh}首或{zh}末,当作{zh}"),
        format!("the dates all begin or end {en}: read as {en}"),
    ))
}

fn number(text: &str) -> Option<u8> {
    (1..=2).contains(&text.len()).then(|| text.parse().ok()).flatten()
}

fn free(text: &str) -> Option<DateUnit> {
    let text = text.trim();
    if let Some(unit) = parse_unit(text) {
        return Some(unit);
    }
    if let Some(year) = fiscal(text) {
        return parse_unit(year).filter(|unit| unit.granularity == Granularity::Year);
    }
    // `Q1 2015`: the part of the year stands first.
    if let Some((part, year)) =
        text.split_once([' ', '-', '/']).filter(|(part, _)| part.starts_with(['Q', 'q', 'H', 'h']))
    {
        return parse_unit(&format!("{year}-{}", part.to_ascii_uppercase()));
    }
    // `Jan 2020`, `2020 Jan`.
    if let Some((first, second)) = text.split_once([' ', '-']) {
        let named = |year: &str, month: &str| {
            let date = Date::new(i32::from(digits(year, 4)?), month_of_name(month)?, 1)?;
            Some(DateUnit::of(Granularity::Month, date))
        };
        if let Some(month) = named(second, first).or_else(|| named(first, second)) {
            return Some(month);
        }
    }
    if let Some(day) = day_of_name(text) {
        return Some(day);
    }
    let text = text.strip_suffix('Z').unwrap_or(text);
    let date = text
        .split_once(['T', ' '])
        .filter(|(date, time)| date.len() >= 8 && time.contains(':'))
        .map_or(text, |(date, _)| date);
    let year = i32::from(digits(date.get(..4)?, 4)?);
    let rest = date.get(4..)?;
    let unit =
        |granularity, month: u8, day: u8| Date::new(year, month, day).map(|date| DateUnit::of(granularity, date));
    let bare = rest.trim_start_matches(['-', '/', '.', ' ', '年']).trim_end_matches(['日', '月', ' ']);
    match (rest, bare) {
        ("年", _) => unit(Granularity::Year, 1, 1),
        ("年上半年" | "上半年", _) => unit(Granularity::Half, 1, 1),
        ("年下半年" | "下半年", _) => unit(Granularity::Half, 7, 1),
        (_, part) if part.starts_with(['Q', 'q', 'T', 't']) => unit(Granularity::Quarter, quarter(&part[1..])?, 1),
        (_, part) if part.starts_with(['H', 'h', 'S', 's']) && part.len() == 2 => {
            unit(Granularity::Half, number(&part[1..]).filter(|half| (1..=2).contains(half))? * 6 - 5, 1)
        }
        (_, part) if part.starts_with(['M', 'm']) => unit(Granularity::Month, number(&part[1..])?, 1),
        (rest, digits) if rest == digits && digits.len() == 4 && digits.is_ascii() => {
            unit(Granularity::Day, number(&digits[..2])?, number(&digits[2..])?)
        }
        (rest, digits) if rest == digits && digits.len() == 2 => unit(Granularity::Month, number(digits)?, 1),
        (rest, _) if rest.ends_with("季度") => {
            let part = bare.trim_end_matches("季度").trim_start_matches('第');
            let index =
                ["一", "二", "三", "四"].iter().position(|name| *name == part).and_then(|at| u8::try_from(at + 1).ok());
            unit(
                Granularity::Quarter,
                index.or_else(|| number(part)).filter(|quarter| (1..=4).contains(quarter))? * 3 - 2,
                1,
            )
        }
        (rest, part) if rest != part => match part.split_once(['-', '/', '.', '月']) {
            // `2023年1-11月` and `2023.1-11` are no days.
            Some((month, day)) if is_day(rest, &part[month.len()..]) => {
                unit(Granularity::Day, number(month)?, number(day)?)
            }
            Some(_) => None,
            None => unit(Granularity::Month, number(part)?, 1),
        },
        _ => None,
    }
}

/// `March 3, 2020`, `3 March 2020`, `3. März 2020`, `3rd of March 2020`.
fn day_of_name(text: &str) -> Option<DateUnit> {
    let mut words = text.split([' ', ',', '-']).filter(|word| !["", "of", "de"].contains(word));
    let (first, second, year) = (words.next()?, words.next()?, words.next()?);
    let day = |word: &str| number(word.trim_end_matches(|c: char| c == '.' || "stndrh".contains(c)));
    let (month, day) = match month_of_name(first) {
        Some(month) => (month, day(second)?),
        None => (month_of_name(second)?, day(first)?),
    };
    let date = Date::new(i32::from(digits(year, 4)?), month, day)?;
    words.next().is_none().then(|| DateUnit::of(Granularity::Day, date))
}

/// Whether what follows a year is a day by its separators, the second of which `from` begins with: both alike, or 年 and 月.
fn is_day(rest: &str, from: &str) -> bool {
    let (first, second) = (rest.chars().next(), from.chars().next());
    (first == second || (first, second) == (Some('年'), Some('月'))) && !rest.trim_end().ends_with('月')
}

fn quarter(text: &str) -> Option<u8> {
    number(text).filter(|quarter| (1..=4).contains(quarter)).map(|quarter| quarter * 3 - 2)
}

/// A month by its name in English, German, French, Spanish, Portuguese, Italian or Dutch, or by three letters of it or more.
fn month_of_name(text: &str) -> Option<u8> {
    const NAMES: [&str; 12] = [
        "january januar jänner janvier enero janeiro gennaio januari",
        "february februar février fevrier febrero fevereiro febbraio februari",
        "march märz maerz mrz mars marzo março marco maart mrt",
        "april avril abril aprile",
        "may mai mayo maio maggio mei",
        "june juni juin junio junho giugno",
        "july juli juillet julio julho luglio",
        "august août aout agosto augustus",
        "september septembre septiembre setiembre setembro settembre",
        "october oktober octobre octubre outubro ottobre",
        "november novembre noviembre novembro",
        "december dezember décembre decembre diciembre dezembro dicembre",
    ];
    let text = text.trim_end_matches('.').to_lowercase();
    let begins = |names: &&str| names.split(' ').any(|name| name.starts_with(&text));
    let mut months = NAMES.iter().zip(1..).filter(|(names, _)| begins(names));
    match (months.next(), months.next()) {
        (Some((_, month)), None) if text.chars().count() > 2 => Some(month),
        _ => None,
    }
}

/// strptime, as far as dates need it.
fn by_pattern(pattern: &str, text: &str) -> Option<DateUnit> {
    let (mut year, mut month, mut day) = (None, None, None);
    let mut rest = text.trim();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            rest = rest.strip_prefix(c)?;
            continue;
        }
        let directive = chars.next()?;
        let most = if directive == 'Y' { 4 } else { 2 };
        let letters = matches!(directive, 'b' | 'B' | 'a' | 'A' | 'p' | 'Z');
        let length = rest.chars().take_while(|c| if letters { c.is_alphabetic() } else { c.is_ascii_digit() });
        let length: usize = if letters { length.map(char::len_utf8).sum() } else { length.count().min(most) };
        let (part, after) = rest.split_at_checked(length).filter(|(part, _)| !part.is_empty())?;
        rest = after;
        match directive {
            'Y' => year = Some(i32::from(digits(part, 4)?)),
            // POSIX: 69 to 99 are of the twentieth century.
            'y' => year = number(part).map(|year| i32::from(year) + if year < 69 { 2000 } else { 1900 }),
            'm' => month = Some(number(part)?),
            'd' => day = Some(number(part)?),
            'b' | 'B' => month = Some(month_of_name(part)?),
            'H' | 'I' | 'M' | 'S' | 'a' | 'A' | 'p' | 'Z' => {}
            _ => return None,
        }
    }
    let granularity = match (month, day) {
        (None, None) => Granularity::Year,
        (Some(_), None) => Granularity::Month,
        _ => Granularity::Day,
    };
    let date = Date::new(year?, month.unwrap_or(1), day.unwrap_or(1))?;
    rest.is_empty().then(|| DateUnit::of(granularity, date))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn free_forms() {
        for (text, period) in [
            ("2023", "2023"),
            ("2023-03", "2023-03"),
            ("2023/3", "2023-03"),
            ("2023.03", "2023-03"),
            ("202303", "2023-03"),
            ("2023-3-4", "2023-03-04"),
            ("2023/03/14", "2023-03-14"),
            ("20230314", "2023-03-14"),
            ("2023Q1", "2023-Q1"),
            ("2023-Q4", "2023-Q4"),
            ("2023 q2", "2023-Q2"),
            ("Q2 2023", "2023-Q2"),
            ("h1-2023", "2023-H1"),
            ("2023-H1", "2023-H1"),
            ("2023M3", "2023-03"),
            ("2023年", "2023"),
            ("2023年3月", "2023-03"),
            ("2023年3月14日", "2023-03-14"),
            ("2023年第一季度", "2023-Q1"),
            ("2023年4季度", "2023-Q4"),
            ("2023-03-14T10:00:00Z", "2023-03-14"),
            ("2023-03-14 10:00", "2023-03-14"),
            ("2022-2023", "2022/2023"),
            ("2022–2023", "2022/2023"),
            ("2022/2023", "2022/2023"),
            ("2015-2017", "2015/2017"),
            ("2020-T1", "2020-Q1"),
            ("Jan 2020", "2020-01"),
            ("January 2020", "2020-01"),
            ("März 2020", "2020-03"),
            ("Enero 2020", "2020-01"),
            ("fevereiro 2020", "2020-02"),
            ("2020-Dez", "2020-12"),
            ("juil. 2020", "2020-07"),
            ("mrt 2020", "2020-03"),
            ("FY2019", "2019"),
            ("FY2020/21", "2020/2021"),
            ("FY2020-2021", "2020/2021"),
            ("FY 2019", "2019"),
            ("2023年1-11月", "2023-01/2023-11"),
            ("2023年1—11月", "2023-01/2023-11"),
            ("2023年1——11月", "2023-01/2023-11"),
            ("2023年1–2月份", "2023-01/2023-02"),
            ("2023年1~12月", "2023-01/2023-12"),
            ("2023年1月至11月", "2023-01/2023-11"),
            ("2023年3到9月", "2023-03/2023-09"),
            ("2023-1-11月", "2023-01/2023-11"),
            ("2023年上半年", "2023-H1"),
            ("2023年下半年", "2023-H2"),
            ("2023上半年", "2023-H1"),
            ("2023.3.14", "2023-03-14"),
            ("March 3 2020", "2020-03-03"),
            ("Mar 3, 2020", "2020-03-03"),
            ("3 March 2020", "2020-03-03"),
            ("3. März 2020", "2020-03-03"),
            ("3rd of March 2020", "2020-03-03"),
            ("31-Dec-2020", "2020-12-31"),
            ("1 de enero de 2020", "2020-01-01"),
        ] {
            assert_eq!(
                PeriodFormat::Free.read(text).map(|period| period.to_string()).as_deref(),
                Some(period),
                "{text}"
            );
        }
        for text in [
            "",
            "jui 2020",
            "Ma 2020",
            "March",
            "14/03/2023",
            "2023Q5",
            "2023-13",
            "23",
            "2023-02-30",
            "2023–24",
            "20231",
            "2023M",
            "2023/",
            "2023H3",
            "Q5 2023",
            "Q1 2023-04",
            "2023-2022",
            "9999-10000",
            "2015-16",
            "FY19",
            "2023.1-11",
            "2023/1-2",
            "2023年1-11",
            "2023年11-1月",
            "2023年1-13月",
            "2023年3-3月",
            "2023-3月14日",
        ] {
            assert_eq!(PeriodFormat::Free.read(text), None, "{text}");
        }
    }

    #[test]
    fn weeks() {
        for text in ["2021-W01", "2021W53", "2021-w7"] {
            assert!(is_week(text), "{text}");
        }
        for text in ["2021-W54", "W01", "2021-W", "21-W01", "2021-01"] {
            assert!(!is_week(text), "{text}");
        }
    }

    #[test]
    fn years_across_are_told_by_the_whole_column() {
        for (texts, periods) in [
            (&["2015/16", "2016–17"][..], &["2015/2016", "2016/2017"][..]),
            (&["2009-10", "2012-13"], &["2009/2010", "2012/2013"]),
            (&["2009-10", "2011-12"], &["2009/2010", "2011/2012"]),
            (&["1999-00", "2000-01"], &["1999/2000", "2000/2001"]),
            (&["2011-11", "2011-12"], &["2011-11", "2011-12"]),
            (&["2011", "2012"], &["2011", "2012"]),
        ] {
            let mut read: Vec<Period> = texts.iter().map(|text| PeriodFormat::Years.read(text).unwrap()).collect();
            let said = PeriodFormat::Years.settle(&mut read);
            assert_eq!(read.iter().map(Period::as_str).collect::<Vec<_>>(), periods);
            assert_eq!(said.is_some(), periods[0].contains('/'), "{texts:?}");
        }
        assert_eq!(PeriodFormat::Years.read("2015-17"), None);
    }

    #[test]
    fn patterns_and_parts() {
        for (pattern, text, period) in [
            ("%d/%m/%Y", "14/03/2023", Some("2023-03-14")),
            ("%b %Y", "Mar 2023", Some("2023-03")),
            ("%B %d, %Y", "March 4, 2023", Some("2023-03-04")),
            ("%y", "69", Some("1969")),
            ("%Y-%m-%d", "2023-02-30", None),
            ("%Y", "2023x", None),
            ("%q", "1", None),
            ("%", "1", None),
            ("%d.%m.%y", "01.02.23", Some("2023-02-01")),
        ] {
            assert_eq!(
                PeriodFormat::Pattern(pattern.into()).read(text).map(|period| period.to_string()).as_deref(),
                period,
                "{text}"
            );
        }
        let year = Period::parse("2023").unwrap();
        for (part, text, period) in [
            (Granularity::Month, "3", Some("2023-03")),
            (Granularity::Month, "March", Some("2023-03")),
            (Granularity::Month, "3月", Some("2023-03")),
            (Granularity::Month, "1-2月", Some("2023-01/2023-02")),
            (Granularity::Month, "1-2", None),
            (Granularity::Quarter, "Q4", Some("2023-Q4")),
            (Granularity::Quarter, "5", None),
            (Granularity::Month, "13", None),
            (Granularity::Month, "0", None),
            (Granularity::Half, "255", None),
            (Granularity::Day, "4", None),
        ] {
            assert_eq!(join(&year, part, text).map(|period| period.to_string()).as_deref(), period, "{text}");
        }
        let month = Period::parse("2023-02").unwrap();
        for (text, period) in [("4", Some("2023-02-04")), ("28", Some("2023-02-28")), ("29", None), ("0", None)] {
            assert_eq!(join(&month, Granularity::Day, text).map(|day| day.to_string()).as_deref(), period, "{text}");
        }
    }

    #[test]
    fn dates_that_stand_for_longer_periods() {
        for (dates, periods) in [
            (&["2021-01-01", "2022-01-01"][..], &["2021", "2022"][..]),
            (&["2021-12-31", "2022-12-31"], &["2021", "2022"]),
            (&["2021-01-01", "2021-04-01"], &["2021-Q1", "2021-Q2"]),
            (&["2021-01-31", "2021-02-28"], &["2021-01", "2021-02"]),
            (&["2021-01-01", "2021-01-02"], &["2021-01-01", "2021-01-02"]),
            (&["2021-01-01", "2021-01-01"], &["2021-01-01", "2021-01-01"]),
        ] {
            let mut read: Vec<Period> = dates.iter().map(|date| PeriodFormat::Free.read(date).unwrap()).collect();
            let said = coarsen(&mut read);
            assert_eq!(read.iter().map(Period::as_str).collect::<Vec<_>>(), periods);
            assert_eq!(said.is_some(), dates != periods);
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[0-9QqHM年月日第季度一/. TZ:-]{0,14}", pattern in "[%YmdbByHMS/ 年-]{0,12}") {
            let _ = PeriodFormat::Free.read(&text);
            let _ = PeriodFormat::Pattern(pattern).read(&text);
            let _ = Period::parse(&text);
            let _ = crate::package::PeriodSelection::parse(&text);
            let _ = join(&Period::parse("2023").unwrap(), Granularity::Quarter, &text);
        }
    }
}

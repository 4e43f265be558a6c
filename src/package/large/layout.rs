//! Which columns of a table are read, and how: a plan for rows that are never looked at one by one.

use std::collections::HashSet;

use crate::package::dialect::Dialect;
use crate::package::model::{Listed, Measure};
use crate::package::plan::{Codes, NumberColumn, Plan};
use crate::package::when::{self, PeriodFormat};
use crate::package::{Granularity, Period};

/// How rows are read.
pub(super) struct Layout<'a> {
    pub(super) dialect: Dialect,
    /// How many fields a record has.
    pub(super) columns: usize,
    /// Bytes of a cell, at most.
    pub(super) longest: usize,
    /// The period, then the dimensions, then the attributes.
    pub(super) texts: Vec<TextPart<'a>>,
    /// The numbers that were asked for.
    pub(super) numbers: Vec<NumberPart<'a>>,
}

/// A text column.
pub(super) struct TextPart<'a> {
    pub(super) column: usize,
    /// The column that stands beside it: names of codes, months of years.
    pub(super) beside: Option<usize>,
    /// Texts that stand for an empty cell, by field.
    pub(super) missing: Vec<String>,
    missing_beside: Vec<String>,
    check: Check<'a>,
}

/// What may stand in a text column.
enum Check<'a> {
    Period(&'a PeriodFormat, Option<Granularity>),
    Listed(HashSet<&'a str>),
    Any,
}

/// A number column.
pub(super) struct NumberPart<'a> {
    pub(super) column: usize,
    pub(super) number: &'a NumberColumn,
    pub(super) point: u8,
    /// Counts whole things: digits behind the point are looked at more closely.
    pub(super) whole: bool,
    pub(super) missing: &'a [String],
    /// A number may be declared to stand for an empty cell.
    pub(super) watched: bool,
}

/// Whether a table has nothing but keys, texts and plain numbers.
pub(super) fn is_plain(plan: &Plan) -> bool {
    let plain = |number: &NumberColumn| number.mark.is_none() && number.to.is_none() && number.decimals.is_none();
    plan.sources.is_empty() && plan.numbers.iter().all(|number| plain(number) && measure_of(plan, number).is_some())
}

fn measure_of<'p>(plan: &'p Plan, number: &NumberColumn) -> Option<&'p Measure> {
    plan.measures.iter().find(|measure| measure.name == number.name)
}

impl<'a> Layout<'a> {
    /// What is read of a table for these measures, if it has nothing but keys, texts and plain numbers.
    pub(super) fn new(
        plan: &'a Plan,
        lists: &[Option<&'a Listed>],
        dialect: Dialect,
        longest: usize,
        (columns, width): (&[Option<usize>], usize),
        wanted: &dyn Fn(&Measure) -> bool,
    ) -> Option<Layout<'a>> {
        let column = |field: usize| columns.get(field).copied().flatten();
        let missing = |field: usize| {
            let of = plan.missing.get(field).map_or(&[][..], Vec::as_slice);
            of.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>()
        };
        let text = |field: usize, beside: Option<usize>, check: Check<'a>| {
            Some(TextPart {
                column: column(field)?,
                beside: match beside {
                    Some(field) => Some(column(field)?),
                    None => None,
                },
                missing: missing(field),
                missing_beside: beside.map(missing).unwrap_or_default(),
                check,
            })
        };
        let part = match plan.period_parts[..] {
            [] => None,
            [part] => Some(part),
            [..] => return None,
        };
        let (field, format) = &plan.period;
        let mut texts = vec![text(*field, part.map(|(field, _)| field), Check::Period(format, part.map(|(_, p)| p)))?];
        for (dimension, list) in plan.dimensions.iter().zip(lists) {
            texts.push(match dimension.codes {
                Codes::Listed => {
                    let codes = list.iter().flat_map(|listed| &listed.list.members).map(|member| member.code.as_str());
                    text(dimension.field, None, Check::Listed(codes.collect()))?
                }
                Codes::InTable { names, .. } => text(dimension.field, names, Check::Any)?,
            });
        }
        for (_, field) in &plan.attributes {
            texts.push(text(*field, None, Check::Any)?);
        }
        if !is_plain(plan) {
            return None;
        }
        let mut numbers = Vec::new();
        for number in plan.numbers.iter().filter(|number| measure_of(plan, number).is_some_and(wanted)) {
            let missing = plan.missing.get(number.value).map_or(&[][..], Vec::as_slice);
            let point = number.format.point()?;
            let watched = !missing.iter().any(String::is_empty)
                || missing.iter().any(|text| super::Short::read(text.as_bytes(), point).is_some());
            let (column, whole) = (column(number.value)?, number.whole.is_some() || number.format.is_integer());
            numbers.push(NumberPart { column, number, point, whole, missing, watched });
        }
        Some(Layout { dialect, columns: width, longest, texts, numbers })
    }
}

impl TextPart<'_> {
    /// A cell; what is declared to stand for an empty one is empty.
    pub(super) fn cell<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        if self.missing.iter().any(|missing| missing.as_bytes() == text) { &[] } else { text }
    }

    pub(super) fn cell_beside<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        if self.missing_beside.iter().any(|missing| missing.as_bytes() == text) { &[] } else { text }
    }

    /// Whether what stands beside it is a part of it, and not its name.
    pub(super) fn joins(&self) -> bool {
        matches!(self.check, Check::Period(_, Some(_)))
    }

    /// What stands beside a text that is met first, if it may stand there.
    pub(super) fn meet(&self, text: &str, beside: &str) -> Option<String> {
        let sound = match &self.check {
            Check::Any => true,
            Check::Listed(codes) => codes.contains(text),
            Check::Period(..) => self.period(text, beside).is_some(),
        };
        sound.then(|| beside.to_owned())
    }

    /// The period of a text, and of what stands beside it.
    pub(super) fn period(&self, text: &str, beside: &str) -> Option<Period> {
        let Check::Period(format, part) = &self.check else { return None };
        let period = format.read(text)?;
        match part {
            Some(part) => when::join(&period, *part, beside),
            None => Some(period),
        }
    }
}

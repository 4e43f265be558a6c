//! Steps of a proof as arithmetic that a reader can redo by hand.

use super::Facts;
use crate::precision::{Form, Interval, Linear, Rational, Reason, Scale, Solution, Step, VarId, integer};
use crate::stats::power_of_ten;
use crate::text::Text;

/// Significant digits of intervals in proofs.
const DIGITS: u32 = 9;

/// An interval as people read it: `295`, `174–175`, `≥ 806`.
pub fn interval_text(interval: &Interval) -> String {
    let (lower, upper) = interval.outward(DIGITS);
    match (lower, upper) {
        (Some(lower), Some(upper)) if lower == upper => minus(lower),
        (Some(lower), Some(upper)) => format!("{}–{}", minus(lower), minus(upper)),
        (Some(lower), None) => format!("≥ {}", minus(lower)),
        (None, Some(upper)) => format!("≤ {}", minus(upper)),
        (None, None) => "?".to_owned(),
    }
}

fn minus(digits: String) -> String {
    digits.replacen('-', "−", 1)
}

/// An interval behind its name: `= 295`, `≥ 806`.
fn equal(interval: &Interval) -> String {
    let text = interval_text(interval);
    if text.starts_with(['≥', '≤']) { text } else { format!("= {text}") }
}

/// An operand: brackets around what is no single number.
fn operand(interval: &Interval) -> String {
    let text = interval_text(interval);
    if interval.is_exact() && !text.starts_with('−') { text } else { format!("[{text}]") }
}

/// The arithmetic of a step.
pub fn arithmetic(facts: &Facts, solution: &Solution, step: &Step) -> Text {
    let one = match &step.reason {
        Reason::Relation(id) => facts.system.relations.get(id.0).map(|relation| &relation.form),
        _ => None,
    };
    let writer = Writer { facts, solution, step, scale: scale(facts, step) };
    match one.and_then(|form| writer.form(form)) {
        Some((text, raw)) => {
            let after = writer.scaled(&step.after);
            let raw = raw.map(|raw| if writer.is_rate(step.variable) { raw } else { raw.scale(&writer.scale) });
            let whole = facts.system.variables.get(step.variable.0).is_some_and(|v| v.whole);
            let (Some(raw), shown) = (raw, interval_text(&after)) else { return Text::same(text) };
            let said = format!("{text} {}", equal(&raw));
            let rounded =
                if whole { raw.scale(&writer.scale.recip()).whole().scale(&writer.scale) } else { raw.clone() };
            if raw == after || interval_text(&raw) == shown || !rounded.encloses(&after) {
                Text::same(said)
            } else if rounded == after {
                Text::new(format!("{said},取整数 {shown}"), format!("{said}, in whole numbers {shown}"))
            } else {
                Text::new(format!("{said},合已知得 {shown}"), format!("{said}, with what was known {shown}"))
            }
        }
        None => {
            let after = interval_text(&writer.scaled(&step.after));
            let list = format!("{} ⇒ {after}", writer.list());
            match step.reason {
                Reason::Cases(_) => {
                    Text::new(format!("逐一试整数:{list}"), format!("by going through the whole numbers: {list}"))
                }
                _ => Text::new(format!("合起来:{list}"), format!("together: {list}")),
            }
        }
    }
}

/// One scale for all levels of a step, so that its numbers can be put into one another: the unit of the step's own cell, else of
/// the first cell with a unit.
fn scale(facts: &Facts, step: &Step) -> Rational {
    let all = std::iter::once(step.variable).chain(step.because.iter().map(|(v, _)| *v));
    let units: Vec<_> = all.filter_map(|v| facts.unit(v)).filter(|unit| unit.family != "percent").collect();
    match units.first() {
        Some(first) if units.iter().all(|unit| unit.family == first.family) => power_of_ten(-first.power),
        _ => integer(1),
    }
}

struct Writer<'a> {
    facts: &'a Facts<'a>,
    solution: &'a Solution,
    step: &'a Step,
    scale: Rational,
}

/// What a step computes, and the interval that comes out before it meets what is known already.
type Computed = Option<(String, Option<Interval>)>;

impl Writer<'_> {
    fn is_rate(&self, variable: VarId) -> bool {
        self.facts.unit(variable).is_none_or(|unit| unit.family == "percent")
    }

    fn scaled(&self, interval: &Interval) -> Interval {
        if self.is_rate(self.step.variable) { interval.clone() } else { interval.scale(&self.scale) }
    }

    /// The interval of a variable that the step used.
    fn used(&self, variable: VarId) -> Interval {
        let because = self.step.because.iter().find(|(v, _)| *v == variable).map(|(_, interval)| interval.clone());
        because.unwrap_or_else(|| match self.facts.system.variables.get(variable.0) {
            Some(known) => {
                known.printed.as_ref().map_or_else(|| known.natural.clone(), |printed| printed.interval.clone())
            }
            None => Interval::all(),
        })
    }

    fn shown(&self, variable: VarId) -> String {
        let used = self.used(variable);
        operand(&if self.is_rate(variable) { used } else { used.scale(&self.scale) })
    }

    fn form(&self, form: &Form) -> Computed {
        match form {
            Form::Rate { rate, part, whole, scale } => {
                self.rate(*rate, part.as_variable()?, whole.as_variable()?, scale)
            }
            Form::Linear { expression, within, .. } => self.linear(expression, within),
            Form::Ratio { part, whole, within } => {
                let (part, whole) = (part.as_variable()?, whole.as_variable()?);
                if self.step.variable == part {
                    let raw = self.used(whole).mul(within);
                    return Some((format!("{} × {}", self.shown(whole), operand(within)), Some(raw)));
                }
                let raw = self.used(part).div(within)?;
                (self.step.variable == whole)
                    .then(|| (format!("{} ÷ {}", self.shown(part), operand(within)), Some(raw)))
            }
            Form::RatioOrder { .. } | Form::Rank { .. } => None,
        }
    }

    fn rate(&self, rate: VarId, part: VarId, whole: VarId, scale: &Scale) -> Computed {
        let target = self.step.variable;
        let (r, p, w) = (self.used(rate), self.used(part), self.used(whole));
        let hundredth = Rational::new(1.into(), 100.into());
        let one = Interval::exact(integer(1));
        let (factor, factor_text) = match scale {
            Scale::Share { per } => {
                let text = if *per == integer(100) { format!("{} %", operand(&r)) } else { operand(&r) };
                (r.scale(&per.recip()), text)
            }
            Scale::Growth { years: 1 } => (r.scale(&hundredth).add(&one), format!("(1 + {} %)", operand(&r))),
            Scale::Growth { years } => {
                let text = format!("(1 + {} %)^{years}", operand(&r));
                let (p, w) = (self.shown(part), self.shown(whole));
                let text = if target == part {
                    format!("{w} × {text}")
                } else if target == whole {
                    format!("{p} ÷ {text}")
                } else {
                    format!("100 × (({p} ÷ {w})^(1/{years}) − 1)")
                };
                return Some((text, None));
            }
        };
        if target == part {
            return Some((format!("{} × {factor_text}", self.shown(whole)), Some(w.mul(&factor))));
        }
        if target == whole {
            return Some((format!("{} ÷ {factor_text}", self.shown(part)), Some(p.div(&factor)?)));
        }
        let quotient = p.div(&w)?;
        let (p, w) = (self.shown(part), self.shown(whole));
        Some(match scale {
            Scale::Share { per } if *per == integer(1) => (format!("{p} ÷ {w}"), Some(quotient)),
            Scale::Share { per } => (format!("{per} × {p} ÷ {w}"), Some(quotient.scale(per))),
            Scale::Growth { .. } => (format!("100 × ({p} ÷ {w} − 1)"), Some(quotient.sub(&one).scale(&integer(100)))),
        })
    }

    /// The variable's own term on one side, all others on the other.
    fn linear(&self, expression: &Linear, within: &Interval) -> Computed {
        let expression = expression.clone().merged();
        let own = expression.terms.iter().find(|(v, _)| *v == self.step.variable)?.1.clone();
        let share = own.recip();
        let constant = Interval::exact(expression.constant.clone());
        let mut raw = within.sub(&constant).scale(&share);
        let mut text = String::new();
        let fixed = &expression.constant * -&share;
        let scaled =
            |interval: &Interval, rate: bool| if rate { interval.clone() } else { interval.scale(&self.scale) };
        if fixed != integer(0) {
            text = operand(&scaled(&Interval::exact(fixed), self.is_rate(self.step.variable)));
        }
        let mut others: Vec<_> = expression.terms.iter().filter(|(v, _)| *v != self.step.variable).collect();
        others.sort_by_key(|(_, factor)| factor * &share > integer(0));
        for (v, factor) in others {
            let factor = factor * &share;
            raw = raw.sub(&self.used(*v).scale(&factor));
            let negative = factor > integer(0);
            let size = if negative { factor.clone() } else { -factor.clone() };
            text += match (text.is_empty(), negative) {
                (true, true) => "−",
                (true, false) => "",
                (false, true) => " − ",
                (false, false) => " + ",
            };
            if size != integer(1) {
                text += &format!("{size} × ");
            }
            text += &self.shown(*v);
        }
        let sided = match (&within.lower, &within.upper) {
            (Some(_), Some(_)) => "",
            (lower, _) if lower.is_some() == (own > integer(0)) => "≥ ",
            _ => "≤ ",
        };
        Some((format!("{sided}{text}"), Some(raw)))
    }

    /// What was used, by name.
    fn list(&self) -> String {
        let item = |(v, interval): &(VarId, Interval)| {
            let interval = if self.is_rate(*v) { interval.clone() } else { interval.scale(&self.scale) };
            format!("{} {}", self.solution.name(*v), equal(&interval))
        };
        self.step.because.iter().map(item).collect::<Vec<_>>().join("; ")
    }
}

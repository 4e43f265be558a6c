//! Steps of a proof as arithmetic that a reader can redo by hand.

use num_bigint::BigInt;

use super::supposed::plain;
use super::{Facts, Place};
use crate::precision::{
    Case, Combination, Ending, Form, Interval, Linear, Rational, Reason, Scale, Solution, Step, Term, VarId, decimal,
    integer, whole_multiples,
};
use crate::stats::power_of_ten;
use crate::text::Text;

/// Significant digits of intervals in proofs.
const DIGITS: u32 = 9;

/// An interval as people read it: `295`, `174–175`, `≥ 806`.
pub fn interval_text(interval: &Interval) -> String {
    let end = |value: &Option<Rational>, up| value.as_ref().map(|value| rounded(value, up));
    match (end(&interval.lower, false), end(&interval.upper, true)) {
        (Some(lower), Some(upper)) if lower == upper => minus(lower),
        (Some(lower), Some(upper)) => format!("{}–{}", minus(lower), minus(upper)),
        (Some(lower), None) => format!("≥ {}", minus(lower)),
        (None, Some(upper)) => format!("≤ {}", minus(upper)),
        (None, None) => "?".to_owned(),
    }
}

/// An end as it is shown: whole numbers in full, others in so many significant digits.
fn rounded(value: &Rational, up: bool) -> String {
    let whole = value.is_integer() && value.numer().bits() < LONG;
    if whole { value.numer().to_string() } else { decimal(value, DIGITS, up) }
}

/// Bits of a whole number that is no longer shown in full.
const LONG: u64 = 256;

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
    let text = exactly(interval);
    if interval.is_exact() && !text.starts_with('−') { text } else { format!("[{text}]") }
}

/// An interval to compute with: no digit is lost of what is one number, or has one end.
fn exactly(interval: &Interval) -> String {
    match (&interval.lower, &interval.upper) {
        (Some(lower), Some(upper)) if lower == upper => number_text(lower),
        (Some(lower), None) => format!("≥ {}", number_text(lower)),
        (None, Some(upper)) => format!("≤ {}", number_text(upper)),
        _ => interval_text(interval),
    }
}

/// The arithmetic of a step, and between what that shows the number to be.
pub fn arithmetic(facts: &Facts, solution: &Solution, step: &Step) -> (Text, Interval) {
    let one = said(facts, &step.reason);
    // What is no cell of its own is named beside the first cell that it uses.
    let mut used = std::iter::once(step.variable).chain(step.because.iter().map(|(v, _)| *v));
    let own = used.find_map(|v| facts.place(v));
    let writer = Writer { facts, solution, step, own, scale: scale(facts, step) };
    match one.and_then(|form| writer.form(form)) {
        Some((text, raw)) => {
            let after = writer.scaled(&step.after);
            let raw = raw.map(|raw| if writer.is_rate(step.variable) { raw } else { raw.scale(&writer.scale) });
            let whole = facts.system.variables.get(step.variable.0).is_some_and(|v| v.whole);
            let (Some(raw), shown) = (raw, interval_text(&after)) else {
                return (writer.against_known(text, &after), step.after.clone());
            };
            let strict = text.starts_with(['<', '>']);
            let same = text == equal(&raw) || text.replacen('<', "≤", 1).replacen('>', "≥", 1) == equal(&raw);
            let said = if same { text } else { format!("{text} {}", equal(&raw)) };
            let rounded = match whole {
                true => counted(&raw.scale(&writer.scale.recip()), strict).scale(&writer.scale),
                false => raw.clone(),
            };
            let paired = one.and_then(|form| writer.paired(form)).map(|paired| paired.scale(&writer.scale));
            let (alone, rounded) = match paired.filter(|paired| whole && !paired.encloses(&rounded)) {
                Some(paired) => (Some(rounded.clone()), rounded.intersect(&paired)),
                None => (None, rounded),
            };
            let own =
                if writer.is_rate(step.variable) { rounded.clone() } else { rounded.scale(&writer.scale.recip()) };
            let left = if writer.brings(&rounded, &after) { own } else { step.after.intersect(&own) };
            let text = if rounded.is_empty() && !raw.is_empty() {
                Text::new(format!("{said},其间没有整数"), format!("{said}: no whole number"))
            } else if after.is_empty() {
                writer.against_known(said, &after)
            } else if raw == after
                || interval_text(&raw) == shown
                || rounded == raw && (!rounded.encloses(&after) || writer.brings(&rounded, &after))
            {
                Text::same(said)
            } else if rounded == after || !rounded.encloses(&after) || writer.brings(&rounded, &after) {
                // An end that no later step needs may have been left out of the step.
                let shown = interval_text(&rounded);
                match alone {
                    // What rounding alone does not say: the other is a whole number, too.
                    Some(_) => Text::new(
                        format!("{said},以成对的整数计 {shown}"),
                        format!("{said}, in pairs of whole numbers {shown}"),
                    ),
                    None => Text::new(format!("{said},取整数 {shown}"), format!("{said}, in whole numbers {shown}")),
                }
            } else {
                Text::new(format!("{said},合已知得 {shown}"), format!("{said}, with what was known {shown}"))
            };
            (text, if left.is_empty() { step.after.clone() } else { left })
        }
        None => (writer.without_form(), step.after.clone()),
    }
}

/// What a reason that is no combination says.
fn said<'a>(facts: &'a Facts, reason: &'a Reason) -> Option<&'a Form> {
    match reason {
        Reason::Relation(id) => facts.system.relations.get(id.0).map(|relation| &relation.form),
        Reason::Implied(_, form) => Some(form.as_ref()),
        Reason::Together(_) | Reason::Cases(_) => None,
    }
}

/// What cannot hold although it is about no variable: `1 ≤ 0`.
fn of_numbers(facts: &Facts, ending: &Ending) -> Text {
    let Ending::Violated(reason, _) = ending else { return Text::default() };
    match said(facts, reason) {
        Some(Form::Linear { expression, within, strict }) => {
            let said = plain(&expression.constant, within, *strict);
            Text::new(format!("{said},不可能"), format!("{said}, which cannot be"))
        }
        _ => Text::default(),
    }
}

/// The contradiction that steps come to.
pub fn ending(facts: &Facts, solution: &Solution, ending: &Ending) -> Text {
    let ranges: Vec<(VarId, Interval)> = match ending {
        Ending::Empty(variable, range) => vec![(*variable, range.clone())],
        Ending::Violated(_, ranges) => ranges.clone(),
        Ending::Sum(sum) => {
            let terms = sum.terms.iter().flat_map(|term| &term.expression);
            terms.map(|(v, _)| (*v, Interval::all())).collect()
        }
        Ending::Cases(_) => Vec::new(),
    };
    let Some((variable, range)) = ranges.first().cloned() else { return of_numbers(facts, ending) };
    let reason = match ending {
        Ending::Violated(reason, _) => reason.clone(),
        Ending::Sum(sum) => Reason::Together(sum.clone()),
        _ => Reason::Cases(Vec::new()),
    };
    let step = Step { variable, before: Interval::all(), after: Interval::all(), reason, because: ranges };
    let writer = Writer { facts, solution, step: &step, own: None, scale: scale(facts, &step) };
    match ending {
        Ending::Empty(..) => {
            let range = writer.scaled(&range);
            match (&range.lower, &range.upper) {
                (Some(low), Some(high)) if low <= high => Text::new(
                    format!("{} 之间没有整数", interval_text(&range)),
                    format!("no whole number in {}", interval_text(&range)),
                ),
                (Some(low), Some(high)) => {
                    let (low, high) = (number_text(low), number_text(high));
                    Text::new(
                        format!("至少 {low},又至多 {high}:没有这样的数"),
                        format!("at least {low} and at most {high}: there is no such number"),
                    )
                }
                _ => Text::default(),
            }
        }
        Ending::Violated(reason, _) => writer.violated(said(facts, reason)),
        Ending::Sum(sum) => {
            let said = writer.sum(sum);
            Text::new(format!("{},不可能", said.zh), format!("{}, which cannot be", said.en))
        }
        Ending::Cases(_) => Text::default(),
    }
}

/// What a case supposes.
pub fn case(facts: &Facts, solution: &Solution, case: &Case) -> Text {
    let name = |v: VarId| solution.name(v).to_owned();
    let number = |v: VarId, value: &Rational| interval_text(&facts.in_unit(v, &Interval::exact(value.clone())));
    match case {
        Case::AtMost(v, value) => Text::same(format!("{} ≤ {}", name(*v), number(*v, value))),
        Case::AtLeast(v, value) => Text::same(format!("{} ≥ {}", name(*v), number(*v, value))),
        Case::NotAbove(a, b) => Text::same(format!("{} ≤ {}", name(*a), name(*b))),
        Case::Above(a, b) => Text::same(format!("{} > {}", name(*a), name(*b))),
    }
}

/// The whole numbers inside an interval; strictly inside, where it is of a strict relation.
fn counted(interval: &Interval, strict: bool) -> Interval {
    let whole = interval.whole();
    let past = |end: &Option<Rational>, own: &Option<Rational>, step: i64| {
        end.clone().map(|end| if strict && own.as_ref() == Some(&end) { end + integer(step) } else { end })
    };
    Interval { lower: past(&whole.lower, &interval.lower, 1), upper: past(&whole.upper, &interval.upper, -1) }
}

/// One scale for all levels of a step, so that its numbers can be put into one another: the unit of the step's own cell, else of
/// the first cell with a unit.
pub(super) fn scale(facts: &Facts, step: &Step) -> Rational {
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
    /// The cell beside which others are named; none where each has its full name.
    own: Option<Place>,
    scale: Rational,
}

/// Terms with their weights, added up: `1/2 × a − b`; `0` where there are none.
pub(super) fn weighted(terms: &[(Rational, String)]) -> String {
    let mut text = String::new();
    for (factor, term) in terms {
        let negative = *factor < integer(0);
        text += match (text.is_empty(), negative) {
            (true, true) => "−",
            (true, false) => "",
            (false, true) => " − ",
            (false, false) => " + ",
        };
        let size = if negative { -factor.clone() } else { factor.clone() };
        if size != integer(1) {
            text += &format!("{} × ", number_text(&size));
        }
        text += term;
    }
    if text.is_empty() { "0".to_owned() } else { text }
}

/// A number to compute with: a decimal where it is a short one, else a fraction, else rounded to the digits of intervals.
pub(super) fn number_text(value: &Rational) -> String {
    let (low, high) = (rounded(value, false), rounded(value, true));
    if low == high {
        return minus(low);
    }
    let fraction = value.to_string();
    if fraction.len() <= 2 * DIGITS as usize { minus(fraction) } else { minus(low) }
}

/// What growth in percent multiplies by over so many years.
fn compound(growth: &Interval, years: u32) -> Interval {
    let once = growth.scale(&Rational::new(1.into(), 100.into())).add(&Interval::exact(integer(1)));
    (0..years).fold(Interval::exact(integer(1)), |all, _| all.mul(&once))
}

/// What a step computes, and the interval that comes out before it meets what is known already.
type Computed = Option<(String, Option<Interval>)>;

impl Writer<'_> {
    /// The arithmetic of a step that rests on no single relation.
    fn without_form(&self) -> Text {
        match &self.step.reason {
            Reason::Together(sum) => self.sum(sum),
            _ if self.step.after.is_empty() => self.against_known(self.list(), &self.step.after),
            reason => {
                let list = format!("{} ⇒ {}", self.list(), interval_text(&self.scaled(&self.step.after)));
                match reason {
                    Reason::Cases(_) => {
                        Text::new(format!("排除界外之数:{list}"), format!("by ruling out what lies beyond: {list}"))
                    }
                    _ => Text::new(format!("合起来:{list}"), format!("together: {list}")),
                }
            }
        }
    }

    /// Whether an interval has the ends that the step brought in: the other end is known from elsewhere.
    fn brings(&self, found: &Interval, after: &Interval) -> bool {
        let Step { before, after: left, .. } = self.step;
        (left.lower == before.lower || found.lower == after.lower)
            && (left.upper == before.upper || found.upper == after.upper)
    }

    /// What a step found, where it leaves no number beside what was known.
    fn against_known(&self, said: String, after: &Interval) -> Text {
        if !after.is_empty() {
            return Text::same(said);
        }
        let known = interval_text(&self.scaled(&self.step.before));
        Text::new(format!("{said},与已知的 {known} 不合"), format!("{said}, against {known}"))
    }

    /// A relation that no numbers within the intervals used fit.
    fn violated(&self, form: Option<&Form>) -> Text {
        if let Some(Form::Linear { expression, within, .. }) = form
            && let Some(said) = self.indivisible(&expression.clone().merged(), within)
        {
            return said;
        }
        if let Some(Form::Linear { expression, within, strict }) = form
            && let expression = expression.clone().merged()
            && let Some((first, _)) = expression.terms.first()
            && expression.terms.iter().all(|(v, _)| self.is_rate(*v) == self.is_rate(*first))
        {
            let by = self.sigma(*first);
            let terms: Vec<(Rational, String)> =
                expression.terms.iter().map(|(v, factor)| (factor.clone(), self.shown(*v))).collect();
            let start = Interval::exact(integer(0));
            let all = expression.terms.iter().fold(start, |all, (v, factor)| all.add(&self.used(*v).scale(factor)));
            let wanted = within.sub(&Interval::exact(expression.constant.clone())).scale(&by);
            let (sum, found, wanted) = (weighted(&terms), exactly(&all.scale(&by)), exactly(&wanted));
            // Of a strict end the number itself is none.
            let wanted = if *strict { wanted.replace('≤', "<").replace('≥', ">") } else { wanted };
            let said = match () {
                () if sum == found || sum == format!("[{found}]") => found,
                () if found.starts_with(['≥', '≤']) => format!("{sum} {found}"),
                () => format!("{sum} = {found}"),
            };
            return Text::new(format!("{said},而应为 {wanted}"), format!("{said}, which must be {wanted}"));
        }
        let list = self.list();
        match form {
            Some(Form::Rate { .. } | Form::Ratio { .. }) => {
                Text::new(format!("{list}:没有以它为基数的比率"), format!("{list}: there is no rate of it"))
            }
            _ => Text::new(format!("{list}:关系不能成立"), format!("{list}: the relation cannot hold")),
        }
    }

    /// Counts that are taken so many times each add up to a multiple of what divides these; none is wanted.
    fn indivisible(&self, expression: &Linear, within: &Interval) -> Option<Text> {
        let counts = |v: &VarId| self.facts.system.variables.get(v.0).is_some_and(|v| v.whole);
        let whole = |(v, factor): &(VarId, Rational)| factor.is_integer() && counts(v);
        if expression.terms.is_empty() || !expression.terms.iter().all(whole) {
            return None;
        }
        let gcd = |all: BigInt, (_, factor): &(VarId, Rational)| num_integer::gcd(all, factor.numer().clone());
        let divisor = Rational::from_integer(expression.terms.iter().fold(BigInt::ZERO, gcd));
        let wanted = within.sub(&Interval::exact(expression.constant.clone()));
        if divisor <= integer(1) || !wanted.scale(&divisor.recip()).whole().is_empty() {
            return None;
        }
        let name = |v: VarId| self.solution.name(v).to_owned();
        let terms: Vec<_> = expression.terms.iter().map(|(v, factor)| (factor.clone(), name(*v))).collect();
        let (sum, by, wanted) = (weighted(&terms), number_text(&divisor), exactly(&wanted));
        Some(Text::new(
            format!("{sum} 是 {by} 的倍数,而应为 {wanted}"),
            format!("{sum} is a multiple of {by}, and must be {wanted}"),
        ))
    }

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
            Form::Linear { expression, within, strict } => self.linear(expression, within, *strict),
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
            Form::RatioOrder { levels, rates, rising } => {
                self.span(levels, rates).or_else(|| self.order(levels, *rising))
            }
            Form::Rank { of, among, .. } => self.rank(*of, among),
        }
    }

    /// Exactly so many of the others are above: what that says of one of them, by the one ranked, or the other way round.
    fn rank(&self, of: VarId, among: &[VarId]) -> Computed {
        let target = self.step.variable;
        let lower = self.step.after.lower != self.step.before.lower;
        let end = |interval: Interval| if lower { interval.lower } else { interval.upper };
        let reached = end(self.step.after.clone());
        // Over whole numbers what is strictly above is 1 more.
        let near = |v: &VarId| {
            let own = end(self.used(*v));
            own.as_ref()
                .zip(reached.as_ref())
                .is_some_and(|(a, b)| a == b || *a == b + integer(1) || *a == b - integer(1))
        };
        let others = among.iter().copied().filter(|v| *v != of);
        let by = if target == of { others.filter(near).min_by_key(|v| end(self.used(*v)) != reached)? } else { of };
        Some((self.against(by, !lower), None))
    }

    /// The end that a step brought in, as that of another variable.
    fn against(&self, by: VarId, upper: bool) -> String {
        let (text, end) = (format!("{} {}", if upper { "≤" } else { "≥" }, self.shown(by)), equal(&self.end(upper)));
        if text == end { text } else { format!("{text} {end}") }
    }

    /// Growth that rises: `b² ≤ a·c` for three levels in a row; that falls: `b² ≥ a·c`.
    fn order(&self, levels: &[VarId], rising: bool) -> Computed {
        let target = self.step.variable;
        let uses = |v: &VarId| *v == target || self.step.because.iter().any(|(used, _)| used == v);
        let [a, b, c] = *levels.windows(3).find(|three| three.iter().all(uses))? else { return None };
        let sign = if rising == (target == b) { "≤" } else { "≥" };
        let text = if target == b {
            format!("√({} × {})", self.shown(a), self.shown(c))
        } else {
            format!("{}² ÷ {}", self.shown(b), self.shown(if target == a { c } else { a }))
        };
        Some((format!("{sign} {text} {}", equal(&self.end(sign == "≤"))), None))
    }

    /// Compound growth over a span of levels, which is a helper: its own bounds, those that it gives the rates at its ends,
    /// or the levels.
    fn span(&self, levels: &[VarId], rates: &[VarId]) -> Computed {
        let target = self.step.variable;
        let used = |v: &VarId| self.step.because.iter().any(|(used, _)| used == v);
        let is_cell = |v: VarId| v.0 < self.facts.system.variables.len();
        let place = |v: VarId| levels.iter().position(|level| *level == v);
        let cells: Vec<usize> = levels.iter().filter(|v| used(v) || **v == target).filter_map(|v| place(*v)).collect();
        let mean = std::iter::once(target).chain(self.step.because.iter().map(|(v, _)| *v)).find(|v| !is_cell(*v))?;
        if rates.contains(&target) {
            return Some((self.against(mean, self.step.after.lower == self.step.before.lower), None));
        }
        let (&first, &last) = (cells.first()?, cells.last().filter(|last| cells.len() == 2 && **last > cells[0])?);
        let years = last - first;
        let (part, whole) = (self.shown(levels[last]), self.shown(levels[first]));
        if target == mean {
            let text = format!("100 × (({part} ÷ {whole})^(1/{years}) − 1)");
            return Some((format!("{text} {}", equal(&self.scaled(&self.step.after))), None));
        }
        let (factor, text) =
            (compound(&self.used(mean), years as u32), format!("(1 + {} %)^{years}", self.shown(mean)));
        if target == levels[last] {
            return Some((format!("{whole} × {text}"), Some(self.used(levels[first]).mul(&factor))));
        }
        Some((format!("{part} ÷ {text}"), Some(self.used(levels[last]).div(&factor)?)))
    }

    /// The end that a step brought in.
    fn end(&self, upper: bool) -> Interval {
        let Interval { lower, upper: high } = self.scaled(&self.step.after);
        if upper { Interval { lower: None, upper: high } } else { Interval { lower, upper: None } }
    }

    /// What a rate multiplies its whole by.
    fn factor(&self, rate: VarId, scale: &Scale) -> Interval {
        match scale {
            Scale::Share { per } => self.used(rate).scale(&per.recip()),
            Scale::Growth { years } => compound(&self.used(rate), *years),
        }
    }

    fn rate(&self, rate: VarId, part: VarId, whole: VarId, scale: &Scale) -> Computed {
        let target = self.step.variable;
        let (r, p, w) = (self.used(rate), self.used(part), self.used(whole));
        let one = Interval::exact(integer(1));
        let factor = self.factor(rate, scale);
        let factor_text = match scale {
            Scale::Share { per } if *per == integer(100) => format!("{} %", operand(&r)),
            Scale::Share { .. } => operand(&r),
            Scale::Growth { years: 1 } => format!("(1 + {} %)", operand(&r)),
            Scale::Growth { years } => {
                if target == rate {
                    let (p, w) = (self.shown(part), self.shown(whole));
                    return Some((format!("100 × (({p} ÷ {w})^(1/{years}) − 1)"), None));
                }
                format!("(1 + {} %)^{years}", operand(&r))
            }
        };
        if target == part {
            return Some((format!("{} × {factor_text}", self.shown(whole)), Some(w.mul(&factor))));
        }
        let Step { before, after, .. } = self.step;
        let is_base = after.lower == Some(integer(1)) && after.upper == before.upper;
        if target == whole && is_base && self.step.because.iter().any(|(used, _)| *used == whole) {
            // The base of a rate that exists.
            return Some(("> 0".to_owned(), Some(Interval { lower: Some(integer(0)), upper: None })));
        }
        if target == whole {
            return Some((format!("{} ÷ {factor_text}", self.shown(part)), Some(p.div(&factor)?)));
        }
        let counts = self.facts.system.variables.get(whole.0).is_some_and(|whole| whole.whole);
        let w = if counts && w.lower == Some(integer(0)) { Interval { lower: Some(integer(1)), ..w } } else { w };
        let quotient = p.div(&w)?;
        let w = operand(&if self.is_rate(whole) { w } else { w.scale(&self.scale) });
        let p = self.shown(part);
        Some(match scale {
            Scale::Share { per } if *per == integer(1) => (format!("{p} ÷ {w}"), Some(quotient)),
            Scale::Share { per } => (format!("{per} × {p} ÷ {w}"), Some(quotient.scale(per))),
            Scale::Growth { .. } => (format!("100 × ({p} ÷ {w} − 1)"), Some(quotient.sub(&one).scale(&integer(100)))),
        })
    }

    /// What is left of a count by a rate where the count that this is taken of is whole, too.
    fn paired(&self, form: &Form) -> Option<Interval> {
        let (quotient, part, whole) = match form {
            Form::Rate { rate, part, whole, scale } => (self.factor(*rate, scale), part, whole),
            Form::Ratio { part, whole, within } => (within.clone(), part, whole),
            _ => return None,
        };
        let (part, whole) = (part.as_variable()?, whole.as_variable()?);
        let counts = |v: VarId| self.facts.system.variables.get(v.0).is_some_and(|v| v.whole);
        if !counts(part) || !counts(whole) || quotient.lower.as_ref().is_none_or(|low| *low <= integer(0)) {
            return None;
        }
        let turned = Interval::exact(integer(1)).div(&quotient)?;
        match self.step.variable {
            v if v == part => Some(whole_multiples(&self.used(whole), &quotient)),
            v if v == whole => Some(whole_multiples(&self.used(part), &turned)),
            _ => None,
        }
    }

    /// The variable's own term on one side, all others on the other.
    fn linear(&self, expression: &Linear, within: &Interval, strict: bool) -> Computed {
        let expression = expression.clone().merged();
        let own = expression.terms.iter().find(|(v, _)| *v == self.step.variable).map(|(_, own)| own.clone())?;
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
            (lower, _) => match (lower.is_some() == (own > integer(0)), strict) {
                (true, false) => "≥ ",
                (true, true) => "> ",
                (false, false) => "≤ ",
                (false, true) => "< ",
            },
        };
        let text = if text.is_empty() { "0" } else { &text };
        Some((format!("{sided}{text}"), Some(raw)))
    }

    /// What a level of a variable is multiplied by to be shown.
    fn sigma(&self, variable: VarId) -> Rational {
        if self.is_rate(variable) { integer(1) } else { self.scale.clone() }
    }

    /// A weighted sum, as an identity and as what its ends come to.
    fn sum(&self, sum: &Combination) -> Text {
        let own = self.sigma(sum.left.first().map_or(self.step.variable, |(v, _)| *v));
        let mut terms = Vec::new();
        let mut ends = Vec::new();
        // An expression that has a name stands for itself: what defines it is no term.
        let mut left = Linear { terms: sum.left.clone(), ..Linear::default() };
        let defined = |term: &&Term| {
            let named = |v: VarId| self.facts.place(v).is_none() && v.0 < self.facts.system.variables.len();
            let same = |(v, _): &(VarId, Rational)| named(*v) && sum.left.iter().any(|(own, _)| own == v);
            term.end == integer(0) && term.expression.iter().any(same)
        };
        for term in sum.terms.iter().filter(defined) {
            let moved = Linear { terms: term.expression.clone(), ..Linear::default() };
            left = left.minus(&moved.times(&term.factor)).merged();
        }
        for term in sum.terms.iter().filter(|term| !defined(term)) {
            let scaled = term.expression.iter().any(|(v, _)| !self.is_rate(*v));
            let scale = if scaled { self.scale.clone() } else { integer(1) };
            let factor = &term.factor * &own / &scale;
            let end = &term.end * &scale;
            terms.push((factor.clone(), self.expression(&term.expression, &scale)));
            if end != integer(0) {
                ends.push((factor, number_text(&end)));
            }
        }
        let end = &sum.end * &own;
        let sign = match (sum.upper, sum.left.is_empty() && end == integer(0)) {
            (_, true) => "<",
            (true, false) => "≤",
            (false, false) => "≥",
        };
        let left = self.expression(&left.terms, &own);
        let left = left.strip_prefix('(').and_then(|left| left.strip_suffix(')')).unwrap_or(&left).to_owned();
        let mut said = format!("{left} = {} {sign} {}", weighted(&terms), weighted(&ends));
        let total = number_text(&end);
        if !said.ends_with(&format!("{sign} {total}")) {
            said += &format!(" = {total}");
        }
        let after = self.scaled(&self.step.after);
        let reached = if sum.upper { after.upper } else { after.lower };
        let Some(reached) = reached else { return Text::same(said) };
        let shown = number_text(&reached);
        if sum.rate.is_some() {
            let name = self.solution.name(self.step.variable);
            let shown = minus(decimal(&reached, DIGITS, sum.upper));
            return Text::new(format!("{said},故 {name} {sign} {shown}"), format!("{said}, so {name} {sign} {shown}"));
        }
        if reached == end {
            return Text::same(said);
        }
        Text::new(format!("{said},取整数 {sign} {shown}"), format!("{said}, in whole numbers {sign} {shown}"))
    }

    /// Variables with their factors, shown in a scale; in brackets where there are several.
    fn expression(&self, terms: &[(VarId, Rational)], scale: &Rational) -> String {
        let shown: Vec<(Rational, String)> =
            terms.iter().map(|(v, factor)| (factor * scale / self.sigma(*v), self.short(*v))).collect();
        let text = weighted(&shown);
        if shown.len() > 1 { format!("({text})") } else { text }
    }

    /// The name of a variable, without what it shares with the step's own.
    fn short(&self, variable: VarId) -> String {
        let name = self.solution.name(variable);
        let (Some(own), Some(place)) = (self.own, self.facts.place(variable)) else {
            return name.to_owned();
        };
        if own.table != place.table {
            return name.to_owned();
        }
        let table = &self.facts.tables[place.table];
        let key = Some(table.key_text(place.row)).filter(|key| !key.is_empty()).map(|key| format!("[{key}]"));
        let period = |row: usize| &table.dataset.periods[row];
        let measure = if own.column == place.column { "" } else { table.columns[place.column].key.as_str() };
        let short = format!("{measure}{}", key.unwrap_or_default());
        if short.is_empty() || period(own.row) != period(place.row) {
            return format!("{short}@{}", period(place.row));
        }
        short
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

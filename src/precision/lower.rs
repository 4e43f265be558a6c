//! A [`System`] brought into the few rules that the solver knows: rows, rates between three variables, ratio orders of
//! three levels, ranks. Sums inside a ratio become helper variables with a name of their own.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use num_bigint::BigInt;
use num_integer::Integer;

use super::num::{Num, pow, power_of_ten, root, round_to};
use super::question::ASKED;
use super::{Basis, Form, Interval, Linear, Number, Printed, Rational, Scale, System, VarId, integer};

/// The intervals of a printed number, as the solver uses them.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) interval: Interval<Num>,
    pub(super) accusing: Option<Interval<Num>>,
    pub(super) unit: Num,
    pub(super) basis: Basis,
}

impl Fact {
    pub(super) fn of(printed: &Printed) -> Fact {
        Fact {
            interval: ends(&printed.interval),
            accusing: printed.accusing.as_ref().map(ends),
            unit: Num::from_rational(&printed.unit),
            basis: printed.format.basis,
        }
    }
}

/// A variable of the lowered system; those past the system's own are helpers.
#[derive(Clone, Debug)]
pub(super) struct Quantity {
    pub(super) name: String,
    pub(super) natural: Interval<Num>,
    pub(super) whole: bool,
    pub(super) fact: Option<Fact>,
    /// Whether its printed ends were too long to be taken as they are: no bound that rests on them is called least.
    pub(super) loose: bool,
}

/// `lower ≤ Σ factor·variable ≤ upper`, without the ends when strict.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) terms: Vec<(usize, Num)>,
    pub(super) within: Interval<Num>,
    pub(super) strict: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Row(Row),
    Rate {
        rate: usize,
        part: usize,
        whole: usize,
        scale: Reading,
    },
    /// `x₁² ≤ x₀·x₂` when rising, `≥` when not.
    Order {
        levels: [usize; 3],
        rising: bool,
    },
    /// From `least` to `most` strictly above, of which `over` are known to be and `under` known not to be.
    Rank {
        of: usize,
        open: Vec<usize>,
        least: usize,
        most: usize,
        over: Vec<usize>,
        under: Vec<usize>,
    },
    /// Cannot hold whatever the numbers are.
    Never,
}

/// A [`Scale`] over the solver's numbers.
#[derive(Clone, Debug)]
pub(super) enum Reading {
    Share(Num),
    Growth(u32),
}

impl Reading {
    /// The quotients that rates in an interval stand for.
    pub(super) fn quotient(&self, rate: &Interval<Num>) -> Interval<Num> {
        match self {
            Reading::Share(per) => rate.scale(&Num::ONE.div(per).unwrap_or(Num::ZERO)),
            Reading::Growth(years) => {
                let factor = rate.scale(&Num::Small(1, 100)).add(&Interval::exact(Num::ONE));
                if *years == 1 {
                    return factor;
                }
                let factor = factor.intersect(&Interval::non_negative());
                let raise = |end: Option<Num>| end.map(|value| pow(&value, *years));
                Interval { lower: raise(factor.lower), upper: raise(factor.upper) }
            }
        }
    }

    /// The rates that quotients in an interval stand for, rounded outward where a root is not rational.
    pub(super) fn rate(&self, quotient: &Interval<Num>) -> Interval<Num> {
        match self {
            Reading::Share(per) => quotient.scale(per),
            Reading::Growth(1) => quotient.sub(&Interval::exact(Num::ONE)).scale(&Num::int(100)),
            Reading::Growth(years) => {
                let quotient = quotient.intersect(&Interval::non_negative());
                let take = |end: Option<Num>, up| end.map(|value| root(&value, *years, up, 20));
                let factor = Interval { lower: take(quotient.lower, false), upper: take(quotient.upper, true) };
                factor.sub(&Interval::exact(Num::ONE)).scale(&Num::int(100))
            }
        }
    }

    /// The rate of one quotient where it is rational.
    pub(super) fn exact_rate(&self, quotient: &Num) -> Option<Num> {
        let rate = self.rate(&Interval::exact(quotient.clone()));
        if rate.is_exact() { rate.lower } else { None }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) relation: usize,
    /// The relations that it follows from besides.
    pub(super) needs: Vec<usize>,
    /// The level that has to be above 0 for it to follow, and the rate that says so where it is printed.
    pub(super) given: Option<[usize; 2]>,
    pub(super) kind: Kind,
    /// Whether the other rules say it too: it brings bounds in sooner, and no numbers need be tried against it.
    pub(super) implied: bool,
    /// Whether it never accuses.
    pub(super) about: bool,
}

impl Rule {
    /// A rule that a relation itself is.
    pub(super) fn of(relation: usize, kind: Kind) -> Rule {
        Rule { relation, needs: Vec::new(), given: None, kind, implied: false, about: false }
    }

    /// A rule that this one implies, with others.
    fn implying(&self, needs: Vec<usize>, row: Row) -> Rule {
        Rule { needs, given: None, kind: Kind::Row(row), implied: true, ..*self }
    }

    /// The relations that it follows from.
    pub(super) fn relations(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::once(self.relation).chain(self.needs.iter().copied())
    }
}

/// The rate of two quantities among some rules.
#[derive(Clone, Copy)]
struct RateOf<'a> {
    relation: usize,
    rate: usize,
    part: usize,
    whole: usize,
    scale: &'a Reading,
}

/// The whole system, lowered.
#[derive(Debug, Default)]
pub(super) struct Lowered {
    pub(super) quantities: Vec<Quantity>,
    pub(super) rules: Vec<Rule>,
    /// Relations that name a variable that is not there: passed by.
    pub(super) ignored: Vec<usize>,
    /// Of each relation the first of its statement: a chain of comparisons is several in a row, of one name.
    pub(super) statement: Vec<usize>,
    /// Of each quantity, and of each rule, its place in an order that does not depend on how the system is written down.
    pub(super) order: [Vec<usize>; 2],
}

/// Years of compound growth beyond which a relation is refused: powers of that size prove nothing.
const MOST_YEARS: u32 = 200;

/// Levels in a row up to which all spans among them are gone through, and up to which those from the first or to the last are.
const FEW_LEVELS: usize = 12;
const MOST_LEVELS: usize = 60;

/// Bits beyond which given bounds are rounded outward, and relations with such a factor are passed by.
const MOST_BITS: u64 = 2048;

fn ends(interval: &Interval) -> Interval<Num> {
    let take = |end: &Option<Rational>, up| end.as_ref().and_then(|value| given(value, up));
    Interval { lower: take(&interval.lower, false), upper: take(&interval.upper, true) }
}

/// A given end at a length that can be computed with: rounded outward, without end where it is astronomic.
fn given(value: &Rational, up: bool) -> Option<Num> {
    if short(value) {
        return Some(Num::from_rational(value));
    }
    let (n, d) = (value.numer().bits(), value.denom().bits());
    let positive = Number::signum(value) > 0;
    let sign = integer(if positive { 1 } else { -1 });
    if n > d + MOST_BITS {
        return (positive != up).then(|| Num::from_rational(&(sign * power_of_ten(500))));
    }
    if d > n + MOST_BITS {
        let least = if positive == up { sign * power_of_ten(-500) } else { integer(0) };
        return Some(Num::from_rational(&least));
    }
    Some(Num::from_rational(&round_to(value, 60, up)))
}

fn brief(interval: &Interval) -> bool {
    [&interval.lower, &interval.upper].into_iter().flatten().all(short)
}

fn short(value: &Rational) -> bool {
    value.numer().bits() + value.denom().bits() <= MOST_BITS
}

impl Lowered {
    pub(super) fn new(system: &System) -> Lowered {
        let mut lowered = Lowered::default();
        for variable in &system.variables {
            lowered.quantities.push(Quantity {
                name: variable.name.clone(),
                natural: ends(&variable.natural),
                whole: variable.whole,
                loose: variable.printed.as_ref().is_some_and(|p| !brief(&p.interval)) || !brief(&variable.natural),
                fact: variable.printed.as_ref().map(Fact::of),
            });
        }
        for (id, relation) in system.relations.iter().enumerate() {
            if valid(&relation.form, system.variables.len()) {
                let from = lowered.rules.len();
                lowered.relation(id, &relation.form);
                lowered.rules[from..].iter_mut().for_each(|rule| rule.about = relation.about);
            } else {
                lowered.ignored.push(id);
            }
        }
        for (id, relation) in system.relations.iter().enumerate() {
            let before = id.checked_sub(1).filter(|before| system.relations[*before].name == relation.name);
            let first = before.filter(|_| relation.name != ASKED).map(|before| lowered.statement[before]);
            lowered.statement.push(first.unwrap_or(id));
        }
        let implied = [lowered.signs(), lowered.strict(), lowered.shares()].concat();
        lowered.rules.extend(implied);
        lowered.number();
        lowered
    }

    /// The rates that are one year's growth, or shares.
    fn rates(&self) -> impl Iterator<Item = RateOf<'_>> {
        self.rules.iter().filter_map(|rule| match &rule.kind {
            Kind::Rate { rate, part, whole, scale } if !matches!(scale, Reading::Growth(2..)) => {
                Some(RateOf { relation: rule.relation, rate: *rate, part: *part, whole: *whole, scale })
            }
            _ => None,
        })
    }

    /// Growth between levels of which one is at least the other is not below 0, or not above it.
    fn signs(&self) -> Vec<Rule> {
        let growth = self.rates().filter(|of| matches!(of.scale, Reading::Growth(1)));
        let rates: HashMap<(usize, usize), RateOf> = growth.map(|of| ((of.part, of.whole), of)).collect();
        let sign = |rule: &Rule| {
            let (low, high, strict) = ordered(rule)?;
            let (of, within) = match (rates.get(&(high, low)), rates.get(&(low, high))) {
                (Some(of), _) => (of, Interval { lower: Some(Num::ZERO), upper: None }),
                (_, Some(of)) => (of, Interval { lower: None, upper: Some(Num::ZERO) }),
                _ => return None,
            };
            Some(rule.implying(vec![of.relation], Row { terms: vec![(of.rate, Num::ONE)], within, strict }))
        };
        self.rules.iter().filter_map(sign).collect()
    }

    /// A rate strictly beyond a number has a part strictly beyond so much of its whole: a rate that a relation is about exists,
    /// so its whole is above 0. Without this the end itself would be met, where the closure has it.
    fn strict(&self) -> Vec<Rule> {
        let rates: HashMap<usize, RateOf> = self.rates().map(|of| (of.rate, of)).collect();
        let row = |rule: &Rule| {
            let Kind::Row(Row { terms, within, strict: true }) = &rule.kind else { return None };
            let [(rate, factor)] = terms.as_slice() else { return None };
            let RateOf { relation, part, whole, scale, .. } = rates.get(rate).filter(|of| of.part != of.whole)?;
            let quotient = scale.quotient(&within.scale(&Num::ONE.div(factor)?));
            let (end, sign) = match (quotient.lower, quotient.upper) {
                (Some(end), None) => (end, -1),
                (None, Some(end)) => (end, 1),
                _ => return None,
            };
            // end = p ÷ q: over whole numbers the row q·part − p·whole is one of whole factors.
            let end = end.to_rational();
            let integer = |value: &BigInt, sign| Num::from_rational(&(Rational::from_integer(value * sign)));
            let (p, q) = (integer(end.numer(), -sign), integer(end.denom(), sign));
            let counts = self.quantities[*part].whole && self.quantities[*whole].whole;
            let row = Row {
                terms: [(*part, q), (*whole, p)].into_iter().filter(|(_, factor)| !factor.is_zero()).collect(),
                within: Interval { lower: None, upper: Some(Num::ZERO) },
                strict: true,
            };
            Some(rule.implying(vec![*relation], if counts { tighten(row) } else { row }))
        };
        self.rules.iter().filter_map(row).collect()
    }

    /// A part that grows more than its whole has a larger share of it, and the other way round.
    fn shares(&self) -> Vec<Rule> {
        let growth: HashMap<usize, RateOf> =
            self.rates().filter(|of| matches!(of.scale, Reading::Growth(1))).map(|of| (of.rate, of)).collect();
        let shares: HashMap<(usize, usize), RateOf> = self
            .rates()
            .filter(|of| matches!(of.scale, Reading::Share(_)) && of.part != of.whole)
            .map(|of| ((of.part, of.whole), of))
            .collect();
        let row = |rule: &Rule| {
            let (slow, fast, strict) = ordered(rule)?;
            let (slow, fast) = (growth.get(&slow)?, growth.get(&fast)?);
            let of = |part: usize, whole: usize| shares.get(&(part, whole)).copied();
            let part = of(fast.whole, slow.whole).zip(of(fast.part, slow.part));
            let whole = of(slow.part, fast.part).zip(of(slow.whole, fast.whole));
            let (less, more) = part.or(whole)?;
            let later = if part.is_some() { more } else { less };
            let row = Row {
                terms: vec![(less.rate, Num::ONE), (more.rate, Num::int(-1))],
                within: Interval { lower: None, upper: Some(Num::ZERO) },
                strict,
            };
            let needs = vec![slow.relation, fast.relation, less.relation, more.relation];
            let alike = matches!((less.scale, more.scale), (Reading::Share(a), Reading::Share(b)) if a == b);
            let rule = Rule { given: Some([later.whole, later.rate]), ..rule.implying(needs, row) };
            alike.then_some(rule)
        };
        self.rules.iter().filter_map(row).collect()
    }

    /// Puts quantities in the order of their names, and rules in that of their quantities.
    fn number(&mut self) {
        let place = |mut order: Vec<usize>, by: &dyn Fn(usize, usize) -> std::cmp::Ordering| {
            order.sort_by(|a, b| by(*a, *b));
            let mut places = vec![0; order.len()];
            order.iter().enumerate().for_each(|(place, id)| places[*id] = place);
            places
        };
        let name = |q: usize| self.quantities[q].name.as_str();
        let quantities = place((0..self.quantities.len()).collect(), &|a, b| name(a).cmp(name(b)));
        let key = |rule: &Rule| {
            let kind = match &rule.kind {
                Kind::Row(_) => 0,
                Kind::Rate { .. } => 1,
                Kind::Order { .. } => 2,
                Kind::Rank { .. } => 3,
                Kind::Never => 4,
            };
            (rule.kind.variables().into_iter().map(|v| quantities[v]).collect::<Vec<_>>(), kind)
        };
        let keys: Vec<_> = self.rules.iter().map(key).collect();
        let rules = place((0..self.rules.len()).collect(), &|a, b| keys[a].cmp(&keys[b]));
        self.order = [quantities, rules];
    }

    fn relation(&mut self, relation: usize, form: &Form) {
        match form {
            Form::Linear { expression, within, strict } => {
                self.row(relation, expression, &ends(within), *strict);
            }
            Form::Ratio { part, whole, within } => {
                let rate = self.helper(format!("{} ÷ {}", self.text(part), self.text(whole)), ends(within), false);
                let (part, whole) = (self.single(relation, part), self.single(relation, whole));
                self.push(relation, Kind::Rate { rate, part, whole, scale: Reading::Share(Num::ONE) });
            }
            Form::Rate { rate, part, whole, scale } => {
                let scale = match scale {
                    Scale::Share { per } => Reading::Share(Num::from_rational(per)),
                    Scale::Growth { years } => Reading::Growth(*years),
                };
                let (part, whole) = (self.single(relation, part), self.single(relation, whole));
                self.push(relation, Kind::Rate { rate: rate.0, part, whole, scale });
            }
            Form::RatioOrder { levels, rates, rising } => {
                for triple in levels.windows(3) {
                    let levels = [triple[0].0, triple[1].0, triple[2].0];
                    self.push(relation, Kind::Order { levels, rising: *rising });
                }
                if levels.len() <= MOST_LEVELS && rates.len() + 1 == levels.len() {
                    self.spans(relation, levels, rates, *rising);
                }
            }
            Form::Rank { of, among, ranks } => self.rank(relation, *of, among, ranks),
        }
    }

    fn push(&mut self, relation: usize, kind: Kind) {
        self.rules.push(Rule::of(relation, kind));
    }

    /// Compound growth over each span of at least two periods lies between the first rate of the span and the last.
    fn spans(&mut self, relation: usize, levels: &[VarId], rates: &[VarId], rising: bool) {
        let from = self.rules.len();
        for first in 0..levels.len() {
            for last in first + 2..levels.len() {
                if levels.len() > FEW_LEVELS && first > 0 && last + 1 < levels.len() {
                    continue;
                }
                let (whole, part) = (levels[first].0, levels[last].0);
                let name = format!("cagr({}, {})", self.quantities[whole].name, self.quantities[part].name);
                let least = Interval { lower: Some(Num::int(-100)), upper: None };
                let mean = self.helper(name, least, false);
                let scale = Reading::Growth((last - first) as u32);
                self.push(relation, Kind::Rate { rate: mean, part, whole, scale });
                let ends = [rates[first], VarId(mean), rates[last - 1]];
                for pair in ends.windows(2) {
                    let (low, high) = if rising { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
                    let within = Interval { lower: None, upper: Some(Num::ZERO) };
                    self.row(relation, &Linear::from(low).minus(&high.into()), &within, false);
                }
            }
        }
        self.rules[from..].iter_mut().for_each(|rule| rule.implied = true);
    }

    fn helper(&mut self, name: String, natural: Interval<Num>, whole: bool) -> usize {
        self.quantities.push(Quantity { name, natural, whole, fact: None, loose: false });
        self.quantities.len() - 1
    }

    /// The variable that an expression is, or a helper made equal to it.
    fn single(&mut self, relation: usize, expression: &Linear) -> usize {
        let expression = expression.clone().merged();
        if let Some(variable) = expression.as_variable() {
            return variable.0;
        }
        let whole = expression.constant.is_integer()
            && expression.terms.iter().all(|(v, a)| a.is_integer() && self.quantities[v.0].whole);
        let helper = self.helper(self.text(&expression), Interval::all(), whole);
        self.row(relation, &expression.minus(&VarId(helper).into()), &Interval::exact(Num::ZERO), false);
        helper
    }

    fn text(&self, expression: &Linear) -> String {
        let mut parts = Vec::new();
        for (v, a) in &expression.terms {
            let name = self.quantities.get(v.0).map_or("?", |q| q.name.as_str());
            match Num::from_rational(a) {
                Num::Small(1, 1) => parts.push(format!("+ {name}")),
                Num::Small(-1, 1) => parts.push(format!("− {name}")),
                _ => parts.push(format!("+ {a}·{name}")),
            }
        }
        let constant = Num::from_rational(&expression.constant);
        if !constant.is_zero() || parts.is_empty() {
            parts.push(format!("+ {}", expression.constant));
        }
        let text = parts.join(" ");
        let text = text.strip_prefix("+ ").unwrap_or(&text);
        if parts.len() > 1 { format!("({text})") } else { text.to_owned() }
    }

    fn row(&mut self, relation: usize, expression: &Linear, within: &Interval<Num>, strict: bool) {
        let expression = expression.clone().merged();
        let within = within.sub(&Interval::exact(Num::from_rational(&expression.constant)));
        let terms: Vec<(usize, Num)> = expression.terms.iter().map(|(v, a)| (v.0, Num::from_rational(a))).collect();
        if terms.is_empty() {
            let zero = within.contains(&Num::ZERO);
            let on_end = [&within.lower, &within.upper].iter().any(|end| end.as_ref().is_some_and(Num::is_zero));
            if !zero || (strict && on_end) {
                self.push(relation, Kind::Never);
            }
            return;
        }
        let counts = terms.iter().all(|(v, a)| a.is_integer() && self.quantities[*v].whole);
        let row = if counts { tighten(Row { terms, within, strict }) } else { Row { terms, within, strict } };
        self.push(relation, Kind::Row(row));
    }

    fn rank(&mut self, relation: usize, of: VarId, among: &[VarId], ranks: &RangeInclusive<usize>) {
        let mut others: Vec<VarId> = among.iter().copied().filter(|other| *other != of).collect();
        others.sort_unstable();
        others.dedup();
        let (least, last) = (ranks.start().saturating_sub(1), (*ranks.end()).min(others.len() + 1));
        let Some(most) = last.checked_sub(1).filter(|most| least <= *most) else {
            self.push(relation, Kind::Never);
            return;
        };
        if most == 0 || least == others.len() {
            for other in others {
                let (low, high) = if most == 0 { (other, of) } else { (of, other) };
                let within = Interval { lower: None, upper: Some(Num::ZERO) };
                self.row(relation, &Linear::from(low).minus(&high.into()), &within, most > 0);
            }
            return;
        }
        if least == 0 && most == others.len() {
            return;
        }
        let open = others.iter().map(|other| other.0).collect();
        self.push(relation, Kind::Rank { of: of.0, open, least, most, over: Vec::new(), under: Vec::new() });
    }
}

/// Two variables of which a rule says that the first is at most the second, and whether it is less.
fn ordered(rule: &Rule) -> Option<(usize, usize, bool)> {
    let Kind::Row(Row { terms, within, strict }) = &rule.kind else { return None };
    let [(a, x), (b, y)] = terms.as_slice() else { return None };
    let upper = within.upper.as_ref().filter(|end| end.sign() <= 0 && within.lower.is_none())?;
    let strict = *strict || upper.sign() < 0;
    match (x.sign(), y.sign()) {
        (1, -1) if *x == y.neg() => Some((*a, *b, strict)),
        (-1, 1) if *y == x.neg() => Some((*b, *a, strict)),
        _ => None,
    }
}

/// Over whole numbers with whole factors the ends are whole, and strict ends move by one; of factors that share a divisor the
/// sum is a multiple of it.
fn tighten(mut row: Row) -> Row {
    let divisor = row.terms.iter().fold(BigInt::ZERO, |all, (_, factor)| all.gcd(factor.to_rational().numer()));
    if divisor > BigInt::from(1) {
        let by = Num::from_rational(&Rational::from_integer(divisor)).recip().unwrap_or(Num::ONE);
        row.terms.iter_mut().for_each(|(_, factor)| *factor = factor.mul(&by));
        row.within = row.within.scale(&by);
    }
    let step = if row.strict { Num::ONE } else { Num::ZERO };
    let lower = row.within.lower.map(|end| if row.strict { end.floor().add(&step) } else { end.ceil() });
    let upper = row.within.upper.map(|end| if row.strict { end.ceil().sub(&step) } else { end.floor() });
    Row { terms: row.terms, within: Interval { lower, upper }, strict: false }
}

/// The row that says whether `other` is strictly above `of`, or is not.
pub(super) fn above(of: usize, other: usize, counts: bool, is: bool) -> Row {
    let terms = vec![(of, Num::int(-1)), (other, Num::ONE)];
    let within = match is {
        true => Interval { lower: Some(Num::ZERO), upper: None },
        false => Interval { lower: None, upper: Some(Num::ZERO) },
    };
    let row = Row { terms, within, strict: is };
    if counts { tighten(row) } else { row }
}

fn valid(form: &Form, count: usize) -> bool {
    let known = |v: &VarId| v.0 < count;
    let linear = |e: &Linear| short(&e.constant) && e.terms.iter().all(|(v, a)| known(v) && short(a));
    match form {
        Form::Linear { expression, within, .. } => linear(expression) && brief(within),
        Form::Ratio { part, whole, within } => linear(part) && linear(whole) && brief(within),
        Form::Rate { rate, part, whole, scale } => {
            let readable = match scale {
                Scale::Share { per } => Number::signum(per) > 0 && short(per),
                Scale::Growth { years } => (1..=MOST_YEARS).contains(years),
            };
            readable && known(rate) && linear(part) && linear(whole)
        }
        Form::RatioOrder { levels, rates, .. } => levels.iter().chain(rates).all(known),
        Form::Rank { of, among, .. } => known(of) && among.iter().all(known),
    }
}

impl Kind {
    /// The variables of a rule, in order of mention.
    pub(super) fn variables(&self) -> Vec<usize> {
        match self {
            Kind::Row(row) => row.terms.iter().map(|(v, _)| *v).collect(),
            Kind::Rate { rate, part, whole, .. } => vec![*rate, *part, *whole],
            Kind::Order { levels, .. } => levels.to_vec(),
            Kind::Rank { of, open, over, under, .. } => {
                std::iter::once(of).chain(open).chain(over).chain(under).copied().collect()
            }
            Kind::Never => Vec::new(),
        }
    }

    /// The same rule with its variables renamed.
    pub(super) fn renamed(&self, name: &impl Fn(usize) -> usize) -> Kind {
        let all = |list: &[usize]| list.iter().map(|v| name(*v)).collect::<Vec<_>>();
        match self {
            Kind::Row(row) => Kind::Row(Row {
                terms: row.terms.iter().map(|(v, a)| (name(*v), a.clone())).collect(),
                within: row.within.clone(),
                strict: row.strict,
            }),
            Kind::Rate { rate, part, whole, scale } => {
                Kind::Rate { rate: name(*rate), part: name(*part), whole: name(*whole), scale: scale.clone() }
            }
            Kind::Order { levels, rising } => Kind::Order { levels: levels.map(name), rising: *rising },
            Kind::Rank { of, open, least, most, over, under } => Kind::Rank {
                of: name(*of),
                open: all(open),
                least: *least,
                most: *most,
                over: all(over),
                under: all(under),
            },
            Kind::Never => Kind::Never,
        }
    }
}

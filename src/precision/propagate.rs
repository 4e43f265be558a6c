//! Bounds propagation with its reasons (Davis, *Constraint propagation with interval labels*, 1987; Savelsbergh,
//! *Preprocessing and probing*, 1994 for rows): each rule narrows each of its variables from the bounds of the others,
//! whole numbers are rounded inward, until nothing changes or the cap is reached.

use std::collections::VecDeque;

use super::lower::{Kind, Reading, Row};
use super::model::Model;
use super::num::{Num, root, round_to};
use super::pairs::{inverse, multiples};
use super::program::Source;
use super::simplex::Factors;
use super::{Caps, Interval, Number};

/// An end of a variable's interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Side {
    Lower,
    Upper,
}

impl Side {
    /// The end at which a variable with some factor gives the most.
    pub(super) fn highest(factor: &Num) -> Side {
        if factor.sign() > 0 { Side::Upper } else { Side::Lower }
    }
}

/// Where a bound came from.
#[derive(Clone, Debug)]
pub(super) enum Cause {
    /// One rule.
    Rule(usize),
    /// A weighted sum of rules and bounds.
    Sum(Sum),
    /// A search through whole numbers and ranks, by these rules.
    Search(Vec<usize>),
}

/// `Σ factor·variable = Σ factor·source`, of which each source has an end: together the most that the left side can be.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    pub(super) objective: Factors,
    pub(super) proof: Vec<(Source, Num)>,
    /// The rule that turns the end of the left side into that of a rate.
    pub(super) rate: Option<usize>,
}

/// One bound change: which end, to what, why, and from which earlier entries (`None`: the start).
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) variable: usize,
    pub(super) side: Side,
    pub(super) before: Interval<Num>,
    pub(super) value: Num,
    pub(super) cause: Cause,
    pub(super) because: Vec<(usize, Side, Option<usize>)>,
}

/// Why nothing can hold.
#[derive(Clone, Debug)]
pub(super) enum Clash {
    /// A variable has no value left.
    Empty(usize),
    /// A rule is violated by every value inside the bounds.
    Violated(usize),
}

/// Bounds under propagation.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) bounds: Vec<Interval<Num>>,
    pub(super) trail: Vec<Entry>,
    pub(super) last: Vec<[Option<usize>; 2]>,
    /// Whether reasons are kept.
    pub(super) record: bool,
    /// Whether small changes are passed by once a variable has changed often.
    pub(super) picky: bool,
    /// Whether strict ends count: where they do not, what is found lies in the closure.
    pub(super) strict: bool,
    /// Whether the cap stopped it before the fixpoint.
    pub(super) stopped: bool,
    /// Whether a bound was rounded outward.
    pub(super) rounded: bool,
    /// Work done, in steps with small numbers.
    pub(super) spent: u64,
    changes: Vec<u32>,
    /// Changes for each variable before it stops, and those left for all.
    steps: usize,
    left: usize,
    bits: u64,
}

/// Bits of a numerator and a denominator that 18 decimal digits need.
const SHORT: u64 = 124;

/// Changes of one variable after which a change must be worth while.
const EAGER: u32 = 12;

impl State {
    pub(super) fn new(model: &Model, caps: &Caps, record: bool) -> State {
        let count = model.quantities.len();
        State {
            bounds: model.start.clone(),
            trail: Vec::new(),
            last: vec![[None; 2]; count],
            record,
            picky: true,
            strict: true,
            stopped: false,
            rounded: false,
            spent: 0,
            changes: vec![0; count],
            steps: caps.steps,
            left: caps.steps.saturating_mul(count).min(200_000),
            bits: caps.bits,
        }
    }

    /// A copy that keeps no reasons: for trials.
    pub(super) fn trial(&self) -> State {
        State {
            bounds: self.bounds.clone(),
            trail: Vec::new(),
            last: vec![[None; 2]; self.bounds.len()],
            record: false,
            picky: self.picky,
            strict: self.strict,
            stopped: false,
            rounded: self.rounded,
            spent: 0,
            changes: vec![0; self.bounds.len()],
            steps: self.steps,
            left: self.bounds.len().saturating_mul(self.steps.min(20)),
            bits: self.bits,
        }
    }

    /// Rounds every bound outward so far that sums and products of bounds stay small: for what is found or ruled out
    /// soundly whatever the digits.
    pub(super) fn in_short(mut self) -> State {
        self.bits = SHORT;
        self
    }

    /// Significant decimal digits of a bound that is rounded.
    fn digits(&self) -> u32 {
        if self.bits > SHORT { 40 } else { 18 }
    }

    /// Takes small changes again: bounds that were proven otherwise are news.
    pub(super) fn begin_again(&mut self) {
        self.changes.fill(0);
    }

    pub(super) fn end(&self, variable: usize, side: Side) -> Option<&Num> {
        match side {
            Side::Lower => self.bounds[variable].lower.as_ref(),
            Side::Upper => self.bounds[variable].upper.as_ref(),
        }
    }

    /// From every rule to the fixpoint.
    pub(super) fn run(&mut self, model: &Model) -> Result<(), Clash> {
        for variable in 0..model.quantities.len() {
            self.settle(model, variable)?;
        }
        self.spread(model, (0..model.rules.len()).collect())
    }

    /// From the rules of one variable to the fixpoint.
    pub(super) fn run_from(&mut self, model: &Model, variable: usize) -> Result<(), Clash> {
        self.spread(model, model.uses[variable].iter().copied().collect())
    }

    /// Rounds a whole number's own interval inward.
    pub(super) fn settle(&mut self, model: &Model, variable: usize) -> Result<(), Clash> {
        let range = &mut self.bounds[variable];
        if model.whole[variable] {
            range.lower = range.lower.as_ref().map(Num::ceil);
            range.upper = range.upper.as_ref().map(Num::floor);
        }
        if range.is_empty() { Err(Clash::Empty(variable)) } else { Ok(()) }
    }

    fn spread(&mut self, model: &Model, mut queue: VecDeque<usize>) -> Result<(), Clash> {
        let mut waiting = vec![false; model.rules.len()];
        for rule in &queue {
            waiting[*rule] = true;
        }
        let mut changed = Vec::new();
        while let Some(rule) = queue.pop_front() {
            waiting[rule] = false;
            changed.clear();
            self.apply(model, rule, &mut changed)?;
            for variable in &changed {
                for next in &model.uses[*variable] {
                    if !waiting[*next] && *next != rule {
                        waiting[*next] = true;
                        queue.push_back(*next);
                    }
                }
            }
            if !changed.is_empty() && !matches!(model.rules[rule].kind, Kind::Row(_)) && !waiting[rule] {
                waiting[rule] = true;
                queue.push_back(rule);
            }
            if self.left == 0 {
                self.stopped = true;
                return Ok(());
            }
        }
        Ok(())
    }

    fn apply(&mut self, model: &Model, rule: usize, changed: &mut Vec<usize>) -> Result<(), Clash> {
        match &model.rules[rule].kind {
            Kind::Row(row) => self.row(model, rule, row, changed),
            Kind::Rate { rate, part, whole, scale } => self.rate(model, rule, [*rate, *part, *whole], scale, changed),
            Kind::Order { levels, rising } => self.order(model, rule, *levels, *rising, changed),
            Kind::Rank { .. } => self.rank(model, rule, changed),
            Kind::Never => Err(Clash::Violated(rule)),
        }
    }

    /// Takes a bound if it is better; rounds whole numbers inward and overlong numbers outward.
    pub(super) fn take(
        &mut self,
        model: &Model,
        variable: usize,
        side: Side,
        value: Num,
        cause: impl FnOnce() -> (Cause, Vec<(usize, Side)>),
        changed: &mut Vec<usize>,
    ) -> Result<(), Clash> {
        let value = match (model.whole[variable], side) {
            (true, Side::Lower) => value.ceil(),
            (true, Side::Upper) => value.floor(),
            _ => value,
        };
        let better = |value: &Num, range: &Interval<Num>| match side {
            Side::Lower => range.lower.as_ref().is_none_or(|old| value > old),
            Side::Upper => range.upper.as_ref().is_none_or(|old| value < old),
        };
        if !better(&value, &self.bounds[variable]) {
            return Ok(());
        }
        let value = if value.bits() > self.bits {
            self.rounded = true;
            Num::from_rational(&round_to(&value.to_rational(), self.digits(), side == Side::Upper))
        } else {
            value
        };
        let range = &self.bounds[variable];
        let clashes = match side {
            Side::Lower => range.upper.as_ref().is_some_and(|upper| value > *upper),
            Side::Upper => range.lower.as_ref().is_some_and(|lower| value < *lower),
        };
        if !better(&value, range) || !(clashes || !self.picky || self.worth(variable, side, &value)) {
            return Ok(());
        }
        let range = &self.bounds[variable];
        self.changes[variable] += 1;
        self.left = self.left.saturating_sub(1 + (value.cost() / 16) as usize);
        if self.record {
            let (cause, because) = cause();
            let because = because.into_iter().map(|(v, s)| (v, s, self.last[v][s as usize])).collect();
            let before = range.clone();
            self.last[variable][side as usize] = Some(self.trail.len());
            self.trail.push(Entry { variable, side, before, value: value.clone(), cause, because });
        }
        let range = &mut self.bounds[variable];
        match side {
            Side::Lower => range.lower = Some(value),
            Side::Upper => range.upper = Some(value),
        }
        changed.push(variable);
        if clashes { Err(Clash::Empty(variable)) } else { Ok(()) }
    }

    /// After some changes of a variable only those count that take off a hundredth of its interval: slow convergence
    /// is the simplex' business.
    fn worth(&mut self, variable: usize, side: Side, value: &Num) -> bool {
        if self.changes[variable] < EAGER {
            return true;
        }
        let range = &self.bounds[variable];
        let old = match side {
            Side::Lower => range.lower.as_ref(),
            Side::Upper => range.upper.as_ref(),
        };
        let (Some(old), Some(width)) = (old, range.width()) else {
            return self.changes[variable] < 4 * EAGER;
        };
        let gain = if side == Side::Lower { value.sub(old) } else { old.sub(value) };
        let worth = gain.mul(&Num::int(100)) >= width;
        self.stopped |= !worth;
        worth
    }

    fn row(&mut self, model: &Model, rule: usize, row: &Row, changed: &mut Vec<usize>) -> Result<(), Clash> {
        if row.within.is_empty() {
            return Err(Clash::Violated(rule));
        }
        for (limit, top) in [(&row.within.upper, true), (&row.within.lower, false)] {
            let Some(limit) = limit else { continue };
            let end_of = |a: &Num| {
                if (a.sign() > 0) == top { Side::Lower } else { Side::Upper }
            };
            let mut sum = Num::ZERO;
            let mut open = None;
            let mut opens = 0;
            for (i, (v, a)) in row.terms.iter().enumerate() {
                match self.end(*v, end_of(a)) {
                    Some(end) => sum = sum.add(&a.mul(end)),
                    None => {
                        open = Some(i);
                        opens += 1;
                    }
                }
            }
            if opens > 1 {
                continue;
            }
            if opens == 0 && row.strict && self.strict && sum == *limit {
                return Err(Clash::Violated(rule));
            }
            self.spent += row.terms.len() as u64 * sum.cost();
            let own: Vec<Option<Num>> = match open {
                Some(_) => Vec::new(),
                None => row.terms.iter().map(|(v, a)| self.end(*v, end_of(a)).map(|end| a.mul(end))).collect(),
            };
            for (i, (v, a)) in row.terms.iter().enumerate() {
                if open.is_some_and(|only| only != i) {
                    continue;
                }
                let rest = match own.get(i) {
                    Some(Some(own)) => sum.sub(own),
                    _ => sum.clone(),
                };
                let Some(value) = limit.sub(&rest).div(a) else {
                    continue;
                };
                let side = if (a.sign() > 0) == top { Side::Upper } else { Side::Lower };
                let because = || {
                    let others = row.terms.iter().enumerate().filter(|(j, _)| *j != i);
                    (Cause::Rule(rule), others.map(|(_, (v, a))| (*v, end_of(a))).collect())
                };
                self.take(model, *v, side, value, because, changed)?;
            }
        }
        Ok(())
    }

    fn narrow(
        &mut self,
        model: &Model,
        rule: usize,
        variable: usize,
        to: &Interval<Num>,
        from: &[usize],
        changed: &mut Vec<usize>,
    ) -> Result<(), Clash> {
        for (side, end) in [(Side::Lower, &to.lower), (Side::Upper, &to.upper)] {
            if let Some(value) = end {
                let because =
                    || (Cause::Rule(rule), from.iter().flat_map(|v| [(*v, Side::Lower), (*v, Side::Upper)]).collect());
                self.take(model, variable, side, value.clone(), because, changed)?;
            }
        }
        Ok(())
    }

    fn rate(
        &mut self,
        model: &Model,
        rule: usize,
        [rate, part, whole]: [usize; 3],
        scale: &Reading,
        changed: &mut Vec<usize>,
    ) -> Result<(), Clash> {
        if model.is_stated(rate) {
            if self.bounds[whole].is_zero() {
                return Err(Clash::Violated(rule));
            }
            if model.whole[whole] && self.bounds[whole].lower.as_ref().is_some_and(Num::is_zero) {
                let to = Interval { lower: Some(Num::ONE), upper: None };
                self.narrow(model, rule, whole, &to, &[rate, whole], changed)?;
            }
        }
        let known = if model.tells(rate, whole, &self.bounds[whole]) { &self.bounds[rate] } else { &model.start[rate] };
        let quotient = scale.quotient(known);
        let to = quotient.mul(&self.bounds[whole]);
        self.spent += 12 * to.lower.as_ref().map_or(1, Num::cost);
        let counts = |v: usize| model.whole[v] && self.bounds[v].lower.as_ref().is_some_and(|low| low.sign() >= 0);
        let counts = part != whole && counts(part) && counts(whole);
        let paired = |to: Interval<Num>, of: &Interval<Num>, by: &Interval<Num>| {
            if counts { to.intersect(&multiples(of, by)) } else { to }
        };
        // A whole of 0 has no rate, and says nothing of its part where the rate is not bounded.
        if !self.bounds[whole].is_zero() || quotient.is_bounded() {
            let to = paired(to, &self.bounds[whole], &quotient);
            self.narrow(model, rule, part, &to, &[rate, whole], changed)?;
        }
        let to = self.bounds[part].unmul(&quotient);
        let to = paired(to, &self.bounds[part], &inverse(&quotient));
        self.narrow(model, rule, whole, &to, &[rate, part], changed)?;
        if let Some(to) = self.bounds[part].div(&model.base(whole, &self.bounds[whole], Num::ONE)) {
            self.narrow(model, rule, rate, &scale.rate(&to), &[part, whole], changed)?;
        }
        Ok(())
    }

    fn order(
        &mut self,
        model: &Model,
        rule: usize,
        [a, b, c]: [usize; 3],
        rising: bool,
        changed: &mut Vec<usize>,
    ) -> Result<(), Clash> {
        let negative = |v: usize| self.bounds[v].lower.as_ref().is_none_or(|low| low.sign() < 0);
        if [a, b, c].into_iter().any(negative) {
            return Ok(());
        }
        let middle = order_middle(&self.bounds[a], &self.bounds[c], rising);
        self.narrow(model, rule, b, &middle, &[a, c], changed)?;
        for (first, last) in [(a, c), (c, a)] {
            let outer = order_outer(&self.bounds[b], &self.bounds[last], rising);
            self.narrow(model, rule, first, &outer, &[b, last], changed)?;
        }
        Ok(())
    }

    fn rank(&mut self, model: &Model, rule: usize, changed: &mut Vec<usize>) -> Result<(), Clash> {
        let Kind::Rank { of, open, least, most, over, under } = &model.rules[rule].kind else {
            return Ok(());
        };
        let everyone: Vec<usize> = model.rules[rule].kind.variables();
        let not = |v: &usize| under.contains(v) || at_most(&self.bounds[*v], &self.bounds[*of]);
        let sure = |v: &usize| over.contains(v) || strictly_above(&self.bounds[*v], &self.bounds[*of]);
        let others: Vec<usize> = open.iter().chain(over).chain(under).copied().collect();
        let certain = others.iter().filter(|v| sure(v)).count();
        let possible: Vec<usize> = others.iter().copied().filter(|v| !not(v) || over.contains(v)).collect();
        if certain > *most || possible.len() < *least {
            return Err(Clash::Violated(rule));
        }
        let rest: Vec<usize> = others.iter().copied().filter(|v| !sure(v)).collect();
        let step = |v: usize| {
            if model.whole[v] && model.whole[*of] { Num::ONE } else { Num::ZERO }
        };
        if certain == *most {
            for v in rest {
                let to = Interval { lower: None, upper: self.bounds[*of].upper.clone() };
                self.narrow(model, rule, v, &to, &everyone, changed)?;
                let to = Interval { lower: self.bounds[v].lower.clone(), upper: None };
                self.narrow(model, rule, *of, &to, &everyone, changed)?;
            }
        } else if possible.len() == *least {
            for v in possible {
                let to = Interval { lower: self.bounds[*of].lower.as_ref().map(|l| l.add(&step(v))), upper: None };
                self.narrow(model, rule, v, &to, &everyone, changed)?;
                let to = Interval { lower: None, upper: self.bounds[v].upper.as_ref().map(|u| u.sub(&step(v))) };
                self.narrow(model, rule, *of, &to, &everyone, changed)?;
            }
        } else {
            let to = rank_middle(&self.bounds, &others, *least, *most);
            self.narrow(model, rule, *of, &to, &everyone, changed)?;
        }
        Ok(())
    }
}

pub(super) fn strictly_above(other: &Interval<Num>, of: &Interval<Num>) -> bool {
    other.lower.as_ref().zip(of.upper.as_ref()).is_some_and(|(low, high)| low > high)
}

pub(super) fn at_most(other: &Interval<Num>, of: &Interval<Num>) -> bool {
    other.upper.as_ref().zip(of.lower.as_ref()).is_some_and(|(high, low)| high <= low)
}

/// With at least `least` of the others above it, a number is at most the `least`-th largest upper end; with at most `most`, at
/// least as many as remain are not above it.
pub(super) fn rank_middle(bounds: &[Interval<Num>], others: &[usize], least: usize, most: usize) -> Interval<Num> {
    let mut uppers: Vec<Option<&Num>> = others.iter().map(|v| bounds[*v].upper.as_ref()).collect();
    uppers.sort_by(|a, b| match (a, b) {
        (None, None) => std::cmp::Ordering::Equal,
        (None, _) => std::cmp::Ordering::Less,
        (_, None) => std::cmp::Ordering::Greater,
        (Some(a), Some(b)) => b.cmp(a),
    });
    let mut lowers: Vec<Option<&Num>> = others.iter().map(|v| bounds[*v].lower.as_ref()).collect();
    lowers.sort();
    let upper = least.checked_sub(1).and_then(|i| uppers.get(i)).copied().flatten().cloned();
    let below = others.len().saturating_sub(most);
    let lower = below.checked_sub(1).and_then(|i| lowers.get(i)).copied().flatten().cloned();
    Interval { lower, upper }
}

/// `b² ≤ a·c` (rising) or `b² ≥ a·c`, for `b`.
pub(super) fn order_middle(a: &Interval<Num>, c: &Interval<Num>, rising: bool) -> Interval<Num> {
    let ends = if rising { (&a.upper, &c.upper) } else { (&a.lower, &c.lower) };
    let end = ends.0.as_ref().zip(ends.1.as_ref()).map(|(a, c)| root(&a.mul(c), 2, rising, 18));
    if rising { Interval { lower: None, upper: end } } else { Interval { lower: end, upper: None } }
}

/// The same for `a`, from `b` and `c`.
pub(super) fn order_outer(b: &Interval<Num>, c: &Interval<Num>, rising: bool) -> Interval<Num> {
    let ends = if rising { (&b.lower, &c.upper) } else { (&b.upper, &c.lower) };
    let end = ends.0.as_ref().zip(ends.1.as_ref()).and_then(|(b, c)| b.mul(b).div(c));
    if rising { Interval { lower: end, upper: None } } else { Interval { lower: None, upper: end } }
}

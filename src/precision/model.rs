//! One connected component, with variables numbered from 0: what propagation, simplex and search work on.

use std::collections::HashMap;

use super::Interval;
use super::Number;
use super::lower::{Kind, Lowered, Reading, Row, Rule, above};
use super::num::Num;
use super::program::settles;

/// Which intervals of the printed numbers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reliance {
    /// Half a unit each way: what bounds follow from.
    Printed,
    /// A whole unit each way, `about` nothing: what an accusation must rest on.
    Accusing,
}

#[derive(Clone, Debug)]
pub(super) struct Model {
    /// Which intervals of the printed numbers it starts from.
    pub(super) reliance: Reliance,
    /// The lowered system's number of each variable.
    pub(super) quantities: Vec<usize>,
    pub(super) start: Vec<Interval<Num>>,
    pub(super) whole: Vec<bool>,
    /// Whether each variable starts from a printed number.
    printed: Vec<bool>,
    pub(super) rules: Vec<Rule>,
    /// The rules in which each variable stands.
    pub(super) uses: Vec<Vec<usize>>,
}

impl Model {
    /// The model of some rules and their variables (`extra` variables besides), with the printed numbers of `facts`.
    pub(super) fn new(
        lowered: &Lowered,
        rules: &[usize],
        extra: &[usize],
        reliance: Reliance,
        facts: &dyn Fn(usize) -> bool,
    ) -> Model {
        let mut quantities: Vec<usize> = extra.to_vec();
        for rule in rules {
            quantities.extend(lowered.rules[*rule].kind.variables());
        }
        let [order, turn] = &lowered.order;
        quantities.sort_unstable_by_key(|q| order[*q]);
        quantities.dedup();
        let place: HashMap<usize, usize> = quantities.iter().enumerate().map(|(i, q)| (*q, i)).collect();
        let name = |q: usize| place.get(&q).copied().unwrap_or(0);
        let fact = |q: usize| {
            let fact = lowered.quantities[q].fact.as_ref().filter(|_| facts(q));
            fact.and_then(|fact| match reliance {
                Reliance::Printed => Some(&fact.interval),
                Reliance::Accusing => fact.accusing.as_ref(),
            })
        };
        let start = quantities.iter().map(|q| {
            let natural = &lowered.quantities[*q].natural;
            fact(*q).map_or_else(|| natural.clone(), |interval| natural.intersect(interval))
        });
        let start = start.collect();
        let printed = quantities.iter().map(|q| fact(*q).is_some()).collect();
        let whole = quantities.iter().map(|q| lowered.quantities[*q].whole).collect();
        let mut rules = rules.to_vec();
        rules.retain(|rule| reliance == Reliance::Printed || !lowered.rules[*rule].about);
        rules.sort_unstable_by_key(|rule| turn[*rule]);
        let sure = |[level, rate]: [usize; 2]| {
            let natural = &lowered.quantities[level].natural;
            let range = fact(level).map_or_else(|| natural.clone(), |interval| natural.intersect(interval));
            fact(rate).is_some() || range.lower.is_some_and(|low| low.sign() > 0)
        };
        let rules = rules.iter().map(|rule| &lowered.rules[*rule]).filter(|rule| rule.given.is_none_or(sure));
        let rules = rules.map(|rule| Rule { kind: rule.kind.renamed(&name), ..rule.clone() }).collect();
        let mut model = Model { reliance, uses: Vec::new(), quantities, start, whole, printed, rules };
        model.index();
        model.bases();
        model
    }

    /// Says of the whole of each rate that is known to exist that it is above 0. Over whole numbers propagation knows that.
    fn bases(&mut self) {
        let open =
            |whole: usize| !self.whole[whole] && self.start[whole].lower.as_ref().is_none_or(|low| low.sign() <= 0);
        let mut seen = vec![false; self.quantities.len()];
        let mut bases = Vec::new();
        for rule in &self.rules {
            if let Kind::Rate { rate, whole, .. } = &rule.kind
                && open(*whole)
                && self.is_stated(*rate)
                && !std::mem::replace(&mut seen[*whole], true)
            {
                let within = Interval { lower: Some(Num::ZERO), upper: None };
                let kind = Kind::Row(Row { terms: vec![(*whole, Num::ONE)], within, strict: true });
                bases.push(Rule { kind, ..rule.clone() });
            }
        }
        if !bases.is_empty() {
            self.rules.extend(bases);
            self.index();
        }
    }

    /// The model with some of its rules alone, from other intervals. Variables keep their places.
    pub(super) fn only(&self, rules: &[usize], start: Vec<Interval<Num>>) -> Model {
        let rules = rules.iter().map(|rule| self.rules[*rule].clone()).collect();
        Model { start, ..self.with(rules) }
    }

    /// The model with other rules.
    pub(super) fn with(&self, rules: Vec<Rule>) -> Model {
        let mut model = Model { rules, ..self.clone() };
        model.index();
        model
    }

    fn index(&mut self) {
        self.uses = vec![Vec::new(); self.quantities.len()];
        for (id, rule) in self.rules.iter().enumerate() {
            for variable in rule.kind.variables() {
                if self.uses[variable].last() != Some(&id) {
                    self.uses[variable].push(id);
                }
            }
        }
    }

    /// Whether a rate is known to exist, and so its whole to be above 0: it is printed, or a relation is about it.
    pub(super) fn is_stated(&self, rate: usize) -> bool {
        let about = |rule: &usize| !matches!(self.rules[*rule].kind, Kind::Rate { .. }) && !self.rules[*rule].implied;
        self.printed[rate] || self.uses[rate].iter().any(about)
    }

    /// Whether the bounds of a rate say something of its levels: it is known to exist, or its whole is above 0 by now.
    pub(super) fn tells<T: Number>(&self, rate: usize, whole: usize, range: &Interval<T>) -> bool {
        !self.whole[whole] || range.lower.as_ref().is_none_or(|low| low.signum() != 0) || self.is_stated(rate)
    }

    /// The interval of the whole of a rate where the rate exists: a count is at least 1 then.
    pub(super) fn base<T: Number>(&self, whole: usize, range: &Interval<T>, one: T) -> Interval<T> {
        let zero = range.lower.as_ref().is_some_and(|low| low.signum() == 0);
        match self.whole[whole] && zero && range.upper.as_ref().is_none_or(|high| *high >= one) {
            true => Interval { lower: Some(one), upper: range.upper.clone() },
            false => range.clone(),
        }
    }

    /// The model in which one open member of a rank is settled: strictly above, or not.
    pub(super) fn settled(&self, rule: usize, other: usize, is: bool) -> Model {
        let mut model = self.clone();
        let relation = self.rules[rule].relation;
        if let Kind::Rank { of, open, over, under, .. } = &mut model.rules[rule].kind {
            open.retain(|v| *v != other);
            if is {
                over.push(other)
            } else {
                under.push(other)
            }
            let counts = self.whole[*of] && self.whole[other];
            let row = above(*of, other, counts, is);
            model.rules.push(Rule::of(relation, Kind::Row(row)));
            model.index();
        }
        model
    }

    /// Whether propagation to its fixpoint alone gives least bounds: no cycle through the graph of variables and rules
    /// (Berge-acyclic), no whole numbers, only rules whose bounds are exact (Freuder, 1982; for intervals: Faltings,
    /// *Arc-consistency for continuous variables*, 1994).
    pub(super) fn is_tree(&self) -> bool {
        let edges: usize = self.rules.iter().map(|rule| rule.kind.variables().len()).sum();
        let simple = self.rules.iter().all(|rule| match &rule.kind {
            Kind::Row(row) => !row.strict || row.terms.len() == 1,
            Kind::Rate { rate, part, whole, scale } => {
                let same = rate == part || part == whole || rate == whole;
                let sure = self.start[*whole].lower.as_ref().is_some_and(|low| low.sign() >= 0);
                !same && sure && !matches!(scale, Reading::Growth(years) if *years > 1)
            }
            _ => false,
        });
        simple && edges + 1 == self.rules.len() + self.quantities.len() && !self.whole.contains(&true)
    }

    /// Whether the linear rows say all within some bounds: no rule is left to a relaxation.
    pub(super) fn is_linear(&self, bounds: &[Interval<Num>]) -> bool {
        self.rules.iter().all(|rule| match &rule.kind {
            Kind::Row(_) => true,
            Kind::Rank { .. } => settles(&rule.kind, bounds).is_some(),
            Kind::Rate { rate, whole, .. } => {
                self.uses[*rate].len() == 1 && self.start[*whole].lower.as_ref().is_some_and(|low| low.sign() >= 0)
            }
            _ => false,
        })
    }

    /// Whether a level may be multiplied by any whole number above 1, with all those that rules do not let stay behind: their
    /// rates stay as they are, and sums of them at least 0, or at most, stay so.
    pub(super) fn is_scaled_with(&self, level: usize) -> bool {
        let (mut seen, mut open) = (vec![false; self.quantities.len()], vec![level]);
        let is_of_rate = |v: usize, id: &usize| matches!(&self.rules[*id].kind, Kind::Rate { rate, .. } if *rate == v);
        while let Some(v) = open.pop() {
            if std::mem::replace(&mut seen[v], true) {
                continue;
            }
            let held = self.start[v].upper.is_some() || self.start[v].lower.as_ref().is_none_or(|low| low.sign() < 0);
            if held || self.uses[v].iter().any(|id| is_of_rate(v, id)) {
                return false;
            }
            for id in &self.uses[v] {
                match &self.rules[*id].kind {
                    // Whatever the levels are, a rate that nothing else is said of is theirs.
                    Kind::Rate { rate, .. } if self.uses[*rate].len() == 1 && self.start[*rate].upper.is_none() => {}
                    Kind::Rate { part, whole, .. } => open.extend([*part, *whole]),
                    Kind::Order { levels, .. } => open.extend(levels),
                    Kind::Row(row) if row.lets_grow(v) => {}
                    Kind::Row(Row { within, .. })
                        if within.lower.as_ref().is_none_or(|low| low.sign() >= 0)
                            && within.upper.as_ref().is_none_or(|high| high.sign() <= 0) =>
                    {
                        open.extend(self.rules[*id].kind.variables());
                    }
                    kind @ Kind::Rank { .. } => open.extend(kind.variables()),
                    Kind::Row(_) | Kind::Never => return false,
                }
            }
        }
        true
    }

    /// Whether a row leaves out its own ends.
    pub(super) fn has_strict(&self) -> bool {
        self.rules.iter().any(|rule| matches!(&rule.kind, Kind::Row(row) if row.strict))
    }

    /// Whether an end may be irrational: rounded outward then, and only nearly reached.
    pub(super) fn is_bent(&self) -> bool {
        let bent = |rule: &Rule| match &rule.kind {
            Kind::Order { .. } => true,
            Kind::Rate { scale: Reading::Growth(years), .. } => *years > 1,
            _ => false,
        };
        self.rules.iter().any(bent)
    }

    /// Whether a variable is the rate of two others.
    pub(super) fn is_rate(&self, variable: usize) -> bool {
        let of = |rule: &usize| matches!(self.rules[*rule].kind, Kind::Rate { rate, .. } if rate == variable);
        self.uses[variable].iter().any(of)
    }

    /// Whether each variable stands in a rule that numbers are tried against.
    pub(super) fn tried(&self) -> Vec<bool> {
        self.uses.iter().map(|uses| uses.is_empty() || uses.iter().any(|rule| !self.rules[*rule].implied)).collect()
    }

    /// Whether bounds have to be reached without strict ends: over real numbers they are those of the closure.
    pub(super) fn counts(&self) -> bool {
        self.whole.contains(&true)
    }

    /// Fills in the rates that levels decide, then says whether every bound and rule holds; `strict`: not at strict ends.
    pub(super) fn accepts(&self, values: &mut [Num], strict: bool) -> bool {
        let tried = self.tried();
        let rules = || self.rules.iter().filter(|rule| !rule.implied);
        for rule in rules() {
            if let Kind::Rate { rate, part, whole, scale } = &rule.kind
                && let Some(quotient) = values[*part].div(&values[*whole])
                && let Some(value) = scale.exact_rate(&quotient)
            {
                values[*rate] = value;
            }
        }
        let inside =
            values.iter().zip(&self.start).zip(&tried).all(|((value, range), tried)| !tried || range.contains(value));
        let whole = values.iter().zip(&self.whole).all(|(value, whole)| !whole || value.is_integer());
        inside && whole && rules().all(|rule| self.holds(&rule.kind, values, strict))
    }

    fn holds(&self, kind: &Kind, values: &[Num], strict: bool) -> bool {
        match kind {
            Kind::Row(row) => {
                let sum = activity(row, values);
                let on_end = || [&row.within.lower, &row.within.upper].into_iter().flatten().any(|end| *end == sum);
                row.within.contains(&sum) && !(strict && row.strict && on_end())
            }
            Kind::Rate { rate, part, whole, scale } => {
                if values[*whole].is_zero() {
                    // Over real numbers alone a whole of 0 is the limit of ever smaller ones.
                    return match self.is_stated(*rate) {
                        true => values[*part].is_zero() && !self.whole.contains(&true),
                        false => values[*part].is_zero() || !self.start[*rate].is_bounded(),
                    };
                }
                let single = self.uses[*rate].len() == 1;
                let rate = if single { self.start[*rate].clone() } else { Interval::exact(values[*rate].clone()) };
                let quotient = values[*part].div(&values[*whole]);
                quotient.is_some_and(|quotient| scale.quotient(&rate).contains(&quotient))
            }
            Kind::Order { levels: [a, b, c], rising } => {
                let (square, product) = (values[*b].mul(&values[*b]), values[*a].mul(&values[*c]));
                if *rising { square <= product } else { square >= product }
            }
            Kind::Rank { of, open, least, most, over, under } => {
                let others = || open.iter().chain(over).chain(under);
                let strictly = others().filter(|v| values[**v] > values[*of]).count();
                let at_least = others().filter(|v| values[**v] >= values[*of]).count();
                strictly <= *most && *least <= at_least && (strictly >= *least || others().any(|v| !self.whole[*v]))
            }
            Kind::Never => false,
        }
    }
}

impl Row {
    /// Whether a variable may grow by itself.
    fn lets_grow(&self, variable: usize) -> bool {
        let mut own = self.terms.iter().filter(|(v, _)| *v == variable);
        own.all(|(_, factor)| match factor.sign() > 0 {
            true => self.within.upper.is_none(),
            false => self.within.lower.is_none(),
        })
    }
}

/// The value of a row's expression.
pub(super) fn activity(row: &Row, values: &[Num]) -> Num {
    row.terms.iter().fold(Num::ZERO, |sum, (v, a)| sum.add(&a.mul(&values[*v])))
}

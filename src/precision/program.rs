//! The linear program of a component: its rows, and the two rows of each rate (`low·whole ≤ part ≤ high·whole`).

use super::lower::{Kind, Reading, Row, Rule, above};
use super::model::Model;
use super::num::Num;
use super::propagate::{Side, State, at_most, strictly_above};
use super::simplex::{Factors, Simplex, Stuck};
use super::{Interval, Number};

/// What a slack stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    /// The expression of a row.
    Row(usize),
    /// `part − quotient·whole` of a rate: not above 0 when the quotient is as high as can be, not below when as low.
    Quotient(usize, Num),
    /// `part − quotient(rate)·whole = 0` where the whole is one known number.
    Known(usize, Num),
    /// What a rank says of one other where the bounds settle how many of the rest are above: that it is above, or is not.
    Rank(usize, usize, bool),
    /// A variable's own bounds.
    Variable(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Program {
    simplex: Simplex,
    sources: Vec<Source>,
    /// The column of the slack that all strict rows share.
    gap: Option<usize>,
    variables: usize,
}

impl Program {
    /// The program within the bounds of `state`.
    pub(super) fn new(model: &Model, state: &State) -> Program {
        let variables = model.quantities.len();
        let strict = |rule: &Rule| matches!(&rule.kind, Kind::Row(row) if row.strict && !inside(row, state));
        let strict = model.rules.iter().any(strict);
        let mut ranges = state.bounds.clone();
        if strict {
            ranges.push(Interval::new(Num::ZERO, Num::ONE));
        }
        let gap = strict.then_some(variables);
        let mut rows: Vec<(Factors, Interval<Num>)> = Vec::new();
        let mut sources = Vec::new();
        for (id, rule) in model.rules.iter().enumerate() {
            match &rule.kind {
                Kind::Row(row) if row.terms.len() > 1 || row.strict && !inside(row, state) => {
                    for within in halves(&row.within, row.strict) {
                        let mut terms = row.terms.clone();
                        if let Some(gap) = gap.filter(|_| row.strict) {
                            terms.push((gap, if within.upper.is_some() { Num::ONE } else { Num::int(-1) }));
                        }
                        rows.push((terms, within));
                        sources.push(Source::Row(id));
                    }
                }
                Kind::Rate { rate, .. } => {
                    let shared = model.uses[*rate].len() > 1;
                    for (source, terms, within) in rate_rows(model, id, shared, state) {
                        rows.push((terms, within));
                        sources.push(source);
                    }
                }
                Kind::Rank { .. } => {
                    for (other, is) in settles(&rule.kind, &state.bounds).into_iter().flatten() {
                        let row = rank_row(model, id, other, is);
                        rows.extend(row.map(|row| (row.terms, row.within)));
                        sources.push(Source::Rank(id, other, is));
                    }
                }
                _ => {}
            }
        }
        Program { simplex: Simplex::new(&ranges, &rows), sources, gap, variables }
    }

    /// The point at which the simplex stands.
    pub(super) fn point(&self) -> Vec<Num> {
        (0..self.variables).map(|v| self.simplex.value(v).clone()).collect()
    }

    /// A point within all rows, strict ones taken strictly; else the multipliers of the contradiction.
    pub(super) fn feasible(&mut self, budget: &mut u64) -> Result<(), Stuck> {
        self.simplex.feasible(budget)?;
        let Some(gap) = self.gap else { return Ok(()) };
        let best = self.simplex.maximise(&vec![(gap, Num::ONE)], budget)?;
        if best.value.sign() > 0 {
            return Ok(());
        }
        Err(Stuck::Infeasible(best.proof.into_iter().filter(|(v, _)| *v != gap).collect()))
    }

    /// Takes the bounds of a later state for its variables; the rows of rates stay as they were.
    pub(super) fn narrow(&mut self, state: &State, budget: &mut u64) -> Result<(), Stuck> {
        for (variable, range) in state.bounds.iter().enumerate() {
            self.simplex.narrow(variable, range);
        }
        self.feasible(budget)
    }

    /// The largest value of an expression, and what proves it.
    pub(super) fn maximise(
        &mut self,
        objective: &Factors,
        budget: &mut u64,
    ) -> Result<(Num, Vec<(Source, Num)>), Stuck> {
        let best = self.simplex.maximise(objective, budget)?;
        Ok((best.value, self.named(best.proof)))
    }

    /// The largest quotient of two levels that are not below 0, with `sign` −1 the least, turned, and numbers that have it: over
    /// all scales at once, with the whole as 1 and every bound times one more variable (Charnes & Cooper, *Programming with linear
    /// fractional functionals*, 1962). `None` where it has no end or that is not known.
    pub(super) fn quotient(
        model: &Model,
        state: &State,
        [part, whole]: [usize; 2],
        sign: &Num,
        budget: &mut u64,
    ) -> Option<(Num, Vec<Num>)> {
        let count = model.quantities.len();
        let mut is_rate = vec![false; count];
        for rule in &model.rules {
            if let Kind::Rate { rate, .. } = &rule.kind {
                is_rate[*rate] = true;
            }
        }
        let scale = count;
        let zero = || Interval { lower: Some(Num::ZERO), upper: None };
        let mut ranges: Vec<Interval<Num>> = (0..count)
            .map(|v| match state.bounds[v].lower.as_ref() {
                _ if v == whole => Interval::exact(Num::ONE),
                _ if is_rate[v] => Interval::exact(Num::ZERO),
                Some(low) if low.sign() >= 0 => zero(),
                _ => Interval::all(),
            })
            .collect();
        ranges.push(zero());
        let mut rows: Vec<(Factors, Interval<Num>)> = Vec::new();
        let mut within = |terms: &Factors, range: &Interval<Num>| {
            for (end, lower) in [(&range.lower, true), (&range.upper, false)] {
                let Some(end) = end.as_ref().filter(|end| terms.len() > 1 || !lower || !end.is_zero()) else {
                    continue;
                };
                let mut terms = terms.clone();
                terms.push((scale, end.neg()));
                let side = if lower { zero() } else { Interval { lower: None, upper: Some(Num::ZERO) } };
                rows.push((terms, side));
            }
        };
        for v in (0..count).filter(|v| !is_rate[*v]) {
            within(&vec![(v, Num::ONE)], &state.bounds[v]);
        }
        for (id, rule) in model.rules.iter().enumerate() {
            match &rule.kind {
                Kind::Row(row) if row.terms.len() > 1 && row.terms.iter().all(|(v, _)| !is_rate[*v]) => {
                    within(&row.terms, &row.within);
                }
                Kind::Rate { part, whole, .. } if !is_rate[*part] && !is_rate[*whole] => {
                    for (_, terms, range) in rate_rows(model, id, false, state) {
                        within(&terms, &range);
                    }
                }
                _ => {}
            }
        }
        let mut simplex = Simplex::new(&ranges, &rows);
        simplex.feasible(budget).ok()?;
        let best = simplex.maximise(&vec![(part, sign.clone())], budget).ok()?;
        let by = Some(simplex.value(scale)).filter(|scale| scale.sign() > 0).and_then(|scale| Num::ONE.div(scale));
        let by = by.unwrap_or(Num::ONE);
        Some((best.value, (0..count).map(|v| simplex.value(v).mul(&by)).collect()))
    }

    /// Factors by what they stand for.
    pub(super) fn named(&self, factors: Factors) -> Vec<(Source, Num)> {
        let slack = self.variables + usize::from(self.gap.is_some());
        let name = |v: usize| match v.checked_sub(slack) {
            Some(row) => self.sources.get(row).cloned(),
            None if v < self.variables => Some(Source::Variable(v)),
            None => None,
        };
        factors.into_iter().filter_map(|(v, factor)| Some((name(v)?, factor))).collect()
    }
}

/// Whether a row of one variable says nothing beyond its bounds.
fn inside(row: &Row, state: &State) -> bool {
    let [(v, factor)] = row.terms.as_slice() else { return false };
    let range = state.bounds[*v].scale(factor);
    let past = |end: &Option<Num>, own: &Option<Num>, sign: i32| match (end, own) {
        (None, _) => true,
        (Some(end), Some(own)) => own.sub(end).sign() == sign,
        (Some(_), None) => false,
    };
    past(&row.within.lower, &range.lower, 1) && past(&row.within.upper, &range.upper, -1)
}

/// A strict row with two ends needs a row for each.
fn halves(within: &Interval<Num>, strict: bool) -> Vec<Interval<Num>> {
    if !strict || within.lower.is_none() || within.upper.is_none() {
        return vec![within.clone()];
    }
    vec![Interval { lower: within.lower.clone(), upper: None }, Interval { lower: None, upper: within.upper.clone() }]
}

/// What a rank says of each other that bounds leave open, whether it is above, where they settle the rest; `None` where more
/// than one way is left.
pub(super) fn settles(rank: &Kind, bounds: &[Interval<Num>]) -> Option<Vec<(usize, bool)>> {
    let Kind::Rank { of, open, least, most, over, .. } = rank else { return None };
    let sure = |v: &usize| strictly_above(&bounds[*v], &bounds[*of]);
    let left: Vec<usize> = open.iter().copied().filter(|v| !sure(v) && !at_most(&bounds[*v], &bounds[*of])).collect();
    let sure = over.len() + open.iter().filter(|v| sure(v)).count();
    match (most.checked_sub(sure)?, least.saturating_sub(sure)) {
        (0, _) => Some(left.into_iter().map(|v| (v, false)).collect()),
        (_, missing) if missing == left.len() && missing > 0 => Some(left.into_iter().map(|v| (v, true)).collect()),
        (more, 0) if more >= left.len() => Some(Vec::new()),
        _ => None,
    }
}

/// The row that says of one other of a rank whether it is above; of the closure where values are real.
fn rank_row(model: &Model, rule: usize, other: usize, is: bool) -> Option<Row> {
    let Kind::Rank { of, .. } = &model.rules.get(rule)?.kind else { return None };
    Some(above(*of, other, model.whole[*of] && model.whole[other], is))
}

fn rate_rows(model: &Model, rule: usize, shared: bool, state: &State) -> Vec<(Source, Factors, Interval<Num>)> {
    let Kind::Rate { rate, part, whole, scale } = &model.rules[rule].kind else { return Vec::new() };
    let (rate, part, whole) = (*rate, *part, *whole);
    let range = &state.bounds[whole];
    if part == whole || range.lower.as_ref().is_none_or(|low| low.sign() < 0) {
        return Vec::new();
    }
    if let (true, true, Some(total)) = (shared, range.is_exact() && !range.is_zero(), &range.lower)
        && let Some((factor, constant)) = known(scale, total)
    {
        let terms = vec![(part, Num::ONE), (rate, factor.neg())];
        return vec![(Source::Known(rule, total.clone()), terms, Interval::exact(constant))];
    }
    let told = if model.tells(rate, whole, range) { &state.bounds[rate] } else { &model.start[rate] };
    let quotient = scale.quotient(told);
    let row =
        |end: &Num, within| (Source::Quotient(rule, end.clone()), vec![(part, Num::ONE), (whole, end.neg())], within);
    let zero = || Some(Num::ZERO);
    if let (true, Some(end)) = (quotient.is_exact(), &quotient.lower) {
        return vec![row(end, Interval::exact(Num::ZERO))];
    }
    let low = quotient.lower.as_ref().map(|end| row(end, Interval { lower: zero(), upper: None }));
    let high = quotient.upper.as_ref().map(|end| row(end, Interval { lower: None, upper: zero() }));
    low.into_iter().chain(high).collect()
}

/// `part = factor·rate + constant` for a known whole, where that is linear.
pub(super) fn known(scale: &Reading, total: &Num) -> Option<(Num, Num)> {
    match scale {
        Reading::Share(per) => Some((total.div(per)?, Num::ZERO)),
        Reading::Growth(1) => Some((total.div(&Num::int(100))?, total.clone())),
        Reading::Growth(_) => None,
    }
}

impl Source {
    /// The rule that it comes from; none for a variable's own bounds.
    pub(super) fn rule(&self) -> Option<usize> {
        match self {
            Source::Row(rule) | Source::Quotient(rule, _) | Source::Known(rule, _) | Source::Rank(rule, ..) => {
                Some(*rule)
            }
            Source::Variable(_) => None,
        }
    }

    /// The expression that it stands for, and the end that it has: the upper one for a factor above 0. A variable's own end
    /// is not known here.
    pub(super) fn row(&self, model: &Model, factor: &Num) -> Option<(Factors, Num)> {
        let rule = &model.rules[self.rule()?].kind;
        match (self, rule) {
            (Source::Row(_), Kind::Row(row)) => {
                let end = if factor.sign() > 0 { &row.within.upper } else { &row.within.lower };
                Some((row.terms.clone(), end.clone()?))
            }
            (Source::Rank(rule, other, is), _) => {
                let row = rank_row(model, *rule, *other, *is)?;
                let end = if factor.sign() > 0 { row.within.upper } else { row.within.lower };
                Some((row.terms, end?))
            }
            (Source::Quotient(_, quotient), Kind::Rate { part, whole, .. }) => {
                Some((vec![(*part, Num::ONE), (*whole, quotient.neg())], Num::ZERO))
            }
            (Source::Known(_, total), Kind::Rate { rate, part, scale, .. }) => {
                let (factor, constant) = known(scale, total)?;
                Some((vec![(*part, Num::ONE), (*rate, factor.neg())], constant))
            }
            _ => None,
        }
    }

    /// The ends of variables that it rests on besides its rule.
    fn ends(&self, model: &Model, factor: &Num) -> Vec<(usize, Side)> {
        let both = |v: usize| [(v, Side::Lower), (v, Side::Upper)];
        let rule = self.rule().map(|rule| &model.rules[rule].kind);
        match (self, rule) {
            (Source::Variable(v), _) => vec![(*v, Side::highest(factor))],
            // The quotient grows with the rate.
            (Source::Quotient(..), Some(Kind::Rate { rate, .. })) => vec![(*rate, Side::highest(factor))],
            (Source::Known(..), Some(Kind::Rate { whole, .. })) => both(*whole).to_vec(),
            (Source::Rank(..), Some(rank)) => rank.variables().into_iter().flat_map(both).collect(),
            _ => Vec::new(),
        }
    }
}

/// The ends of variables that a named proof of an upper bound rests on.
pub(super) fn leans_on(model: &Model, proof: &[(Source, Num)]) -> Vec<(usize, Side)> {
    proof.iter().flat_map(|(source, factor)| source.ends(model, factor)).collect()
}

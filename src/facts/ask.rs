//! Questions about sums and quotients of cells, answered by what all relations together allow.

use std::collections::BTreeSet;

use super::Facts;
use crate::precision::{
    Bound, Caps, Claim, Expression, Form, Linear, Ranks, Relation, RelationId, Scale, System, VarId, Variable, ranks,
    solve_for,
};

/// The name of what a question adds.
const ASKED: &str = "asked";

impl Facts<'_> {
    /// What follows about expressions: one solution for all of them.
    pub fn ask(&self, expressions: &[Option<Expression>], caps: &Caps) -> Vec<Option<Bound>> {
        let mut cells: Vec<VarId> = Vec::new();
        for expression in expressions.iter().flatten() {
            let sums: Vec<&Linear> = match expression {
                Expression::Linear(sum) => vec![sum],
                Expression::Rate { part, whole, .. } => vec![part, whole],
            };
            cells.extend(sums.into_iter().flat_map(|sum| sum.terms.iter().map(|(v, _)| *v)));
        }
        let mut system = self.component(&cells);
        let asked: Vec<Option<VarId>> =
            expressions.iter().map(|expression| expression.as_ref().map(|e| define(&mut system, e))).collect();
        let wanted: Vec<VarId> = asked.iter().flatten().copied().collect();
        let solution = solve_for(&system, &wanted, caps);
        let bound = |v: VarId| Some(solution.bound(v)).filter(|bound| !matches!(bound.claim, Claim::Missing));
        asked.into_iter().map(|v| v.and_then(bound)).collect()
    }

    /// The ranks that some variables can have among others, in what all relations together allow. `None` where the numbers
    /// around them cannot all hold.
    pub fn ranks(&self, of: &[VarId], among: &[VarId], caps: &Caps) -> Option<Vec<Ranks>> {
        ranks(&self.component(&[of, among].concat()), of, among, caps)
    }

    /// The rank of a variable among some that a relation states outright, with that relation. Shares of one whole rank as their
    /// parts do.
    pub fn stated_rank(&self, of: VarId, among: &[VarId]) -> Option<(usize, RelationId)> {
        let rank = |of: VarId, among: &BTreeSet<VarId>| {
            self.system.relations.iter().enumerate().find_map(|(id, relation)| match &relation.form {
                Form::Rank { of: own, among: all, ranks } if *own == of && ranks.start() == ranks.end() => {
                    let all: BTreeSet<VarId> = all.iter().copied().chain([of]).collect();
                    (all == *among).then_some((*ranks.start(), RelationId(id)))
                }
                _ => None,
            })
        };
        let share = |of: &VarId| {
            self.system.relations.iter().find_map(|relation| match &relation.form {
                Form::Rate { rate, part, whole, scale: Scale::Share { .. } } if rate == of => {
                    Some((part.as_variable()?, whole))
                }
                _ => None,
            })
        };
        let all: BTreeSet<VarId> = among.iter().copied().chain([of]).collect();
        rank(of, &all).or_else(|| {
            let (own, whole) = share(&of)?;
            let parts: Option<BTreeSet<VarId>> =
                all.iter().map(|v| share(v).filter(|(_, other)| *other == whole).map(|(part, _)| part)).collect();
            rank(own, &parts?)
        })
    }
}

fn define(system: &mut System, expression: &Expression) -> VarId {
    let rate = system.variable(Variable::rate(ASKED));
    let form = match expression {
        Expression::Linear(sum) => Form::equal(sum.clone(), &rate.into()),
        Expression::Rate { part, whole, scale } => {
            Form::Rate { rate, part: part.clone(), whole: whole.clone(), scale: scale.clone() }
        }
    };
    system.relate(Relation::printed(ASKED, form));
    rate
}

//! What a proof supposes for the sake of a contradiction.

use super::wording::{interval_text, number_text, scale, weighted};
use super::{Facts, Ground, Origin};
use crate::precision::{Contradiction, Form, Interval, Linear, Rational, Reason, RelationId, Step, VarId, integer};
use crate::text::Text;

impl Facts<'_> {
    /// Does something with what is supposed among the relations, which are as before afterwards.
    pub fn supposing<T>(&mut self, contradiction: &Contradiction, what: impl FnOnce(&Facts) -> T) -> T {
        let (relations, own) = (self.origins.len(), std::mem::replace(&mut self.system, contradiction.system.clone()));
        let id = Text::new("所设", "supposition");
        let origin = Origin { ground: Ground::Supposed, id, ..Origin::default() };
        self.origins.resize(self.system.relations.len(), origin);
        for id in relations..self.origins.len() {
            self.system.relations[id].name = self.supposition(RelationId(id));
        }
        let done = what(self);
        self.origins.truncate(relations);
        self.system = own;
        done
    }

    /// What a relation supposes, in the unit of the cells that it is about.
    fn supposition(&self, id: RelationId) -> String {
        match self.system.relations.get(id.0).map(|relation| &relation.form) {
            Some(Form::Linear { expression, within, strict }) => self.compared(expression, within, *strict),
            Some(Form::Rank { of, ranks, .. }) => match (ranks.start(), ranks.end()) {
                (first, last) if first == last => format!("rank({}) = {first}", self.name(*of)),
                (1, last) => format!("rank({}) ≤ {last}", self.name(*of)),
                (first, _) => format!("rank({}) ≥ {first}", self.name(*of)),
            },
            _ => String::new(),
        }
    }

    /// A sum within an interval, what is taken off on the other side: `a ≤ b + 3`.
    fn compared(&self, expression: &Linear, within: &Interval, strict: bool) -> String {
        let expression = expression.clone().merged();
        let Some((first, _)) = expression.terms.first() else {
            return plain(&expression.constant, within, strict);
        };
        let scale = self.scale_of(&expression, *first);
        let named = |sign: i64| {
            let terms = expression.terms.iter().map(|(v, factor)| (factor * integer(sign), self.name(*v)));
            terms.filter(|(factor, _)| *factor > integer(0)).collect::<Vec<(Rational, String)>>()
        };
        let (mut left, mut right) = (named(1), named(-1));
        let mut within = within.sub(&Interval::exact(expression.constant.clone())).scale(&scale);
        if left.is_empty() {
            std::mem::swap(&mut left, &mut right);
            within = within.scale(&integer(-1));
        }
        let (sign, end) = match (&within.lower, &within.upper) {
            (Some(low), Some(high)) if low == high => ("=", low),
            (None, Some(high)) => (if strict { "<" } else { "≤" }, high),
            (Some(low), None) => (if strict { ">" } else { "≥" }, low),
            _ => return format!("{}: {}", weighted(&[left, right].concat()), interval_text(&within)),
        };
        let right = match (right.is_empty(), *end == integer(0)) {
            (true, _) => number_text(end),
            (false, true) => weighted(&right),
            (false, false) => format!("{} {}", weighted(&right), signed(end)),
        };
        format!("{} {sign} {right}", weighted(&left))
    }

    /// What levels are multiplied by to be shown: nothing where rates are compared.
    fn scale_of(&self, expression: &Linear, first: VarId) -> Rational {
        let because = expression.terms.iter().map(|(v, _)| (*v, Interval::all())).collect();
        let (before, after) = (Interval::all(), Interval::all());
        let is_rate = self.unit(first).is_none_or(|unit| unit.family == "percent");
        let step = Step { variable: first, before, after, reason: Reason::Cases(Vec::new()), because };
        if is_rate { integer(1) } else { scale(self, &step) }
    }
}

/// A number to be added: `+ 3`, `− 3`.
fn signed(value: &Rational) -> String {
    let size = if *value < integer(0) { -value.clone() } else { value.clone() };
    format!("{} {}", if *value < integer(0) { "−" } else { "+" }, number_text(&size))
}

/// A number within an interval: `1 ≤ 0`.
pub(super) fn plain(number: &Rational, within: &Interval, strict: bool) -> String {
    let (less, more) = if strict { ("<", ">") } else { ("≤", "≥") };
    let (sign, end) = match (&within.lower, &within.upper) {
        (Some(low), Some(high)) if low == high => ("=", low),
        (Some(low), None) => (more, low),
        (_, Some(high)) => (less, high),
        (None, None) => return number_text(number),
    };
    format!("{} {sign} {}", number_text(number), number_text(end))
}

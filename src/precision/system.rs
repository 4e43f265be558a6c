//! What is known: variables with their printed numbers, and the relations between them.

use std::ops::RangeInclusive;

use num_traits::{One, Zero};

use super::{Basis, Interval, Printed, Rational};

/// A variable of a [`System`]: its place in [`System::variables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VarId(pub usize);

/// A relation of a [`System`]: its place in [`System::relations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelationId(pub usize);

/// An unknown or printed quantity, in base units (percent for rates, if their relations say so).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Shown in proofs: a cell's full name.
    pub name: String,
    /// Where it lies whatever is printed: [`Interval::non_negative`] for a level, [`Interval::all`] for a growth rate.
    pub natural: Interval,
    /// Whether it is a whole number.
    pub whole: bool,
    /// What is printed about it.
    pub printed: Option<Printed>,
}

impl Variable {
    /// A level that is at least 0 and not printed.
    pub fn level(name: impl Into<String>) -> Variable {
        Variable { name: name.into(), natural: Interval::non_negative(), whole: false, printed: None }
    }

    /// A count: a whole number of at least 0, not printed.
    pub fn count(name: impl Into<String>) -> Variable {
        Variable { whole: true, ..Variable::level(name) }
    }

    /// A rate, ratio or difference of either sign, not printed.
    pub fn rate(name: impl Into<String>) -> Variable {
        Variable { natural: Interval::all(), ..Variable::level(name) }
    }

    /// The same with a printed number.
    #[must_use]
    pub fn with(self, printed: Printed) -> Variable {
        Variable { printed: Some(printed), ..self }
    }
}

/// A sum of variables with factors, and a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linear {
    /// Variables and their factors; a variable may occur more than once.
    pub terms: Vec<(VarId, Rational)>,
    /// The constant.
    pub constant: Rational,
}

impl Default for Linear {
    fn default() -> Self {
        Linear { terms: Vec::new(), constant: Rational::zero() }
    }
}

impl From<VarId> for Linear {
    fn from(variable: VarId) -> Self {
        Linear { terms: vec![(variable, Rational::one())], constant: Rational::zero() }
    }
}

impl From<Rational> for Linear {
    fn from(constant: Rational) -> Self {
        Linear { terms: Vec::new(), constant }
    }
}

impl Linear {
    /// The sum of variables.
    pub fn sum(variables: impl IntoIterator<Item = VarId>) -> Linear {
        Linear { terms: variables.into_iter().map(|v| (v, Rational::one())).collect(), constant: Rational::zero() }
    }

    /// Both added.
    #[must_use]
    pub fn plus(mut self, other: &Linear) -> Linear {
        self.terms.extend(other.terms.iter().cloned());
        self.constant += &other.constant;
        self
    }

    /// The other taken away.
    #[must_use]
    pub fn minus(self, other: &Linear) -> Linear {
        self.plus(&other.clone().times(&-Rational::one()))
    }

    /// Every factor and the constant multiplied.
    #[must_use]
    pub fn times(mut self, factor: &Rational) -> Linear {
        for (_, a) in &mut self.terms {
            *a *= factor;
        }
        self.constant *= factor;
        self
    }

    /// Factors of one variable added up, zeros dropped, in the order of variables.
    #[must_use]
    pub fn merged(mut self) -> Linear {
        self.terms.sort_by_key(|(v, _)| *v);
        self.terms.dedup_by(|next, first| {
            let same = next.0 == first.0;
            if same {
                first.1 += &next.1;
            }
            same
        });
        self.terms.retain(|(_, a)| !a.is_zero());
        self
    }

    /// The single variable that this is, if it is one.
    pub fn as_variable(&self) -> Option<VarId> {
        match self.terms.as_slice() {
            [(v, a)] if a.is_one() && self.constant.is_zero() => Some(*v),
            _ => None,
        }
    }
}

/// How a rate reads as a quotient of two quantities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scale {
    /// `part / whole = rate / per`: 100 for percent, 1 for a ratio or a multiple.
    Share {
        /// What the whole counts as.
        per: Rational,
    },
    /// `part / whole = (1 + rate / 100)^years`: percentage change, compound annual growth over more years.
    Growth {
        /// Periods between the two levels, at least 1.
        years: u32,
    },
}

/// What must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// `lower ≤ expression ≤ upper`.
    Linear {
        /// The expression.
        expression: Linear,
        /// Its interval.
        within: Interval,
        /// Whether the ends themselves are excluded. Over whole numbers this moves each end by one; else it decides
        /// between `<` and `≤` in conflicts and statements.
        strict: bool,
    },
    /// `part = quotient × whole`, the quotient in a fixed interval: "over three times".
    Ratio {
        /// The numerator.
        part: Linear,
        /// The denominator, at least 0.
        whole: Linear,
        /// Where the quotient lies.
        within: Interval,
    },
    /// A rate that is a variable of its own: a share, a growth rate.
    Rate {
        /// The rate.
        rate: VarId,
        /// The part; the later level of a growth rate.
        part: Linear,
        /// The whole; the earlier level of a growth rate.
        whole: Linear,
        /// How the rate reads.
        scale: Scale,
    },
    /// Levels in order of time whose growth rises (or falls) from each period to the next: `x₁² ≤ x₀·x₂`, and compound
    /// growth over a span lies between the growth rates at its ends.
    RatioOrder {
        /// Levels in order of time.
        levels: Vec<VarId>,
        /// The growth rate in percent to each level but the first from the one before; none where they are no variables.
        rates: Vec<VarId>,
        /// Whether growth rises.
        rising: bool,
    },
    /// Standard competition rank: as many of the others are strictly above as these ranks say, from the first to the last.
    Rank {
        /// Whose rank.
        of: VarId,
        /// The others (`of` among them is passed by).
        among: Vec<VarId>,
        /// The ranks that it can be, 1 for the most.
        ranks: RangeInclusive<usize>,
    },
}

/// A relation with its name and basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Shown in proofs.
    pub name: String,
    /// Whether the report states it.
    pub basis: Basis,
    /// What must hold.
    pub form: Form,
    /// Whether it says no more than "about": bounds follow from it, but it never accuses.
    pub about: bool,
}

impl Relation {
    /// A relation that the report states.
    pub fn printed(name: impl Into<String>, form: Form) -> Relation {
        Relation { name: name.into(), basis: Basis::Printed, form, about: false }
    }

    /// A relation that is assumed.
    pub fn assumed(name: impl Into<String>, form: Form) -> Relation {
        Relation { name: name.into(), basis: Basis::Assumed, form, about: false }
    }
}

impl Form {
    /// The variables that it is about.
    pub fn variables(&self) -> Vec<VarId> {
        let of = |linear: &Linear| linear.terms.iter().map(|(v, _)| *v).collect::<Vec<_>>();
        match self {
            Form::Linear { expression, .. } => of(expression),
            Form::Ratio { part, whole, .. } => [of(part), of(whole)].concat(),
            Form::Rate { rate, part, whole, .. } => [vec![*rate], of(part), of(whole)].concat(),
            Form::RatioOrder { levels, rates, .. } => [&levels[..], rates].concat(),
            Form::Rank { of, among, .. } => std::iter::once(*of).chain(among.iter().copied()).collect(),
        }
    }

    /// `total = sum of parts`.
    pub fn sum(total: VarId, parts: impl IntoIterator<Item = VarId>) -> Form {
        Form::equal(Linear::sum(parts), &total.into())
    }

    /// What holds whatever the numbers are.
    pub fn nothing() -> Form {
        Form::Linear { expression: Linear::default(), within: Interval::all(), strict: false }
    }

    /// `left = right`.
    pub fn equal(left: Linear, right: &Linear) -> Form {
        Form::Linear { expression: left.minus(right), within: Interval::exact(Rational::zero()), strict: false }
    }

    /// `left < right`, or `left ≤ right` unless strict.
    pub fn less(left: Linear, right: &Linear, strict: bool) -> Form {
        let within = Interval { lower: None, upper: Some(Rational::zero()) };
        Form::Linear { expression: left.minus(right), within, strict }
    }

    /// `rate` percent is the share of `part` in `whole`.
    pub fn share(rate: VarId, part: impl Into<Linear>, whole: impl Into<Linear>) -> Form {
        let scale = Scale::Share { per: super::integer(100) };
        Form::Rate { rate, part: part.into(), whole: whole.into(), scale }
    }

    /// `rate` percent is the growth from `before` to `now`.
    pub fn growth(rate: VarId, now: impl Into<Linear>, before: impl Into<Linear>) -> Form {
        Form::Rate { rate, part: now.into(), whole: before.into(), scale: Scale::Growth { years: 1 } }
    }
}

/// Variables and relations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct System {
    /// The quantities.
    pub variables: Vec<Variable>,
    /// What must hold between them.
    pub relations: Vec<Relation>,
}

impl System {
    /// Adds a variable.
    pub fn variable(&mut self, variable: Variable) -> VarId {
        self.variables.push(variable);
        VarId(self.variables.len() - 1)
    }

    /// Adds a relation.
    pub fn relate(&mut self, relation: Relation) -> RelationId {
        self.relations.push(relation);
        RelationId(self.relations.len() - 1)
    }
}

/// How much work an answer may cost. Beyond a cap the claim gets weaker, never the bound wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Bound changes by propagation, per variable of a component.
    pub steps: usize,
    /// Variables of a component, and rows, up to which the simplex runs.
    pub rows: usize,
    /// Tableau operations per component, each counted by the size of its numbers.
    pub work: u64,
    /// Bits of a derived bound's numerator and denominator, beyond which it is rounded outward.
    pub bits: u64,
    /// Nodes of one search over whole numbers.
    pub nodes: usize,
    /// Cases of ranks in one component.
    pub cases: usize,
    /// Conflicts shown per component.
    pub conflicts: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Caps { steps: 60, rows: 400, work: 2_000_000, bits: 512, nodes: 300, cases: 64, conflicts: 8 }
    }
}

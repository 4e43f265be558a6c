//! What a statement says of variables.

use crate::precision::{Form, Linear, Op, VarId};
use crate::statement::{Misread, Place};

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Atom {
    /// Of two sums.
    Compare {
        /// Left side.
        left: Linear,
        /// How they compare.
        op: Op,
        /// Right side.
        right: Linear,
    },
    /// Of a competition rank with a whole number.
    Rank {
        /// Whose.
        of: VarId,
        /// Among whom.
        among: Vec<VarId>,
        /// How the rank compares.
        op: Op,
        /// With what.
        rank: usize,
    },
}

/// Comparisons of which all hold; or, negated, of which one does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logic {
    /// Whether it is said that not all hold.
    pub negated: bool,
    /// The comparisons.
    pub atoms: Vec<Atom>,
    /// Whether they say no more than "about".
    pub about: bool,
    /// Where they are said.
    pub place: Place,
}

/// A statement about variables: all of its parts hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// What holds.
    pub parts: Vec<Logic>,
    /// What follows for the levels where growth rates are ordered.
    pub orders: Vec<Form>,
    /// The expressions compared, with their places in the text and the power of ten of their unit.
    pub sides: Vec<(Place, Linear, i32)>,
    /// The cells named.
    pub cells: Vec<VarId>,
}

impl Atom {
    /// The variables that it is about.
    pub fn variables(&self) -> Vec<VarId> {
        match self {
            Atom::Compare { left, right, .. } => left.terms.iter().chain(&right.terms).map(|(v, _)| *v).collect(),
            Atom::Rank { of, among, .. } => std::iter::once(*of).chain(among.iter().copied()).collect(),
        }
    }

    /// The form of a relation that says this.
    fn form(&self, place: &Place) -> Result<Form, Misread> {
        match self {
            Atom::Compare { left, op, right } => {
                let (left, right) = (left.clone(), right);
                Ok(match op {
                    Op::Less => Form::less(left, right, true),
                    Op::AtMost => Form::less(left, right, false),
                    Op::Equal => Form::equal(left, right),
                    Op::AtLeast => Form::less(right.clone(), &left, false),
                    Op::More => Form::less(right.clone(), &left, true),
                    Op::Unequal => {
                        let (zh, en) = ("关系不能用「!=」", "a relation cannot say '!='");
                        return Err(Misread::new(place.start, zh, en));
                    }
                })
            }
            Atom::Rank { of, among, op: Op::Equal, rank } => {
                Ok(Form::Rank { of: *of, among: among.clone(), ranks: *rank..=*rank })
            }
            Atom::Rank { .. } => {
                Err(Misread::new(place.start, "关系中的名次只能用「=」", "a relation states a rank with '='"))
            }
        }
    }
}

impl Meaning {
    /// The forms of the relations that say this, and whether each says no more than "about".
    ///
    /// # Errors
    /// It can be asked, but not stated as a relation.
    pub fn forms(&self) -> Result<Vec<(Form, bool)>, Misread> {
        let mut forms = Vec::new();
        for part in &self.parts {
            if part.negated {
                let (zh, en) = (
                    "这样的 min/max 只能用于提问",
                    "min and max this way round can be asked, but not stated as a relation",
                );
                return Err(Misread::new(part.place.start, zh, en));
            }
            for atom in &part.atoms {
                forms.push((atom.form(&part.place)?, part.about));
            }
        }
        forms.extend(self.orders.iter().map(|form| (form.clone(), false)));
        Ok(forms)
    }
}

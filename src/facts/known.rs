//! What is known of a cell, as an answer shows it.

use super::{Facts, Place};
use crate::answer::{Number, Value};
use crate::package::Missing;
use crate::precision::{Claim, Solution};

/// What is known of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// A number: printed, or one that follows. In the unit of its column.
    Number(Box<Number>),
    /// Neither printed nor following.
    Nothing,
    /// The printed numbers around it cannot all hold, and it is not printed itself.
    Conflict,
}

impl Facts<'_> {
    /// What is known of a cell. A printed number stays as printed, in the bounds that follow.
    pub fn known(&self, solution: &Solution, place: Place) -> Known {
        let Some(variable) = self.variable(place) else { return Known::Nothing };
        let bound = solution.bound(variable);
        let printed = self.printed(place);
        let value = match (&printed, bound.claim) {
            (Ok(cell), _) => Value::Printed(cell.digits.clone()),
            (Err(_), Claim::Conflict) => return Known::Conflict,
            (Err(_), Claim::Missing | Claim::Printed) => return Known::Nothing,
            (Err(_), Claim::Exact) => match &bound.interval.lower {
                Some(value) => Value::Computed(
                    value * crate::stats::power_of_ten(-self.unit(variable).map_or(0, |unit| unit.power)),
                ),
                None => return Known::Nothing,
            },
            (Err(reason), Claim::Tight | Claim::Outer) => Value::Bounded(match reason {
                Missing::NotPrinted | Missing::Dash | Missing::Illegible | Missing::Lost => *reason,
                _ => Missing::NotPrinted,
            }),
        };
        if printed.is_err() && !self.says_something(variable, &bound) {
            return Known::Nothing;
        }
        let (mark, to) = printed.ok().map_or((None, None), |cell| (cell.mark, cell.to));
        // Nothing is derived in a conflict: the printed number stands as it is.
        let claim = if bound.claim == Claim::Conflict { Claim::Printed } else { bound.claim };
        Known::Number(Box::new(Number {
            value,
            bounds: self.in_unit(variable, &bound.interval),
            claim,
            basis: bound.basis,
            mark,
            to,
        }))
    }
}

//! The interpreter over exact rationals and intervals.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use num_traits::{Signed, Zero};

use super::expr::{Arm, Condition, Expr};
use super::panel::Panel;
use super::quantity::{Operand, Quantity};
use super::root::root;
use crate::package::Missing;
use crate::precision::{Basis, Claim, Interval, Rational};

/// Evaluates descriptions over the rows of a panel. `columns` are the operand columns, each with one operand a row.
pub struct Exact<'a> {
    panel: &'a Panel,
    columns: &'a [Vec<Operand>],
    rows_of: OnceCell<Vec<Vec<usize>>>,
    /// What is summed or counted over the leaves of a period, once for each expression and period that is asked for.
    leaves: RefCell<Vec<(Expr, ByPeriod)>>,
}

/// The leaves of each period that was looked at.
type ByPeriod = Vec<Option<Rc<Leaves>>>;

/// The numbers of the leaf members of one period.
#[derive(Debug, Default)]
struct Leaves {
    /// Their sum, once it is asked for: a sum of many quotients is a long fraction.
    total: OnceCell<Option<Quantity>>,
    /// Leaves without a number, and the reason of the first.
    empty: usize,
    reason: Option<Missing>,
    /// Why a leaf has bounds alone.
    bounded_reason: Option<Missing>,
    basis: Basis,
    /// Sorted values, lower ends and upper ends.
    values: Vec<Rational>,
    lowers: Vec<Rational>,
    uppers: Vec<Rational>,
    /// Leaves without an upper end.
    endless: usize,
}

impl<'a> Exact<'a> {
    /// An interpreter for a panel and its operand columns.
    pub fn new(panel: &'a Panel, columns: &'a [Vec<Operand>]) -> Self {
        Exact { panel, columns, rows_of: OnceCell::new(), leaves: RefCell::default() }
    }

    /// The number that an expression describes for a row.
    pub fn eval(&self, expr: &Expr, row: usize) -> Operand {
        match expr {
            Expr::Column(index) => self
                .columns
                .get(*index)
                .and_then(|column| column.get(row))
                .map_or(Err(Missing::NotPrinted), Clone::clone),
            Expr::Literal(value) => Ok(Quantity::exact(value.clone())),
            Expr::Add(a, b) => self.binary(a, b, row, |x, y| Some(x + y), |x, y| Some(x.add(y))),
            Expr::Sub(a, b) => self.binary(a, b, row, |x, y| Some(x - y), |x, y| Some(x.sub(y))),
            Expr::Mul(a, b) => self.binary(a, b, row, |x, y| Some(x * y), |x, y| Some(x.mul(y))),
            Expr::Div(a, b) => self.binary(a, b, row, |x, y| (!y.is_zero()).then(|| x / y), |x, y| x.div(y)),
            Expr::Previous(..) | Expr::At(..) => match self.elsewhere(expr, row) {
                Some((inner, target)) => self.eval(inner, target),
                None => Err(Missing::Gap),
            },
            Expr::Others(inner) => self.others(inner, row),
            Expr::CountGreater(inner) => self.count_greater(inner, row),
            Expr::Root { index, power, of } => {
                let of = self.eval(of, row)?;
                let nth = |value: &Rational, up: bool| root(value, *power, *index, up);
                Ok(Quantity {
                    value: of.value.and_then(|value| nth(&value, false).ok_or(Missing::NoBase)),
                    bounds: Interval {
                        lower: of.bounds.lower.and_then(|end| nth(&end, false)),
                        upper: of.bounds.upper.and_then(|end| nth(&end, true)),
                    },
                    claim: Claim::Outer,
                    basis: of.basis,
                })
            }
            Expr::Case(arms, otherwise) => {
                for (condition, arm) in arms {
                    if let Some(own) = self.holds(condition, row) {
                        return match arm {
                            Arm::Missing(reason) => Err(*reason),
                            Arm::Own => Err(own),
                            Arm::Then(expr) => self.eval(expr, row),
                        };
                    }
                }
                self.eval(otherwise, row)
            }
        }
    }

    fn binary(
        &self,
        a: &Expr,
        b: &Expr,
        row: usize,
        value: impl Fn(&Rational, &Rational) -> Option<Rational>,
        bounds: impl Fn(&Interval, &Interval) -> Option<Interval>,
    ) -> Operand {
        let (a, b) = (self.eval(a, row)?, self.eval(b, row)?);
        let bounds = bounds(&a.bounds, &b.bounds).unwrap_or_default();
        a.combine(&b, value, bounds)
    }

    /// The row that a keyed expression looks at, and what it evaluates there.
    fn elsewhere<'e>(&self, expr: &'e Expr, row: usize) -> Option<(&'e Expr, usize)> {
        let (series, period) = (self.panel.series[row], self.panel.period[row]);
        match expr {
            Expr::Previous(lag, inner) => {
                let before = self.panel.before(period, *lag)?;
                Some((inner, self.panel.row(series, before)?))
            }
            Expr::At(at, inner) => Some((inner, self.panel.row(series, self.panel.period_of(at)?)?)),
            _ => None,
        }
    }

    /// Whether a condition holds; if so, with the reason that its operand has.
    fn holds(&self, condition: &Condition, row: usize) -> Option<Missing> {
        let sign = |expr: &Expr, test: fn(&Rational) -> bool| {
            let quantity = self.eval(expr, row).ok()?;
            quantity.value.is_ok_and(|value| test(&value)).then_some(Missing::ZeroBase)
        };
        match condition {
            Condition::Absent(expr) => match expr {
                Expr::Previous(..) | Expr::At(..) if self.elsewhere(expr, row).is_none() => Some(Missing::Gap),
                Expr::Others(_) if !self.panel.exhaustive || !self.panel.leaf[self.panel.series[row] as usize] => {
                    Some(Missing::NoTotal)
                }
                _ => None,
            },
            Condition::Empty(expr) => self.eval(expr, row).err(),
            Condition::Zero(expr) => sign(expr, Zero::is_zero),
            Condition::Negative(expr) => sign(expr, Signed::is_negative),
            Condition::Unlike(period) => {
                let own = &self.panel.periods[self.panel.period[row] as usize];
                (!own.is_like(period)).then_some(Missing::NoBase)
            }
            Condition::Is(period) => {
                (self.panel.periods[self.panel.period[row] as usize] == *period).then_some(Missing::NoBase)
            }
        }
    }

    fn leaves(&self, inner: &Expr, row: usize) -> Rc<Leaves> {
        let period = self.panel.period[row] as usize;
        let known = |all: &[(Expr, Vec<Option<Rc<Leaves>>>)]| all.iter().position(|(expr, _)| expr == inner);
        let at = known(&self.leaves.borrow());
        if let Some(leaves) = at.and_then(|at| self.leaves.borrow()[at].1[period].clone()) {
            return leaves;
        }
        let rows = self.rows_of.get_or_init(|| self.panel.leaves_by_period());
        let leaves = Rc::new(Leaves::of(rows[period].iter().map(|&row| self.eval(inner, row))));
        let mut all = self.leaves.borrow_mut();
        let at = known(&all).unwrap_or_else(|| {
            all.push((inner.clone(), vec![None; self.panel.periods.len()]));
            all.len() - 1
        });
        all[at].1[period] = Some(Rc::clone(&leaves));
        leaves
    }

    /// The sum of the leaves of a row's period that have a number.
    fn total(&self, inner: &Expr, row: usize) -> Option<Quantity> {
        let rows = self.rows_of.get_or_init(|| self.panel.leaves_by_period());
        let numbers = rows[self.panel.period[row] as usize].iter().filter_map(|&row| self.eval(inner, row).ok());
        numbers.into_iter().try_fold(Quantity::exact(Rational::zero()), |sum, number| sum.plus(&number).ok())
    }

    fn is_leaf(&self, row: usize) -> bool {
        self.panel.leaf[self.panel.series[row] as usize]
    }

    /// The total less the row's own number: exact, since nothing is rounded.
    fn others(&self, inner: &Expr, row: usize) -> Operand {
        let leaves = self.leaves(inner, row);
        let own = self.eval(inner, row).ok().filter(|_| self.is_leaf(row));
        let own_empty = usize::from(self.is_leaf(row) && own.is_none());
        if leaves.empty > own_empty {
            return Err(leaves.reason.unwrap_or(Missing::NotPrinted));
        }
        let zero = Quantity::exact(Rational::zero());
        let total = leaves.total.get_or_init(|| self.total(inner, row)).as_ref().unwrap_or(&zero);
        let Some(own) = own else { return Ok(total.clone()) };
        if own.bounds.lower.is_none() || own.bounds.upper.is_none() || own.value.is_err() {
            return self.sum_of_others(inner, row);
        }
        let less = |total: &Option<Rational>, own: &Option<Rational>| Some(total.as_ref()? - own.as_ref()?);
        let bounds = Interval {
            lower: less(&total.bounds.lower, &own.bounds.lower),
            upper: less(&total.bounds.upper, &own.bounds.upper),
        };
        let value = match (&total.value, &own.value) {
            (Ok(total), Ok(own)) => Ok(total - own),
            (Err(reason), _) | (_, Err(reason)) => Err(*reason),
        };
        let claim = if bounds.is_exact() { Claim::Exact } else { Claim::Outer };
        Ok(Quantity { value, bounds, claim, basis: total.basis })
    }

    /// Member by member, where the row's own number cannot be taken off the total.
    fn sum_of_others(&self, inner: &Expr, row: usize) -> Operand {
        let mut sum = Quantity::exact(Rational::zero());
        for peer in (0..self.panel.len())
            .filter(|&peer| peer != row && self.panel.period[peer] == self.panel.period[row] && self.is_leaf(peer))
        {
            sum = sum.plus(&self.eval(inner, peer)?)?;
        }
        Ok(sum)
    }

    fn count_greater(&self, inner: &Expr, row: usize) -> Operand {
        let own = self.eval(inner, row)?;
        let leaves = self.leaves(inner, row);
        let greater =
            |sorted: &[Rational], than: &Rational| sorted.len() - sorted.partition_point(|number| number <= than);
        let number = |count: usize| Rational::from_integer(count.into());
        // The row itself is among the upper ends that exceed its own lower end, unless it is exact.
        let itself = usize::from(self.is_leaf(row) && own.bounds.lower != own.bounds.upper);
        let lower = own.bounds.upper.as_ref().map_or(0, |upper| greater(&leaves.lowers, upper));
        let uncertain = own.bounds.lower.as_ref().map_or(leaves.uppers.len(), |lower| greater(&leaves.uppers, lower))
            + leaves.endless;
        let upper = (uncertain - itself.min(uncertain)) + leaves.empty;
        let value = match (&own.value, leaves.bounded_reason) {
            (Ok(value), None) => Ok(number(greater(&leaves.values, value))),
            (Err(reason), _) => Err(*reason),
            (Ok(_), Some(reason)) => Err(reason),
        };
        let bounds = Interval { lower: Some(number(lower)), upper: self.panel.exhaustive.then(|| number(upper)) };
        let claim = if bounds.is_exact() { Claim::Exact } else { Claim::Outer };
        Ok(Quantity { value, bounds, claim, basis: leaves.basis.max(own.basis) })
    }
}

impl Leaves {
    fn of(operands: impl Iterator<Item = Operand>) -> Self {
        let mut leaves = Leaves::default();
        for operand in operands {
            let quantity = match operand {
                Ok(quantity) => quantity,
                Err(reason) => {
                    leaves.empty += 1;
                    leaves.reason = leaves.reason.or(Some(reason));
                    continue;
                }
            };
            leaves.basis = leaves.basis.max(quantity.basis);
            match &quantity.value {
                Ok(value) => leaves.values.push(value.clone()),
                Err(reason) => {
                    leaves.bounded_reason = leaves.bounded_reason.or(Some(*reason));
                }
            }
            leaves.lowers.extend(quantity.bounds.lower.clone());
            match &quantity.bounds.upper {
                Some(upper) => leaves.uppers.push(upper.clone()),
                None => leaves.endless += 1,
            }
        }
        for sorted in [&mut leaves.values, &mut leaves.lowers, &mut leaves.uppers] {
            sorted.sort();
        }
        leaves
    }
}

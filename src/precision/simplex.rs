//! The general simplex over exact rationals: bounded variables, a slack for each row, a feasible point first, then
//! optimisation from there (Dutertre & de Moura, *A fast linear-arithmetic solver for DPLL(T)*, 2006; Bland's rule, 1977,
//! against cycling). A stuck row gives the multipliers of Farkas' lemma, an optimum those of duality.

use super::num::Num;
use super::{Interval, Number};

/// A tableau: `basic = Σ cell · nonbasic`.
#[derive(Clone, Debug)]
pub(super) struct Simplex {
    range: Vec<Interval<Num>>,
    value: Vec<Num>,
    cells: Vec<Vec<Num>>,
    basic: Vec<usize>,
    nonbasic: Vec<usize>,
    place: Vec<Place>,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Row(usize),
    Column(usize),
}

/// Factors of variables (structural first, then the slack of each row).
pub(super) type Factors = Vec<(usize, Num)>;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Stuck {
    /// No point: `Σ factor · variable = 0` identically, yet negative at every point within the bounds.
    Infeasible(Factors),
    /// The objective grows without end.
    Unbounded,
    /// The budget is spent.
    Spent,
}

/// An optimum: its value, and factors with `objective = Σ factor · variable` that prove it.
#[derive(Debug)]
pub(super) struct Optimum {
    pub(super) value: Num,
    pub(super) proof: Factors,
}

/// Pivots by steepest cost before Bland's rule takes over.
const GREEDY: usize = 40;

impl Simplex {
    /// Variables with their intervals, rows with theirs.
    pub(super) fn new(variables: &[Interval<Num>], rows: &[(Factors, Interval<Num>)]) -> Simplex {
        let count = variables.len();
        let value: Vec<Num> =
            variables.iter().map(|r| r.lower.clone().or_else(|| r.upper.clone()).unwrap_or(Num::ZERO)).collect();
        let mut tableau = Simplex {
            range: variables.to_vec(),
            value,
            cells: Vec::with_capacity(rows.len()),
            basic: Vec::new(),
            nonbasic: (0..count).collect(),
            place: (0..count).map(Place::Column).collect(),
        };
        for (row, (factors, range)) in rows.iter().enumerate() {
            let mut cells = vec![Num::ZERO; count];
            let mut value = Num::ZERO;
            for (v, a) in factors {
                cells[*v] = cells[*v].add(a);
                value = value.add(&a.mul(&tableau.value[*v]));
            }
            tableau.cells.push(cells);
            tableau.basic.push(count + row);
            tableau.place.push(Place::Row(row));
            tableau.value.push(value);
            tableau.range.push(range.clone());
        }
        tableau
    }

    /// The current value of a variable.
    pub(super) fn value(&self, variable: usize) -> &Num {
        &self.value[variable]
    }

    fn shift(&mut self, column: usize, by: &Num) {
        let variable = self.nonbasic[column];
        self.value[variable] = self.value[variable].add(by);
        for (row, cells) in self.cells.iter().enumerate() {
            if !cells[column].is_zero() {
                let basic = self.basic[row];
                self.value[basic] = self.value[basic].add(&cells[column].mul(by));
            }
        }
    }

    /// Gives a variable a narrower interval. The point is moved so that variables outside the basis lie within theirs.
    pub(super) fn narrow(&mut self, variable: usize, range: &Interval<Num>) {
        if self.range[variable] == *range {
            return;
        }
        self.range[variable] = range.clone();
        let Place::Column(column) = self.place[variable] else { return };
        let value = &self.value[variable];
        let below = range.lower.as_ref().filter(|end| value < *end);
        let above = range.upper.as_ref().filter(|end| value > *end);
        if let Some(by) = below.or(above).map(|end| end.sub(value)) {
            self.shift(column, &by);
        }
    }

    fn can_move(&self, variable: usize, up: bool) -> bool {
        let range = &self.range[variable];
        let value = &self.value[variable];
        if up {
            range.upper.as_ref().is_none_or(|end| value < end)
        } else {
            range.lower.as_ref().is_none_or(|end| value > end)
        }
    }

    /// Finds a point within all bounds.
    pub(super) fn feasible(&mut self, budget: &mut u64) -> Result<(), Stuck> {
        loop {
            let broken = self
                .basic
                .iter()
                .enumerate()
                .filter(|(_, v)| !self.range[**v].contains(&self.value[**v]))
                .min_by_key(|(_, v)| **v);
            let Some((row, variable)) = broken.map(|(row, v)| (row, *v)) else {
                return Ok(());
            };
            let range = &self.range[variable];
            let (target, up) = match (&range.lower, &range.upper) {
                (Some(lower), _) if self.value[variable] < *lower => (lower.clone(), true),
                (_, Some(upper)) => (upper.clone(), false),
                _ => return Ok(()),
            };
            let column = (0..self.nonbasic.len())
                .filter(|c| {
                    let sign = self.cells[row][*c].sign();
                    sign != 0 && self.can_move(self.nonbasic[*c], (sign > 0) == up)
                })
                .min_by_key(|c| self.nonbasic[*c]);
            let Some(column) = column else {
                return Err(Stuck::Infeasible(self.farkas(row, up)));
            };
            let by = target.sub(&self.value[variable]).div(&self.cells[row][column]).unwrap_or(Num::ZERO);
            self.shift(column, &by);
            self.pivot(row, column, None, budget)?;
        }
    }

    fn farkas(&self, row: usize, up: bool) -> Factors {
        let sign = if up { Num::ONE } else { Num::int(-1) };
        let cells = self.cells[row].iter().enumerate().filter(|(_, cell)| !cell.is_zero());
        let mut factors: Factors = cells.map(|(c, cell)| (self.nonbasic[c], cell.mul(&sign))).collect();
        factors.push((self.basic[row], sign.neg()));
        factors
    }

    /// The largest value of `Σ factor · variable`, from a feasible point.
    pub(super) fn maximise(&mut self, objective: &Factors, budget: &mut u64) -> Result<Optimum, Stuck> {
        let mut cost = vec![Num::ZERO; self.nonbasic.len()];
        for (variable, factor) in objective {
            match self.place[*variable] {
                Place::Column(column) => cost[column] = cost[column].add(factor),
                Place::Row(row) => {
                    for (column, cell) in self.cells[row].iter().enumerate() {
                        if !cell.is_zero() {
                            cost[column] = cost[column].add(&cell.mul(factor));
                        }
                    }
                }
            }
        }
        for turn in 0.. {
            let open = (0..cost.len())
                .filter(|c| cost[*c].sign() != 0 && self.can_move(self.nonbasic[*c], cost[*c].sign() > 0));
            let entering = if turn < GREEDY {
                open.max_by(|a, b| size(&cost[*a]).cmp(&size(&cost[*b])).then(b.cmp(a)))
            } else {
                open.min_by_key(|c| self.nonbasic[*c])
            };
            let Some(column) = entering else { break };
            self.step(column, &mut cost, budget)?;
        }
        let value = objective.iter().fold(Num::ZERO, |sum, (v, a)| sum.add(&a.mul(&self.value[*v])));
        let proof = cost.into_iter().enumerate().filter(|(_, z)| !z.is_zero());
        Ok(Optimum { value, proof: proof.map(|(c, z)| (self.nonbasic[c], z)).collect() })
    }

    /// Moves one nonbasic variable as far as the bounds allow.
    fn step(&mut self, column: usize, cost: &mut Vec<Num>, budget: &mut u64) -> Result<(), Stuck> {
        let up = cost[column].sign() > 0;
        let variable = self.nonbasic[column];
        let own = &self.range[variable];
        let own = if up { own.upper.as_ref() } else { own.lower.as_ref() };
        let mut best = own.map(|end| end.sub(&self.value[variable])).map(|by| if up { by } else { by.neg() });
        let mut leaving = None;
        for (row, cells) in self.cells.iter().enumerate() {
            let cell = &cells[column];
            if cell.is_zero() {
                continue;
            }
            let basic = self.basic[row];
            let rises = (cell.sign() > 0) == up;
            let range = &self.range[basic];
            let Some(end) = (if rises { range.upper.as_ref() } else { range.lower.as_ref() }) else {
                continue;
            };
            let room = end.sub(&self.value[basic]).div(cell).unwrap_or(Num::ZERO);
            let room = if up { room } else { room.neg() };
            let better = match &best {
                None => true,
                Some(known) if room < *known => true,
                Some(known) => room == *known && leaving.is_some_and(|old: usize| basic < self.basic[old]),
            };
            if better {
                best = Some(room);
                leaving = Some(row);
            }
        }
        let Some(by) = best else {
            return Err(Stuck::Unbounded);
        };
        let by = if up { by } else { by.neg() };
        self.shift(column, &by);
        *budget = budget.saturating_sub(self.cells.len() as u64);
        match leaving {
            Some(row) => self.pivot(row, column, Some(cost), budget),
            None if *budget == 0 => Err(Stuck::Spent),
            None => Ok(()),
        }
    }

    fn pivot(&mut self, row: usize, column: usize, cost: Option<&mut Vec<Num>>, budget: &mut u64) -> Result<(), Stuck> {
        let mut spent = 1;
        let mut pivot = std::mem::take(&mut self.cells[row]);
        let inverse = Num::ONE.div(&pivot[column]).unwrap_or(Num::ZERO);
        let turned = inverse.neg();
        for (c, cell) in pivot.iter_mut().enumerate() {
            if c == column {
                *cell = inverse.clone();
            } else if !cell.is_zero() {
                *cell = cell.mul(&turned);
            }
        }
        let filled: Vec<usize> = (0..pivot.len()).filter(|c| !pivot[*c].is_zero()).collect();
        let rows = self.cells.iter_mut().enumerate().filter(|(r, _)| *r != row).map(|(_, cells)| cells);
        for cells in rows.chain(cost) {
            let factor = std::mem::replace(&mut cells[column], Num::ZERO);
            if factor.is_zero() {
                continue;
            }
            for c in &filled {
                let product = factor.mul(&pivot[*c]);
                cells[*c] = cells[*c].add(&product);
                spent += cells[*c].cost();
            }
            if spent > *budget {
                break;
            }
        }
        let exhausted = spent > *budget;
        self.cells[row] = pivot;
        let (enters, leaves) = (self.nonbasic[column], self.basic[row]);
        self.nonbasic[column] = leaves;
        self.basic[row] = enters;
        self.place[enters] = Place::Row(row);
        self.place[leaves] = Place::Column(column);
        *budget = budget.saturating_sub(spent);
        if exhausted { Err(Stuck::Spent) } else { Ok(()) }
    }
}

/// A number without its sign.
pub(super) fn size(value: &Num) -> Num {
    if value.sign() < 0 { value.neg() } else { value.clone() }
}

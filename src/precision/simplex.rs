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
    cells: Vec<Cells>,
    basic: Vec<usize>,
    nonbasic: Vec<usize>,
    place: Vec<Place>,
}

/// What a row has in the columns in which it is not 0, in their order: most are.
#[derive(Clone, Debug, Default)]
struct Cells(Vec<(usize, Num)>);

impl Cells {
    fn of(factors: &Factors) -> Cells {
        let mut cells: Vec<(usize, Num)> = Vec::with_capacity(factors.len());
        let mut sorted: Vec<&(usize, Num)> = factors.iter().collect();
        sorted.sort_by_key(|(v, _)| *v);
        for (v, a) in sorted {
            match cells.last_mut().filter(|(last, _)| last == v) {
                Some((_, sum)) => *sum = sum.add(a),
                None => cells.push((*v, a.clone())),
            }
        }
        cells.retain(|(_, cell)| !cell.is_zero());
        Cells(cells)
    }

    fn get(&self, column: usize) -> Option<&Num> {
        self.0.binary_search_by_key(&column, |(c, _)| *c).ok().map(|at| &self.0[at].1)
    }

    fn take(&mut self, column: usize) -> Option<Num> {
        self.0.binary_search_by_key(&column, |(c, _)| *c).ok().map(|at| self.0.remove(at).1)
    }

    /// Adds so many times another row; what its new cells cost.
    fn add(&mut self, factor: &Num, other: &Cells) -> u64 {
        let mut spent = 0;
        let mut sum = Vec::with_capacity(self.0.len() + other.0.len());
        let mut own = std::mem::take(&mut self.0).into_iter().peekable();
        for (column, cell) in &other.0 {
            while let Some(before) = own.next_if(|(c, _)| c < column) {
                sum.push(before);
            }
            let product = factor.mul(cell);
            let cell = match own.next_if(|(c, _)| c == column) {
                Some((_, cell)) => cell.add(&product),
                None => product,
            };
            spent += cell.cost();
            if !cell.is_zero() {
                sum.push((*column, cell));
            }
        }
        sum.extend(own);
        self.0 = sum;
        spent
    }
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
            let value = factors.iter().fold(Num::ZERO, |sum, (v, a)| sum.add(&a.mul(&tableau.value[*v])));
            tableau.cells.push(Cells::of(factors));
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
            if let Some(cell) = cells.get(column) {
                let basic = self.basic[row];
                self.value[basic] = self.value[basic].add(&cell.mul(by));
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
            let helps = |(c, cell): &&(usize, Num)| self.can_move(self.nonbasic[*c], (cell.sign() > 0) == up);
            let entering = self.cells[row].0.iter().filter(helps).min_by_key(|(c, _)| self.nonbasic[*c]);
            let Some((column, cell)) = entering.map(|(column, cell)| (*column, cell)) else {
                return Err(Stuck::Infeasible(self.farkas(row, up)));
            };
            let by = target.sub(&self.value[variable]).div(cell).unwrap_or(Num::ZERO);
            self.shift(column, &by);
            self.pivot(row, column, None, budget)?;
        }
    }

    fn farkas(&self, row: usize, up: bool) -> Factors {
        let sign = if up { Num::ONE } else { Num::int(-1) };
        let cells = self.cells[row].0.iter();
        let mut factors: Factors = cells.map(|(c, cell)| (self.nonbasic[*c], cell.mul(&sign))).collect();
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
                    for (column, cell) in &self.cells[row].0 {
                        cost[*column] = cost[*column].add(&cell.mul(factor));
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
            let Some(cell) = cells.get(column) else { continue };
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
        let inverse = pivot.get(column).and_then(|cell| Num::ONE.div(cell)).unwrap_or(Num::ZERO);
        let turned = inverse.neg();
        for (c, cell) in &mut pivot.0 {
            *cell = if *c == column { inverse.clone() } else { cell.mul(&turned) };
        }
        // The row itself is empty now.
        for cells in &mut self.cells {
            if let Some(factor) = cells.take(column) {
                spent += cells.add(&factor, &pivot);
            }
            if spent > *budget {
                break;
            }
        }
        if let Some(cost) = cost {
            let factor = std::mem::replace(&mut cost[column], Num::ZERO);
            for (c, cell) in pivot.0.iter().filter(|_| !factor.is_zero()) {
                cost[*c] = cost[*c].add(&factor.mul(cell));
                spent += cost[*c].cost();
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

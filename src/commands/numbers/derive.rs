//! `--derived`: what follows from the printed numbers and relations, in the cells that are empty and in statistics.

use super::sheet::{self, Sheet};
use crate::answer::{Cell, Values};
use crate::catalog::{Catalog, Found};
use crate::cli::Question;
use crate::commands::{assume, proof};
use crate::error::Result;
use crate::facts::{Facts, Known, Place};
use crate::package::Missing;
use crate::precision::{Basis, Caps, Claim, Expression, Interval, Linear, Rational, Scale, Solution, VarId, integer};
use crate::stats::{Lag, Operand, Quantity, Stat, power_of_ten};
use crate::text::Text;

/// Statistics of more cells than these keep the bounds of their separate operands.
const MOST: usize = 1000;

/// What follows about the datasets of a question.
#[derive(Debug)]
pub(in crate::commands) struct Derived<'a> {
    facts: Facts<'a>,
    /// The table of each dataset.
    tables: Vec<usize>,
    solution: Solution,
    /// Of each row of the answer the rows that it adds up, if all are known, where it is not one of the dataset's own.
    parts: Option<Vec<Option<Vec<usize>>>>,
}

/// Two rows whose numbers make a statistic: the later, or the part, first.
pub(super) type Pair = Option<(usize, usize)>;

/// What follows about the datasets of a question, if it asks for that, with notes on what was assumed. `parts` are the rows
/// that each row of the answer adds up, where it does.
///
/// # Errors
/// An assumption cannot be read, or a dataset that relations connect with this one is broken.
pub(in crate::commands) fn solve<'a>(
    catalog: &'a Catalog,
    found: &[Found<'a>],
    question: &Question,
    parts: Option<Vec<Option<Vec<usize>>>>,
) -> Result<(Option<Derived<'a>>, Vec<Text>)> {
    if !question.derived && question.assume.is_empty() {
        return Ok((None, Vec::new()));
    }
    let mut datasets = found.to_vec();
    datasets.extend(assume::datasets(catalog, &question.assume, found.first().copied())?);
    let mut facts = Facts::about(catalog, &datasets)?;
    let mut notes = assume::apply(catalog, &mut facts, &question.assume, found)?;
    notes.extend(proof::faults(&facts));
    let tables: Option<Vec<usize>> = found.iter().map(|found| facts.table_of(*found)).collect();
    let Some(tables) = tables else { return Ok((None, notes)) };
    let variables: Vec<VarId> = tables.iter().flat_map(|&table| facts.variables_of(table)).collect();
    let solution = facts.solve(&variables, &Caps::default());
    let contradicted = facts.contradicted(&variables, &Caps::default());
    if !contradicted.is_empty() {
        notes.push(assume::nothing_derived(&contradicted));
    }
    notes.extend(solution.is_wide(variables).then(proof::widely));
    Ok((Some(Derived { facts, tables, solution, parts }), notes))
}

impl Derived<'_> {
    /// Fills the empty cells of measures and of printed shares and growth of a dataset, by its place in the question, with
    /// what follows, and gives printed ones the bounds that follow.
    pub(in crate::commands) fn fill(&self, side: usize, sheet: &mut Sheet) {
        let table = self.tables[side];
        for (index, column) in self.facts.tables[table].columns.iter().enumerate() {
            let Some(at) = sheet.position(&column.key) else { continue };
            if self.parts.is_some() {
                self.add_up(&column.key, &mut sheet.columns[at].values);
                continue;
            }
            let Values::Cells(cells) = &mut sheet.columns[at].values else { continue };
            for (row, cell) in cells.iter_mut().enumerate() {
                match self.facts.known(&self.solution, Place { table, column: index, row }) {
                    Known::Number(number) => *cell = Cell::Number(*number),
                    Known::Conflict => *cell = Cell::Empty(Some(Missing::Conflict)),
                    Known::Nothing => {}
                }
            }
        }
    }

    /// Gives the sums of a measure the bounds that all relations together allow.
    fn add_up(&self, key: &str, values: &mut Values) {
        let Values::Cells(cells) = values else { return };
        let mut sums: Vec<Operand> = cells.iter().map(sheet::operand).collect();
        let sum = |row| self.number(key, row).map(Expression::Linear);
        self.refine((0..sums.len()).map(sum).collect(), &power_of_ten(-self.power(0, key)), &mut sums);
        *cells = sums.into_iter().map(sheet::computed).collect();
    }

    /// Gives the sum of a measure over some rows the bounds that all relations together allow.
    pub(super) fn over_rows(&self, key: &str, rows: &[usize], sum: Operand) -> Operand {
        let add = |all: Linear, row: &usize| Some(all.plus(&self.number(key, *row)?));
        let all = rows.iter().try_fold(Linear::default(), add).map(Expression::Linear);
        let mut sums = [sum];
        self.refine(vec![all], &power_of_ten(-self.power(0, key)), &mut sums);
        let [sum] = sums;
        sum
    }

    /// The power of ten of a measure's unit.
    fn power(&self, side: usize, key: &str) -> i32 {
        let table = &self.facts.tables[self.tables[side]];
        table.column(key).map_or(0, |at| table.columns[at].unit.power)
    }

    /// The number of a row, as the sum of what it adds up.
    fn number(&self, key: &str, row: usize) -> Option<Linear> {
        let own = [row];
        let rows = match &self.parts {
            Some(parts) => parts[row].as_ref()?,
            None => &own[..],
        };
        let variables = rows.iter().map(|&row| self.cell(0, key, row));
        variables.collect::<Option<Vec<VarId>>>().map(Linear::sum)
    }

    fn cell(&self, side: usize, key: &str, row: usize) -> Option<VarId> {
        let table = self.tables[side];
        self.facts.variable(Place { table, column: self.facts.tables[table].column(key)?, row })
    }

    fn variable(&self, key: &str, row: usize) -> Option<VarId> {
        self.number(key, row)?.as_variable()
    }

    /// Gives a statistic of pairs of rows the bounds that all relations together allow.
    pub(super) fn of_pairs(&self, key: &str, stat: Stat, pairs: &[Pair], computed: &mut [Operand]) {
        let scale = match stat {
            Stat::Change => None,
            Stat::Growth => Some(Scale::Growth { years: 1 }),
            Stat::Index => Some(Scale::Share { per: integer(100) }),
            Stat::Relative => Some(Scale::Share { per: integer(1) }),
            _ => return,
        };
        let two = |(row, base): &(usize, usize)| Some((self.number(key, *row)?, self.number(key, *base)?));
        let pairs = pairs.iter().map(|pair| pair.as_ref().filter(|(row, base)| row != base).and_then(two));
        self.of_two(pairs, scale.as_ref(), self.power(0, key), computed);
    }

    /// Gives the ratio of two datasets' measures (in `scale`), or their difference, the bounds that all relations together allow.
    /// `sides` are the places of the datasets with their measure; `rows` the rows of both.
    pub(in crate::commands) fn of_sides(
        &self,
        sides: [(usize, &str); 2],
        rows: &[(Option<usize>, Option<usize>)],
        scale: Option<Scale>,
        computed: &mut [Operand],
    ) {
        let [(a, first), (b, other)] = sides;
        let two = |(own, base): &(Option<usize>, Option<usize>)| {
            Some((self.cell(a, first, (*own)?)?.into(), self.cell(b, other, (*base)?)?.into()))
        };
        self.of_two(rows.iter().map(two), scale.as_ref(), self.power(a, first), computed);
    }

    /// Gives compound growth between two rows the bounds that all relations together allow.
    pub(super) fn over_years(&self, key: &str, (from, to): (usize, usize), years: u32, computed: &mut Operand) {
        let pair = self.number(key, to).zip(self.number(key, from));
        let scale = Scale::Growth { years };
        self.of_two(std::iter::once(pair), Some(&scale), 0, std::slice::from_mut(computed));
    }

    /// Gives ratios of the first number to the second (in `scale`), or differences in a unit of this power of ten, the bounds
    /// that all relations together allow.
    fn of_two(
        &self,
        pairs: impl Iterator<Item = Option<(Linear, Linear)>>,
        scale: Option<&Scale>,
        power: i32,
        computed: &mut [Operand],
    ) {
        let expression = |(part, whole): (Linear, Linear)| match scale {
            Some(scale) => Expression::Rate { part, whole, scale: scale.clone() },
            None => Expression::Linear(part.minus(&whole)),
        };
        let factor = if scale.is_none() { power_of_ten(-power) } else { integer(1) };
        self.refine(pairs.map(|pair| pair.map(expression)).collect(), &factor, computed);
    }

    /// Gives shares of the sum of the leaves of a period the bounds that all relations together allow.
    pub(super) fn of_leaves(&self, key: &str, sheet: &Sheet, computed: &mut [Operand]) {
        let leaves = sheet.panel.leaves_by_period();
        let expression = |row: usize| {
            let peers = &leaves[sheet.panel.period[row] as usize];
            let whole =
                peers.iter().try_fold(Linear::default(), |sum, peer| Some(sum.plus(&self.number(key, *peer)?)))?;
            let inside = sheet.panel.exhaustive && sheet.panel.leaf[sheet.panel.series[row] as usize];
            let scale = Scale::Share { per: integer(100) };
            let part = self.number(key, row).filter(|_| inside)?;
            Some(Expression::Rate { part, whole, scale })
        };
        let expressions =
            (0..computed.len()).map(|row| if sheet.needed[row] { expression(row) } else { None }).collect();
        self.refine(expressions, &integer(1), computed);
    }

    fn refine(&self, mut expressions: Vec<Option<Expression>>, factor: &Rational, computed: &mut [Operand]) {
        for expression in &mut expressions {
            *expression = expression.take().filter(|expression| self.is_positive(expression));
        }
        if expressions.iter().flatten().count() > MOST {
            return;
        }
        let bounds = self.facts.ask(&expressions, &Caps::default());
        for ((operand, bound), expression) in computed.iter_mut().zip(bounds).zip(&expressions) {
            let (Some(bound), Some(expression)) = (bound, expression) else { continue };
            if bound.claim == Claim::Conflict {
                *operand = operand.clone().or(Err(Missing::Conflict));
                continue;
            }
            if says_something(&bound.interval, expression) {
                let interval = bound.interval.scale(factor);
                *operand = Ok(refined(operand.clone(), interval, bound.claim, bound.basis));
            }
        }
    }

    /// Whether the divisor is of what is never below zero.
    fn is_positive(&self, expression: &Expression) -> bool {
        let Expression::Rate { whole, .. } = expression else { return true };
        let natural = |v: &VarId| self.facts.system.variables.get(v.0).map(|v| &v.natural);
        whole.terms.iter().all(|(v, _)| natural(v).is_some_and(|range| range.lower.as_ref() >= Some(&integer(0))))
    }

    /// Gives ranks the range that all relations together allow, which is often narrower than what separate intervals do.
    pub(super) fn ranks(&self, key: &str, sheet: &Sheet, ranks: &mut [Operand]) {
        for peers in sheet.panel.leaves_by_period() {
            let wanted: Vec<usize> = peers.iter().copied().filter(|row| sheet.wanted[*row]).collect();
            let among: Option<Vec<VarId>> = peers.iter().map(|peer| self.variable(key, *peer)).collect();
            let Some(among) = among.filter(|among| among.len() <= MOST / 10 && !wanted.is_empty()) else { continue };
            let of: Vec<VarId> = wanted.iter().filter_map(|row| self.variable(key, *row)).collect();
            // A rank that the report states needs nothing else.
            let stated: Vec<_> = of.iter().map(|of| self.facts.stated_rank(*of, &among)).collect();
            let open: Vec<VarId> =
                of.iter().zip(&stated).filter(|(_, stated)| stated.is_none()).map(|(of, _)| *of).collect();
            let mut possible = self.facts.ranks(&open, &among, &Caps::default()).unwrap_or_default().into_iter();
            for ((row, of), stated) in wanted.into_iter().zip(of).zip(stated) {
                let (own, first, last, claim, basis) = match stated {
                    Some((rank, id)) => {
                        let basis = self.facts.system.relations[id.0].basis;
                        (Err(Missing::NotPrinted), rank, Some(rank), Claim::Exact, basis)
                    }
                    None => {
                        let Some(found) = possible.next() else { break };
                        // Members that are not listed may stand anywhere.
                        let last = Some(found.last).filter(|_| sheet.panel.exhaustive);
                        if found.first == 1 && last.is_none_or(|last| last == among.len()) && ranks[row].is_err() {
                            continue;
                        }
                        let claim = if found.least && last.is_some() { Claim::Tight } else { Claim::Outer };
                        (ranks[row].clone(), found.first, last, claim, self.solution.bound(of).basis)
                    }
                };
                if self.solution.bound(of).claim == Claim::Conflict {
                    continue;
                }
                let number = |rank: usize| integer(i64::try_from(rank).unwrap_or(i64::MAX));
                let interval = Interval { lower: Some(number(first)), upper: last.map(number) };
                ranks[row] = Ok(refined(own, interval, claim, basis));
            }
        }
    }
}

/// The base row of each row for a lag.
pub(super) fn before(sheet: &Sheet, lag: Lag) -> Vec<Pair> {
    let base = |row: usize| {
        let before = sheet.panel.before(sheet.panel.period[row], lag)?;
        Some((row, sheet.panel.row(sheet.panel.series[row], before)?))
    };
    (0..sheet.panel.len()).map(|row| if sheet.needed[row] { base(row) } else { None }).collect()
}

/// Whether bounds say more than that levels are not below zero.
fn says_something(interval: &Interval, expression: &Expression) -> bool {
    let trivial = match expression {
        Expression::Linear(_) => return !interval.is_all(),
        Expression::Rate { scale: Scale::Growth { .. }, .. } => integer(-100),
        Expression::Rate { .. } => integer(0),
    };
    interval.upper.is_some() || interval.lower.as_ref().is_some_and(|low| *low > trivial)
}

/// A statistic with the bounds that follow: its own value if that is of printed digits, the exact one, else bounds alone.
fn refined(operand: Operand, interval: Interval, claim: Claim, basis: Basis) -> Quantity {
    let claim = match interval.is_exact() {
        true => Claim::Exact,
        false if matches!(claim, Claim::Exact | Claim::Printed) => Claim::Outer,
        false => claim,
    };
    let (value, basis) = match operand {
        Ok(quantity) => (quantity.value, quantity.basis.max(basis)),
        Err(reason) => (Err(reason), basis),
    };
    let exact = interval.lower.clone().filter(|_| interval.is_exact());
    Quantity { value: exact.ok_or(Missing::NotPrinted).or(value), bounds: interval, claim, basis }
}

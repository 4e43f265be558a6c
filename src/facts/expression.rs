//! From the tree of a statement to sums of variables. Numbers beside a cell are in the cell's printed unit; units of one family
//! are brought together in base units; quotients of cells become variables of their own.

use num_traits::{Signed, Zero};

use super::meaning::{Atom, Logic, Meaning};
use super::resolve::{Said, code};
use super::{Facts, Origin, Place};
use crate::package::{Figure, Kind, PriceBasis, Unit};
use crate::precision::{
    Basis, Form, Interval, Linear, Op as Compare, Rational, Relation, Scale, VarId, Variable, integer,
};
use crate::reference::Reference;
use crate::statement::{Call, Comparison, Expr, Misread, Op, Statement, Term};
use crate::stats::{decimal, power_of_ten};
use crate::text::Text;

/// A sum with its unit; a pure number has none.
#[derive(Clone, Debug)]
struct Sum {
    linear: Linear,
    unit: Option<Dimension>,
}

/// What a sum counts: units of one family, printed in powers of ten.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Dimension {
    family: String,
    power: i32,
    /// What it is called.
    title: Option<Text>,
}

type Result<T> = std::result::Result<T, Misread>;

impl Facts<'_> {
    /// What a statement says, in the words of the solver.
    ///
    /// # Errors
    /// It names what does not exist, mixes unlike units, or is beyond what can be decided.
    pub fn meaning(&mut self, statement: &Statement) -> Result<Meaning> {
        self.meaning_in(&mut Said::default(), statement)
    }

    pub(super) fn meaning_in(&mut self, said: &mut Said, statement: &Statement) -> Result<Meaning> {
        let mut meaning = Meaning::default();
        match statement {
            Statement::Order { rising, cells } => self.order(said, *rising, cells, &mut meaning)?,
            Statement::Chain(chain) => {
                for comparison in chain {
                    // The right side is read again as the next left side: what it leaves out is what was said before it.
                    let before = said.clone();
                    let part = self.comparison(said, comparison, &mut meaning)?;
                    meaning.parts.extend(part);
                    if chain.len() > 1 {
                        *said = before;
                        self.revisit(said, &comparison.left)?;
                    }
                }
            }
        }
        let mut cells: Vec<VarId> =
            meaning.parts.iter().flat_map(|part| &part.atoms).flat_map(Atom::variables).collect();
        cells.extend(meaning.sides.iter().flat_map(|(_, side, _)| side.terms.iter().map(|(v, _)| *v)));
        cells.sort_unstable();
        cells.dedup();
        meaning.cells = cells;
        Ok(meaning)
    }

    /// Goes over the cells of an expression for what they say to those behind them.
    fn revisit(&self, said: &mut Said, expr: &Expr) -> Result<()> {
        match &expr.term {
            Term::Number(_) => Ok(()),
            Term::Cell(reference) => self.cells_of(said, reference, expr.place.start, false).map(|_| ()),
            Term::Call(_, reference) | Term::Rank { cells: reference, .. } => {
                self.cells_of(said, reference, expr.place.start, true).map(|_| ())
            }
            Term::Minus(inner) => self.revisit(said, inner),
            Term::Add(a, b) | Term::Sub(a, b) | Term::Mul(a, b) | Term::Div(a, b) => {
                self.revisit(said, a)?;
                self.revisit(said, b)
            }
        }
    }

    fn order(&mut self, said: &mut Said, rising: bool, cells: &Expr, meaning: &mut Meaning) -> Result<()> {
        let Term::Cell(reference) = &cells.term else {
            return Err(Misread::expected(cells.place.start, "单元格", "cells"));
        };
        let found = self.cells_of(said, reference, cells.place.start, false)?;
        let variables = self.variables(&found);
        if variables.len() < 2 {
            let (zh, en) = ("至少要两期:要写 @A..B", "two periods at least are wanted: write @A..B");
            return Err(Misread::new(cells.place.start, zh, en));
        }
        let op = if rising { Compare::Less } else { Compare::More };
        let atoms = variables.windows(2).map(|pair| Atom::Compare { left: pair[0].into(), op, right: pair[1].into() });
        meaning.parts.push(Logic { negated: false, atoms: atoms.collect(), about: false, place: cells.place.clone() });
        let levels = self.levels_behind(&found);
        meaning.orders.extend(levels.map(|levels| Form::RatioOrder { levels, rates: variables, rising }));
        Ok(())
    }

    /// The levels from the year before on, where growth rates of consecutive years are ordered.
    fn levels_behind(&self, cells: &super::resolve::Cells) -> Option<Vec<VarId>> {
        let table = &self.tables[cells.table];
        let column = &table.columns[cells.column];
        let growth = table.dataset.measures[column.measure].growth.as_ref()?;
        let tied = growth.price_basis == PriceBasis::Same
            && growth.of.as_ref().is_none_or(|of| *of == table.dataset.measures[column.measure].name);
        if column.role != Figure::Growth || !tied || table.is_signed(column.measure) {
            return None;
        }
        let level = table.column_of(column.measure, Figure::Level)?;
        let periods: Vec<_> = cells.rows.iter().map(|row| &table.dataset.periods[*row]).collect();
        let consecutive = periods.windows(2).all(|pair| pair[1].year_before().as_ref() == Some(pair[0]));
        let first = table.find(&periods.first()?.year_before()?, &table.key(*cells.rows.first()?))?;
        let rows = std::iter::once(first).chain(cells.rows.iter().copied());
        let levels = rows.map(|row| self.variable(Place { table: cells.table, column: level, row }));
        consecutive.then(|| levels.collect()).flatten()
    }

    fn comparison(&mut self, said: &mut Said, comparison: &Comparison, meaning: &mut Meaning) -> Result<Vec<Logic>> {
        let Comparison { left, op, right } = comparison;
        let is_rank = |expr: &Expr| matches!(expr.term, Term::Rank { .. });
        if is_rank(right) && !is_rank(left) || is_extreme(right) && !is_extreme(left) {
            // Read in the order written, so that what is left out is inherited from the left.
            let turned = Comparison { left: right.clone(), op: op.turned(), right: left.clone() };
            self.revisit(said, left)?;
            return self.one_sided(said, &turned, meaning, left.place.start..right.place.end);
        }
        self.one_sided(said, comparison, meaning, left.place.start..right.place.end)
    }

    fn one_sided(
        &mut self,
        said: &mut Said,
        comparison: &Comparison,
        meaning: &mut Meaning,
        place: crate::statement::Place,
    ) -> Result<Vec<Logic>> {
        let Comparison { left, op, right } = comparison;
        match &left.term {
            Term::Rank { .. } => {
                let atom = match &right.term {
                    Term::Rank { .. } => self.between_ranks(said, left, *op, right)?,
                    _ => self.rank(said, left, *op, right)?,
                };
                Ok(vec![Logic { negated: false, atoms: vec![atom], about: false, place }])
            }
            Term::Call(call @ (Call::Min | Call::Max), cells) => {
                self.extreme(said, (*call, cells), left, *op, right, place)
            }
            _ => {
                let atoms = self.compare(said, left, *op, right, meaning)?;
                Ok(vec![Logic { negated: false, atoms, about: *op == Op::About, place }])
            }
        }
    }

    /// A rank against a number.
    fn rank(&mut self, said: &mut Said, left: &Expr, op: Op, right: &Expr) -> Result<Atom> {
        let (of, among) = self.ranked(said, left)?;
        let op = ranks_compare(op, right)?;
        let rank = constant(right)
            .and_then(|value| num_traits::ToPrimitive::to_usize(&value.to_integer()).filter(|_| value.is_integer()));
        let rank =
            rank.ok_or_else(|| Misread::expected(right.place.start, "一个整数名次", "a rank: a whole number"))?;
        Ok(Atom::Rank { of, among, op, rank })
    }

    /// A rank against another among the same cells: the cells compared, turned round, for the most is the first.
    fn between_ranks(&mut self, said: &mut Said, left: &Expr, op: Op, right: &Expr) -> Result<Atom> {
        let ((first, mut among), (second, mut others)) = (self.ranked(said, left)?, self.ranked(said, right)?);
        among.sort_unstable();
        others.sort_unstable();
        if among != others {
            let (zh, en) = (
                "两个名次不在同一批单元格之中,不能相比;两边要写同一批:rank(单元格, 甲) < rank(单元格, 乙)",
                "ranks among different cells do not compare; name the same ones: rank(CELLS, one) < rank(CELLS, other)",
            );
            return Err(Misread::new(right.place.start, zh, en));
        }
        let op = ranks_compare(op.turned(), right)?;
        Ok(Atom::Compare { left: first.into(), op, right: second.into() })
    }

    /// Whose rank it is, and among which cells.
    fn ranked(&mut self, said: &mut Said, rank: &Expr) -> Result<(VarId, Vec<VarId>)> {
        let Term::Rank { cells, member, at } = &rank.term else {
            return Err(Misread::expected(rank.place.start, "名次", "a rank"));
        };
        let among = self.cells_of(said, cells, rank.place.start, true)?;
        let table = &self.tables[among.table];
        let typed = member.split_once('=').map_or(member.as_str(), |(_, member)| member.trim());
        let codes = table.dataset.dimensions.iter().map(|dimension| code(dimension, typed, at.start));
        let code = codes.reduce(Result::or).transpose()?;
        let of = code.and_then(|code| among.rows.iter().copied().find(|row| table.key(*row).contains(&code.as_str())));
        let of = of.and_then(|row| self.variable(Place { table: among.table, column: among.column, row }));
        let of = of.ok_or_else(|| Misread::expected(at.start, "有这一行的成员", "a member that has a row there"))?;
        Ok((of, self.variables(&among)))
    }

    /// `max(cells) op x`: of each cell, or not of each; both where it equals what is none of them.
    fn extreme(
        &mut self,
        said: &mut Said,
        (call, cells): (Call, &Reference),
        left: &Expr,
        op: Op,
        right: &Expr,
        place: crate::statement::Place,
    ) -> Result<Vec<Logic>> {
        let found = self.cells_of(said, cells, left.place.start, true)?;
        let unit = self.dimension(&found);
        let other = self.sum(said, right)?;
        let (_, other) = together(Sum { linear: Linear::default(), unit: Some(unit) }, other, right.place.start)?;
        let Op::Exactly(op) = op else {
            return Err(Misread::new(place.start, "min 与 max 不能用「~」", "min and max are not about a number"));
        };
        let variables = self.variables(&found);
        let each = |op| {
            variables
                .iter()
                .map(|v| Atom::Compare { left: (*v).into(), op, right: other.linear.clone() })
                .collect::<Vec<_>>()
        };
        let within = other.linear.as_variable().is_some_and(|v| variables.contains(&v));
        let top = call == Call::Max;
        let (negated, op) = match (op, top) {
            (Compare::Less, true) => (false, Compare::Less),
            (Compare::AtMost, true) => (false, Compare::AtMost),
            (Compare::More, true) => (true, Compare::AtMost),
            (Compare::AtLeast, true) => (true, Compare::Less),
            (Compare::More, false) => (false, Compare::More),
            (Compare::AtLeast, false) => (false, Compare::AtLeast),
            (Compare::Less, false) => (true, Compare::AtLeast),
            (Compare::AtMost, false) => (true, Compare::More),
            (Compare::Equal, _) if within => (false, if top { Compare::AtMost } else { Compare::AtLeast }),
            (Compare::Unequal, _) if within => (true, if top { Compare::AtMost } else { Compare::AtLeast }),
            (Compare::Equal, _) => {
                let ends = if top { [Compare::AtMost, Compare::Less] } else { [Compare::AtLeast, Compare::More] };
                let [all, none] = ends.map(each);
                let part = |negated, atoms| Logic { negated, atoms, about: false, place: place.clone() };
                return Ok(vec![part(false, all), part(true, none)]);
            }
            (Compare::Unequal, _) => {
                let (zh, en) =
                    ("「!=」另一边须是其中的单元格", "what min or max differs from must be one of its cells");
                return Err(Misread::new(place.start, zh, en));
            }
        };
        let own = other.linear.as_variable();
        let atoms = each(op)
            .into_iter()
            .filter(|atom| !matches!(atom, Atom::Compare { left, .. } if within && left.as_variable() == own));
        Ok(vec![Logic { negated, atoms: atoms.collect(), about: false, place }])
    }

    fn compare(
        &mut self,
        said: &mut Said,
        left: &Expr,
        op: Op,
        right: &Expr,
        meaning: &mut Meaning,
    ) -> Result<Vec<Atom>> {
        let first = self.sum(said, left)?;
        if let Some(value) = constant(right) {
            return self.against(first, left, op, Err((value, right)), meaning);
        }
        let second = self.sum(said, right)?;
        self.against(first, left, op, Ok((second, right)), meaning)
    }

    fn against(
        &mut self,
        left: Sum,
        at: &Expr,
        op: Op,
        right: std::result::Result<(Sum, &Expr), (Rational, &Expr)>,
        meaning: &mut Meaning,
    ) -> Result<Vec<Atom>> {
        let power = |sum: &Sum| sum.unit.as_ref().map_or(0, |unit| unit.power);
        match right {
            Err((value, literal)) => {
                let scale = power_of_ten(power(&left));
                if !left.linear.terms.is_empty() {
                    meaning.sides.push((at.place.clone(), left.linear.clone(), power(&left)));
                }
                let against = |value: Rational| Linear::from(value * &scale);
                atoms(&left.linear, op, &against, (value, literal))
            }
            Ok((right, place)) => {
                if let (Some(value), Op::About) = (constant(at), op) {
                    return self.against(right, place, op, Err((value, at)), meaning);
                }
                let (left, right) = together(left, right, place.place.start)?;
                for (expr, sum) in [(at, &left), (place, &right)] {
                    if !sum.linear.terms.is_empty() {
                        meaning.sides.push((expr.place.clone(), sum.linear.clone(), power(sum)));
                    }
                }
                match op {
                    Op::Exactly(op) => Ok(vec![Atom::Compare { left: left.linear, op, right: right.linear }]),
                    Op::About => Err(Misread::expected(
                        place.place.start,
                        "数字(「~」只与数字比)",
                        "a number: '~' compares with one",
                    )),
                }
            }
        }
    }

    /// The variable that an expression is: that of its cell, or one of its own, called as it is written.
    ///
    /// # Errors
    /// It names what does not exist, mixes unlike units, or is no number by itself.
    pub fn named(&mut self, expr: &Expr, text: &str) -> Result<VarId> {
        if is_extreme(expr) || matches!(expr.term, Term::Rank { .. }) {
            let (zh, en) = (
                "min、max、rank 不能单独推算,可用 test 判断,如 rank(单元格, 成员) = 2",
                "min, max and rank have no proof of their own: ask with test, as in rank(CELLS, MEMBER) = 2",
            );
            return Err(Misread::new(expr.place.start, zh, en));
        }
        let Sum { linear, unit } = self.sum(&mut Said::default(), expr)?;
        let linear = linear.merged();
        if linear.terms.is_empty() {
            return Err(Misread::expected(expr.place.start, "有单元格的算式", "an expression with a cell in it"));
        }
        let variable = match linear.as_variable() {
            Some(variable) if self.place(variable).is_some() => return Ok(variable),
            Some(variable) => variable,
            None => self.sum_of(&linear, text),
        };
        text.clone_into(&mut self.system.variables[variable.0].name);
        if let Some(Dimension { family, power, title: Some(title) }) = unit {
            self.units.insert(variable, Unit { code: String::new(), title, family, power });
        }
        Ok(variable)
    }

    /// A variable for a sum, defined by it.
    fn sum_of(&mut self, linear: &Linear, text: &str) -> VarId {
        let counts = linear.constant.is_integer()
            && linear.terms.iter().all(|(v, factor)| factor.is_integer() && self.system.variables[v.0].whole);
        let natural = if self.is_positive(linear) { Interval::non_negative() } else { Interval::all() };
        let variable = self.helper(Variable { natural, whole: counts, ..Variable::rate(text) });
        let name = format!("{text} = {}", self.text(linear));
        self.relate(Relation::printed(name, Form::equal(linear.clone(), &variable.into())), Origin::default());
        variable
    }

    fn sum(&mut self, said: &mut Said, expr: &Expr) -> Result<Sum> {
        let at = expr.place.start;
        match &expr.term {
            Term::Number(digits) => {
                let value = decimal(digits).ok_or_else(|| Misread::expected(at, "数字", "a number"))?;
                Ok(Sum { linear: value.into(), unit: None })
            }
            Term::Cell(reference) => {
                let (cells, variable) = self.one(said, reference, at)?;
                Ok(Sum { linear: variable.into(), unit: Some(self.dimension(&cells)) })
            }
            Term::Minus(inner) => {
                let inner = self.sum(said, inner)?;
                Ok(Sum { linear: inner.linear.times(&integer(-1)), unit: inner.unit })
            }
            Term::Add(a, b) | Term::Sub(a, b) => {
                let (left, right) = (self.sum(said, a)?, self.sum(said, b)?);
                let (left, right) = together(left, right, b.place.start)?;
                let linear = if matches!(expr.term, Term::Add(..)) {
                    left.linear.plus(&right.linear)
                } else {
                    left.linear.minus(&right.linear)
                };
                Ok(Sum { linear, unit: left.unit })
            }
            Term::Mul(a, b) => {
                let (left, right) = (self.sum(said, a)?, self.sum(said, b)?);
                let (number, sum) = match (&left.unit, &right.unit) {
                    (None, _) => (left.linear.constant, right),
                    (_, None) => (right.linear.constant, left),
                    _ => {
                        return Err(Misread::new(
                            b.place.start,
                            "只能乘以数字",
                            "only products with a number can be decided",
                        ));
                    }
                };
                Ok(Sum { linear: sum.linear.times(&number), unit: sum.unit })
            }
            Term::Div(a, b) => {
                let (left, right) = (self.sum(said, a)?, self.sum(said, b)?);
                self.divided(left, right, b)
            }
            Term::Call(Call::Sum, reference) => {
                let cells = self.cells_of(said, reference, at, true)?;
                Ok(Sum { linear: Linear::sum(self.variables(&cells)), unit: Some(self.dimension(&cells)) })
            }
            Term::Call(Call::Growth, reference) => self.growth_of(said, reference, at),
            Term::Call(Call::Share, reference) => self.share_of(said, reference, at),
            Term::Call(Call::Min | Call::Max, _) => {
                Err(Misread::new(at, "min 与 max 须独占一边", "min and max stand alone on one side"))
            }
            Term::Rank { .. } => Err(Misread::new(at, "名次须独占一边", "a rank stands alone on one side")),
        }
    }

    fn dimension(&self, cells: &super::resolve::Cells) -> Dimension {
        let unit = &self.tables[cells.table].columns[cells.column].unit;
        Dimension { family: unit.family.clone(), power: unit.power, title: Some(unit.title.clone()) }
    }

    fn divided(&mut self, part: Sum, whole: Sum, at: &Expr) -> Result<Sum> {
        if whole.linear.terms.is_empty() {
            if whole.linear.constant.is_zero() {
                return Err(Misread::new(at.place.start, "不能除以零", "division by zero"));
            }
            return Ok(Sum { linear: part.linear.times(&whole.linear.constant.recip()), unit: part.unit });
        }
        if !self.is_positive(&whole.linear) {
            return Err(Misread::new(
                at.place.start,
                "除数可能为负,无法判断",
                "the divisor may be below zero: this cannot be decided",
            ));
        }
        let unit = quotient(&part.unit, &whole.unit);
        Ok(Sum { linear: self.ratio(&part, &whole), unit })
    }

    /// Whether a sum is of what is at least 0.
    fn is_positive(&self, linear: &Linear) -> bool {
        let level = |v: &VarId| {
            self.system
                .variables
                .get(v.0)
                .is_some_and(|v| v.natural.lower.as_ref().is_some_and(|low| !low.is_negative()))
        };
        !linear.constant.is_negative() && linear.terms.iter().all(|(v, factor)| !factor.is_negative() && level(v))
    }

    /// A variable for a quotient.
    fn ratio(&mut self, part: &Sum, whole: &Sum) -> Linear {
        let (part, whole) = (part.linear.clone(), whole.linear.clone());
        let name = format!("({}) / ({})", self.text(&part), self.text(&whole));
        let rate = self.helper(Variable::rate(name.clone()));
        let form = Form::Rate { rate, part, whole, scale: Scale::Share { per: integer(1) } };
        self.relate(Relation { name, basis: Basis::Printed, form, about: false }, Origin::default());
        rate.into()
    }

    fn growth_of(&mut self, said: &mut Said, reference: &Reference, at: usize) -> Result<Sum> {
        let (cells, variable) = self.one(said, reference, at)?;
        let percent = |linear| Sum { linear, unit: Some(percent()) };
        let table = &self.tables[cells.table];
        let column = &table.columns[cells.column];
        let declared = table.dataset.measures[column.measure].growth.as_ref();
        let row = cells.rows[0];
        if column.role != Figure::Level || table.dataset.measures[column.measure].kind == Kind::Rate {
            let (zh, en) = ("比率没有增长率,要写差:a - b", "a rate has no growth: write the difference, a - b");
            return Err(Misread::new(at, zh, en));
        }
        let before = table.dataset.periods[row].year_before().and_then(|period| table.find(&period, &table.key(row)));
        if declared.is_some_and(|growth| growth.price_basis == PriceBasis::Same)
            && column.role == Figure::Level
            && let Some(own) = table.column_of(column.measure, Figure::Growth)
            && let Some(rate) = self.variable(Place { table: cells.table, column: own, row })
        {
            return Ok(percent(rate.into()));
        }
        let before = before.and_then(|row| self.variable(Place { table: cells.table, column: cells.column, row }));
        let before =
            before.ok_or_else(|| Misread::new(at, "没有上一期这一行", "there is no row of the period before"))?;
        let name = format!("growth({})", self.name(variable));
        let rate = self.helper(Variable::rate(name.clone()));
        self.relate(
            Relation { name, basis: Basis::Printed, form: Form::growth(rate, variable, before), about: false },
            Origin::default(),
        );
        Ok(percent(rate.into()))
    }

    fn share_of(&mut self, said: &mut Said, reference: &Reference, at: usize) -> Result<Sum> {
        let (cells, _) = self.one(said, reference, at)?;
        let table = &self.tables[cells.table];
        let column = table.column_of(table.columns[cells.column].measure, Figure::Share);
        let share = column.and_then(|column| self.variable(Place { table: cells.table, column, row: cells.rows[0] }));
        let share = share
            .ok_or_else(|| Misread::new(at, "没有声明总体,要写成除法", "no whole is declared: write a quotient"))?;
        Ok(Sum { linear: share.into(), unit: Some(percent()) })
    }

    /// A sum of cells as it is written.
    pub fn text(&self, linear: &Linear) -> String {
        let term = |(v, factor): &(VarId, Rational)| match factor == &integer(1) {
            true => self.name(*v),
            false => format!("{factor} * {}", self.name(*v)),
        };
        let mut parts: Vec<String> = linear.terms.iter().map(term).collect();
        if !linear.constant.is_zero() || parts.is_empty() {
            parts.push(linear.constant.to_string());
        }
        parts.join(" + ")
    }
}

/// How ranks compare: not by `~`.
fn ranks_compare(op: Op, right: &Expr) -> Result<Compare> {
    match op {
        Op::Exactly(op) => Ok(op),
        Op::About => Err(Misread::new(right.place.start, "名次不能用「~」", "a rank is not about a number")),
    }
}

fn is_extreme(expr: &Expr) -> bool {
    matches!(expr.term, Term::Call(Call::Min | Call::Max, _))
}

/// The value of an expression without cells.
fn constant(expr: &Expr) -> Option<Rational> {
    match &expr.term {
        Term::Number(digits) => decimal(digits),
        Term::Minus(inner) => constant(inner).map(|value| -value),
        Term::Add(a, b) => Some(constant(a)? + constant(b)?),
        Term::Sub(a, b) => Some(constant(a)? - constant(b)?),
        Term::Mul(a, b) => Some(constant(a)? * constant(b)?),
        Term::Div(a, b) => {
            let (a, b) = (constant(a)?, constant(b)?);
            (!b.is_zero()).then(|| a / b)
        }
        _ => None,
    }
}

/// One unit of the last place of a number as written.
fn last_place(expr: &Expr) -> Rational {
    match &expr.term {
        Term::Number(digits) => {
            power_of_ten(-(digits.split_once('.').map_or(0, |(_, decimals)| decimals.len()) as i32))
        }
        Term::Minus(inner) => last_place(inner),
        _ => integer(1),
    }
}

/// The comparisons with a number; `~` is one whole unit of its last place each way.
fn atoms(
    left: &Linear,
    op: Op,
    against: &dyn Fn(Rational) -> Linear,
    (value, literal): (Rational, &Expr),
) -> Result<Vec<Atom>> {
    let atom = |op, value| Atom::Compare { left: left.clone(), op, right: against(value) };
    Ok(match op {
        Op::Exactly(op) => vec![atom(op, value)],
        Op::About => {
            let unit = last_place(literal);
            vec![atom(Compare::AtLeast, &value - &unit), atom(Compare::AtMost, value + unit)]
        }
    })
}

/// Both sides in base units: a pure number takes the unit of what it stands beside.
fn together(mut left: Sum, mut right: Sum, at: usize) -> Result<(Sum, Sum)> {
    match (&left.unit, &right.unit) {
        (Some(a), Some(b)) if a.family != b.family => {
            let named = |title: &Option<Text>, family: &str| title.clone().unwrap_or_else(|| Text::same(family));
            let (one, other) = (named(&a.title, &a.family), named(&b.title, &b.family));
            let (zh, en) =
                (format!("单位不同:{}与{}", one.zh, other.zh), format!("unlike units: {} and {}", one.en, other.en));
            Err(Misread::new(at, zh, en))
        }
        (Some(unit), None) => {
            right.linear = right.linear.times(&power_of_ten(unit.power));
            right.unit.clone_from(&left.unit);
            Ok((left, right))
        }
        (None, Some(unit)) => {
            left.linear = left.linear.times(&power_of_ten(unit.power));
            left.unit.clone_from(&right.unit);
            Ok((left, right))
        }
        _ => Ok((left, right)),
    }
}

/// The unit of a quotient: none of its own within one family, else the printed units' powers apart.
fn quotient(part: &Option<Dimension>, whole: &Option<Dimension>) -> Option<Dimension> {
    let family = |unit: &Option<Dimension>| unit.as_ref().map_or(String::new(), |unit| unit.family.clone());
    let power = |unit: &Option<Dimension>| unit.as_ref().map_or(0, |unit| unit.power);
    let (a, b) = (family(part), family(whole));
    if a == b {
        return Some(Dimension { family: String::new(), power: 0, title: None });
    }
    let title = |unit: &Option<Dimension>| unit.as_ref().and_then(|unit| unit.title.clone());
    let title = title(part).zip(title(whole)).map(|(a, b)| Text::new(a.zh + "/" + &b.zh, a.en + "/" + &b.en));
    Some(Dimension { family: format!("{a}/{b}"), power: power(part) - power(whole), title })
}

fn percent() -> Dimension {
    Dimension { family: "percent".into(), power: 0, title: Some(Text::same("%")) }
}

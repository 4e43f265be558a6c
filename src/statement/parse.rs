//! Recursive descent over the text. The grammar is on docs/statements.md.

use super::ast::{Call, Comparison, Expr, Op, Statement, Term};
use super::misread::Misread;
use crate::precision;
use crate::reference::Reference;
use crate::text::half_width;

type Result<T> = std::result::Result<T, Misread>;

/// How deep parentheses may nest, and how many bytes a statement may have.
const DEEPEST: usize = 40;
const LONGEST: usize = 20_000;

/// How many digits a number may have.
const DIGITS: usize = 100;

/// Reads a statement.
///
/// # Errors
/// Where it stops being one, and what was expected there.
pub fn parse(text: &str) -> Result<Statement> {
    let mut parser = Parser::new(text)?;
    let statement = parser.statement()?;
    parser.end()?;
    Ok(statement)
}

/// What was typed, in the width of ASCII where that alone can be read: Chinese keyboards type full-width signs and digits.
pub fn readable(text: String) -> String {
    let reads = |text: &str| parse(text).is_ok() || expression(text).is_ok() || assumption(text).is_ok();
    let narrow: String = text.chars().map(half_width).collect();
    if narrow != text && !reads(&text) && reads(&narrow) { narrow } else { text }
}

/// Reads an expression.
///
/// # Errors
/// Where it stops being one, and what was expected there.
pub fn expression(text: &str) -> Result<Expr> {
    let mut parser = Parser::new(text)?;
    parser.space();
    let expr = parser.expr()?;
    parser.space();
    let at = parser.at;
    if parser.operator().is_some() {
        let (zh, en) = ("这是陈述,请用 test 判断", "this is a statement: ask whether it holds with test");
        return Err(Misread::new(at, zh, en));
    }
    parser.end()?;
    Ok(expr)
}

/// Reads an assumption `CELL=VALUE`: a statement of a cell on the left. `CELL=A..B` is the closed interval between two numbers.
///
/// # Errors
/// Where it stops being one, and what was expected there.
pub fn assumption(text: &str) -> Result<(Expr, Op, Vec<String>)> {
    let mut parser = Parser::new(text)?;
    let cell = parser.cell()?;
    parser.space();
    let Some(op) = parser.operator() else {
        return Err(Misread::expected(parser.at, "「=」与数值", "'=' and a value"));
    };
    parser.space();
    let mut values = vec![parser.signed()?];
    if op == Op::Exactly(precision::Op::Equal) && parser.eat("..") {
        parser.space();
        let at = parser.at;
        values.push(parser.signed()?);
        let ends: Vec<_> = values.iter().filter_map(|digits| crate::stats::decimal(digits)).collect();
        if ends.first() > ends.last() {
            let least = &values[0];
            let (zh, en) = (format!("不小于 {least} 的数值"), format!("a value of at least {least}"));
            return Err(Misread::expected(at, &zh, &en));
        }
    }
    parser.end()?;
    Ok((cell, op, values))
}

/// The references in a text that may be no statement.
pub fn references(text: &str) -> impl Iterator<Item = Reference> {
    let begins = |at: &usize| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || "_-./:@".contains(c));
    text.char_indices().map(|(at, _)| at).filter(begins).filter_map(|at| {
        let rest = &text[at..];
        let head = rest.split('[').next().unwrap_or(rest);
        Reference::parse_prefix(rest).or_else(|_| Reference::parse_prefix(head)).ok().map(|(reference, _)| reference)
    })
}

/// A number with an exponent behind its digits (`1e3`), as it is typed and in full.
fn in_full(digits: &str, behind: &str) -> Option<(String, String)> {
    let exponent = behind.strip_prefix(['e', 'E'])?;
    let signed = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let length = signed.find(|c: char| !c.is_ascii_digit()).unwrap_or(signed.len());
    let typed = &exponent[..exponent.len() - signed.len() + length];
    let power = typed.parse().ok().filter(|power: &i32| length > 0 && power.abs() < DIGITS as i32)?;
    let number = crate::stats::decimal(digits)? * crate::stats::power_of_ten(power);
    Some((format!("{digits}{}{typed}", &behind[..1]), precision::decimal(&number, DIGITS as u32, false)))
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Result<Self> {
        if text.len() > LONGEST {
            return Err(Misread::new(
                LONGEST,
                format!("陈述长于 {LONGEST} 字节"),
                format!("a statement of more than {LONGEST} bytes"),
            ));
        }
        Ok(Parser { text, at: 0, depth: 0 })
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        self.space();
        let here = self.rest().starts_with(token);
        if here {
            self.at += token.len();
        }
        here
    }

    fn need(&mut self, token: &str) -> Result<()> {
        if self.eat(token) {
            return Ok(());
        }
        Err(Misread::expected(self.at, &format!("「{token}」"), &format!("'{token}'")))
    }

    fn end(&mut self) -> Result<()> {
        self.space();
        if self.rest().is_empty() {
            return Ok(());
        }
        Err(Misread::expected(self.at, "运算符、比较符或末尾", "an operator, a comparison or the end"))
    }

    fn statement(&mut self) -> Result<Statement> {
        self.space();
        for (name, rising) in [("rises", true), ("falls", false)] {
            if self.function(name) {
                let cells = self.cell()?;
                self.need(")")?;
                return Ok(Statement::Order { rising, cells });
            }
        }
        let mut left = self.expr()?;
        let mut chain = Vec::new();
        loop {
            self.space();
            let Some(op) = self.operator() else { break };
            let right = self.expr()?;
            chain.push(Comparison { left, op, right: right.clone() });
            left = right;
        }
        if chain.is_empty() {
            return Err(Misread::expected(self.at, "比较符(< <= = >= > != ~)", "a comparison (< <= = >= > != ~)"));
        }
        Ok(Statement::Chain(chain))
    }

    /// Eats `name (`.
    fn function(&mut self, name: &str) -> bool {
        self.space();
        let after = self.rest().strip_prefix(name).map(str::trim_start);
        let Some(inside) = after.and_then(|after| after.strip_prefix('(')) else { return false };
        self.at = self.text.len() - inside.len();
        true
    }

    fn operator(&mut self) -> Option<Op> {
        use precision::Op::{AtLeast, AtMost, Equal, Less, More, Unequal};
        let table = [
            ("<=", Op::Exactly(AtMost)),
            (">=", Op::Exactly(AtLeast)),
            ("!=", Op::Exactly(Unequal)),
            ("<>", Op::Exactly(Unequal)),
            ("==", Op::Exactly(Equal)),
            ("≤", Op::Exactly(AtMost)),
            ("≥", Op::Exactly(AtLeast)),
            ("≠", Op::Exactly(Unequal)),
            ("<", Op::Exactly(Less)),
            (">", Op::Exactly(More)),
            ("=", Op::Exactly(Equal)),
            ("≈", Op::About),
            ("~", Op::About),
        ];
        table.into_iter().find(|(token, _)| self.eat(token)).map(|(_, op)| op)
    }

    fn expr(&mut self) -> Result<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Misread::new(self.at, "括号嵌套过深", "parentheses nested too deep"));
        }
        let mut left = self.product()?;
        loop {
            let make = if self.eat("+") {
                Term::Add
            } else if self.eat("-") || self.eat("−") {
                Term::Sub
            } else {
                break;
            };
            let right = self.product()?;
            left = join(make, left, right);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn product(&mut self) -> Result<Expr> {
        let mut left = self.factor()?;
        loop {
            let make = if self.eat("*") || self.eat("×") {
                Term::Mul
            } else if self.eat("/") || self.eat("÷") {
                Term::Div
            } else {
                break;
            };
            let right = self.factor()?;
            left = join(make, left, right);
        }
        Ok(left)
    }

    fn factor(&mut self) -> Result<Expr> {
        self.space();
        let start = self.at;
        if self.eat("-") || self.eat("−") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(Misread::new(self.at, "负号过多", "too many signs"));
            }
            let inner = self.factor()?;
            self.depth -= 1;
            return Ok(Expr { place: start..inner.place.end, term: Term::Minus(Box::new(inner)) });
        }
        if self.eat("(") {
            let inner = self.expr()?;
            self.need(")")?;
            return Ok(Expr { place: start..self.at, ..inner });
        }
        if self.rest().starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            let digits = self.digits()?;
            return Ok(Expr { place: start..self.at, term: Term::Number(digits) });
        }
        for call in [Call::Sum, Call::Min, Call::Max, Call::Growth, Call::Share] {
            if self.function(call.name()) {
                let cells = self.reference()?;
                self.need(")")?;
                return Ok(Expr { place: start..self.at, term: Term::Call(call, cells) });
            }
        }
        if self.function("rank") {
            return self.rank(start);
        }
        self.cell()
    }

    fn rank(&mut self, start: usize) -> Result<Expr> {
        let cells = self.reference()?;
        self.need(",")?;
        self.space();
        let from = self.at;
        let length = self.rest().find([')', ',']).unwrap_or(self.rest().len());
        let member = self.rest()[..length].trim_end().to_owned();
        if member.is_empty() {
            return Err(Misread::expected(from, "成员", "a member"));
        }
        let at = from..from + member.len();
        self.at += length;
        self.need(")")?;
        Ok(Expr { place: start..self.at, term: Term::Rank { cells, member, at } })
    }

    fn signed(&mut self) -> Result<String> {
        let minus = self.eat("-") || self.eat("−");
        self.space();
        let digits = self.digits()?;
        Ok(if minus { format!("-{digits}") } else { digits })
    }

    fn digits(&mut self) -> Result<String> {
        let rest = self.rest();
        let mut length = 0;
        let mut point = false;
        for (at, c) in rest.char_indices() {
            let first_point = c == '.' && !point && rest[at + 1..].starts_with(|next: char| next.is_ascii_digit());
            if !c.is_ascii_digit() && !first_point {
                break;
            }
            point |= first_point;
            length = at + 1;
        }
        if length == 0 {
            return Err(Misread::expected(self.at, "数字(如 1751 或 11.9)", "a number such as 1751 or 11.9"));
        }
        if length > DIGITS {
            let (zh, en) = (format!("数字不可超过 {DIGITS} 位"), format!("a number has at most {DIGITS} digits"));
            return Err(Misread::new(self.at, zh, en));
        }
        self.at += length;
        self.plain(&rest[..length], &rest[length..])?;
        Ok(rest[..length].to_owned())
    }

    /// Nothing stands in a number to part its thousands, and no unit behind it.
    fn plain(&self, digits: &str, behind: &str) -> Result<()> {
        let thousands: usize = behind.split(',').skip(1).map_while(thousand).map(|group| group.len() + 1).sum();
        if behind.starts_with(',') && thousands > 0 {
            let (typed, plain) = (&behind[..thousands], behind[..thousands].replace(',', ""));
            let misread = Misread::new(
                self.at,
                format!("数字不分节,要写 {digits}{plain}"),
                format!("a number has no separators of thousands: write {digits}{plain}"),
            );
            return Err(misread.meant(typed, &plain));
        }
        if let Some(full) = in_full(digits, behind) {
            let start = self.at - digits.len();
            let misread = Misread::new(
                start,
                format!("数字要写全:{}", full.1),
                format!("a number is written in full: {}", full.1),
            );
            return Err(misread.meant(&full.0, &full.1));
        }
        let unit = behind.find(|c: char| !c.is_alphabetic() && c != '%').map_or(behind, |end| &behind[..end]);
        if unit.is_empty() {
            return Ok(());
        }
        let misread = Misread::new(
            self.at,
            format!("数字用单元格的单位,不另写:要写 {digits}"),
            format!("a number is in the unit of the cell and has none of its own: write {digits}"),
        );
        Err(misread.meant(unit, ""))
    }

    fn cell(&mut self) -> Result<Expr> {
        self.space();
        let start = self.at;
        let reference = self.reference()?;
        Ok(Expr { place: start..self.at, term: Term::Cell(reference) })
    }

    fn reference(&mut self) -> Result<Reference> {
        self.space();
        match Reference::parse_prefix(self.rest()) {
            Ok((reference, length)) => {
                self.at += length;
                if reference.measure.is_none() && self.rest().starts_with(':') {
                    let zh = "指标在方括号前(数据集:指标[维度=成员]@时期)";
                    let en = "the measure before the brackets (DATASET:MEASURE[KEY]@PERIOD)";
                    return Err(Misread::expected(self.at, zh, en));
                }
                Ok(reference)
            }
            Err(bad) => {
                let zh = match bad.expected {
                    "]" => "「]」",
                    "dimension=member" => "维度=成员",
                    "a period" => "时期",
                    _ => "数字、函数或单元格(数据集:指标[维度=成员]@时期)",
                };
                let en = if bad.expected == "a cell" {
                    "a number, a function or a cell (DATASET:MEASURE[KEY]@PERIOD)"
                } else {
                    bad.expected
                };
                Err(Misread::expected(self.at + bad.at, zh, en))
            }
        }
    }
}

/// The three digits that a text begins with, where no fourth follows.
fn thousand(text: &str) -> Option<&str> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    (digits == 3).then(|| &text[..digits])
}

fn join(make: fn(Box<Expr>, Box<Expr>) -> Term, left: Expr, right: Expr) -> Expr {
    Expr { place: left.place.start..right.place.end, term: make(Box::new(left), Box::new(right)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(text: &str) -> Vec<Comparison> {
        match parse(text).unwrap() {
            Statement::Chain(chain) => chain,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_ratio_against_a_number() {
        let text = "china/scale:scale@2023 / @2022 > 1.11";
        let chain = chain(text);
        let [Comparison { left, op, right }] = chain.as_slice() else { panic!("{chain:?}") };
        assert_eq!((op.symbol(), &right.term), (">", &Term::Number("1.11".into())));
        let Term::Div(level, before) = &left.term else { panic!("{left:?}") };
        assert_eq!((&text[level.place.clone()], &text[before.place.clone()]), ("china/scale:scale@2023", "@2022"));
    }

    #[test]
    fn chains_ranks_and_orders() {
        assert_eq!(chain("a/b:c@2 >= @3 >= @4").len(), 2);
        let rank = chain("rank(a/b:m[c=*]@2023, china) = 2");
        assert!(matches!(&rank[0].left.term, Term::Rank { member, .. } if member == "china"));
        assert!(matches!(parse("falls(a/b:c@2021..2023)").unwrap(), Statement::Order { rising: false, .. }));
        let sum = chain("sum(a/b:c@2018..2023) = a/b:c@../2023");
        assert!(
            matches!(&sum[0].left.term, Term::Call(Call::Sum, cells) if cells.period.as_deref() == Some("2018..2023"))
        );
    }

    #[test]
    fn products_bind_closer_than_sums() {
        let chain = chain("x@1 + 2 * y@1 - 3 > -(4)");
        let Term::Sub(sum, _) = &chain[0].left.term else { panic!() };
        assert!(matches!(&sum.term, Term::Add(_, product) if matches!(product.term, Term::Mul(..))));
        assert!(matches!(chain[0].right.term, Term::Minus(_)));
    }

    #[test]
    fn what_is_no_statement_says_where() {
        let at = |text: &str| parse(text).unwrap_err().at;
        assert_eq!(at("a/b:c@2023"), 10);
        assert_eq!(at("a/b:c@2023 >"), 12);
        assert_eq!(at("a/b:c@2023 > 3 4"), 15);
        assert_eq!(at("sum(a/b:c@2023 > 3"), 15);
        assert_eq!(at("a/b:c[d@2023 > 3"), 16);
        assert_eq!(at("rank(a/b) = 2"), 8);
        assert_eq!(at(""), 0);
        assert!(parse(&"(".repeat(5000)).is_err() && parse(&"-".repeat(5000)).is_err());
        assert!(parse(&"1 ".repeat(50_000)).is_err());
        assert!(parse(&format!("a/b:c@2023 > {}", "9".repeat(100))).is_ok());
        assert_eq!(at(&format!("a/b:c@2023 > {}", "9".repeat(101))), 13);
        let error = parse("a/b:c@2023 > 3 4").unwrap_err().error("a/b:c@2023 > 3 4");
        assert!(error.title.en.contains("at character 16, '4'"), "{error}");
        let error = parse("a/b[d=e]:c@2023 > 3").unwrap_err();
        assert_eq!((error.at, error.what.en.contains("the measure before the brackets")), (8, true));
    }

    #[test]
    fn expressions() {
        let sum = expression(" sum(a/b:c@2020..2022) - @2023 * 2 ").unwrap();
        let Term::Sub(left, right) = &sum.term else { panic!("{sum:?}") };
        assert!(matches!(left.term, Term::Call(Call::Sum, _)) && matches!(right.term, Term::Mul(..)));
        assert!(matches!(expression("a/b").unwrap().term, Term::Cell(_)));
        assert_eq!(expression("a/b:c@2023 + ").unwrap_err().at, 13);
        assert_eq!(expression("a/b:c@2023 > 3").unwrap_err().at, 11);
    }

    #[test]
    fn assumptions() {
        let (cell, op, values) = assumption("a/b:c[d=e]@2022 = 1600").unwrap();
        assert!(matches!(cell.term, Term::Cell(_)));
        assert_eq!((op.symbol(), values), ("=", vec!["1600".to_owned()]));
        assert_eq!(assumption("a/b:c@2022=-3..4.5").unwrap().2, ["-3", "4.5"]);
        assert_eq!(assumption("a/b:c@2022").unwrap_err().at, 10);
        assert_eq!(assumption("a/b:c@2022=x").unwrap_err().at, 11);
        assert_eq!(assumption("a/b:c@2022=9..3").unwrap_err().at, 14);
        assert_eq!(assumption("a/b:c@2022=3..3.0").unwrap().2, ["3", "3.0"]);
        assert_eq!(assumption("a/b:c@2022<3..9").unwrap_err().at, 12);
    }
}

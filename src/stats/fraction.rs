//! Descriptions with one division at the end: of whole numbers, numerator and denominator are exact as floats, and their
//! quotient is the float nearest to the exact one.

use super::expr::{Arm, Condition, Expr};

/// The same values. Bounds need the description as it stands: each operand once.
pub(super) fn fraction(expr: &Expr) -> Expr {
    match expr {
        Expr::Case(arms, otherwise) => {
            let arm = |(condition, arm): &(Condition, Arm)| {
                let arm = if let Arm::Then(then) = arm { Arm::Then(fraction(then)) } else { arm.clone() };
                (condition.clone(), arm)
            };
            Expr::Case(arms.iter().map(arm).collect(), Box::new(fraction(otherwise)))
        }
        _ => match parts(expr) {
            (above, Some(below)) => above / below,
            (above, None) => above,
        },
    }
}

/// Numerator and denominator.
fn parts(expr: &Expr) -> (Expr, Option<Expr>) {
    match expr {
        Expr::Add(a, b) => added(parts(a), parts(b), |a, b| a + b),
        Expr::Sub(a, b) => added(parts(a), parts(b), |a, b| a - b),
        Expr::Mul(a, b) => {
            let ((a, below), (b, further)) = (parts(a), parts(b));
            (times(a, Some(b)), both(below, further))
        }
        Expr::Div(a, b) => {
            let ((a, below), (b, further)) = (parts(a), parts(b));
            (times(a, further), Some(times(b, below)))
        }
        _ => (expr.clone(), None),
    }
}

type Parts = (Expr, Option<Expr>);

fn added((a, below): Parts, (b, further): Parts, join: fn(Expr, Expr) -> Expr) -> Parts {
    if below == further {
        return (join(a, b), below);
    }
    (join(times(a, further.clone()), times(b, below.clone())), both(below, further))
}

fn both(a: Option<Expr>, b: Option<Expr>) -> Option<Expr> {
    match (a, b) {
        (Some(a), b) => Some(times(a, b)),
        (None, b) => b,
    }
}

fn times(a: Expr, b: Option<Expr>) -> Expr {
    let one = Expr::number(1);
    match b {
        None => a,
        Some(b) if a == one => b,
        Some(b) if b == one => a,
        Some(b) => a * b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_division_at_the_end() {
        let (x, y) = (Expr::Column(0), Expr::Column(1));
        let (one, hundred) = (Expr::number(1), Expr::number(100));
        let growth = hundred.clone() * (x.clone() / y.clone() - one.clone());
        assert_eq!(fraction(&growth), hundred.clone() * (x.clone() - y.clone()) / y.clone());
        let share = hundred.clone() / (one + y.clone() / x.clone());
        assert_eq!(fraction(&share), hundred.clone() * x.clone() / (x.clone() + y.clone()));
        let index = hundred.clone() * (x.clone() / y.clone());
        assert_eq!(fraction(&index), hundred * x.clone() / y.clone());
        assert_eq!(fraction(&(x.clone() - y.clone())), x - y);
    }
}

//! Arithmetic on whole columns, whose results are the floats nearest to the exact ones.

use polars::prelude::*;

use super::Track;
use super::twofold::Twofold;

/// An operation on floats, and on floats with what they lack.
pub(super) trait Operation {
    /// Whether what its results lack is kept; those of a division are the nearest floats.
    const KEEPS: bool = true;

    fn plain(x: f64, y: f64) -> f64;

    fn long(x: Twofold, y: Twofold) -> Twofold;

    /// Values, and what they lack of the exact ones.
    fn of(a: &Track, b: &Track) -> (Float64Chunked, Option<Float64Chunked>) {
        if a.rest.is_none() && b.rest.is_none() {
            // Of floats that lack nothing the plain result is the nearest.
            let values = arity::binary_elementwise_values(&a.value, &b.value, Self::plain);
            let rest = |x: f64, y: f64| Self::long(x.into(), y.into()).rest;
            let rest: Option<Float64Chunked> =
                Self::KEEPS.then(|| arity::binary_elementwise_values(&a.value, &b.value, rest));
            let lacks = |rest: &Float64Chunked| {
                rest.downcast_iter().any(|chunk| chunk.values().iter().any(|rest| *rest != 0.0))
            };
            return (values, rest.filter(lacks));
        }
        let all = a.numbers().zip(b.numbers()).map(|(x, y)| Some(Self::long(x?, y?)));
        let all: Vec<Option<Twofold>> = all.collect();
        let each = |pick: fn(Twofold) -> f64| all.iter().map(|number| number.map(pick)).collect_ca("value".into());
        (each(|number| number.value), Self::KEEPS.then(|| each(|number| number.rest)))
    }
}

pub(super) struct Sum;
pub(super) struct Difference;
pub(super) struct Product;
pub(super) struct Quotient;

impl Operation for Sum {
    fn plain(x: f64, y: f64) -> f64 {
        x + y
    }

    fn long(x: Twofold, y: Twofold) -> Twofold {
        x.add(y)
    }
}

impl Operation for Difference {
    fn plain(x: f64, y: f64) -> f64 {
        x - y
    }

    fn long(x: Twofold, y: Twofold) -> Twofold {
        x.sub(y)
    }
}

impl Operation for Product {
    fn plain(x: f64, y: f64) -> f64 {
        x * y
    }

    fn long(x: Twofold, y: Twofold) -> Twofold {
        x.mul(y)
    }
}

impl Operation for Quotient {
    const KEEPS: bool = false;

    fn plain(x: f64, y: f64) -> f64 {
        x / y
    }

    fn long(x: Twofold, y: Twofold) -> Twofold {
        x.div(y)
    }
}

//! Ends of intervals in floats.

/// A bound of a product; 0 times infinity is 0, as the ends are limits of bounded numbers.
pub(super) fn product(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { 0.0 } else { a * b }
}

/// The least interval around all corners.
pub(super) fn hull(x: (f64, f64), y: (f64, f64), of: fn(f64, f64) -> f64) -> (f64, f64) {
    let corners = [of(x.0, y.0), of(x.0, y.1), of(x.1, y.0), of(x.1, y.1)];
    (corners.iter().copied().fold(f64::INFINITY, f64::min), corners.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// Quotient of intervals; unbounded where the divisor has 0 inside.
pub(super) fn quotient(x: (f64, f64), y: (f64, f64)) -> (f64, f64) {
    if y.0 < 0.0 && y.1 > 0.0 || y == (0.0, 0.0) {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    // A divisor that ends in 0 has a reciprocal without bound on that side.
    let reciprocal = if y.0 == 0.0 {
        (1.0 / y.1, f64::INFINITY)
    } else if y.1 == 0.0 {
        (f64::NEG_INFINITY, 1.0 / y.0)
    } else {
        (1.0 / y.1, 1.0 / y.0)
    };
    hull(x, reciprocal, product)
}

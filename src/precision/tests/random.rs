//! Random reports: a truth is planted, rounded as printed, and some of it hidden.

use super::*;

/// A small generator of its own (xorshift64*), so that seeds mean the same everywhere.
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n
    }

    pub(super) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

/// A system and the numbers behind it.
pub(super) struct Report {
    pub(super) system: System,
    pub(super) truth: Vec<Rational>,
    /// The rates that do not exist: their whole is 0.
    pub(super) absent: Vec<VarId>,
}

/// A rational as a decimal of so many places, ties up or to even.
pub(super) fn round(value: &Rational, places: u32, even: bool) -> String {
    let scale = Rational::from_integer(num_bigint::BigInt::from(10).pow(places));
    let scaled = value * &scale;
    let half = Rational::new(1.into(), 2.into());
    let up = (&scaled + &half).floor();
    let tie = &scaled + &half == up;
    let odd = !(&up * &half).is_integer();
    let digits = if tie && even && odd { up - integer(1) } else { up };
    let text = decimal(&(digits / scale), 60, false);
    let (head, tail) = text.split_once('.').unwrap_or((&text, ""));
    if places == 0 { head.to_owned() } else { format!("{head}.{tail:0<width$}", width = places as usize) }
}

impl Report {
    fn add(&mut self, rng: &mut Rng, variable: Variable, truth: Rational, places: u32, hide: u64) -> VarId {
        let printed = (!rng.one_in(hide)).then(|| {
            let format = Format { whole: variable.whole, ..Format::default() };
            Printed::parse(&round(&truth, places, rng.one_in(2)), &format).unwrap()
        });
        self.truth.push(truth);
        self.system.variable(Variable { printed, ..variable })
    }

    fn rate(&mut self, rng: &mut Rng, part: VarId, whole: VarId, growth: bool) -> VarId {
        let hundred = integer(100);
        let (lower, upper) =
            if growth { (Some(-hundred.clone()), None) } else { (Some(integer(0)), Some(hundred.clone())) };
        let natural = if rng.one_in(2) { Interval { lower, upper } } else { Interval::all() };
        let variable = Variable { natural, ..Variable::rate(format!("rate {}", self.truth.len())) };
        let rate = if self.truth[whole.0] == integer(0) {
            self.absent.push(VarId(self.truth.len()));
            self.truth.push(integer(0));
            self.system.variable(variable)
        } else {
            let quotient = &self.truth[part.0] / &self.truth[whole.0];
            let truth = if growth { (quotient - integer(1)) * hundred } else { quotient * hundred };
            self.add(rng, variable, truth, 1, 4)
        };
        let form = if growth { Form::growth(rate, part, whole) } else { Form::share(rate, part, whole) };
        must(&mut self.system, form);
        rate
    }

    /// A few years of a total with parts, shares, growth, orders and ranks.
    pub(super) fn random(seed: u64) -> Report {
        let mut rng = Rng::new(seed);
        let rng = &mut rng;
        let counts = rng.one_in(2);
        let mut report = Report { system: System::default(), truth: Vec::new(), absent: Vec::new() };
        let zeros = rng.one_in(2);
        let (years, members) = (1 + rng.below(3) as usize, 2 + rng.below(4) as usize);
        let places = if counts { 0 } else { rng.below(2) as u32 };
        let make = |name: String| if counts { Variable::count(name) } else { Variable::level(name) };
        let (mut totals, mut rates): (Vec<VarId>, Vec<VarId>) = (Vec::new(), Vec::new());
        let mut before: Vec<VarId> = Vec::new();
        for year in 0..years {
            let mut parts = Vec::new();
            for member in 0..members {
                let none = zeros && rng.one_in(3);
                let hundredths = if none { 0 } else { 50 + rng.below(90_000) as i64 };
                let value = Rational::new(hundredths.into(), 100.into());
                let value = if counts { value.ceil() } else { value };
                parts.push(report.add(rng, make(format!("{year}/{member}")), value, places, 2));
            }
            let sum: Rational = parts.iter().map(|part| report.truth[part.0].clone()).sum();
            let total = report.add(rng, make(format!("{year}/total")), sum, places, 3);
            must(&mut report.system, Form::sum(total, parts.clone()));
            for part in &parts {
                if rng.one_in(2) {
                    report.rate(rng, *part, total, false);
                }
            }
            for (now, then) in parts.iter().zip(&before) {
                if rng.one_in(3) {
                    report.rate(rng, *now, *then, true);
                }
            }
            if let Some(last) = totals.last().copied() {
                rates.push(report.rate(rng, total, last, true));
            }
            let of = parts[rng.below(members as u64) as usize];
            let above = parts.iter().filter(|p| report.truth[p.0] > report.truth[of.0]).count();
            if rng.one_in(2) {
                must(&mut report.system, Form::Rank { of, among: parts.clone(), ranks: above + 1..=above + 1 });
            }
            let (a, b) = (parts[0], parts[1]);
            if rng.one_in(3) && report.truth[a.0] != report.truth[b.0] {
                let (low, high) = if report.truth[a.0] < report.truth[b.0] { (a, b) } else { (b, a) };
                must(&mut report.system, Form::less(low.into(), &high.into(), true));
            }
            totals.push(total);
            before = parts;
        }
        if let [a, b, c] = totals[..] {
            let (square, product) = (&report.truth[b.0] * &report.truth[b.0], &report.truth[a.0] * &report.truth[c.0]);
            // Growth is ordered only where it exists.
            if rates.iter().any(|rate| report.absent.contains(rate)) {
                rates.clear();
            }
            let order = Form::RatioOrder { levels: vec![a, b, c], rates, rising: square <= product };
            must(&mut report.system, order);
        }
        report
    }
}

/// The same system with variables and relations in another order; the new place of each variable.
pub(super) fn shuffled(system: &System, rng: &mut Rng) -> (System, Vec<VarId>) {
    let mut order: Vec<usize> = (0..system.variables.len()).collect();
    rng.shuffle(&mut order);
    let mut place = vec![VarId(0); order.len()];
    for (new, old) in order.iter().enumerate() {
        place[*old] = VarId(new);
    }
    let linear = |e: &Linear| {
        let mut terms: Vec<_> = e.terms.iter().map(|(v, a)| (place[v.0], a.clone())).collect();
        terms.reverse();
        Linear { terms, constant: e.constant.clone() }
    };
    let all = |list: &[VarId]| list.iter().map(|v| place[v.0]).collect::<Vec<_>>();
    let form = |form: &Form| match form {
        Form::Linear { expression, within, strict } => {
            Form::Linear { expression: linear(expression), within: within.clone(), strict: *strict }
        }
        Form::Ratio { part, whole, within } => {
            Form::Ratio { part: linear(part), whole: linear(whole), within: within.clone() }
        }
        Form::Rate { rate, part, whole, scale } => {
            Form::Rate { rate: place[rate.0], part: linear(part), whole: linear(whole), scale: scale.clone() }
        }
        Form::RatioOrder { levels, rates, rising } => {
            Form::RatioOrder { levels: all(levels), rates: all(rates), rising: *rising }
        }
        Form::Rank { of, among, ranks } => Form::Rank { of: place[of.0], among: all(among), ranks: ranks.clone() },
    };
    let mut relations: Vec<Relation> =
        system.relations.iter().map(|r| Relation { form: form(&r.form), ..r.clone() }).collect();
    rng.shuffle(&mut relations);
    let variables = order.iter().map(|old| system.variables[*old].clone()).collect();
    (System { variables, relations }, place)
}

//! One printed number of a consistent report is misprinted: how often that is found, by kind of slip. The figures stand in
//! docs/precision.md.

use super::random::{Report, Rng};
use super::*;

/// A slip of the pen; `None` where the digits do not have it.
type Slip = fn(&str, &mut Rng) -> Option<String>;

fn digit(digits: &str, place: usize, rng: &mut Rng) -> Option<String> {
    let mut bytes = digits.as_bytes().to_vec();
    let own = bytes.get(place).filter(|byte| byte.is_ascii_digit())? - b'0';
    bytes[place] = b'0' + (own + 1 + rng.below(9) as u8) % 10;
    String::from_utf8(bytes).ok()
}

fn leading(digits: &str, rng: &mut Rng) -> Option<String> {
    digit(digits, digits.find(|c: char| c.is_ascii_digit())?, rng)
}

fn last(digits: &str, rng: &mut Rng) -> Option<String> {
    digit(digits, digits.len() - 1, rng)
}

fn transposed(digits: &str, rng: &mut Rng) -> Option<String> {
    let mut bytes = digits.as_bytes().to_vec();
    let pair =
        |at: &usize| bytes[*at].is_ascii_digit() && bytes[at + 1].is_ascii_digit() && bytes[*at] != bytes[at + 1];
    let pairs: Vec<usize> = (0..bytes.len() - 1).filter(pair).collect();
    let at = *pairs.get(rng.below(pairs.len().max(1) as u64) as usize)?;
    bytes.swap(at, at + 1);
    String::from_utf8(bytes).ok()
}

fn tenfold(digits: &str, _: &mut Rng) -> Option<String> {
    let (head, tail) = digits.split_once('.').unwrap_or((digits, ""));
    let mut tail = tail.chars();
    let moved = format!("{head}{}", tail.next().unwrap_or('0'));
    let rest: String = tail.collect();
    Some(if rest.is_empty() { moved } else { format!("{moved}.{rest}") })
}

fn turned(digits: &str, _: &mut Rng) -> Option<String> {
    Some(digits.strip_prefix('-').map_or_else(|| format!("-{digits}"), str::to_owned))
}

/// Of a kind of slip: how many were made, found, found with the misprinted number in the set, and shown irreducible.
fn recall(slip: Slip, seeds: u64) -> [usize; 4] {
    let caps = Caps::default();
    let mut counts = [0; 4];
    for seed in 0..seeds {
        let mut report = Report::random(seed);
        let mut rng = Rng::new(seed);
        let victim = rng.below(report.truth.len() as u64) as usize;
        let Some(printed) = report.system.variables[victim].printed.clone() else { continue };
        let Some(digits) = slip(&printed.digits, &mut rng) else { continue };
        report.system.variables[victim].printed = Some(Printed::parse(&digits, &printed.format).unwrap());
        let solution = solve(&report.system, &caps);
        let certain: Vec<_> = solution.conflicts().iter().filter(|c| c.severity == Severity::Certain).collect();
        assert!(certain.iter().all(|conflict| conflict.verify(&report.system)), "seed {seed}");
        counts[0] += 1;
        counts[1] += usize::from(!certain.is_empty());
        counts[2] += usize::from(certain.iter().any(|conflict| conflict.variables.contains(&VarId(victim))));
        counts[3] += usize::from(!certain.is_empty() && certain.iter().all(|conflict| conflict.irreducible));
    }
    counts
}

#[test]
fn slips_are_found_by_kind() {
    let kinds: [(&str, Slip, usize); 5] = [
        ("leading digit", leading, 50),
        ("last digit", last, 25),
        ("transposed", transposed, 40),
        ("ten times", tenfold, 60),
        ("sign", turned, 60),
    ];
    // With AISTAT_FIGURES set, the sample of the docs, and its figures.
    let shown = std::env::var_os("AISTAT_FIGURES").is_some();
    let mut figures = String::new();
    for (name, slip, least) in kinds {
        let [made, found, named, irreducible] = recall(slip, if shown { 300 } else { 60 });
        figures += &format!("{name}: {found} of {made} found, {named} name it, {irreducible} irreducible\n");
        assert!(found * 100 >= least * made, "{figures}");
        assert!(irreducible * 100 >= 90 * found && named * 100 >= 95 * found, "{figures}");
    }
    assert!(!shown, "{figures}");
}

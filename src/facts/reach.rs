//! Which datasets a question touches: those that shares, growth and relations connect with the ones it names, and no more.

use std::collections::{BTreeSet, HashMap};

use super::Facts;
use super::lines::{Line, parse};
use crate::catalog::{Catalog, Found};
use crate::error::Result;
use crate::package::Resource;
use crate::reference::Reference;
use crate::statement::{Comparison, Expr, Statement, Term};

/// Loads the datasets and all that they are connected with. Gives the lines of `relations.csv` that take part.
pub(super) fn load<'a>(facts: &mut Facts<'a>, seeds: &[Found<'a>]) -> Result<Vec<Line>> {
    let catalog = facts.catalog;
    let mut lines = parse(facts);
    let mut known: HashMap<(String, String), Option<Found<'a>>> = HashMap::new();
    let mut find = |package: &str, address: String| {
        let key = (package.to_owned(), address);
        *known.entry(key).or_insert_with_key(|(package, address)| resolve(catalog, Some(package), address).ok())
    };
    let mut ties: Vec<Vec<Found<'a>>> = Vec::with_capacity(lines.len());
    for line in &lines {
        let addresses = addresses(&line.statement).into_iter();
        ties.push(addresses.filter_map(|address| find(&line.package, address)).collect());
    }
    for found in seeds {
        facts.load(*found)?;
    }
    let all: Vec<Found<'a>> = catalog.all().collect();
    if seeds.len() < all.len() {
        let mut connected = ties.clone();
        for found in &all {
            // A reference to a dataset that does not exist ties nothing: `check` reports it.
            let package = catalog.label(found.0);
            let others = references(*found).into_iter().filter_map(|address| find(&package, address));
            connected.push(std::iter::once(*found).chain(others).collect());
        }
        for found in closure(seeds, &connected, &all) {
            // A broken table beside the question keeps nothing back: it ties nothing, and `check` reports it.
            let _ = facts.load(found);
        }
    }
    for ((package, address), found) in known {
        if let Some(table) = found.and_then(|found| facts.table_of(found)) {
            facts.known.insert((package, address), table);
        }
    }
    let mut ties = ties.into_iter();
    lines.retain(|_| {
        let tie = ties.next().unwrap_or_default();
        // A line that names nothing that exists is kept for its fault; one about a broken table has none of its own.
        tie.into_iter().all(|found| facts.table_of(found).is_some())
    });
    Ok(lines)
}

/// All that is connected with some datasets, in the order of the packages.
fn closure<'a>(seeds: &[Found<'a>], ties: &[Vec<Found<'a>>], all: &[Found<'a>]) -> Vec<Found<'a>> {
    let number: HashMap<*const Resource, usize> =
        all.iter().enumerate().map(|(at, (_, resource))| (std::ptr::from_ref(*resource), at)).collect();
    let place = |found: &Found| number.get(&std::ptr::from_ref(found.1)).copied();
    let ties: Vec<Vec<usize>> = ties.iter().map(|tie| tie.iter().filter_map(place).collect()).collect();
    let mut of = vec![Vec::new(); all.len()];
    for (at, tie) in ties.iter().enumerate() {
        tie.iter().for_each(|dataset| of[*dataset].push(at));
    }
    let mut inside = vec![false; all.len()];
    let mut open: Vec<usize> = seeds.iter().filter_map(place).collect();
    while let Some(dataset) = open.pop() {
        if !std::mem::replace(&mut inside[dataset], true) {
            open.extend(of[dataset].iter().flat_map(|tie| &ties[*tie]));
        }
    }
    all.iter().zip(inside).filter(|(_, inside)| *inside).map(|(found, _)| *found).collect()
}

/// A dataset by its address, within a package first.
pub(super) fn resolve<'a>(catalog: &'a Catalog, package: Option<&str>, address: &str) -> Result<Found<'a>> {
    let own = package.map(|package| catalog.resolve(&format!("{package}:{address}")));
    match own {
        Some(Ok(found)) => Ok(found),
        _ => catalog.resolve(address),
    }
}

/// The addresses of other datasets that a dataset's shares and growth rates name.
fn references((package, resource): Found) -> Vec<String> {
    let texts = package.references(resource).into_iter();
    texts.filter_map(|text| Reference::parse(&text).ok()?.dataset).collect()
}

/// The addresses that a statement names, each once.
pub(crate) fn addresses(statement: &Statement) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match statement {
        Statement::Chain(chain) => {
            for Comparison { left, right, .. } in chain {
                collect(left, &mut found);
                collect(right, &mut found);
            }
        }
        Statement::Order { cells, .. } => collect(cells, &mut found),
    }
    found
}

/// The addresses that an expression names.
pub(crate) fn collect(expr: &Expr, found: &mut BTreeSet<String>) {
    match &expr.term {
        Term::Number(_) => {}
        Term::Cell(reference) | Term::Call(_, reference) | Term::Rank { cells: reference, .. } => {
            found.extend(reference.dataset.clone())
        }
        Term::Minus(inner) => collect(inner, found),
        Term::Add(a, b) | Term::Sub(a, b) | Term::Mul(a, b) | Term::Div(a, b) => {
            collect(a, found);
            collect(b, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::Catalog;
    use crate::facts::{Facts, Place};
    use crate::package::Limits;
    use crate::precision::{Caps, solve};

    #[test]
    fn a_dataset_alone_is_known_as_well_as_among_all() {
        let (catalog, caps) = (Catalog::open([], &Limits::default()).unwrap(), Caps::default());
        let every: Vec<_> = catalog.all().collect();
        let all = Facts::about(&catalog, &every).unwrap();
        let whole = solve(&all.system, &caps);
        let mut fewest = usize::MAX;
        for found in catalog.all() {
            let alone = Facts::about(&catalog, &[found]).unwrap();
            fewest = fewest.min(alone.tables.len());
            let (own, among) = (alone.table_of(found).unwrap(), all.table_of(found).unwrap());
            let variables = alone.variables_of(own);
            let solution = alone.solve(&variables, &caps);
            for variable in variables {
                let place = Place { table: among, ..alone.place(variable).unwrap() };
                let (known, expected) = (solution.bound(variable), whole.bound(all.variable(place).unwrap()));
                assert_eq!(known.interval, expected.interval, "{}", alone.name(variable));
                assert_eq!(known.claim, expected.claim, "{}", alone.name(variable));
            }
        }
        assert_eq!(fewest, 1);
    }
}

//! Which datasets a question touches: those that shares, growth and relations connect with the ones it names, and no more.

use std::collections::{BTreeSet, HashMap};

use super::Facts;
use super::lines::{Line, parse};
use crate::catalog::{Catalog, Found};
use crate::error::Result;
use crate::reference::Reference;
use crate::statement::{Comparison, Expr, Statement, Term};

/// Loads the datasets and all that they are connected with. Gives the lines of `relations.csv` that take part.
pub(super) fn load<'a>(facts: &mut Facts<'a>, seeds: &[Found<'a>]) -> Result<Vec<Line>> {
    let catalog = facts.catalog;
    let mut lines = parse(facts);
    let mut ties: Vec<Vec<Found<'a>>> = Vec::with_capacity(lines.len());
    let mut cache: HashMap<(String, String), Option<Found<'a>>> = HashMap::new();
    for line in &lines {
        let mut find = |address: &String| {
            let key = (line.package.clone(), address.clone());
            *cache.entry(key).or_insert_with_key(|(package, address)| resolve(catalog, Some(package), address).ok())
        };
        ties.push(addresses(&line.statement).iter().filter_map(&mut find).collect());
    }
    for found in seeds {
        facts.load(*found)?;
    }
    // What refers to a dataset binds it as much as what it refers to: the report around it takes part as a whole.
    let around = catalog
        .all()
        .filter(|(package, _)| package.has_relations() && seeds.iter().any(|(own, _)| std::ptr::eq(*own, *package)));
    let mut open: Vec<Found<'a>> = around.chain(seeds.iter().copied()).collect();
    // Taken from the end: the tables stand in the order of the packages.
    open.reverse();
    let mut taken = vec![false; lines.len()];
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    while let Some(found) = open.pop() {
        // A broken table beside the question keeps nothing back: it ties nothing, and `check` reports it.
        let Ok(table) = facts.load(found) else { continue };
        if !seen.insert(table) {
            continue;
        }
        let declared: Vec<String> = references(facts, table);
        let package = catalog.label(found.0);
        for address in declared {
            // A reference to a dataset that does not exist ties nothing: `check` reports it.
            open.extend(resolve(catalog, Some(&package), &address).ok());
        }
        for (line, tie) in ties.iter().enumerate() {
            if !taken[line]
                && tie.iter().any(|(p, r)| {
                    p.name == found.0.name && p.version == found.0.version && r.address == found.1.address
                })
            {
                taken[line] = true;
                open.extend(tie.iter().copied());
            }
        }
    }
    for ((package, address), found) in cache {
        if let Some(table) = found.and_then(|found| facts.table_of(found)) {
            facts.known.insert((package, address), table);
        }
    }
    let unresolved = |line: usize| ties[line].is_empty();
    let mut at = 0;
    lines.retain(|_| {
        at += 1;
        taken[at - 1] || unresolved(at - 1)
    });
    Ok(lines)
}

/// A dataset by its address, within a package first.
pub(super) fn resolve<'a>(catalog: &'a Catalog, package: Option<&str>, address: &str) -> Result<Found<'a>> {
    let own = package.map(|package| catalog.resolve(&format!("{package}:{address}")));
    match own {
        Some(Ok(found)) => Ok(found),
        _ => catalog.resolve(address),
    }
}

/// The addresses of other datasets that a table's shares and growth rates name.
fn references(facts: &Facts, table: usize) -> Vec<String> {
    let measures = &facts.tables[table].dataset.measures;
    let shares =
        measures.iter().filter_map(|measure| measure.share.as_ref()).flat_map(|share| [&share.part, &share.whole]);
    let growth = measures.iter().filter_map(|measure| measure.growth.as_ref()).map(|growth| &growth.of);
    let texts = shares.chain(growth).flatten();
    texts.filter_map(|text| Reference::parse(text).ok()?.dataset).collect()
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

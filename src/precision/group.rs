//! Connected components by union-find.

use super::Interval;
use super::lower::Lowered;
use super::num::Num;

/// Rules that share variables, and the variables.
pub(super) struct Group {
    pub(super) rules: Vec<usize>,
    pub(super) quantities: Vec<usize>,
}

/// The connected components that have a rule, in order of their first variable; and lone variables whose own printed
/// number cannot be.
pub(super) fn components(lowered: &Lowered) -> Vec<Group> {
    let count = lowered.quantities.len();
    let mut parent: Vec<usize> = (0..count).collect();
    fn root(parent: &mut [usize], mut v: usize) -> usize {
        while parent[v] != v {
            parent[v] = parent[parent[v]];
            v = parent[v];
        }
        v
    }
    let variables: Vec<Vec<usize>> = lowered.rules.iter().map(|rule| rule.kind.variables()).collect();
    for group in &variables {
        for pair in group.windows(2) {
            let (a, b) = (root(&mut parent, pair[0]), root(&mut parent, pair[1]));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut index = vec![None; count];
    for quantity in 0..count {
        let top = root(&mut parent, quantity);
        let at = *index[top].get_or_insert_with(|| {
            groups.push(Group { rules: Vec::new(), quantities: Vec::new() });
            groups.len() - 1
        });
        groups[at].quantities.push(quantity);
    }
    let mut never = Vec::new();
    for (rule, group) in variables.iter().enumerate() {
        match group.first().and_then(|v| index[root(&mut parent, *v)]) {
            Some(at) => groups[at].rules.push(rule),
            None => never.push(Group { rules: vec![rule], quantities: Vec::new() }),
        }
    }
    let lone = |group: &Group| {
        group.quantities.iter().any(|q| {
            let quantity = &lowered.quantities[*q];
            quantity.fact.as_ref().is_some_and(|fact| {
                let range = quantity.natural.intersect(&fact.interval);
                range.is_empty() || (quantity.whole && !has_integer(&range))
            })
        })
    };
    groups.retain(|group| !group.rules.is_empty() || lone(group));
    groups.extend(never);
    groups
}

fn has_integer(range: &Interval<Num>) -> bool {
    range.lower.as_ref().zip(range.upper.as_ref()).is_none_or(|(low, high)| low.ceil() <= *high)
}

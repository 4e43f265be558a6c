//! One component, solved: by what is printed if that holds together, else read more widely, else in conflict.

use super::conflict::{Conflict, Severity, conflicts};
use super::group::Group;
use super::lower::{Kind, Lowered};
use super::model::{Model, Reliance};
use super::num::Num;
use super::propagate::{Side, State};
use super::search::{Feasibility, Search};
use super::tighten::Bounder;
use super::{Basis, Caps};

/// One component, solved.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) model: Model,
    pub(super) state: State,
    /// Numbers that fit everything, as they were met.
    pub(super) points: Vec<Vec<Num>>,
    /// Whether each end of each variable is reached.
    pub(super) attained: Vec<[bool; 2]>,
    pub(super) in_conflict: bool,
    /// Whether nothing fits what is printed as it is rounded, and each number is read within a whole unit of its last place.
    pub(super) wide: bool,
}

pub(super) fn part(
    lowered: &Lowered,
    basis: &[Basis],
    group: &Group,
    targets: &[usize],
    caps: &Caps,
    found: &mut Vec<Conflict>,
) -> Part {
    let model = Model::new(lowered, &group.rules, &group.quantities, Reliance::Printed, &|_| true);
    let loose = group.quantities.iter().any(|q| lowered.quantities[*q].loose);
    if let Some(part) = consistent(model, targets, caps, loose) {
        return part;
    }
    let model = Model::new(lowered, &group.rules, &group.quantities, Reliance::Accusing, &|_| true);
    let severity = match consistent(model.clone(), targets, caps, true) {
        Some(part) => {
            found.extend(conflicts(lowered, basis, group, Severity::Convention, caps));
            return Part { wide: true, ..part };
        }
        None => Severity::Certain,
    };
    found.extend(conflicts(lowered, basis, group, severity, caps));
    let attained = vec![[false; 2]; model.quantities.len()];
    let model = Model::new(lowered, &group.rules, &group.quantities, Reliance::Printed, &|_| true);
    Part { state: State::new(&model, caps, true), model, points: Vec::new(), attained, in_conflict: true, wide: false }
}

/// The component solved; `None` if nothing fits it. `weak`: its facts are read more widely than printed, so that no
/// bound is called least.
pub(super) fn consistent(model: Model, targets: &[usize], caps: &Caps, weak: bool) -> Option<Part> {
    let mut state = State::new(&model, caps, true);
    let mut search = Search::new(caps);
    let mut program = match state.run(&model) {
        Err(_) => return None,
        Ok(()) if model.is_tree() && !state.stopped && !state.rounded => {
            forget_absent(&model, &mut state);
            let attained = vec![[!weak; 2]; model.quantities.len()];
            return Some(Part { model, state, points: Vec::new(), attained, in_conflict: false, wide: false });
        }
        Ok(()) => search.program(&model, &state),
    };
    let known = match search.feasible(&model, &state, &mut program, 0) {
        Feasibility::No(_) => return None,
        Feasibility::Yes(point) => Some(point),
        Feasibility::Unknown => None,
    };
    let mut attained = vec![[false; 2]; model.quantities.len()];
    let mut bounder = Bounder {
        model: &model,
        search: &mut search,
        program: &mut program,
        points: known.clone().flatten().into_iter().collect(),
        possible: known.is_some(),
        clash: false,
    };
    // Where it is not known whether anything fits, what each bound rules out may show that nothing does.
    let wanted = |v: &usize| known.is_none() || targets.contains(&model.quantities[*v]);
    let places: Vec<usize> = (0..model.quantities.len()).filter(wanted).collect();
    for _ in 0..2 {
        let before = state.trail.len();
        for variable in &places {
            for side in [Side::Lower, Side::Upper] {
                if !attained[*variable][side as usize] {
                    attained[*variable][side as usize] = bounder.tighten(&mut state, *variable, side);
                }
            }
        }
        if state.trail.len() == before {
            break;
        }
        let steps = state.trail.len();
        state.begin_again();
        if bounder.clash || state.run(&model).is_err() {
            return None;
        }
        if state.trail.len() == steps {
            break;
        }
        *bounder.program = bounder.search.program(&model, &state).filter(|_| bounder.program.is_some());
        if let Some(linear) = bounder.program
            && linear.feasible(&mut bounder.search.budget).is_err()
        {
            break;
        }
    }
    if model.is_bent() {
        // A rate is often reached where a level is: levels first.
        let tried = model.tried();
        let (rates, levels): (Vec<usize>, Vec<usize>) =
            places.iter().filter(|v| tried[**v]).partition(|v| model.is_rate(**v));
        for variable in levels.into_iter().chain(rates) {
            for side in [Side::Lower, Side::Upper] {
                attained[variable][side as usize] |= bounder.pursue(&state, variable, side);
            }
        }
    }
    if weak {
        attained.fill([false; 2]);
    }
    let points = bounder.points;
    forget_absent(&model, &mut state);
    Some(Part { model, state, points, attained, in_conflict: false, wide: false })
}

/// What was found of a rate while its base could be above 0 says nothing where that is 0 in the end: there is no rate.
fn forget_absent(model: &Model, state: &mut State) {
    for rule in &model.rules {
        if let Kind::Rate { rate, whole, .. } = &rule.kind
            && state.bounds[*whole].is_zero()
            && !model.is_stated(*rate)
        {
            state.bounds[*rate] = model.start[*rate].clone();
            state.last[*rate] = [None; 2];
        }
    }
}

//! The part of a system that some variables are connected with.

use super::Facts;
use crate::precision::{Form, Interval, Relation, System, VarId, Variable};

impl Facts<'_> {
    /// The system with nothing but the components of some variables. Variables keep their numbers; those elsewhere are empty.
    pub fn component(&self, wanted: &[VarId]) -> System {
        let (inside, kept) = self.connected(wanted);
        let empty = || Variable { name: String::new(), natural: Interval::all(), whole: false, printed: None };
        let variables = self.system.variables.iter().zip(&inside);
        System {
            variables: variables.map(|(variable, inside)| if *inside { variable.clone() } else { empty() }).collect(),
            relations: kept.iter().map(|id| self.system.relations[*id].clone()).collect(),
        }
    }

    /// The system with nothing but the relations within some steps of variables: of one step are those that name them. Variables
    /// and relations keep their numbers. What follows from it follows from all, by a shorter proof.
    pub fn around(&self, wanted: &[VarId], steps: usize) -> System {
        let mut near = vec![false; self.system.variables.len()];
        for v in wanted.iter().filter(|v| v.0 < self.system.variables.len()) {
            near[v.0] = true;
        }
        let members: Vec<Vec<VarId>> = self.system.relations.iter().map(|relation| relation.form.variables()).collect();
        let mut kept = vec![false; members.len()];
        for _ in 0..steps {
            let new: Vec<usize> = (0..members.len()).filter(|id| members[*id].iter().any(|v| near[v.0])).collect();
            for id in new {
                kept[id] = true;
                members[id].iter().for_each(|v| near[v.0] = true);
            }
        }
        let relations = self.system.relations.iter().zip(kept).map(|(relation, kept)| match kept {
            true => relation.clone(),
            false => Relation { form: Form::nothing(), ..relation.clone() },
        });
        let relations = relations.collect();
        System { variables: self.system.variables.clone(), relations }
    }

    /// Leaves out what is not connected with some variables, so that questions about them cost no more than they have to.
    pub fn narrow(&mut self, wanted: &[VarId]) {
        let (_, kept) = self.connected(wanted);
        self.system = self.component(wanted);
        self.origins = kept.iter().map(|id| self.origins[*id].clone()).collect();
    }

    /// Whether each variable is connected with a wanted one, and the relations between those that are.
    fn connected(&self, wanted: &[VarId]) -> (Vec<bool>, Vec<usize>) {
        let count = self.system.variables.len();
        let mut parent: Vec<usize> = (0..count).collect();
        fn root(parent: &mut [usize], mut v: usize) -> usize {
            while parent[v] != v {
                parent[v] = parent[parent[v]];
                v = parent[v];
            }
            v
        }
        let members: Vec<Vec<VarId>> = self.system.relations.iter().map(|relation| relation.form.variables()).collect();
        for group in &members {
            for pair in group.windows(2) {
                let (a, b) = (root(&mut parent, pair[0].0), root(&mut parent, pair[1].0));
                parent[a.max(b)] = a.min(b);
            }
        }
        let mut tops = vec![false; count];
        for v in wanted.iter().filter(|v| v.0 < count) {
            tops[root(&mut parent, v.0)] = true;
        }
        let inside: Vec<bool> = (0..count).map(|v| tops[root(&mut parent, v)]).collect();
        let kept = (0..members.len()).filter(|id| members[*id].iter().all(|v| inside[v.0])).collect();
        (inside, kept)
    }
}

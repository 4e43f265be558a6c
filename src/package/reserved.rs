//! Warnings about what reads well but cannot be asked as it stands: names that mean something else on the command line, and
//! what others find out about a dataset.

use super::fault::{Fault, Faults};
use super::model::{Package, RelationLine, Resource};
use crate::text::Text;

impl Package {
    /// Warnings for areas that are called like something else; they are reached through the package's name.
    pub fn areas_named(&self, taken: impl Fn(&str) -> bool) -> Faults {
        let mut warned: Vec<&str> = Vec::new();
        let mut faults = Faults::new();
        for (resource, &index) in self.resources.iter().zip(&self.datasets) {
            let area = resource.address.area.as_str();
            if !taken(area) || warned.contains(&area) {
                continue;
            }
            warned.push(area);
            let (zh, en) =
                (format!("地区「{area}」与一个命令同名"), format!("the area '{area}' has the name of a command"));
            let declared = self.declared[index].area.is_some();
            let pointer = if declared { format!("/resources/{index}/aistat:area") } else { "/name".to_owned() };
            let fault = self.descriptor.fault_at(&pointer, "named-like-a-command", zh, en);
            let ask = format!("{} {}:{area} {}", env!("CARGO_PKG_NAME"), self.name, resource.address.topic);
            faults.push(fault.write(format!("改名,或这样问:{ask}"), format!("rename it, or ask: {ask}")).warning());
        }
        faults
    }

    /// The faults of relations that are about no cell of the package.
    pub fn relations_without(&self, cells: impl Fn(&str) -> bool) -> Faults {
        let lines = self.relations().unwrap_or_default().into_iter().filter(|line| !cells(&line.statement));
        let fault = |line: RelationLine| {
            let (zh, en) =
                (format!("关系 {} 没有提到单元格", line.id), format!("the relation {} names no cell", line.id));
            let fault = Fault::new(line.file, "relation", zh, en);
            let fault =
                fault.write("要写明数据集与指标,或删去这一行", "name a dataset and its measure, or remove the line");
            Fault { line: line.line, column: line.column, ..fault }
        };
        lines.map(fault).collect()
    }

    /// A warning about a dataset, at its place in the descriptor.
    pub(crate) fn warning(&self, resource: &Resource, code: &'static str, what: Text, write: Text) -> Fault {
        let index = self.resources.iter().position(|own| own.address == resource.address);
        let pointer = index.map_or("/resources".to_owned(), |at| format!("/resources/{}", self.datasets[at]));
        self.descriptor.fault_at(&pointer, code, what.zh, what.en).write(write.zh, write.en).warning()
    }
}

//! Names that mean something else on the command line.

use super::fault::Faults;
use super::model::Package;

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
                (format!("地区“{area}”与一个命令同名"), format!("the area '{area}' has the name of a command"));
            let declared = self.declared[index].area.is_some();
            let pointer = if declared { format!("/resources/{index}/aistat:area") } else { "/name".to_owned() };
            let fault = self.descriptor.fault_at(&pointer, "named-like-a-command", zh, en);
            let ask = format!("{} {}:{area} {}", env!("CARGO_PKG_NAME"), self.name, resource.address.topic);
            faults.push(fault.write(format!("改名,或这样问:{ask}"), format!("rename it, or ask: {ask}")).warning());
        }
        faults
    }
}

//! Small packages on disk, for tests.

use std::path::{Path, PathBuf};

use super::{Dataset, Fault, Limits, Package};

/// A folder that goes when it is dropped.
pub(super) struct Folder(tempfile::TempDir);

impl Folder {
    /// Files by path and content.
    pub(super) fn new(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        files.iter().for_each(|(path, text)| folder.write(path, text.as_bytes()));
        folder
    }

    pub(super) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn open(&self) -> Result<Package, Vec<Fault>> {
        Package::open(self.path(), &Limits::default())
    }

    pub(super) fn package(&self) -> Package {
        self.open().unwrap_or_else(|faults| panic!("{faults:#?}"))
    }

    /// Faults as lines, with paths from the folder on.
    pub(super) fn lines(&self, faults: &[Fault]) -> Vec<String> {
        let prefix: PathBuf = self.path().join("");
        faults.iter().map(|fault| fault.to_string().replace(&prefix.display().to_string(), "")).collect()
    }

    pub(super) fn check(&self) -> Vec<String> {
        match self.open() {
            Ok(package) => self.lines(&package.check()),
            Err(faults) => self.lines(&faults),
        }
    }

    /// The dataset at a position.
    pub(super) fn dataset(&self, at: usize) -> Result<Dataset, Vec<String>> {
        let package = self.package();
        package.dataset(&package.resources[at]).map_err(|faults| self.lines(&faults))
    }
}

/// One table with an inline schema and no `aistat:` property: its resource as JSON, and its CSV.
pub(super) fn foreign(resource: &str, csv: &str) -> Folder {
    let descriptor = format!(r#"{{"name": "p", "resources": [{{"name": "t", "path": "t.csv", {resource}}}]}}"#);
    Folder::new(&[("datapackage.json", &descriptor), ("t.csv", csv)])
}

//! The files of a package: those in the binary, or those below a folder. A package is data, never power: nothing outside
//! the folder is opened, and nothing but plain files.

use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::fault::Fault;
use super::limits::{Limit, Limits};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Where the files of a package are.
#[derive(Clone, Debug)]
pub(super) enum Store {
    /// In the binary.
    Embedded,
    /// In memory: names and contents.
    Memory(Vec<(String, Vec<u8>)>),
    /// Below a folder: the path as it was given, and without symbolic links.
    Folder { shown: PathBuf, real: PathBuf },
}

/// A text with the name under which messages show it.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) label: String,
    pub(super) text: Cow<'static, str>,
}

impl Store {
    pub(super) fn folder(shown: &Path) -> Result<Store, Fault> {
        let label = shown.display().to_string();
        let real = shown.canonicalize().map_err(|error| io_fault(&label, &error))?;
        if !real.is_dir() {
            let fault = Fault::new(label, "not-a-folder", "不是文件夹", "is not a folder");
            return Err(fault.write("给出含 datapackage.json 的文件夹", "name the folder that holds datapackage.json"));
        }
        Ok(Store::Folder { shown: shown.to_owned(), real })
    }

    /// The path of a file for messages.
    pub(super) fn label(&self, path: &str) -> String {
        match self {
            Store::Embedded => format!("data/{path}"),
            Store::Memory(_) => path.to_owned(),
            Store::Folder { shown, .. } => shown.join(path).display().to_string(),
        }
    }

    pub(super) fn read(&self, path: &str, limit: Limit, limits: &Limits) -> Result<Cow<'static, [u8]>, Fault> {
        let label = self.label(path);
        match self {
            Store::Embedded => embedded(path, &label).map(|text| Cow::Borrowed(text.as_bytes())),
            Store::Memory(files) => in_memory(files, path, &label, limit, limits),
            Store::Folder { real, .. } => read_below(real, path, &label, limit, limits).map(Cow::Owned),
        }
    }

    /// A file on disk, for readers that go through it block by block.
    pub(super) fn open(&self, path: &str, limit: Limit, limits: &Limits) -> Result<Opened, Fault> {
        let label = self.label(path);
        match self {
            Store::Embedded | Store::Memory(_) => Err(missing_file(&label)),
            Store::Folder { real, .. } => Opened::plain(&resolve(real, path, &label)?, &label, limit, limits),
        }
    }

    /// Whether the package is a folder on disk.
    pub(super) fn is_folder(&self) -> bool {
        matches!(self, Store::Folder { .. })
    }

    /// The folder, as it was given.
    pub(super) fn shown(&self) -> Option<&Path> {
        if let Store::Folder { shown, .. } = self { Some(shown) } else { None }
    }

    /// Bytes of a file, if it is there.
    pub(super) fn size(&self, path: &str) -> Option<u64> {
        match self {
            Store::Embedded | Store::Memory(_) => None,
            Store::Folder { real, .. } => Some(resolve(real, path, path).ok()?.metadata().ok()?.len()),
        }
    }

    /// A UTF-8 text without its byte order mark.
    pub(super) fn read_text(&self, path: &str, limit: Limit, limits: &Limits) -> Result<Source, Fault> {
        if let Store::Embedded = self {
            let label = self.label(path);
            return embedded(path, &label).map(|text| Source { label, text: Cow::Borrowed(text) });
        }
        let bytes = self.read(path, limit, limits)?;
        super::encoding::utf8(self.label(path), bytes)
    }
}

/// A file in memory, under the rules of a folder.
fn in_memory(
    files: &[(String, Vec<u8>)],
    path: &str,
    label: &str,
    limit: Limit,
    limits: &Limits,
) -> Result<Cow<'static, [u8]>, Fault> {
    if let Some(fault) = path_fault(path, label) {
        return Err(fault);
    }
    let (_, bytes) = files.iter().find(|(name, _)| name == path).ok_or_else(|| missing_file(label))?;
    match limits.exceeded(limit, bytes.len() as u64, label) {
        Some(fault) => Err(fault),
        None => Ok(Cow::Owned(bytes.clone())),
    }
}

/// A file of the binary. What is embedded is UTF-8.
fn embedded(path: &str, label: &str) -> Result<&'static str, Fault> {
    let found = EMBEDDED.binary_search_by(|(name, _)| (*name).cmp(path)).ok().and_then(|at| EMBEDDED.get(at));
    found.map(|(_, text)| *text).ok_or_else(|| missing_file(label))
}

/// Why a path may not stand in a package.
pub(super) fn unsafe_path(path: &str) -> Option<(&'static str, &'static str)> {
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    if path.contains("://") {
        Some(("是网址,只读数据包内的文件", "is an address: only files of the package are read"))
    } else if path.is_empty() {
        Some(("是空路径", "is empty"))
    } else if path.starts_with(['/', '\\', '~']) || drive {
        Some(("是绝对路径", "is an absolute path"))
    } else if path.contains('\\') || path.chars().any(char::is_control) {
        Some(("含反斜杠或控制字符", "has a backslash or a control character"))
    } else if path.split('/').any(|part| part == "..") {
        Some(("含「..」", "has '..' in it"))
    } else if path.split('/').any(|part| part.starts_with('.') && part != ".") {
        Some(("是隐藏文件或在隐藏文件夹里", "is hidden or in a hidden folder"))
    } else {
        None
    }
}

fn missing_file(label: &str) -> Fault {
    Fault::new(label, "no-such-file", "没有这个文件", "there is no such file")
}

fn io_fault(label: &str, error: &std::io::Error) -> Fault {
    match error.kind() {
        std::io::ErrorKind::NotFound => missing_file(label),
        _ => Fault::new(label, "unreadable", format!("读不了:{error}"), format!("cannot be read: {error}")),
    }
}

fn path_fault(path: &str, label: &str) -> Option<Fault> {
    let (zh, en) = unsafe_path(path)?;
    let fault = Fault::new(label, "unsafe-path", format!("路径「{path}」{zh}"), format!("the path '{path}' {en}"));
    Some(fault.write("要写数据包文件夹内的相对路径", "write a path below the package's folder"))
}

fn resolve(root: &Path, path: &str, label: &str) -> Result<PathBuf, Fault> {
    if let Some(fault) = path_fault(path, label) {
        return Err(fault);
    }
    let real = root.join(path).canonicalize().map_err(|error| io_fault(label, &error))?;
    let within = real.strip_prefix(root).map_err(|_| {
        let (zh, en) = ("符号链接指向数据包文件夹之外", "is a symbolic link that leaves the package's folder");
        Fault::new(label, "unsafe-path", zh, en)
    })?;
    if within.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b".")) {
        let (zh, en) = ("符号链接指向隐藏的文件或文件夹", "is a symbolic link to what is hidden");
        return Err(Fault::new(label, "unsafe-path", zh, en));
    }
    Ok(real)
}

/// A plain file of the package, open.
pub(super) struct Opened {
    file: File,
    metadata: Metadata,
    label: String,
}

impl Opened {
    fn plain(real: &Path, label: &str, limit: Limit, limits: &Limits) -> Result<Opened, Fault> {
        let unreadable = |error: std::io::Error| io_fault(label, &error);
        let not_plain = || Fault::new(label, "not-a-file", "不是普通文件", "is not a plain file");
        // Looked at before opening: opening a pipe would wait, and opening a device may act.
        let before = std::fs::symlink_metadata(real).map_err(unreadable)?;
        if !before.is_file() {
            return Err(not_plain());
        }
        let file = open(real).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() || identity(&before) != identity(&metadata) {
            return Err(not_plain());
        }
        match limits.exceeded(limit, metadata.len(), label) {
            Some(fault) => Err(fault),
            None => Ok(Opened { file, metadata, label: label.to_owned() }),
        }
    }

    fn bytes(self) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.metadata.len()).unwrap_or(0));
        self.reader().read_to_end(&mut bytes).map_err(|error| io_fault(&self.label, &error))?;
        self.unchanged()?;
        Ok(bytes)
    }

    /// Its bytes, as many as there were when it was opened.
    pub(super) fn reader(&self) -> impl Read + Send + '_ {
        (&self.file).take(self.metadata.len())
    }

    /// A fault if it is no longer what was opened.
    pub(super) fn unchanged(&self) -> Result<(), Fault> {
        let after = self.file.metadata().map_err(|error| io_fault(&self.label, &error))?;
        if as_written(&after) == as_written(&self.metadata) && same_change(&self.metadata, &after) {
            return Ok(());
        }
        let fault =
            Fault::new(self.label.clone(), "changed-while-read", "读的时候文件变了", "changed while it was read");
        Err(fault.write("写完以后再试", "try again once it is written"))
    }
}

fn read_below(root: &Path, path: &str, label: &str, limit: Limit, limits: &Limits) -> Result<Vec<u8>, Fault> {
    Opened::plain(&resolve(root, path, label)?, label, limit, limits)?.bytes()
}

/// A file that somebody names, anywhere.
pub(super) fn read_file(path: &Path, limits: &Limits) -> Result<Vec<u8>, Fault> {
    let label = path.display().to_string();
    let real = path.canonicalize().map_err(|error| io_fault(&label, &error))?;
    Opened::plain(&real, &label, Limit::FileBytes, limits)?.bytes()
}

#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    // A pipe or link put there after the look must neither block nor be followed.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    File::open(path)
}

/// When a file was written, and how long it is.
fn as_written(metadata: &Metadata) -> (u64, Option<std::time::SystemTime>) {
    (metadata.len(), metadata.modified().ok())
}

/// Whether a file has the same change time, which nobody can set; a file that lost its name to a newer one has another.
#[cfg(unix)]
fn same_change(before: &Metadata, after: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let changed = |metadata: &Metadata| (metadata.ctime(), metadata.ctime_nsec());
    changed(before) == changed(after) || before.nlink() != after.nlink()
}

#[cfg(not(unix))]
fn same_change(_before: &Metadata, _after: &Metadata) -> bool {
    true
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> u64 {
    metadata.len()
}

impl Source {
    /// A fault at a byte of the text.
    pub(super) fn fault(
        &self,
        offset: usize,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Fault {
        let (line, column) = line_and_column(&self.text, offset);
        Fault { line, column, ..Fault::new(self.label.clone(), code, zh, en) }
    }

    /// A fault at a JSON pointer.
    pub(super) fn fault_at(
        &self,
        pointer: &str,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Fault {
        self.fault(super::json::offset(&self.text, pointer), code, zh, en)
    }
}

/// Line and character, both from 1, of a byte.
pub(super) fn line_and_column(text: &str, offset: usize) -> (u64, u64) {
    let before = text.get(..offset).unwrap_or(text);
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[start..].chars().count();
    (line as u64 + 1, column as u64 + 1)
}

//! The one place that opens a file for writing. A file is replaced as a whole or not at all.

mod folder;
#[cfg(unix)]
mod held;
mod place;
mod unnamed;

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::error::{Error, Result};
use crate::line::Edit;
use crate::text::Text;
pub use folder::write_folder;
use place::Place;

/// Writes a file through `write`. The file appears under its name only once all of it is written: a failure or a kill
/// leaves the old file as it was. Pipes, terminals and devices are written straight.
///
/// A file that is replaced keeps its permissions; a symbolic link stays, what it points to is replaced.
pub fn write_atomic(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let written = match place::find(path).map_err(|error| refuse(path, &error))? {
        Place::Folder => return Err(place::is_folder(path)),
        Place::NoFolder(folder) => return Err(place::no_folder(path, &folder)),
        Place::Stream(stream) => match straight(stream, write) {
            Err(error) if is_broken_pipe(&error) => Ok(()),
            written => written,
        },
        Place::File { folder, name, old } => replace(&folder, &name, old, write),
    };
    written.map_err(|error| refuse(path, &error))
}

/// Whether an error comes from a reader that hung up, anywhere in its chain.
pub fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            let inner = error.get_ref().map(|inner| inner as &(dyn std::error::Error + 'static));
            if error.kind() == io::ErrorKind::BrokenPipe || inner.is_some_and(is_broken_pipe) {
                return true;
            }
        }
        if let Some(csv::ErrorKind::Io(error)) = error.downcast_ref::<csv::Error>().map(csv::Error::kind)
            && is_broken_pipe(error)
        {
            return true;
        }
        next = error.source();
    }
    false
}

fn straight(stream: File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, stream);
    write(&mut out)?;
    out.flush()
}

/// Writes to a file without a name where the system has such files, else to a hidden one, and gives it the name at last.
fn replace(
    folder: &Path,
    name: &std::ffi::OsStr,
    old: Option<fs::Metadata>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    match unnamed::create(folder)? {
        Some(mut file) => {
            fill(&mut file, old.as_ref().map(fs::Metadata::permissions), write)?;
            #[cfg(unix)]
            let _held = held::Held::new();
            unnamed::give_name(&file, folder, name, old.is_some())
        }
        None => {
            #[cfg(unix)]
            let _held = held::Held::new();
            let mut file = hidden(folder, name)?;
            fill(file.as_file_mut(), old.as_ref().map(fs::Metadata::permissions), write)?;
            file.persist(folder.join(name)).map(drop).map_err(|error| error.error)
        }
    }
}

/// Writes all of it to the disk, so that the new name never stands for less.
fn fill(
    file: &mut File,
    permissions: Option<Permissions>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, &mut *file);
    write(&mut out)?;
    out.flush()?;
    drop(out);
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.sync_all()
}

/// A hidden file that is removed when it is dropped.
fn hidden(folder: &Path, name: &std::ffi::OsStr) -> io::Result<tempfile::NamedTempFile> {
    let prefix = format!(".{}.", name.to_string_lossy());
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// What a failed write says.
fn refuse(path: &Path, error: &io::Error) -> Error {
    let (path, why) = (path.display(), reason(error));
    Error::new(format!("无法写入 {path}:{}", why.zh), format!("cannot write {path}: {}", why.en))
        .instead([Edit::drop("--output")])
}

/// Why something cannot be written.
pub(crate) fn reason(error: &io::Error) -> Text {
    use io::ErrorKind as Kind;
    let inner = error.get_ref();
    if let Some(csv::ErrorKind::Io(inner)) = inner.and_then(|inner| inner.downcast_ref()).map(csv::Error::kind) {
        return reason(inner);
    }
    if let Some(inner) = inner.and_then(|inner| inner.downcast_ref()) {
        return reason(inner);
    }
    match error.kind() {
        Kind::StorageFull => Text::new("磁盘空间不足", "no space left on the disk"),
        Kind::QuotaExceeded => Text::new("超出磁盘配额", "the disk quota is used up"),
        Kind::FileTooLarge => Text::new("文件过大", "the file is too large for this disk"),
        Kind::PermissionDenied => Text::new("没有写入权限", "no permission to write there"),
        Kind::ReadOnlyFilesystem => Text::new("文件系统只读", "the file system is read-only"),
        _ => Text::new("那里不能写文件", "no file can be written there"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::Line;
    use crate::text::Lang;

    /// A folder with what was in it before.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("old.csv"), "old").unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn half(out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&vec![b'x'; 1 << 20])?;
        Err(io::ErrorKind::StorageFull.into())
    }

    #[test]
    fn a_new_file_and_a_replaced_one() {
        let folder = folder();
        for name in ["new.csv", "old.csv", "old.csv"] {
            write_atomic(&folder.path().join(name), |out| out.write_all("中文".as_bytes())).unwrap();
            assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), "中文");
        }
        assert_eq!(names(folder.path()), ["new.csv", "old.csv"]);
    }

    #[test]
    fn a_failure_leaves_everything_as_it_was() {
        let folder = folder();
        for name in ["new.csv", "old.csv"] {
            let error = write_atomic(&folder.path().join(name), half).unwrap_err();
            assert!(error.title.en.ends_with(&format!("{name}: no space left on the disk")), "{error}");
            assert!(error.title.zh.ends_with("磁盘空间不足"), "{error}");
        }
        assert_eq!(names(folder.path()), ["old.csv"]);
        assert_eq!(fs::read_to_string(folder.path().join("old.csv")).unwrap(), "old");
    }

    #[test]
    fn a_reason_inside_another_error_is_said_in_both_languages() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        for error in [io::Error::other(csv::Error::from(full())), io::Error::other(full())] {
            assert_eq!(reason(&error), Text::new("磁盘空间不足", "no space left on the disk"));
        }
    }

    #[test]
    fn the_hidden_file_of_other_systems_goes_too() {
        let folder = folder();
        let mut file = hidden(folder.path(), "old.csv".as_ref()).unwrap();
        assert_eq!(names(folder.path()).len(), 2);
        fill(file.as_file_mut(), None, half).unwrap_err();
        drop(file);
        assert_eq!(names(folder.path()), ["old.csv"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        let folder = folder();
        let (old, link, ahead) = ("old.csv", "link.csv", "ahead.csv");
        fs::set_permissions(folder.path().join(old), Permissions::from_mode(0o640)).unwrap();
        symlink(old, folder.path().join(link)).unwrap();
        symlink("made.csv", folder.path().join(ahead)).unwrap();
        for name in [link, ahead] {
            write_atomic(&folder.path().join(name), |out| out.write_all(b"new")).unwrap();
        }
        assert_eq!(names(folder.path()), [ahead, link, "made.csv", old]);
        assert!(fs::symlink_metadata(folder.path().join(link)).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(folder.path().join(old)).unwrap(), "new");
        assert_eq!(fs::metadata(folder.path().join(old)).unwrap().mode() & 0o777, 0o640);
        assert_eq!(fs::read_to_string(folder.path().join("made.csv")).unwrap(), "new");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn devices_are_written_straight() {
        write_atomic(Path::new("/dev/null"), |out| out.write_all(b"x")).unwrap();
        let error = write_atomic(Path::new("/dev/full"), |out| out.write_all(b"x")).unwrap_err();
        assert_eq!(
            error.message(&Line::default(), Lang::En),
            "error: cannot write /dev/full: no space left on the disk\n"
        );
        assert_eq!(error.message(&Line::default(), Lang::Zh), "错误:无法写入 /dev/full:磁盘空间不足\n");
        assert!(fs::metadata("/dev/null").unwrap().file_type() != fs::metadata("/").unwrap().file_type());
    }

    #[test]
    fn folders_are_refused() {
        let folder = folder();
        let error = write_atomic(folder.path(), |_| Ok(())).unwrap_err();
        assert!(error.title.en.ends_with("it is a folder"), "{error}");
        let missing = folder.path().join("no such").join("new.csv");
        let error = write_atomic(&missing, |_| Ok(())).unwrap_err();
        let hint = format!("mkdir -p '{}'", folder.path().join("no such").display());
        assert_eq!(error.hints[0].on(&Line::default()), Some(hint));
        let error = write_atomic(&folder.path().join("old.csv").join("new.csv"), |_| Ok(())).unwrap_err();
        assert!(error.title.en.ends_with("old.csv is no folder"), "{error}");
    }

    #[test]
    fn a_reader_that_hung_up_is_found_anywhere() {
        let pipe = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(is_broken_pipe(&pipe()));
        assert!(is_broken_pipe(&io::Error::other(pipe())));
        assert!(is_broken_pipe(&csv::Error::from(pipe())));
        assert!(is_broken_pipe(anyhow::Error::from(pipe()).context("outer").as_ref()));
        assert!(!is_broken_pipe(&io::Error::other("broken pipe")));
    }
}

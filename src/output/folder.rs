//! Writing a folder: all of it or nothing. It is filled under a hidden name beside its place and renamed at last.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// What an open package has, and what may be replaced.
const MARKER: &str = "datapackage.json";

/// Writes files below a folder that is not there yet, or with `replace` is a package or empty.
///
/// # Errors
/// The folder is there, or cannot be written; nothing is left then.
pub fn write_folder(folder: &Path, files: &[(String, Vec<u8>)], replace: bool) -> Result<()> {
    let there = folder.symlink_metadata().is_ok();
    if there && !replace {
        return Err(Error::new(
            format!("{} 已存在", folder.display()),
            format!("{} is there already", folder.display()),
        )
        .detail("--force 整个替换它", "--force replaces it as a whole"));
    }
    if there && !may_go(folder) {
        return Err(Error::new(
            format!("{} 不是数据包,不替换", folder.display()),
            format!("{} is no package, so it is not replaced", folder.display()),
        )
        .detail(
            "只替换空目录,或含 datapackage.json 的目录",
            "only an empty folder, or one with a datapackage.json, is replaced",
        ));
    }
    let name = folder.file_name().ok_or_else(|| super::place::is_folder(folder))?;
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !parent.is_dir() {
        return Err(super::place::no_folder(folder, parent));
    }
    let failed = |error: io::Error| super::refuse(folder, &error);
    let prefix = format!(".{}.aistat-", name.to_string_lossy());
    sweep(parent, &prefix);
    let staged = files.iter().map(|(_, bytes)| stage(parent, bytes)).collect::<io::Result<Vec<_>>>().map_err(failed)?;
    let hidden = tempfile::Builder::new().prefix(&prefix).tempdir_in(parent).map_err(failed)?;
    for ((path, bytes), file) in files.iter().zip(staged) {
        fill(&hidden.path().join(path), bytes, file).map_err(failed)?;
    }
    place(hidden, folder, there).map_err(failed)
}

/// Whether a folder may be replaced: it is a package, or holds nothing.
fn may_go(folder: &Path) -> bool {
    let is_folder = folder.symlink_metadata().is_ok_and(|found| found.is_dir());
    let empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    is_folder && (folder.join(MARKER).is_file() || empty())
}

/// All of a file on the disk before it has a name, where the system has such files: the folder is then made in a moment, and
/// a process killed before leaves nothing.
fn stage(parent: &Path, bytes: &[u8]) -> io::Result<Option<fs::File>> {
    let Some(mut file) = super::unnamed::create(parent)? else { return Ok(None) };
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    Ok(Some(file))
}

fn fill(path: &Path, bytes: &[u8], staged: Option<fs::File>) -> io::Result<()> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Ok(()) };
    fs::create_dir_all(parent)?;
    match staged {
        Some(file) => super::unnamed::give_name(&file, parent, name, false),
        None => {
            let mut file = fs::File::create(path)?;
            io::Write::write_all(&mut file, bytes)?;
            file.sync_all()
        }
    }
}

/// Gives the filled folder its name; the old one goes after the new one is there.
fn place(hidden: tempfile::TempDir, folder: &Path, there: bool) -> io::Result<()> {
    open_to_all(hidden.path())?;
    if there {
        exchange(hidden.path(), folder)?;
        return hidden.close();
    }
    rename(hidden.path(), folder)?;
    // It is no longer under its hidden name: there is nothing to remove.
    let _ = hidden.keep();
    Ok(())
}

#[cfg(unix)]
fn open_to_all(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_all(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Takes a name that nobody else took in between.
#[cfg(target_os = "linux")]
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => fs::rename(from, to),
        done => done.map_err(Into::into),
    }
}

#[cfg(not(target_os = "linux"))]
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Swaps two folders, in one step where the system can.
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    let aside: PathBuf = new.join("old");
    fs::rename(old, &aside)?;
    let moved = fs::read_dir(new)?
        .filter_map(io::Result::ok)
        .map(|entry| entry.path())
        .filter(|path| *path != aside)
        .collect::<Vec<_>>();
    fs::create_dir(old)?;
    moved.iter().try_for_each(|path| path.file_name().map_or(Ok(()), |name| fs::rename(path, old.join(name))))
}

/// Removes what a killed run left behind: a hidden folder of this name that nobody has touched for a minute.
fn sweep(parent: &Path, prefix: &str) {
    const OLD: std::time::Duration = std::time::Duration::from_secs(60);
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.filter_map(io::Result::ok) {
        let ours = entry.file_name().to_string_lossy().starts_with(prefix);
        let old = || {
            entry.metadata().and_then(|found| found.modified()).is_ok_and(|at| at.elapsed().is_ok_and(|age| age > OLD))
        };
        if ours && old() {
            // Whatever cannot be removed is somebody else's.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

//! Writing a folder: all of it or nothing. It is filled under a hidden name beside its place and renamed at last.

use std::fs;
use std::io;
use std::path::Path;

use crate::error::{Error, Result};

/// What an open package has, and what may be replaced.
const MARKER: &str = "datapackage.json";

/// What stands in the hidden name of a folder that is being filled, before the number of the process.
const OURS: &str = ".aistat-";

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
            "只替换空文件夹,或含 datapackage.json 的文件夹",
            "only an empty folder, or one with a datapackage.json, is replaced",
        ));
    }
    let name = folder.file_name().ok_or_else(|| super::place::is_folder(folder))?;
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !parent.is_dir() {
        return Err(super::place::no_folder(folder, parent));
    }
    let failed = |error: io::Error| super::refuse(folder, &error);
    sweep(parent);
    let staged = files.iter().map(|(_, bytes)| stage(parent, bytes)).collect::<io::Result<Vec<_>>>().map_err(failed)?;
    #[cfg(unix)]
    let _held = super::held::Held::new();
    let hidden = hidden(parent, &name.to_string_lossy()).map_err(failed)?;
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

/// A folder that is removed when it is dropped, with the permissions that folders get.
fn hidden(parent: &Path, name: &str) -> io::Result<tempfile::TempDir> {
    let prefix = format!(".{name}{OURS}{}-", std::process::id());
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.tempdir_in(parent)
}

/// Gives the filled folder its name; the old one goes after the new one is there.
fn place(hidden: tempfile::TempDir, folder: &Path, there: bool) -> io::Result<()> {
    if there && exchange(hidden.path(), folder) {
        return hidden.close();
    }
    // Not a name that is swept: for a moment this is the only copy.
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let aside = folder.with_file_name(format!(".{name}.old-{}", std::process::id()));
    if there {
        fs::rename(folder, &aside)?;
    }
    if let Err(error) = rename(hidden.path(), folder) {
        if there {
            fs::rename(&aside, folder)?;
        }
        return Err(error);
    }
    // It is no longer under its hidden name: there is nothing to remove.
    let _ = hidden.keep();
    if there { fs::remove_dir_all(&aside) } else { Ok(()) }
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

/// Swaps two folders in one step, where the system can.
#[cfg(target_os = "linux")]
fn exchange(new: &Path, old: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_new: &Path, _old: &Path) -> bool {
    false
}

/// Removes what killed runs left behind: hidden folders of processes that are no more, or of a minute ago.
fn sweep(parent: &Path) {
    const OLD: std::time::Duration = std::time::Duration::from_secs(60);
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.filter_map(io::Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix('.').and_then(|name| name.split_once(OURS)?.1.split_once('-'));
        let Some(process) = process.and_then(|(process, _)| process.parse::<u32>().ok()) else { continue };
        let proc = Path::new("/proc");
        let is_gone = proc.join("self").exists() && !proc.join(process.to_string()).exists();
        let is_old = || {
            entry.metadata().and_then(|found| found.modified()).is_ok_and(|at| at.elapsed().is_ok_and(|age| age > OLD))
        };
        if is_gone || is_old() {
            // Whatever cannot be removed is somebody else's.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_dead_processes_left_behind_goes_at_once() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("made");
        // No process has a number above 2^22.
        let dead = parent.path().join(".other.aistat-4194305-abc");
        let alive = parent.path().join(format!(".other.aistat-{}-abc", std::process::id()));
        let foreign = parent.path().join(".other.aistat-notes");
        for left in [&dead, &alive, &foreign] {
            fs::create_dir_all(left.join("codes")).unwrap();
        }
        let files = |text: &str| vec![(MARKER.to_owned(), text.as_bytes().to_vec())];
        write_folder(&folder, &files("old"), false).unwrap();
        assert!(!dead.exists() && alive.exists() && foreign.exists());
        write_folder(&folder, &files("new"), true).unwrap();
        assert_eq!(fs::read_to_string(folder.join(MARKER)).unwrap(), "new");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_new_folder_has_the_permissions_of_a_folder() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        fs::create_dir(parent.path().join("plain")).unwrap();
        write_folder(&parent.path().join("made"), &[(MARKER.to_owned(), Vec::new())], false).unwrap();
        assert_eq!(mode(&parent.path().join("made")), mode(&parent.path().join("plain")));
    }
}

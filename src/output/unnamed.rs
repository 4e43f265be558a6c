//! Files without a name (`O_TMPFILE`): gone by themselves when the process ends, however it ends.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::Path;

/// A new file without a name in a folder; none where the system or the file system has no such files.
#[cfg(target_os = "linux")]
pub(super) fn create(folder: &Path) -> io::Result<Option<File>> {
    use rustix::fs::{Mode, OFlags, open};
    use rustix::io::Errno;
    match open(folder, OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC, Mode::from_raw_mode(0o666)) {
        // giving it a name goes through /proc
        Ok(file) if Path::new("/proc/self/fd").exists() => Ok(Some(File::from(file))),
        Ok(_) | Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL | Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Gives the file its name. Where a file with that name is replaced, the new one has a hidden name for the moment between
/// two system calls, since Linux cannot link over a name. Signals that can wait are held back by the caller; a process killed
/// in that moment leaves the hidden name behind, which the next write to the same file removes.
#[cfg(target_os = "linux")]
pub(super) fn give_name(file: &File, folder: &Path, name: &OsStr, replaces: bool) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open, renameat, unlinkat};
    use rustix::io::Errno;
    use std::os::fd::AsRawFd;

    let from = format!("/proc/self/fd/{}", file.as_raw_fd());
    let at = open(folder, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let link = |to: &OsStr| linkat(CWD, &from, &at, to, AtFlags::SYMLINK_FOLLOW);
    if !replaces {
        match link(name) {
            Err(Errno::EXIST) => {} // somebody else was faster: replaced like any other
            linked => return Ok(linked?),
        }
    }
    let hidden = hidden_name(name);
    let mut own = hidden.clone();
    if link(&own) == Err(Errno::EXIST) {
        if is_stale(&folder.join(&hidden)) {
            unlinkat(&at, &hidden, AtFlags::empty())?;
        } else {
            own.push(format!("-{}", std::process::id()));
        }
        link(&own)?;
    }
    renameat(&at, &own, &at, name).map_err(|error| {
        // the name is ours: nothing is lost if it cannot be removed
        let _ = unlinkat(&at, &own, AtFlags::empty());
        error.into()
    })
}

#[cfg(target_os = "linux")]
fn hidden_name(name: &OsStr) -> std::ffi::OsString {
    let mut hidden = std::ffi::OsString::from(".");
    // names are at most 255 bytes long
    let mut short: String = name.to_string_lossy().chars().take(40).collect();
    short.push_str(".aistat");
    hidden.push(short);
    hidden
}

/// Whether a hidden name was left behind: it stands for a moment only.
#[cfg(target_os = "linux")]
fn is_stale(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    const SECONDS: i64 = 10;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |now| now.as_secs());
    path.symlink_metadata().is_ok_and(|old| old.is_file() && now as i64 - old.ctime() > SECONDS)
}

/// Other systems have no files without a name.
#[cfg(not(target_os = "linux"))]
pub(super) fn create(_folder: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

/// Never called: see [`create`].
#[cfg(not(target_os = "linux"))]
pub(super) fn give_name(_file: &File, _folder: &Path, _name: &OsStr, _replaces: bool) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_name_left_behind_is_removed_and_one_in_use_is_not() {
        let folder = tempfile::tempdir().unwrap();
        // not every file system has files without a name
        let Some(mut file) = create(folder.path()).unwrap() else { return };
        file.write_all(b"new").unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let (old, hidden) = (folder.path().join("old.csv"), folder.path().join(hidden_name("old.csv".as_ref())));
        std::fs::write(&old, "old").unwrap();
        std::fs::write(&hidden, "of another process").unwrap();
        assert!(!is_stale(&hidden));
        give_name(&file, folder.path(), "old.csv".as_ref(), true).unwrap();
        assert_eq!(std::fs::read_to_string(&old).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
        assert!(hidden.exists());
    }
}

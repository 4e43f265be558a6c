//! Where a path leads to, before anything is written.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::line::{Edit, quote};

/// How many symbolic links are followed, as in Linux.
const LINKS: usize = 40;

/// What stands at a path.
pub(super) enum Place {
    /// A file, or nothing yet.
    File {
        /// The folder that it is in.
        folder: PathBuf,
        /// Its name.
        name: OsString,
        /// The file that is to be replaced.
        old: Option<Metadata>,
    },
    /// A pipe or a device, open for writing.
    Stream(File),
    /// A folder.
    Folder,
    /// The folder it would be in is missing, or is none.
    NoFolder(PathBuf),
}

/// Follows symbolic links (also to files that are not there yet) and looks at what is there.
pub(super) fn find(path: &Path) -> io::Result<Place> {
    if path.as_os_str().to_string_lossy().ends_with(std::path::is_separator) {
        return Ok(Place::Folder);
    }
    let target = match fs::metadata(path) {
        Ok(old) if old.is_dir() => return Ok(Place::Folder),
        Ok(old) if !old.is_file() => return Ok(Place::Stream(OpenOptions::new().write(true).open(path)?)),
        Ok(_) => {
            // a file that may not be written may not be replaced either
            OpenOptions::new().write(true).open(path)?;
            follow(path)?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => follow(path)?,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Ok(Place::NoFolder(parent(path))),
        Err(error) => return Err(error),
    };
    let (folder, Some(name)) = (parent(&target), target.file_name()) else { return Ok(Place::Folder) };
    if !fs::metadata(&folder).is_ok_and(|folder| folder.is_dir()) {
        return Ok(Place::NoFolder(folder));
    }
    let old = fs::metadata(&target).ok();
    Ok(Place::File { folder, name: name.to_owned(), old })
}

fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = parent(&path).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

pub(super) fn is_folder(path: &Path) -> Error {
    let inside = path.join("answer.csv").display().to_string();
    let path = path.display();
    Error::new(format!("无法写入 {path}:这是文件夹"), format!("cannot write {path}: it is a folder"))
        .instead([Edit::set("--output", inside)])
}

pub(super) fn no_folder(path: &Path, folder: &Path) -> Error {
    // What stands in the way of a folder is no folder.
    if let Some(file) = folder.ancestors().find(|above| above.exists()).filter(|above| !above.is_dir()) {
        let (path, file) = (path.display(), file.display());
        return Error::new(
            format!("无法写入 {path}:{file} 不是文件夹"),
            format!("cannot write {path}: {file} is no folder"),
        )
        .instead([Edit::drop("--output")]);
    }
    let (path, folder) = (path.display(), folder.display());
    Error::new(
        format!("无法写入 {path}:没有文件夹 {folder}"),
        format!("cannot write {path}: there is no folder {folder}"),
    )
    .hint(format!("mkdir -p {}", quote(&folder.to_string())))
}

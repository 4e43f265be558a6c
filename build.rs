//! Embeds the files below `data/`, and links the Linux binary without PIE where the feature `no-pie` asks for it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=data");
    embed()?;
    // Without PIE the relative relocations of Polars' tables are resolved at link time: half the start-up time.
    let no_pie = std::env::var_os("CARGO_FEATURE_NO_PIE").is_some();
    if no_pie && std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
    Ok(())
}

fn embed() -> std::io::Result<()> {
    let variable = |name: &str| std::env::var(name).map(PathBuf::from).map_err(std::io::Error::other);
    let data = variable("CARGO_MANIFEST_DIR")?.join("data");
    let mut files = Vec::new();
    if data.is_dir() {
        collect(&data, "", &mut files)?;
    }
    files.sort();
    let mut code = String::from("pub(super) static EMBEDDED: &[(&str, &str)] = &[\n");
    for name in &files {
        let path = data.join(name);
        let path = path.to_str().ok_or_else(|| std::io::Error::other("a path below data/ is not UTF-8"))?;
        let _ = writeln!(code, "    ({name:?}, include_str!({path:?})),");
    }
    code.push_str("];\n");
    std::fs::write(variable("OUT_DIR")?.join("embedded.rs"), code)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name =
            entry.file_name().into_string().map_err(|_| std::io::Error::other("a name below data/ is not UTF-8"))?;
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        let name = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push(name);
        }
    }
    Ok(())
}

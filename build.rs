//! Embeds the files below `data/`, and links the Linux binary so that it starts fast: without PIE, and statically.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=data");
    embed()?;
    let feature = |name: &str| std::env::var_os(format!("CARGO_FEATURE_{name}")).is_some();
    let target = |name: &str| std::env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    if feature("NO_PIE") && target("OS") == "linux" {
        // Without PIE the relative relocations of Polars' tables are resolved at link time.
        println!("cargo:rustc-link-arg-bins=-no-pie");
        let native = std::env::var("HOST") == std::env::var("TARGET");
        let done = target("FEATURE").split(',').any(|feature| feature == "crt-static");
        if feature("STATIC") && native && target("ENV") == "gnu" && !done {
            link_statically()?;
        }
    }
    Ok(())
}

/// Links the C library into the binary, so that no loader has to find, map and relocate it: a third of an empty program's
/// start-up. rustc has `crt-static` for that, which a package cannot ask for, and which refuses procedural macros. So the
/// archives are put where the linker looks first; where one is not installed, the binary is linked dynamically.
fn link_statically() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("static");
    let mut archives = Vec::new();
    for (library, archive) in [
        ("gcc_s", "gcc_eh"),
        ("c", "c"),
        ("m", "m"),
        ("pthread", "pthread"),
        ("dl", "dl"),
        ("rt", "rt"),
        ("util", "util"),
    ] {
        let found = Command::new("cc").arg(format!("-print-file-name=lib{archive}.a")).output();
        let found = found.ok().and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
        let path = PathBuf::from(found.trim());
        if !path.is_absolute() || !path.is_file() {
            return Ok(());
        }
        archives.push((format!("lib{library}.a"), path));
    }
    std::fs::create_dir_all(&folder)?;
    for (name, path) in archives {
        let link = folder.join(name);
        if link.symlink_metadata().is_ok() {
            std::fs::remove_file(&link)?;
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(path, link)?;
        #[cfg(not(unix))]
        std::fs::copy(path, link)?;
    }
    println!("cargo:rustc-link-arg-bins=-L{}", folder.display());
    println!("cargo:rustc-link-arg-bins=-static");
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
        let text = std::fs::read_to_string(data.join(name))?;
        let text = if name.ends_with(".json") { compact(&text) } else { text };
        let _ = writeln!(code, "    ({name:?}, {text:?}),");
    }
    code.push_str("];\n");
    std::fs::write(variable("OUT_DIR")?.join("embedded.rs"), code)
}

/// JSON without the white space between its tokens, which every start would read over.
fn compact(json: &str) -> String {
    let (mut compact, mut in_string, mut escaped) = (String::with_capacity(json.len()), false, false);
    for c in json.chars() {
        in_string ^= c == '"' && !escaped;
        escaped = in_string && c == '\\' && !escaped;
        if in_string || !c.is_ascii_whitespace() {
            compact.push(c);
        }
    }
    compact
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

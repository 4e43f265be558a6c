//! The program as a process: pipes, disks, signals and exit codes.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

#[test]
fn exit_codes() {
    let codes = [
        ("list", 0),
        ("--help", 0),
        ("--version", 0),
        ("shenzhen financing", 0),
        // a chart whose numbers are lost, and a question that no row answers, are answered
        ("china startups", 0),
        ("shenzhen financing --period 1999", 0),
        ("shenzhen financing --period 2023 --measure amount --value", 0),
        // the one cell has no number
        ("shenzhen financing --period 2022 --measure amount --value", 1),
        ("shenzhen financing --period 1999 --measure amount --value", 1),
        ("check /", 2),
        ("shenzhen financing --value", 2),
        ("nowhere", 2),
        ("shenzhen financing --wibble", 2),
        ("--data /nonexistent list", 2),
    ];
    for (line, code) in codes {
        let output = aistat(line.split(' '));
        assert_eq!(output.status.code(), Some(code), "{line}: {}", text(&output.stderr));
        assert_eq!(output.stdout.is_empty(), code > 0, "{line}");
        assert_eq!(code == 2, text(&output.stderr).starts_with("error: "), "{line}: {}", text(&output.stderr));
    }
}

#[test]
fn a_package_with_a_fault_is_exit_1() {
    let folder = package(3);
    let check = || aistat(["check", folder.path().to_str().unwrap()]);
    assert_eq!(check().status.code(), Some(0), "{}", text(&check().stdout));
    let table = folder.path().join("land/harvest-by-place.csv");
    fs::write(&table, text(&fs::read(&table).unwrap()).replacen(",1\n", ",one\n", 1)).unwrap();
    let output = check();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("harvest-by-place.csv,2,"), "{}", text(&output.stdout));
}

#[test]
fn a_reader_that_closes_is_silence() {
    let folder = package(40_000);
    let mut child = command(["--data", folder.path().to_str().unwrap(), "land", "harvest", "-f", "csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("period,place,tons"), "{first}");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}

#[test]
fn a_reader_that_was_never_there_is_silence() {
    for line in [
        "list",
        "shenzhen financing -q",
        "shenzhen financing -f json",
        "--help",
        "--version",
        "china scale --period 2023 --measure scale --value",
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output =
            command(line.split(' ')).stdout(writer).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{line}");
    }
}

#[test]
fn talk_that_nobody_hears_changes_no_answer() {
    let (reader, closed) = std::io::pipe().unwrap();
    drop(reader);
    let mut sinks: Vec<Stdio> = vec![closed.into()];
    if cfg!(target_os = "linux") {
        sinks.push(fs::File::options().write(true).open("/dev/full").unwrap().into());
    }
    for stderr in sinks {
        let mut child = command(["shenzhen", "financing"]).stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let mut out = String::new();
        child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
        assert_eq!(out.lines().count(), 13);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    for (lang, message) in [
        ("en", "error: cannot write to standard output: no space left on the disk\n"),
        ("zh", "错误:无法写到标准输出:磁盘空间不足\n"),
    ] {
        for line in
            ["list", "--help", "shenzhen financing -f json -q", "china scale --period 2023 --measure scale --value"]
        {
            let full = fs::File::options().write(true).open("/dev/full").unwrap();
            let line = format!("{line} --lang {lang}");
            let output = command(line.split(' '))
                .stdout(full)
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
                .wait_with_output()
                .unwrap();
            assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(2), message), "{line}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let (table, made) = (folder.path().join("t.csv"), folder.path().join("made"));
    fs::write(&table, "year,v\n2020,1\n").unwrap();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut new = command(["new", made.to_str().unwrap(), "--from", table.to_str().unwrap()]);
    let output = new.stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    let said = format!("no space left on the disk\n  the package {} is written\n", made.display());
    assert_eq!((output.status.code(), made.join("datapackage.json").is_file()), (Some(2), true));
    assert!(text(&output.stderr).ends_with(&said), "{}", text(&output.stderr));
    let output = aistat(["list", "-o", "/dev/full"]);
    assert_eq!(output.status.code(), Some(2));
    let message = "error: cannot write /dev/full: no space left on the disk\n  try: aistat list\n";
    assert_eq!(text(&output.stderr), message);
}

#[test]
fn a_file_is_replaced_as_a_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answer.csv");
    let ask = |line: &str| aistat(line.split(' ').chain(["-o", file.to_str().unwrap()]));
    let first = ask("shenzhen financing --by-round");
    assert_eq!((first.status.code(), first.stdout.as_slice()), (Some(0), &b""[..]));
    let stdout = aistat(["shenzhen", "financing", "--by-round"]).stdout;
    assert_eq!(fs::read(&file).unwrap(), stdout);
    assert_eq!(ask("china scale").status.code(), Some(0));
    let second = fs::read_to_string(&file).unwrap();
    assert!(second.starts_with("period,scale,"), "{second}");
    // what is refused leaves it as it was
    for line in ["china scale --rank", "china scale --value", "nowhere", "china scale --wibble"] {
        assert_eq!(ask(line).status.code(), Some(2), "{line}");
        assert_eq!(fs::read_to_string(&file).unwrap(), second, "{line}");
    }
    assert_eq!(names(folder.path()), ["answer.csv"]);
}

#[test]
fn a_missing_folder_is_refused_and_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("no/such/answer.csv");
    let output = aistat(["list", "-o", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains("there is no folder") && message.contains("try: mkdir -p "), "{message}");
    assert!(names(folder.path()).is_empty());
}

/// Killed at forty moments from the start of the process to its end.
#[test]
fn a_kill_leaves_the_old_file_or_the_new_one() {
    const TRIALS: u32 = 40;
    let data = package(5_000);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answer.csv");
    let mut run = command(["--data", data.path().to_str().unwrap(), "land", "harvest", "-o", file.to_str().unwrap()]);
    run.stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    assert!(run.status().unwrap().success());
    let whole = started.elapsed();
    let new = fs::read(&file).unwrap();
    assert_eq!(new.iter().filter(|byte| **byte == b'\n').count(), 5_001);
    let mut hidden = 0;
    for trial in 0..TRIALS {
        fs::write(&file, "old").unwrap();
        let mut child = run.spawn().unwrap();
        std::thread::sleep(whole * trial / TRIALS + Duration::from_micros(u64::from(trial * 137 % 97)));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = fs::read(&file).unwrap();
        assert!(found == b"old" || found == new, "{} bytes after trial {trial}", found.len());
        // a name that stands between two system calls
        let others: Vec<String> = names(folder.path()).into_iter().filter(|name| name != "answer.csv").collect();
        assert!(others.iter().all(|name| name.starts_with('.') && name.contains(".aistat")), "{others:?}");
        hidden += others.len();
        for name in others {
            fs::remove_file(folder.path().join(name)).unwrap();
        }
    }
    assert!(hidden <= 1, "{hidden} of {TRIALS} kills left a hidden name");
}

/// Ended at two hundred moments by a signal that it can hold back, most of them in the second half, where the file gets its name.
#[cfg(unix)]
#[test]
fn a_signal_leaves_nothing_beside_the_file() {
    const TRIALS: u32 = 200;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answer.csv");
    let mut run = command(["china", "scale", "-o", file.to_str().unwrap()]);
    run.stdout(Stdio::null()).stderr(Stdio::null());
    assert!(run.status().unwrap().success());
    let started = Instant::now();
    assert!(run.status().unwrap().success());
    let (whole, new) = (started.elapsed(), fs::read(&file).unwrap());
    let mut ended = 0;
    for trial in 0..TRIALS {
        fs::write(&file, "old").unwrap();
        let mut child = run.spawn().unwrap();
        std::thread::sleep(whole * (TRIALS / 2 + trial) / (2 * TRIALS));
        let (signal, number) = (["HUP", "INT", "TERM"][trial as usize % 3], child.id().to_string());
        std::process::Command::new("kill").args(["-s", signal, &number]).stderr(Stdio::null()).status().unwrap();
        ended += u32::from(!child.wait().unwrap().success());
        let found = fs::read(&file).unwrap();
        assert!(found == b"old" || found == new, "{} bytes after {signal} in trial {trial}", found.len());
        assert_eq!(names(folder.path()), ["answer.csv"], "{signal} in trial {trial}");
    }
    assert!(ended > 0, "every run was over before its signal came");
}

#[cfg(unix)]
#[test]
fn a_word_that_is_no_text_is_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let broken = OsStr::from_bytes(b"shen\xffzhen");
    let lines: [Vec<&OsStr>; 6] = [
        vec![broken],
        vec!["shenzhen".as_ref(), broken],
        vec!["shenzhen".as_ref(), "financing".as_ref(), "--where".as_ref(), broken],
        vec!["shenzhen".as_ref(), "financing".as_ref(), broken],
        vec!["find".as_ref(), broken],
        vec!["list".as_ref(), "--data".as_ref(), broken],
    ];
    for line in lines {
        let output = aistat(&line);
        let message = text(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{line:?}: {message}");
        assert!(message.starts_with("error: ") && !message.contains("panicked"), "{line:?}: {message}");
    }
    // a file's name need be no text
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(broken);
    let output = aistat(["list".as_ref(), "-o".as_ref(), file.as_os_str()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(file.exists());
}

#[test]
fn the_surroundings_choose_language_and_colour() {
    let ask = |vars: &[(&str, &str)]| {
        let output = command(["china", "scale", "-f", "table"]).envs(vars.iter().copied()).output().unwrap();
        text(&output.stdout)
    };
    assert!(ask(&[]).contains("Source: "));
    assert!(ask(&[("LANG", "zh_CN.UTF-8")]).contains("来源:"));
    assert!(ask(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]).contains("Source: "));
    assert!(!ask(&[("CLICOLOR_FORCE", "0")]).contains('\u{1b}'), "no colour in a pipe");
    let output = command(["china", "scale", "-f", "table", "--color", "always"]).env("NO_COLOR", "1").output().unwrap();
    assert!(text(&output.stdout).contains('\u{1b}'), "what the line says comes first");
}

/// The program in a bare environment.
fn command<S: AsRef<std::ffi::OsStr>>(words: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aistat"));
    command.args(words).env_clear().stdin(Stdio::null());
    command
}

fn aistat<S: AsRef<std::ffi::OsStr>>(words: impl IntoIterator<Item = S>) -> Output {
    command(words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A package with one table of so many rows, places by years.
fn package(rows: usize) -> TempDir {
    const YEARS: usize = 100;
    let folder = tempfile::tempdir().unwrap();
    for below in ["land", "codes"] {
        fs::create_dir(folder.path().join(below)).unwrap();
    }
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    let places = rows.div_ceil(YEARS);
    let codes: String = (0..places).map(|place| format!("p{place},地{place},Place {place},{}\n", place + 1)).collect();
    write("codes/place.csv", format!("code,zh,en,order\n{codes}"));
    write("codes/units.csv", "code,zh,en,family,power,order\nton,吨,tons,mass,0,1\n".into());
    let cells: String = (0..rows).map(|row| format!("{},p{},{}\n", 1900 + row % YEARS, row / YEARS, row + 1)).collect();
    write("land/harvest-by-place.csv", format!("period,place,tons\n{cells}"));
    let title = |zh: &str, en: &str| serde_json::json!({"zh": zh, "en": en});
    let descriptor = serde_json::json!({
        "name": "land", "version": "1", "aistat:title": title("地", "Land"), "aistat:source": title("来源", "Source: us"),
        "resources": [
            {"name": "harvest", "path": "land/harvest-by-place.csv", "aistat:title": title("收成", "Harvest"),
             "aistat:area": "land", "aistat:topic": "harvest", "aistat:dimensions": ["place"], "aistat:section": "1",
             "schema": {"fields": [
                {"name": "period", "type": "string"}, {"name": "place", "type": "string"},
                {"name": "tons", "type": "number", "aistat:title": title("吨数", "Tons"), "aistat:unit": "ton", "aistat:kind": "flow"}],
                "missingValues": [""], "primaryKey": ["period", "place"]}},
            {"name": "place", "path": "codes/place.csv", "aistat:role": "codes", "aistat:title": title("地点", "Place")},
            {"name": "units", "path": "codes/units.csv", "aistat:role": "codes", "aistat:title": title("单位", "Units")},
        ],
    });
    write("datapackage.json", descriptor.to_string());
    folder
}

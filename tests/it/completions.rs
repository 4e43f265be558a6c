//! Completions: what the program offers at a cursor, and what real shells make of it.

use std::path::Path;
use std::process::Command;

use crate::harness::{aistat, args};

/// What is offered for the last word of a line.
fn offered(line: &[&str]) -> Vec<String> {
    let words = ["completions", "fish", "--", "aistat"].iter().chain(line);
    let output = args(words.map(|word| (*word).to_owned())).ok().out;
    let mut lines = output.lines();
    match lines.next().unwrap() {
        "words" => lines.map(|line| line.split('\t').next().unwrap().to_owned()).collect(),
        kind => vec![format!("({kind})")],
    }
}

#[test]
fn areas_topics_and_verbs_are_offered() {
    assert_eq!(offered(&["shenz"]), ["shenzhen"]);
    assert_eq!(offered(&["深"]), ["深圳"]);
    assert_eq!(offered(&["shenzhen", "fin"]), ["financing"]);
    assert_eq!(offered(&["深圳", "融"]), ["融资"]);
    assert_eq!(offered(&["co"]), ["compare", "completions"]);
    assert!(offered(&[""]).contains(&"list".to_owned()));
    assert_eq!(offered(&["completions", "z"]), ["zsh"]);
}

#[test]
fn flags_follow_from_the_dataset() {
    assert_eq!(offered(&["shenzhen", "financing", "--by-"]), ["--by-round"]);
    assert_eq!(offered(&["深圳", "融资", "--by-融"]), ["--by-融资轮次"]);
    assert_eq!(offered(&["shenzhen", "companies", "--by-d"]), ["--by-district"]);
    // One that is given is not offered again; one that may be repeated is.
    assert!(!offered(&["shenzhen", "financing", "--growth", "--g"]).contains(&"--growth".to_owned()));
    assert_eq!(offered(&["shenzhen", "financing", "--where", "round=a", "--whe"]), ["--where"]);
    assert_eq!(offered(&["shenzhen", "financing", "--by-round", ""]).first().map(String::as_str), Some("--measure"));
}

#[test]
fn values_follow_from_the_dataset() {
    let round = |rest: &[&str]| {
        let line: Vec<&str> = ["shenzhen", "financing", "--by-round"].iter().chain(rest).copied().collect();
        offered(&line)
    };
    assert_eq!(round(&["--where", ""]), ["round="]);
    assert_eq!(round(&["--where", "round=an"]), ["round=angel"]);
    assert_eq!(round(&["--where=round!=an"]), ["--where=round!=angel"]);
    assert_eq!(round(&["--where", "round=天"]), ["round=天使轮"]);
    assert_eq!(round(&["--where", "融资轮次=天"]), ["融资轮次=天使轮"]);
    assert_eq!(round(&["--relative-to", "an"]), ["angel"]);
    assert_eq!(round(&["--rank="]), ["--rank=deals", "--rank=deals_share"]);
    assert_eq!(round(&["--sort", "-deals"]), ["-deals", "-deals_share"]);
    assert_eq!(round(&["--period", ""]), ["../2023", "latest"]);
    assert_eq!(round(&["--pivot", ""]), ["period", "round"]);
    let plain = |rest: &[&str]| offered(&[&["shenzhen", "financing"], rest].concat());
    assert_eq!(plain(&["--measure", "deals,"]), ["deals,amount"]);
    assert_eq!(plain(&["--period", "2013..2014"]), ["2013..2014"]);
    assert_eq!(plain(&["--period", "2013,2023"]), ["2013,2023"]);
    assert_eq!(plain(&["-f", "t"]), ["table", "tsv"]);
    assert_eq!(plain(&["--lang="]), ["--lang=zh", "--lang=en"]);
    assert_eq!(plain(&["--growth=p"]), ["--growth=previous"]);
}

#[test]
fn attributes_of_members_are_offered() {
    // Exhibit 32 tells foreign frameworks from domestic ones.
    let frameworks = |rest: &[&str]| offered(&[&["world", "frameworks"], rest].concat());
    assert_eq!(frameworks(&["--where", ""]), ["framework=", "origin="]);
    assert_eq!(frameworks(&["--where", "origin="]), ["origin=foreign", "origin=domestic"]);
    assert_eq!(frameworks(&["--where", "origin!=d"]), ["origin!=domestic"]);
    let about =
        args(["completions", "zsh", "--", "aistat", "--lang", "zh", "world", "frameworks", "--where", "origin=d"]);
    assert_eq!(about.ok().out, "words\norigin=domestic\t国内\n");
    assert_eq!(offered(&["shenzhen", "parks", "--where", "district=l"]), ["district=longhua", "district=longgang"]);
}

#[test]
fn members_are_offered_with_their_dimension() {
    let companies = |typed: &str| offered(&["world", "companies", "--relative-to", typed]);
    assert_eq!(companies("ch"), ["china"]);
    assert_eq!(companies("country=ch"), ["country=china"]);
    assert_eq!(companies("国家=中"), ["国家=中国"]);
}

#[test]
fn a_base_has_other_periods_of_its_kind() {
    // Exhibit 28 has the years, and one number added up until 2023.
    let bases = offered(&["shenzhen", "financing", "--index="]);
    assert_eq!(bases.first().map(String::as_str), Some("--index=2013"));
    assert_eq!(bases.last().map(String::as_str), Some("--index=2023"));
    assert!(offered(&["shenzhen", "financing", "--by-round", "--index="]).is_empty());
}

#[test]
fn exhibits_datasets_cells_files_and_folders() {
    assert_eq!(offered(&["show", "29"]), ["29"]);
    // The exhibits of rows, too: 17 and 18 stand in one dataset.
    let exhibits = offered(&["show", ""]);
    let numbers: Vec<u32> = exhibits.iter().map_while(|exhibit| exhibit.parse().ok()).collect();
    assert_eq!(numbers, (6..=32).collect::<Vec<_>>());
    assert_eq!(offered(&["dump", "shenzhen/financing/"]), ["shenzhen/financing/round"]);
    assert_eq!(offered(&["dump", "sh"])[0], "shenzhen");
    assert_eq!(offered(&["dump", "shenzhen/financing/round", "--where", "round=an"]), ["round=angel"]);
    assert_eq!(offered(&["dump", "shenzhen/financing", "--measure", "d"]), ["deals"]);
    assert_eq!(offered(&["compare", "shenzhen/scale", "china/sc"]), ["china/scale"]);
    assert_eq!(offered(&["compare", "shenzhen/financing/round", "china/scale", "--measure", "dea"]), ["deals"]);
    assert_eq!(offered(&["audit", "shenzhen/financing/"]), ["shenzhen/financing/round"]);
    let cell = "shenzhen/financing/round:deals[round=angel]@../2023";
    assert_eq!(offered(&["explain", "shenzhen/financing/round:deals[round=an"]), [cell]);
    let sum = offered(&["explain", "sum(shenzhen/financing/round:deals[round=an"]);
    assert_eq!(sum, [format!("sum({cell}")]);
    assert_eq!(offered(&["-o", ""]), ["(files)"]);
    assert_eq!(offered(&["--data="]), ["(folders)"]);
    assert_eq!(offered(&["check", ""]), ["(folders)"]);
}

#[test]
fn addresses_are_offered_as_they_are_typed() {
    assert_eq!(offered(&["shenzhen/financing/"]), ["shenzhen/financing/round"]);
    assert_eq!(offered(&["深圳/融资/"]), ["深圳/融资/融资轮次"]);
    for verb in ["list", "compare", "explain", "dump", "audit", "show"] {
        assert_eq!(offered(&[verb, "深圳/核"]), ["深圳/核心产业规模"], "{verb}");
        assert_eq!(offered(&[verb, "深圳/sc"]), ["深圳/scale"], "{verb}");
    }
    // An address is a question, and so are the words of `help`.
    assert_eq!(offered(&["shenzhen/financing/round", "--where", "round=an"]), ["round=angel"]);
    assert_eq!(offered(&["shenzhen/financing", "--by-"]), ["--by-round"]);
    assert_eq!(offered(&["help", "shenz"]), ["shenzhen"]);
    assert_eq!(offered(&["help", "comp"]), ["compare", "completions"]);
}

#[test]
fn what_is_shown_has_measures_members_and_periods() {
    for what in ["29", "图表29", "shenzhen/financing/round"] {
        assert_eq!(offered(&["show", what, "--measure", ""]), ["deals"], "{what}");
        assert_eq!(offered(&["show", what, "--where", "round=an"]), ["round=angel"], "{what}");
        assert_eq!(offered(&["show", what, "--period", ""]), ["../2023", "latest"], "{what}");
    }
    // Exhibits 17 and 18 have texts beside their documents.
    let attributes = offered(&["show", "17", "--where", ""]);
    assert!(attributes.contains(&"document=".to_owned()) && attributes.contains(&"tier=".to_owned()), "{attributes:?}");
    assert_eq!(offered(&["shenzhen", "parks", "--where", "posi"]), ["positioning="]);
    assert!(!offered(&["shenzhen", "parks", "--where", "positioning="]).is_empty());
}

#[test]
fn a_comparison_is_sorted_by_its_own_columns() {
    let compare = |rest: &[&str]| offered(&[&["compare", "shenzhen/scale", "china/scale"], rest].concat());
    assert_eq!(compare(&["--sort", ""]), ["shenzhen_scale", "china_scale", "shenzhen_scale_share", "period"]);
    assert_eq!(compare(&["--as", "ratio", "--sort", "-shenzhen_scale_"]), ["-shenzhen_scale_ratio"]);
    for key in compare(&["--sort", ""]) {
        aistat(&format!("compare shenzhen/scale china/scale --sort {key}")).ok();
    }
    // Only what both have.
    let both = ["compare", "shenzhen/scale", "china/scale", "--measure", ""];
    assert_eq!(offered(&both), ["scale"]);
}

#[test]
fn statements_are_made_of_cells() {
    assert_eq!(offered(&["test", "shenzhen/sca"]), ["shenzhen/scale:"]);
    assert_eq!(offered(&["test", "shenzhen/scale:scale@2022"]), ["shenzhen/scale:scale@2022"]);
    assert_eq!(
        offered(&["test", "shenzhen/scale:scale@2022 < china/scale:scale@2022"]),
        ["shenzhen/scale:scale@2022 < china/scale:scale@2022"]
    );
    assert_eq!(offered(&["shenzhen", "scale", "--assume", "china/scale:scale@2022"]), ["china/scale:scale@2022="]);
    assert_eq!(offered(&["test", "x", "--assume", "china/sca"]), ["china/scale:"]);
}

#[test]
fn titles_stand_beside_in_the_language_of_the_line() {
    let line = |lang: &str| args(["completions", "zsh", "--", "aistat", "--lang", lang, "shenz"]).ok().out;
    assert_eq!(line("zh"), "words\nshenzhen\t深圳\n");
    assert_eq!(line("en"), "words\nshenzhen\tShenzhen\n");
}

#[test]
fn packages_of_the_line_and_of_the_environment_are_known() {
    let folder = package();
    let words = ["completions", "bash", "--", "aistat", "--data", folder.path().to_str().unwrap(), "atl"];
    assert_eq!(args(words).ok().out, "words\natlantis\tAtlantis\n");
    let words = ["completions", "bash", "--", "aistat", "atlantis", "har"];
    let output = args(words).var("AISTAT_DATA", folder.path().to_str().unwrap()).ok().out;
    assert_eq!(output, "words\nharvest\tHarvest\n");
    assert!(aistat("completions bash -- aistat atl").ok().out.lines().count() == 1);
}

/// A package with an area of its own.
fn package() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let descriptor = r#"{"$schema":"https://datapackage.org/profiles/2.0/datapackage.json","name":"sea","resources":[
        {"name":"areas","path":"areas.csv","aistat:role":"codes","schema":{"fields":[{"name":"code"},{"name":"zh"},{"name":"en"}]}},
        {"name":"topics","path":"topics.csv","aistat:role":"codes","schema":{"fields":[{"name":"code"},{"name":"zh"},{"name":"en"}]}},
        {"name":"harvest","path":"harvest.csv","aistat:area":"atlantis","aistat:topic":"harvest","aistat:dimensions":[],
         "schema":{"fields":[{"name":"period","type":"string"},{"name":"tons","type":"number","aistat:unit":"t","aistat:kind":"flow"}]}}]}"#;
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("datapackage.json", descriptor);
    write("areas.csv", "code,zh,en\natlantis,亚特兰蒂斯,Atlantis\n");
    write("topics.csv", "code,zh,en\nharvest,收成,Harvest\n");
    write("harvest.csv", "period,tons\n2023,5\n");
    folder
}

#[test]
fn every_shell_has_a_script() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = aistat(&format!("completions {shell}")).ok().out;
        assert!(script.contains("aistat"), "{shell}");
    }
    // Those that cannot ask hold what there is.
    let elvish = aistat("completions elvish").ok().out;
    assert!(elvish.contains("aistat;shenzhen;financing") && elvish.contains("--by-round"), "{elvish}");
    aistat("completions tcsh").refused();
}

/// Whether a program is there; says so where it is not.
fn installed(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok();
    if !there {
        println!("skipped: {program} is not installed");
    }
    there
}

/// The output of a shell that finds the program first on its path.
fn shell(program: &str, arguments: &[&str]) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_aistat")).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(binary).chain(std::env::split_paths(&path))).unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(program);
    command.args(arguments).env("PATH", path).env("LC_ALL", "C.UTF-8").env("TERM", "xterm").env("HOME", home.path());
    command.env_remove("AISTAT_DATA").env_remove("INPUTRC").stdin(std::process::Stdio::null());
    let output = command.output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Lines as they are typed, and as they stand after a tab.
const TYPED: [(&str, &str); 18] = [
    ("aistat shenz", "aistat shenzhen "),
    ("aistat 深圳 融", "aistat 深圳 融资 "),
    ("aistat shenzhen financing --by-r", "aistat shenzhen financing --by-round "),
    (
        "aistat shenzhen financing --by-round --where round=an",
        "aistat shenzhen financing --by-round --where round=angel ",
    ),
    (
        "aistat shenzhen financing --by-round --where=round=an",
        "aistat shenzhen financing --by-round --where=round=angel ",
    ),
    ("aistat shenzhen financing --by-round --rank=deals_", "aistat shenzhen financing --by-round --rank=deals_share "),
    ("aistat shenzhen financing --measure deals,a", "aistat shenzhen financing --measure deals,amount "),
    ("aistat compare shenzhen/scale china/sc", "aistat compare shenzhen/scale china/scale "),
    ("aistat explain shenzhen/scale:scale@2022", "aistat explain shenzhen/scale:scale@2022 "),
    ("aistat explain shenzhen/financing:deals@..", "aistat explain shenzhen/financing:deals@../2023 "),
    ("aistat world frameworks --where origin=f", "aistat world frameworks --where origin=foreign "),
    ("aistat world companies --relative-to country=ch", "aistat world companies --relative-to country=china "),
    ("aistat shenzhen/financing/r", "aistat shenzhen/financing/round "),
    ("aistat shenzhen/financing/round --relative-to an", "aistat shenzhen/financing/round --relative-to angel "),
    ("aistat show 29 --measure de", "aistat show 29 --measure deals "),
    ("aistat list 深圳/融资/", "aistat list 深圳/融资/融资轮次 "),
    ("aistat help compa", "aistat help compare "),
    ("aistat shenzhen scale --assume china/scale:scale@2022", "aistat shenzhen scale --assume china/scale:scale@2022="),
];

/// The completion function with what bash hands to it: the line split at blanks and at `COMP_WORDBREAKS`.
#[test]
fn bash_completes() {
    if !installed("bash") {
        return;
    }
    let script = r#"
        source <(aistat completions bash)
        compopt() { [[ $2 != nospace ]] || space=; }
        for line in "$@"; do
            COMP_LINE=$line COMP_POINT=${#line} COMP_WORDS=() space=' ' rest=$line before=
            while [[ -n $rest ]]; do
                if [[ $rest =~ ^\ + ]]; then
                    rest=${rest:${#BASH_REMATCH}}
                    [[ -n $rest ]] && continue
                    COMP_WORDS+=("") before=
                elif [[ $rest =~ ^[=:@\<\>\;\|\&\(]+ ]]; then
                    COMP_WORDS+=("$BASH_REMATCH") rest=${rest:${#BASH_REMATCH}} before=
                elif [[ $rest =~ ^[^=:@\<\>\;\|\&\(\ ]+ ]]; then
                    COMP_WORDS+=("$BASH_REMATCH") rest=${rest:${#BASH_REMATCH}} before=$BASH_REMATCH
                fi
            done
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
            _aistat aistat "$before" ""
            printf '%s\n' "${line%"$before"}${COMPREPLY[*]}$space"
        done
    "#;
    let lines = [&["--norc", "--noprofile", "-c", script, "bash"][..], &TYPED.map(|(typed, _)| typed)].concat();
    let output = shell("bash", &lines);
    assert_eq!(output.lines().collect::<Vec<_>>(), TYPED.map(|(_, completed)| completed));
}

/// The same with keys in a terminal, which zsh can give to bash.
#[test]
fn bash_completes_in_a_terminal() {
    if !installed("bash") || !installed("zsh") {
        return;
    }
    let script = r#"
        zmodload zsh/zpty
        zpty -b b bash --norc --noprofile -i
        zpty -w b "PS1='READY> '; bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; stty -echo; bind -x '\"\C-xp\": echo \"{\$READLINE_LINE}\"'; source <(aistat completions bash); echo LOA''DED"
        zpty -r -m b heard '*LOADED*READY> *'
        for line in "$@"; do
            zpty -w -n b "$line"$'\t'
            sleep 0.5
            zpty -w -n b $'\x18p'
            zpty -r -m b heard '*{*}*'
            heard=${heard##*\{}
            print -r -- "${heard%%\}*}"
            zpty -w -n b $'\x15'
        done
        zpty -d b
    "#;
    let lines = [&["-f", "-c", script, "zsh"][..], &TYPED.map(|(typed, _)| typed)].concat();
    let output = shell("zsh", &lines);
    assert_eq!(output.lines().collect::<Vec<_>>(), TYPED.map(|(_, completed)| completed));
}

#[test]
fn zsh_completes() {
    if !installed("zsh") {
        return;
    }
    let script = r#"
        zmodload zsh/zpty
        zpty -b z zsh -f -i
        zpty -w z "PS1='READY> '; autoload -U compinit; compinit -u -D; source <(aistat completions zsh); show() { print -r -- \"{\$BUFFER}\"; }; zle -N show; bindkey '^Xp' show; bindkey '^I' complete-word; unset zle_bracketed_paste; print LOA''DED"
        zpty -r -m z heard '*LOADED*READY> *'
        for line in "$@"; do
            zpty -w -n z "$line"$'\t'$'\x18p'
            zpty -r -m z heard '*{*}*'
            heard=${heard##*\{}
            print -r -- "${heard%%\}*}"
            zpty -w -n z $'\x15'
        done
        zpty -d z
    "#;
    let lines = [&["-f", "-c", script, "zsh"][..], &TYPED.map(|(typed, _)| typed)].concat();
    let output = shell("zsh", &lines);
    assert_eq!(output.lines().collect::<Vec<_>>(), TYPED.map(|(_, completed)| completed));
}

#[test]
fn fish_completes() {
    if !installed("fish") {
        return;
    }
    let script = "aistat completions fish | source; for line in $argv; complete -C \"$line\" | string replace -r '\\t.*' ''; end";
    let lines = [&["--no-config", "-c", script][..], &TYPED.map(|(typed, _)| typed)].concat();
    let output = shell("fish", &lines);
    let last = |line: &'static str| line.trim_end().rsplit(' ').next().unwrap();
    assert_eq!(output.lines().collect::<Vec<_>>(), TYPED.map(|(_, completed)| last(completed)));
}

//! What bad input gets: what is wrong, where, and what to type instead; one snapshot a message.

use aistat::Exit;

use crate::harness::args;
use crate::readme::words;

/// The message of a line that is refused; the lines that it says to try are answered.
macro_rules! refused {
    ($line:literal, @$message:literal) => {
        insta::assert_snapshot!(refusal($line), @$message)
    };
}

/// As [`refused`], in Chinese.
macro_rules! refused_zh {
    ($line:literal, @$message:literal) => {
        insta::assert_snapshot!(refusal(concat!($line, " --lang zh")), @$message)
    };
}

#[track_caller]
fn refusal(line: &str) -> String {
    let message = args(words(line)).refused();
    for line in tries(&message) {
        let mut words = words(line).into_iter();
        // `mkdir`: not a question of ours
        if words.next().as_deref() != Some("aistat") || line.contains("TABLE") {
            continue;
        }
        let output = args(words).run();
        let written = line.contains(" -o ");
        assert!(output.exit != Exit::Usage && (written || !output.out.is_empty()), "{line}\n{}", output.err);
    }
    message
}

/// The lines that a message says to type.
fn tries(message: &str) -> impl Iterator<Item = &str> {
    message.lines().filter_map(|line| {
        line.trim_start().strip_prefix("try: ").or_else(|| line.trim_start().strip_prefix("可以输入:"))
    })
}

#[test]
fn unknown_areas_and_topics() {
    refused!("shenzen financing", @r#"
    error: there is no area or command 'shenzen'
      areas: china, world, shenzhen
      try: aistat shenzhen financing
    "#);
    refused!("weather", @r#"
    error: there is no area or command 'weather'
      areas: china, world, shenzhen
      try: aistat list
    "#);
    refused!("深川 融资", @r#"
    error: there is no area or command '深川'
      areas: china, world, shenzhen
      try: aistat list
    "#);
    refused!("shenzhen finacing", @r#"
    error: shenzhen has no topic 'finacing'
      topics: policy, scale, companies, parks, startups, patents, innovation, financing, talent
      try: aistat shenzhen financing
    "#);
    refused!("shenzhen weather", @r#"
    error: shenzhen has no topic 'weather'
      topics: policy, scale, companies, parks, startups, patents, innovation, financing, talent
      try: aistat list shenzhen
    "#);
    refused!("深圳 发明专利申情", @r#"
    error: 深圳 has no topic '发明专利申情'
      topics: policy, scale, companies, parks, startups, patents, innovation, financing, talent
      try: aistat 深圳 发明专利申请
    "#);
    refused!("深圳 天气", @r#"
    error: 深圳 has no topic '天气'
      topics: policy, scale, companies, parks, startups, patents, innovation, financing, talent
      try: aistat list 深圳
    "#);
    refused!("''", @r#"
    error: there is no area or command ''
      areas: china, world, shenzhen
      try: aistat list
    "#);
    refused!("list nowhere", @r#"
    error: there is no area or command 'nowhere'
      areas: china, world, shenzhen
      try: aistat list
    "#);
    refused!("list shenzhen/nothing", @r#"
    error: shenzhen has no topic 'nothing'
      topics: policy, scale, companies, parks, startups, patents, innovation, financing, talent
      try: aistat list shenzhen
    "#);
}

#[test]
fn unknown_dimensions() {
    refused!("shenzhen financing --by-rounds", @r#"
    error: there is no option '--by-rounds'
      breakdowns: --by-round
      try: aistat shenzhen financing --by-round
    "#);
    refused!("shenzhen financing --by-district", @r#"
    error: there is no option '--by-district'
      breakdowns: --by-round
      try: aistat shenzhen financing --help
    "#);
    refused!("china scale --by-round", @r#"
    error: there is no option '--by-round'
      there are no breakdowns
      try: aistat china scale
    "#);
    refused!("shenzhen financing --where round=angel", @r#"
    error: --where 'round': there is no such dimension or attribute
      another dataset is broken down by it
      try: aistat shenzhen financing --by-round --where round=angel
    "#);
    refused!("shenzhen financing --by-round --where stage=angel", @r#"
    error: --where 'stage': there is no such dimension or attribute
      there is: round
      try: aistat shenzhen financing --by-round --where round=angel
    "#);
    refused!("shenzhen financing --by-round --where angel", @r#"
    error: --where 'angel': write DIM=MEMBER, DIM!=MEMBER or ATTRIBUTE~TEXT
      there is: round
      try: aistat shenzhen financing --by-round --where round=angel
    "#);
    refused!("shenzhen financing --pivot round", @r#"
    error: 'round' cannot be spread over columns
      there is: period
      try: aistat shenzhen financing
    "#);
    refused!("show shenzhen/financing/rond", @r#"
    error: there is no dimension 'rond'
      try: aistat show shenzhen/financing/round
    "#);
}

#[test]
fn unknown_members() {
    refused!("shenzhen financing --by-round --where round=angle", @r#"
    error: round has no member 'angle'
      members: seed, angel, a, b, c-d, pre-ipo, seed-to-a
      try: aistat shenzhen financing --by-round --where round=angel
    "#);
    refused!("shenzhen financing --by-round --where 融资轮次=天使伦", @r#"
    error: round has no member '天使伦'
      members: seed, angel, a, b, c-d, pre-ipo, seed-to-a
      try: aistat shenzhen financing --by-round --where 融资轮次=天使轮
    "#);
    refused!("shenzhen financing --by-round --where round=月球", @r#"
    error: round has no member '月球'
      members: seed, angel, a, b, c-d, pre-ipo, seed-to-a
      try: aistat list shenzhen/financing/round --members
    "#);
    refused!("world frameworks --relative-to tensorflo", @r#"
    error: framework has no member 'tensorflo'
      members: tensorflow, pytorch, cntk, paddlepaddle, ncnn, mindspore, oneflow
      try: aistat world frameworks --relative-to tensorflow
    "#);
    refused!("shenzhen financing --relative-to angel", @r#"
    error: this dataset has no members
      try: aistat shenzhen financing --index
    "#);
}

#[test]
fn unknown_measures() {
    refused!("shenzhen financing --measure deal", @r#"
    error: there is no measure 'deal'
      measures: amount, deals
      try: aistat shenzhen financing --measure deals
    "#);
    refused!("shenzhen financing --measure 数量", @r#"
    error: there is no measure '数量'
      measures: amount, deals
      try: aistat shenzhen financing --measure 融资数量
    "#);
    refused!("shenzhen financing --measure weather", @r#"
    error: there is no measure 'weather'
      measures: amount, deals
      try: aistat list shenzhen/financing
    "#);
    refused!("china internet --measure users_share", @r#"
    error: 'users_share' is no measure but the share of users
      try: aistat china internet --measure users --share
    "#);
    refused!("world frameworks --rank=star", @r#"
    error: there is no numeric column 'star'
      numeric columns: stars, watchers, forks, users, contributors
      try: aistat world frameworks --rank=stars
    "#);
    refused!("world frameworks --sort forkes", @r#"
    error: there is no numeric column 'forkes'
      numeric columns: stars, watchers, forks, users, contributors
      try: aistat world frameworks --sort forks
    "#);
}

#[test]
fn periods() {
    refused!("shenzhen financing --period 23", @r#"
    error: '23' is no period
      write 2023, 2023-03, 2019,2023, 2019..2023, ../2023 or latest
      try: aistat shenzhen financing --period latest
    "#);
    refused!("shenzhen financing --period 2023-13", @r#"
    error: '2023-13' is no period
      write 2023, 2023-03, 2019,2023, 2019..2023, ../2023 or latest
      try: aistat shenzhen financing --period latest
    "#);
    refused!("shenzhen financing --period yesterday", @r#"
    error: 'yesterday' is no period
      write 2023, 2023-03, 2019,2023, 2019..2023, ../2023 or latest
      try: aistat shenzhen financing --period latest
    "#);
    refused!("shenzhen financing --period 2023..2019", @r#"
    error: '2023..2019' runs backwards
      try: aistat shenzhen financing --period 2019..2023
    "#);
    refused!("shenzhen financing --index=1999", @r#"
    error: there is no row for 1999
      periods: 2013, 2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, ../2023
      try: aistat shenzhen financing --index=2013
    "#);
    refused!("shenzhen financing --cagr --period 2023", @r#"
    error: --cagr runs over a range of periods, which '2023' is not
      try: aistat shenzhen financing --cagr
    "#);
}

#[test]
fn statistics_that_make_no_sense_here() {
    refused!("china netizens --growth --measure individuals_rate", @r#"
    error: 'individuals_rate' is a rate or a place: it has no growth
      try: aistat china netizens --measure individuals_rate --change
    "#);
    refused!("china netizens --share --measure individuals_rate", @r#"
    error: 'individuals_rate' is a rate or a place: it has no share
      try: aistat china netizens --measure individuals_rate
    "#);
    refused!("shenzhen financing --rank", @r#"
    error: ranks run over members, and this dataset has none
      to order its periods by size, sort them
      try: aistat shenzhen financing --sort -amount
    "#);
    refused!("shenzhen financing --share", @r#"
    error: 'amount' has nothing to be a share of
      this dataset has no members, and no whole is declared
      try: aistat shenzhen financing --by-round --share
    "#);
    refused!("shenzhen financing --share --growth --measure deals", @r#"
    error: 'deals' has nothing to be a share of
      this dataset has no members, and no whole is declared
      try: aistat shenzhen financing --by-round --share
    "#);
    refused!("shenzhen financing --by-round --relative-to seed-to-a", @r#"
    error: 'seed-to-a' is a subtotal: ratios run over members that add nothing up
      try: aistat shenzhen financing --by-round --relative-to seed
    "#);
    refused!("world frameworks --pivot origin", @r#"
    error: 'origin' cannot be spread over columns
      it is an attribute of the rows, and no key
      try: aistat world frameworks --by-origin --pivot origin
    "#);
    refused!("china internet --pivot period --sort users_2021", @r#"
    error: there is no numeric column 'users_2021'
      numeric columns: users_2022, users_2023, users_growth_2022, users_growth_2023, users_share_2022, users_share_2023
      try: aistat china internet --pivot period --sort users_2022
    "#);
    refused!("shenzhen financing --by-round --cagr --growth", @r#"
    error: --cagr gives one row per member: it does not go with --growth
      try: aistat shenzhen financing --by-round --cagr
    "#);
    refused!("shenzhen financing --round angel", @r#"
    error: there is no option '--round'
      try: aistat shenzhen financing --by-round --where round=angel
    "#);
    refused!("world frameworks --origin domestic", @r#"
    error: there is no option '--origin'
      try: aistat world frameworks --where origin=domestic
    "#);
    refused!("world companies --rank country", @r#"
    error: 'country' is a breakdown, no value of --rank
      try: aistat world companies --rank --by-country
    "#);
    refused!("world frameworks --rank stars", @r#"
    error: 'stars' means nothing here: the value of --rank is joined with =
      try: aistat world frameworks --rank=stars
    "#);
    refused!("shenzhen financing --value", @r#"
    error: --value prints one cell, and the answer has 12 rows and 2 columns (amount, deals)
      choose the row with --period and --where, the column with --measure
      try: aistat shenzhen financing --value --period 2023 --measure amount
    "#);
    refused!("world companies --value", @r#"
    error: --value prints one cell, and the answer has 14 rows and 1 column (companies)
      choose the row with --period and --where, the column with --measure
      try: aistat world companies --value --where country=canada
    "#);
    refused!("compare shenzhen/financing world/financing/country", @r#"
    error: unlike units cannot be compared: 100 million yuan and 100 million US dollars
      converting takes a number, such as an exchange rate, that the report does not give
      try: aistat shenzhen financing
      try: aistat world financing --by-country
    "#);
    refused!("compare shenzhen/financing china/scale", @r#"
    error: they have no measure in common
      shenzhen/financing: amount, deals
      china/scale: scale
      try: aistat find amount
    "#);
    refused!("compare china/financing/region shenzhen/financing/round", @r#"
    error: shenzhen/financing/round is broken down by round and china/financing/region is not: they have no common key
      try: aistat compare china/financing shenzhen/financing
    "#);
    refused!("compare shenzhen/financing china/financing --growth", @r#"
    error: compare sets levels side by side: it has no --growth
      --as takes: share, ratio, difference, index
      try: aistat compare shenzhen/financing china/financing
    "#);
    refused!("compare shenzhen/financing china/financing --sort deals", @r#"
    error: there is no numeric column 'deals'
      numeric columns: shenzhen_amount, china_amount, shenzhen_amount_share, shenzhen_deals, china_deals, shenzhen_deals_share
      try: aistat compare shenzhen/financing china/financing --sort shenzhen_deals
    "#);
    refused!("world frameworks --where origin=forein", @r#"
    error: origin has no member 'forein'
      members: foreign, domestic
      try: aistat world frameworks --where origin=foreign
    "#);
    refused!("compare shenzhen/financing", @r#"
    error: <DATASET>: at least two are needed
      try: aistat compare --help
    "#);
}

#[test]
fn options() {
    refused!("shenzhen financing --growht", @r#"
    error: there is no option '--growht'
      try: aistat shenzhen financing --growth
    "#);
    refused!("shenzhen financing --wibble", @r#"
    error: there is no option '--wibble'
      try: aistat shenzhen financing --help
    "#);
    refused!("shenzhen financing extra", @r#"
    error: one word too many: 'extra'
      try: aistat shenzhen financing --help
    "#);
    refused!("shenzhen financing --measure", @r#"
    error: --measure needs a value
      try: aistat shenzhen financing --help
    "#);
    refused!("shenzhen financing --period", @r#"
    error: --period needs a value
      write 2023, 2019..2023, ../2023 or latest
      try: aistat shenzhen financing --period latest
    "#);
    refused!("shenzhen financing -f xml", @r#"
    error: --format does not take 'xml'
      it takes: table, csv, tsv, json, ndjson, md
      try: aistat shenzhen financing -f table
    "#);
    refused!("shenzhen financing --format=jsn", @r#"
    error: --format does not take 'jsn'
      it takes: table, csv, tsv, json, ndjson, md
      try: aistat shenzhen financing --format=json
    "#);
    refused!("shenzhen financing --digits 99", @r#"
    error: --digits does not take '99'
      write a whole number from 0 to 30
      try: aistat shenzhen financing --digits 2
    "#);
    refused!("shenzhen financing --lang fr", @r#"
    error: --lang does not take 'fr'
      it takes: zh, en
      try: aistat shenzhen financing --lang zh
    "#);
    refused!("shenzhen financing --headers both", @r#"
    error: --headers does not take 'both'
      it takes: code, title
      try: aistat shenzhen financing --headers code
    "#);
    refused!("shenzhen financing --color blue", @r#"
    error: --color does not take 'blue'
      it takes: auto, always, never
      try: aistat shenzhen financing --color auto
    "#);
    refused!("shenzhen financing --period 2022 --period 2023", @r#"
    error: --period is given twice
      try: aistat shenzhen financing --period 2022,2023
    "#);
    refused!("world frameworks --top 0", @r#"
    error: --top does not take '0'
      write a whole number of at least 1
      try: aistat world frameworks --top 3
    "#);
    refused!("world frameworks --top three", @r#"
    error: --top does not take 'three'
      write a whole number of at least 1
      try: aistat world frameworks --top 3
    "#);
    refused!("world frameworks --top -1", @r#"
    error: --top does not take '-1'
      write a whole number of at least 1
      try: aistat world frameworks --top 3
    "#);
    refused!("world frameworks --rest", @r#"
    error: --rest goes with --top
      try: aistat world frameworks --rest --top 3
    "#);
    refused!("find", @r#"
    error: <TEXT> is missing
      try: aistat find --help
    "#);
    refused!("show", @r#"
    error: <WHAT> is missing
      try: aistat show --help
    "#);
    refused!("check", @r#"
    error: <DIR> is missing
      try: aistat check --help
    "#);
    refused!("completions tcsh", @r#"
    error: <SHELL> does not take 'tcsh'
      it takes: bash, zsh, fish, elvish, powershell
      try: aistat completions --help
    "#);
    refused!("new", @r#"
    error: --from <TABLE>, <DIR> is missing
      try: aistat new --help
    "#);
    refused!("diff one", @r#"
    error: <LATER> is missing
      try: aistat diff --help
    "#);
}

#[test]
fn suggestions_are_near() {
    refused!("world frameworks --by origin", @r#"
    error: there is no option '--by'
      breakdowns: --by-framework, --by-origin
      try: aistat world frameworks --by-origin
    "#);
    refused!("world frameworks --by=orgin --rank", @r#"
    error: there is no option '--by'
      breakdowns: --by-framework, --by-origin
      try: aistat world frameworks --by-origin --rank
    "#);
    refused!("shenzhen financing --frobnicate", @r#"
    error: there is no option '--frobnicate'
      try: aistat shenzhen financing --help
    "#);
    refused!("dump --top 3", @r#"
    error: there is no option '--top'
      try: aistat dump
    "#);
    refused!("dump --drived", @r#"
    error: there is no option '--drived'
      try: aistat dump --derived
    "#);
}

#[test]
fn a_statistic_is_no_measure() {
    refused!("china netizens --measure netizens_growth", @r#"
    error: 'netizens_growth' is no measure but the growth of netizens
      try: aistat china netizens --measure netizens --growth
    "#);
    refused!("world datasets --measure datasets_rank", @r#"
    error: 'datasets_rank' is no measure but the rank of datasets
      try: aistat world datasets --measure datasets --rank=datasets
    "#);
}

#[test]
fn exhibits_and_addresses() {
    refused!("show 99", @r#"
    error: there is no data of exhibit 99
      exhibits: 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32
      try: aistat show 6
    "#);
    refused!("show nothing", @r#"
    error: 'nothing' is neither an exhibit's number nor a dataset
      write a number, AREA/TOPIC or AREA/TOPIC/DIM
      try: aistat find nothing
    "#);
    refused!("show shenzhen/nothing", @r#"
    error: shenzhen has no topic 'nothing'
      topics: policy, scale, companies, parks, startups, patents, innovation, financing, talent
      try: aistat list shenzhen
    "#);
}

#[test]
fn output_that_cannot_be_written() {
    refused!("shenzhen financing -o /nonexistent/answer.csv", @r#"
    error: cannot write /nonexistent/answer.csv: there is no folder /nonexistent
      try: mkdir -p /nonexistent
    "#);
    let folder = tempfile::tempdir().unwrap();
    let shown = folder.path().to_str().unwrap();
    let message = refusal(&format!("shenzhen financing -f json -o {shown} --period 2023"));
    assert_eq!(
        message,
        format!(
            "error: cannot write {shown}: it is a folder\n  try: aistat shenzhen financing -f json -o {shown}/answer.csv --period 2023\n"
        )
    );
    assert!(std::fs::read_to_string(folder.path().join("answer.csv")).unwrap().starts_with('{'));
    refused!("shenzhen financing -o", @r#"
    error: --output needs a value
      try: aistat shenzhen financing --help
    "#);
}

#[test]
fn broken_packages() {
    refused!("--data /nonexistent list", @r#"
    error: cannot open /nonexistent
      /nonexistent: there is no such file; correct the path
      try: aistat list
    "#);
    refused!("--data /dev/null list", @r#"
    error: cannot open /dev/null
      /dev/null: is not a folder; name the folder that holds datapackage.json
      try: aistat list
    "#);
    refused!("check /nonexistent", @r#"
    error: /nonexistent cannot be checked
      /nonexistent: there is no such file; correct the path
      try: aistat list --packages
    "#);
}

/// A package of an area `trial` with one topic, by `zone`; an area that is called like a command, one without a number, and one
/// with two breakdowns.
fn trial() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let table = |area: &str, by: &str, path: &str, key: &str| {
        format!(
            r#"{{"name":"{path}","path":"{path}.csv","aistat:area":"{area}","aistat:topic":"region","aistat:dimensions":[{by}],
            "aistat:title":{{"zh":"试","en":"Trial"}},"schema":{{"fields":[{{"name":"period","type":"string"}},{key}
            {{"name":"n","type":"number","aistat:unit":"item","aistat:kind":"flow","aistat:title":{{"zh":"数","en":"N"}}}}]}}}}"#
        )
    };
    let zone = r#"{"name":"zone","type":"string"},"#;
    write(
        "datapackage.json",
        &format!(
            r#"{{"name":"pk","resources":[
            {{"name":"zone","path":"zone.csv","aistat:role":"codes","aistat:title":{{"zh":"片","en":"Zone"}}}},
            {{"name":"units","path":"units.csv","aistat:role":"codes"}},{},{}]}}"#,
            table("trial", r#""zone""#, "trial", zone),
            [
                table("list", "", "list", ""),
                table("void", "", "void", ""),
                table("twin", r#""zone""#, "twin-by-zone", zone),
                table("twin", r#""kind""#, "twin-by-kind", r#"{"name":"kind","type":"string"},"#),
                r#"{"name":"kind","path":"kind.csv","aistat:role":"codes","aistat:title":{"zh":"类","en":"Kind"}}"#
                    .to_owned(),
            ]
            .join(",")
        ),
    );
    write("kind.csv", "code,zh,en,order\nsmall,小,Small,1\n");
    write("twin-by-zone.csv", "period,zone,n\n2023,north,1\n");
    write("twin-by-kind.csv", "period,kind,n\n2023,small,1\n");
    write("void.csv", "period,n\n2022,\n2023,\n");
    write("zone.csv", "code,zh,en,order\nnorth,北,North,1\nsouth,南,South,2\n");
    write("units.csv", "code,zh,en,order,family,power\nitem,件,items,1,item,0\n");
    write("trial.csv", "period,zone,n\n2022,north,1\n2022,south,2\n2023,north,3\n2023,south,4\n");
    write("list.csv", "period,n\n2022,3\n2023,7\n");
    folder
}

/// What is said to type keeps the packages of the line typed, and all else that was right in it.
#[test]
fn lines_keep_what_was_right() {
    let folder = trial();
    let data = format!("--data {}", folder.path().display());
    for (typed, meant) in [
        ("trail region --by-zone -f json", "trial region --by-zone -f json --data"),
        ("trial regoin --by-zone", "trial region --by-zone --data"),
        ("trial region --by-zon", "trial region --by-zone --data"),
        ("trial region zone", "trial region --data DIR --by-zone"),
        ("trial region --measure zz", "list trial/region/zone --data"),
        ("trial region --measure n,zz --period 2023", "list trial/region/zone --data"),
        ("trial region --where zone=nroth", "trial region --where zone=north --data"),
        ("trial region --where nort=north", "trial region --where zone=north --data"),
        ("trial region --where south", "trial region --where zone=south --data"),
        ("trial region --where zone=east", "list trial/region/zone --members --data"),
        ("trial region --relative-to nroth", "trial region --relative-to north --data"),
        ("trial region --relative-to zoen=north", "trial region --relative-to zone=north --data"),
        ("trial region --period nope", "trial region --period latest --data"),
        ("trial region --period 2023..2022", "trial region --period 2022..2023 --data"),
        ("trial region --index=2000", "trial region --index=2022 --data"),
        ("trial region --index=latest", "trial region --index=2023 --data"),
        ("trial region --sort -nn", "list trial/region/zone --data"),
        ("trial region --rank=n_share", "trial region --rank=n_share --data DIR --share"),
        ("trial region --rank n", "trial region --rank=n --data"),
        ("trial region --pivot nope", "trial region --data"),
        ("trial region --cagr --growth", "trial region --cagr --data"),
        ("trial region --cagr --period 2022,2023", "trial region --cagr --period 2022..2023 --data"),
        ("trial region --value", "trial region --value --data DIR --period 2023 --where zone=south"),
        ("trial region --nope", "trial region --help --data"),
        ("trial region --top x", "trial region --top 3 --data"),
        ("pk:list region --rank", "pk:list region --data DIR --sort -n"),
        ("list trail", "list trial --data"),
        ("list nowhere", "list --data"),
        ("list pkk:trial", "list pk:trial --data"),
        ("show trial/region/zoen", "show trial/region/zone --data"),
        ("show trial/regoin", "show trial/region --data"),
        ("show nothing", "find nothing --data"),
        ("compare trial pk:list/region", "list trial --data"),
        ("dump trial/region --source", "dump trial/region --data"),
        ("explain trial/region:zz[zone=north]@2023", "explain 'trial/region/zone:n[zone=south]@2023' --data"),
        (
            "trial region --assume trial/region:zz@2023=5",
            "trial region --assume 'trial/region/zone:n[zone=south]@2023=5' --data",
        ),
        ("trial region -- --growth", "trial region --data DIR --growth"),
    ] {
        let folder = folder.path().display().to_string();
        // Behind `--` there are words alone.
        let line = match typed.split_once(" -- ") {
            Some((before, behind)) => format!("{before} {data} -- {behind}"),
            None => format!("{typed} {data}"),
        };
        let message = refusal(&line);
        let meant = match meant.strip_suffix("--data") {
            Some(meant) => format!("aistat {meant}--data {folder}"),
            None => format!("aistat {}", meant.replace("DIR", &folder)),
        };
        assert_eq!(tries(&message).next(), Some(meant.as_str()), "{typed}");
    }
}

#[test]
fn an_area_that_is_called_like_a_command_has_its_package_before_it() {
    let folder = trial();
    let data = folder.path().display().to_string();
    let help = |words: &[&str]| crate::harness::args(words.iter().copied()).arg("--data").arg(&data).ok().out;
    assert!(help(&["--help"]).contains("\n  pk:list ("), "{}", help(&["--help"]));
    let lines = help(&["pk:list", "--help"]);
    assert!(lines.contains(&format!("aistat pk:list region --data {data}")), "{lines}");
}

/// Four rows of each, and no two of them alike.
#[test]
fn datasets_of_one_address_are_called_by_their_packages() {
    let (one, other) = (trial(), trial());
    let descriptor = other.path().join("datapackage.json");
    let text = std::fs::read_to_string(&descriptor).unwrap();
    std::fs::write(&descriptor, text.replacen("\"pk\"", "\"qk\"", 1)).unwrap();
    let compared = ["compare", "pk:trial/region", "qk:trial/region", "--as", "ratio"];
    let [one, other] = [one.path(), other.path()].map(|folder| folder.display().to_string());
    let output = crate::harness::args(compared).arg("--data").arg(&one).arg("--data").arg(&other).ok();
    for package in ["pk", "qk"] {
        let note = format!("Note: {package}:trial/region/zone: 4 more rows have no counterpart\n");
        assert!(output.err.contains(&note), "{}", output.err);
    }
    assert!(output.err.contains("the code lists of qk:trial/region/zone and pk:trial/region/zone"), "{}", output.err);
}

#[test]
fn packages_and_their_datasets() {
    let (folder, again) = (trial(), trial());
    let (one, other) = (folder.path().display().to_string(), again.path().display().to_string());
    let ask = |line: &str| refusal(&format!("{line} --data {one}"));
    assert_eq!(
        refusal(&format!("list --data {one} --data {other}")),
        format!(
            "error: two packages have the name pk and the same version\n  give the datapackage.json of {other} another version or name\n  try: aistat diff {one} {other}\n"
        )
    );
    assert_eq!(
        ask("twin region"),
        format!(
            "error: there are several breakdowns: choose one\n  try: aistat twin region --by-zone --data {one}\n  try: aistat twin region --by-kind --data {one}\n"
        )
    );
    assert_eq!(
        ask("show twin/region --growth"),
        format!(
            "error: there are several breakdowns: choose one\n  try: aistat show twin/region/zone --growth --data {one}\n  try: aistat show twin/region/kind --growth --data {one}\n"
        )
    );
    assert!(
        ask("twin region --by-zone --by-kind").starts_with("error: no dataset is broken down by zone + kind\n  try: ")
    );
    assert_eq!(
        ask("compare trial/region/zone twin/region/kind"),
        format!(
            "error: twin/region/kind is broken down by kind and trial/region/zone is not: they have no common key\n  try: aistat compare trial/region/zone twin/region/kind --data {one} --where kind=small\n"
        )
    );
    // A descriptor names its folder.
    let whole = args(words(&format!("check {one}"))).run().out;
    assert_eq!(args(words(&format!("check {one}/datapackage.json"))).run().out, whole);
    assert_eq!(args(words(&format!("list trial --data {one}/datapackage.json"))).csv().len(), 2);
}

#[test]
fn folders_editions_and_tables() {
    refused!("diff one two", @r#"
    error: there is no package or folder 'one'
      packages: wb2024
      try: aistat list --packages
    "#);
    refused!("compare china world/scale", @r#"
    error: 'china' is no dataset: write AREA/TOPIC or AREA/TOPIC/DIM
      try: aistat list china
    "#);
    refused!("shenzhen parks --where positioning=nowhere", @r#"
    error: no row has 'nowhere' as its positioning
      try: aistat shenzhen parks --where 'positioning~nowhere'
    "#);
    let folder = tempfile::tempdir().unwrap();
    let shown = folder.path().display().to_string();
    let table = format!("{shown}/t.csv");
    std::fs::write(&table, "neither header nor rows").unwrap();
    let said = args(words(&format!("new {shown}/.. --from {table}"))).refused();
    assert_eq!(said, format!("error: name the folder to write\n  try: aistat new {shown}/../t --from {table}\n"));
    let said = args(words(&format!("new {shown}/p --from {table}"))).refused();
    assert!(said.starts_with(&format!("error: no package can be made from {table}\n")), "{said}");
}

#[test]
fn hints_neither_loop_nor_lead_astray() {
    refused!("shenzhen scale -- --growth", @r#"
    error: '--growth' is a word behind --, not an option
      try: aistat shenzhen scale --growth
    "#);
    refused!("shenzhen scale --index=latest", @r#"
    error: there is no row for latest
      periods: 2019, 2020, 2021, 2022, 2023
      try: aistat shenzhen scale --index=2023
    "#);
    refused!("shenzhen scale --growth=foo", @r#"
    error: --growth does not take 'foo'
      it takes: year, previous
      try: aistat shenzhen scale --growth=year
    "#);
    refused!("compare china/companies/region china/companies/province", @r#"
    error: china/companies/province is broken down by province and china/companies/region is not: they have no common key
      try: aistat compare china/companies/region china/companies/province --where province=shanghai
    "#);
    refused!("compare shenzhen/scale china/scale --measure scale,amount", @r#"
    error: there is no measure 'amount'
      measures: scale
      try: aistat list shenzhen/scale
    "#);
    refused!("dump shenzhen/scale --source", @r#"
    error: there is no option '--source'
      try: aistat dump shenzhen/scale
    "#);
    refused!("china xyz", @r#"
    error: china has no topic 'xyz'
      topics: scale, startups, financing, patents, netizens, internet, education, companies, universities, labs
      try: aistat list china
    "#);
    refused!("china scale --cagr --period 2013,2023", @r#"
    error: --cagr runs over a range of periods, which '2013,2023' is not
      try: aistat china scale --cagr --period 2013..2023
    "#);
    refused!("explain nope", @r#"
    error: the statement, at character 1, 'nope': expected a dataset, as in AREA/TOPIC:MEASURE
      try: aistat explain 'shenzhen/financing/round:deals[round=a]@../2023'
    "#);
    refused!("shenzhen financing --assume x=1", @r#"
    error: the statement, at character 1, 'x=1': there is no measure 'x', only amount, deals
      try: aistat shenzhen financing --assume shenzhen/financing:amount@../2023=1
    "#);
    refused!("test 'scale goes up'", @r#"
    error: the statement, at character 7, 'goes up': expected a comparison (< <= = >= > != ~)
      try: aistat test 'china/scale:scale@2023 > 0'
    "#);
    refused!("shenzhen financing --measure deals,amont", @r#"
    error: there is no measure 'amont'
      measures: amount, deals
      try: aistat shenzhen financing --measure deals,amount
    "#);
    refused!("world frameworks --where framwork=pytorch", @r#"
    error: --where 'framwork': there is no such dimension or attribute
      there is: framework, origin
      try: aistat world frameworks --where framework=pytorch
    "#);
    refused!("world frameworks --where pytorch", @r#"
    error: --where 'pytorch': write DIM=MEMBER, DIM!=MEMBER or ATTRIBUTE~TEXT
      there is: framework, origin
      try: aistat world frameworks --where framework=pytorch
    "#);
    refused!("world frameworks --rank=stars_share", @r#"
    error: there is no numeric column 'stars_share'
      numeric columns: stars, watchers, forks, users, contributors
      it is the share of stars, which --share computes
      try: aistat world frameworks --rank=stars_share --share
    "#);
    refused!("shenzhen parks --where 所在区=浦东新区", @r#"
    error: district has no member '浦东新区'
      members: nanshan, longhua, longgang, futian
      try: aistat list shenzhen/parks/park --members
    "#);
    refused!("shenzhen financing round", @r#"
    error: one word too many: 'round'
      try: aistat shenzhen financing --by-round
    "#);
    refused!("show shenzhen/companies --by-size", @r#"
    error: there is no option '--by-size'
      there are no breakdowns
      try: aistat show shenzhen/companies
    "#);
}

#[test]
fn addresses_and_help_are_understood() {
    let plain = |line: &str| args(words(line)).ok().out;
    for (address, spelt) in [
        ("shenzhen/financing/round --rank", "shenzhen financing --by-round --rank"),
        ("深圳/融资/融资轮次", "shenzhen financing --by-round"),
        ("-f json wb2024:shenzhen/scale --growth", "shenzhen scale --growth -f json"),
        ("help", "--help"),
        ("help compare", "compare --help"),
        ("help shenzhen financing", "shenzhen financing --help"),
        ("help shenzhen/financing", "shenzhen financing --help"),
    ] {
        assert_eq!(plain(address), plain(spelt), "{address}");
    }
    refused!("shenzen/financing/round", @r#"
    error: there is no area or command 'shenzen'
      areas: china, world, shenzhen
      try: aistat shenzhen financing --by-round
    "#);
    refused!("shenzhen/financing/rond --rank", @r#"
    error: there is no option '--by-rond'
      breakdowns: --by-round
      try: aistat shenzhen financing --by-round --rank
    "#);
}

#[test]
fn in_chinese() {
    refused_zh!("shenzen financing", @r#"
    错误:没有地区或命令「shenzen」
      地区:china(中国)、world(全球)、shenzhen(深圳)
      可以输入:aistat shenzhen financing --lang zh
    "#);
    refused_zh!("深川 融资", @r#"
    错误:没有地区或命令「深川」
      地区:china(中国)、world(全球)、shenzhen(深圳)
      可以输入:aistat list --lang zh
    "#);
    refused_zh!("深圳 发明专利申情", @r#"
    错误:「深圳」没有主题「发明专利申情」
      主题:policy(政策文件)、scale(核心产业规模)、companies(企业)、parks(产业园区)、startups(新成立企业)、patents(发明专利申请)、innovation(创新载体)、financing(融资)、talent(人才)
      可以输入:aistat 深圳 发明专利申请 --lang zh
    "#);
    refused_zh!("深圳 天气", @r#"
    错误:「深圳」没有主题「天气」
      主题:policy(政策文件)、scale(核心产业规模)、companies(企业)、parks(产业园区)、startups(新成立企业)、patents(发明专利申请)、innovation(创新载体)、financing(融资)、talent(人才)
      可以输入:aistat list 深圳 --lang zh
    "#);
    refused_zh!("深圳 融资 --by-区", @r#"
    错误:没有选项「--by-区」
      细分:--by-round(融资轮次)
      可以输入:aistat 深圳 融资 --help --lang zh
    "#);
    refused_zh!("深圳 融资 --by-融资轮次 --where 融资轮次=天使伦", @r#"
    错误:round 没有成员「天使伦」
      成员:seed(种子轮)、angel(天使轮)、a(A轮)、b(B轮)、c-d(C轮和D轮)、pre-ipo(Pre-IPO轮)、seed-to-a(种子轮到A轮)
      可以输入:aistat 深圳 融资 --by-融资轮次 --where 融资轮次=天使轮 --lang zh
    "#);
    refused_zh!("深圳 融资 --where 融资轮次=天使轮", @r#"
    错误:--where「融资轮次」:没有这个维度或属性
      另一个数据集按它细分
      可以输入:aistat shenzhen financing --by-round --where 融资轮次=天使轮 --lang zh
    "#);
    refused_zh!("深圳 融资 --measure 数量", @r#"
    错误:没有指标「数量」
      指标:amount(融资金额)、deals(融资数量)
      可以输入:aistat 深圳 融资 --measure 融资数量 --lang zh
    "#);
    refused_zh!("深圳 融资 --period 去年", @r#"
    错误:「去年」不是时期
      要写 2023、2023-03、2019,2023、2019..2023、../2023 或 latest
      可以输入:aistat 深圳 融资 --period latest --lang zh
    "#);
    refused_zh!("深圳 融资 --period 2023..2019", @r#"
    错误:「2023..2019」从后往前
      可以输入:aistat 深圳 融资 --period 2019..2023 --lang zh
    "#);
    refused_zh!("深圳 融资 --index=1999", @r#"
    错误:没有 1999 的行
      时期:2013、2014、2015、2016、2017、2018、2019、2020、2021、2022、2023、../2023
      可以输入:aistat 深圳 融资 --index=2013 --lang zh
    "#);
    refused_zh!("深圳 融资 --rank", @r#"
    错误:排名在成员之间进行,这个数据集没有成员
      按大小排列各期,用 --sort
      可以输入:aistat 深圳 融资 --lang zh --sort -amount
    "#);
    refused_zh!("中国 人口与网民 --growth --measure 使用互联网的个人比例", @r#"
    错误:「使用互联网的个人比例」是比率或名次,没有增长率
      可以输入:aistat 中国 人口与网民 --measure 使用互联网的个人比例 --lang zh --change
    "#);
    refused_zh!("全球 人工智能框架 --rank 星星数", @r#"
    错误:「星星数」在这里没有意义:--rank 的值要用 = 连接
      可以输入:aistat 全球 人工智能框架 --rank=星星数 --lang zh
    "#);
    refused_zh!("全球 人工智能框架 --rank=星数", @r#"
    错误:没有数字列「星数」
      数字列:stars、watchers、forks、users、contributors
      可以输入:aistat 全球 人工智能框架 --rank=星星数 --lang zh
    "#);
    refused_zh!("深圳 融资 --value", @r#"
    错误:--value 只输出一格,而答案有 12 行、2 列(amount、deals)
      用 --period 与 --where 选行,用 --measure 选列
      可以输入:aistat 深圳 融资 --value --lang zh --period 2023 --measure amount
    "#);
    refused_zh!("compare 深圳/融资 全球/融资", @r#"
    错误:单位不同,不能比较:亿元与亿美元
      换算要用汇率一类的数字,报告没有给出
      可以输入:aistat shenzhen financing --lang zh
      可以输入:aistat world financing --by-country --lang zh
    "#);
    refused_zh!("compare 深圳/融资 中国/核心产业规模", @r#"
    错误:没有共同的指标
      shenzhen/financing:amount、deals
      china/scale:scale
      可以输入:aistat find amount --lang zh
    "#);
    refused_zh!("深圳 融资 --growht", @r#"
    错误:没有选项「--growht」
      可以输入:aistat 深圳 融资 --growth --lang zh
    "#);
    refused_zh!("深圳 融资 多余", @r#"
    错误:多余的词「多余」
      可以输入:aistat 深圳 融资 --help --lang zh
    "#);
    refused_zh!("深圳 融资 --measure", @r#"
    错误:--measure 需要一个值
      可以输入:aistat 深圳 融资 --help --lang zh
    "#);
    refused_zh!("深圳 融资 -f xml", @r#"
    错误:--format 不接受「xml」
      可用:table、csv、tsv、json、ndjson、md
      可以输入:aistat 深圳 融资 -f table --lang zh
    "#);
    refused_zh!("全球 人工智能框架 --top 0", @r#"
    错误:--top 不接受「0」
      要写:不小于 1 的整数
      可以输入:aistat 全球 人工智能框架 --top 3 --lang zh
    "#);
    refused_zh!("全球 人工智能框架 --rest", @r#"
    错误:--rest 要与 --top 同用
      可以输入:aistat 全球 人工智能框架 --rest --lang zh --top 3
    "#);
    refused_zh!("show 99", @r#"
    错误:没有图表 99 的数据
      图表:6、7、8、9、10、11、12、13、14、15、16、17、18、19、20、21、22、23、24、25、26、27、28、29、30、31、32
      可以输入:aistat show 6 --lang zh
    "#);
    refused_zh!("深圳 融资 -o /nonexistent/answer.csv", @r#"
    错误:无法写入 /nonexistent/answer.csv:没有文件夹 /nonexistent
      可以输入:mkdir -p /nonexistent
    "#);
    refused_zh!("--data /nonexistent list", @r#"
    错误:不能打开 /nonexistent
      /nonexistent:没有这个文件;改正路径
      可以输入:aistat list --lang zh
    "#);
    refused_zh!("check /nonexistent", @r#"
    错误:/nonexistent 不能检查
      /nonexistent:没有这个文件;改正路径
      可以输入:aistat list --packages --lang zh
    "#);
}

#[test]
fn what_was_meant_is_put_in_place_of_what_was_typed() {
    refused!("explain 'shenzhen/financing/round:deals[rond=seeed]'", @r#"
    error: the statement, at character 1, 'shenzhen/financing/round…': there is no dimension 'rond', only round
      try: aistat explain 'shenzhen/financing/round:deals[round=seed]'
    "#);
    refused!("test 'china/scale:foo@2021 > 3'", @r#"
    error: the statement, at character 1, 'china/scale:foo@2021 > 3': there is no measure 'foo', only scale, scale_growth
      try: aistat test 'china/scale:scale@2023 > 0'
    "#);
    refused!("explain shenzhen financing", @r#"
    error: a dataset is named by its address
      try: aistat explain shenzhen/financing
    "#);
    refused!("compare shenzhen companies china companies", @r#"
    error: datasets are named by their addresses
      try: aistat compare shenzhen/companies china/companies
    "#);
    refused!("list china scale", @r#"
    error: one word too many: 'scale'
      try: aistat list china/scale
    "#);
    refused!("shenzhen scale --period 2019-2023", @r#"
    error: '2019-2023' is no period
      write 2023, 2023-03, 2019,2023, 2019..2023, ../2023 or latest
      try: aistat shenzhen scale --period 2019..2023
    "#);
    refused!("china researchers", @r#"
    error: china has no topic 'researchers'
      topics: scale, startups, financing, patents, netizens, internet, education, companies, universities, labs
      try: aistat world researchers
    "#);
    refused_zh!("深圳融资", @r#"
    错误:没有地区或命令「深圳融资」
      地区:china(中国)、world(全球)、shenzhen(深圳)
      可以输入:aistat 深圳 融资 --lang zh
    "#);
}

#[test]
fn every_line_proposed_is_answered() {
    refused!("shenzhen financing --rest", @r#"
    error: ranks run over members, and this dataset has none
      to order its periods by size, sort them
      try: aistat shenzhen financing --sort -amount
    "#);
    refused!("shenzhen financing --sort -deals --top 3", @r#"
    error: ranks run over members, and this dataset has none
      to order its periods by size, sort them
      try: aistat shenzhen financing --sort -deals
    "#);
    refused!("shenzhen financing --by-round --relative-to district=nanshan", @r#"
    error: there is no dimension 'district'
      there is: round
      try: aistat shenzhen financing --by-round --relative-to seed
    "#);
    refused!("shenzhen financing --by-round --where round=angel,angle", @r#"
    error: round has no member 'angle'
      members: seed, angel, a, b, c-d, pre-ipo, seed-to-a
      try: aistat shenzhen financing --by-round --where round=angel
    "#);
    refused!("china scale --assume 'deals@2022=abc'", @r#"
    error: the statement, at character 12, 'abc': expected a number such as 1751 or 11.9
      try: aistat china scale --assume china/scale:scale@2022=1
    "#);
    refused!("--data '' list", @r#"
    error: --data needs a value
      try: aistat list
    "#);
    refused!("check wb2024", @r#"
    error: wb2024 is built into the program and needs no check
      try: aistat list --packages
    "#);
    refused!("compare shenzen/financing chna/financing", @r#"
    error: there is no dataset 'shenzen/financing'
      areas: china, world, shenzhen
      try: aistat compare shenzhen/financing china/financing
    "#);
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script.py").display().to_string();
    std::fs::write(&script, "print()").unwrap();
    assert_eq!(
        refusal(&format!("check {script}")),
        format!(
            "error: {script} cannot be checked\n  {script}: is not a folder; name the folder that holds datapackage.json\n  try: aistat list --packages\n"
        )
    );
    let output = args(words("shenzhen financing --value --period 1999")).run();
    assert_eq!(output.exit, Exit::No);
    let line = output.err.lines().find_map(|line| line.split_once(". Try: ")).unwrap().1;
    assert_eq!(line, "aistat shenzhen financing --value --period 2023 --measure amount");
    assert_eq!(args(words(line).into_iter().skip(1)).ok().out, "73.3\n");
}

#[test]
fn titles_are_searched_in_both_languages() {
    refused!("全球 人工智能框架 --rank=分支树", @r#"
    error: there is no numeric column '分支树'
      numeric columns: stars, watchers, forks, users, contributors
      try: aistat 全球 人工智能框架 --rank=分支数
    "#);
    refused!("全球 人工智能框架 --sort -分支树", @r#"
    error: there is no numeric column '分支树'
      numeric columns: stars, watchers, forks, users, contributors
      try: aistat 全球 人工智能框架 --sort -分支数
    "#);
    refused_zh!("全球 人工智能框架 --pivot 框价", @r#"
    错误:不能按「框价」转列
      可用:period、framework
      可以输入:aistat 全球 人工智能框架 --lang zh
    "#);
    refused_zh!("深圳 融资 --by-街道", @r#"
    错误:没有选项「--by-街道」
      细分:--by-round(融资轮次)
      可以输入:aistat 深圳 融资 --help --lang zh
    "#);
    refused_zh!("深圳 融资 --measure 天气", @r#"
    错误:没有指标「天气」
      指标:amount(融资金额)、deals(融资数量)
      可以输入:aistat list shenzhen/financing --lang zh
    "#);
    refused_zh!("explain 深圳/融资:融资数@2023", @r#"
    错误:陈述第 1 字「深圳/融资:融资数@2023」处:没有指标「融资数」,有 amount、deals
      可以输入:aistat explain 深圳/融资:融资数量@2023 --lang zh
    "#);
}

#[test]
fn verbs_say_what_they_were_asked() {
    refused!("dump china scale --period 2023", @r#"
    error: datasets are named by their addresses
      try: aistat dump china/scale --period 2023
    "#);
    refused!("dump --where foo=bar", @r#"
    error: --where 'foo': there is no such dimension or attribute
      there is: country, application, region, province, issuer, tier, document, district, size, layer, field, recognition, park, type, level, round, category, language, framework, origin
      try: aistat dump
    "#);
    refused!("dump --where rond=angel", @r#"
    error: --where 'rond': there is no such dimension or attribute
      there is: country, application, region, province, issuer, tier, document, district, size, layer, field, recognition, park, type, level, round, category, language, framework, origin
      try: aistat dump --where round=angel
    "#);
    refused!("financing --growth", @r#"
    error: 'financing' is a topic: name its area
      try: aistat china financing --growth
      try: aistat world financing --growth
      try: aistat shenzhen financing --growth
    "#);
    refused_zh!("融资", @r#"
    错误:「融资」是主题,要先写地区
      可以输入:aistat china 融资 --lang zh
      可以输入:aistat world 融资 --lang zh
      可以输入:aistat shenzhen 融资 --lang zh
    "#);
    refused!("shenzhen financing --where period=2023", @r#"
    error: --where 'period': there is no such dimension or attribute
      --period chooses periods
      try: aistat shenzhen financing --period 2023
    "#);
    refused!("compare china/scale nope/x", @r#"
    error: there is no dataset 'nope/x'
      areas: china, world, shenzhen
      try: aistat list
    "#);
    refused!("compare shenzhen/scale china/scale --as foo", @r#"
    error: --as does not take 'foo'
      it takes: share, ratio, difference, index
      try: aistat compare shenzhen/scale china/scale --as share
    "#);
    refused_zh!("compare shenzhen/scale china/scale --as 比例", @r#"
    错误:--as 不接受「比例」
      可用:share(占比)、ratio(倍数)、difference(差)、index(指数)
      可以输入:aistat compare shenzhen/scale china/scale --as share --lang zh
    "#);
    let plain = |line: &str| args(words(line)).ok().out;
    assert_eq!(plain("show 'exhibit 29'"), plain("show 图表29"));
    for (chinese, code) in
        [("占比", "share"), ("份额", "share"), ("倍数", "ratio"), ("差", "difference"), ("指数", "index")]
    {
        let asked = |how: &str| plain(&format!("compare shenzhen/scale china/scale --as {how}"));
        assert_eq!(asked(chinese), asked(code));
    }
    let said = args(words("shenzhen financing --cagr --period 1990..1995")).ok().err;
    assert!(said.contains("no row for 1990, 1995; the periods there are: 2013, "), "{said}");
    assert!(said.contains("Try: aistat shenzhen financing --cagr --period 2013..2023\n"), "{said}");
}

#[test]
fn statements() {
    refused!("test 'rank(world/companies, chyna) = 2'", @r#"
    error: the statement, at character 23, 'chyna) = 2': country has no member 'chyna'; did you mean 'china'?
      try: aistat test 'rank(world/companies, china) = 2'
    "#);
    refused!("test 'shenzhen/financing:deals@2023 < 1,000'", @r#"
    error: the statement, at character 34, ',000': a number has no separators of thousands: write 1000
      try: aistat test 'shenzhen/financing:deals@2023 < 1000'
    "#);
    refused_zh!("test 'shenzhen/financing:amount@2023 < 1000亿元'", @r#"
    错误:陈述第 38 字「亿元」处:数字用单元格的单位,不另写:要写 1000
      可以输入:aistat test 'shenzhen/financing:amount@2023 < 1000' --lang zh
    "#);
    refused!("test 'china/scale:scale[x=1]@2023 > 1'", @r#"
    error: the statement, at character 1, 'china/scale:scale[x=1]@2…': this dataset has no dimensions
      try: aistat test 'china/scale:scale@2023 > 1'
    "#);
    refused!("test 'shenzhen/financing:amount@2023 > shenzhen/financing:deals@2023'", @r#"
    error: the statement, at character 34, 'shenzhen/financing:deals…': unlike units: 100 million yuan and deals
      try: aistat test 'shenzhen/financing:amount@2023 > @2013'
    "#);
    refused!("test 'min(china/scale:scale@2023) + 1 > 2'", @r#"
    error: the statement, at character 1, 'min(china/scale:scale@20…': min and max stand alone on one side
      try: aistat test 'china/scale:scale@2023 > 0'
    "#);
    refused!("test '((china/scale:scale@2023 > 1'", @r#"
    error: the statement, at character 26, '> 1': expected ')'
      try: aistat test 'china/scale:scale@2023 > 0'
    "#);
    refused!("test 'growth(china/netizens:individuals_rate@2023) > 1'", @r#"
    error: the statement, at character 1, 'growth(china/netizens:in…': a rate has no growth: write the difference, a - b
      try: aistat test 'china/netizens:individuals_rate@2023 > 0'
    "#);
    let deep = format!("test '{}china/scale:scale@2023 > 1'", "(".repeat(50));
    assert!(refusal(&deep).contains(": parentheses nested too deep\n  try: "));
    for example in ["china/financing:amount@2023 < @2017", "shenzhen/financing:amount@2023 > @2013"] {
        args(["test", example]).ok();
    }
}

#[test]
fn formats_and_values() {
    refused!("shenzhen financing -f json --no-header", @r#"
    error: --no-header is for formats with a header row, which json has not
      try: aistat shenzhen financing -f json
    "#);
    let folder = tempfile::tempdir().unwrap();
    let shown = folder.path().display();
    assert_eq!(
        refusal(&format!("shenzhen financing -o {shown}/x.xlsx")),
        format!(
            "error: cannot write a .xlsx file\n  a spreadsheet opens the CSV of --for-excel\n  try: aistat shenzhen financing -o {shown}/x.csv --for-excel\n"
        )
    );
    refused!("shenzhen financing --for-excel -f json", @r#"
    error: --for-excel is for csv and tsv, not for json
      try: aistat shenzhen financing --for-excel -f csv
    "#);
    refused!("list --value", @r#"
    error: --value prints one number, and this answer is a list
      one number is what AREA TOPIC, show and compare give
      try: aistat list
    "#);
    refused!("find ''", @r#"
    error: there is nothing to look for
      try: aistat list
    "#);
    refused!("foo:china/scale", @r#"
    error: there is no package 'foo'
      packages: wb2024
      try: aistat list --packages
    "#);
    refused!("china netizens --cagr --measure individuals_rate", @r#"
    error: 'individuals_rate' is a rate or a place: it has no compound annual growth rate
      try: aistat china netizens --cagr --measure population,mobile_users,carriers,iot_terminals,netizens
    "#);
    refused!("china netizens --index --measure individuals_rate", @r#"
    error: 'individuals_rate' is a rate or a place: it has no index
      try: aistat china netizens --index --measure population,mobile_users,carriers,iot_terminals,netizens
    "#);
    refused!("new D --from /nonexistent.csv", @r#"
    error: no package can be made from /nonexistent.csv
      /nonexistent.csv: there is no such file; correct the path
      try: aistat new --help
    "#);
    let none = args(words("shenzhen financing --value --measure deals --period 2014")).run();
    assert_eq!((none.exit, none.out.as_str()), (Exit::No, ""));
    assert!(none.err.starts_with("no number: lost"), "{}", none.err);
    if cfg!(target_os = "linux") {
        refused!("shenzhen financing -o /proc/x", @r#"
        error: cannot write /proc/x: no file can be written there
          try: aistat shenzhen financing
        "#);
        refused_zh!("shenzhen financing -o /proc/x", @r#"
        错误:无法写入 /proc/x:那里不能写文件
          可以输入:aistat shenzhen financing --lang zh
        "#);
        refused!("shenzhen financing -o /dev/full", @r#"
        error: cannot write /dev/full: no space left on the disk
          try: aistat shenzhen financing
        "#);
    }
}

/// What is said of the trial package with one of its files changed, its folder being DIR.
fn broken(file: &str, text: Option<&[u8]>, line: &str) -> String {
    let folder = trial();
    let shown = folder.path().display().to_string();
    let path = folder.path().join(file);
    match text {
        Some(text) => std::fs::write(path, text).unwrap(),
        None => std::fs::remove_file(path).unwrap(),
    }
    refusal(&format!("{line} --data {shown}")).replace(&shown, "DIR")
}

#[test]
fn a_broken_package_names_its_check() {
    let ask = "trial region";
    insta::assert_snapshot!(broken("trial.csv", Some(b"period,zone,n\n2022,north,abc\n"), ask), @r#"
    error: DIR/trial.csv is broken, so its numbers are not used
      DIR/trial.csv:2:12: 'abc' is not a number; write a number, or leave the cell empty
      try: aistat check DIR
    "#);
    insta::assert_snapshot!(broken("trial.csv", Some(b"period,zone,n\n2022,west,1\n"), ask), @r#"
    error: DIR/trial.csv is broken, so its numbers are not used
      DIR/trial.csv:2:6: the code list 'zone' has no member 'west'; correct it, or add a line to codes/zone.csv
      try: aistat check DIR
    "#);
    insta::assert_snapshot!(broken("trial.csv", Some(b""), ask), @r#"
    error: DIR/trial.csv is broken, so its numbers are not used
      DIR/trial.csv: is empty; write the header at least
      try: aistat check DIR
    "#);
    insta::assert_snapshot!(broken("trial.csv", Some(b"period,zone,n\n2022,\xff,1\n"), ask), @r#"
    error: DIR/trial.csv is broken, so its numbers are not used
      DIR/trial.csv:2:6: is not valid UTF-8 from here on; save it as UTF-8, or declare the resource's encoding
      try: aistat check DIR
    "#);
    insta::assert_snapshot!(broken("trial.csv", None, ask), @r#"
    error: DIR/datapackage.json is broken, so its numbers are not used
      DIR/datapackage.json:3:94: 'trial.csv': there is no such file; correct the path
      try: aistat check DIR
    "#);
    insta::assert_snapshot!(broken("datapackage.json", Some(b"{\"name\": \"pk\","), ask), @r#"
    error: DIR/datapackage.json is broken, so its numbers are not used
      DIR/datapackage.json:1:14: is not valid JSON: EOF while parsing a value; correct the JSON there
      try: aistat check DIR
    "#);
    insta::assert_snapshot!(broken("datapackage.json", Some(b"{\"name\": \"pk\","), "trial region --lang zh"), @r#"
    错误:DIR/datapackage.json 有错,不能作答
      DIR/datapackage.json:1:14:不是有效的 JSON:没有写完;改正此处的 JSON
      可以输入:aistat check DIR --lang zh
    "#);
    insta::assert_snapshot!(broken("datapackage.json", None, ask), @r#"
    error: cannot open DIR/datapackage.json
      DIR/datapackage.json: there is no such file; write one (docs/format.md)
      try: aistat new DIR/package --from TABLE.csv
    "#);
}

/// A copy of the report's package with another name.
fn copy() -> tempfile::TempDir {
    fn below(from: &std::path::Path, to: &std::path::Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
            let to = to.join(entry.file_name());
            if entry.path().is_dir() {
                below(&entry.path(), &to);
            } else {
                std::fs::copy(entry.path(), to).unwrap();
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    below(&crate::report::path("data"), folder.path());
    let path = folder.path().join("datapackage.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, text.replacen("\"name\": \"wb2024\"", "\"name\": \"copy\"", 1)).unwrap();
    folder
}

#[test]
fn what_two_packages_have_is_asked_of_one() {
    let folder = copy();
    let shown = folder.path().display().to_string();
    let said = |line: &str| refusal(&format!("{line} --data {shown}")).replace(&shown, "DIR");
    insta::assert_snapshot!(said("show 6"), @"
    error: exhibit 6 is in 2 packages
      try: aistat show wb2024:china/scale --data DIR
      try: aistat show copy:china/scale --data DIR
    ");
    insta::assert_snapshot!(said("china scale --lang zh"), @"
    错误:china/scale 在 2 个数据包中都有
      地址:wb2024:china/scale、copy:china/scale
      可以输入:aistat wb2024:china scale --lang zh --data DIR
      可以输入:aistat copy:china scale --lang zh --data DIR
    ");
    insta::assert_snapshot!(said("compare shenzhen/scale china/scale"), @"
    error: shenzhen/scale is in 2 packages
      addresses: wb2024:shenzhen/scale, copy:shenzhen/scale
      try: aistat compare wb2024:shenzhen/scale wb2024:china/scale --data DIR
      try: aistat compare copy:shenzhen/scale copy:china/scale --data DIR
    ");
    std::fs::write(folder.path().join("notes.csv"), "dataset,key,period,measure,zh,en\nbroken\n").unwrap();
    let answer = args(words(&format!("copy:shenzhen financing --period 2023 --data {shown}"))).ok();
    let left_out = format!("Note: left out: {shown}/notes.csv:2:1: 1 field where the header has 6; ");
    assert_eq!(answer.err.matches(&left_out).count(), 1, "{}", answer.err);
}

#[test]
fn nothing_is_compared_with_itself() {
    insta::assert_snapshot!(refusal("compare shenzhen/financing shenzhen/financing"), @"
    error: shenzhen/financing is named twice: a dataset is not compared with itself
      try: aistat shenzhen financing
    ");
    insta::assert_snapshot!(refusal("compare shenzhen/scale china/scale shenzhen/scale --lang zh"), @"
    错误:shenzhen/scale 写了两次,没有可与自身比较的
      可以输入:aistat compare shenzhen/scale china/scale --lang zh
    ");
    assert!(refusal("list --members --packages").contains("--members"));
}

/// A common key would be no help: the one is in dollars, the other in yuan.
#[test]
fn unlike_units_are_said_before_unlike_keys() {
    let said = refusal("compare world/financing/country china/financing/region");
    assert!(said.contains("unlike units cannot be compared: 100 million US dollars and 100 million yuan"), "{said}");
}

#[test]
fn an_open_range_is_closed_by_what_there_is() {
    insta::assert_snapshot!(refusal("shenzhen financing --period 2021.."), @"
    error: the range '2021..' lacks an end
      try: aistat shenzhen financing --period 2021..2023
    ");
    insta::assert_snapshot!(refusal("shenzhen financing --period ..2015 --lang zh"), @"
    错误:区间「..2015」缺一端
      可以输入:aistat shenzhen financing --period 2013..2015 --lang zh
    ");
}

#[test]
fn one_exhibit_is_shown() {
    insta::assert_snapshot!(refusal("show 17 18"), @"
    error: one word too many: '18'
      try: aistat show 17
    ");
}

/// Both the dimension and the member are misspelt, by a character each.
#[test]
fn a_condition_is_mended_in_both_of_its_parts() {
    let said = refusal("shenzhen financing --by-round --where 轮次=天使论");
    assert!(said.contains("try: aistat shenzhen financing --by-round --where 融资轮次=天使轮"), "{said}");
    let said = refusal("china internet --share --rank=share");
    assert!(said.contains("--rank=users_share"), "{said}");
}

/// Options are taken wherever they stand; behind `--` there are words.
#[test]
fn options_may_stand_before_what_they_are_about() {
    for (early, late) in [
        ("--period 2023 shenzhen financing", "shenzhen financing --period 2023"),
        ("--period=2023 --measure deals shenzhen/financing", "shenzhen financing --period=2023 --measure deals"),
        ("-f json --growth shenzhen --period 2023 financing", "shenzhen financing --growth --period 2023 -f json"),
        ("--by-round --where round=angel shenzhen financing", "shenzhen financing --by-round --where round=angel"),
        ("--members list shenzhen", "list shenzhen --members"),
        (
            "--as ratio compare shenzhen/financing china/financing",
            "compare shenzhen/financing china/financing --as ratio",
        ),
        ("-- shenzhen financing", "shenzhen financing"),
        ("--growth -- shenzhen financing", "shenzhen financing --growth"),
    ] {
        assert_eq!(args(words(early)).ok().out, args(words(late)).ok().out, "{early}");
    }
    refused!("--perid=2023 shenzhen financing", @r#"
    error: there is no option '--perid'
      try: aistat shenzhen financing --period 2023
    "#);
    refused!("-- shenzhen financing -q", @r#"
    error: '-q' is a word behind --, not an option
      try: aistat shenzhen financing -q
    "#);
}

#[test]
fn a_name_alone_gets_a_member_that_has_a_row() {
    refused!("shenzhen companies --by-district --where district", @r#"
    error: --where 'district': write DIM=MEMBER, DIM!=MEMBER or ATTRIBUTE~TEXT
      there is: district
      try: aistat shenzhen companies --by-district --where district=nanshan
    "#);
    refused!("world companies --where country", @r#"
    error: --where 'country': write DIM=MEMBER, DIM!=MEMBER or ATTRIBUTE~TEXT
      there is: country
      try: aistat world companies --where country=us
    "#);
    refused!("world frameworks --where origin", @r#"
    error: --where 'origin': write DIM=MEMBER, DIM!=MEMBER or ATTRIBUTE~TEXT
      there is: framework, origin
      try: aistat world frameworks --where origin=foreign
    "#);
    refused!("shenzhen financing --where round", @r#"
    error: --where 'round': write DIM=MEMBER, DIM!=MEMBER or ATTRIBUTE~TEXT
      another dataset is broken down by it
      try: aistat shenzhen financing --by-round --where round=seed
    "#);
    refused_zh!("shenzhen companies --where 区", @r#"
    错误:--where「区」:要写「维度=成员」「维度!=成员」或「属性~文字」
      另一个数据集按它细分
      可以输入:aistat shenzhen companies --by-district --where 区=nanshan --lang zh
    "#);
    refused!("shenzhen financing --by-round --where 'round!~a'", @r#"
    error: --where 'round!~a': there is no 'does not contain'
      DIM!=MEMBER leaves members out
      try: aistat shenzhen financing --by-round --where 'round!=a'
    "#);
    refused!("shenzhen financing --by-round --where 'round!~xyz'", @r#"
    error: --where 'round!~xyz': there is no 'does not contain'
      DIM!=MEMBER leaves members out
      try: aistat list shenzhen/financing/round --members
    "#);
}

#[test]
fn one_number_of_several_is_proposed() {
    refused!("shenzhen scale --value --growth --change --period 2023", @r#"
    error: --value prints one cell, and the answer has 1 row and 2 columns (scale_growth, scale_change)
      choose the row with --period and --where, the column with --measure
      try: aistat shenzhen scale --value --growth --period 2023
    "#);
    refused!("shenzhen scale --growth --index=2022 --value --period 2023", @r#"
    error: --value prints one cell, and the answer has 1 row and 2 columns (scale_growth, scale_index)
      choose the row with --period and --where, the column with --measure
      try: aistat shenzhen scale --growth --value --period 2023
    "#);
    refused!("shenzhen financing --growth --change --value --period 2023", @r#"
    error: --value prints one cell, and the answer has 1 row and 4 columns (amount_growth, amount_change, deals_growth, deals_change)
      choose the row with --period and --where, the column with --measure
      try: aistat shenzhen financing --growth --change --period 2023
    "#);
    // Of 2022 no number is printed. Members that are not listed may stand before all of them: no rank is one number.
    refused!("world companies --rank --value", @r#"
    error: --value prints one cell, and the answer has 14 rows and 1 column (companies_rank)
      choose the row with --period and --where, the column with --measure
      try: aistat world companies --rank
    "#);
    refused!("shenzhen companies --by-layer --relative-to basic --measure companies --value", @r#"
    error: --value prints one cell, and the answer has 3 rows and 1 column (companies_relative)
      choose the row with --period and --where, the column with --measure
      try: aistat shenzhen companies --by-layer --relative-to basic --measure companies
    "#);
    let spread = refusal("world companies --pivot country --value");
    assert!(
        spread.ends_with("\n  try: aistat world companies --pivot country --value --where country=us\n"),
        "{spread}"
    );
    let spread = refusal("china financing --pivot period --value");
    let line = "china financing --pivot period --value --period 2023 --measure";
    assert!(spread.contains(&format!("\n  try: aistat {line} ")), "{spread}");
}

#[test]
fn what_is_proposed_keeps_to_what_there_is() {
    refused!("shenzhen financing -qq", @r#"
    error: --quiet is given twice
      try: aistat shenzhen financing -q
    "#);
    refused!("china talent --by-category", @r#"
    error: china has no topic 'talent'
      topics: scale, startups, financing, patents, netizens, internet, education, companies, universities, labs
      try: aistat shenzhen talent --by-category
    "#);
    refused!("china talent --by-district", @r#"
    error: china has no topic 'talent'
      topics: scale, startups, financing, patents, netizens, internet, education, companies, universities, labs
      try: aistat world talent
    "#);
    refused!("financing shenzhen --by-round", @r#"
    error: 'financing' is a topic: name its area
      try: aistat shenzhen financing --by-round
    "#);
    refused!("shenzhen financing --period 2013-2021 --cagr", @r#"
    error: --cagr runs over a range of periods, which '2013-2021' is not
      try: aistat shenzhen financing --period 2013..2021 --cagr
    "#);
    refused!("shenzhen financing --index=../2023", @r#"
    error: no other period is like ../2023: it is no base for them
      periods: 2013, 2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, ../2023
      try: aistat shenzhen financing --index=2013
    "#);
    refused_zh!("shenzhen financing --cagr=2013", @r#"
    错误:--cagr 不带值
      可以输入:aistat shenzhen financing --cagr --lang zh
    "#);
    refused!("shenzhen financing --by-round --share=deals", @r#"
    error: --share takes no value
      try: aistat shenzhen financing --by-round --share
    "#);
    refused!("深圳 产业园区 --by-区", @r#"
    error: there is no option '--by-区'
      breakdowns: --by-park, --by-district
      try: aistat 深圳 产业园区 --by-park
      try: aistat 深圳 产业园区 --by-district
    "#);
    refused!("china netizens --measure netizens,individuals_rate --index", @r#"
    error: 'individuals_rate' is a rate or a place: it has no index
      try: aistat china netizens --measure netizens --index
    "#);
    refused!("china netizens --measure individuals_rate --cagr", @r#"
    error: 'individuals_rate' is a rate or a place: it has no compound annual growth rate
      try: aistat china netizens --measure population,mobile_users,carriers,iot_terminals,netizens --cagr
    "#);
    // A package of the same name and version as the report.
    let data = crate::report::path("data").display().to_string();
    let said = refusal(&format!("--data {data} list --packages -f csv"));
    assert!(said.ends_with(&format!("\n  try: aistat diff wb2024 {data} -f csv\n")), "{said}");
    let said = refusal(&format!("check {data} more"));
    assert!(said.starts_with("error: one word too many: 'more'\n  try: aistat check "), "{said}");
}

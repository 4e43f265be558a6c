//! What follows from the printed numbers: bounds, proofs, conflicts and verdicts, each worked out by hand.

use aistat::Exit;

use crate::harness::{Output, aistat, args};
use crate::report::path;

/// Lower and upper bound, claim and basis of a measure in the row that a line of CSV starts with.
fn bounds(line: &str, measure: &str, starts: &str) -> [String; 4] {
    let rows = aistat(line).csv();
    let column = |suffix: &str| rows[0].iter().position(|key| *key == format!("{measure}_{suffix}")).unwrap();
    let row = rows.iter().find(|row| row.join(",").starts_with(starts)).unwrap_or_else(|| panic!("{starts}: {rows:?}"));
    ["lower", "upper", "claim", "basis"].map(|suffix| row[column(suffix)].clone())
}

fn test(statement: &str) -> Output {
    args(["test", statement, "--lang", "en"]).run()
}

#[test]
fn last_years_level_from_this_years_and_its_growth() {
    // 1750.5 / 1.1195 = 1563.6445, 1751.5 / 1.1185 = 1565.9365.
    let bounds = bounds("china scale --derived", "scale", "2022,");
    assert_eq!(bounds, ["1563.64448414", "1565.93652213", "tight", "printed"]);
}

#[test]
fn patents_two_years_back_as_whole_applications() {
    // 6080 / 0.8325 = 7303.3 and 6080 / 0.8315 = 7312.1: 7304 to 7312.
    // 7304 / 0.9055 = 8066.3 and 7312 / 0.9045 = 8084.02: 8067 to 8084.
    let line = "shenzhen patents --derived";
    assert_eq!(bounds(line, "applications", "2022,"), ["7304", "7312", "tight", "printed"]);
    assert_eq!(bounds(line, "applications", "2021,"), ["8067", "8084", "tight", "printed"]);
}

#[test]
fn a_rank_without_numbers_bounds_the_one_below() {
    // 5725 postings in all, 1971 of the first. Those for NLP are at least 82 (82 / 29 = 2.8276 is the least that grows by
    // 182.8 %), and the second has at least as many as the chips: these have at most (5725 − 1971 − 82) / 2 = 1836.
    let line = "shenzhen talent --by-category --derived";
    assert_eq!(bounds(line, "postings", "2023,chips,"), ["0", "1836", "tight", "assumed"]);
}

#[test]
fn the_seed_round_from_the_subtotal() {
    // 1114 · 72.35 % = 805.98 and 1114 · 72.45 % = 807.09: 806 or 807; less 295 and 337: 174 or 175, if "from seed to A" is
    // these three rounds alone.
    let line = "shenzhen financing --by-round --derived";
    assert_eq!(bounds(line, "deals", "../2023,seed-to-a,"), ["806", "807", "tight", "printed"]);
    assert_eq!(bounds(line, "deals", "../2023,seed,"), ["174", "175", "tight", "assumed"]);
    // 100 · 174 / 1114 and 100 · 175 / 1114.
    assert_eq!(
        bounds(line, "deals_share", "../2023,seed,"),
        ["15.6193895870", "15.7091561939", "tight", "assumed"].map(|digits| digits.trim_end_matches('0').to_owned())
    );
    // The three later rounds share what is left of 1114, each at most the one before: at most 308 / 2 and 308 / 3.
    assert_eq!(bounds(line, "deals", "../2023,c-d,")[1], "154");
    assert_eq!(bounds(line, "deals", "../2023,pre-ipo,")[1], "102");
}

#[test]
fn companies_per_size_and_layer() {
    // Of 1646: 4.85 to 4.95 % is 79.8 to 81.5; 39.05 to 39.15 % is 642.8 to 644.4; 14.15 to 14.25 % is 232.9 to 234.6.
    let line = "shenzhen companies --by-size --derived";
    assert_eq!(bounds(line, "companies", "2023,large,"), ["80", "81", "tight", "printed"]);
    assert_eq!(bounds(line, "companies", "2023,small,"), ["643", "644", "tight", "printed"]);
    assert_eq!(bounds(line, "companies", "2023,micro,"), ["233", "234", "tight", "printed"]);
    // 19.45 to 19.55 % is 320.1 to 321.8; 15.55 to 15.65 % is 255.95 to 257.6; 64.85 to 64.95 % is 1067.4 to 1069.1.
    let line = "shenzhen companies --by-layer --derived";
    assert_eq!(bounds(line, "companies", "2023,basic,"), ["321", "321", "exact", "printed"]);
    assert_eq!(bounds(line, "companies", "2023,technology,"), ["256", "257", "tight", "printed"]);
    assert_eq!(bounds(line, "companies", "2023,application,"), ["1068", "1069", "tight", "printed"]);
    let value =
        args("shenzhen companies --by-layer --derived --where layer=basic --measure companies --value".split(' '));
    assert_eq!(value.ok().out, "321\n");
}

#[test]
fn majors_added_in_the_years_not_printed() {
    // 537 − 35 − 180 − 38 = 284 for the three years together.
    let output = test("sum(china/education:universities@2020..2022) = 284");
    assert_eq!(output.exit, Exit::Answered, "{}", output.err);
    assert!(output.err.contains("if the assumptions used hold"), "{}", output.err);
    assert_eq!(bounds("china education --derived", "universities", "2021,"), ["0", "284", "tight", "assumed"]);
}

#[test]
fn netizens_from_users_and_usage_rates() {
    // At least 8.15 / 74.75 % = 10.9030 (live streaming), at most 9.15 / 83.75 % = 10.9254 (shopping); printed: 10.85 to 10.95.
    // Nothing is assumed for it: the usage rates are stated to be of netizens.
    let bounds = bounds("china netizens --derived", "netizens", "2023,");
    assert_eq!(bounds, ["10.90301004", "10.92537313", "tight", "printed"]);
    assert_eq!(aistat("china netizens --derived").column("netizens"), ["10.9"]);
}

#[test]
fn growth_that_rises_bounds_the_levels_between() {
    // Growth rises from 2020 (3.15 to 3.25 %) to 2023 (12.05 to 12.15 %). 2022 is 386.5 / 1.1215 = 344.6277 to 387.5 / 1.1205 =
    // 345.8278. 2021 is at most the geometric mean of 287.5 and 345.8278, √99425.48 = 315.3181, and at least 2022 less the
    // growth of 2023, which is more than that of 2022: 386.5 / 1.1215² = 307.2918.
    let line = "shenzhen scale --derived";
    assert_eq!(bounds(line, "scale", "2021,"), ["307.291779507", "315.318061165", "tight", "printed"]);
    // Growth of 2021 is below the compound growth of both years: √(345.8278 / 286.5) = 1.0986709; and at least
    // 307.2918 / 287.5 = 1.0688410. That of 2022 is above √(344.6277 / 287.5) = 1.0948539.
    assert_eq!(bounds(line, "scale_growth", "2021,"), ["6.88409722003", "9.86708699655", "tight", "printed"]);
    assert_eq!(bounds(line, "scale_growth", "2022,"), ["9.48539401777", "12.15", "tight", "printed"]);
}

#[test]
fn proofs_of_several_relations_show_their_weights() {
    // Shanghai has more than Jiangsu, and both with Zhejiang and Anhui 3359: twice Jiangsu and 1 are at most 3359.
    let output =
        args(["explain", "china/companies/province:companies[province=jiangsu]", "-f", "csv", "--lang", "en"]).ok();
    let how = output.out.lines().find(|line| line.contains(",1,")).unwrap().to_owned();
    for part in ["0.5 × china/companies/region:companies[region=yangtze-delta]@2023", "≤ 0.5 × −1 + 0.5 × 3359 = 1679"]
    {
        assert!(how.contains(part), "{how}");
    }
}

#[test]
fn provinces_from_their_regions() {
    // Four provinces have 346.75 to 346.85, Shanghai the most: at least 346.75 / 4, and twice any other at most 346.85.
    // Guangdong has Shenzhen's 73.25 and more, at most its region's 107.35.
    let line = "china financing --by-province --derived";
    assert_eq!(bounds(line, "amount", "2023,shanghai,"), ["86.6875", "346.85", "tight", "assumed"]);
    assert_eq!(bounds(line, "amount", "2023,jiangsu,"), ["0", "173.425", "tight", "assumed"]);
    assert_eq!(bounds(line, "amount", "2023,guangdong,"), ["73.25", "107.35", "tight", "assumed"]);
    // 2.65 / 4 and, in their order, 2.75 by 2, 3 (9166 whole applications) and 4 ten thousands; Shenzhen's 6080.
    let line = "china patents --by-province --derived";
    assert_eq!(bounds(line, "applications", "2023,shanghai,"), ["0.6625", "2.75", "tight", "assumed"]);
    assert_eq!(bounds(line, "applications", "2023,jiangsu,"), ["0", "1.375", "tight", "assumed"]);
    assert_eq!(bounds(line, "applications", "2023,zhejiang,"), ["0", "0.9166", "tight", "assumed"]);
    assert_eq!(bounds(line, "applications", "2023,anhui,"), ["0", "0.6875", "tight", "assumed"]);
    assert_eq!(bounds(line, "applications", "2023,guangdong,"), ["0.608", "1.45", "tight", "assumed"]);
}

#[test]
fn more_than_three_times_and_less_than_four() {
    // 3 · 1014 + 1 = 3043 and 4 · 1014 − 1 = 4055.
    assert_eq!(bounds("world talent --derived", "researchers", "2023,us,"), ["3043", "4055", "tight", "assumed"]);
}

#[test]
fn ranks_are_what_the_relations_prove() {
    // Guangming, Luohu and Pingshan are each above Yantian and Shenshan; five others have more than 166 or 166 itself:
    // 1646 − 645 − 280 − 253 − 169 − 166 = 133 are left for all five.
    let rows = aistat("shenzhen companies --by-district --derived --rank=companies").csv();
    let at = |key: &str| rows[0].iter().position(|have| have == key).unwrap();
    let ranks: Vec<String> = rows[1..]
        .iter()
        .map(|row| format!("{} {}-{}", row[1], row[at("companies_rank_lower")], row[at("companies_rank_upper")]))
        .collect();
    for expected in ["futian 5-5", "guangming 6-8", "luohu 6-8", "pingshan 6-8", "yantian 9-10", "shenshan 9-10"] {
        assert!(ranks.iter().any(|rank| rank == expected), "{expected}: {ranks:?}");
    }
    // Not all rounds are listed, but the report says who is first and second; shares of one total rank as the deals do.
    let line = "shenzhen financing --by-round --rank --share --derived";
    assert_eq!(bounds(line, "deals_share_rank", "../2023,a,"), ["1", "1", "exact", "printed"]);
    assert_eq!(bounds(line, "deals_share_rank", "../2023,angel,"), ["2", "2", "exact", "printed"]);
    assert_eq!(bounds(line, "deals_share_rank", "../2023,seed,")[..2], ["3", ""]);
}

#[test]
fn statistics_of_derived_numbers_keep_their_relations() {
    // The growth printed for 2023 is that of the derived level of 2022: 11.85 to 11.95 %, not the 11.79 to 12.02 of separate intervals.
    let line = "china scale --change --derived";
    // 1750.5 · 0.1185 / 1.1185 = 185.4575 to 1751.5 · 0.1195 / 1.1195 = 186.9623.
    assert_eq!(bounds(line, "scale_change", "2023,"), ["185.457532409", "186.962259938", "tight", "printed"]);
    // 80 to 81 of 689.
    let line = "shenzhen companies --by-size --relative-to medium --derived";
    assert_eq!(
        bounds(line, "companies_relative", "2023,large,"),
        ["0.116110304789", "0.1175616836", "tight", "printed"]
    );
}

#[test]
fn a_proof_can_be_redone_by_hand() {
    let output = args(["explain", "shenzhen/financing/round:deals[round=seed]@../2023", "--lang", "en"]).ok();
    for part in [
        "printed: 1114,1114,1114,qi,,printed,,4.6.2",
        "\"1114 × [72.35–72.45] % = 805.979–807.093, in whole numbers 806–807\",806,807",
        "[806–807] − 295 − 337 = 174–175 (by assumed subtotal),174,175",
    ] {
        assert!(output.out.contains(part), "{part}\n{}", output.out);
    }
    assert!(output.err.contains("174–175 deals (the least interval that follows)"), "{}", output.err);
    let zh = args(["explain", "深圳/融资/融资轮次:deals[融资轮次=种子轮]@../2023", "--lang", "zh"]).ok();
    assert!(zh.out.contains("取整数 806–807") && zh.err.contains("174–175 起"), "{}{}", zh.out, zh.err);
    // A printed number: where it stands, and what else pins it.
    let printed = args(["explain", "china/netizens:netizens@2023", "--lang", "en"]).ok();
    assert!(printed.out.contains("printed: 10.9,10.85,10.95") && printed.out.contains(",3.3.1"), "{}", printed.out);
    let alone = args(["explain", "world/companies/country:companies[country=us]@2023", "--lang", "en"]).ok();
    assert!(alone.err.contains("printed so, and nothing else narrows it"), "{}", alone.err);
    let json = args(["explain", "china/scale:scale@2022", "-f", "json"]).ok();
    let parsed: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(parsed["rows"].as_array().unwrap().len(), 3);
}

/// Of 537 universities by 2023, 35 stand in 2018, 180 in 2019 and 38 in 2023: 537 − 35 − 180 − 38 = 284. With x in 2023 of
/// 1750.5 to 1751.5 and a growth g of 11.85 to 11.95 %, the difference is x·g/(100 + g): 1750.5 × 11.85/111.85 = 185.4575… and
/// 1751.5 × 11.95/111.95 = 186.9622….
#[test]
fn expressions_are_explained_as_cells_are() {
    let explain = |text: &str| args(["explain", text, "--lang", "en"]).run();
    let sum = "sum(china/education:universities@2020..2022)";
    let output = explain(sum);
    assert!(output.err.contains(&format!("{sum}: 284 institutions (follows exactly)")), "{}", output.err);
    assert!(output.out.contains("537 − 35 − 180 − 38 = 284 (by assumed china-education-sum)"), "{}", output.out);
    assert!(
        output.out.contains(",\"@2020 + @2021 + @2022 = ") || output.out.contains(",@2020 + @2021 + @2022 = "),
        "{}",
        output.out
    );
    let output = explain("china/scale:scale@2023 - @2022");
    assert!(output.err.contains(": 185.457532–186.96226 100 million yuan (the least"), "{}", output.err);
    let output = explain("china/scale:scale@2023 / @2022");
    assert!(output.err.contains(": 1.1185–1.1195 (the least"), "{}", output.err);
    // 386.5 and 387.5 over 1646, in 100 million yuan for each: 0.23481… and 0.23541….
    let output = explain("shenzhen/scale:scale@2023 / shenzhen/companies:companies@2023");
    assert!(output.err.contains(": 0.234811664–0.235419199 100 million yuan/entities"), "{}", output.err);
    // A share and a growth rate that have a column are its cells.
    let output = explain("growth(china/scale:scale@2023)");
    assert!(output.out.contains("china/scale:scale_growth@2023,printed: 11.9,11.85,11.95,"), "{}", output.out);
    let zh = args(["explain", sum, "--lang", "zh"]).ok();
    assert!(zh.err.contains("284 所(由此确定)"), "{}", zh.err);
    for (text, said) in [
        ("rank(world/companies, china)", "ask with test"),
        ("china/scale:scale@2023 > 1700", "this is a statement: ask whether it holds with test"),
        ("3 + 4", "an expression with a cell in it"),
        ("china/scale:scale@2023 +", "expected a number, a function or a cell"),
        ("china/scale:scale@2023 + china/patents:applications@2023", "unlike units"),
    ] {
        let output = explain(text);
        assert_eq!(output.exit, Exit::Usage, "{text}");
        assert!(output.err.contains(said), "{text}: {}", output.err);
    }
    // What is assumed is named.
    let assumed = "china/scale:scale@2022=1564..1565";
    let output = args(["explain", "china/scale:scale@2023 - @2022", "--assume", assumed, "--lang", "en"]).ok();
    assert!(output.out.contains(&format!("assumed {assumed}")), "{}", output.out);
    assert!(!output.out.contains("assumed assumption"), "{}", output.out);
}

#[test]
fn the_report_holds_together_but_for_shares_of_an_assumed_base() {
    let output = args(["audit", "--lang", "en"]).run();
    assert_eq!(output.exit, Exit::No);
    assert!(!output.err.contains("left out"), "{}", output.err);
    // 24.1, 14.9 and 10.3 % of 84: 20/84 = 23.8 and 21/84 = 25; 12/84 = 14.3 and 13/84 = 15.5; 8/84 = 9.5 and 9/84 = 10.7.
    // Of 87: 21, 13 and 9.
    for part in ["printed: 24.1", "printed: 14.9", "printed: 10.3", "printed: 84"] {
        assert!(output.out.contains(part), "{part}\n{}", output.out);
    }
    let members = output.out.lines().filter(|line| line.contains(",printed,,") && !line.contains(",off,"));
    assert!(
        members.clone().count() > 0 && members.clone().all(|line| line.contains("shenzhen/innovation")),
        "{}",
        output.out
    );
    // The arithmetic: 84 × 24.05 % = 20.202 and 84 × 24.15 % = 20.286; 12.474 and 12.558; 8.61 and 8.694.
    for step in [
        "84 × [24.05–24.15] % = 20.202–20.286: no whole number",
        "84 × [14.85–14.95] % = 12.474–12.558: no whole number",
        "84 × [10.25–10.35] % = 8.61–8.694: no whole number",
    ] {
        assert!(output.out.contains(step), "{step}\n{}", output.out);
    }
    assert!(output.err.contains("cannot all hold if what is assumed does"), "{}", output.err);
    // 20/83 = 24.10, 21/87 = 24.14; 11/74 = 14.86, 13/87 = 14.94, 14/94 = 14.89; 8/78 = 10.26, 9/87 = 10.34, 10/97 = 10.31.
    for (set, totals) in [("1", ["83", "87", "79"]), ("2", ["87", "74", "94"]), ("3", ["87", "78", "97"])] {
        for total in totals {
            let line = format!(
                "{set},total,,shenzhen/innovation:projects@../2023,as {total}: can have the shares of this set,{total},{total},"
            );
            assert!(output.out.contains(&line), "{line}\n{}", output.out);
        }
    }
    assert_eq!(output.out.matches("as 87: can have all 3 printed shares of it,87,87,").count(), 3, "{}", output.out);
    let mend = ",mend,,shenzhen/innovation:projects@../2023,as 87 (one digit): these and all numbers around them could hold,87,87,";
    assert_eq!(output.out.matches(mend).count(), 3, "{}", output.out);
    let zh = args(["audit", "--lang", "zh"]).run();
    assert!(zh.err.contains("这些所载数字不可能同时成立,若下列假设成立"), "{}", zh.err);
    assert!(zh.out.contains("84 × [24.05–24.15] % = 20.202–20.286,其间没有整数"), "{}", zh.out);
    assert!(zh.out.contains("若为 87(一位之差),则这些及相关的数字都可成立"), "{}", zh.out);
    for word in ["wrong", "mistake", "incorrect", "错误", "有误"] {
        assert!(!format!("{}{}{}{}", output.out, output.err, zh.out, zh.err).contains(word), "{word}");
    }
    let clean = args(["audit", "shenzhen/financing", "--lang", "en"]).ok();
    assert!(clean.err.contains("No conflict found"), "{}", clean.err);
}

/// Three others are above and ten are not: each comes to a contradiction without counting up one by one.
#[test]
fn proofs_do_not_creep() {
    let statement = "rank(world/companies/country:companies[country=*]@2023, uk) = 4";
    let proof = args(["test", statement]).csv();
    assert_eq!(proof.iter().filter(|row| row[1] == "end").count(), 13);
    assert!(proof.len() < 60, "{} lines", proof.len());
}

#[test]
fn statements_are_proven_refuted_or_open() {
    let table = [
        // 1.1185 to 1.1195.
        ("china/scale:scale@2023 / @2022 > 1.11", Exit::Answered),
        ("china/scale:scale@2023 / @2022 >= 1.12", Exit::No),
        ("china/scale:scale@2023 / @2022 > 1.119", Exit::Open),
        ("growth(china/scale:scale@2023) < 12", Exit::Answered),
        ("rank(world/companies, china) = 2", Exit::Answered),
        ("rank(world/companies, china) <= 2", Exit::Answered),
        ("rank(world/companies, china) > 2", Exit::No),
        // 9183 after 14922: the higher rank is the lower number.
        ("rank(world/companies, china) > rank(world/companies, us)", Exit::Answered),
        ("rank(world/companies, china) <= rank(world/companies, us)", Exit::No),
        ("rank(world/companies, china) = rank(world/companies, china)", Exit::Answered),
        ("rank(world/companies, china) < rank(world/talent, china)", Exit::Usage),
        ("rank(world/companies, china) ~ rank(world/companies, us)", Exit::Usage),
        ("shenzhen/financing:deals@2023 < @2021", Exit::Answered),
        ("shenzhen/financing:amount@2021 > 279", Exit::Answered),
        ("shenzhen/financing:amount@2021 > 279.1", Exit::Open),
        // 643 or 644 small ones against half of 1646.
        ("shenzhen/companies/size:companies[size=small]@2023 * 2 > shenzhen/companies:companies@2023", Exit::No),
        ("share(shenzhen/companies/size:companies[size=large]@2023) ~ 5", Exit::Answered),
        ("max(china/financing:amount@2013..2017) > 3000", Exit::Answered),
        // 337 are 1.9257 to 1.9368 times 174 or 175.
        ("shenzhen/financing/round:deals[round=a] / shenzhen/financing/round:deals[round=seed] > 1.92", Exit::Answered),
        ("shenzhen/financing/round:deals[round=a] / shenzhen/financing/round:deals[round=seed] <= 1.92", Exit::No),
        ("shenzhen/financing/round:deals[round=a] / shenzhen/financing/round:deals[round=seed] > 1.93", Exit::Open),
        // The most of all countries is printed, 14922, and so are the five that could have it.
        ("max(world/companies/country:companies[country=*]@2023) = 14922", Exit::Answered),
        ("max(world/companies/country:companies[country=*]@2023) = 14921", Exit::No),
        ("min(world/companies/country:companies[country=*]@2023) = 1836", Exit::No),
        ("china/financing:amount@2017 = max(@2013..2017)", Exit::Answered),
        ("falls(shenzhen/patents:applications@2021..2023)", Exit::Answered),
        ("rises(shenzhen/patents:applications@2021..2023)", Exit::No),
        // 6080 is 760 times 8, and so 759 times 8 more.
        ("shenzhen/patents:applications@2023 / @2000 - 1 < 760", Exit::Answered),
        ("shenzhen/patents:applications@2023 / @2000 > 760", Exit::No),
        // Nothing is printed of this round but the total: there may be none. A printed growth of 182.8 % says that its base is
        // not 0, and 82/29 is the first that prints so.
        ("shenzhen/financing/round:deals[round=c-d]@../2023 > 0", Exit::Open),
        ("shenzhen/financing/round:deals[round=pre-ipo]@../2023 = 0", Exit::Open),
        ("shenzhen/talent/category:postings[category=nlp]@2022 >= 29", Exit::Answered),
        ("growth(china/scale:scale_growth@2023) > 1", Exit::Usage),
    ];
    for (statement, exit) in table {
        let output = test(statement);
        assert_eq!(output.exit, exit, "{statement}: {}", output.err);
    }
    let proof = test("china/scale:scale@2022 > 1600");
    assert_eq!(proof.exit, Exit::No);
    assert!(proof.out.contains("printed: 11.9") && proof.out.contains("printed: 1751"), "{}", proof.out);
    let names = args(["test", "rank(全球/企业, 中国) = 2"]).ok();
    assert!(names.out.contains("world-companies-china"), "{}", names.out);
    // The report says that it is the second; that needs no assumption, and decides other ranks as well.
    assert!(!names.err.contains("假设"), "{}", names.err);
    assert_eq!(test("rank(world/companies, china) > 2").exit, Exit::No);
}

/// Were there 176 of the seed round, the rounds up to A would be 176 + 295 + 337 = 808, and 72.45 % of 1114 is 807.093.
#[test]
fn statements_are_decided_by_arithmetic_to_be_redone() {
    let seed = "shenzhen/financing/round:deals[round=seed]@../2023";
    let statement = format!("{seed} > 175");
    let json = args(["test", &statement, "-f", "json", "--lang", "en"]).run();
    let parsed: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let rows: Vec<[&str; 2]> = parsed["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| ["kind", "how"].map(|key| row[key].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(
        rows[6..],
        [
            ["supposed", &format!("suppose {statement}")],
            ["step", "> 175, in whole numbers ≥ 176 (by supposition)"],
            ["step", "[≥ 176] + 295 + 337 ≥ 808 (by assumed subtotal)"],
            ["end", "1114 × [72.35–72.45] % = 805.979–807.093, against ≥ 808"],
        ],
        "{rows:?}"
    );
    let zh = args(["test", &statement, "--lang", "zh"]).run();
    for part in [format!("设 {statement}"), "取整数 ≥ 176(据所设)".into(), "与已知的 ≥ 808 不合".into()]
    {
        assert!(zh.out.contains(&part), "{part}\n{}", zh.out);
    }
    // Each other country is a way in which the rank could be another.
    let rank = args(["test", "rank(world/companies, uk) = 4", "--lang", "en"]).csv();
    let supposed = rank.iter().filter(|row| row[1] == "supposed").count();
    assert_eq!(supposed, rank.iter().filter(|row| row[1] == "end").count());
    assert!(supposed > 1 && rank.iter().any(|row| row[4] == "≤ 3136, against 14922 (by supposition)"), "{rank:?}");
    // A whole above 0 is all that the weighted sum needs: no more steps than lead to one.
    let share = args(["test", "share(shenzhen/financing/round:deals[round=seed]) > 15", "--lang", "en"]).csv();
    assert!(share.iter().filter(|row| row[1] == "step").count() <= 6, "{share:?}");
}

/// 182.75 to 182.85 % more than 15 is 42.4125 to 42.4275, and so on up to 28: 82 after 29 is the first that prints 182.8 %. After
/// 664 come at least 1877.46, so 1878, and so many in the second category, too: 3756 of the 5725 − 1971 = 3754 that are left.
#[test]
fn what_a_search_rules_out_is_shown() {
    let nlp = "shenzhen/talent/category:postings[category=nlp]@2022";
    let rows = args(["explain", nlp, "--lang", "en"]).csv();
    assert!(rows.iter().any(|row| row[4].starts_with("by ruling out what lies beyond")), "{rows:?}");
    let paired = "[≥ 1] × (1 + [182.75–182.85] %) ≥ 2.8275, in pairs of whole numbers ≥ 82 (by assumed growth)";
    assert!(rows.iter().any(|row| row[4] == paired), "{rows:?}");
    let from = rows.iter().position(|row| row[4] == format!("suppose {nlp} > 663")).unwrap();
    let ends = rows[from..].iter().position(|row| row[1] == "end").unwrap();
    assert!(
        rows[from + ends][4].starts_with("≤ 5725 − 1971 − [1878–3754] − [0–3754] ≤ 1876, against 1878"),
        "{rows:?}"
    );
    // What is supposed is founded on nothing, what it contradicts is.
    let basis = rows[0].iter().position(|key| key == "basis").unwrap();
    assert!(rows[1..].iter().all(|row| row[basis].is_empty() == ["supposed", "case"].contains(&row[1].as_str())));
    assert!(rows[1..].iter().all(|row| row[0] == nlp), "{rows:?}");
}

#[test]
fn assumptions_are_followed_and_labelled() {
    let assume = "shenzhen/financing/round:deals[round=seed]@../2023=174";
    let rows = args(["shenzhen", "financing", "--by-round", "--derived", "--assume", assume]).csv();
    let row = rows.iter().find(|row| row[1] == "seed-to-a").unwrap();
    assert_eq!(row[2..6], ["806", "806", "806", "exact"]);
    assert_eq!(row[6], "assumed");
    let statement = "shenzhen/financing/round:deals[round=seed-to-a]@../2023 = 806";
    assert_eq!(test(statement).exit, Exit::Open);
    let output = args(["test", statement, "--assume", assume, "--lang", "en"]).run();
    assert_eq!(output.exit, Exit::Answered);
    assert!(output.err.contains("if the assumptions used hold") && output.err.contains("assumed: "), "{}", output.err);
    // What cannot be assumed beside the rest leads nowhere: 200 + 295 + 337 is not 806 or 807.
    let impossible = assume.replace("=174", "=200");
    let output = args(["test", statement, "--assume", &impossible, "--lang", "en"]).run();
    assert_eq!(output.exit, Exit::Open);
    let said = format!("cannot all hold if what is assumed does: {impossible}");
    assert!(output.err.contains(&said), "{}", output.err);
    let derived =
        args(["shenzhen", "financing", "--by-round", "--derived", "--assume", &impossible, "--lang", "en"]).ok();
    assert!(derived.err.contains(&said) && !derived.err.contains("audit"), "{}", derived.err);
    let explained =
        args(["explain", "shenzhen/financing/round:deals[round=seed-to-a]@../2023", "--assume", &impossible]);
    let explained = explained.arg("--lang").arg("zh").run();
    assert!(explained.err.contains(&format!("与所作假设不可能同时成立:{impossible}")), "{}", explained.err);
}

#[test]
fn comparisons_are_taken_together() {
    // The three years add up to 284, more than 3 · 94 = 282 or 3 · 90 and less than 3 · 95 = 285.
    let years = "china/education:universities@2020..2022";
    let table = [
        (format!("max({years}) >= 95"), Exit::Answered),
        (format!("max({years}) > 94"), Exit::Answered),
        (format!("max({years}) > 95"), Exit::Open),
        (format!("max({years}) < 95"), Exit::No),
        (format!("min({years}) <= 94"), Exit::Answered),
        (format!("min({years}) > 94"), Exit::No),
        (format!("min({years}) <= 93"), Exit::Open),
        ("90 >= china/education:universities@2020 >= @2021 >= @2022".to_owned(), Exit::No),
        ("95 >= china/education:universities@2020 >= @2021 >= @2022".to_owned(), Exit::Open),
    ];
    for (statement, exit) in table {
        let output = test(&statement);
        assert_eq!(output.exit, exit, "{statement}: {}", output.err);
    }
}

/// What is supposed is said where no cell takes part, too; each step has the arithmetic of its own interval.
#[test]
fn every_line_of_a_proof_says_something() {
    let proof = aistat("test").arg("1 > 0").ok().out;
    assert!(
        proof.contains("suppose 1 ≤ 0") && proof.contains("\"1 ≤ 0, which cannot be (by supposition)\""),
        "{proof}"
    );
    let proof = aistat("test").arg("min(china/scale:scale@2022..2023) > 0").ok().out;
    assert!(proof.contains("\"≤ 0, against 1750.5–1751.5 (by supposition)\""), "{proof}");
    for line in ["shenzhen/scale:scale_growth@2021", "shenzhen/patents:applications@2021", "world/companies/country"] {
        let steps = aistat("explain").arg(line).csv();
        let how = steps[0].iter().position(|column| column == "how").unwrap();
        assert!(steps.iter().all(|row| !row[how].trim().is_empty()), "{steps:?}");
    }
    // The level of 2021 is at least 386.5 ÷ 1.1215² = 307.29 by the growth over both years after it.
    let proof = aistat("explain").arg("shenzhen/scale:scale_growth@2021").ok().out;
    let lower = proof.lines().find(|line| line.contains("^2 ≥ 307.291779"));
    assert!(lower.is_some(), "{proof}");
}

#[test]
fn what_is_no_statement_is_refused_with_its_place() {
    let table = [
        ("china/scale:scale@2023", "at its end"),
        ("china/scale:scale@2023 >", "at its end"),
        ("china/scale:scale@2023 > 3 4", "at character 28, '4'"),
        ("china/scale:nothing@2023 > 3", "there is no measure 'nothing'"),
        ("china/scale:scale@1999 > 3", "there is no row of 1999, only of 2022, 2023"),
        (
            "min(china/scale:scale@2000..2023) > 1000",
            "2000..2023 takes in 2021, of which there is no row; write 2022..2023",
        ),
        ("rises(china/scale:scale@2022..2030)", "2022..2030 takes in 2024, of which there is no row; write 2022..2023"),
        (
            "sum(china/scale:scale@2023..2024) > 0",
            "2023..2024 takes in 2024, of which there is no row; write 2023, or list the periods",
        ),
        ("shenzhen/financing/round:deals[round=agnel]@../2023 > 3", "did you mean 'angel'?"),
        ("shenzhen/financing:deals@2023 > shenzhen/financing:amount@2023", "unlike units"),
        ("china/scale:scale@2023 * @2022 > 3", "only products with a number"),
        ("nowhere/nothing:x@2023 > 3", "there is no dataset 'nowhere/nothing'"),
        ("china/scale:scale@2023 / 0 > 3", "division by zero"),
    ];
    for (statement, part) in table {
        let refusal = args(["test", statement, "--lang", "en"]).refused();
        assert!(refusal.contains(part), "{statement}: {refusal}");
    }
    let refusal = args(["china", "scale", "--assume", "china/scale:scale@2022", "--lang", "en"]).refused();
    assert!(refusal.contains("expected '=' and a value"), "{refusal}");
}

#[test]
fn dump_has_a_row_a_cell_with_and_without_what_follows() {
    let (plain, derived) = (aistat("dump").csv(), aistat("dump --derived").csv());
    assert_eq!(plain.len(), derived.len());
    let header =
        "dataset,area,topic,exhibit,section,period,key,measure,unit,value,to,mark,lower,upper,claim,basis,missing";
    assert_eq!(plain[0].join(","), header);
    for (one, other) in plain.iter().zip(&derived).skip(1) {
        // Printed digits stay, bounds never widen.
        assert_eq!(one[..9], other[..9]);
        assert!(one[9].is_empty() || one[9] == other[9], "{one:?} {other:?}");
        let number = |text: &str| text.parse::<f64>().ok();
        for (at, sign) in [(12, 1.0), (13, -1.0)] {
            if let Some(before) = number(&one[at]) {
                assert!(sign * number(&other[at]).unwrap() >= sign * before - 1e-9, "{one:?} {other:?}");
            }
        }
    }
    let seed =
        derived.iter().find(|row| row[0] == "shenzhen/financing/round" && row[6] == "round=seed" && row[7] == "deals");
    assert_eq!(seed.unwrap()[9..], ["", "", "", "174", "175", "tight", "assumed", "lost"]);
    assert!(
        derived.iter().any(|row| row[0] == "shenzhen/innovation" && row[14] == "conflict" && row[16] == "conflict")
    );
}

#[test]
fn check_reads_the_relations() {
    let folder = tempfile::tempdir().unwrap();
    copy(&path("data"), folder.path());
    let file = folder.path().join("relations.csv");
    let mut text = std::fs::read_to_string(&file).unwrap();
    let line = text.lines().count() + 1;
    text += "broken,china/scale:scale@2023 > ,3.1,printed\nunknown,china/scale:scale@1850 > 3,3.1,printed\n";
    std::fs::write(&file, text).unwrap();
    let output = args(["check", folder.path().to_str().unwrap(), "--lang", "en"]).run();
    assert_eq!(output.exit, Exit::No);
    // `broken,` has seven characters, and the statement stops being one after 25 more.
    assert!(
        output.out.contains(&format!("relations.csv,{line},32,"))
            || output.out.contains(&format!("relations.csv,{line},33,")),
        "{}",
        output.out
    );
    assert!(output.out.contains("there is no row of 1850"), "{}", output.out);
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Of 2022 neither level is printed: Shenzhen's is 387 grown by 12.1 %, China's 1751 by 11.9 %. The share lies from
/// (386.5 / 1.1215) / (1751.5 / 1.1185) to (387.5 / 1.1205) / (1750.5 / 1.1195).
#[test]
fn comparisons_are_derived() {
    let rows = aistat("compare shenzhen/scale china/scale --derived --digits 4").csv();
    let at = rows[0].iter().position(|key| key == "shenzhen_scale_share_lower").unwrap();
    assert_eq!(rows[1][0], "2022");
    assert_eq!(rows[1][at..at + 4], ["22.0077", "22.1168", "tight", "printed"]);
}

/// A proof names what it takes for granted: that the universities of the years add up to the 537 is assumed. Of 1646 companies
/// 645 + 280 + 253 + 169 + 166 stand in five districts; of the other 133, three districts have at least one more than Yantian:
/// 4 y + 3 <= 133, so y <= 32.5.
#[test]
fn proofs_name_their_relations() {
    let steps = aistat("explain china/education:universities@2020").column("how");
    assert!(steps.last().unwrap().ends_with("(by assumed china-education-sum)"), "{steps:?}");
    let steps = aistat("explain shenzhen/companies/district:companies[district=yantian]@2023").column("how");
    let last = steps.last().unwrap();
    assert!(last.contains("= 32.5, in whole numbers ≤ 32 (by "), "{last}");
    for relation in ["guangming-above-yantian", "luohu-above-yantian", "pingshan-above-yantian"] {
        assert!(last.contains(relation), "{last}");
    }
}

/// Numbers whose unit is assumed make what rests on them assumed, too.
#[test]
fn a_step_is_founded_no_better_than_the_numbers_it_uses() {
    let rows = args(["explain", "china/financing:amount@2023 - @2017"]).csv();
    let basis = rows[0].iter().position(|column| column == "basis").unwrap();
    let bases: Vec<&str> = rows[1..].iter().map(|row| row[basis].as_str()).collect();
    assert_eq!(bases, ["assumed", "assumed", "assumed"]);
    let rows = args(["explain", "shenzhen/financing:deals@2013 / @2021"]).csv();
    assert!(rows[1..].iter().all(|row| row[basis] == "printed"), "{rows:?}");
}

/// A Chinese keyboard's colon, sign and digits: 76 deals after 163.
#[test]
fn statements_may_be_typed_in_full_width() {
    let statement = "深圳/融资\u{ff1a}融资数量@2023 \u{ff1c} \u{ff11}\u{ff16}\u{ff13}";
    assert!(args(["test", statement]).ok().err.contains("proven"));
    let cell = "深圳/融资\u{ff1a}融资数量\u{ff20}2023";
    assert!(args(["explain", cell]).ok().out.contains("printed: 76"));
}

/// 1114 deals by 72.35 to 72.45 %: a number that a later step needs at one end alone is still a whole one.
#[test]
fn each_step_says_how_its_ends_were_rounded() {
    let output = args(["explain", "shenzhen/financing/round:deals[round=c-d]", "-f", "csv"]).ok();
    assert!(
        output.out.contains("1114 × [72.35–72.45] % = 805.979–807.093, in whole numbers 806–807"),
        "{}",
        output.out
    );
}

#[test]
fn numbers_are_written_in_full() {
    for (typed, full) in [("1e3", "1000"), ("1.5E+2", "150"), ("25e-1", "2.5")] {
        let refusal = args(["test", &format!("china/scale:scale@2023 > {typed}"), "--lang", "en"]).refused();
        assert!(refusal.contains(&format!("a number is written in full: {full}")), "{refusal}");
        assert!(refusal.contains(&format!("try: aistat test 'china/scale:scale@2023 > {full}'")), "{refusal}");
    }
}

/// Of 40 members whose shares are printed in whole percents of a total, many can stand third: that takes no proof for each pair.
#[test]
fn a_rank_among_many_is_left_open_without_a_proof_for_each_pair() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    let members: Vec<String> = (0..40).map(|at| format!("m{at}")).collect();
    let rows: String = members.iter().map(|code| format!("2021,{code},,2\n")).collect();
    let codes: String = members.iter().map(|code| format!("{code},{code},{code}\n")).collect();
    write("r.csv", format!("period,r,n,n_share\n{rows}"));
    write("tot.csv", "period,n\n2021,2000\n".to_owned());
    write("codes.csv", format!("code,zh,en\n{codes}"));
    write("units.csv", "code,zh,en,family,power\nqi,起,deals,deals,0\npercent,%,%,percent,0\n".to_owned());
    let field = |name: &str, more: &str| format!(r#"{{"name": "{name}", "type": "number", {more}}}"#);
    let n = field("n", r#""aistat:unit": "qi", "aistat:kind": "stock", "aistat:whole": true"#);
    let share = field(
        "n_share",
        r#""aistat:unit": "percent", "aistat:kind": "rate", "aistat:shareOf": {"part": "n", "whole": "a/t:n", "base": "stated"}"#,
    );
    let list = |name: &str, path: &str| {
        let more = if name == "units" {
            r#", {"name": "family", "type": "string"}, {"name": "power", "type": "integer"}"#
        } else {
            ""
        };
        format!(
            r#"{{"name": "{name}", "path": "{path}", "aistat:role": "codes", "schema": {{"fields": [{{"name": "code", "type": "string"}}, {{"name": "zh", "type": "string"}}, {{"name": "en", "type": "string"}}{more}]}}}}"#
        )
    };
    write(
        "datapackage.json",
        format!(
            r#"{{"name": "p", "resources": [
              {{"name": "tot", "path": "tot.csv", "aistat:area": "a", "aistat:topic": "t", "schema": {{"fields": [{{"name": "period", "type": "string"}}, {n}]}}}},
              {{"name": "byr", "path": "r.csv", "aistat:area": "a", "aistat:topic": "t", "aistat:dimensions": ["r"], "aistat:exhaustive": "no",
                "schema": {{"fields": [{{"name": "period", "type": "string"}}, {{"name": "r", "type": "string"}}, {n}, {share}]}}}},
              {}, {}]}}"#,
            list("r", "codes.csv"),
            list("units", "units.csv")
        ),
    );
    // 1.5 to 2.5 % of 2000 are 30 to 50, whoever it is.
    let asked = args(["test", "rank(a/t/r:n@2021, m7) = 3", "--data", &folder.path().to_string_lossy()]).run();
    assert_eq!(asked.exit, Exit::Open, "{}", asked.err);
}

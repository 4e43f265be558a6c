//! Ranks, and what rests on them: which rows they run over, when a rank is one number, what is cut by them.

use aistat::Exit;

use crate::harness::{aistat, args};
use crate::made::Made;

/// The row of a member, without its period.
#[track_caller]
fn row(rows: &[Vec<String>], member: &str) -> Vec<String> {
    rows.iter().find(|row| row[1] == member).unwrap_or_else(|| panic!("no {member} in {rows:?}")).clone()
}

/// 645, 280, 253 of 1646 companies: Bao'an is third, and five districts without a number could stand before it.
#[test]
fn conditions_choose_rows_after_ranks_of_statistics() {
    let rows = aistat("shenzhen companies --by-district --share --rank --where district=baoan").csv();
    let at = rows[0].iter().position(|key| key == "companies_share_rank").unwrap();
    assert_eq!(rows[1][at..], ["3", "3", "8"]);
    let few = aistat("shenzhen companies --by-district --rank --where district=nanshan,longhua").ok();
    assert!(!few.err.contains("half of the sum"), "{}", few.err);
}

#[test]
fn every_statistic_ranks_as_without_a_condition() {
    let made = Made::new();
    for statistic in ["--growth", "--change", "--index=2021", "--share", "--relative-to b", ""] {
        for exact in [true, false] {
            let ask = |line: String| match exact {
                true => made.ask(&line),
                false => made.ask(&line).var("AISTAT_LIMIT_EXACT_BYTES", "0"),
            };
            let line = format!("open things --period 2022 --rank {statistic}");
            let all = ask(line.clone()).csv();
            for member in ["a", "b", "c", "d"] {
                let one = ask(format!("{line} --where item={member}")).csv();
                assert_eq!(one[1..], [row(&all, member)], "{statistic} {member} {exact}");
            }
        }
    }
    // 12/10, 30/20, 12/6, 12/12: growth of 20, 50, 100 and 0 %.
    let growth = made.ask("open things --growth --rank --value --where item=b --period 2022").ok().out;
    assert_eq!(growth, "2\n");
    let top = made.ask("open things --growth --top 1 --period 2022").column("item");
    assert_eq!(top, ["c"]);
}

/// Of more than 3, 4 to 6 (3.5 to 6.5), 2.0 and 1.35: the first two may change places, and their shares are of one whole.
#[test]
fn shares_of_one_whole_rank_as_their_parts() {
    let made = Made::new();
    let rows = made.ask("port cargo --measure tonnes --share --rank").csv();
    let at = rows[0].iter().position(|key| key == "tonnes_share_rank").unwrap();
    for (dock, ends) in [("c", ["1", "2"]), ("d", ["1", "2"]), ("b", ["3", "3"]), ("a", ["4", "4"])] {
        assert_eq!(row(&rows, dock)[at + 1..=at + 2], ends, "{dock}");
    }
    // 30, 12, 12 and 12 of 66: exact, by columns too.
    for bytes in ["0", "1000000"] {
        let line = "open things --share --rank --period 2022";
        let rows = made.ask(line).var("AISTAT_LIMIT_EXACT_BYTES", bytes).csv();
        let at = rows[0].iter().position(|key| key == "count_share_rank").unwrap();
        assert_eq!(row(&rows, "b")[at..at + 3], ["1", "1", "1"], "{bytes}");
        assert_eq!(row(&rows, "a")[at..at + 3], ["2", "2", "4"], "{bytes}");
    }
}

/// The report names two countries, one of them without a number, and says that China is second.
#[test]
fn an_open_rank_is_no_single_value() {
    let line = "world talent --where country=china --rank";
    let rows = aistat(line).csv();
    assert_eq!(rows[1][3..6], ["1", "1", ""]);
    let output = aistat(&format!("{line} --value")).run();
    assert_eq!((output.exit, output.out.as_str()), (Exit::No, ""));
    assert!(output.err.contains("no single value: the rank may be ≥ 1"), "{}", output.err);
    let table = aistat(&format!("{line} -f table")).ok().out;
    assert!(table.contains("≥ 1"), "{table}");
    assert_eq!(aistat(&format!("{line} --derived --value")).ok().out, "2\n");
    let bounded = aistat("shenzhen companies --by-district --rank --where district=nanshan --value").run();
    assert!(bounded.err.contains("no single value: the rank may be 1–6"), "{}", bounded.err);
    // 0.6 is 0.55 to 0.65 and 0.7 is 0.65 to 0.75: they may be equal. Others than the seven frameworks may be before all.
    let tie = aistat("world frameworks --rank=watchers --measure watchers").csv();
    assert_eq!(row(&tie, "ncnn")[4..], ["6", "4", ""]);
}

/// In a package that says what its members are, a condition chooses rows, whatever its sign.
#[test]
fn unequal_chooses_rows_as_equal_does() {
    let output = aistat("shenzhen companies --by-district --rank --where district!=nanshan").ok();
    assert!(output.out.contains("\n2023,longhua,280,2,2,7,"), "{}", output.out);
    assert!(!output.err.contains("leave out"), "{}", output.err);
    let shares = aistat("shenzhen companies --by-district --share --where district!=nanshan").column("companies_share");
    // 100·280/1646
    assert_eq!(shares[0], "17.01093560145808");
}

#[test]
fn members_are_left_out_where_nothing_is_said_of_them() {
    let made = Made::new();
    // 12 + 12 + 12 are left of 12 + 30 + 12 + 12; each is 11.5 to 12.5, and so the first or the third.
    let output = made.ask("open things --share --rank --period 2022 --where item!=b").ok();
    assert!(output.out.contains("2022,a,12,33.333333333333336,1,1,3"), "{}", output.out);
    assert!(output.err.contains("ranks and shares leave out b"), "{}", output.err);
}

#[test]
fn the_rank_that_sorts_is_shown() {
    let rows = aistat("world frameworks --rank=users --measure stars").csv();
    assert_eq!(rows[0][3..], ["stars", "users_rank", "users_rank_lower", "users_rank_upper"]);
    assert_eq!(rows[1][1..5], ["pytorch", "foreign", "75.9", "1"]);
    // Of the sets in each language only the share is printed: 56.9 and 5.6 %.
    let shares = aistat("world datasets --rank").ok();
    assert!(shares.out.starts_with("period,language,datasets,datasets_share,datasets_share_mark,datasets_share_rank"));
    assert!(shares.err.contains("'Open-source datasets' has no number: ranked by"), "{}", shares.err);
}

/// `ORDER BY … LIMIT`: what `--sort` puts in order, `--top` cuts, from either end.
#[test]
fn the_top_of_a_sorted_answer() {
    let most = aistat("world frameworks --sort -forks --top 2 --measure forks").column("framework");
    assert_eq!(most, ["tensorflow", "pytorch"]);
    // 0.6 and 0.7 thousand.
    let least = aistat("world frameworks --sort forks --top 2 --measure forks").column("framework");
    assert_eq!(least, ["oneflow", "mindspore"]);
    let made = Made::new();
    for exact in ["", "0"] {
        let ask = made.ask("open things --sort count --top 1 --period 2021");
        let ask = if exact.is_empty() { ask } else { ask.var("AISTAT_LIMIT_EXACT_BYTES", exact) };
        assert_eq!(ask.column("item"), ["c"]);
    }
}

#[test]
fn attributes_sort_by_the_order_of_their_list() {
    // Foreign stands before domestic in its list.
    let origins = aistat("world frameworks --sort origin --measure stars").column("origin");
    assert_eq!(origins, ["foreign", "foreign", "foreign", "domestic", "domestic", "domestic", "domestic"]);
    let turned = aistat("world frameworks --sort -origin --measure stars").column("origin");
    assert_eq!(turned[0], "domestic");
}

#[test]
fn columns_of_a_pivot_sort() {
    let rows = aistat("china internet --pivot period --sort -users_2023 --measure users").csv();
    // Exhibit 14: 10.7, 9.5, 9.1.
    let names: Vec<&str> = rows[1..4].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, ["online-video", "online-payment", "online-shopping"]);
    let least = aistat("china internet --pivot period --sort users_2023 --measure users").csv();
    assert_eq!(least[1][0], "online-audio");
}

#[test]
fn the_rest_follows_from_the_total() {
    // 1646 − 645 − 280 − 253 = 468.
    let rows = aistat("shenzhen companies --by-district --top 3 --rest --derived").csv();
    assert_eq!(row(&rows, "rest")[2..6], ["468", "468", "468", "exact"]);
    // 806 or 807 less 337: seed and angel. The rest of the rounds is at most 1114 − 337 = 777.
    let rounds = args(["shenzhen", "financing", "--by-round", "--top", "1", "--rest", "--derived"]).csv();
    assert_eq!(row(&rounds, "rest")[2..5], ["", "469", "777"]);
}

/// A subtotal has no ratio to a member and is none to refer to; a member is once as much as itself, however it was rounded.
#[test]
fn ratios_run_over_leaf_members() {
    let rows = aistat("shenzhen financing --by-round --relative-to angel --bounds").csv();
    let at = rows[0].iter().position(|key| key == "deals_relative").unwrap();
    assert_eq!(row(&rows, "angel")[at..at + 4], ["1", "1", "1", "exact"]);
    // 337/295
    assert_eq!(row(&rows, "a")[at], "1.1423728813559322");
    assert_eq!(row(&rows, "seed-to-a")[at], "");
    // 75.9 is 75.85 to 75.95, and all of it is itself.
    let stars = aistat("world frameworks --relative-to pytorch --measure stars --bounds").csv();
    let at = stars[0].iter().position(|key| key == "stars_relative").unwrap();
    assert_eq!(row(&stars, "pytorch")[at..at + 4], ["1", "1", "1", "exact"]);
    assert_ne!(row(&stars, "ncnn")[at + 1], row(&stars, "ncnn")[at + 2]);
}

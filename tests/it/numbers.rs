//! The numbers of one dataset: what is printed, and statistics worked out by hand.

use crate::harness::{aistat, args};
use aistat::Exit;

#[test]
fn a_dataset_is_printed_digit_for_digit() {
    let output = aistat("shenzhen financing --by-round").ok();
    // Exhibit 29, section 4.6.2.
    let expected = "\
period,round,deals,deals_mark,deals_share,deals_share_mark
../2023,seed,,lost,,lost
../2023,angel,295,,26.5,
../2023,a,337,,30.3,
../2023,b,,lost,,lost
../2023,c-d,,lost,,lost
../2023,pre-ipo,,lost,,lost
../2023,seed-to-a,,,72.4,
";
    assert_eq!(output.out, expected);
}

#[test]
fn names_are_taken_in_both_languages() {
    let code = aistat("shenzhen financing --by-round --where round=angel").ok().out;
    let name = args(["深圳", "融资", "--by-融资轮次", "--where", "融资轮次=天使轮"]).ok().out;
    assert_eq!(code, name);
    assert!(code.ends_with("../2023,angel,295,,26.5,\n"), "{code}");
}

#[test]
fn printed_shares_stay_and_empty_ones_are_filled() {
    let shares = aistat("shenzhen companies --by-district --share").column("companies_share");
    // Printed 39.2; then 100·280/1646, 100·253/1646, 100·169/1646, 100·166/1646; the rest have no number.
    let expected = [
        "39.2",
        "17.01093560145808",
        "15.370595382746052",
        "10.267314702308626",
        "10.08505467800729",
        "",
        "",
        "",
        "",
        "",
    ];
    assert_eq!(shares, expected);
}

#[test]
fn printed_growth_stays_and_gaps_say_why() {
    let output = aistat("shenzhen scale --growth -f json").ok().out;
    let json: serde_json::Value = serde_json::from_str(&output).unwrap();
    let growth: Vec<String> = json["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| match &row["scale_growth"] {
            serde_json::Value::Null => row["scale_growth_missing"].as_str().unwrap().to_owned(),
            number => number.to_string(),
        })
        .collect();
    // 2019 is not printed; 2020 and 2023 are; the levels of 2021 and 2022 are lost with the chart.
    assert_eq!(growth, ["not-printed", "3.2", "lost", "lost", "12.1"]);
}

#[test]
fn growth_without_a_base_is_empty() {
    let growth = aistat("shenzhen financing --growth --measure amount -f json").ok().out;
    let json: serde_json::Value = serde_json::from_str(&growth).unwrap();
    let reason = |period: &str| {
        let row = json["rows"].as_array().unwrap().iter().find(|row| row["period"] == period).unwrap().clone();
        row["amount_growth_missing"].as_str().map(str::to_owned)
    };
    assert_eq!(reason("2013").as_deref(), Some("gap"));
    assert_eq!(reason("2014").as_deref(), Some("lost"));
    assert_eq!(reason("2023").as_deref(), Some("no-base"));
    assert_eq!(reason("../2023").as_deref(), Some("not-printed"));
}

#[test]
fn change_index_and_cagr() {
    let rows = aistat("shenzhen financing --index=2013 --measure deals --period 2013,2021,2023").column("deals_index");
    // 100·163/8, 100·76/8.
    assert_eq!(rows, ["100", "2037.5", "950"]);
    let cagr = aistat("shenzhen scale --cagr --period 2020..2023").csv();
    assert_eq!(cagr[0], ["period", "scale_cagr"]);
    assert_eq!(cagr[1][0], "2020/2023");
    // 387/287 = 1.348432…, its cube root 1.104786…: 1.1047866³ = 1.348434.
    let rate: f64 = cagr[1][1].parse().unwrap();
    assert!(((1.0 + rate / 100.0).powi(3) - 387.0 / 287.0).abs() < 1e-12, "{rate}");
}

#[test]
fn ranks_leave_room_for_members_without_a_number() {
    let rows = aistat("shenzhen companies --by-district --rank").csv();
    assert_eq!(
        rows[0],
        [
            "period",
            "district",
            "companies",
            "companies_rank",
            "companies_rank_lower",
            "companies_rank_upper",
            "companies_share",
            "companies_share_mark"
        ]
    );
    // Five of ten have a number: each of the five others may stand above any of them.
    assert_eq!(rows[1][1..6], ["nanshan", "645", "1", "1", "6"]);
    assert_eq!(rows[5][1..6], ["futian", "166", "5", "5", "10"]);
    assert_eq!(rows[6][2..6], ["", "", "", ""]);
    // Where the members listed are not all there are, nothing bounds a rank from above.
    let open = aistat("world companies --rank --where country=uk").csv();
    assert_eq!(open[1], ["2023", "uk", "3136", "", "4", "4", ""]);
}

#[test]
fn top_keeps_ties_and_the_rest_adds_levels_only() {
    let output = aistat("world frameworks --top 3 --rest --measure stars,users,contributors").ok();
    let rows: Vec<&str> = output.out.lines().collect();
    assert_eq!(rows[0], "period,framework,origin,stars,users,users_mark,contributors");
    assert_eq!(rows[1], "2023,tensorflow,foreign,181,340,,3.5");
    assert_eq!(rows[2], "2023,pytorch,foreign,75.9,385,,3.2");
    assert_eq!(rows[3], "2023,paddlepaddle,domestic,21.4,4.5,,0.9");
    // 17.4 + 18.8 + 4 + 5.6; the users of three are a dash, of one illegible; 0.2 + 0.3 + 0.5 + 0.2.
    assert_eq!(rows[4], "2023,rest,,45.8,,,1.2");
    assert_eq!(rows.len(), 5);
    assert!(output.err.contains("4 rows left out"), "{}", output.err);
    // Contributors of CNTK and OneFlow tie at 0.2 on rank 6.
    assert_eq!(aistat("world frameworks --rank=contributors --top 6").column("framework").len(), 7);
}

#[test]
fn ranks_by_another_column() {
    let rows = aistat("world frameworks --rank=contributors --measure contributors").csv();
    assert_eq!(rows[1][1..5], ["tensorflow", "foreign", "3.5", "1"]);
    let order: Vec<&str> = rows[1..].iter().map(|row| row[1].as_str()).collect();
    assert_eq!(order, ["tensorflow", "pytorch", "paddlepaddle", "mindspore", "ncnn", "cntk", "oneflow"]);
    let ranks: Vec<&str> = rows[1..].iter().map(|row| row[4].as_str()).collect();
    assert_eq!(ranks, ["1", "2", "3", "4", "5", "6", "6"]);
}

#[test]
fn ratio_to_a_member() {
    // 14922/9183 to the nearest f64.
    assert_eq!(
        aistat("world companies --relative-to china --period 2023 --where country=us").column("companies_relative"),
        ["1.6249591636720027"]
    );
}

#[test]
fn bounds_come_from_the_printed_digits() {
    let rows = aistat("shenzhen scale --period 2023 --bounds").csv();
    let header: Vec<&str> = rows[0].iter().map(String::as_str).collect();
    assert_eq!(
        header,
        [
            "period",
            "scale",
            "scale_lower",
            "scale_upper",
            "scale_claim",
            "scale_basis",
            "scale_mark",
            "scale_growth",
            "scale_growth_lower",
            "scale_growth_upper",
            "scale_growth_claim",
            "scale_growth_basis",
        ]
    );
    assert_eq!(rows[1][1..6], ["387", "386.5", "387.5", "printed", "printed"]);
    assert_eq!(rows[1][7..10], ["12.1", "12.05", "12.15"]);
    // A whole count printed to the unit is exact; an unnamed currency is an assumed basis.
    let deals = aistat("china financing --period 2023 --bounds --measure deals").csv();
    assert_eq!(deals[1][1..6], ["590", "590", "590", "printed", "printed"]);
    assert_eq!(aistat("china financing --period 2023 --bounds --measure amount").column("amount_basis"), ["assumed"]);
}

#[test]
fn a_marked_number_is_one_sided() {
    let rows = aistat("china patents --period 2023 --bounds --measure applications").csv();
    // Nearly 8万件: a count below 80 000.
    assert_eq!(rows[1][1..4], ["8", "0", "7.9999"]);
    // 6080 of fewer than 80 000: more than 7.6 %, and no single value.
    let share = aistat("compare shenzhen/patents china/patents --as share --period 2023 --bounds").csv();
    let at = |key: &str| share[0].iter().position(|have| have == key).unwrap();
    assert_eq!(share[1][at("shenzhen_applications_share")], "");
    assert_eq!(share[1][at("shenzhen_applications_share_lower")], "7.60009500118");
}

#[test]
fn sources_stand_beside_the_rows() {
    let rows = aistat("shenzhen financing --source --period 2023,../2023").csv();
    assert_eq!(rows[1][rows[1].len() - 2..], ["28", "4.6.1"]);
    assert_eq!(rows[2][rows[2].len() - 2..], ["", "4.6.2"]);
    let output = aistat("shenzhen scale").ok();
    assert!(output.err.contains("来源:深圳市人工智能行业协会"), "{}", output.err);
}

#[test]
fn latest_is_the_last_plain_period() {
    assert_eq!(aistat("shenzhen financing --period latest").column("deals"), ["76"]);
    let output = aistat("shenzhen financing --by-round --period latest").ok();
    assert_eq!(output.out.lines().count(), 1);
    assert!(output.err.contains("../2023"), "{}", output.err);
    assert_eq!(aistat("shenzhen financing --by-round --period ../2023").csv().len(), 8);
    assert_eq!(
        aistat("shenzhen financing --period 2020..2023 --measure deals").column("period"),
        ["2020", "2021", "2022", "2023"]
    );
}

#[test]
fn one_value_for_scripts() {
    assert_eq!(aistat("shenzhen financing --by-round --where round=a --measure deals --value").ok().out, "337\n");
    // Of the sets in English only the share is printed: 56.9 %.
    let share = aistat("world datasets --where language=english --value").run();
    let line = "aistat world datasets --where language=english --value --share";
    assert_eq!(
        share.err,
        format!("no number: not printed\nthere is a number for 'Share of open-source datasets'. Try: {line}\n")
    );
    assert_eq!(args(line.split(' ').skip(1)).ok().out, "56.9\n");
    assert_eq!(
        aistat("shenzhen companies --by-district --share --where district=longhua --value --digits 1").ok().out,
        "17.0\n"
    );
    let missing = aistat("shenzhen financing --period 2022 --measure deals --value").run();
    assert_eq!((missing.exit, missing.out.as_str()), (Exit::No, ""));
    assert!(missing.err.contains("lost with the chart"), "{}", missing.err);
    assert!(aistat("shenzhen financing --value").refused().contains("--value prints one cell"));
}

#[test]
fn sorting_is_total_and_missing_comes_last() {
    let order = aistat("shenzhen financing --sort -amount --measure amount").column("period");
    assert_eq!(order[..3], ["2021", "2023", "2013"]);
    assert_eq!(order[3..], ["2014", "2015", "2016", "2017", "2018", "2019", "2020", "2022", "../2023"]);
    assert_eq!(aistat("world companies --sort country").column("country")[..2], ["us", "china"]);
}

#[test]
fn pivot_spreads_a_key_over_columns() {
    let rows = aistat("china internet --pivot application --measure users --period 2023").csv();
    assert_eq!(rows[0][..3], ["period", "users_online-video", "users_online-payment"]);
    assert_eq!(rows[1][..3], ["2023", "10.7", "9.5"]);
}

#[test]
fn attributes_of_members_filter() {
    let rows = aistat("world frameworks --where origin=foreign --measure stars").column("framework");
    assert_eq!(rows, ["tensorflow", "pytorch", "cntk"]);
    assert_eq!(aistat("world frameworks --where framework!=pytorch,cntk --measure stars").csv().len(), 6);
}

/// Exhibit 32: 181 + 75.9 + 17.4 and 21.4 + 18.8 + 4.0 + 5.6, each printed to a tenth but for the first, printed to the unit. The
/// users of one foreign framework are illegible, those of three others a dash.
#[test]
fn attributes_of_members_add_up() {
    let rows = aistat("world frameworks --by-origin --measure stars --bounds").csv();
    assert_eq!(rows[0][..5], ["period", "origin", "stars", "stars_lower", "stars_upper"]);
    assert_eq!(rows[1][1..5], ["foreign", "274.3", "273.7", "274.9"]);
    assert_eq!(rows[2][1..5], ["domestic", "49.8", "49.6", "50"]);
    let users = aistat("world frameworks --by-origin --measure users -f ndjson").ok().out;
    let reasons: Vec<&str> = users.lines().map(|line| line.split('"').rev().nth(1).unwrap()).collect();
    assert_eq!(reasons, ["illegible", "dash"]);
    let ratio = aistat("world frameworks --by-origin --measure forks --relative-to foreign --digits 3").csv();
    // (5.4 + 4.0 + 0.7 + 0.6) / (73.7 + 20.6 + 4.3)
    assert_eq!(ratio[2][3], "0.109");
}

/// Exhibit 21: Shenzhen Bay, Nanshan Zhiyuan and Xunmei Plaza stand in Nanshan: 188 + 66 + 24. The codes of the attribute
/// are those of a list of its own, whose names and order they take.
#[test]
fn attributes_have_the_names_of_their_list() {
    let rows = aistat("shenzhen parks --by-所在区 --measure floor_area --lang zh --headers title").csv();
    assert_eq!(rows[0], ["时期", "所在区", "建筑面积(万㎡)"]);
    assert!(rows.contains(&vec!["2023".to_owned(), "南山区".to_owned(), "278".to_owned()]), "{rows:?}");
}

/// Users of PyTorch at least, and nothing above: what is derived is the sum of what follows for each.
#[test]
fn sums_over_attributes_are_derived() {
    let rows = aistat("world frameworks --by-origin --measure users --derived").csv();
    // 340 and 385 printed to the unit; 4.5 to a tenth.
    assert_eq!(rows[1][2..6], ["", "724", "", "tight"]);
    assert_eq!(rows[2][2..6], ["", "4.45", "", "tight"]);
}

/// Anhui is the one province of its region whose universities are printed: its 127 are not the region's.
#[test]
fn sums_that_lack_a_member_are_empty() {
    let output = aistat("china universities --by-region --bounds").ok();
    assert!(output.out.contains("\n2023,yangtze-delta,,,,missing,\n"), "{}", output.out);
    assert!(
        output.err.contains("no row for Shanghai, Jiangsu, Zhejiang, Tianjin, Hebei, Guangdong, Macao"),
        "{}",
        output.err
    );
}

#[test]
fn values_of_attributes_are_taken_in_both_languages() {
    let code = aistat("world frameworks --where origin=domestic --measure stars").column("framework");
    assert_eq!(code, ["paddlepaddle", "ncnn", "mindspore", "oneflow"]);
    let name = args(["world", "frameworks", "--where", "国别=国内", "--measure", "stars"]).column("framework");
    assert_eq!(code, name);
    // Exhibit 21 names this company in one park's list.
    assert_eq!(args(["shenzhen", "parks", "--where", "representatives=宝德"]).column("park"), ["baoneng"]);
}

/// 1114 deals until the end of 2023 have no index on the 8 of the year 2013; 163 and 76 have.
#[test]
fn an_index_is_of_periods_of_one_kind() {
    let index =
        aistat("shenzhen financing --index=2013 --measure deals --period 2021,2023,../2023").column("deals_index");
    assert_eq!(index, ["2037.5", "950", ""]);
}

#[test]
fn growth_over_one_number_has_no_base() {
    let json = aistat("china scale --cagr -f ndjson").ok().out;
    // Of 2022 and 2023 one is printed: the row stands for both, since a growth rate of one year is none.
    assert_eq!(json, "{\"period\":\"2022/2023\",\"scale_cagr\":null,\"scale_cagr_missing\":\"no-base\"}\n");
}

/// A chart whose numbers are lost is answered, whatever is asked of it.
#[test]
fn what_is_lost_is_answered() {
    for statistic in ["--index", "--growth", "--change", "--cagr", "--index=2010"] {
        let rows = aistat(&format!("china startups {statistic}")).csv();
        assert!(rows[1..].iter().all(|row| row.last().unwrap().is_empty()), "{statistic}: {rows:?}");
    }
    let reason = aistat("china startups --index --period 2023 -f ndjson").ok().out;
    assert!(reason.contains("\"companies_index_missing\":\"lost\""), "{reason}");
}

const ENDS: &str = r#"{"name": "port", "resources": [
 {"name": "ends", "path": "ends.csv", "aistat:area": "port", "aistat:topic": "ends", "aistat:title": {"zh": "两端", "en": "Ends"},
  "schema": {"primaryKey": ["period"], "missingValues": [""], "fields": [{"name": "period", "type": "string"},
   {"name": "people", "type": "number", "aistat:unit": "n", "aistat:kind": "stock", "aistat:title": {"zh": "人", "en": "People"}},
   {"name": "cars", "type": "number", "aistat:unit": "n", "aistat:kind": "stock", "aistat:title": {"zh": "车", "en": "Cars"}}]}},
 {"name": "units", "path": "units.csv", "aistat:role": "codes", "aistat:title": {"zh": "单位", "en": "Units"}}]}"#;

/// Each measure runs over its own ends: the trial's people are known from 2020 to 2022, its cars from 2021 to 2023.
#[test]
fn compound_growth_says_between_which_years() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    file("datapackage.json", ENDS);
    file("units.csv", "code,zh,en,family,power\nn,个,items,n,0\n");
    file("ends.csv", "period,people,cars\n2020,100.0,\n2021,110.0,200.0\n2022,121.0,240.0\n2023,,288.0\n");
    let ask = |line: &str| args(line.split(' ')).arg("--data").arg(&folder.path().to_string_lossy()).csv();
    // 100 to 121 in two years, and 200 to 288 in two; cars have no number in 2020, nor people in 2023.
    assert_eq!(
        ask("port ends --cagr"),
        [["period", "people_cagr", "cars_cagr"], ["2020/2022", "10", ""], ["2021/2023", "", "20"]]
    );
    // 110 to 121, and 200 to 240, in a year.
    assert_eq!(ask("port ends --cagr --period 2021..2022")[1], ["2021/2022", "10", "20"]);
    // One period has no growth.
    let alone = aistat("world research --cagr").ok();
    assert_eq!(alone.out, "period,country,publications_cagr,high_impact_cagr\n");
    assert!(alone.err.contains("takes numbers of two periods"), "{}", alone.err);
}

/// The report gives ranges of 1 to 2 for 2011 to 2015: four growth rates have bounds and no value, and one over all years.
#[test]
fn cells_with_bounds_alone_are_counted() {
    let growth = aistat("shenzhen innovation --growth").ok();
    assert_eq!(growth.out.lines().skip(1).filter(|line| line.ends_with(',')).count(), 14);
    assert!(growth.err.contains("4 cells have no single value (4 a range in the report)"), "{}", growth.err);
    let over = aistat("shenzhen innovation --cagr").ok();
    assert!(over.err.contains("1 cell has no single value (1 a range in the report); --bounds"), "{}", over.err);
    let bounds = aistat("shenzhen innovation --cagr --bounds").ok();
    assert!(!bounds.err.contains("no single value"), "{}", bounds.err);
}

#[test]
fn an_answer_without_rows_says_why() {
    let said = |line: &str, word: &str| {
        let output = aistat(line).ok();
        assert_eq!(output.out.lines().count(), 1, "{line}\n{}", output.out);
        assert!(output.err.contains(word), "{line}\n{}", output.err);
    };
    said("shenzhen scale --period 1990..1999", "no row for 1990..1999; the periods there are: 2019, 2020");
    said("world frameworks --where framework~xyz", "no row meets --where framework~xyz");
    let both = "world frameworks --where framework=ncnn --where origin=foreign";
    said(both, "no row meets --where framework=ncnn; origin=foreign");
    let low = "shenzhen companies --by-district --where district=futian,longgang --top 1";
    said(low, "no row asked for is among the first 1 of its period");
    let some = aistat("shenzhen scale --period 2023,1999").ok();
    assert_eq!(some.out.lines().count(), 2);
    assert!(some.err.contains("no row for 1999;"), "{}", some.err);
}

#[test]
fn one_cell_of_a_pivot_is_a_value() {
    // Exhibit 10, section 3.2.1.
    assert_eq!(aistat("world companies --pivot country --where country=us --value").ok().out, "14922\n");
    assert!(aistat("world companies --pivot country --value").refused().contains("1 row and 14 columns"));
    // What tells members apart is no key beside them.
    assert_eq!(aistat("world frameworks --pivot framework --measure stars").csv().len(), 2);
}

/// Exhibits 17 and 18 have five documents of 2023, two of them of July, and none of 2018.
#[test]
fn a_year_without_a_row_of_its_own_is_its_months() {
    let periods = |line: &str| aistat(line).csv().into_iter().skip(1).map(|row| row[0].clone()).collect::<Vec<_>>();
    let mut of_2023 = periods("shenzhen policy --period 2023");
    of_2023.sort();
    assert_eq!(of_2023, ["2023-05", "2023-06", "2023-07", "2023-07", "2023-10"]);
    let of_2023 = periods("shenzhen policy --period 2023");
    assert_eq!(of_2023, periods("shenzhen policy --period 2023..2023"));
    assert_eq!(periods("shenzhen policy --period 2018,2023"), of_2023);
    assert!(aistat("shenzhen policy --period 2018,2023").ok().err.contains("no row for 2018"));
    // What is counted says of which dates.
    let counted = aistat("shenzhen policy --by-issuer --period 2023").ok();
    assert!(counted.err.contains("how many records the table has, of the dates chosen together"), "{}", counted.err);
}

/// 4.2.2 prints 645, 280 and three more numbers in prose, the share of 645 in exhibit 20.
#[test]
fn a_pivot_has_one_row_with_all_its_sources() {
    let rows = aistat("shenzhen companies --by-district --pivot district --source").csv();
    assert_eq!(rows.len(), 2, "{rows:?}");
    let cell = |name: &str| rows[1][rows[0].iter().position(|key| key == name).unwrap()].as_str();
    assert_eq!((cell("companies_nanshan"), cell("companies_longhua")), ("645", "280"));
    assert_eq!((cell("exhibit"), cell("section")), ("20", "4.2.2"));
    let rows = aistat("shenzhen financing --by-round --pivot round --source").csv();
    assert_eq!((rows.len(), rows[1].last().unwrap().as_str()), (2, "4.6.2"));
}

#[test]
fn measures_stand_in_the_order_asked() {
    let header = |line: &str| aistat(line).csv().remove(0).join(",");
    let asked = header("shenzhen financing --measure deals,amount --growth");
    assert_eq!(asked, "period,deals,deals_mark,deals_growth,amount,amount_mark,amount_growth");
    let asked = header("shenzhen financing --measure 融资金额,deals");
    assert_eq!(asked, "period,amount,amount_mark,deals,deals_mark");
}

/// Exhibit 14 has no column for 2022 but its growth, and growth stands before the share; exhibit 24 has shares alone; of
/// exhibit 17's six documents two are printed without a count.
#[test]
fn an_exhibit_is_shown_as_it_is_printed() {
    let rows = aistat("show 14").csv();
    assert_eq!(rows[0], ["application", "users", "users_growth", "users_share"]);
    assert_eq!((rows.len(), rows[1].join(",")), (12, "online-video,10.7,3.5,97.7".to_owned()));
    assert_eq!(aistat("show 24").csv()[0], ["layer", "companies_share"]);
    // Exhibit 16 has the year beside what was added up until it; its title names no one period.
    assert_eq!(aistat("show 16").csv()[0][..2], ["period", "country"]);
    assert_eq!(aistat("show 17").csv().len(), 7);
    let sourced = aistat("show 6 --source --period 2023").csv();
    assert_eq!(sourced[1].join(","), "2023,1751,,6,3.1.1");
}

/// Exhibit 21 has no district and no number of companies, which prose tells; exhibit 32 has the origin before the framework;
/// exhibits 17 and 18 have the time and the title first.
#[test]
fn an_exhibit_has_its_own_columns_in_its_order() {
    let header = |line: &str| aistat(line).csv().remove(0).join(",");
    assert_eq!(header("show 21"), "park,floor_area,positioning,representatives");
    assert_eq!(header("show 21 --measure companies"), "park,positioning,representatives,companies");
    // Prose tells the number of companies, and so a note of it is none of the exhibit.
    let note = "Numbers of companies come from prose";
    assert!(!aistat("show 21").ok().err.contains(note));
    assert!(aistat("show 21 --measure companies").ok().err.contains(note));
    let ranked = header("show 21 --rank");
    assert!(ranked.starts_with("park,floor_area,floor_area_rank,"), "{ranked}");
    assert!(ranked.ends_with(",positioning,representatives"), "{ranked}");
    // The titles name the units: percent alone, or units of counts alone, which growth has not.
    assert_eq!(header("show 20"), "district,companies_share,companies_share_mark");
    assert_eq!(header("show 30"), "category,postings,postings_mark");
    assert_eq!(header("show 26"), "period,applications,applications_mark");
    assert_eq!(header("show 32"), "origin,framework,stars,watchers,forks,users,users_mark,contributors");
    assert!(header("show 18").starts_with("period,document,"), "{}", header("show 18"));
    assert_eq!(aistat("show 32").csv()[1].join(","), "foreign,tensorflow,181,7.7,73.7,340,,3.5");
}

#[test]
fn each_side_of_a_comparison_keeps_its_mark_and_source() {
    let rows = aistat("compare shenzhen/patents china/patents --period 2023 --source").csv();
    assert_eq!(rows[0][3..5], ["china_applications", "china_applications_mark"]);
    assert_eq!(rows[1].join(","), "2023,6080,,8,nearly,,26,4.5.1,9,3.1.4");
    let repeated = aistat("compare shenzhen/companies china/companies").ok();
    assert!(repeated.err.contains("shenzhen/companies has no region"), "{}", repeated.err);
}

/// Employees and universities are told in section 4.7.2, job postings in 4.7.1.
#[test]
fn sources_of_cells_are_told() {
    let sections = aistat("shenzhen talent --source").column("section");
    assert_eq!(sections, ["4.7.1; 4.7.2"]);
    assert_eq!(aistat("shenzhen talent --source --measure employees").column("section"), ["4.7.2"]);
}

/// Exhibit 21 has floor areas, and prose alone tells how many companies a park has; exhibit 20 has percentages, exhibit 19
/// hundreds of millions, exhibit 30 numbers of postings.
#[test]
fn numbers_in_prose_alone_have_no_exhibit() {
    let exhibits = |line: &str| aistat(line).column("exhibit");
    assert_eq!(exhibits("shenzhen parks --source"), ["21"; 6]);
    assert_eq!(exhibits("shenzhen parks --source --measure companies"), [""; 6]);
    assert_eq!(exhibits("shenzhen parks --by-district --source --measure companies"), [""; 4]);
    assert_eq!(aistat("show 21").csv().len(), 7);
    assert_eq!(exhibits("shenzhen companies --by-district --source --period 2023")[..2], ["20", ""]);
    let places: Vec<String> =
        aistat("dump").csv().iter().map(|row| [&row[0], &row[7], &row[3]].map(|text| &**text).join(" ")).collect();
    for place in [
        "shenzhen/parks/park floor_area 21",
        "shenzhen/parks/park companies ",
        "shenzhen/companies/district companies ",
        "shenzhen/companies/district companies_share 20",
        "shenzhen/scale scale 19",
        "shenzhen/scale scale_growth ",
        "shenzhen/talent/category postings 30",
        "shenzhen/talent/category postings_share ",
        "shenzhen/talent/category postings_growth ",
    ] {
        assert!(places.iter().any(|own| own == place), "{place}");
    }
    let compared = aistat("compare shenzhen/companies/district shenzhen/companies -f table").ok().out;
    assert!(compared.lines().last().unwrap().ends_with(" · section 4.2.2; section 4.3.1"), "{compared}");
}

/// 8 applications and then 6080 after 23 years: 760^(1/23) is 1.33429778…
#[test]
fn bounds_of_a_root_have_few_more_digits_than_it() {
    let shown = aistat("shenzhen patents --cagr --bounds -f table").ok().out;
    assert!(shown.contains(" 33.4  33.429–33.430\n"), "{shown}");
}

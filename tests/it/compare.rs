//! Datasets side by side.

use crate::harness::aistat;

/// The header and the first row of a comparison, as CSV.
fn first(line: &str) -> (String, String) {
    let rows = aistat(line).csv();
    (rows[0].join(","), rows[1].join(","))
}

#[test]
fn titles_tell_the_sides_apart() {
    let header = |line: &str| aistat(&format!("compare {line} --headers title")).csv().remove(0);
    // One area, two topics or breakdowns: what differs is named.
    assert_eq!(
        header("shenzhen/companies/district shenzhen/companies")[2..],
        [
            "Shenzhen companies by district, companies (entities)",
            "Shenzhen companies, companies (entities)",
            "Shenzhen companies by district to Shenzhen companies, companies share (%)"
        ]
    );
    assert_eq!(
        header("shenzhen/companies/district shenzhen/companies --lang zh")[2..4],
        ["深圳企业按区:企业数量(家)", "深圳企业:企业数量(家)"]
    );
    // Two areas: they are enough.
    assert_eq!(header("shenzhen/scale china/scale")[1], "Shenzhen, core industry scale (100 million yuan)");
}

#[test]
fn measures_of_other_names_are_a_pair_where_each_side_has_one_of_those_named() {
    // Exhibit 28: 73.3; exhibit 19: 387. 73.3 / 387 = 0.18940…
    let (header, row) =
        first("compare shenzhen/financing shenzhen/scale --measure amount,scale --as ratio --period 2023 --digits 4");
    assert_eq!(
        header,
        "period,shenzhen_financing_amount,shenzhen_financing_amount_mark,shenzhen_scale_scale,shenzhen_scale_scale_mark,shenzhen_financing_amount_ratio"
    );
    assert_eq!(row, "2023,73.3,,387,,0.1894");
    let refused = aistat("compare shenzhen/financing shenzhen/scale --measure deals,scale --as ratio").refused();
    assert!(refused.contains("unlike units cannot be compared: deals and 100 million yuan"), "{refused}");
    let refused = aistat("compare shenzhen/financing shenzhen/scale --measure amount,deals,scale").refused();
    assert!(refused.contains("they have no measure in common"), "{refused}");
    let refused = aistat("compare shenzhen/financing shenzhen/scale --measure amount,penguins").refused();
    assert!(refused.contains("there is no measure 'penguins'"), "{refused}");
}

#[test]
fn a_dimension_with_one_member_left_does_not_keep_sides_apart() {
    // Section 3.4: 3359, 2354 and 2118 companies in three regions; exhibit 10: 9183 in China.
    // 3359 / 9183 = 36.578…, 2354 / 9183 = 25.634…, 2118 / 9183 = 23.064… %.
    let line = "compare china/companies/region world/companies --where country=china --digits 2";
    let shares = aistat(line).column("china_companies_share");
    assert_eq!(shares, ["36.58", "25.63", "23.06"]);
    assert_eq!(aistat(line).csv()[0][..2], ["period", "region"]);
    assert!(aistat(line).ok().err.contains("world/companies/country: country is China"));
    // Either way round, and with a further condition.
    let turned = "compare world/companies china/companies/region --where country=china;region=jing-jin-ji --as ratio";
    assert_eq!(aistat(&format!("{turned} --digits 2")).column("world_companies_ratio"), ["3.90"]);
    let refused = aistat("compare china/companies/region world/companies").refused();
    assert!(refused.contains("they have no common key"), "{refused}");
    // Neither has a dataset without dimensions: the line to type leaves one country.
    let line = "compare china/companies/region world/companies --where country=us";
    assert!(refused.ends_with(&format!("  try: aistat {line}\n")), "{refused}");
    assert_eq!(aistat(line).csv().len(), 1 + 3);
}

#[test]
fn printed_growth_differs_by_percentage_points() {
    // Exhibits 19 and 6: 12.1 % and 11.9 % in 2023.
    let line = "compare shenzhen/scale china/scale --measure scale_growth --period 2023";
    let (header, row) = first(&format!("{line} --as difference"));
    assert_eq!(header, "period,shenzhen_scale_growth,china_scale_growth,shenzhen_scale_growth_difference");
    assert_eq!(row, "2023,12.1,11.9,0.2");
    let table = aistat(&format!("{line} --as difference -f table")).ok().out;
    assert!(table.contains("percentage points"), "{table}");
    let refused = aistat(&format!("{line} --as ratio")).refused();
    assert!(refused.contains("scale_growth is a growth rate"), "{refused}");
    assert!(refused.ends_with(&format!("try: aistat {line} --as difference\n")), "{refused}");
}

#[test]
fn statistics_within_a_dataset_are_not_offered() {
    let help = aistat("compare --help").ok().out;
    for flag in ["--growth", "--change", "--cagr", "--index", "--share", "--relative-to"] {
        assert!(!help.contains(flag), "{flag}\n{help}");
    }
    assert!(help.contains("--rank") && help.contains("--as <HOW>"), "{help}");
}

/// What a package says of a number is said where it is compared, with the side that it is about; of rows that are left out
/// nothing is said, nor where their numbers stand.
#[test]
fn notes_and_sources_are_those_of_the_rows_compared() {
    let run = aistat("compare china/patents/region china/patents --where region=jing-jin-ji").ok();
    assert!(run.err.contains("another word than the national number"), "{}", run.err);
    assert!(run.err.contains("China invention patent applications: 2023 Applications: "), "{}", run.err);
    assert!(!run.err.contains("Hong Kong"), "{}", run.err);
    // Guangdong stands in 3.4.3, the total of Shenzhen in 4.3.1; 3.4.1 and 3.4.2 are of other provinces.
    let run = aistat("compare shenzhen/companies china/companies/province --where province=guangdong").ok();
    assert!(run.err.contains("section 4.3.1; section 3.4.3\n"), "{}", run.err);
}

#[test]
fn a_stock_beside_a_flow_is_said() {
    let run = aistat("compare china/education shenzhen/talent").ok();
    assert!(run.err.contains("is a stock (at the end of a period)"), "{}", run.err);
    assert!(!aistat("compare shenzhen/scale china/scale").ok().err.contains("a stock"));
}

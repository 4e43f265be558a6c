//! Tables, line by line.

use super::super::samples::column;
use super::super::{Format, Look, samples};
use super::text as table;
use crate::answer::{Answer, Cell, Role};
use crate::text::Lang;

#[test]
fn in_english() {
    insta::assert_snapshot!(table(&samples::rounds(), &Look::new(Format::Table, Lang::En)), @r"
    Shenzhen: financing by round

    Period   Round             Amount (100 million yuan)  Share (%)
    ───────────────────────────────────────────────────────────────
    ../2023  Seed                                     –          –
    ../2023  Angel                               14,922       26.5
    ../2023  Series A                           over 60       33.3*
    ../2023  Series B                       344.6–345.8*       ≥ 5*
    ../2023  Seed to series A                       1–2        7*

    * not printed: follows from other numbers
    Note: Part of the data is estimated by models
    来源:某协会 · A white book · exhibit 29, section 4.6.2; exhibit 28, section 4.6.1
    ");
}

#[test]
fn in_chinese() {
    insta::assert_snapshot!(table(&samples::rounds(), &Look::new(Format::Table, Lang::Zh)), @r"
    深圳融资,按轮次

    时期     轮次           金额(亿元)  占比(%)
    ───────────────────────────────────────────
    ../2023  种子轮                 –        –
    ../2023  天使轮            14,922     26.5
    ../2023  A轮               超过60     33.3*
    ../2023  B轮          344.6–345.8*     ≥ 5*
    ../2023  种子轮至A轮          1–2      7*

    * 报告未载,由其他数字推出
    注:部分数据由模型估算
    来源:某协会 · 《某白皮书》 · 图表29,4.6.2节;图表28,4.6.1节
    ");
}
#[test]
fn a_narrow_terminal_breaks_words_and_never_numbers() {
    let look = Look { width: Some(40), color: true, ..Look::new(Format::Table, Lang::En) };
    let shown = table(&samples::rounds(), &look).replace("\x1b[1m", "<b>").replace("\x1b[2m", "<dim>");
    insta::assert_snapshot!(shown.replace("\x1b[0m", "</>"), @r"
    <b>Shenzhen: financing by round</>

    <b>Period   Round      Amount (100  Share</>
    <b>                        million    (%)</>
    <b>                          yuan)</>
    ──────────────────────────────────────
    ../2023  Seed                –      –
    ../2023  Angel          14,922   26.5
    ../2023  Series A      over 60   33.3*
    ../2023  Series B  344.6–345.8*   ≥ 5*
    ../2023  Seed to           1–2    7*
             series A

    * not printed: follows from other
    numbers
    Note: Part of the data is estimated by
    models
    <dim>来源:某协会 · A white book · exhibit 29,</>
    <dim>section 4.6.2; exhibit 28, section 4.6.1</>
    ");
}

#[test]
fn what_does_not_fit_goes_below_its_row() {
    let text = |text: &str| Cell::Text(text.to_owned());
    let one =
        |key: &str, title: &str, texts: [&str; 2]| column(key, "", title, Role::Attribute, texts.map(text).to_vec());
    let columns = vec![
        one("dataset", "Dataset", ["harbour/cargo/terminal", "harbour/ships"]),
        one("title", "Title", ["Cargo by terminal in recent years", "Ships that called"]),
        one("measures", "Measures", ["tonnes containers", "ships"]),
    ];
    let answer = Answer { rows: 2, columns, ..Answer::default() };
    let look = |width| Look { width: Some(width), ..Look::new(Format::Table, Lang::En) };
    insta::assert_snapshot!(table(&answer, &look(40)), @r"
    Dataset                 Measures
        Title
    ─────────────────────────────────────
    harbour/cargo/terminal  tonnes
                            containers
        Cargo by terminal in recent years
    harbour/ships           ships
        Ships that called
    ");
    insta::assert_snapshot!(table(&answer, &look(30)), @r"
    Dataset
        Title · Measures
    ─────────────────────────────
    harbour/cargo/terminal
        Cargo by terminal in
        recent years · tonnes
        containers
    harbour/ships
        Ships that called · ships
    ");
}

#[test]
fn where_nothing_else_fits_a_row_is_a_block() {
    let look = Look { width: Some(32), ..Look::new(Format::Table, Lang::En) };
    let mut answer = samples::rounds();
    answer.take(&[3, 4]);
    insta::assert_snapshot!(table(&answer, &look).split("\n\n").nth(1).unwrap(), @r"
    ───────────────────────────────
    Period         ../2023
    Round          Series B
    Amount (100    344.6–345.8*
    million yuan)
    Share (%)      ≥ 5
    ───────────────────────────────
    Period         ../2023
    Round          Seed to series A
    Amount (100    1–2
    million yuan)
    Share (%)      7
    ");
}

#[test]
fn no_header_and_no_rows() {
    let mut answer = samples::rounds();
    let look = Look { header: false, ..Look::new(Format::Table, Lang::En) };
    assert!(table(&answer, &look).starts_with("Shenzhen: financing by round\n\n../2023  Seed  "));
    answer.rows = 0;
    let rule = "─".repeat(51);
    let expected = format!("\n\nPeriod  Round  Amount (100 million yuan)  Share (%)\n{rule}\nno rows\n\nNote");
    let shown = table(&answer, &Look::new(Format::Table, Lang::En));
    assert!(shown.contains(&expected), "{shown}");
    assert!(table(&answer, &look).contains("round\n\nno rows\n\nNote"));
    let narrow = Look { width: Some(12), ..Look::new(Format::Table, Lang::En) };
    assert!(table(&answer, &narrow).contains("round\n\nno rows\n\nNote"));
}

/// The library counts columns in 16 bits: 40,000 and 40,000 and the space between are more than 65,535.
#[test]
fn off_a_terminal_a_very_long_text_breaks_between_words() {
    let words = ["a".repeat(40_000), "b".repeat(40_000)];
    let columns = vec![column("text", "", "Text", Role::Attribute, vec![Cell::Text(words.join(" "))])];
    let shown = table(&Answer { rows: 1, columns, ..Answer::default() }, &Look::new(Format::Table, Lang::En));
    let [a, b] = words;
    assert_eq!(shown.lines().collect::<Vec<_>>(), ["Text", &"─".repeat(40_000), &a, &b]);
}

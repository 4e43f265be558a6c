//! Tables, line by line.

use super::super::{Format, Look, samples};
use super::text as table;
use crate::text::Lang;

#[test]
fn in_english() {
    insta::assert_snapshot!(table(&samples::rounds(), &Look::new(Format::Table, Lang::En)), @r"
    Shenzhen: financing by round

    Period   Round             Amount (100 million yuan)  Share (%)
    ───────────────────────────────────────────────────────────────
    ../2023  Seed                                     –           –
    ../2023  Angel                               14,922        26.5
    ../2023  Series A                           over 60        33.3
    ../2023  Series B                       344.6–345.8*        ≥ 5
    ../2023  Seed to series A                       1–2         7

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
    ../2023  种子轮                 –         –
    ../2023  天使轮            14,922      26.5
    ../2023  A轮                 超60      33.3
    ../2023  B轮          344.6–345.8*      ≥ 5
    ../2023  种子轮至A轮          1–2       7

    * 报告未印,由其他数字推出
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
    ../2023  Seed                –       –
    ../2023  Angel          14,922    26.5
    ../2023  Series A      over 60    33.3
    ../2023  Series B  344.6–345.8*    ≥ 5
    ../2023  Seed to           1–2     7
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
}

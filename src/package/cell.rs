//! One cell of a measure: its printed digits with their qualifier, or why there are none.

use crate::text::Text;

/// The report's qualifier of a printed number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// 约
    About,
    /// 近: a little under.
    Nearly,
    /// 超过
    Over,
    /// 至少
    AtLeast,
    /// 不足
    Under,
    /// 至多
    AtMost,
    /// 仅: the number as printed, with the report's judgement that it is little.
    Only,
}

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Missing {
    /// The report does not print it.
    NotPrinted,
    /// The report prints a dash.
    Dash,
    /// Printed, but the scan cannot be read.
    Illegible,
    /// Its chart did not survive.
    Lost,
    /// No row for the period before.
    Gap,
    /// The base is empty.
    NoBase,
    /// The base is zero.
    ZeroBase,
    /// The whole is not known.
    NoTotal,
    /// An operand is known from one side only.
    OneSided,
    /// An operand is a printed range.
    Range,
    /// The printed numbers around it cannot all hold.
    Conflict,
}

impl Mark {
    /// The code in `M_mark`.
    pub const fn code(self) -> &'static str {
        match self {
            Mark::About => "about",
            Mark::Nearly => "nearly",
            Mark::Over => "over",
            Mark::AtLeast => "at-least",
            Mark::Under => "under",
            Mark::AtMost => "at-most",
            Mark::Only => "only",
        }
    }

    /// Whether the digits are a value of the number, and not a limit to it.
    pub const fn has_value(self) -> bool {
        matches!(self, Mark::About | Mark::Only)
    }

    /// The word for people.
    pub fn title(self) -> Text {
        let (zh, en) = match self {
            Mark::About => ("约", "about"),
            Mark::Nearly => ("近", "nearly"),
            Mark::Over => ("超过", "over"),
            Mark::AtLeast => ("至少", "at least"),
            Mark::Under => ("不足", "under"),
            Mark::AtMost => ("至多", "at most"),
            Mark::Only => ("仅", "only"),
        };
        Text::new(zh, en)
    }

    /// All marks, in the order in which help lists them.
    pub const ALL: [Mark; 7] =
        [Mark::About, Mark::Nearly, Mark::Over, Mark::AtLeast, Mark::Under, Mark::AtMost, Mark::Only];

    /// The mark with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.code() == code)
    }
}

impl Missing {
    /// The code in `X_missing` and in `dump`.
    pub const fn code(self) -> &'static str {
        match self {
            Missing::NotPrinted => "not-printed",
            Missing::Dash => "dash",
            Missing::Illegible => "illegible",
            Missing::Lost => "lost",
            Missing::Gap => "gap",
            Missing::NoBase => "no-base",
            Missing::ZeroBase => "zero-base",
            Missing::NoTotal => "no-total",
            Missing::OneSided => "one-sided",
            Missing::Range => "range",
            Missing::Conflict => "conflict",
        }
    }

    /// The reason for people.
    pub fn title(self) -> Text {
        let (zh, en) = match self {
            Missing::NotPrinted => ("报告未载", "not printed"),
            Missing::Dash => ("原文为横线", "a dash in the report"),
            Missing::Illegible => ("扫描件无法辨认", "illegible in the scan"),
            Missing::Lost => ("图表已失", "lost with the chart"),
            Missing::Gap => ("没有前一期的行", "no row for the period before"),
            Missing::NoBase => ("基数为空", "no base"),
            Missing::ZeroBase => ("基数为零", "the base is zero"),
            Missing::NoTotal => ("总体未知", "the whole is not known"),
            Missing::OneSided => ("只知一侧界限", "known from one side only"),
            Missing::Range => ("原文为区间", "a range in the report"),
            Missing::Conflict => ("相关数字不能同时成立", "numbers around it cannot all hold"),
        };
        Text::new(zh, en)
    }

    /// Whether an empty cell's mark says so, rather than nothing being there.
    pub const fn is_marked(self) -> bool {
        matches!(self, Missing::Dash | Missing::Illegible | Missing::Lost)
    }

    /// All reasons.
    pub const ALL: [Missing; 11] = [
        Missing::NotPrinted,
        Missing::Dash,
        Missing::Illegible,
        Missing::Lost,
        Missing::Gap,
        Missing::NoBase,
        Missing::ZeroBase,
        Missing::NoTotal,
        Missing::OneSided,
        Missing::Range,
        Missing::Conflict,
    ];

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The reason that an empty cell's mark stands for.
    pub fn from_mark(code: &str) -> Option<Self> {
        [Missing::Dash, Missing::Illegible, Missing::Lost].into_iter().find(|reason| reason.code() == code)
    }
}

/// A number as it stands in the report.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Printed {
    /// The digits: an optional minus sign, digits, an optional point and decimals.
    pub digits: String,
    /// The last printed place: decimals, negative for tens and up.
    pub decimals: i32,
    /// The qualifier.
    pub mark: Option<Mark>,
    /// The upper end of a range that starts at `digits`.
    pub to: Option<String>,
}

/// A cell of a measure.
pub type PrintedCell = Result<Printed, Missing>;

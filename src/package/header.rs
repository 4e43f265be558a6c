//! What the words of a header say about its column.

use super::Granularity;
use super::descriptor::Field;

/// A code field beside its name field.
pub(super) struct Pair {
    pub(super) code: usize,
    pub(super) name: usize,
    /// What both are about; may be empty.
    pub(super) stem: String,
}

const CODE: [&str; 16] = [
    "code",
    "codes",
    "id",
    "iso",
    "iso2",
    "iso3",
    "alpha2",
    "alpha3",
    "abbr",
    "abbreviation",
    "fips",
    "uid",
    "key",
    "ags",
    "dguid",
    "itter107",
];
const NAME: [&str; 13] = [
    "name",
    "names",
    "label",
    "title",
    "bezeichnung",
    "libelle",
    "libellé",
    "nom",
    "nombre",
    "nome",
    "naam",
    "denominación",
    "denominazione",
];
const CODE_ZH: [&str; 4] = ["代码", "编码", "编号", "码"];
const NAME_ZH: [&str; 2] = ["名称", "名"];

/// Words of a header, in lower case: `CountryCode`, `country_code` and `Country Code` are the same two.
fn words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in header.chars() {
        let breaks = !c.is_alphanumeric() || (c.is_uppercase() && lower);
        lower = c.is_lowercase() || c.is_ascii_digit();
        if breaks {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Code,
    Name,
    Bare,
}

fn split(header: &str) -> (String, Word) {
    for (suffixes, word) in [(&CODE_ZH[..], Word::Code), (&NAME_ZH[..], Word::Name)] {
        if let Some(stem) = suffixes.iter().find_map(|suffix| header.trim().strip_suffix(suffix)) {
            return (if stem.ends_with("区划") { String::new() } else { stem.to_lowercase() }, word);
        }
    }
    let words = words(header);
    // `areacd` and `areanm`, `LAD21CD` and `LAD21NM`.
    if let [only] = &words[..] {
        for (suffix, word) in [("cd", Word::Code), ("nm", Word::Name)] {
            if let Some(stem) = only.strip_suffix(suffix).filter(|stem| stem.len() > 2) {
                return (stem.to_owned(), word);
            }
        }
    }
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let kind = if has(&CODE) {
        Word::Code
    } else if has(&NAME) {
        Word::Name
    } else {
        Word::Bare
    };
    let stem: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| !CODE.contains(word) && !NAME.contains(word)).collect();
    (stem.join(" "), kind)
}

/// What a column of names or codes is about.
pub(super) fn stem(header: &str) -> String {
    split(header).0
}

/// Code fields with the field that names them.
pub(super) fn pairs(fields: &[Field]) -> Vec<Pair> {
    let text = |field: &Field| matches!(field.kind.as_deref().unwrap_or("any"), "string" | "any");
    let split: Vec<(String, Word)> = fields.iter().map(|field| split(&field.name)).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    for (code, (stem, word)) in split.iter().enumerate() {
        let codes = text(&fields[code]) || fields[code].kind.as_deref() == Some("integer");
        if *word != Word::Code || !codes {
            continue;
        }
        let named = |word: Word| {
            let fits = |at: usize| {
                text(&fields[at]) && split[at] == (stem.clone(), word) && !pairs.iter().any(|pair| pair.name == at)
            };
            (0..fields.len()).find(|at| fits(*at))
        };
        if let Some(name) = named(Word::Name).or_else(|| named(Word::Bare).filter(|_| !stem.is_empty())) {
            pairs.push(Pair { code, name, stem: stem.clone() });
        }
    }
    for code in 0..fields.len() {
        let free = |at: usize| text(&fields[at]) && pairs.iter().all(|pair| pair.code != at && pair.name != at);
        let codes = free(code) || split[code].1 == Word::Code && pairs.iter().all(|pair| pair.code != code);
        let names: Vec<usize> = (0..fields.len()).filter(|at| *at != code && free(*at)).collect();
        let (stem, word) = &split[code];
        let labelled = |at: &usize| *word == Word::Bare && split[*at] == (stem.clone(), Word::Name) && !stem.is_empty();
        let worded = |at: &usize| *at == code + 1 && is_worded(&fields[code].name, &fields[*at].name);
        let placed =
            |at: &usize| at.abs_diff(code) == 1 && is_code_alone(&fields[code].name) && is_place(&fields[*at].name);
        let found = names.iter().find(|at| labelled(at)).or_else(|| names.iter().find(|at| worded(at)));
        let found = found.or_else(|| names.iter().find(|at| placed(at)));
        if let Some(name) = found.copied().filter(|_| codes) {
            pairs.push(Pair { code, name, stem: self::split(&fields[name].name).0 });
        }
    }
    pairs
}

/// Whether a header says in words what the one before it abbreviates: `REF_AREA` and `Reference area`, `sex` and `Sex`,
/// `administrative-geography` and `Geography`.
fn is_worded(code: &str, label: &str) -> bool {
    let of = |header: &str| words(header).into_iter().filter(|word| word != "of").collect::<Vec<_>>();
    let (short, long) = (of(code), of(label));
    let begins =
        |(short, long): (&String, &String)| short == long || short.len() > 2 && long.starts_with(short.as_str());
    let hyphened = code.contains('-') && !code.contains(char::is_uppercase) && label.starts_with(char::is_uppercase);
    !short.is_empty()
        && code != label
        && !is_year(label)
        && !is_period(label)
        && (short.len() == long.len() && short.iter().zip(&long).all(begins) || hyphened && short.ends_with(&long))
}

/// Whether a header says no more than that its column has codes, such as those of places.
fn is_code_alone(header: &str) -> bool {
    let (stem, word) = split(header);
    word == Word::Code
        && ["", "geo"].contains(&stem.as_str())
        && !["id", "uid", "key"].contains(&words(header).join(" ").as_str())
}

/// Whether a header names places, by how it begins.
fn is_place(header: &str) -> bool {
    const PLACES: [&str; 21] = [
        "entit",
        "countr",
        "locati",
        "area",
        "regio",
        "territor",
        "gemeinde",
        "kreis",
        "land",
        "state",
        "provin",
        "county",
        "municip",
        "município",
        "commune",
        "comune",
        "bundesland",
        "geo",
        "地区",
        "城市",
        "省份",
    ];
    PLACES.iter().any(|place| split(header).0.starts_with(place))
}

/// The field that names what a key stands for, in a table of the key's own; `from` is the header of what refers to it.
pub(super) fn names_of(fields: &[Field], key: usize, from: &str) -> Option<usize> {
    let text = |at: &usize| *at != key && matches!(fields[*at].kind.as_deref().unwrap_or("any"), "string" | "any");
    let others: Vec<usize> = (0..fields.len()).filter(text).collect();
    let named = |fits: &dyn Fn(&str) -> bool| others.iter().copied().find(|at| fits(&fields[*at].name));
    let about = stem(&fields[key].name);
    let own = named(&|header| split(header) == (about.clone(), Word::Name));
    let own = own.or_else(|| named(&|header| split(header).1 == Word::Name));
    own.or_else(|| named(&|header| [&about, &stem(from)].contains(&&stem(header))))
}

/// Whether a header means a year.
pub(super) fn is_year(header: &str) -> bool {
    const KNOWN: [&str; 20] = [
        "year",
        "years",
        "calendar years",
        "jaar",
        "yr",
        "fiscal year",
        "financial year",
        "calendar year",
        "school year",
        "academic year",
        "年",
        "年份",
        "年度",
        "año",
        "ano",
        "année",
        "annee",
        "anno",
        "jahr",
        "rok",
    ];
    KNOWN.contains(&words(header).join(" ").as_str())
}

/// Whether a header means a period of any length.
pub(super) fn is_period(header: &str) -> bool {
    let header = words(header).join(" ");
    let english = [
        "period",
        "time period",
        "time frame",
        "ref period",
        "date",
        "time",
        "quarter",
        "month",
        "year month",
        "yearmonth",
        "year quarter",
    ];
    english.contains(&header.as_str()) || ["时期", "时间", "日期", "月份", "季度", "年月"].contains(&header.as_str())
}

/// Whether a header most likely means when, where no other says so plainly: `election_year`, `REF_DATE`, `yyyymm`.
pub(super) fn may_be_period(header: &str) -> bool {
    const OF: [&str; 20] = [
        "ref",
        "reference",
        "obs",
        "observation",
        "survey",
        "report",
        "reporting",
        "election",
        "census",
        "data",
        "tax",
        "crop",
        "harvest",
        "marketing",
        "budget",
        "accounting",
        "water",
        "statistical",
        "time",
        "period",
    ];
    const WHEN: [&str; 9] = ["year", "yr", "date", "period", "month", "quarter", "time", "season", "yyyymm"];
    const ALONE: [&str; 23] = [
        "week",
        "week ending",
        "year ending",
        "统计时间",
        "season",
        "saison",
        "temporada",
        "yyyy",
        "yyyymmdd",
        "fy",
        "sy",
        "datum",
        "zeitraum",
        "zeit",
        "période",
        "periode",
        "periodo",
        "período",
        "fecha",
        "month year",
        "赛季",
        "学年",
        "财年",
    ];
    let words = words(header);
    let of_when = words
        .split_last()
        .is_some_and(|(last, of)| WHEN.contains(&last.as_str()) && of.iter().all(|word| OF.contains(&word.as_str())));
    is_period(header) || of_when || ALONE.contains(&words.join(" ").as_str()) || says_years(header)
}

/// Whether a header speaks of years that may begin in one calendar year and end in the next.
pub(super) fn says_years(header: &str) -> bool {
    const YEARS: [&str; 8] =
        ["school", "academic", "fiscal", "financial", "scolaire", "escolar", "letivo", "scolastico"];
    const GERMAN: [&str; 6] =
        ["schuljahr", "haushaltsjahr", "geschäftsjahr", "wirtschaftsjahr", "wahljahr", "berichtsjahr"];
    const CHINESE: [&str; 5] = ["学年", "财年", "年度", "赛季", "财政年"];
    const LAST: [&str; 8] = ["year", "years", "season", "saison", "temporada", "fy", "sy", "yr"];
    let words = words(header);
    let is = |word: &String, list: &[&str]| list.contains(&word.as_str());
    let year = words.iter().any(|word| is(word, &["year", "année", "annee", "año", "ano", "anno"]));
    let of_year = words.iter().any(|word| is(word, &YEARS)) && year;
    let last = words.last().is_some_and(|word| is(word, &LAST)) && words.len() < 3;
    let alone = matches!(&words[..], [only] if is(only, &GERMAN) || CHINESE.iter().any(|end| only.ends_with(end)));
    is_year(header) || of_year || last || alone
}

/// The calendar unit that a header counts within its year.
pub(super) fn date_part(header: &str) -> Option<Granularity> {
    match header.trim().to_lowercase().as_str() {
        "month" | "mo" | "mon" | "月" | "月份" | "mes" | "mês" | "mois" | "monat" => Some(Granularity::Month),
        "quarter" | "qtr" | "季" | "季度" | "trimestre" | "quartal" => Some(Granularity::Quarter),
        "half" | "semester" | "半年" | "semestre" | "halbjahr" => Some(Granularity::Half),
        "day" | "日" | "día" | "dia" | "jour" | "tag" => Some(Granularity::Day),
        _ => None,
    }
}

/// Whether a text column says once more what another does that says when; a `period` beside years is a part of them: `M01`.
pub(super) fn says_again(header: &str, beside_years: bool) -> bool {
    let words = words(header);
    let plain = words.join(" ");
    is_year(header)
        || ["time", "time period"].contains(&plain.as_str())
        || plain == "period" && !beside_years
        || words.last().is_some_and(|word| ["periodo", "período"].contains(&word.as_str()))
}

/// Whether numbers under this header are part of a date, never a measure; so is the year of something else, `year_built`.
pub(super) fn is_date_part(header: &str) -> bool {
    const DONE: [&str; 8] =
        ["built", "founded", "opened", "established", "constructed", "completed", "construction", "born"];
    let own = words(header);
    if matches!(&own[..], [year, done] if year == "year" && DONE.contains(&done.as_str())) {
        return true;
    }
    let decimal = ["decimal date", "decimal year", "date decimal", "fractional year", "week"];
    is_year(header) || date_part(header).is_some() || decimal.contains(&words(header).join(" ").as_str())
}

/// Whether a column says by what the numbers beside it are to be multiplied.
pub(super) fn is_multiplier(header: &str) -> bool {
    const KNOWN: [&str; 7] =
        ["unit mult", "unit multiplier", "multiplier", "scalar factor", "power code", "powercode", "scale factor"];
    KNOWN.contains(&words(header).join(" ").as_str())
}

/// Whether numbers under this header say which or where, not how much: codes, coordinates.
pub(super) fn is_label(header: &str) -> bool {
    const PLACES: [&str; 11] =
        ["lat", "latitude", "long", "lon", "lng", "longitude", "coordinate", "coordinates", "纬度", "经度", "坐标"];
    const CODES: [&str; 8] = ["code", "id", "uid", "iso2", "iso3", "alpha2", "alpha3", "fips"];
    const FIRST: [&str; 4] = ["cod", "codigo", "código", "codice"];
    let words = words(header);
    words.last().is_some_and(|last| CODES.contains(&last.as_str()))
        || words.first().is_some_and(|first| FIRST.contains(&first.as_str()))
        || ["unit mult", "unit multiplier", "decimals"].contains(&words.join(" ").as_str())
        || CODE_ZH.iter().any(|suffix| header.trim().ends_with(suffix))
        || matches!(&words[..], [only] if PLACES.contains(&only.as_str()))
}

/// Whether ranges under this header are groups of what is counted, not quantities: ages, sizes, classes.
pub(super) fn is_band(header: &str) -> bool {
    const WORDS: [&str; 19] = [
        "grade",
        "quintile",
        "decile",
        "quartile",
        "stage",
        "age",
        "ages",
        "band",
        "bands",
        "bracket",
        "class",
        "cohort",
        "group",
        "interval",
        "range",
        "size",
        "altersgruppe",
        "edad",
        "âge",
    ];
    const CHINESE: [&str; 8] = ["年龄", "年级", "等级", "组", "段", "区间", "档", "规模"];
    words(header).iter().any(|word| WORDS.contains(&word.as_str())) || CHINESE.iter().any(|word| header.contains(word))
}

/// Whether a member is the sum of others by its name: `Total`, `All ages`, 合计; `_T`, as SDMX has it.
pub fn is_total(member: &str) -> bool {
    const FIRST: [&str; 6] = ["total", "totals", "all", "insgesamt", "ensemble", "totale"];
    const WHOLE: [&str; 8] = ["grand total", "sub total", "subtotal", "sum", "overall", "both sexes", "both", "全部"];
    const CHINESE: [&str; 6] = ["合计", "总计", "总和", "总数", "小计", "共计"];
    const PLACES: [&str; 8] = ["全国", "全省", "全市", "world", "worldwide", "monde", "welt", "mundo"];
    const LAST: [&str; 2] = ["total", "totals"];
    let words = words(member);
    let plain: String = member.chars().filter(|c| !c.is_whitespace()).collect();
    words.first().is_some_and(|word| FIRST.contains(&word.as_str()))
        || WHOLE.contains(&words.join(" ").as_str())
        || CHINESE.iter().any(|total| plain.ends_with(total))
        || PLACES.contains(&plain.to_lowercase().as_str())
        || words.last().is_some_and(|word| LAST.contains(&word.as_str()))
        || member == "_T"
}

/// Whether a column says of which unit the numbers beside it are.
pub(super) fn is_unit(header: &str) -> bool {
    const UNITS: [&str; 17] = [
        "unit",
        "units",
        "uom",
        "currency",
        "einheit",
        "maßeinheit",
        "währung",
        "unité",
        "unite",
        "devise",
        "unidad",
        "unidade",
        "moneda",
        "moeda",
        "unità",
        "jednostka",
        "eenheid",
    ];
    // Of other units (business, housing, administrative) a header says so.
    const BESIDE: [&str; 19] = [
        "of",
        "measure",
        "measurement",
        "code",
        "name",
        "label",
        "value",
        "price",
        "data",
        "obs",
        "de",
        "medida",
        "mesure",
        "di",
        "misura",
        "id",
        "multiplier",
        "per",
        "mult",
    ];
    let words = words(header);
    words.iter().any(|word| UNITS.contains(&word.as_str()))
        && words.iter().all(|word| UNITS.contains(&word.as_str()) || BESIDE.contains(&word.as_str()))
        || ["单位", "计量单位", "计价单位", "度量单位", "單位", "計量單位", "货币", "币种"].contains(&header.trim())
}

/// Whether a column says what the numbers beside it measure, as in tables with one number a row: their units differ, too.
pub(super) fn is_indicator(header: &str) -> bool {
    const KNOWN: [&str; 11] = [
        "indicator",
        "indicators",
        "series",
        "variable",
        "variables",
        "metric",
        "metrics",
        "measure",
        "measures",
        "indikator",
        "indicador",
    ];
    // Codes of Eurostat: `indic_de`, `na_item`.
    const STARTS: [&str; 3] = ["indic ", "na item ", "bop item "];
    const BESIDE: [&str; 5] = ["name", "code", "id", "label", "title"];
    let words = words(header);
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    words.iter().any(|word| is(&KNOWN, word)) && words.iter().all(|word| is(&KNOWN, word) || is(&BESIDE, word))
        || STARTS.iter().any(|start| (words.join(" ") + " ").starts_with(start))
        || ["指标", "指标名称", "指标代码", "指標", "变量"].iter().any(|end| header.trim().ends_with(end))
}

/// Whether a column says of the numbers beside it how sure they are, or anything else in words: it tells no rows apart.
pub(super) fn is_remark(header: &str) -> bool {
    const KNOWN: [&str; 17] = [
        "flag",
        "flags",
        "note",
        "notes",
        "footnote",
        "footnotes",
        "comment",
        "comments",
        "remark",
        "remarks",
        "obs status",
        "observation status",
        "conf status",
        "status flag",
        "estimated",
        "is estimate",
        "provisional",
    ];
    const BESIDE: [&str; 5] = ["obs", "observation", "codes", "code", "value"];
    let words = words(header);
    let plain = words.iter().map(String::as_str).filter(|word| !BESIDE.contains(word)).collect::<Vec<_>>().join(" ");
    KNOWN.contains(&plain.as_str())
        || KNOWN.contains(&words.join(" ").as_str())
        || ["备注", "注", "注释", "附注", "标记", "標記", "備註"].contains(&header.trim())
}

/// Whether a column is one of those in which Statistics Canada says how sure a number is; each alone may be a dimension.
pub(super) fn is_status(header: &str, fields: &[Field]) -> bool {
    const TOGETHER: [&str; 3] = ["STATUS", "SYMBOL", "TERMINATED"];
    TOGETHER.contains(&header) && TOGETHER.iter().all(|own| fields.iter().any(|field| field.name == *own))
}

/// Whether a header names what grows and does not add up: an average, an index, a quantity per person. It has no share.
pub(super) fn is_mean(header: &str) -> bool {
    const ANYWHERE: [&str; 21] = [
        "per",
        "capita",
        "average",
        "avg",
        "mean",
        "median",
        "density",
        "moyen",
        "moyenne",
        "moyens",
        "moyennes",
        "médian",
        "médiane",
        "mediane",
        "mediana",
        "promedio",
        "densité",
        "densidad",
        "densidade",
        "indice",
        "índice",
    ];
    const STARTS: [&str; 2] = ["durchschnitt", "mittler"];
    const ENDS: [&str; 2] = ["dichte", "preisindex"];
    const HEADS: [[&str; 2]; 5] =
        [["life", "expectancy"], ["par", "habitant"], ["pro", "kopf"], ["je", "einwohner"], ["por", "habitante"]];
    const CHINESE: [&str; 8] = ["人均", "户均", "平均", "均价", "指数", "密度", "预期寿命", "中位数"];
    let words = words(header);
    // `每万人医生数`, `每百户拥有量`.
    let per = header
        .split_once('每')
        .is_some_and(|(_, of)| of.starts_with(['十', '百', '千', '万', '亿']) || of.contains('人'));
    let two = words.windows(2).any(|two| HEADS.iter().any(|head| two == head));
    // Members of an index are counted, an index of 2015 or of prices is one.
    let index = |(at, word): (usize, &String)| {
        ["index", "indices"].contains(&word.as_str())
            && words.get(at + 1).is_none_or(|next| {
                next.starts_with(|c: char| c.is_ascii_digit())
                    || ["of", "for", "base", "value", "points"].contains(&next.as_str())
            })
    };
    let is = |word: &String| {
        ANYWHERE.contains(&word.as_str())
            || STARTS.iter().any(|start| word.starts_with(start))
            || ENDS.iter().any(|end| word.ends_with(end))
    };
    per || two
        || words.iter().enumerate().any(index)
        || words.iter().any(is)
        || CHINESE.iter().any(|word| header.contains(word))
}

/// Whether a header names a ratio: no growth, no share.
pub(super) fn is_rate(header: &str) -> bool {
    /// Wherever they stand.
    const ANYWHERE: [&str; 38] = [
        "wachstum",
        "croissance",
        "évolution",
        "veränderung",
        "variación",
        "variazione",
        "variação",
        "crecimiento",
        "crescimento",
        "crescita",
        "yoy",
        "qoq",
        "cagr",
        "prct",
        "perc",
        "percent",
        "percentage",
        "pct",
        "ratio",
        "proportion",
        "prozent",
        "prozentsatz",
        "taux",
        "pourcentage",
        "tasa",
        "porcentaje",
        "proporción",
        "proporcion",
        "taxa",
        "porcentagem",
        "percentagem",
        "percentual",
        "proporção",
        "proporcao",
        "tasso",
        "percentuale",
        "anteil",
        "anteile",
    ];
    const LAST: [&str; 4] = ["rate", "rates", "share", "sterberate"];
    /// What may stand behind growth that is a rate: a number of firms that grow is none.
    const OF_GROWTH: [&str; 9] = ["rate", "rates", "annual", "year", "prct", "pct", "percent", "percentage", "yoy"];
    const COMPOUNDS: [&str; 8] =
        ["wachstum", "veränderung", "anteil", "quote", "srate", "nrate", "zinssatz", "steuersatz"];
    const CHINESE: [&str; 15] = [
        "率",
        "占比",
        "比重",
        "比例",
        "增速",
        "增幅",
        "涨幅",
        "份额",
        "百分比",
        "同比",
        "环比",
        "比上年",
        "较上年",
        "比上月",
        "较上月",
    ];
    let words = words(header);
    let has = |word: &str| words.iter().any(|own| own == word);
    let compound =
        |word: &String| COMPOUNDS.iter().any(|end| word.strip_suffix(end).is_some_and(|stem| stem.len() > 2));
    let last = words.last().is_some_and(|word| LAST.contains(&word.as_str()));
    let of = matches!(
        words.iter().map(String::as_str).collect::<Vec<_>>()[..],
        ["part", "de" | "des" | "du" | "d", ..]
            | ["cuota" | "quota", "de" | "di", "mercado" | "mercato", ..]
            | ["share", "of", ..]
    );
    let first = words.first().is_some_and(|word| word == "share");
    let first = first && !["price", "prices", "value", "capital"].iter().any(|word| has(word));
    let grows = |at: usize| words[at + 1..].iter().all(|word| OF_GROWTH.contains(&word.as_str()));
    let growth = words.iter().position(|word| word == "growth").is_some_and(grows);
    let growth = growth || words.windows(2).any(|two| two == ["yo", "y"]);
    let rate =
        last || of || first || growth || words.iter().any(|word| ANYWHERE.contains(&word.as_str()) || compound(word));
    let chinese = CHINESE.iter().any(|word| header.contains(word));
    // A price of one money in another is a level; so are power and frequency, which are called rates in Chinese.
    let level = ["exchange", "cambio", "câmbio"].iter().any(|word| has(word))
        || has("taux") && has("change")
        || ["汇率", "功率", "频率"].iter().any(|word| header.contains(word));
    header.contains('%') || (rate || chinese) && !level
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(names: &[(&str, &str)]) -> Vec<Field> {
        let field = |(name, kind): &(&str, &str)| Field {
            name: (*name).into(),
            kind: Some((*kind).into()),
            ..Field::default()
        };
        names.iter().map(field).collect()
    }

    #[test]
    fn codes_find_their_names() {
        for (names, expected) in [
            (&[("Country Name", "string"), ("Country Code", "string")][..], Some((1, 0, "country"))),
            (&[("country", "string"), ("country_code", "string")], Some((1, 0, "country"))),
            (&[("CountryCode", "string"), ("CountryName", "string")], Some((0, 1, "country"))),
            (&[("地区代码", "integer"), ("地区名称", "string")], Some((0, 1, "地区"))),
            (&[("id", "integer"), ("name", "string")], Some((0, 1, ""))),
            (&[("Country Name", "string"), ("Region Code", "string")], None),
            (&[("zip code", "integer"), ("value", "string")], None),
            (&[("geo", "string"), ("geo_label", "string")], Some((0, 1, "geo"))),
            (&[("REF_AREA", "string"), ("Reference area", "string")], Some((0, 1, "reference area"))),
            (&[("sex", "string"), ("Sex", "string")], Some((0, 1, "sex"))),
            (&[("administrative-geography", "string"), ("Geography", "string")], Some((0, 1, "geography"))),
            (&[("Entity", "string"), ("Code", "string")], Some((1, 0, "entity"))),
            (&[("AGS", "string"), ("Gemeinde", "string")], Some((0, 1, "gemeinde"))),
            (&[("AGS", "string"), ("Bundesland", "string")], Some((0, 1, "bundesland"))),
            (&[("GEO", "string"), ("DGUID", "string")], Some((1, 0, "geo"))),
            (&[("countriesAndTerritories", "string"), ("geoId", "string")], Some((1, 0, "countries and territories"))),
            (&[("行政区划代码", "string"), ("地区名称", "string")], Some((0, 1, "地区"))),
            (&[("areacd", "string"), ("areanm", "string")], Some((0, 1, "area"))),
            (&[("birth country", "string"), ("country", "string")], None),
            (&[("product group", "string"), ("product", "string")], None),
            (&[("product", "string"), ("code", "string")], None),
            (&[("id", "string"), ("region", "string")], None),
        ] {
            let found = pairs(&fields(names));
            let shown = found.first().map(|pair| (pair.code, pair.name, pair.stem.as_str()));
            assert_eq!(shown, expected, "{names:?}");
        }
    }

    #[test]
    fn periods_and_units() {
        for header in
            ["election_year", "survey_year", "REF_DATE", "ref_period", "time", "yyyymm", "Season", "Schuljahr", "学年"]
        {
            assert!(may_be_period(header), "{header}");
        }
        for header in ["Cost per year", "Time spent", "Data", "Month of birth", "Years of schooling"] {
            assert!(!may_be_period(header), "{header}");
        }
        assert!(says_years("School year") && says_years("Season") && says_years("survey_year") && !says_years("Month"));
        for header in
            ["Unit", "UNIT_MEASURE", "unit_of_measure", "单位", "计量单位", "Einheit", "unité", "Unidad de medida"]
        {
            assert!(is_unit(header), "{header}");
        }
        for header in ["Business unit", "施工单位", "Community", "Units sold", "Unit price change"] {
            assert!(!is_unit(header), "{header}");
        }
    }

    #[test]
    fn indicators_and_remarks() {
        for header in ["Indicator Name", "indicator", "Series Code", "variable", "指标"] {
            assert!(is_indicator(header), "{header}");
        }
        for header in ["Time series length", "Series of bonds", "Name", "指标值"] {
            assert!(!is_indicator(header), "{header}");
        }
        for header in ["OBS_FLAG", "OBS_STATUS", "flag", "Flag Codes", "note", "备注", "comment", "Footnotes"] {
            assert!(is_remark(header), "{header}");
        }
        assert!(is_remark("Value Footnotes"));
        for header in ["UNIT_MULT", "DECIMALS", "cod_uf", "codigo"] {
            assert!(is_label(header), "{header}");
        }
        assert!(is_date_part("year_built") && !is_date_part("Years built up"));
        for header in ["Status", "Marital status", "Flag state", "Notebooks", "Code"] {
            assert!(!is_remark(header), "{header}");
        }
        let together = fields(&[("STATUS", "string"), ("SYMBOL", "string"), ("TERMINATED", "string")]);
        assert!(is_status("SYMBOL", &together) && !is_status("GEO", &together) && !is_status("SYMBOL", &together[..2]));
    }

    #[test]
    fn means() {
        for header in [
            "Per Capita",
            "per_capita",
            "Doctors per 1000 people",
            "Density (per km2)",
            "人均GDP",
            "每万人医生数",
            "每百户拥有量",
            "Average age",
            "median_income",
            "Consumer price index",
            "居民消费价格指数",
            "平均工资",
            "房屋均价",
            "人口密度",
            "Life expectancy at birth",
            "Durchschnittsalter",
            "Prix moyen",
            "PIB par habitant",
            "Bevölkerungsdichte",
            "Index (2015=100)",
            "预期寿命",
        ] {
            assert!(is_mean(header) && !is_rate(header), "{header}");
        }
        for header in
            ["index_members", "Mittel", "Persons", "Meaning", "Indexed fund value", "每年产量", "Period total", "GDP"]
        {
            assert!(!is_mean(header), "{header}");
        }
    }

    #[test]
    fn dates_and_rates() {
        assert!(is_year("Year") && is_year("年份") && !is_year("Yearly cost"));
        assert!(is_period("TIME_PERIOD") && is_period("日期") && !is_period("Updated"));
        assert!(is_label("ine_code") && is_label("Lat") && is_label("FIPS") && is_label("编号"));
        assert!(!is_label("Latency") && !is_label("ID card holders") && !is_label("Key interest rate"));
        assert!(is_date_part("Decimal Date") && is_date_part("month") && !is_date_part("Number of Days"));
        assert!(
            is_rate("GDP growth (%)")
                && is_rate("失业率")
                && is_rate("pct_change")
                && [
                    "增速",
                    "毛利增幅",
                    "市场份额",
                    "渗透率",
                    "Arbeitslosenquote",
                    "Marktanteil",
                    "Anteil am BIP",
                    "Wachstumsrate",
                    "taux de chômage",
                    "part des ventes",
                    "Tasa de paro",
                    "cuota de mercado",
                    "Taxa de desemprego",
                    "Proporção",
                    "Prozent",
                    "Share of women",
                    "Percentage of households",
                    "Proportion of exports",
                    "GDP growth",
                    "Population growth (annual %)",
                    "YoY",
                    "Bevölkerungswachstum",
                    "Évolution",
                    "co2_growth_prct",
                    "share_global_co2",
                    "同比",
                    "比上年增长"
                ]
                .into_iter()
                .all(is_rate)
                && !["taux de change", "Tipo de cambio", "装机功率", "Umsatz", "Corporate", "Part number", "Quote"]
                    .into_iter()
                    .any(is_rate)
                && !is_rate("Exchange rate")
                && !is_rate("Share price")
                && !is_rate("Separate")
                && !is_rate("growth_deals")
                && !is_rate("growth stage_count")
        );
        assert!(["indicator", "indic_de", "na_item", "统计指标", "Measure"].into_iter().all(is_indicator));
        assert!(!["Item", "Measured in", "indication", "National accounts"].into_iter().any(is_indicator));
        assert!(
            [
                "Total",
                "Total, all products",
                "All ages",
                "Both sexes",
                "合计",
                "职工合计",
                "全国",
                "EU total",
                "World",
                "_T"
            ]
            .into_iter()
            .all(is_total)
        );
        assert!(!["Totally", "Allen", "Summer", "合计数以外", "国", "World Bank", "T"].into_iter().any(is_total));
    }
}

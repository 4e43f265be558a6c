//! ASCII names for what others have named freely.

/// `[a-z][a-z0-9-]*` from a text; `None` if it has no ASCII letter or digit (accents fall off first).
pub(super) fn slug(text: &str) -> Option<String> {
    let slug = joined(text, '-')?;
    // A code starts with a letter; `n` as in number.
    Some(if slug.starts_with(|c: char| c.is_ascii_digit()) { format!("n{slug}") } else { slug })
}

/// A column name from a header: as [`slug`], words joined by `_`. None where letters stand within Chinese (`人均GDP`), which
/// they do not say alone; a translation beside it (`地区 Region`) does.
pub(super) fn column(text: &str, prefix: char) -> Option<String> {
    if is_within_chinese(text) {
        return None;
    }
    let name = joined(text, '_').filter(|name| name.bytes().any(|byte| byte.is_ascii_lowercase()))?;
    Some(if name.starts_with(|c: char| c.is_ascii_digit()) { format!("{prefix}{name}") } else { name })
}

fn is_within_chinese(text: &str) -> bool {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let end = text.find(['(', '\u{ff08}', '[', '【']).filter(|at| *at > 0).unwrap_or(text.len());
    let plain = &text[..end];
    let beside = |(a, b): (char, char)| han(a) && b.is_ascii_alphanumeric() || a.is_ascii_alphanumeric() && han(b);
    let touches = plain.chars().zip(plain.chars().skip(1)).any(beside);
    plain.contains(han) && (touches || !text.contains(|c: char| c.is_ascii_lowercase()))
}

fn joined(text: &str, joint: char) -> Option<String> {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match fold(c) {
            "" if c.is_ascii_alphanumeric() => slug.push(c),
            "" if c == '_' && joint == '_' => slug.push(c),
            "" if c == '\'' || c == '’' => {}
            "" if slug.is_empty() || slug.ends_with(joint) => {}
            "" => slug.push(joint),
            letters => slug.push_str(letters),
        }
    }
    let slug = slug.trim_matches(|c| c == joint || c == '_');
    (!slug.is_empty()).then(|| slug.to_owned())
}

fn fold(c: char) -> &'static str {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'ş' | 'š' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'þ' => "th",
        '₀' | '⁰' => "0",
        '₁' | '¹' => "1",
        '₂' | '²' => "2",
        '₃' | '³' => "3",
        '₄' | '⁴' => "4",
        '₅' | '⁵' => "5",
        '₆' | '⁶' => "6",
        '₇' | '⁷' => "7",
        '₈' | '⁸' => "8",
        '₉' | '⁹' => "9",
        _ => "",
    }
}

/// A name that is not among those taken: with `-2`, `-3`, … if need be.
pub(super) fn unique(name: String, joint: char, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&name) {
        return name;
    }
    (2u64..).map(|number| format!("{name}{joint}{number}")).find(|name| !taken(name)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for (text, expected) in [
            ("ABW", Some("abw")),
            ("Côte d'Ivoire", Some("cote-divoire")),
            ("Curaçao", Some("curacao")),
            ("0-14", Some("n0-14")),
            ("  Korea, Rep. ", Some("korea-rep")),
            ("北京", None),
            ("5G 应用", Some("n5g")),
            ("—", None),
            ("a_b", Some("a-b")),
        ] {
            assert_eq!(slug(text).as_deref(), expected, "{text}");
            assert!(slug(text).is_none_or(|slug| super::super::codes::is_code(&slug)));
        }
        for (text, expected) in [
            ("Annual Increase", Some("annual_increase")),
            ("pop_total", Some("pop_total")),
            ("2015", None),
            ("2015 USD", Some("m2015_usd")),
            ("金额", None),
            ("人均GDP(元)", None),
            ("GDP 增速", None),
            ("GDP(亿元)", Some("gdp")),
            ("地区 Region", Some("region")),
            ("CO₂ per km²", Some("co2_per_km2")),
        ] {
            assert_eq!(column(text, 'm').as_deref(), expected, "{text}");
        }
        assert_eq!(unique("a".into(), '-', |name| name == "a" || name == "a-2"), "a-3");
    }
}

//! References to cells: `shenzhen/financing/round:deals[round=angel]@../2023`, with every part optional where the place of the
//! reference already says it.

use std::fmt;

/// A reference as written. What is left out is `None`, or an empty key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reference {
    /// `[package:]area/topic[/dim[+dim]]`, as written.
    pub dataset: Option<String>,
    /// Numeric column.
    pub measure: Option<String>,
    /// Dimension and member, in the order written; a member `*` is all leaf members.
    pub key: Vec<(String, String)>,
    /// Period, as written: a period, or `A..B`.
    pub period: Option<String>,
}

/// Where a reference is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadReference {
    /// Byte offset in the text.
    pub at: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl Reference {
    /// A reference that is the whole of a text.
    ///
    /// # Errors
    /// Where in the text it stops being one.
    pub fn parse(text: &str) -> Result<Self, BadReference> {
        let (reference, length) = Self::parse_prefix(text)?;
        if length == text.len() {
            Ok(reference)
        } else {
            Err(BadReference { at: length, expected: "[key], @period or the end" })
        }
    }

    /// A reference at the start of a text, and its length in bytes.
    ///
    /// # Errors
    /// Where the text cannot start with one.
    pub fn parse_prefix(text: &str) -> Result<(Self, usize), BadReference> {
        let mut reference = Reference::default();
        let mut at = 0;
        let edition = edition_length(text);
        let head = edition + word_length(&text[edition..]);
        if head > 0 {
            at = head;
            match text[..head].rfind(':') {
                Some(colon)
                    if text[edition..].get(..colon.saturating_sub(edition)).is_some_and(|name| name.contains('/')) =>
                {
                    reference.dataset = Some(text[..colon].to_owned());
                    reference.measure = Some(text[colon + 1..head].to_owned()).filter(|name| !name.is_empty());
                }
                _ if text[..head].contains('/') => reference.dataset = Some(text[..head].to_owned()),
                _ => reference.measure = Some(text[..head].to_owned()),
            }
        }
        if text[at..].starts_with('[') {
            let close = text[at..].find(']').ok_or(BadReference { at: text.len(), expected: "]" })? + at;
            for pair in text[at + 1..close].split(';') {
                let (dimension, member) =
                    pair.split_once('=').ok_or(BadReference { at: at + 1, expected: "dimension=member" })?;
                reference.key.push((dimension.trim().to_owned(), member.trim().to_owned()));
            }
            at = close + 1;
        }
        if text[at..].starts_with('@') {
            let length = period_length(&text[at + 1..]);
            if length == 0 {
                return Err(BadReference { at: at + 1, expected: "a period" });
            }
            reference.period = Some(text[at + 1..at + 1 + length].to_owned());
            at += 1 + length;
        }
        if at == 0 { Err(BadReference { at, expected: "a cell" }) } else { Ok((reference, at)) }
    }
}

/// `package@version:` before an address. A period, which `@` starts too, has no `:` behind it.
fn edition_length(text: &str) -> usize {
    let length = || {
        let at = text.find('@')?;
        let colon = at + text[at..].find(':')?;
        let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "._+-".contains(c));
        let address = &text[colon + 1..];
        let named = address[..word_length(address)].contains('/');
        (plain(&text[..at]) && plain(&text[at + 1..colon]) && named).then_some(colon + 1)
    };
    length().unwrap_or(0)
}

/// Names: letters of any script, digits, `_ - / + :` inside.
fn word_length(text: &str) -> usize {
    let mut length = 0;
    for (at, c) in text.char_indices() {
        let inside = at > 0
            && "/+:-.".contains(c)
            && text[at + c.len_utf8()..]
                .starts_with(|next: char| next.is_alphanumeric() || next == '_' || (c == ':' && next == '['));
        if !(c.is_alphabetic() || c == '_' || (at > 0 && c.is_numeric()) || inside) {
            break;
        }
        length = at + c.len_utf8();
    }
    length
}

/// A period, or `A..B`: an operator behind it is not part of it.
fn period_length(text: &str) -> usize {
    let length = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-./".contains(c))).unwrap_or(text.len());
    text[..length].trim_end_matches(['-', '.', '/']).len()
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(dataset) = &self.dataset {
            write!(f, "{dataset}:")?;
        }
        f.write_str(self.measure.as_deref().unwrap_or_default())?;
        if !self.key.is_empty() {
            let key: Vec<String> = self.key.iter().map(|(dimension, member)| format!("{dimension}={member}")).collect();
            write!(f, "[{}]", key.join(";"))?;
        }
        self.period.as_ref().map_or(Ok(()), |period| write!(f, "@{period}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_can_be_left_out() {
        let whole = Reference::parse("shenzhen/financing/round:deals[round=angel]@../2023").unwrap();
        assert_eq!(whole.dataset.as_deref(), Some("shenzhen/financing/round"));
        assert_eq!(whole.measure.as_deref(), Some("deals"));
        assert_eq!(whole.key, [("round".to_owned(), "angel".to_owned())]);
        assert_eq!(whole.period.as_deref(), Some("../2023"));
        assert_eq!(whole.to_string(), "shenzhen/financing/round:deals[round=angel]@../2023");
        assert_eq!(Reference::parse("@2022").unwrap().period.as_deref(), Some("2022"));
        assert_eq!(Reference::parse("deals").unwrap().measure.as_deref(), Some("deals"));
        assert_eq!(Reference::parse("world/companies").unwrap().dataset.as_deref(), Some("world/companies"));
        assert_eq!(Reference::parse("a/b/c+d:m[c=x;d=y]@2020..2023").unwrap().key.len(), 2);
        let edition = Reference::parse("wb@2024-04:a/b:m[c=x]@2023").unwrap();
        assert_eq!(edition.dataset.as_deref(), Some("wb@2024-04:a/b"));
        assert_eq!((edition.measure.as_deref(), edition.period.as_deref()), (Some("m"), Some("2023")));
        assert_eq!(Reference::parse("wb@2024-04:a/b").unwrap().dataset.as_deref(), Some("wb@2024-04:a/b"));
        assert_eq!(Reference::parse("m@2024").unwrap().period.as_deref(), Some("2024"));
        assert_eq!(Reference::parse("wb:a/b:m").unwrap().dataset.as_deref(), Some("wb:a/b"));
        assert_eq!(Reference::parse("a/b:[c=x]").unwrap().key, [("c".to_owned(), "x".to_owned())]);
    }

    #[test]
    fn a_prefix_stops_before_operators() {
        let (reference, length) = Reference::parse_prefix("china/scale:scale@2023 / @2022 > 1.11").unwrap();
        assert_eq!((reference.period.as_deref(), length), (Some("2023"), 22));
        assert_eq!(Reference::parse_prefix("a/b:m - 3").unwrap().1, 5);
    }

    #[test]
    fn what_is_no_reference_says_where() {
        assert_eq!(Reference::parse("deals[round").unwrap_err().expected, "]");
        assert_eq!(Reference::parse("deals[round]").unwrap_err().at, 6);
        assert_eq!(Reference::parse("deals@").unwrap_err().expected, "a period");
        assert_eq!(Reference::parse("").unwrap_err().at, 0);
        assert_eq!(Reference::parse("深圳/融资:金额@2023").unwrap().measure.as_deref(), Some("金额"));
    }
}

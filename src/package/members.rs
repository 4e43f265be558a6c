//! Members of a dimension: those of its code list, or those that a table brings.

use std::borrow::Cow;
use std::collections::HashMap;

use super::descriptor::Field;
use super::fault::{Fault, brief};
use super::model::{CodeList, Listed, Member};
use super::referred::Known;
use super::slug;
use super::table::{Place, Table};
use super::types;
use crate::text::Text;

/// What is known of a dimension's members while its table is read.
pub(super) enum Members<'a> {
    /// Codes of a list.
    Listed { listed: &'a Listed, numbers: HashMap<&'a str, u32> },
    /// Texts of the table, which become codes.
    InTable {
        dimension: String,
        field: &'a Field,
        list: CodeList,
        numbers: HashMap<String, u32>,
        known: HashMap<String, (String, Vec<String>)>,
    },
}

/// A text that no member has.
pub(super) struct Unknown {
    text: String,
    near: Option<String>,
    /// The list would have it if nothing were wrong there.
    consequence: bool,
}

/// The code of the member whose text is empty.
const NONE: &str = "none";

impl<'a> Members<'a> {
    pub(super) fn listed(listed: Option<&'a Listed>) -> Members<'a> {
        static EMPTY: Listed = Listed {
            list: CodeList { scheme: None, attributes: Vec::new(), members: Vec::new() },
            faults: Vec::new(),
            lost: Vec::new(),
            open: false,
        };
        let listed = listed.unwrap_or(&EMPTY);
        let codes = listed.list.members.iter().map(|member| member.code.as_str());
        Members::Listed { listed, numbers: codes.zip(0..).collect() }
    }

    /// Members that a table brings as values of a field, of which another may have names and attributes.
    pub(super) fn from_table(dimension: &str, field: &'a Field, known: Known) -> Members<'a> {
        let list = CodeList { attributes: known.attributes, ..CodeList::default() };
        let numbers = HashMap::new();
        Members::InTable { dimension: dimension.to_owned(), field, list, numbers, known: known.members }
    }

    /// The number of a member, by its code; in a table by its text, which its name may stand beside.
    pub(super) fn number(&mut self, text: &str, name: &str) -> Result<u32, Unknown> {
        match self {
            Members::Listed { listed, numbers } => numbers.get(text).copied().ok_or_else(|| {
                let list = &listed.list;
                let near = list.members.iter().find(|member| {
                    member.title.zh == text
                        || member.title.en.eq_ignore_ascii_case(text)
                        || member.code.eq_ignore_ascii_case(text.trim())
                });
                let near = near.or_else(|| {
                    let long = text.chars().count() > 2;
                    let near = |member: &&Member| strsim::damerau_levenshtein(&member.code, text) == 1;
                    list.members.iter().filter(|_| long).find(near)
                });
                let near = near.map(|member| member.code.clone());
                Unknown { text: text.to_owned(), near, consequence: listed.may_have(text) }
            }),
            Members::InTable { field, list, numbers, known, .. } => {
                // Without a code its name tells a member from others.
                let key = if text.is_empty() { name } else { text };
                let value = if text.is_empty() { Cow::Borrowed(name) } else { types::canonical(field, text) };
                if let Some(number) = numbers.get(value.as_ref()) {
                    return Ok(*number);
                }
                let number = u32::try_from(list.members.len()).unwrap_or(u32::MAX);
                let (named, attributes) = known.remove(value.as_ref()).unwrap_or_default();
                let title = [name, &named, key, "—"].into_iter().find(|title| !title.is_empty()).unwrap_or_default();
                let attributes =
                    if attributes.is_empty() { vec![String::new(); list.attributes.len()] } else { attributes };
                let (code, key) = (String::new(), key.to_owned());
                numbers.insert(value.into_owned(), number);
                list.members.push(Member { code, title: Text::same(title), key, attributes });
                Ok(number)
            }
        }
    }

    pub(super) fn into_list(self) -> CodeList {
        match self {
            Members::Listed { listed, .. } => listed.list.clone(),
            Members::InTable { dimension, mut list, .. } => {
                make_codes(&mut list.members, &dimension);
                list
            }
        }
    }
}

/// Makes codes from what a table writes. What is a code itself stays as it is, but for its case; others take what is left.
fn make_codes(members: &mut [Member], dimension: &str) {
    let made = |(at, member): (usize, &Member)| match slug::slug(&member.key) {
        Some(slug) => slug,
        None if member.key.is_empty() => NONE.to_owned(),
        None => format!("{}-{}", slug::slug(dimension).unwrap_or_default(), at + 1),
    };
    let made: Vec<String> = members.iter().enumerate().map(made).collect();
    let changed = |at: &usize| match &members[*at].key {
        key if *key == made[*at] => 0,
        key if key.eq_ignore_ascii_case(&made[*at]) => 1,
        _ => 2,
    };
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(changed);
    let mut taken: HashMap<String, u32> = HashMap::new();
    for at in order {
        let made = &made[at];
        let count = taken.entry(made.clone()).and_modify(|count| *count += 1).or_insert(1);
        let code = match *count {
            1 => made.clone(),
            count => slug::unique(format!("{made}-{count}"), '-', |code| taken.contains_key(code)),
        };
        taken.insert(code.clone(), 1);
        members[at].code = code;
    }
}

impl Unknown {
    /// None where it only follows from what is wrong with the list.
    pub(super) fn fault(self, table: &Table, place: Place, field: usize, dimension: &str) -> Option<Fault> {
        let Unknown { text, near, consequence } = self;
        let text = brief(&text);
        let (zh, en) = (
            format!("代码表 {dimension} 里没有「{text}」"),
            format!("the code list '{dimension}' has no member '{text}'"),
        );
        let fault = table.fault(place, field, "unknown-member", zh, en);
        let fault = match near {
            Some(code) => fault.write(format!("要写 {code}"), format!("write {code}")),
            None => fault.write(
                format!("改正它,或在 codes/{dimension}.csv 里加一行"),
                format!("correct it, or add a line to codes/{dimension}.csv"),
            ),
        };
        (!consequence).then_some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_codes() {
        let field = Field::default();
        let mut members = Members::from_table("region", &field, Known::default());
        let texts = [
            ("ABW", "Aruba"),
            ("", "World total"),
            ("ABW", "Aruba"),
            ("a.b", ""),
            ("A B", ""),
            ("北京", ""),
            ("", ""),
            ("0-14", ""),
        ];
        let numbers: Vec<u32> = texts.iter().map(|(text, name)| members.number(text, name).ok().unwrap()).collect();
        assert_eq!(numbers, [0, 1, 0, 2, 3, 4, 5, 6]);
        let list = members.into_list();
        let shown: Vec<_> =
            list.members.iter().map(|member| (member.code.as_str(), member.title.en.as_str())).collect();
        let expected = [
            ("abw", "Aruba"),
            ("world-total", "World total"),
            ("a-b", "a.b"),
            ("a-b-2", "A B"),
            ("region-5", "北京"),
            ("none", "—"),
            ("n0-14", "0-14"),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn codes_stay_apart() {
        let field = Field::default();
        let mut members = Members::from_table("d", &field, Known::default());
        for text in ["x", "X", "x-2", "X 2", "x.", "x-2-2"] {
            assert!(members.number(text, "").is_ok());
        }
        let list = members.into_list();
        let codes: std::collections::HashSet<_> = list.members.iter().map(|member| member.code.as_str()).collect();
        assert_eq!(codes.len(), 6);
    }

    #[test]
    fn what_is_a_code_itself_stays_as_it_is() {
        for (texts, codes) in [
            (["A+", "A", "A-", "a"], ["a-3", "a-2", "a-4", "a"]),
            (["C++", "C#", "C", "Java"], ["c-2", "c-3", "c", "java"]),
            (["x.", "x-2", "X 2", "x"], ["x-2-2", "x-2", "x-2-2-2", "x"]),
        ] {
            let field = Field::default();
            let mut members = Members::from_table("d", &field, Known::default());
            texts.iter().for_each(|text| assert!(members.number(text, "").is_ok()));
            let list = members.into_list();
            assert_eq!(list.members.iter().map(|member| member.code.as_str()).collect::<Vec<_>>(), codes);
        }
    }
}

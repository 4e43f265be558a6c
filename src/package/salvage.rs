//! Reading JSON into types when something in it has the wrong type: what is sound is kept, and every fault is found in one
//! run. The straight path is one typed reading; this one is taken only when that fails.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::descriptor::{Descriptor, Schema};
use super::fault::{Fault, Faults};
use super::json;
use super::store::Source;
use crate::text::Text;

/// A JSON object's members, in order, duplicates included.
type Members<'a> = Vec<(String, &'a RawValue)>;

/// Reads an object that starts at a byte of a text; members of the wrong type are left out, each with its fault.
pub(super) fn object<T: DeserializeOwned + Default>(source: &Source, at: usize, raw: &str, faults: &mut Faults) -> T {
    object_with(source, at, raw, faults, |_, _, _, _| None)
}

/// Reads the descriptor, resource by resource.
pub(super) fn descriptor(source: &Source, faults: &mut Faults) -> Descriptor {
    let mut resources = Vec::new();
    let at = json::offset(&source.text, "");
    let mut descriptor: Descriptor = object_with(source, at, &source.text[at..], faults, |name, at, raw, faults| {
        (name == "resources").then(|| resources = list(source, at, raw, faults))
    });
    descriptor.resources = resources;
    descriptor
}

/// Reads a schema that starts at a byte of a text, field by field.
pub(super) fn schema(source: &Source, at: usize, raw: &str, faults: &mut Faults) -> Schema {
    let mut fields = Vec::new();
    let mut schema: Schema = object_with(source, at, raw, faults, |name, at, raw, faults| {
        (name == "fields").then(|| fields = list(source, at, raw, faults))
    });
    schema.fields = fields;
    schema
}

/// Where the value of a member of the descriptor ends.
pub(super) fn end_of(source: &Source, name: &str) -> Option<usize> {
    let start = json::offset(&source.text, "");
    let raw = &source.text[start..];
    let (_, value) = members(raw)?.into_iter().find(|(own, _)| own == name)?;
    Some(start + within(raw, value.get()) + value.get().len())
}

/// `inner` takes the members that it reads itself: name, where the value starts, value.
fn object_with<T: DeserializeOwned + Default>(
    source: &Source,
    at: usize,
    raw: &str,
    faults: &mut Faults,
    mut inner: impl FnMut(&str, usize, &str, &mut Faults) -> Option<()>,
) -> T {
    let Some(members) = members(raw) else {
        faults.push(wrong(source, at, "须为对象", "must be an object").write("要写 {…}", "write {…}"));
        return T::default();
    };
    let mut sound: Members = Vec::new();
    for (name, value) in members {
        let at = at + within(raw, value.get());
        if sound.iter().any(|(known, _)| *known == name) {
            let fault = wrong(source, at, &format!("「{name}」写了两次"), &format!("'{name}' is written twice"));
            faults.push(fault.write("留一个,删去另一个", "leave one, remove the other"));
        } else if inner(&name, at, value.get(), faults).is_none() {
            match serde_json::from_str::<T>(&compose(&[(name.clone(), value)])) {
                Ok(_) => sound.push((name, value)),
                Err(error) => faults.push(type_fault(source, at, &name, &error)),
            }
        }
    }
    serde_json::from_str(&compose(&sound)).unwrap_or_default()
}

fn list<T: DeserializeOwned + Default>(source: &Source, at: usize, raw: &str, faults: &mut Faults) -> Vec<T> {
    match serde_json::from_str::<Vec<&RawValue>>(raw) {
        Ok(elements) => elements
            .iter()
            .map(|element| object(source, at + within(raw, element.get()), element.get(), faults))
            .collect(),
        Err(_) => {
            faults.push(wrong(source, at, "须为数组", "must be an array").write("要写 […]", "write […]"));
            Vec::new()
        }
    }
}

/// Where a part that borrows from a text starts in it.
fn within(text: &str, part: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

fn members(raw: &str) -> Option<Members<'_>> {
    struct Visitor;
    impl<'de> serde::de::Visitor<'de> for Visitor {
        type Value = Members<'de>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry::<String, &RawValue>()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    use serde::de::Deserializer;
    serde_json::Deserializer::from_str(raw).deserialize_map(Visitor).ok()
}

fn compose(members: &[(String, &RawValue)]) -> String {
    let member =
        |(name, value): &(String, &RawValue)| format!("{}:{}", serde_json::Value::from(name.as_str()), value.get());
    format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
}

fn wrong(source: &Source, at: usize, zh: &str, en: &str) -> Fault {
    source.fault(at, "wrong-type", zh, en)
}

fn type_fault(source: &Source, at: usize, name: &str, error: &serde_json::Error) -> Fault {
    let what = reason(error);
    let fault =
        source.fault(at, "wrong-type", format!("「{name}」的类型不对"), format!("'{name}' has the wrong type: {what}"));
    match what.rsplit_once("expected ").and_then(|(_, expected)| wanted(expected)) {
        Some(Text { zh, en }) => fault.write(format!("要写{zh}"), format!("write {en}")),
        None => fault,
    }
}

/// How JSON writes what was expected.
fn wanted(expected: &str) -> Option<Text> {
    const FORMS: [(&str, &str, &str); 6] = [
        ("a string", "带引号的文字:\"…\"", "a text in quotes: \"…\""),
        ("a boolean", " true 或 false", "true or false"),
        ("a sequence", "列表:[…]", "a list: […]"),
        ("struct", "对象:{…}", "an object: {…}"),
        ("a map", "对象:{…}", "an object: {…}"),
        ("i64", "数,不带引号", "a number without quotes"),
    ];
    let form = FORMS.iter().find(|(own, ..)| expected.starts_with(own));
    form.map(|(_, zh, en)| Text::new(*zh, *en))
}

/// The reason without the position, which is one of a part of the text.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// What the parser of JSON says, in Chinese.
const REASONS: [(&str, &str); 10] = [
    ("EOF", "没有写完"),
    ("expected value", "此处应有值"),
    ("expected `:`", "此处应为 :"),
    ("expected `,` or `}`", "此处应为 , 或 }"),
    ("expected `,` or `]`", "此处应为 , 或 ]"),
    ("key must be a string", "键须为字符串"),
    ("trailing comma", "末项之后多了逗号"),
    ("trailing characters", "结束之后还有文字"),
    ("control character", "字符串里有换行等控制字符"),
    ("invalid escape", "\\ 之后的字符不对"),
];

/// The fault of a text that is no JSON at all.
pub(super) fn syntax_fault(source: &Source, error: &serde_json::Error) -> Fault {
    let what = reason(error);
    let start: usize = source.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut offset = (start + error.column().saturating_sub(1)).min(source.text.len());
    while !source.text.is_char_boundary(offset) {
        offset -= 1;
    }
    let known = REASONS.iter().find(|(english, _)| what.starts_with(english));
    let zh = known.map_or(String::new(), |(_, zh)| format!(":{zh}"));
    source.fault(offset, "not-json", format!("不是有效的 JSON{zh}"), format!("is not valid JSON: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source { label: "d.json".into(), text: text.to_owned().into() }
    }

    #[test]
    fn every_wrong_type_is_found_and_the_rest_kept() {
        let source = source(
            "{\"name\": \"n\", \"version\": 1.0,\n \"resources\": [\n  {\"name\": \"a\", \"path\": 5, \"aistat:area\": \"x\"},\n  7,\n  {\"name\": \"b\", \"aistat:default\": \"yes\"}]}",
        );
        assert!(serde_json::from_str::<Descriptor>(&source.text).is_err());
        let mut faults = Vec::new();
        let descriptor = descriptor(&source, &mut faults);
        let places: Vec<String> = faults.iter().map(Fault::place).collect();
        assert_eq!(places, ["d.json:1:26", "d.json:3:25", "d.json:4:3", "d.json:5:35"]);
        assert_eq!((descriptor.name.as_deref(), descriptor.version), (Some("n"), None));
        let kept: Vec<_> =
            descriptor.resources.iter().map(|resource| (resource.name.as_str(), resource.area.as_deref())).collect();
        assert_eq!(kept, [("a", Some("x")), ("", None), ("b", None)]);
    }

    #[test]
    fn a_name_written_twice() {
        let source = source(r#"{"fields": [{"name": "a", "name": "b"}]}"#);
        let mut faults = Vec::new();
        let schema = schema(&source, 0, &source.text, &mut faults);
        assert_eq!(schema.fields[0].name, "a");
        assert!(faults[0].to_string().ends_with("'name' is written twice; leave one, remove the other"));
    }

    #[test]
    fn syntax() {
        let source = source("{\"a\": 1,\n \"资\": }");
        let error = serde_json::from_str::<serde_json::Value>(&source.text).unwrap_err();
        assert_eq!(syntax_fault(&source, &error).place(), "d.json:2:7");
    }
}

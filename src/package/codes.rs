//! Code lists: members, units, titles of areas and topics; and the lines of notes and relations.

use std::collections::HashSet;

use super::fault::{Fault, Faults, brief};
use super::model::{Attribute, CodeList, Listed, Member, Note, Package, RelationLine, Resource, Unit};
use super::table::{Place, Table};
use crate::text::Text;

/// The roles of resources that are no datasets.
pub(super) mod role {
    pub(crate) const CODES: &str = "codes";
    pub(crate) const RELATIONS: &str = "relations";
    pub(crate) const NOTES: &str = "notes";
}

/// Lists that the format itself knows.
pub(super) mod list {
    pub(crate) const UNITS: &str = "units";
    pub(crate) const AREAS: &str = "areas";
    pub(crate) const TOPICS: &str = "topics";
}

/// Whether a text may be a code: `[a-z][a-z0-9-]*`.
pub(super) fn is_code(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Faults behind which lines of a table are not read.
pub(super) const UNFINISHED: [&str; 2] = ["unclosed-quote", "limit"];

impl Package {
    /// Where a code list is declared.
    pub(super) fn list_index(&self, name: &str) -> Option<usize> {
        let lists =
            || self.declared.iter().enumerate().filter(|(_, declared)| declared.role.as_deref() == Some(role::CODES));
        let stem = |path: &String| path.rsplit('/').next().and_then(|file| file.split('.').next()) == Some(name);
        let found = lists().find(|(_, declared)| declared.name == name);
        let by_path = || lists().find(|(_, declared)| declared.paths().into_iter().any(stem));
        found.or_else(by_path).map(|(index, _)| index)
    }

    /// A code list of the package, by name; empty if there is none of that name.
    ///
    /// # Errors
    /// Its table is broken.
    pub fn code_list(&self, name: &str) -> Result<CodeList, Faults> {
        self.list(name).map(|list| list.cloned().unwrap_or_default())
    }

    /// As [`Package::code_list`], not copied.
    pub(super) fn list(&self, name: &str) -> Result<Option<&CodeList>, Faults> {
        match self.as_read(name) {
            None => Ok(None),
            Some(listed) if listed.faults.is_empty() => Ok(Some(&listed.list)),
            Some(listed) => Err(listed.faults.clone()),
        }
    }

    /// What can be read of a code list, with what is wrong with it: for those who look for faults.
    pub(super) fn as_read(&self, name: &str) -> Option<&Listed> {
        let index = self.list_index(name)?;
        Some(self.lists[index].get_or_init(|| self.read_list(index)))
    }

    /// The areas with their titles.
    ///
    /// # Errors
    /// The list of areas is broken.
    pub fn areas(&self) -> Result<CodeList, Faults> {
        let own = |_: &Resource| self.title.clone();
        self.titles(list::AREAS, |resource| &resource.address.area, own)
    }

    /// The topics with their titles.
    ///
    /// # Errors
    /// The list of topics is broken.
    pub fn topics(&self) -> Result<CodeList, Faults> {
        self.titles(list::TOPICS, |resource| &resource.address.topic, |resource| resource.title.clone())
    }

    /// A list of the package, and what datasets have besides.
    fn titles(
        &self,
        name: &str,
        code: impl Fn(&Resource) -> &String,
        title: impl Fn(&Resource) -> Text,
    ) -> Result<CodeList, Faults> {
        let mut list = self.code_list(name)?;
        for resource in &self.resources {
            let code = code(resource);
            if !list.members.iter().any(|member| member.code == *code) {
                // A package that has such a list and leaves a code out says nothing about it.
                let title = if list.scheme.is_some() || self.list_index(name).is_some() {
                    Text::same(code)
                } else {
                    title(resource)
                };
                let attributes = vec![String::new(); list.attributes.len()];
                list.members.push(Member { code: code.clone(), title, key: code.clone(), attributes });
            }
        }
        Ok(list)
    }

    /// The title of a dimension, as its code list has it.
    pub fn dimension_title(&self, resource: &Resource, dimension: &str) -> Text {
        match self.list_index(dimension).map(|index| &self.declared[index]) {
            Some(list) => super::descriptor::title(list.titles.as_ref(), list.title.as_deref(), dimension),
            None => self.inferred_title(resource, dimension).unwrap_or_else(|| Text::same(dimension)),
        }
    }

    fn read_list(&self, index: usize) -> Listed {
        let open = |faults| Listed { faults, open: true, ..Listed::default() };
        let table = match self.table(index, &[]) {
            Ok(table) => table,
            Err(faults) => return open(faults),
        };
        let mut faults = Faults::new();
        let (Some(code), zh, en) = (table.column("code"), table.column("zh"), table.column("en")) else {
            let fault = table.header_fault(0, "no-code", "代码表没有 code 列", "the code list has no column 'code'");
            return open(vec![fault.write("表头要写 code,zh,en,order", "write the header code,zh,en,order")]);
        };
        let order = table.column("order");
        let of_units = |name: &str| table.column(name).filter(|_| self.list_index(list::UNITS) == Some(index));
        let (power, family) = (of_units("power"), of_units("family"));
        let own = [Some(code), zh, en, order];
        let further: Vec<usize> = (0..table.header.len()).filter(|field| !own.contains(&Some(*field))).collect();
        let mut members: Vec<(i64, Member)> = Vec::new();
        let mut seen = HashSet::new();
        let (mut meant, mut unsound) = (Vec::new(), Vec::new());
        let lost = &mut |record: &csv::StringRecord| unsound.push(record.get(code).unwrap_or("").trim().to_owned());
        let row = |record: &csv::StringRecord, place: Place, faults: &mut Faults| {
            let cell = |field: Option<usize>| field.and_then(|field| record.get(field)).unwrap_or("").trim();
            let name = cell(Some(code));
            if !is_code(name) {
                meant.push(name.to_owned());
                faults.push(bad_code(&table, place, code, name));
            } else if !seen.insert(name.to_owned()) {
                let (zh, en) = (format!("代码「{name}」写了两次"), format!("the code '{name}' is written twice"));
                faults.push(table.fault(place, code, "duplicate-code", zh, en));
            }
            let rank = match cell(order) {
                "" => Some(i64::MAX),
                text => text.parse().ok(),
            };
            if rank.is_none() {
                let fault = table.fault(
                    place,
                    order.unwrap_or(0),
                    "not-an-integer",
                    "order 须为整数",
                    "order must be a whole number",
                );
                faults.push(fault);
            }
            let title = |first: &str, second: &str| {
                [first, second, name].iter().find(|text| !text.is_empty()).map(|text| (*text).to_owned())
            };
            let title =
                Text::new(title(cell(zh), cell(en)).unwrap_or_default(), title(cell(en), cell(zh)).unwrap_or_default());
            let before = faults.len();
            if let Some(power) =
                power.filter(|field| !cell(Some(*field)).parse().is_ok_and(|power: i32| power.abs() <= 60))
            {
                let text = cell(Some(power));
                let (zh, en) = (format!("「{text}」不是十的幂次"), format!("'{text}' is not a power of ten"));
                let fault = table.fault(place, power, "bad-power", zh, en);
                faults.push(fault.write("要写整数:万是 4,亿是 8", "write a whole number: 4 for 万, 8 for 亿"));
            }
            if let Some(family) = family.filter(|field| cell(Some(*field)).is_empty()) {
                let (zh, en) = (format!("单位「{name}」没有族"), format!("the unit '{name}' has no family"));
                let fault = table.fault(place, family, "no-family", zh, en);
                faults.push(fault.write(
                    format!("要写 {name},或同一族的名称"),
                    format!("write {name}, or the family that it shares with other units"),
                ));
            }
            // A unit of which that cannot be told converts into nothing.
            if faults.len() > before {
                meant.push(name.to_owned());
                return true;
            }
            let attributes = further.iter().map(|field| cell(Some(*field)).to_owned()).collect();
            members.push((
                rank.unwrap_or(i64::MAX),
                Member { code: name.to_owned(), title, key: name.to_owned(), attributes },
            ));
            true
        };
        table.rows_and_lost(&mut faults, row, lost);
        meant.append(&mut unsound);
        members.sort_by_key(|(rank, _)| *rank);
        let attributes = self.list_attributes(index, further.iter().map(|field| table.header[*field].as_str()));
        let members = members.into_iter().map(|(_, member)| member).collect();
        let list = CodeList { scheme: self.declared[index].scheme.clone(), attributes, members };
        let open = faults.iter().any(|fault| UNFINISHED.contains(&fault.code));
        Listed { list, faults, lost: meant, open }
    }

    /// Titles of a list's further columns. The schema is read only where there are such columns for people.
    fn list_attributes<'n>(&self, index: usize, names: impl Iterator<Item = &'n str>) -> Vec<Attribute> {
        let names: Vec<&str> = names.collect();
        let own = self.declared[index].name == list::UNITS || names.is_empty();
        let schema = if own { None } else { self.schema(index).ok() };
        let title = |name: &str| {
            let fields = schema.as_ref().map_or(&[][..], |(file, _)| &file.schema.fields);
            fields
                .iter()
                .find(|field| field.name == name)
                .map_or_else(|| Text::same(name), super::descriptor::Field::title)
        };
        names.into_iter().map(|name| Attribute::new(name, title(name))).collect()
    }

    /// The package's list of units.
    ///
    /// # Errors
    /// It is broken.
    pub fn units(&self) -> Result<Vec<Unit>, Faults> {
        let all = |list: &CodeList| list.members.iter().map(|member| unit(list, member)).collect();
        self.list(list::UNITS).map(|list| list.map(all).unwrap_or_default())
    }

    /// A unit of the package's list; `Err` if it cannot be told, the list being broken.
    pub(super) fn unit(&self, code: &str) -> Result<Option<Unit>, Faults> {
        let Some(listed) = self.as_read(list::UNITS) else { return Ok(None) };
        match listed.list.members.iter().find(|member| member.code == code).map(|member| unit(&listed.list, member)) {
            None if listed.may_have(code) => Err(listed.faults.clone()),
            found => Ok(found),
        }
    }

    /// The notes of the package.
    ///
    /// # Errors
    /// Their table is broken.
    pub fn notes(&self) -> Result<Vec<Note>, Faults> {
        let mut notes = Vec::new();
        self.lines(role::NOTES, &mut |table, record, _| notes.push(note(table, record)))?;
        Ok(notes)
    }

    /// Each note with the faults of its rules, which see it together with its place.
    pub(super) fn note_faults(&self, rules: &mut dyn FnMut(&Note, NotePlace<'_>) -> Faults) -> Faults {
        let mut faults = Faults::new();
        let read = self.lines(role::NOTES, &mut |table, record, place| {
            let at = |column: &str| table.fault(place, table.column(column).unwrap_or(0), "", "", "");
            faults.extend(rules(&note(table, record), &at));
        });
        faults.extend(read.err().unwrap_or_default());
        faults
    }

    /// What must hold between observations and cannot hang on a field.
    ///
    /// # Errors
    /// Their table is broken.
    pub fn relations(&self) -> Result<Vec<RelationLine>, Faults> {
        let mut lines = Vec::new();
        self.lines(role::RELATIONS, &mut |table, record, place| {
            let cell = |name: &str| table.column(name).and_then(|field| record.get(field)).unwrap_or("").to_owned();
            let at = table.fault(place, table.column("statement").unwrap_or(0), "", "", "");
            let assumed = cell("basis") == "assumed";
            lines.push(RelationLine {
                id: cell("id"),
                statement: cell("statement"),
                section: cell("section"),
                assumed,
                file: at.file,
                line: at.line,
                column: at.column,
            });
        })?;
        Ok(lines)
    }

    /// What is wrong with the lines of a table of relations besides their statements.
    pub(super) fn relation_faults(&self, index: usize) -> Faults {
        let Ok(table) = self.table(index, &[]) else { return Faults::new() };
        let (id, basis) = (table.column("id"), table.column("basis"));
        let (mut found, mut ids) = (Faults::new(), HashSet::new());
        table.rows(&mut Faults::new(), |record, place, _| {
            let cell = |field: usize| record.get(field).unwrap_or("");
            let mut push = |field, code, zh: String, en: String| found.push(table.fault(place, field, code, zh, en));
            if let Some(field) = id {
                let name = cell(field);
                if name.is_empty() {
                    push(field, "no-id", "关系没有 id".into(), "the relation has no id".into());
                } else if !ids.insert(name.to_owned()) {
                    let (zh, en) = (format!("两个关系都叫「{name}」"), format!("two relations have the id '{name}'"));
                    push(field, "duplicate-id", zh, en);
                }
            }
            if let Some(field) = basis.filter(|field| !["printed", "assumed"].contains(&cell(*field))) {
                let basis = cell(field);
                push(field, "basis", format!("basis 是「{basis}」"), format!("basis is '{basis}'"));
            }
            true
        });
        found
    }

    /// Members of a code list whose Chinese name another has: who types it cannot say which is meant.
    pub(super) fn twin_faults(&self, index: usize) -> Faults {
        let Ok(table) = self.table(index, &[]) else { return Faults::new() };
        let Some(zh) = table.column("zh") else { return Faults::new() };
        let (mut twins, mut seen) = (Faults::new(), HashSet::new());
        table.rows(&mut Faults::new(), |record, place, _| {
            let name = record.get(zh).unwrap_or("").trim();
            if !name.is_empty() && !seen.insert(name.to_owned()) {
                let (zh_text, en) = (format!("两个成员都叫「{name}」"), format!("two members are named '{name}'"));
                twins.push(table.fault(place, zh, "duplicate-title", zh_text, en).warning());
            }
            true
        });
        twins
    }

    fn lines(&self, role: &str, see: &mut dyn FnMut(&Table, &csv::StringRecord, Place)) -> Result<(), Faults> {
        let mut faults = Faults::new();
        for (index, _) in
            self.declared.iter().enumerate().filter(|(_, declared)| declared.role.as_deref() == Some(role))
        {
            match self.table(index, &[]) {
                Ok(table) => table.rows(&mut faults, |record, place, _| {
                    see(&table, record, place);
                    true
                }),
                Err(more) => faults.extend(more),
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// A fault at a column of a note's line, still without words.
pub(super) type NotePlace<'a> = &'a dyn Fn(&str) -> Fault;

fn note(table: &Table, record: &csv::StringRecord) -> Note {
    let cell = |name: &str| table.column(name).and_then(|field| record.get(field)).unwrap_or("").to_owned();
    let text = Text::new(cell("zh"), cell("en"));
    Note { dataset: cell("dataset"), key: cell("key"), period: cell("period"), measure: cell("measure"), text }
}

/// A fault for a text that is no code.
pub(super) fn bad_code(table: &Table, place: Place, field: usize, name: &str) -> Fault {
    let slug = super::slug::slug(name).filter(|slug| slug.len() == brief(slug).len());
    let name = brief(name);
    let fault =
        table.fault(place, field, "bad-code", format!("「{name}」不能作代码"), format!("'{name}' cannot be a code"));
    match slug {
        Some(slug) => fault.write(format!("要写 {slug}"), format!("write {slug}")),
        None => fault.write("代码以小写字母开头,只含 a–z、0–9 和 -", "begin with a letter and use a–z, 0–9 and - only"),
    }
}

/// A unit as a member of the list of units says.
fn unit(units: &CodeList, member: &Member) -> Unit {
    let value = |name: &str| {
        let at = units.attributes.iter().position(|attribute| attribute.name == name);
        at.and_then(|at| member.attributes.get(at)).map_or("", String::as_str)
    };
    let family = Some(value("family")).filter(|family| !family.is_empty()).unwrap_or(&member.code).to_owned();
    let power = value("power").parse().unwrap_or(0);
    Unit { code: member.code.clone(), title: member.title.clone(), family, power }
}

impl Table {
    /// The column of a name.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }
}

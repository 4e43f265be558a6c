//! Tables to which foreign keys refer, in packages that declare nothing else: names and attributes of members.

use std::collections::HashMap;

use super::descriptor::{Field, ForeignKey, Reference};
use super::fault::Faults;
use super::header;
use super::infer::Namer;
use super::model::{Attribute, Package};
use super::schema::SchemaFile;
use super::{plan, types};
use crate::text::Text;

/// A table of members, by the names of its columns.
#[derive(Debug)]
pub(super) struct Referred {
    /// Its place among what the descriptor declares.
    resource: usize,
    /// The column to which the foreign key refers.
    key: String,
    /// The column that names members.
    pub(super) names: Option<String>,
    /// What members have besides, with the columns.
    own: Vec<(Attribute, String)>,
    /// The tables to which its columns refer in turn, with the columns: what is said there is said of members, too.
    further: Vec<(String, Referred)>,
}

/// References that are followed from one dimension, whatever a package declares.
const FOLLOWED: usize = 64;

/// What stands before the headers of a table in the names of attributes.
#[derive(Clone, Default)]
struct Before {
    /// What tells the key from others that refer to the same table.
    key: String,
    /// What the table is about, for a header that says no more than that it is a name.
    about: String,
    /// Whether the key to it is called so already.
    is_key: bool,
}

impl Before {
    /// The header and title of an attribute.
    fn label(&self, field: &Field) -> (String, Text) {
        let bare = header::stem(&field.name).is_empty() && !self.about.is_empty();
        let whole = |own: &str| {
            let parts = match bare {
                true => [self.key.as_str(), self.about.as_str(), if self.is_key { own } else { "" }],
                false => [self.key.as_str(), own, ""],
            };
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        };
        let title = field.title();
        (whole(&field.name), Text::new(whole(&title.zh), whole(&title.en)))
    }
}

/// What such a table says of its members.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What members have besides their name.
    pub(super) attributes: Vec<Attribute>,
    /// Of each key its name and its attributes.
    pub(super) members: HashMap<String, (String, Vec<String>)>,
}

impl Referred {
    /// What members have besides their names: of the table, then of those to which it refers.
    pub(super) fn attributes(&self) -> Vec<Attribute> {
        let further = self.further.iter().flat_map(|(_, referred)| referred.attributes());
        self.own.iter().map(|(attribute, _)| attribute.clone()).chain(further).collect()
    }
}

impl Package {
    /// The table to which a field's foreign key refers; none where it is the table itself or has no schema.
    pub(super) fn referred(&self, file: &SchemaFile<'_>, field: &Field, namer: &mut Namer) -> Option<Referred> {
        let target = |field: &str| Some(&reference(file, field)?.resource);
        let own = target(&field.name)?;
        let fields = file.schema.fields.iter();
        let several = fields.filter(|other| target(&other.name) == Some(own)).count() > 1;
        let key = if several { subject(&field.name) } else { String::new() };
        let before = Before { key, ..Before::default() };
        self.follow(file, field, &before, namer, &mut Vec::new(), &mut FOLLOWED.clone())
    }

    /// The same with what it refers to in turn, unless that is on the way here.
    fn follow(
        &self,
        file: &SchemaFile<'_>,
        field: &Field,
        before: &Before,
        namer: &mut Namer,
        way: &mut Vec<usize>,
        left: &mut usize,
    ) -> Option<Referred> {
        let reference = reference(file, &field.name)?;
        let [key] = reference.fields.as_slice() else { return None };
        let resource = self.declared.iter().position(|declared| declared.name == reference.resource)?;
        let (other, _) = self.schema(resource).ok()?;
        let fields = &other.schema.fields;
        let at = fields.iter().position(|field| field.name == *key)?;
        if way.contains(&resource) {
            return None;
        }
        *left = left.checked_sub(1)?;
        // Names of what a member belongs to are an attribute of it.
        let names = header::names_of(fields, at, &field.name).filter(|_| way.is_empty());
        let others: Vec<usize> = (0..fields.len()).filter(|other| *other != at && Some(*other) != names).collect();
        let own = others.iter().map(|other| {
            let (name, title) = before.label(&fields[*other]);
            (Attribute::new(namer.name("", &name, 'a', *other), title), fields[*other].name.clone())
        });
        let own = own.collect();
        way.push(resource);
        let further = others.iter().filter_map(|at| {
            let field = &fields[*at];
            let about = subject(&field.name);
            let before = Before { is_key: about == field.name.to_lowercase(), about, ..before.clone() };
            Some((field.name.clone(), self.follow(&other, field, &before, namer, way, left)?))
        });
        let further = further.collect();
        way.pop();
        Some(Referred { resource, key: key.clone(), names: names.map(|at| fields[at].name.clone()), own, further })
    }

    /// Whether a foreign key of another table refers to a resource.
    pub(super) fn is_referred(&self, index: usize) -> bool {
        let name = &self.declared[index].name;
        let refers =
            |(file, _): (SchemaFile<'_>, _)| file.schema.foreign_keys.iter().any(|key| key.reference.resource == *name);
        (0..self.declared.len()).filter(|other| *other != index).any(|other| self.schema(other).is_ok_and(refers))
    }

    /// What the table of members says; nothing of a key that has two rows.
    ///
    /// # Errors
    /// It cannot be read: what is wrong with it.
    pub(super) fn known(&self, referred: Option<&Referred>) -> Result<Known, Faults> {
        let Some(referred) = referred else { return Ok(Known::default()) };
        let (file, _) = self.schema(referred.resource)?;
        let fields: Vec<&str> = file.schema.fields.iter().map(|field| field.name.as_str()).collect();
        let table = self.table(referred.resource, &fields)?;
        let missing = plan::missing_values(self, referred.resource, &file.schema);
        let column = |name: &String| {
            let declared = fields.iter().position(|field| field == name)?;
            Some((table.column(name)?, (&missing[declared], &file.schema.fields[declared])))
        };
        // That there is no such column is a fault of the foreign key.
        let Some(key) = column(&referred.key) else { return Ok(Known::default()) };
        let names = referred.names.as_ref().and_then(column);
        let columns: Vec<_> = referred.own.iter().map(|(_, name)| column(name)).collect();
        let further = referred.further.iter().map(|(name, referred)| Ok((column(name), self.known(Some(referred))?)));
        let further = further.collect::<Result<Vec<_>, Faults>>()?;
        let (mut members, mut faults) = (HashMap::new(), Faults::new());
        table.rows(&mut faults, |record, _, _| {
            let cell = |column: Column<'_>| -> String {
                let text = column.and_then(|(at, (missing, _))| {
                    record.get(at).filter(|text| !missing.iter().any(|own| own == text))
                });
                text.unwrap_or_default().trim().to_owned()
            };
            let value = |column: Column<'_>| match column {
                Some((_, (_, field))) => types::canonical(field, &cell(column)).into_owned(),
                None => String::new(),
            };
            let mut own: Vec<String> = columns.iter().map(|column| cell(*column)).collect();
            for (column, known) in &further {
                let count = known.attributes.len();
                match known.members.get(&value(*column)) {
                    Some((_, attributes)) => own.extend(attributes.iter().cloned()),
                    None => own.resize(own.len() + count, String::new()),
                }
            }
            let known = (cell(names), own);
            members
                .entry(value(Some(key)))
                .and_modify(|(name, own): &mut (String, Vec<String>)| {
                    name.clear();
                    own.iter_mut().for_each(String::clear);
                })
                .or_insert(known);
            true
        });
        let attributes = referred.attributes();
        if faults.is_empty() { Ok(Known { attributes, members }) } else { Err(faults) }
    }
}

/// A column, what stands there for an empty cell, and its field.
type Column<'c> = Option<(usize, (&'c Vec<String>, &'c Field))>;

/// To what the foreign key of a field alone refers.
fn reference<'f>(file: &'f SchemaFile<'_>, field: &str) -> Option<&'f Reference> {
    let own = |key: &&ForeignKey| matches!(key.fields.as_slice(), [one] if one == field);
    file.schema.foreign_keys.iter().find(own).map(|key| &key.reference)
}

/// What the header of a key is about.
fn subject(header: &str) -> String {
    Some(header::stem(header)).filter(|stem| !stem.is_empty()).unwrap_or_else(|| header.to_owned())
}

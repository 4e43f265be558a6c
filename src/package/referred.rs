//! Tables to which foreign keys refer, in packages that declare nothing else: names and attributes of members.

use std::collections::HashMap;

use super::descriptor::Field;
use super::fault::Faults;
use super::header;
use super::infer::Namer;
use super::model::{Attribute, Package};
use super::plan;
use super::schema::SchemaFile;

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
    pub(super) attributes: Vec<(Attribute, String)>,
}

/// What such a table says of its members.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What members have besides their name.
    pub(super) attributes: Vec<Attribute>,
    /// Of each key its name and its attributes.
    pub(super) members: HashMap<String, (String, Vec<String>)>,
}

impl Package {
    /// The table to which a field's foreign key refers; none where it is the table itself or has no schema.
    pub(super) fn referred(&self, file: &SchemaFile<'_>, field: &Field, namer: &mut Namer) -> Option<Referred> {
        let refers = |key: &&super::descriptor::ForeignKey| key.fields.as_slice() == [field.name.clone()];
        let reference = &file.schema.foreign_keys.iter().find(refers)?.reference;
        let [key] = reference.fields.as_slice() else { return None };
        let resource = self.declared.iter().position(|declared| declared.name == reference.resource)?;
        let (other, _) = self.schema(resource).ok()?;
        let fields = &other.schema.fields;
        let at = fields.iter().position(|field| field.name == *key)?;
        let names = header::names_of(fields, at, &field.name);
        let others = (0..fields.len()).filter(|other| *other != at && Some(*other) != names);
        let attributes = others.map(|other| {
            let (name, number) = (&fields[other].name, other);
            (Attribute::new(namer.name("", name, 'a', number), fields[other].title()), name.clone())
        });
        let attributes = attributes.collect();
        Some(Referred { resource, key: key.clone(), names: names.map(|at| fields[at].name.clone()), attributes })
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
            Some((table.column(name)?, &missing[declared]))
        };
        // That there is no such column is a fault of the foreign key.
        let Some(key) = column(&referred.key) else { return Ok(Known::default()) };
        let names = referred.names.as_ref().and_then(column);
        let columns: Vec<_> = referred.attributes.iter().map(|(_, name)| column(name)).collect();
        let (mut members, mut faults) = (HashMap::new(), Faults::new());
        table.rows(&mut faults, |record, _, _| {
            let cell = |column: Option<(usize, &Vec<String>)>| {
                let (field, missing) = column?;
                let text = record.get(field).filter(|text| missing.iter().all(|missing| missing != text))?;
                Some(text.trim().to_owned())
            };
            let cell = |column| cell(column).unwrap_or_default();
            let known = (cell(names), columns.iter().map(|column| cell(*column)).collect());
            members
                .entry(cell(Some(key)))
                .and_modify(|(name, own): &mut (String, Vec<String>)| {
                    name.clear();
                    own.iter_mut().for_each(String::clear);
                })
                .or_insert(known);
            true
        });
        let attributes = referred.attributes.iter().map(|(attribute, _)| attribute.clone()).collect();
        if faults.is_empty() { Ok(Known { attributes, members }) } else { Err(faults) }
    }
}

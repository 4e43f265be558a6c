//! What a package holds, in memory.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use polars::prelude::DataFrame;

use super::Period;
use super::descriptor::ResourceDecl;
use super::fault::{Fault, Faults};
use super::limits::Limits;
use super::store::{Source, Store};
use crate::text::Text;

/// A package whose descriptor is read. Its tables are read when a question touches them.
#[derive(Debug)]
pub struct Package {
    /// Its name: what stands before `:` in `wb2024:china/scale`.
    pub name: String,
    /// The edition.
    pub version: Option<String>,
    /// Title of the report.
    pub title: Text,
    /// The line that stands under every answer, in the publisher's own wording.
    pub source: Option<Text>,
    /// The datasets, in the descriptor's order.
    pub resources: Vec<Resource>,
    /// What was inferred where the descriptor does not say it.
    pub inferences: Vec<Text>,
    pub(super) store: Store,
    pub(super) limits: Limits,
    /// The descriptor as it stands, for the places of faults.
    pub(super) descriptor: Source,
    /// Everything that the descriptor declares; the cells beside hold code lists and notes that have been read.
    pub(super) declared: Vec<ResourceDecl>,
    /// Of each of `resources` its place in `declared`.
    pub(super) datasets: Vec<usize>,
    pub(super) lists: Vec<OnceLock<Listed>>,
    pub(super) notes: OnceLock<Result<Vec<Note>, Faults>>,
    pub(super) missing_values: Option<Vec<String>>,
    /// Faults of the descriptor, with the declared resource that they break; `None`: none in particular.
    pub(super) faults: Vec<(Option<usize>, Fault)>,
}

/// A dataset as the descriptor declares it, its table not yet read.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Resource name.
    pub name: String,
    /// Area and topic codes with the dimensions, in order.
    pub address: Address,
    /// Title.
    pub title: Text,
    /// Exhibit number.
    pub exhibit: Option<String>,
    /// Section.
    pub section: Option<String>,
    /// The exhibit's columns in its order, where it is not the table's: also attributes of members.
    pub columns: Vec<String>,
    /// What members of a dimension have besides, where foreign keys say it rather than code lists.
    pub attributes: Vec<(String, Vec<Attribute>)>,
    /// Shown by `AREA TOPIC` where none of several datasets is without dimensions.
    pub default: bool,
    /// Subtotals.
    pub parts: BTreeMap<String, Parts>,
    /// Whether the leaf members together are all there is.
    pub exhaustive: Exhaustive,
    /// A name that the same series has in every edition.
    pub series: Option<String>,
    /// What its rows are, where they are records that can be counted.
    pub records: Option<Records>,
    /// Whether the descriptor says what it is in `aistat:` properties; else all of it is inferred.
    pub declared: bool,
}

/// `area/topic[/dim[+dim]]` of a package.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// Package name.
    pub package: String,
    /// Area code.
    pub area: String,
    /// Topic code.
    pub topic: String,
    /// Dimension names, in the table's order.
    pub dimensions: Vec<String>,
}

/// A subtotal member: the sum of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Members that it adds up.
    pub of: Vec<String>,
    /// Whether they are all.
    pub exhaustive: Exhaustive,
}

/// What the rows of a table of records are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Records {
    /// The title of their number.
    pub title: Text,
    /// The code of its unit.
    pub unit: Option<String>,
}

/// Whether members together are all there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exhaustive {
    /// The report says so.
    Stated,
    /// Taken to be so.
    #[default]
    Assumed,
    /// They are not.
    No,
}

/// A dataset with its table read.
#[derive(Debug)]
pub struct Dataset {
    /// What the descriptor says.
    pub resource: Resource,
    /// Dimensions with their code lists, in the table's order.
    pub dimensions: Vec<Dimension>,
    /// Measures, in the table's order. A printed share or growth belongs to its measure and is not listed here.
    pub measures: Vec<Measure>,
    /// Text columns, in the table's order.
    pub attributes: Vec<Attribute>,
    /// The rows. Columns: `period` (String), each dimension (String, codes), per numeric column `M`
    /// (measures, `M_share`, `M_growth`): `M` (Float64, null where empty), `M.digits` (String), `M.decimals` (Int32, last printed place),
    /// `M.mark` (String), `M.to` (String), `M.missing` (String, a code of [`super::Missing`]); attributes (String);
    /// `exhibit` and `section` (String) where the table has them, `M.exhibit`, `M.section` likewise.
    /// A column of companions that is empty throughout is left out of the frame, unless it is one of these.
    pub frame: DataFrame,
    /// Period of each row, parsed.
    pub periods: Vec<Period>,
    /// Notes that are about this dataset or a cell of it.
    pub notes: Vec<Note>,
    /// What was inferred from the table, where the descriptor does not say it.
    pub inferences: Vec<Text>,
    /// What of it is said of dimensions that tell no rows apart.
    pub needless: Vec<Text>,
    /// Of each dimension the members that have a row, by their place in the list, where the frame does not hold the rows.
    pub(super) used: Option<Vec<Vec<u32>>>,
}

/// A dimension of a dataset.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// Column name and name of its code list.
    pub name: String,
    /// Title.
    pub title: Text,
    /// The members there are in its package.
    pub codes: CodeList,
}

/// A code list.
#[derive(Clone, Debug, Default)]
pub struct CodeList {
    /// Address that two packages share when their codes mean the same.
    pub scheme: Option<String>,
    /// Names and titles of the further columns.
    pub attributes: Vec<Attribute>,
    /// Members in their own order.
    pub members: Vec<Member>,
}

/// A code list as far as its table can be read.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// What its lines say, whatever is wrong with some of them.
    pub(super) list: CodeList,
    /// What is wrong with it.
    pub(super) faults: Faults,
    /// What stands for a code in lines that cannot be used.
    pub(super) lost: Vec<String>,
    /// Nobody can tell what it would have.
    pub(super) open: bool,
}

impl Listed {
    /// Whether a code is in the list, or would be if nothing were wrong with it.
    pub(super) fn may_have(&self, code: &str) -> bool {
        let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let meant: String = plain(code);
        self.open
            || self.list.members.iter().any(|member| member.code == code)
            || self.lost.iter().any(|lost| plain(lost) == meant)
    }
}

/// A member of a code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// ASCII code.
    pub code: String,
    /// zh and en name.
    pub title: Text,
    /// What it is known by from one edition to the next: its code, or as the table writes it where the code was made from that.
    pub key: String,
    /// Values of the list's attributes, in their order.
    pub attributes: Vec<String>,
}

impl Member {
    /// The member that somebody types by what the table writes, by its code, or by a name: as it is spelt rather than in
    /// other letters. Several may have one name.
    pub fn typed<'m>(members: impl Iterator<Item = &'m Member> + Clone, typed: &str) -> Vec<&'m Member> {
        let is: [&dyn Fn(&Member) -> bool; 4] = [
            &|own| own.key == typed,
            &|own| own.code == typed,
            &|own| own.title.zh == typed || own.title.en.eq_ignore_ascii_case(typed),
            &|own| own.key.eq_ignore_ascii_case(typed) || own.code.eq_ignore_ascii_case(typed),
        ];
        let found = is.iter().map(|is| members.clone().filter(|member| is(member)).collect::<Vec<_>>());
        found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }
}

/// A text column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Column name.
    pub name: String,
    /// Title.
    pub title: Text,
    /// Its texts have an English wording, in the column `NAME.en`.
    pub worded: bool,
    /// What stands between the items of its lists, where it holds lists.
    pub list: Option<String>,
}

impl Attribute {
    /// A column of plain texts.
    pub fn new(name: impl Into<String>, title: Text) -> Self {
        Attribute { name: name.into(), title, worded: false, list: None }
    }

    /// A text, and what it lists.
    pub fn items<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> + use<'t> {
        items(text, self.list.as_deref().unwrap_or(";"))
    }
}

/// A text, and what it lists between delimiters.
pub fn items<'t>(text: &'t str, delimiter: &str) -> impl Iterator<Item = &'t str> + use<'t> {
    let items: Vec<&str> = text.split(delimiter).map(str::trim).filter(|item| *item != text).collect();
    std::iter::once(text).chain(items)
}

/// A measure: a numeric column with its unit.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Column name.
    pub name: String,
    /// Title.
    pub title: Text,
    /// Unit.
    pub unit: Unit,
    /// The report does not name the unit.
    pub unit_assumed: bool,
    /// Stock, flow or rate.
    pub kind: Kind,
    /// In base units an integer.
    pub whole: bool,
    /// Declares `M_mark`: the companion is shown.
    pub has_mark: bool,
    /// Declares `M_to`.
    pub has_to: bool,
    /// The printed share `M_share`, if the table has that column.
    pub share: Option<Share>,
    /// The printed growth `M_growth`, if the table has that column.
    pub growth: Option<Growth>,
}

/// What a numeric column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// The measure itself.
    Level,
    /// Its printed share.
    Share,
    /// Its printed growth.
    Growth,
}

impl Measure {
    /// Its numbers turn out to be percentages.
    pub(super) fn become_percent(&mut self) {
        (self.kind, self.unit) = (Kind::Rate, Unit::percent());
    }

    /// The printed share and growth that the table has of it, as measures of their own: `M_share`, `M_growth`, in percent.
    pub fn rates(&self) -> impl Iterator<Item = (Figure, Measure)> {
        let share = self.share.as_ref().map(|own| (Figure::Share, "share", &own.title, own.has_mark, own.has_to));
        let growth = self.growth.as_ref().map(|own| (Figure::Growth, "growth", &own.title, own.has_mark, own.has_to));
        share.into_iter().chain(growth).map(|(figure, suffix, title, has_mark, has_to)| {
            let rate = Measure {
                name: format!("{}_{suffix}", self.name),
                title: title.clone(),
                unit: Unit::percent(),
                unit_assumed: false,
                kind: Kind::Rate,
                whole: false,
                has_mark,
                has_to,
                share: None,
                growth: None,
            };
            (figure, rate)
        })
    }

    /// Whether this is its name or title.
    pub fn is_called(&self, typed: &str) -> bool {
        self.name == typed || self.title.zh == typed || self.title.en.eq_ignore_ascii_case(typed)
    }

    /// Its numeric columns: the measure, then its printed share and growth.
    pub fn figures(&self) -> impl Iterator<Item = (Figure, Measure)> {
        std::iter::once((Figure::Level, self.clone())).chain(self.rates())
    }

    /// Their names.
    pub fn columns(&self) -> impl Iterator<Item = String> {
        self.figures().map(|(_, figure)| figure.name)
    }
}

/// The column `M_share`.
#[derive(Clone, Debug)]
pub struct Share {
    /// Title.
    pub title: Text,
    /// Reference to the part; `None`: the measure itself, in the same row.
    pub part: Option<String>,
    /// Reference to the whole.
    pub whole: Option<String>,
    /// The report does not say what it is a share of.
    pub base_assumed: bool,
    /// Declares a mark.
    pub has_mark: bool,
    /// Declares an upper end.
    pub has_to: bool,
}

/// The column `M_growth`.
#[derive(Clone, Debug)]
pub struct Growth {
    /// Title.
    pub title: Text,
    /// Reference to what grows; `None`: the measure itself.
    pub of: Option<String>,
    /// The report does not say what it is a growth of.
    pub base_assumed: bool,
    /// The price basis, where known.
    pub price_basis: PriceBasis,
    /// Declares a mark.
    pub has_mark: bool,
    /// Declares an upper end.
    pub has_to: bool,
}

/// On which prices a growth rate is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PriceBasis {
    /// On those of its level, or not about prices at all.
    #[default]
    Same,
    /// On others: not tied to its level.
    Other,
}

/// What a measure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// At a point in time.
    Stock,
    /// Over a period.
    Flow,
    /// A ratio: no growth, no share, changes in percentage points if in percent.
    Rate,
    /// An average, an index, a quantity per person: it grows, and does not add up.
    Mean,
}

impl Kind {
    /// Whether the numbers of members make a sum, and have shares of it.
    pub fn adds_up(self) -> bool {
        matches!(self, Kind::Stock | Kind::Flow)
    }
}

/// A unit of `units.csv`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unit {
    /// ASCII code.
    pub code: String,
    /// zh and en name.
    pub title: Text,
    /// Units of one family convert by their powers of ten.
    pub family: String,
    /// Power of ten of one unit in base units.
    pub power: i32,
}

impl Unit {
    /// The unit of printed and computed shares and growth rates.
    pub fn percent() -> Self {
        Unit { code: "percent".into(), title: Text::same("%"), family: "percent".into(), power: 0 }
    }
}

/// A line of `notes.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Dataset (`area/topic[/dim]`), empty for the whole package.
    pub dataset: String,
    /// Key, empty for all rows.
    pub key: String,
    /// Period, empty for all.
    pub period: String,
    /// Measure, empty for all.
    pub measure: String,
    /// The text.
    pub text: Text,
}

/// A line of `relations.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationLine {
    /// Identifier.
    pub id: String,
    /// A statement.
    pub statement: String,
    /// Where the report says so.
    pub section: String,
    /// `true` where the basis is assumed.
    pub assumed: bool,
    /// The file, as messages show it.
    pub file: String,
    /// Line of the file.
    pub line: u64,
    /// Character of the line at which the statement's field starts.
    pub column: u64,
}

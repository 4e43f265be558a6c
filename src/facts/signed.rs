//! Declared shares and growth rates that are tied to no level, since a number below 0 stands where a part, a whole or a base would.

use super::Facts;
use crate::package::{Fault, Figure, PriceBasis};
use crate::text::Text;

impl Facts<'_> {
    /// A warning for each declared column of shares or growth rates that nothing follows from or for.
    pub fn untied(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (at, table) in self.tables.iter().enumerate() {
            for (measure, declared) in table.dataset.measures.iter().enumerate() {
                let name = |role| table.column_of(measure, role).map(|column| table.columns[column].key.clone());
                let share = declared.share.as_ref().and_then(|share| share.whole.as_deref());
                let share = share.filter(|whole| table.is_signed(measure) || self.is_below(at, whole));
                let growth = declared.growth.as_ref();
                let growth = growth.filter(|of| of.price_basis == PriceBasis::Same && table.is_signed(measure));
                let columns = [share.and_then(|_| name(Figure::Share)), growth.and_then(|_| name(Figure::Growth))];
                for column in columns.into_iter().flatten() {
                    let what = Text::new(
                        format!("{column}:有小于零的数,占比与增长率无从联系水平数"),
                        format!(
                            "{column}: of a number below 0 no share or growth rate follows, so it is tied to no level"
                        ),
                    );
                    let write = Text::new(
                        "去掉 aistat:shareOf 或 aistat:growthOf,或把负数另列一个指标",
                        "leave out aistat:shareOf or aistat:growthOf, or give what is below 0 a measure of its own",
                    );
                    faults.push(table.package.warning(&table.dataset.resource, "below-zero", what, write));
                }
            }
        }
        faults
    }

    /// Whether a whole that is declared can be below 0 for some row.
    fn is_below(&self, table: usize, whole: &str) -> bool {
        let mut wholes = (0..self.tables[table].rows()).filter_map(|row| self.referred(table, row, whole));
        wholes.any(|whole| self.is_signed(whole))
    }
}

//! What a Parquet file says of its own sizes, checked before anything is decoded: the decoder takes as much memory as it is
//! told, and a file may tell anything. Footer and page headers are in Thrift's compact protocol.

use polars::prelude::FileMetadata;

/// Bytes of a cell in memory, at least.
const CELL: u64 = 8;

/// Levels of structs and lists; a footer has six.
const DEPTH: u32 = 16;

const STRUCT: u8 = 12;

/// Whether the lists and texts of a footer are no longer than the footer.
pub(super) fn footer(bytes: &[u8]) -> Option<()> {
    let end = bytes.len().checked_sub(8)?;
    let length = u32::from_le_bytes(bytes.get(end..end + 4)?.try_into().ok()?);
    let at = end.checked_sub(usize::try_from(length).ok()?)?;
    Thrift { bytes: bytes.get(..end)?, at }.skip(STRUCT, DEPTH)
}

/// The bytes that some columns have in memory at least; `None` if the sizes contradict each other or the file.
pub(super) fn expanded(bytes: &[u8], metadata: &FileMetadata, names: &[&str]) -> Option<u64> {
    let (mut rows, mut sum) = (0usize, 0u64);
    for group in &metadata.row_groups {
        rows = rows.checked_add(group.num_rows())?;
        for name in names {
            for chunk in group.columns_under_root_iter(name)? {
                let values = u64::try_from(chunk.num_values()).ok()?;
                let is_list = chunk.descriptor().descriptor.max_rep_level > 0;
                if !is_list && values != group.num_rows() as u64 {
                    return None;
                }
                let first = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
                let start = usize::try_from(first).ok()?;
                let end = start.checked_add(usize::try_from(chunk.compressed_size()).ok()?)?;
                let size = pages(bytes.get(start..end)?, values)?;
                sum = sum.checked_add(size.max(values.checked_mul(CELL)?))?;
            }
        }
    }
    (rows == metadata.num_rows).then_some(sum)
}

/// The bytes of the pages of a column.
fn pages(bytes: &[u8], values: u64) -> Option<u64> {
    let mut thrift = Thrift { bytes, at: 0 };
    let (mut sum, mut seen) = (0u64, 0u64);
    while thrift.at < bytes.len() && (thrift.at == 0 || seen < values) {
        let page = thrift.page()?;
        thrift.pass(page.stored)?;
        sum = sum.checked_add(page.expanded)?;
        seen = seen.checked_add(page.values)?;
        // A word of a dictionary takes a byte at least.
        if page.words > page.expanded {
            return None;
        }
    }
    (seen == values).then_some(sum)
}

/// What the header of a page says.
#[derive(Default)]
struct Page {
    stored: u64,
    expanded: u64,
    values: u64,
    /// Entries, if it is a dictionary.
    words: u64,
}

struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Thrift<'_> {
    fn page(&mut self) -> Option<Page> {
        let mut page = Page::default();
        self.fields(DEPTH, &mut |thrift, id, kind| {
            let mut first = |count: &mut u64| {
                thrift.fields(DEPTH, &mut |thrift, id, kind| {
                    if id == 1 {
                        *count = u64::try_from(thrift.number()?).ok()?;
                    } else {
                        thrift.skip(kind, DEPTH)?;
                    }
                    Some(())
                })
            };
            match (id, kind) {
                (5 | 8, STRUCT) => first(&mut page.values),
                (7, STRUCT) => first(&mut page.words),
                (2, _) => thrift.number().and_then(|size| u64::try_from(size).ok()).map(|size| page.expanded = size),
                (3, _) => thrift.number().and_then(|size| u64::try_from(size).ok()).map(|size| page.stored = size),
                _ => thrift.skip(kind, DEPTH),
            }
        })?;
        Some(page)
    }

    /// Visits the fields of a struct with number and type; the visitor reads them.
    fn fields(&mut self, depth: u32, visit: &mut dyn FnMut(&mut Self, i64, u8) -> Option<()>) -> Option<()> {
        depth.checked_sub(1)?;
        let mut id = 0i64;
        loop {
            let head = self.byte()?;
            if head & 15 == 0 {
                return Some(());
            }
            id = match head >> 4 {
                0 => self.number()?,
                step => id.checked_add(step.into())?,
            };
            visit(self, id, head & 15)?;
        }
    }

    fn skip(&mut self, kind: u8, depth: u32) -> Option<()> {
        match kind {
            // A truth value stands in its head.
            1 | 2 => Some(()),
            3 => self.pass(1),
            4..=6 => self.count().map(drop),
            7 => self.pass(8),
            8 => self.count().and_then(|length| self.pass(length)),
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.count()? } else { u64::from(head >> 4) };
                self.items(count, &[head & 15], depth)
            }
            11 => match self.count()? {
                0 => Some(()),
                count => {
                    let kinds = self.byte()?;
                    self.items(count, &[kinds >> 4, kinds & 15], depth)
                }
            },
            STRUCT => self.fields(depth, &mut |thrift, _, kind| thrift.skip(kind, depth - 1)),
            _ => None,
        }
    }

    /// Passes items that are no more than the bytes that are left.
    fn items(&mut self, count: u64, kinds: &[u8], depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        if count > (self.bytes.len() - self.at) as u64 {
            return None;
        }
        for _ in 0..count {
            for kind in kinds {
                match kind {
                    1 | 2 => self.pass(1)?,
                    kind => self.skip(*kind, depth)?,
                }
            }
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn pass(&mut self, length: u64) -> Option<()> {
        self.at = self.at.checked_add(usize::try_from(length).ok()?).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }

    fn count(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn number(&mut self) -> Option<i64> {
        let value = self.count()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_and_lists_that_are_too_long() {
        // Type 0 of field 1; 300 (zigzag 600 = 0xd8 0x04) of field 2; 5 of field 3; field 5: a struct with 7 in its field 1.
        let header = [0x15, 0x00, 0x15, 0xd8, 0x04, 0x15, 0x0a, 0x2c, 0x15, 0x0e, 0x00, 0x00];
        let page = Thrift { bytes: &header, at: 0 }.page().unwrap();
        assert_eq!((page.stored, page.expanded, page.values, page.words), (5, 300, 7, 0));
        let column = [&header[..], &[0; 5]].concat();
        assert_eq!(pages(&column, 7), Some(300));
        assert_eq!(pages(&column, 8), None);
        assert_eq!(pages(&column[..16], 7), None);
        // Field 1: a list of 2^31 structs.
        let list = [0x19, 0xfc, 0x80, 0x80, 0x80, 0x80, 0x08, 0x00];
        assert_eq!(Thrift { bytes: &list, at: 0 }.skip(STRUCT, DEPTH), None);
        let nested = [[0x1c; 100].as_slice(), &[0; 100]].concat();
        assert_eq!(Thrift { bytes: &nested, at: 0 }.skip(STRUCT, DEPTH), None);
    }
}

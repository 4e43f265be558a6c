//! Texts of a column as small numbers, in the order in which they are met.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The number of a text that may not stand there.
pub(super) const BAD: u32 = u32::MAX;

/// Between a year and its month in a key.
pub(super) const JOINT: char = '\u{1}';

/// Texts up to this length are keys by themselves.
const SHORT: usize = 16;

const CACHED: usize = 1 << 10;

/// A text that was met.
#[derive(Clone, Debug)]
pub(super) struct Met {
    /// The text.
    pub(super) text: String,
    /// What stands beside it: the name of a code, the month of a year.
    pub(super) beside: String,
    /// Where it was met first.
    pub(super) first: u64,
}

/// Numbers texts.
pub(super) struct Coder {
    last: (u128, u32),
    /// Recent texts by a few bits of their hash.
    recent: Box<[(u128, u32)]>,
    short: HashMap<u128, u32, BuildHasherDefault<Mixer>>,
    long: HashMap<Box<[u8]>, u32>,
    /// Every text, by number.
    pub(super) met: Vec<Met>,
}

/// The bytes of a short text as a number. Texts have no NUL, so that no two are the same.
pub(super) fn short(text: &[u8]) -> Option<u128> {
    let mut bytes = [0; SHORT];
    bytes.get_mut(..text.len())?.copy_from_slice(text);
    Some(u128::from_le_bytes(bytes))
}

/// The same, of a text within a larger one, without a copy.
pub(super) fn short_within(bytes: &[u8], start: usize, end: usize) -> Option<u128> {
    let length = end - start;
    let word = bytes.get(start..start + SHORT)?;
    let word = u128::from_le_bytes(word.try_into().ok()?);
    match length {
        0 => Some(0),
        1..=SHORT => Some(word & (u128::MAX >> (128 - 8 * length))),
        _ => None,
    }
}

impl Coder {
    pub(super) fn new() -> Coder {
        Coder {
            // No text has this key: it is no UTF-8.
            last: (u128::MAX, BAD),
            recent: vec![(u128::MAX, BAD); CACHED].into_boxed_slice(),
            short: HashMap::default(),
            long: HashMap::new(),
            met: Vec::new(),
        }
    }

    /// The number of a short text by its key; `meet` says whether a new one may stand there, and what stands beside it.
    #[inline]
    pub(super) fn short(&mut self, key: u128, place: u64, meet: impl FnOnce(&str) -> Option<String>) -> u32 {
        if self.last.0 == key {
            return self.last.1;
        }
        let at = (mix(key) >> 54) as usize % CACHED;
        let code = if self.recent[at].0 == key {
            self.recent[at].1
        } else {
            let code = self.uncached(key, place, meet);
            self.recent[at] = (key, code);
            code
        };
        self.last = (key, code);
        code
    }

    #[inline(never)]
    fn uncached(&mut self, key: u128, place: u64, meet: impl FnOnce(&str) -> Option<String>) -> u32 {
        if let Some(code) = self.short.get(&key) {
            return *code;
        }
        let bytes = key.to_le_bytes();
        let length = SHORT - key.leading_zeros() as usize / 8;
        let code = self.meet(&bytes[..length], place, meet);
        self.short.insert(key, code);
        code
    }

    /// The number of a long text.
    pub(super) fn long(&mut self, text: &[u8], place: u64, meet: impl FnOnce(&str) -> Option<String>) -> u32 {
        if let Some(code) = self.long.get(text) {
            return *code;
        }
        let code = self.meet(text, place, meet);
        self.long.insert(text.into(), code);
        code
    }

    fn meet(&mut self, text: &[u8], first: u64, meet: impl FnOnce(&str) -> Option<String>) -> u32 {
        let Ok(text) = std::str::from_utf8(text) else { return BAD };
        let Some(beside) = meet(text) else { return BAD };
        self.met.push(Met { text: text.to_owned(), beside, first });
        u32::try_from(self.met.len() - 1).unwrap_or(BAD)
    }
}

/// A hash of short texts that nobody chose to collide: the table's limit of members bounds what a collision costs.
#[derive(Default)]
struct Mixer(u64);

fn mix(key: u128) -> u64 {
    let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let folded = (folded ^ (folded >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (folded ^ (folded >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = mix(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_numbers() {
        let mut coder = Coder::new();
        let long = "a text of more than sixteen bytes";
        let texts = ["", "a", "ab", "a", "sixteen bytes :)", "", long, long, "b", "ab"];
        let codes: Vec<u32> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| match short(text.as_bytes()) {
                Some(key) => coder.short(key, at as u64, |_| Some(String::new())),
                None => coder.long(text.as_bytes(), at as u64, |_| Some(String::new())),
            })
            .collect();
        assert_eq!(codes, [0, 1, 2, 1, 3, 0, 4, 4, 5, 2]);
        let met: Vec<(&str, u64)> = coder.met.iter().map(|met| (met.text.as_str(), met.first)).collect();
        assert_eq!(met, [("", 0), ("a", 1), ("ab", 2), ("sixteen bytes :)", 4), (long, 6), ("b", 8)]);
    }

    #[test]
    fn what_may_not_stand_there_stays_bad() {
        let mut coder = Coder::new();
        for text in ["x", "y", "x"] {
            let code = short(text.as_bytes()).map(|key| coder.short(key, 0, |text| (text == "y").then(String::new)));
            assert_eq!(code, Some(if text == "y" { 0 } else { BAD }));
        }
    }

    #[test]
    fn a_text_within_another_has_the_same_key() {
        let bytes = "2004,area-0000,价,0123456789abcdefg\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".as_bytes();
        let mut start = 0;
        for field in "2004,area-0000,价,0123456789abcdefg".split(',') {
            let end = start + field.len();
            assert_eq!(short_within(bytes, start, end), short(field.as_bytes()));
            start = end + 1;
        }
    }
}

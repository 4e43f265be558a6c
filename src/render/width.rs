//! Widths in terminal columns, and lines broken by them.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many terminal columns a text takes: 2 for 中, 1 for a.
pub fn display_width(text: &str) -> usize {
    text.width()
}

/// A text broken into lines of at most `width` columns: between words, between Chinese characters (never before closing
/// punctuation), and within a word only where that alone is longer than a line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if display_width(&line) + display_width(piece.trim_end()) > width {
            let full = std::mem::take(&mut line);
            lines.extend(Some(full.trim_end()).filter(|full| !full.is_empty()).map(str::to_owned));
        }
        if display_width(piece.trim_end()) <= width {
            line.push_str(piece);
            continue;
        }
        for c in piece.chars() {
            if !line.is_empty() && display_width(&line) + c.width().unwrap_or(0) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// A page whose lines are broken so; what follows the first part of a line is indented a little further.
pub fn wrap_page(text: &str, width: usize) -> String {
    let mut page = String::with_capacity(text.len());
    for line in text.lines() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let room = width.saturating_sub(indent + 2).max(2);
        let fits = display_width(line) <= width;
        let parts = if fits { vec![line[indent..].to_owned()] } else { wrap(&line[indent..], room) };
        for (at, part) in parts.iter().enumerate() {
            page += &" ".repeat(if at == 0 { indent } else { indent + 2 });
            page += part;
            page.push('\n');
        }
    }
    page
}

/// The widest piece of a text that is not broken where words are respected.
pub(super) fn longest_piece(text: &str) -> usize {
    pieces(text).iter().map(|piece| display_width(piece.trim_end())).max().unwrap_or(0)
}

/// What stays together on a line: a word with the spaces after it, or a wide character with the punctuation around it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        if let Some(before) = before
            && may_break(before, c)
        {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = Some(c);
    }
    pieces.push(&text[start..]);
    pieces
}

fn may_break(before: char, after: char) -> bool {
    const CLOSING: &str = "，。、；：！？）》」』】〉”’…,.;:!?)%]";
    const OPENING: &str = "（《「『【〈“‘([";
    let wide = |c: char| c.width() == Some(2);
    if after.is_whitespace() || after.width() == Some(0) || CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    before.is_whitespace() || wide(before) || wide(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_between_words_and_wide_characters() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("one two three", 100), ["one two three"]);
        assert_eq!(wrap("深圳市人工智能,产业", 8), ["深圳市人", "工智能,", "产业"]);
        assert_eq!(wrap("截至2023年底", 6), ["截至", "2023年", "底"]);
        assert_eq!(wrap("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(wrap("", 4), [""]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
        #[test]
        fn lines_fit_and_nothing_is_lost(text in "[a-z中文,。 ]{0,40}", width in 2usize..20) {
            let lines = wrap(&text, width);
            for line in &lines {
                assert!(display_width(line) <= width, "{line:?} is wider than {width}");
            }
            let kept = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(kept(&lines.concat()), kept(&text));
        }
    }
}

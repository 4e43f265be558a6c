//! Text from data that is safe on a terminal.

use std::fmt::Write;

/// Text that is safe on a terminal: control characters, escape sequences, bidi controls and invisible separators are
/// shown as `\u{…}`.
pub fn sanitize(text: &str) -> String {
    if !text.chars().any(is_unsafe) {
        return text.to_owned();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unsafe(c) {
            // writing to a String cannot fail
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    safe
}

/// The same, with line breaks and tabs as spaces.
pub(super) fn one_line(text: &str) -> String {
    if text.contains(['\n', '\r', '\t']) {
        return sanitize(&text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " "));
    }
    sanitize(text)
}

/// Whether a character could steer a terminal, reorder a line or hide in it.
pub(super) fn is_unsafe(c: char) -> bool {
    match c {
        ' '..='~' => false,
        // C0, DEL, C1
        _ if c.is_control() => true,
        // soft hyphen, Arabic letter mark, Mongolian vowel separator
        '\u{ad}' | '\u{61c}' | '\u{180e}' => true,
        // zero width, marks, line and paragraph separators, embeddings and overrides
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        // word joiner, invisible operators, isolates, deprecated format controls
        '\u{2060}'..='\u{206f}' => true,
        // byte order mark, interlinear annotation, tags
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_could_steer_a_terminal() {
        let cases = [
            ("深圳 abc – “x” 😀", "深圳 abc – “x” 😀"),
            ("\x1b[31mred\x1b[0m", "\\u{1b}[31mred\\u{1b}[0m"),
            ("a\tb\r\nc\0", "a\\u{9}b\\u{d}\\u{a}c\\u{0}"),
            ("\u{9b}1m\u{7f}", "\\u{9b}1m\\u{7f}"),
            ("\u{202e}abc\u{202c}\u{2066}\u{2069}", "\\u{202e}abc\\u{202c}\\u{2066}\\u{2069}"),
            (
                "\u{200e}\u{200f}\u{61c}\u{200b}\u{2028}\u{2029}",
                "\\u{200e}\\u{200f}\\u{61c}\\u{200b}\\u{2028}\\u{2029}",
            ),
            ("\u{feff}x\u{e0041}", "\\u{feff}x\\u{e0041}"),
        ];
        for (given, safe) in cases {
            assert_eq!(sanitize(given), safe);
        }
        assert_eq!(one_line("a\tb\r\nc\u{7}"), "a b c\\u{7}");
    }
}

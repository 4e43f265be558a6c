//! Where in a JSON text a pointer (RFC 6901) leads. Positions are wanted only when something is wrong, so the text is
//! scanned then, and the typed reading pays nothing for them.

/// Byte offset of the value that the pointer names; of the nearest value above it that there is.
pub(super) fn offset(text: &str, pointer: &str) -> usize {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    scanner.space();
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        match scanner.child(&token) {
            Some(at) => scanner.at = at,
            None => break,
        }
    }
    scanner.at
}

/// Where the elements of the array start that the pointer names.
pub(super) fn elements(text: &str, pointer: &str) -> Vec<usize> {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: offset(text, pointer) };
    let mut starts = Vec::new();
    if scanner.peek() != Some(b'[') {
        return starts;
    }
    scanner.at += 1;
    loop {
        scanner.space();
        let start = scanner.at;
        scanner.value();
        // The end, or whatever is not JSON.
        if scanner.at == start {
            return starts;
        }
        starts.push(start);
    }
}

/// One token of a pointer, escaped.
pub(super) fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The greatest nesting of arrays and objects.
pub(super) fn nesting(text: &str) -> u64 {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    let (mut depth, mut greatest) = (0u64, 0);
    while let Some(byte) = scanner.peek() {
        match byte {
            b'"' => scanner.string(),
            _ => scanner.at += 1,
        }
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        greatest = greatest.max(depth);
    }
    greatest
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace() || byte == b',' || byte == b':') {
            self.at += 1;
        }
    }

    /// Moves past the string that starts here.
    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1 + usize::from(byte == b'\\');
            if byte == b'"' {
                break;
            }
        }
        self.at = self.at.min(self.bytes.len());
    }

    /// Moves past the value that starts here.
    fn value(&mut self) {
        let mut depth = 0usize;
        loop {
            match self.peek() {
                None => return,
                Some(b'"') => self.string(),
                Some(b'[' | b'{') => (depth, self.at) = (depth + 1, self.at + 1),
                Some(b']' | b'}') if depth == 0 => return,
                Some(b']' | b'}') => (depth, self.at) = (depth - 1, self.at + 1),
                Some(_) => {
                    while self.peek().is_some_and(|byte| !b",:[]{}\" \t\r\n".contains(&byte)) {
                        self.at += 1;
                    }
                }
            }
            if depth == 0 {
                return;
            }
            self.space();
        }
    }

    /// Where the element or member of that name of the value here starts.
    fn child(&self, token: &str) -> Option<usize> {
        let mut scanner = Scanner { bytes: self.bytes, at: self.at + 1 };
        let object = self.peek()? == b'{';
        if !object && self.peek()? != b'[' {
            return None;
        }
        let mut index = 0usize;
        loop {
            scanner.space();
            if matches!(scanner.peek()?, b']' | b'}') {
                return None;
            }
            let found = if object {
                let start = scanner.at;
                scanner.value();
                let name = scanner.bytes.get(start..scanner.at)?;
                scanner.space();
                serde_json::from_slice::<String>(name).is_ok_and(|name| name == token)
            } else {
                token.parse() == Ok(index)
            };
            if found {
                return Some(scanner.at);
            }
            let before = scanner.at;
            scanner.value();
            // Whatever is not JSON must not keep the scanner in place.
            if scanner.at == before {
                return None;
            }
            index += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = r#" {"a": [1, {"b\"": "x,]"}, [2.5e3, null]], "资": {"c/d": true}, "e": {}} "#;

    #[test]
    fn pointers() {
        for (pointer, start) in [
            ("", r#"{"a""#),
            ("/a", "[1, "),
            ("/a/0", "1, "),
            ("/a/1", r#"{"b"#),
            ("/a/1/b\"", r#""x,]""#),
            ("/a/2/0", "2.5e3"),
            ("/a/2/1", "null"),
            ("/资/c~1d", "true"),
            ("/a/2/7", "[2.5e3"),
            ("/e/none/at/all", "{}}"),
            ("/none", r#"{"a""#),
        ] {
            assert!(TEXT[offset(TEXT, pointer)..].starts_with(start), "{pointer}");
        }
    }

    #[test]
    fn elements_of_an_array() {
        let starts = |pointer| elements(TEXT, pointer).into_iter().map(|at| &TEXT[at..at + 2]).collect::<Vec<_>>();
        assert_eq!(starts("/a"), ["1,", "{\"", "[2"]);
        assert!(starts("").is_empty() && starts("/a/0").is_empty());
        assert_eq!(elements("[1, 2", "").len(), 2);
    }

    #[test]
    fn depth() {
        assert_eq!(nesting(TEXT), 3);
        assert_eq!(nesting(r#""[[[""#), 0);
        assert_eq!(nesting(&"[".repeat(100_000)), 100_000);
    }

    proptest! {
        #[test]
        fn nothing_panics(text in r#"[\[\]{}",:a1\\ é]{0,40}"#, pointer in "(/[a0-2]){0,4}") {
            prop_assert!(offset(&text, &pointer) <= text.len());
            prop_assert!(elements(&text, &pointer).len() <= text.len());
            nesting(&text);
        }
    }
}

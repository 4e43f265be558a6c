//! Bytes to text: byte order mark, declared encoding, gzip.

use std::borrow::Cow;
use std::io::Read;

use super::fault::Fault;
use super::limits::{Limit, Limits};
use super::store::{Source, line_and_column};

/// UTF-8 without its byte order mark.
pub(super) fn utf8(label: String, bytes: Cow<'static, [u8]>) -> Result<Source, Fault> {
    const MARK: &str = "\u{feff}";
    let text = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| (bytes.to_vec(), error)),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|error| {
            let cause = error.utf8_error();
            (error.into_bytes(), cause)
        }),
    };
    match text {
        Ok(Cow::Borrowed(text)) => Ok(Source { label, text: Cow::Borrowed(text.strip_prefix(MARK).unwrap_or(text)) }),
        Ok(Cow::Owned(mut text)) => {
            if text.starts_with(MARK) {
                text.drain(..MARK.len());
            }
            Ok(Source { label, text: Cow::Owned(text) })
        }
        Err((bytes, error)) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let (line, column) = line_and_column(&valid, valid.len());
            let fault = Fault::new(label, "not-utf-8", "不是有效的 UTF-8", "is not valid UTF-8 from here on")
                .write("存为 UTF-8", "save it as UTF-8");
            Err(Fault { line, column, ..fault })
        }
    }
}

/// Text of a declared encoding (a label of the WHATWG Encoding Standard).
pub(super) fn decode(label: String, bytes: Cow<'static, [u8]>, encoding: Option<&str>) -> Result<Source, Fault> {
    let Some(name) = encoding else {
        let declare = |fault: Fault| {
            fault.write("存为 UTF-8,或在资源上声明 encoding", "save it as UTF-8, or declare the resource's encoding")
        };
        return utf8(label, bytes).map_err(declare);
    };
    let Some(encoding) = known(name) else {
        let fault = Fault::new(
            label,
            "unknown-encoding",
            format!("不认识编码「{name}」"),
            format!("the encoding '{name}' is not known"),
        );
        return Err(
            fault.write("要写 utf-8、gb18030、utf-16le 之类", "write a label such as utf-8, gb18030 or utf-16le")
        );
    };
    if encoding == encoding_rs::UTF_8 {
        return utf8(label, bytes);
    }
    let (text, used, broken) = encoding.decode(&bytes);
    if broken {
        let at = text.find('\u{fffd}').unwrap_or(0);
        let (line, column) = line_and_column(&text, at);
        let name = used.name();
        let fault = Fault::new(
            label,
            "wrong-encoding",
            format!("不是有效的 {name}"),
            format!("is not valid {name} from here on"),
        );
        return Err(Fault { line, column, ..fault.write("改正声明的 encoding", "correct the declared encoding") });
    }
    Ok(Source { label, text: Cow::Owned(text.into_owned()) })
}

/// An encoding by its label, or by the name that other programs have for it.
fn known(name: &str) -> Option<&'static encoding_rs::Encoding> {
    let label = |name: &str| encoding_rs::Encoding::for_label(name.as_bytes());
    let name = name.trim();
    label(name).or_else(|| match name.to_ascii_lowercase().replace('_', "-").as_str() {
        "utf-8-sig" => label("utf-8"),
        "latin-1" => label("latin1"),
        "cp932" => label("shift_jis"),
        "cp936" => label("gbk"),
        "cp949" => label("euc-kr"),
        "cp950" => label("big5"),
        dashed => label(dashed),
    })
}

/// The fault of what is decoded and no text all the same.
pub(super) fn not_text(source: &Source) -> Option<Fault> {
    let at = source.text.find('\0')?;
    let (zh, en) = ("含 NUL 字符:不是文本表格", "has a NUL character: this is no text table");
    Some(source.fault(at, "not-text", zh, en))
}

/// What gzip holds, up to the limit, of which a part is spent.
pub(super) fn gunzip(label: &str, bytes: &[u8], limits: &Limits, spent: u64) -> Result<Vec<u8>, Fault> {
    let limit = limits.least([Limit::ExpandedBytes, Limit::WholeBytes]);
    let most = limits.get(limit).saturating_sub(spent);
    let mut text = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(bytes).take(most.saturating_add(1));
    reader
        .read_to_end(&mut text)
        .map_err(|error| trailing(label, bytes).unwrap_or_else(|| gzip_fault(label, &text, &error)))?;
    if text.len() as u64 > most { Err(limits.passed(limit, label)) } else { Ok(text) }
}

/// The fault of bytes that follow gzip data and are none.
fn trailing(label: &str, bytes: &[u8]) -> Option<Fault> {
    let mut rest = bytes;
    while rest.starts_with(&[0x1f, 0x8b]) {
        let mut member = flate2::bufread::GzDecoder::new(rest);
        std::io::copy(&mut member, &mut std::io::sink()).ok()?;
        rest = member.into_inner();
    }
    let count = rest.len();
    (count > 0 && count < bytes.len()).then(|| {
        let (zh, en) = (format!("gzip 数据之后还有 {count} 字节"), format!("has {count} bytes after its gzip data"));
        let (zh_write, en_write) = ("删去这些字节,或重新压缩", "remove them, or compress the table again");
        Fault::new(label, "bad-gzip", zh, en).write(zh_write, en_write)
    })
}

/// Why a compressed file cannot be read further than this.
fn gzip_fault(label: &str, read: &[u8], error: &std::io::Error) -> Fault {
    let fault = match error.kind() {
        std::io::ErrorKind::UnexpectedEof => {
            Fault::new(label, "truncated", "gzip 文件不完整", "is a gzip file cut short")
        }
        _ => Fault::new(label, "bad-gzip", "从这里起不是有效的 gzip", "is not valid gzip from here on"),
    };
    let line = if read.is_empty() { 0 } else { 1 + memchr::memchr_iter(b'\n', read).count() as u64 };
    Fault { line, ..fault.write("重新压缩或重新下载", "compress or download it again") }
}

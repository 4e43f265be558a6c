//! `hash` of a resource: whether its file is the one that was described.

use std::fmt::Write;
use std::io::Read;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::fault::Fault;
use super::limits::Limit;
use super::model::Package;

impl Package {
    /// The fault of a file that has another hash than its resource says, or a warning if the algorithm is not known. A file
    /// that cannot be read has none: reading its table says so.
    pub(super) fn other_hash(&self, index: usize) -> Option<Fault> {
        let declared = &self.declared[index];
        let hash = declared.hash.as_deref()?;
        let [path] = declared.paths()[..] else { return None };
        let opened = self.store.open(path, Limit::FileBytes, &self.limits).ok()?;
        let (algorithm, expected) = hash.split_once(':').unwrap_or(("md5", hash));
        let of = match algorithm.to_ascii_lowercase().as_str() {
            "md5" => hex::<Md5>,
            "sha1" => hex::<Sha1>,
            "sha256" => hex::<Sha256>,
            "sha512" => hex::<Sha512>,
            _ => {
                let zh = format!("不认识 hash 的算法「{algorithm}」,没有核对");
                let en = format!("the algorithm '{algorithm}' of the hash is not known, so it is not checked");
                let fault = self.descriptor.fault_at(&format!("/resources/{index}/hash"), "unknown-hash", zh, en);
                let (zh, en) = ("可用 md5、sha1、sha256、sha512", "use md5, sha1, sha256 or sha512");
                return Some(fault.write(zh, en).warning());
            }
        };
        let found = of(&mut opened.reader())?;
        if found.eq_ignore_ascii_case(expected.trim()) {
            return None;
        }
        let (zh, en) = (
            format!("「{path}」的 {algorithm} 是 {found},而不是所写的"),
            format!("'{path}' has the {algorithm} {found}, not this one"),
        );
        let fault = self.descriptor.fault_at(&format!("/resources/{index}/hash"), "other-hash", zh, en);
        Some(fault.write("改正 hash,或重新下载文件", "correct hash, or download the file again"))
    }
}

/// The digest of all bytes, in hexadecimal digits.
fn hex<D: Digest>(reader: &mut dyn Read) -> Option<String> {
    let (mut digest, mut buffer) = (D::new(), vec![0; 1 << 16]);
    loop {
        match reader.read(&mut buffer).ok()? {
            0 => break,
            count => digest.update(&buffer[..count]),
        }
    }
    let mut text = String::new();
    for byte in digest.finalize() {
        write!(text, "{byte:02x}").ok()?;
    }
    Some(text)
}

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::manifest::FileEntry;
use crate::Error;

/// The largest file a bundle may hold.
const MAX_FILE: u64 = 1 << 30;
/// The largest `manifest.json`.
pub(super) const MAX_MANIFEST: u64 = 64 << 20;

/// SHA-256 in lower-case hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a file whole, refusing anything but a plain file of at most `limit` bytes.
pub(super) fn read_plain(folder: &Path, name: &str, limit: u64) -> Result<Vec<u8>, Error> {
    let path = folder.join(name);
    let io = |source| Error::io(&path, source);
    let found = std::fs::symlink_metadata(&path).map_err(io)?;
    if !found.is_file() {
        return Err(Error::bundle(name, "expected a plain file, found a folder or a link"));
    }
    if found.len() > limit {
        let problem = format!("expected at most {limit} bytes, found {}", found.len());
        return Err(Error::bundle(name, problem));
    }
    let mut bytes = Vec::with_capacity(found.len() as usize);
    File::open(&path).map_err(io)?.take(limit).read_to_end(&mut bytes).map_err(io)?;
    Ok(bytes)
}

/// Reads a file whole and checks that it is the one the manifest speaks of.
pub(super) fn read_verified(folder: &Path, name: &str, entry: Option<&FileEntry>) -> Result<Vec<u8>, Error> {
    let entry = entry.ok_or_else(|| Error::bundle(name, "the manifest does not list this file"))?;
    if entry.size > MAX_FILE {
        return Err(Error::bundle(
            name,
            format!("expected at most {MAX_FILE} bytes, the manifest says {}", entry.size),
        ));
    }
    // Memory is asked for only where the size on disk is the one promised.
    let path = folder.join(name);
    let found = std::fs::symlink_metadata(&path).map_err(|source| Error::io(&path, source))?;
    if found.is_file() && found.len() != entry.size {
        let problem = format!("expected {} bytes, found {}: copy the bundle again", entry.size, found.len());
        return Err(Error::bundle(name, problem));
    }
    let bytes = read_plain(folder, name, MAX_FILE)?;
    if sha256(&bytes) != entry.sha256 {
        return Err(Error::bundle(
            name,
            "the SHA-256 differs from that in the manifest: copy the bundle again",
        ));
    }
    Ok(bytes)
}

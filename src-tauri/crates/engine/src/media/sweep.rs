//! Removes files of which no row speaks.
//!
//! Bytes come before their row, so a file without one may be about to get it: only what is older than a day goes, and what is
//! put again counts as new. Rows go before bytes, so a death in between leaves a file for the next sweep.

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use mostrador_domain::UnixMillis;
use mostrador_store::tables::media;
use mostrador_store::{Store, StoreError};

use super::{MediaFolder, path_in};

/// Names asked about at a time.
const PAGE: usize = 500;

impl MediaFolder {
    /// Removes files that came before `before` and of which no row speaks, and writes that were never finished. Gives how many.
    ///
    /// # Errors
    /// The store's, the disk's.
    pub(crate) async fn sweep(&self, store: &Store, before: UnixMillis) -> Result<u64, StoreError> {
        let mut removed = 0;
        for part in blocking({
            let folder = self.0.clone();
            move || entries(&folder)
        })
        .await?
        {
            let old = blocking(move || old_names(&part, before)).await?;
            for names in old.chunks(PAGE) {
                removed += self.sweep_some(store, names.to_vec(), before).await?;
            }
        }
        Ok(removed)
    }

    async fn sweep_some(
        &self,
        store: &Store,
        names: Vec<String>,
        before: UnixMillis,
    ) -> Result<u64, StoreError> {
        let unknown = store
            .read(move |connection| media::unknown(connection, &names))
            .await?;
        let folder = self.0.clone();
        blocking(move || {
            let mut removed = 0;
            for path in unknown.iter().map(|name| path_in(&folder, name)) {
                if is_older(&path, before) {
                    std::fs::remove_file(path)?;
                    removed += 1;
                }
            }
            Ok(removed)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(ended) => Err(std::io::Error::other(ended).into()),
    }
}

/// What lies in a folder; a folder that is not there has nothing.
fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    match std::fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(vec![]),
        Err(error) => Err(error),
    }
}

/// The hashes of the old files in one part of the folder. What is no hash is none of ours, but for unfinished writes.
fn old_names(part: &Path, before: UnixMillis) -> std::io::Result<Vec<String>> {
    if !part.is_dir() {
        return Ok(vec![]);
    }
    let mut names = Vec::new();
    for path in entries(part)? {
        let is_hash = |stem: &str| stem.len() == 64 && stem.bytes().all(|b| b.is_ascii_hexdigit());
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        if !is_hash(stem) || !is_older(&path, before) {
            continue;
        }
        match path.extension().and_then(|extension| extension.to_str()) {
            None => names.push(stem.to_owned()),
            Some(extension) if extension.starts_with("part") => std::fs::remove_file(&path)?,
            Some(_) => {}
        }
    }
    Ok(names)
}

fn is_older(path: &Path, before: UnixMillis) -> bool {
    let limit = UNIX_EPOCH + Duration::from_millis(u64::try_from(before.0).unwrap_or_default());
    let modified = std::fs::metadata(path).and_then(|file| file.modified());
    modified.is_ok_and(|modified| modified < limit)
}

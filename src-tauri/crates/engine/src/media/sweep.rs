//! Removes files of which no row speaks.
//!
//! Bytes come before their row, so a file without one may be about to get it: only what is older than a day goes, and what is
//! put again counts as new. Rows go before bytes, so a death in between leaves a file for the next sweep.
//!
//! A store that was rebuilt from a damaged file may have lost rows. What came before that stays as long as the damaged file lies beside
//! it: whoever recovers more from it finds the bytes too.

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use mostrador_domain::UnixMillis;
use mostrador_store::tables::media;
use mostrador_store::{Store, StoreError};

use super::{MediaFolder, path_in, small};

/// Names asked about at a time.
const PAGE: usize = 500;

impl MediaFolder {
    /// Removes files that came before `before` and of which no row speaks, and writes that were never finished. Gives how many.
    /// What a damaged store may speak of stays.
    ///
    /// # Errors
    /// The store's, the disk's.
    pub(crate) async fn sweep(&self, store: &Store, before: UnixMillis) -> Result<u64, StoreError> {
        let mut removed = 0;
        let (parts, spared) = blocking({
            let (folder, store) = (self.0.clone(), store.clone());
            move || Ok((entries(&folder)?, store.set_aside_until()?))
        })
        .await?;
        for part in parts {
            let old = blocking(move || old_names(&part, before, spared)).await?;
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
                    std::fs::remove_file(&path)?;
                    removed += 1;
                    match std::fs::remove_file(small::beside(&path)) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                        _ => {}
                    }
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
fn old_names(part: &Path, before: UnixMillis, spared: Option<UnixMillis>) -> std::io::Result<Vec<String>> {
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
            None if spared.is_some_and(|until| is_older(&path, until)) => {}
            None => names.push(stem.to_owned()),
            Some(extension) if extension.starts_with("part") => std::fs::remove_file(&path)?,
            // Its file went while it was drawn.
            Some(small::ENDING) if !path.with_extension("").exists() => std::fs::remove_file(&path)?,
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

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    const BEFORE: u64 = 1_700_000_000_000;
    const LATER: u64 = BEFORE + 50_000;

    /// A file under this hash, of that time.
    fn put(folder: &Path, hash: &str, at: u64) -> PathBuf {
        let path = path_in(folder, hash);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let file = File::create(&path).expect("made");
        file.set_modified(UNIX_EPOCH + Duration::from_millis(at))
            .expect("dated");
        path
    }

    #[tokio::test]
    async fn what_a_damaged_store_may_speak_of_stays_as_long_as_it_lies_there() {
        let folder = tempfile::tempdir().expect("temp");
        let store = Store::open(&folder.path().join("shop.db"), UnixMillis(0))
            .expect("opens")
            .store;
        let media = MediaFolder::at(folder.path().join("media"));
        let old = put(&media.0, &"a".repeat(64), BEFORE - 1_000);
        let new = put(&media.0, &"b".repeat(64), LATER);
        let damaged = folder.path().join(format!("shop.db.damaged-{BEFORE}-2"));
        let aside = File::create(&damaged).expect("made");
        aside
            .set_modified(UNIX_EPOCH + Duration::from_millis(1))
            .expect("dated");
        let sweep = || media.sweep(&store, UnixMillis(i64::MAX));

        assert_eq!(
            sweep().await.expect("swept"),
            1,
            "what came since then, the store knows or nobody does"
        );
        assert!(
            old.exists() && !new.exists(),
            "what came before it may be in the damaged one alone"
        );

        std::fs::remove_file(damaged).expect("removed");
        assert_eq!(sweep().await.expect("swept"), 1, "nobody can look it up any more");
        assert!(!old.exists(), "it takes no room for ever");
    }

    #[tokio::test]
    async fn the_smaller_copy_goes_with_its_file() {
        let folder = tempfile::tempdir().expect("temp");
        let store = Store::open(&folder.path().join("shop.db"), UnixMillis(0))
            .expect("opens")
            .store;
        let media = MediaFolder::at(folder.path().join("media"));
        let copy_of = |hash: &str, at: u64| {
            let copy = small::beside(&put(&media.0, hash, at));
            std::fs::write(&copy, "copy").expect("written");
            copy
        };
        let (old, new) = (
            copy_of(&"a".repeat(64), BEFORE - 1_000),
            copy_of(&"b".repeat(64), LATER),
        );
        let alone = copy_of(&"c".repeat(64), BEFORE - 1_000);
        std::fs::remove_file(path_in(&media.0, &"c".repeat(64))).expect("removed");
        File::options()
            .append(true)
            .open(&alone)
            .expect("there")
            .set_modified(UNIX_EPOCH + Duration::from_millis(BEFORE - 1_000))
            .expect("dated");

        let swept = media
            .sweep(&store, UnixMillis(i64::try_from(BEFORE).expect("a time")))
            .await;
        assert_eq!(swept.expect("swept"), 1, "a copy is no file of its own");
        assert!(!old.exists(), "it went with its file");
        assert!(!alone.exists(), "its file went while it was drawn");
        assert!(new.exists(), "its file is young");
    }
}

//! What survives a restart: each device's world, settings and token, and the port.
//!
//! The file is replaced as a whole and atomically (written beside, flushed to the disk, renamed), a little after a
//! change so that a burst of changes is one write, and once more when the sandbox stops. A crash loses at most the
//! last moments of practice. A file that cannot be read is set aside under another name and never overwritten: the
//! sandbox then begins afresh and says so.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{branch::Branch, clock, premises::Premises, whapi::Settings, world::World};

const VERSION: u32 = 2;
/// How long to wait after a change for more of them.
const GATHER: Duration = Duration::from_millis(800);

/// Where the world came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateOrigin {
    /// Newly made.
    Fresh,
    /// Read from the state file.
    Restored,
    /// Newly made, because the state file could not be read; it was set aside as `….damaged`.
    DamagedSetAside,
}

/// The file's content.
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    version: u32,
    pub(crate) port: u16,
    pub(crate) branches: Vec<SavedBranch>,
}

/// One device's part of it.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedBranch {
    pub(crate) token: String,
    pub(crate) settings: Settings,
    pub(crate) world: World,
}

/// Reads the state, if there is any.
pub(crate) fn load(path: &Path) -> io::Result<(Option<State>, StateOrigin)> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((None, StateOrigin::Fresh)),
        Err(error) => return Err(error),
    };
    match serde_json::from_slice::<State>(&bytes) {
        Ok(mut state) if state.version == VERSION => {
            state
                .branches
                .iter_mut()
                .for_each(|branch| branch.world.reindex());
            Ok((Some(state), StateOrigin::Restored))
        }
        Ok(_) | Err(_) => {
            fs::rename(path, beside(path, "damaged"))?;
            tracing::warn!("the practice shop's state could not be read; it was set aside");
            Ok((None, StateOrigin::DamagedSetAside))
        }
    }
}

fn save(path: &Path, state: &State) -> io::Result<()> {
    let bytes = serde_json::to_vec(state)?;
    let new = beside(path, "new");
    let mut file = private(&new)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)
}

/// The file holds a token: only its owner may read it.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

/// Saves after each burst of changes, and a last time when the sandbox stops.
pub(crate) async fn keep_saved(premises: Arc<Premises>, path: PathBuf) {
    let stopping = premises.tasks().stopping();
    let mut changes = premises.changes();
    changes.mark_changed();
    loop {
        let changed = tokio::select! {
            changed = changes.changed() => changed.is_ok(),
            () = stopping.cancelled() => false,
        };
        if changed {
            tokio::select! { () = clock::sleep(GATHER) => {}, () = stopping.cancelled() => {} }
        }
        changes.mark_unchanged();
        save_now(&premises, path.clone()).await;
        if stopping.is_cancelled() {
            return;
        }
    }
}

async fn save_now(premises: &Premises, path: PathBuf) {
    let saved = |branch: &Arc<Branch>| SavedBranch {
        token: branch.token().to_owned(),
        settings: branch.settings(),
        world: branch.look(|world, _| world.clone()),
    };
    let state = State {
        version: VERSION,
        port: premises.port(),
        branches: premises.branches().iter().map(saved).collect(),
    };
    let saved = tokio::task::spawn_blocking(move || save(&path, &state)).await;
    match saved {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(kind = ?error.kind(), "the practice shop could not be saved"),
        Err(_) => tracing::error!("the practice shop could not be saved: the writer ended early"),
    }
}

#[cfg(test)]
mod tests {
    use super::{StateOrigin, load};

    #[test]
    fn a_file_that_cannot_be_read_is_set_aside_and_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.json");
        std::fs::write(&path, b"{ half").expect("written");

        let (state, origin) = load(&path).expect("damage is no failure to start");

        assert!(state.is_none(), "there is nothing to restore");
        assert_eq!(origin, StateOrigin::DamagedSetAside, "the caller is told");
        let kept = std::fs::read(folder.path().join("shop.json.damaged")).expect("the old file is kept");
        assert_eq!(kept, b"{ half", "nothing of it was lost");
    }
}

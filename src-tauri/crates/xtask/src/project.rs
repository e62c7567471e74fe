//! Where the project's own files are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    // `cargo run` names this crate's folder at run time, which stays right when the tree was moved after a build.
    let ours = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    ours.ancestors().nth(3).map_or(ours.clone(), Path::to_path_buf)
}

/// The UI's folder.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// Where screenshots for the documents are kept.
pub(crate) fn screenshots() -> PathBuf {
    root().join("docs").join("screenshots")
}

/// Where a Node that we fetched ourselves is kept.
pub(crate) fn fetched_node() -> PathBuf {
    root().join("target").join("node")
}

/// Logs and other leftovers of these commands.
pub(crate) fn scratch() -> Result<PathBuf, Failure> {
    let folder = root().join("target").join("xtask");
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::root;

    #[test]
    fn the_root_is_the_folder_of_the_workspace() {
        let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap_or_default();
        assert!(
            manifest.contains("[workspace]"),
            "{} should hold the workspace",
            root().display()
        );
    }
}

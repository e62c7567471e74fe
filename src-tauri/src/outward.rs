//! The UI's two ways to the desktop: saving a file, and opening a link.
//!
//! A file is saved into the folder for downloads, or where the operator says if the desktop has none. It comes under a name that
//! is made safe here ([`file_names`]), never over another file, and whole or not at all: it is written under a passing name first.
//! It is the operator's only, cannot be run, and is never opened by us. A program that dies while saving leaves the passing file.
//!
//! A link has been asked about by the page. It is checked once more ([`links`]) before the desktop's program for it is started.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use mostrador_api::{ApiError, ErrorCode, Shop};
use mostrador_domain::MediaId;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tauri::AppHandle;
use tokio::sync::oneshot;

use crate::{file_names, links, words};

/// What a file without a name is called.
const UNNAMED: &str = "mostrador";
/// So many files of one name are enough.
const MOST_OF_A_NAME: u32 = 1_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Save {
    media_id: i64,
    file_name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    href: String,
}

/// Saves a file; the answer is `{fileName}`, what it is called there, or null if the operator thought better of it.
pub(crate) async fn save(app: &AppHandle, shop: &Shop, args: Value) -> Result<Value, ApiError> {
    let Save { media_id, file_name } = read(args)?;
    let (_, bytes) = shop.engine().media_bytes(MediaId(media_id)).await?;
    let name = file_names::safe(&file_name, UNNAMED);
    let saved = match dirs::download_dir().filter(|folder| folder.is_dir()) {
        Some(folder) => in_background(move || save_into(&folder, &name, &bytes)).await?,
        None => match ask_where(app, shop, name).await? {
            Some(file) => in_background(move || save_as(&file, &bytes)).await?,
            None => return Ok(Value::Null),
        },
    };
    Ok(json!({ "fileName": saved }))
}

/// Opens an address in the program that the desktop has for it.
pub(crate) async fn open(args: Value) -> Result<(), ApiError> {
    let Open { href } = read(args)?;
    let address = links::openable(&href).ok_or(ErrorCode::BadRequest)?;
    in_background(move || {
        opener::open(address.as_str()).map_err(|_| {
            // Neither the address nor what the desktop says of it: both may hold what a customer wrote.
            tracing::warn!(scheme = address.scheme(), "the desktop opens no such address");
            std::io::ErrorKind::Other.into()
        })
    })
    .await
}

pub(crate) fn read<T: DeserializeOwned>(args: Value) -> Result<T, ApiError> {
    serde_json::from_value(args).map_err(|_| ErrorCode::BadRequest.into())
}

/// Does what touches the disk or starts a program, off the tasks that must not wait.
pub(crate) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, ApiError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| code_of(&error).into()),
        Err(_) => Err(ErrorCode::Internal.into()),
    }
}

fn code_of(error: &std::io::Error) -> ErrorCode {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => ErrorCode::StorageFull,
        _ => ErrorCode::StorageFailed,
    }
}

/// Where the operator wants it; `None` = nowhere. The dialog begins in the folder for downloads, and asks by itself before it lets a
/// file be replaced.
pub(crate) async fn ask_where(
    app: &AppHandle,
    shop: &Shop,
    name: String,
) -> Result<Option<PathBuf>, ApiError> {
    let title = words::of(words::of_shop(shop).await).save;
    let mut dialog = rfd::AsyncFileDialog::new().set_title(title).set_file_name(name);
    if let Some(folder) = dirs::download_dir().filter(|folder| folder.is_dir()) {
        dialog = dialog.set_directory(folder);
    }
    let (shown, answered) = oneshot::channel();
    // Some desktops let dialogs be opened by the main thread only.
    let asked = app.run_on_main_thread(move || {
        let _nobody_waits = shown.send(dialog.save_file());
    });
    match (asked, answered.await) {
        (Ok(()), Ok(answer)) => Ok(answer.await.map(|file| file.path().to_owned())),
        _ => Err(ErrorCode::Internal.into()),
    }
}

/// Saves under the first name that nobody has yet, and gives it.
fn save_into(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<String> {
    let mut passing = written(folder, bytes)?;
    for count in 1..=MOST_OF_A_NAME {
        let name = file_names::numbered(name, count);
        match passing.persist_noclobber(folder.join(&name)) {
            Ok(_) => return Ok(name),
            Err(taken) if taken.error.kind() == std::io::ErrorKind::AlreadyExists => passing = taken.file,
            Err(failed) => return Err(failed.error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

/// Saves where the operator said, also in place of what was there.
fn save_as(file: &Path, bytes: &[u8]) -> std::io::Result<String> {
    let folder = file.parent().unwrap_or(Path::new("."));
    written(folder, bytes)?
        .persist(file)
        .map_err(|failed| failed.error)?;
    Ok(file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default())
}

fn written(folder: &Path, bytes: &[u8]) -> std::io::Result<tempfile::NamedTempFile> {
    let mut passing = passing_in(folder)?;
    passing.write_all(bytes)?;
    passing.as_file().sync_all()?;
    Ok(passing)
}

/// A file under a passing name; gone when it is dropped.
pub(crate) fn passing_in(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".mostrador-")
        .suffix(".part")
        .tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_never_saved_over_another() {
        let folder = tempfile::tempdir().expect("temp");
        for name in ["menu.pdf", "menu (2).pdf", "menu (3).pdf"] {
            let saved = save_into(folder.path(), "menu.pdf", name.as_bytes()).expect("saved");
            assert_eq!(saved, name, "the next name that nobody has");
        }
        assert_eq!(
            names(folder.path()),
            ["menu (2).pdf", "menu (3).pdf", "menu.pdf"],
            "and nothing passing stays"
        );
        let first = std::fs::read(folder.path().join("menu.pdf")).expect("there");
        assert_eq!(first, b"menu.pdf", "the first is as it was");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_saved_cannot_be_run() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("temp");
        save_into(folder.path(), "a.sh", b"#!/bin/sh\n").expect("saved");
        let mode = std::fs::metadata(folder.path().join("a.sh"))
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o111, 0, "by nobody: {mode:o}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_lies_in_the_way_is_not_followed() {
        let folder = tempfile::tempdir().expect("temp");
        let elsewhere = folder.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, folder.path().join("menu.pdf")).expect("a link");
        let saved = save_into(folder.path(), "menu.pdf", b"x").expect("saved");
        assert_eq!(saved, "menu (2).pdf", "the link has the name");
        assert!(!elsewhere.exists(), "nothing is written where it leads");
    }

    #[test]
    fn a_folder_that_is_gone_is_a_failure_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("temp");
        let gone = folder.path().join("gone");
        let error = save_into(&gone, "menu.pdf", b"x").expect_err("no folder");
        assert_eq!(code_of(&error), ErrorCode::StorageFailed, "said with a code");
        assert!(!gone.exists(), "no folder is made for it");
    }

    #[test]
    fn only_the_known_arguments_are_taken() {
        for args in [
            json!(null),
            json!({}),
            json!({ "mediaId": "1", "fileName": "a" }),
            json!({ "mediaId": 1, "fileName": "a", "folder": "/etc" }),
        ] {
            let refused = read::<Save>(args.clone()).err().map(|error| error.code);
            assert_eq!(refused, Some(ErrorCode::BadRequest), "{args}");
        }
    }
}

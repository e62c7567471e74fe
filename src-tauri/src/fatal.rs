//! What a person is told when the program cannot start.
//!
//! There is no window then to tell it in, and a program that just does not come up leaves them with nothing. So it is said
//! twice: in a dialog of the desktop, if there is one, and on the terminal, if it was started from there. Then the program
//! ends with a failure.

use std::path::Path;

use rfd::{AsyncMessageDialog, MessageButtons, MessageLevel};
use tauri::AppHandle;
use tokio::sync::oneshot;

use crate::words::{self, Trouble};

/// Says it on the terminal.
pub(crate) fn print(trouble: Trouble, folder: &Path) {
    let (title, message) = trouble.said(words::of(words::system_language()), &folder.display().to_string());
    #[allow(
        clippy::print_stderr,
        reason = "for the person who started the program from a terminal"
    )]
    {
        eprintln!("{title}: {}", message.replace("\n\n", " ").replace('\n', " "));
    }
}

/// Says it on the terminal and in a dialog, and waits until the dialog is closed.
pub(crate) async fn tell(app: &AppHandle, trouble: Trouble, folder: &Path) {
    print(trouble, folder);
    let words = words::of(words::system_language());
    let (title, message) = trouble.said(words, &folder.display().to_string());
    let dialog = AsyncMessageDialog::new()
        .set_level(MessageLevel::Error)
        .set_title(title)
        .set_description(message)
        .set_buttons(MessageButtons::OkCustom(words.close.to_owned()));
    let (shown, closed) = oneshot::channel();
    // Some desktops let dialogs be opened by the main thread only.
    let asked = app.run_on_main_thread(move || {
        let _nobody_waits = shown.send(dialog.show());
    });
    match (asked, closed.await) {
        (Ok(()), Ok(answer)) => drop(answer.await),
        _ => tracing::error!("the desktop shows no dialog"),
    }
}

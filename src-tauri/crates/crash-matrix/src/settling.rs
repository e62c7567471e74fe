//! The end of a run: nothing goes wrong any more, everything comes to rest, and all that the program shows is read.

use std::path::Path;
use std::time::Duration;

use mostrador_domain::OutboxState;
use mostrador_engine::clock::{Clock, SystemClock};
use mostrador_store::Store;
use mostrador_store::tables::outbox;
use serde_json::{Value, json};

use crate::Broken;
use crate::judge::{Shown, Standing, Written};
use crate::program::Line;

/// Longer than it takes to prove that a call with a picture had no effect, and to poll what was missed.
const PATIENCE: Duration = Duration::from_secs(330);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(1_000);

/// Waits until nothing of ours waits or is looked for and all that customers wrote is there; gives what is shown then. What has
/// not come to rest in time is for the judge.
///
/// # Errors
/// The program does not answer any more.
pub(crate) async fn settled(line: &Line, written: &[Written]) -> Result<Vec<Shown>, Broken> {
    let patience = SystemClock.sleep(PATIENCE);
    tokio::pin!(patience);
    loop {
        let shown = all_shown(line).await;
        if let Some(shown) = shown.as_ref().filter(|shown| at_rest(shown, written)) {
            return Ok(shown.clone());
        }
        tokio::select! {
            () = &mut patience => return shown.ok_or_else(|| Broken::InVain("the program shows its chats".to_owned())),
            () = SystemClock.sleep(PAUSE) => {}
        }
    }
}

fn at_rest(shown: &[Shown], written: &[Written]) -> bool {
    let moving = |row: &Shown| matches!(row.standing, Some(Standing::Waiting | Standing::Looking));
    let theirs: std::collections::BTreeSet<&str> = shown
        .iter()
        .filter(|row| row.standing.is_none())
        .map(|row| row.body.as_str())
        .collect();
    !shown.iter().any(moving)
        && written
            .iter()
            .all(|written| theirs.contains(written.body.as_str()))
}

/// Every message of every chat; `None` = the program did not answer.
async fn all_shown(line: &Line) -> Option<Vec<Shown>> {
    let mut shown = Vec::new();
    for chat in line.chats().await? {
        let mut before = Value::Null;
        loop {
            let args = json!({ "chatId": chat, "before": before, "limit": 200 });
            let page = line.read("message_list", args).await?;
            shown.extend(
                page["rows"]
                    .as_array()?
                    .iter()
                    .filter_map(|row| shown_as(chat, row)),
            );
            before = page["earlier"].clone();
            if before.is_null() {
                break;
            }
        }
    }
    Some(shown)
}

fn shown_as(chat: i64, row: &Value) -> Option<Shown> {
    let words = row["body"]["text"].as_str().or(row["body"]["caption"].as_str())?;
    let standing = (row["fromMe"] == true).then(|| standing(row));
    Some(Shown {
        chat,
        body: words.to_owned(),
        standing,
        failure: row["failure"].as_str().map(str::to_owned),
    })
}

fn standing(row: &Value) -> Standing {
    match row["status"].as_str() {
        Some("queued" | "sending") => Standing::Waiting,
        Some("failed") => Standing::Failed,
        Some("uncertain") if row["needsOperator"] == true => Standing::Uncertain,
        Some("uncertain") => Standing::Looking,
        _ => Standing::Gone,
    }
}

/// What the program's own file holds as uncertain, once it is dead, and how many files it has set aside as damaged. The file is
/// checked as a start checks it.
///
/// # Errors
/// The file cannot be opened.
pub(crate) async fn left_in(data: &Path) -> Result<(usize, usize), Broken> {
    let unusable = |error: mostrador_store::StoreError| Broken::InVain(format!("the store opens: {error}"));
    let opened = Store::open(&data.join("mostrador.db"), SystemClock.now()).map_err(unusable)?;
    let uncertain = opened
        .store
        .read(|connection| outbox::open_count(connection, OutboxState::Uncertain))
        .await;
    let uncertain = usize::try_from(uncertain.map_err(unusable)?).unwrap_or(usize::MAX);
    let mut aside = 0;
    for entry in std::fs::read_dir(data)? {
        let name = entry?.file_name();
        aside += usize::from(name.to_string_lossy().contains("damaged"));
    }
    Ok((uncertain, aside))
}

//! A campaign to many people, in the headless program: how long taking its list over, ending it, its report and its deletion take, and for how long
//! somebody else who writes waits meanwhile.
//!
//! That wait is measured from outside: a draft is kept again and again, and the longest answer counts. It is the longest time for which
//! the store's one writer was held, and the draft's own way and commit.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::Problem;
use crate::driven::{Headless, Practice};
use crate::figure::{Figure, Goal};
use crate::large_campaign::{begun, draft, list_read};
use crate::timing::{now, pause};

/// Between two drafts.
const BETWEEN: Duration = Duration::from_millis(5);
/// How often it is looked whether something has ended.
const LOOK: Duration = Duration::from_millis(50);
/// How long a removal may take.
const PATIENCE: Duration = Duration::from_secs(600);
/// For how long the writer may be held.
const HELD: Goal = Goal::AtMost(100.0);

/// SQL: the campaign is paused before anybody was written to.
const PAUSED: &str =
    r#"UPDATE campaign SET state = 'paused', pause = '{"cause":"operator"}', started_at = created_at"#;

/// SQL: the campaign has ended, and everything has happened to its people.
const ENDED: &str = "
    UPDATE recipient SET tries = 1, reason = NULL, settled_at = NULL, queued_at = 1800000000000 + place * 1000, sent_at = 1800000000000 + place * 1000,
      state = CASE place % 10 WHEN 0 THEN 'failed' WHEN 1 THEN 'replied' WHEN 2 THEN 'sent' WHEN 3 THEN 'read' ELSE 'delivered' END;
    UPDATE recipient SET sent_at = NULL, reason = 'refused_recipient', settled_at = queued_at WHERE state = 'failed';
    UPDATE recipient SET delivered_at = sent_at + 500 WHERE state IN ('delivered', 'read', 'replied');
    UPDATE recipient SET read_at = sent_at + 900 WHERE state IN ('read', 'replied');
    UPDATE recipient SET replied_at = sent_at + 5000 WHERE state = 'replied';
    UPDATE campaign SET state = 'finished', started_at = 1800000000000, ended_at = 1800000000000 + 86400000;";

pub(crate) async fn figures(folder: &Path, people: usize) -> Result<Vec<Figure>, Problem> {
    let data = folder.join("audience");
    let (practice, program) = begun(&data).await?;
    let campaign = draft(&program).await?["id"].as_i64().unwrap_or_default();
    let list = list_read(&program, campaign, people).await?;
    let taken = beside(&program, program.call("import_accept", list)).await?;
    let program = again(program, &data, PAUSED, &practice).await?;
    let cancelled = beside(&program, cancelled(&program, campaign)).await?;
    let program = again(program, &data, ENDED, &practice).await?;
    let mut figures = vec![
        Figure::new("campaign_taken", taken.seconds, "s", Goal::None),
        Figure::new("campaign_taken_writer_held_most", taken.held_most, "ms", HELD),
        Figure::new("campaign_cancelled", cancelled.seconds, "s", Goal::None),
        Figure::new(
            "campaign_cancelled_writer_held_most",
            cancelled.held_most,
            "ms",
            HELD,
        ),
    ];
    figures.extend(reported(&program, campaign).await?);
    figures.extend(deleted(&program, &data, campaign).await?);
    program.kill();
    Ok(figures)
}

/// The program on the same file, in which something has happened meanwhile.
async fn again(
    program: Headless,
    data: &Path,
    happened: &str,
    practice: &Practice,
) -> Result<Headless, Problem> {
    program.kill();
    Connection::open(data.join("mostrador.db"))?.execute_batch(happened)?;
    let program = Headless::start(data).await?;
    program.set_token(1, practice.token(0)).await?;
    program.all_online(1).await?;
    Ok(program)
}

/// Ends it before anybody was written to, and waits until all are skipped.
async fn cancelled(program: &Headless, campaign: i64) -> Result<Value, Problem> {
    let of = json!({ "campaignId": campaign });
    let mut shown = program.call("campaign_cancel", of.clone()).await?;
    while shown["counts"]["pending"] != 0 {
        pause(LOOK).await;
        shown = program.call("campaign_get", of.clone()).await?;
    }
    Ok(shown)
}

async fn reported(program: &Headless, campaign: i64) -> Result<Vec<Figure>, Problem> {
    let of = json!({ "campaignId": campaign });
    let shown = beside(program, program.call("campaign_report", of.clone())).await?;
    let proven = beside(program, program.call("campaign_prove", of)).await?;
    let mut held_most = shown.held_most.max(proven.held_most);
    let mut figures = vec![
        Figure::new("campaign_report_shown", shown.seconds * 1_000.0, "ms", Goal::None),
        Figure::new(
            "campaign_report_proven",
            proven.seconds * 1_000.0,
            "ms",
            Goal::None,
        ),
    ];
    for (name, format) in [
        ("campaign_report_csv", "csv"),
        ("campaign_report_xlsx", "xlsx"),
        ("campaign_report_pdf", "pdf"),
    ] {
        let args = json!({ "campaignId": campaign, "format": format, "language": "es" });
        let made = beside(program, program.call("campaign_export", args)).await?;
        figures.push(Figure::new(name, made.seconds, "s", Goal::None));
        held_most = held_most.max(made.held_most);
    }
    figures.push(Figure::new(
        "campaign_report_writer_held_most",
        held_most,
        "ms",
        HELD,
    ));
    Ok(figures)
}

async fn deleted(program: &Headless, data: &Path, campaign: i64) -> Result<Vec<Figure>, Problem> {
    let begun = now();
    let mut answered = Duration::ZERO;
    let work = async {
        let args = json!({ "campaignId": campaign });
        program.call("campaign_delete", args).await?;
        answered = begun.elapsed();
        let file = Connection::open(data.join("mostrador.db"))?;
        let left = || file.query_row("SELECT count(*) FROM audience", [], |row| row.get::<_, i64>(0));
        while left()? > 0 {
            if begun.elapsed() > PATIENCE {
                return Err(Problem::InVain("its people are removed".to_owned()));
            }
            pause(LOOK).await;
        }
        Ok(Value::Null)
    };
    let removed = beside(program, work).await?;
    Ok(vec![
        Figure::new(
            "campaign_deleted",
            answered.as_secs_f64() * 1_000.0,
            "ms",
            Goal::None,
        ),
        Figure::new("campaign_deleted_removed", removed.seconds, "s", Goal::None),
        Figure::new("campaign_deleted_writer_held_most", removed.held_most, "ms", HELD),
    ])
}

struct Taken {
    seconds: f64,
    /// The longest that somebody waited who wrote, in milliseconds.
    held_most: f64,
}

/// How long `work` takes, while somebody writes beside it.
async fn beside(
    program: &Headless,
    work: impl Future<Output = Result<Value, Problem>>,
) -> Result<Taken, Problem> {
    let args = json!({ "filter": "all", "deviceId": null, "after": null, "limit": 1 });
    let chat = program.call("chat_list", args).await?["rows"][0]["id"].clone();
    let mut held_most = 0.0_f64;
    let writing = async {
        for turn in 0_u64.. {
            let begun = now();
            let draft = json!({ "chatId": chat, "text": format!("borrador {turn}") });
            program.call("chat_draft_set", draft).await?;
            held_most = held_most.max(begun.elapsed().as_secs_f64() * 1_000.0);
            pause(BETWEEN).await;
        }
        Ok::<_, Problem>(())
    };
    let begun = now();
    let seconds = tokio::select! {
        done = work => {
            done?;
            begun.elapsed().as_secs_f64()
        }
        failed = writing => {
            failed?;
            return Err(Problem::InVain("somebody writes until the end".to_owned()));
        }
    };
    Ok(Taken { seconds, held_most })
}

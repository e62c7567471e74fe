//! A campaign to many people, in the headless program: what bringing, rehearsing and running it takes of memory and time.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::Problem;
use crate::driven::{Headless, Practice};
use crate::figure::{Figure, Goal};
use crate::timing::{now, pause};
use crate::usage;

/// How long the program is left alone before it counts as idle.
const REST: Duration = Duration::from_secs(5);
/// How often its memory is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// In such pieces the window brings a file.
const PIECE: usize = 1024 * 1024;
/// So many of the list may be left out.
const FEW: usize = 10;
/// How long it sends while it is measured.
const RUN: Duration = Duration::from_secs(20);

pub(crate) async fn figures(folder: &Path, people: usize) -> Result<Vec<Figure>, Problem> {
    let (_practice, program) = begun(&folder.join("campaign")).await?;
    pause(REST).await;
    let idle = usage::memory(program.pid())?;
    let begun = now();
    let (campaign, most) = watched(&program, brought(&program, people)).await?;
    let brought = begun.elapsed();
    planned(&program, campaign, careful()).await?;
    let begun = now();
    let (of_all, most_rehearsing) = watched(&program, rehearsed(&program, campaign)).await?;
    let rehearsal = begun.elapsed();
    // The shop's own number and its like are left out.
    if of_all + FEW < people {
        return Err(Problem::InVain(format!("{of_all} of {people} are rehearsed")));
    }
    planned(&program, campaign, at_once()).await?;
    rehearsed(&program, campaign).await?;
    program
        .call("campaign_start", json!({ "campaignId": campaign }))
        .await?;
    let running = running(&program, campaign);
    let (run, most_running) = watched(&program, running).await?;
    program.kill();
    let most = most.max(most_rehearsing).max(most_running);
    let per_second = |time: Duration| people as f64 / time.as_secs_f64();
    Ok(vec![
        Figure::new(
            "campaign_memory_over_idle",
            most - idle,
            "MiB",
            Goal::AtMost(100.0),
        ),
        Figure::new("campaign_brought", per_second(brought), "people/s", Goal::None),
        Figure::new(
            "campaign_rehearsed",
            per_second(rehearsal),
            "people/s",
            Goal::AtLeast(50_000.0),
        ),
        Figure::new("campaign_sent", run.sent_per_second, "people/s", Goal::None),
        Figure::new("campaign_processor", run.processor, "ms/recipient", Goal::None),
    ])
}

/// The program on a folder made anew, with one number of a practice shop, which runs as long as it is kept.
pub(super) async fn begun(data: &Path) -> Result<(Practice, Headless), Problem> {
    if data.exists() {
        std::fs::remove_dir_all(data)?;
    }
    std::fs::create_dir_all(data)?;
    let practice = Practice::start(1, &data.join("practice.log")).await?;
    let program = Headless::start(data).await?;
    let args = json!({
        "gateway": "whapi", "name": "Tienda", "url": practice.url, "token": practice.token(0), "remember": false,
    });
    program.call("device_add", args).await?;
    program.all_online(1).await?;
    Ok((practice, program))
}

/// A new campaign.
pub(super) async fn draft(program: &Headless) -> Result<Value, Problem> {
    let devices = program.call("device_list", json!({})).await?;
    let args = json!({ "deviceId": devices[0]["id"], "name": "Lista larga", "zone": "UTC" });
    program.call("campaign_create", args).await
}

/// A list for a campaign, read to its end; what it is asked for by.
pub(super) async fn list_read(program: &Headless, campaign: i64, people: usize) -> Result<Value, Problem> {
    let mut list = "telefono;nombre;codigo\n".to_owned();
    for place in 0..people {
        list.push_str(&format!("+519{place:08};Cliente {place};{place}\n"));
    }
    let args = json!({ "fileName": "lista.csv", "bytes": list.len() });
    let upload = program.call("media_begin", args).await?["upload"].clone();
    for (nth, piece) in list.as_bytes().chunks(PIECE).enumerate() {
        let piece = json!({ "upload": upload, "at": nth * PIECE, "dataBase64": STANDARD.encode(piece) });
        program.call("media_piece", piece).await?;
    }
    let kept = program.call("media_end", json!({ "upload": upload })).await?;
    let args = json!({ "campaignId": campaign, "mediaId": kept["id"], "fileName": "lista.csv" });
    let import = json!({ "importId": program.call("import_open", args).await?["importId"] });
    let progress = |import: &Value| import["progress"].as_f64().unwrap_or(1.0);
    while progress(&program.call("import_get", import.clone()).await?) < 1.0 {
        pause(LOOK).await;
    }
    Ok(import)
}

/// Does `work`, and gives the most memory that the program needed meanwhile.
async fn watched<T>(
    program: &Headless,
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<(T, f64), Problem> {
    tokio::pin!(work);
    let mut most = 0.0_f64;
    loop {
        tokio::select! {
            done = &mut work => return Ok((done?, most)),
            () = pause(LOOK) => most = most.max(usage::memory(program.pid())?),
        }
    }
}

/// Makes a campaign and brings its list; its id.
async fn brought(program: &Headless, people: usize) -> Result<i64, Problem> {
    let made = draft(program).await?;
    let campaign = made["id"].as_i64().unwrap_or_default();
    let list = list_read(program, campaign, people).await?;
    program.call("import_accept", list).await?;
    Ok(campaign)
}

/// How a campaign of a shop goes that is in no hurry: all limits at once.
fn careful() -> Value {
    json!({
        "spacingSeconds": 1, "jitterSeconds": 2, "restEvery": 100, "restSeconds": 60, "zone": "America/Lima",
        "days": [true, true, true, true, true, true, false], "opens": "09:00", "closes": "19:30", "dailyCap": 1_500, "warmUp": false,
    })
}

/// As fast as the gateway takes them.
fn at_once() -> Value {
    json!({
        "spacingSeconds": 0, "jitterSeconds": 0, "restEvery": 0, "restSeconds": 0, "zone": "UTC",
        "days": [true, true, true, true, true, true, true], "opens": "00:00", "closes": "00:00", "dailyCap": null, "warmUp": false,
    })
}

/// Its text, and how it holds back.
async fn planned(program: &Headless, campaign: i64, pace: Value) -> Result<(), Problem> {
    let shown = program
        .call("campaign_get", json!({ "campaignId": campaign }))
        .await?;
    let mut plan = shown["plan"].clone();
    plan["texts"] =
        json!([{ "share": 100, "body": { "kind": "text", "text": "Hola {{nombre}}, oferta {{codigo}}" } }]);
    plan["pace"] = pace;
    let args = json!({ "campaignId": campaign, "plan": plan });
    program.call("campaign_plan_set", args).await.map(drop)
}

/// Rehearses it; how many people would be written to.
async fn rehearsed(program: &Headless, campaign: i64) -> Result<usize, Problem> {
    let found = program
        .call("campaign_rehearse", json!({ "campaignId": campaign }))
        .await?;
    if found["ready"] != true {
        return Err(Problem::InVain(format!("the rehearsal: {}", found["faults"])));
    }
    Ok(usize::try_from(found["sends"].as_u64().unwrap_or_default()).unwrap_or_default())
}

struct Sent {
    sent_per_second: f64,
    processor: f64,
}

/// Lets it send for a while, as fast as the practice shop answers.
async fn running(program: &Headless, campaign: i64) -> Result<Sent, Problem> {
    while gone(program, campaign).await? == 0 {
        pause(LOOK).await;
    }
    let before = gone(program, campaign).await?;
    let begun = now();
    let share = usage::processor(program.pid(), RUN).await?;
    let time = begun.elapsed().as_secs_f64();
    let sent = gone(program, campaign).await?.saturating_sub(before);
    if sent == 0 {
        return Err(Problem::InVain("the campaign sends".to_owned()));
    }
    Ok(Sent {
        sent_per_second: sent as f64 / time,
        processor: share / 100.0 * time * 1_000.0 / sent as f64,
    })
}

async fn gone(program: &Headless, campaign: i64) -> Result<u64, Problem> {
    let view = program
        .call("campaign_get", json!({ "campaignId": campaign }))
        .await?;
    let count = |name: &str| view["counts"][name].as_u64().unwrap_or_default();
    Ok(["sent", "delivered", "read", "replied"]
        .into_iter()
        .map(count)
        .sum())
}

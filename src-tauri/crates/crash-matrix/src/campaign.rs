//! A campaign that is killed: the program dies again and again while it writes to many people, at named points and at random
//! moments, while the gateway loses connections before and after the effect, asks to slow down, fails and dawdles.
//!
//! A person is played who links the number, brings the list, rehearses and starts, and who resumes what the brake has paused.
//! Nobody settles an uncertain message before the end: then the person looks at the phone, which is the practice shop's ledger,
//! and says what is there; after that the campaign has to finish, and its own proof has to hold.

pub mod judge;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_engine::clock::{Clock, SystemClock};
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::matrix::chats;
use crate::practice::Practice;
use crate::program::{Answer, Line, Place, Program};
use crate::{Broken, logged, weather};
use judge::{Case, Person, Verdict, judge};

/// How long a step of a person may take, and a campaign to come to rest without faults.
const PATIENCE: Duration = Duration::from_secs(420);
/// How long until a person is asked what became of messages: a gateway that shows nothing is given ten minutes to come back, and after a
/// pause of the brake there may be more of them.
const ASKED: Duration = Duration::from_secs(1_500);
/// The point that is passed when the device's trouble is seen before a message meets it.
const BRAKED: &str = "campaign.braked";
/// How long a program may take until it passes a named point.
const POINT: Duration = Duration::from_secs(120);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);
/// How long the program sends between two kills, about.
const LIFE: Duration = Duration::from_millis(900);
/// The longest life of one that is killed while it starts.
const BIRTH: Duration = Duration::from_millis(160);
/// The most people on a page.
const PAGE: usize = 200;

/// What a run is made of.
pub struct Run {
    name: String,
    seed: u64,
    folder: PathBuf,
    place: Place,
    practice: Practice,
    recipients: usize,
    kills: usize,
    campaign: i64,
    /// It is started by its time, not by a person.
    by_schedule: bool,
    /// The gateway shows nothing for a while.
    blind: bool,
    /// So many messages the gateway was told to refuse at the most.
    refusals: usize,
    /// How often the brake had paused it.
    resumed: usize,
}

impl Run {
    /// A run called `name` that writes to `recipients` people, which keeps everything in a folder of that name in `folder`.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(
        name: &str,
        seed: u64,
        program: &Path,
        practice: Practice,
        folder: &Path,
        recipients: usize,
    ) -> Result<Self, Broken> {
        let folder = folder.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(Self {
            name: name.to_owned(),
            seed,
            place: Place::new(program, &folder.join("data")),
            folder,
            practice,
            recipients,
            kills: 0,
            campaign: 0,
            by_schedule: false,
            blind: false,
            refusals: 0,
            resumed: 0,
        })
    }

    /// At its end the gateway shows nothing for a while, so that of some messages only a person can tell.
    #[must_use]
    pub fn blind_at_the_end(mut self, blind: bool) -> Self {
        self.blind = blind;
        self
    }

    /// The program dies at the named point while the campaign runs, and is started again.
    ///
    /// # Errors
    /// The point is never passed, or the run cannot be made.
    pub async fn die_at(mut self, point: &str) -> Result<Verdict, Broken> {
        // The device's trouble is seen between two messages: the sender meets none of it.
        let spacing = if point == BRAKED { LIFE * 2 } else { Duration::ZERO };
        self.prepare(spacing).await?;
        self.by_schedule = point == "campaign.scheduled";
        if let Some(mut program) = Program::start(&self.place, Some(point)).await? {
            let line = program.line();
            let phone = Practice::at(self.practice.url(), self.practice.token());
            let died = tokio::select! {
                died = program.dies_within(POINT) => died?,
                () = self.start_and_stop(&line, point == "campaign.paused") => false,
                () = unlinked_again_and_again(&phone), if point == BRAKED => false,
            };
            if !died {
                return Err(Broken::InVain(format!(
                    "the crash point {point} is passed within {POINT:?}"
                )));
            }
        }
        self.judged().await
    }

    /// The program is killed `kills` times at random moments of the run.
    ///
    /// # Errors
    /// The campaign was over before the last kill, or the run cannot be made.
    pub async fn killed(mut self, kills: usize, mut told: impl FnMut()) -> Result<Verdict, Broken> {
        self.kills = kills;
        let moments = Dice::new(self.seed, &format!("moments {}", self.name));
        let sky = Dice::new(self.seed, &format!("sky {}", self.name));
        let life = LIFE.as_secs_f64() * kills as f64 / self.recipients as f64;
        self.prepare(Duration::from_secs_f64(life)).await?;
        for _ in 0..kills {
            weather::turn_over_a_campaign(&self.practice, &sky).await?;
            if moments.percent(10) {
                Program::start_and_kill(&self.place, moments.span(BIRTH)).await?;
            } else {
                self.live_for(moments.span(LIFE * 2)).await?;
            }
            told();
        }
        if self.blind {
            self.live_blindly().await?;
        }
        self.judged().await
    }

    /// A life in which of some messages nobody finds out what became of them: each must be shown to a person.
    async fn live_blindly(&mut self) -> Result<(), Broken> {
        self.refusals += weather::turn_blind(&self.practice).await?;
        let Some(program) = Program::start(&self.place, None).await? else {
            return Err(Broken::InVain("the program starts".to_owned()));
        };
        let line = program.line();
        let campaign = self.campaign;
        tokio::select! {
            () = a_person_is_asked(&line, campaign) => {}
            () = finished(&line, campaign) => {}
            () = self.attend(&line) => {}
            () = SystemClock.sleep(ASKED) => return Err(Broken::InVain("a person is asked about an uncertain message".to_owned())),
        }
        program.kill().await
    }

    /// One life up to a kill.
    async fn live_for(&mut self, span: Duration) -> Result<(), Broken> {
        let Some(mut program) = Program::start(&self.place, None).await? else {
            return Err(Broken::InVain("the program starts".to_owned()));
        };
        let line = program.line();
        tokio::select! {
            killed = program.kill_after(span) => killed,
            () = self.attend(&line) => Ok(()),
        }
    }

    /// Links the number, brings the list and rehearses, on a first life without faults.
    async fn prepare(&mut self, spacing: Duration) -> Result<(), Broken> {
        let Some(program) = Program::start(&self.place, None).await? else {
            return Err(Broken::InVain("the program starts".to_owned()));
        };
        let line = program.line();
        line.plug_in(&self.practice).await;
        let prepared = async {
            chats(&line, &self.practice).await;
            rehearsed(&line, &self.name, self.recipients, spacing).await
        };
        tokio::select! {
            prepared = prepared => self.campaign = prepared?,
            () = SystemClock.sleep(PATIENCE) => return Err(Broken::InVain("the campaign is rehearsed".to_owned())),
        }
        program.kill().await
    }

    /// What a person does with a living program: starts the campaign, and resumes what the brake has paused. Ends only when it
    /// is dropped.
    async fn attend(&mut self, line: &Line) {
        line.plug_in(&self.practice).await;
        let campaign = json!({ "campaignId": self.campaign });
        loop {
            let view = line
                .read("campaign_get", campaign.clone())
                .await
                .unwrap_or_default();
            match view["state"].as_str() {
                Some("rehearsed") if self.by_schedule => {
                    let soon = json!({ "campaignId": self.campaign, "schedule": next_minute() });
                    line.call("campaign_schedule", soon).await;
                }
                Some("rehearsed") => {
                    line.call("campaign_start", campaign.clone()).await;
                }
                Some("paused") => {
                    if self.practice.is_linked().await.is_ok_and(|linked| !linked) {
                        self.link_again(line).await;
                    }
                    if let Answer::Done(_) = line.call("campaign_resume", campaign.clone()).await {
                        self.resumed += 1;
                    }
                }
                _ => {}
            }
            SystemClock.sleep(PAUSE).await;
        }
    }

    /// A person links the number that was unlinked on the phone.
    async fn link_again(&self, line: &Line) {
        let devices = line.read("device_list", json!({})).await.unwrap_or_default();
        let device = json!({ "deviceId": devices[0]["id"] });
        line.call("device_pair_start", device).await;
        // Refused while no code is on show.
        let _scanned = self.practice.scan().await;
    }

    /// The same, with a pause now and then if it shall be so.
    async fn start_and_stop(&mut self, line: &Line, pauses: bool) {
        let campaign = json!({ "campaignId": self.campaign });
        let pausing = async {
            loop {
                SystemClock.sleep(PAUSE * 8).await;
                line.call("campaign_pause", campaign.clone()).await;
            }
        };
        tokio::select! {
            () = pausing, if pauses => {}
            () = self.attend(line) => {}
        }
    }

    /// The last life, in which everything comes to rest, and what there is to say.
    async fn judged(mut self) -> Result<Verdict, Broken> {
        weather::clear(&self.practice).await?;
        let Some(program) = Program::start(&self.place, None).await? else {
            return Err(Broken::InVain("the program starts".to_owned()));
        };
        let line = program.line();
        tokio::select! {
            () = at_rest(&line, self.campaign) => {}
            () = self.attend(&line) => {}
            () = SystemClock.sleep(PATIENCE) => {}
        }
        let people = people(&line, self.campaign).await?;
        let ledger = self.practice.ledger().await?;
        let case = Case {
            name: self.name.clone(),
            recipients: self.recipients,
            people,
            ledger,
            refusals: self.refusals,
        };
        let mut verdict = judge(&case);
        self.look_at_the_phone(&line, &case).await;
        tokio::select! {
            () = finished(&line, self.campaign) => {}
            () = SystemClock.sleep(PATIENCE) => verdict.unfinished += 1,
        }
        let proof = line
            .read("campaign_prove", json!({ "campaignId": self.campaign }))
            .await;
        if proof.as_ref().is_none_or(|proof| proof["verdict"] != "holds") {
            verdict.unproven += 1;
        }
        verdict.resumed = self.resumed;
        program.kill().await?;
        verdict.logged = self.told_in_log()?;
        if verdict.is_clean() {
            std::fs::remove_dir_all(&self.folder)?;
        } else {
            let whole = json!({ "seed": self.seed, "kills": self.kills, "verdict": verdict, "case": case, "proof": proof });
            std::fs::write(self.folder.join("case.json"), format!("{whole:#}"))?;
        }
        Ok(verdict)
    }

    /// Lines of the program's log that hold its token, the number of somebody on the list, or a text.
    fn told_in_log(&self) -> Result<Vec<String>, Broken> {
        let numbers = (0..self.recipients).map(number);
        let mut canaries: Vec<String> = numbers.collect();
        canaries.push(self.practice.token().to_owned());
        canaries.push(words(&self.name));
        let lines = logged::lines(&self.place.data)?;
        Ok(logged::holding(&lines, canaries.iter().map(String::as_str)))
    }

    /// A person settles what is uncertain by what lies on the phone.
    async fn look_at_the_phone(&self, line: &Line, case: &Case) {
        let there: BTreeSet<&str> = case
            .ledger
            .iter()
            .map(|delivery| delivery.body.as_str())
            .collect();
        for person in case.people.iter().filter(|person| person.state == "uncertain") {
            let word = if there.contains(text(&self.name, person.place).as_str()) {
                "sent"
            } else {
                "not_sent"
            };
            line.call(
                "campaign_recipient_settle",
                json!({ "recipientId": person.id, "word": word }),
            )
            .await;
        }
    }
}

/// A start at the beginning of the next minute.
fn next_minute() -> Value {
    let soon = SystemClock.now().after(Duration::from_secs(60));
    let soon = chrono::DateTime::from_timestamp_millis(soon.0).unwrap_or_default();
    let late = json!({ "policy": "start_up_to", "minutes": 60 });
    json!({ "local": soon.format("%Y-%m-%dT%H:%M").to_string(), "zone": "UTC", "late": late, "repeats": "never" })
}

/// What the person at `place` gets: a text that is used once.
pub(crate) fn text(name: &str, place: usize) -> String {
    format!("{}{place}", words(name))
}

/// What all the texts of a run begin with.
fn words(name: &str) -> String {
    format!("oferta {name} ")
}

/// The number of the person at `place`. It ends with a one: the shop's own does not, nor one of zeros, which a spreadsheet has rounded, nor
/// that of who is not on WhatsApp at the practice shop.
fn number(place: usize) -> String {
    format!("519{place:07}1")
}

/// A campaign to so many people, rehearsed; its id.
async fn rehearsed(line: &Line, name: &str, recipients: usize, spacing: Duration) -> Result<i64, Broken> {
    let devices = done(line, "device_list", json!({})).await?;
    let args = json!({ "deviceId": devices[0]["id"], "name": name, "zone": "UTC" });
    let made = done(line, "campaign_create", args).await?;
    let campaign = made["id"].as_i64().unwrap_or_default();
    let mut plan = made["plan"].clone();
    plan["texts"] = json!([{ "share": 100, "body": { "kind": "text", "text": format!("{}{{{{codigo}}}}", words(name)) } }]);
    plan["pace"] = json!({
        "spacingSeconds": spacing.as_secs_f64(), "jitterSeconds": 0, "restEvery": 0, "restSeconds": 0, "zone": "UTC",
        "days": [true, true, true, true, true, true, true], "opens": "00:00", "closes": "00:00", "dailyCap": null, "warmUp": false,
    });
    plan["notAgainDays"] = json!(0);
    done(
        line,
        "campaign_plan_set",
        json!({ "campaignId": campaign, "plan": plan }),
    )
    .await?;
    bring(line, campaign, recipients).await?;
    let rehearsal = done(line, "campaign_rehearse", json!({ "campaignId": campaign })).await?;
    if rehearsal["ready"] != true {
        return Err(Broken::InVain(format!(
            "the rehearsal has no faults: {}",
            rehearsal["faults"]
        )));
    }
    Ok(campaign)
}

/// Brings the list of people.
async fn bring(line: &Line, campaign: i64, recipients: usize) -> Result<(), Broken> {
    let mut list = "telefono;codigo\n".to_owned();
    for place in 0..recipients {
        list.push_str(&format!("+{};{place}\n", number(place)));
    }
    let kept = done(
        line,
        "media_add",
        json!({ "fileName": "lista.csv", "dataBase64": STANDARD.encode(list) }),
    )
    .await?;
    let args = json!({ "campaignId": campaign, "mediaId": kept["id"], "fileName": "lista.csv" });
    let import = done(line, "import_open", args).await?["importId"].clone();
    let import = json!({ "importId": import });
    while done(line, "import_get", import.clone()).await?["progress"]
        .as_f64()
        .unwrap_or(1.0)
        < 1.0
    {
        SystemClock.sleep(PAUSE).await;
    }
    done(line, "import_accept", import).await?;
    Ok(())
}

async fn done(line: &Line, command: &str, args: Value) -> Result<Value, Broken> {
    match line.call(command, args).await {
        Answer::Done(answer) => Ok(answer),
        Answer::Refused(code) => Err(Broken::InVain(format!("{command}: {code}"))),
        Answer::Nothing => Err(Broken::InVain(format!("{command} is answered"))),
    }
}

/// Waits until nobody is to be written to any more and nothing is looked for.
async fn at_rest(line: &Line, campaign: i64) {
    loop {
        if let Some(view) = line.read("campaign_get", json!({ "campaignId": campaign })).await {
            let counts = &view["counts"];
            let waiting = counts["pending"].as_u64().unwrap_or(1) + counts["queued"].as_u64().unwrap_or(1);
            if waiting == 0 && nobody_is_looked_for(line, campaign).await {
                return;
            }
        }
        SystemClock.sleep(PAUSE * 5).await;
    }
}

async fn nobody_is_looked_for(line: &Line, campaign: i64) -> bool {
    people_in(line, campaign, json!(["uncertain"]))
        .await
        .is_ok_and(|people| people.iter().all(|person| person.needs_operator))
}

/// The owner unlinks the number on the phone while the campaign runs, and again if the sender was the first to see it.
async fn unlinked_again_and_again(practice: &Practice) {
    loop {
        SystemClock.sleep(LIFE * 3).await;
        let sends = practice.ledger().await.is_ok_and(|ledger| !ledger.is_empty());
        if sends {
            let _silent = practice.unlink().await;
        }
    }
}

/// Waits until there are messages of which nobody knows whether they went, and nobody looks for any of them any more.
async fn a_person_is_asked(line: &Line, campaign: i64) {
    loop {
        let people = people_in(line, campaign, json!(["uncertain"])).await;
        if people.is_ok_and(|people| !people.is_empty() && people.iter().all(|person| person.needs_operator))
        {
            return;
        }
        SystemClock.sleep(PAUSE * 5).await;
    }
}

async fn finished(line: &Line, campaign: i64) {
    loop {
        let view = line.read("campaign_get", json!({ "campaignId": campaign })).await;
        if view.is_some_and(|view| view["state"] == "finished") {
            return;
        }
        SystemClock.sleep(PAUSE).await;
    }
}

async fn people(line: &Line, campaign: i64) -> Result<Vec<Person>, Broken> {
    people_in(line, campaign, json!([])).await
}

async fn people_in(line: &Line, campaign: i64, states: Value) -> Result<Vec<Person>, Broken> {
    let mut people = Vec::new();
    let mut after = Value::Null;
    loop {
        let args = json!({ "campaignId": campaign, "states": states, "after": after, "limit": PAGE });
        let page = done(line, "campaign_recipient_list", args).await?;
        let rows = page.as_array().cloned().unwrap_or_default();
        people.extend(rows.iter().filter_map(Person::read));
        match rows.last() {
            Some(last) if rows.len() == PAGE => after = last["place"].clone(),
            _ => return Ok(people),
        }
    }
}

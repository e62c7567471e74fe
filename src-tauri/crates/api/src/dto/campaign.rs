//! Campaigns: what they say, where they are, and what became of each person.

use mostrador_domain::UnixMillis;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which campaign.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignRef {
    /// Its number.
    #[ts(type = "number")]
    pub campaign_id: i64,
}

/// Arguments of `campaign_create`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignCreate {
    /// The device that sends it.
    #[ts(type = "number")]
    pub device_id: i64,
    /// 1 to 100 characters.
    pub name: String,
    /// The IANA zone of the shop's clock.
    pub zone: String,
}

/// Arguments of `campaign_rename`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignRename {
    /// Which.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// 1 to 100 characters.
    pub name: String,
}

/// Arguments of `campaign_plan_set`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignPlanSet {
    /// Which.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// The whole plan.
    pub plan: CampaignPlan,
}

/// What a campaign says and how it holds back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignPlan {
    /// One to five texts, with shares of 100 percent together.
    pub texts: Vec<PlanText>,
    /// How it holds back.
    pub pace: PlanPace,
    /// Days after a message in which an answer counts as one to the campaign.
    pub reply_days: u32,
    /// Days in which nobody gets a second campaign; 0 = no matter. The repetitions of a recurring one are one campaign.
    pub not_again_days: u32,
}

/// One text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanText {
    /// Percent of the people.
    pub share: u8,
    /// What they get.
    pub body: PlanBody,
}

/// What is sent. Its words may have variables, as `{{nombre}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum PlanBody {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// A file that `media_add` has kept.
    Media {
        /// How it is sent.
        media_kind: PlanMediaKind,
        /// Which.
        #[ts(type = "number")]
        media_id: i64,
        /// The words under it; may be empty.
        caption: String,
    },
    /// A question with answers to choose from.
    Poll {
        /// The question.
        question: String,
        /// The answers.
        options: Vec<String>,
        /// How many may be chosen.
        choices: u32,
    },
    /// A place.
    Location {
        /// Degrees.
        latitude: f64,
        /// Degrees.
        longitude: f64,
        /// What is there; may be empty.
        name: String,
        /// Where that is; may be empty.
        address: String,
    },
}

/// How a file is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlanMediaKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A sound.
    Audio,
    /// A file to be kept.
    Document,
}

/// How a campaign holds back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanPace {
    /// Seconds between two messages, at least.
    pub spacing_seconds: f64,
    /// At most so many seconds more, by chance.
    pub jitter_seconds: f64,
    /// A pause after every so many messages; 0 = none.
    pub rest_every: u32,
    /// How many seconds that pause lasts.
    pub rest_seconds: u32,
    /// The IANA zone of the shop's clock.
    pub zone: String,
    /// Monday to Sunday.
    pub days: [bool; 7],
    /// `HH:MM`.
    pub opens: String,
    /// `HH:MM`; the same as `opens` is the whole day.
    pub closes: String,
    /// At most so many a day.
    pub daily_cap: Option<u32>,
    /// Fewer a day while the number is young.
    pub warm_up: bool,
}

/// Where a campaign is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CampaignStateWord {
    /// Being written.
    Draft,
    /// Simulated as it stands: it can be started.
    Rehearsed,
    /// Starts at its time.
    Scheduled,
    /// Sends.
    Running,
    /// Sends nothing until a person resumes it.
    Paused,
    /// Its time passed: a person decides.
    Missed,
    /// Every person is in a final state.
    Finished,
    /// Ended by a person.
    Cancelled,
}

/// Why a campaign is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "cause", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum PauseView {
    /// A person wanted it.
    Operator,
    /// WhatsApp has restricted the number.
    Restricted {
        /// Until when, if told.
        #[ts(type = "number | null")]
        until: Option<UnixMillis>,
    },
    /// WhatsApp or the gateway forbids sending.
    Forbidden,
    /// The number is no longer linked.
    LoggedOut,
    /// The gateway does not accept the token.
    TokenRejected,
    /// The plan at the gateway is used up.
    PlanLimit,
    /// Too many failures in a short time.
    TooManyFailures,
    /// Another number is linked than the one that it was sent from.
    AnotherNumber,
    /// It ran when the shop's file was damaged.
    Rescued,
}

/// People by state. Each is in exactly one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CountsView {
    /// All of them.
    pub total: u32,
    /// Waiting for their turn.
    pub pending: u32,
    /// About to be sent.
    pub queued: u32,
    /// Sent or not, nobody knows.
    pub uncertain: u32,
    /// Taken by the gateway, no receipt yet.
    pub sent: u32,
    /// On the phone, not read yet.
    pub delivered: u32,
    /// Read, not answered.
    pub read: u32,
    /// Answered.
    pub replied: u32,
    /// Not reached.
    pub failed: u32,
    /// Not written to.
    pub skipped: u32,
    /// Asked not to be written to.
    pub opted_out: u32,
}

/// A campaign in the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignRow {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// The device that sends it.
    #[ts(type = "number")]
    pub device_id: i64,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub state: CampaignStateWord,
    /// Why it is paused.
    pub pause: Option<PauseView>,
    /// Its people.
    pub counts: CountsView,
    /// When it was made.
    #[ts(type = "number")]
    pub created_at: UnixMillis,
    /// When it starts, if a time was set.
    #[ts(type = "number | null")]
    pub starts_at: Option<UnixMillis>,
    /// When it started.
    #[ts(type = "number | null")]
    pub started_at: Option<UnixMillis>,
    /// Its start can be undone until then.
    #[ts(type = "number | null")]
    pub undo_until: Option<UnixMillis>,
    /// When it ended.
    #[ts(type = "number | null")]
    pub ended_at: Option<UnixMillis>,
    /// The campaign that it came from.
    #[ts(type = "number | null")]
    pub follows_id: Option<i64>,
    /// As what.
    pub follows_as: Option<FollowsAs>,
}

/// How a campaign came from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FollowsAs {
    /// For those whom the other did not reach.
    Retry,
    /// The next of a recurring one.
    Repeat,
    /// A copy.
    Copy,
}

/// A campaign with all that it is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignView {
    /// As in the list.
    #[serde(flatten)]
    pub row: CampaignRow,
    /// What it says and how it holds back.
    pub plan: CampaignPlan,
    /// Was it rehearsed as it stands?
    pub rehearsed: bool,
    /// The headings of its people's cells.
    pub columns: Vec<String>,
    /// What its words call each of them: `Fecha de envío` is `fecha_de_envío`.
    pub variables: Vec<String>,
    /// Which of them holds the people's names, from 0: its words call it `{{nombre}}`, `{{nome}}` or `{{name}}` too; null = none is known to.
    pub name_column: Option<u32>,
    /// Where its audience comes from.
    pub sources: Vec<SourceView>,
    /// When it starts, and what if not.
    pub schedule: Option<ScheduleView>,
    /// While it runs: when the next message may leave, and what holds it.
    pub waits: Option<WaitsView>,
    /// How many wait until a person decides whether they want no more. They are among the pending.
    pub held: u32,
    /// It recurs, waits for its time or for a person, and nothing else of its row waits: without its time, or with one that does not repeat, nothing
    /// recurs any more.
    pub carries_row: bool,
    /// The repetition of its row that waits for its time, if this one has not started: it moves to another day if this one takes its day.
    pub next: Option<NextView>,
    /// How many of its people were lost with a damaged file: nobody is left of them, so nothing goes to them.
    pub missing: u32,
    /// Of how many uncertain ones no message of ours is known: their turn, or the start, may lie behind what a damaged file lost.
    pub untold: u32,
}

/// A repetition that waits for its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NextView {
    /// When it starts.
    #[ts(type = "number")]
    pub starts_at: UnixMillis,
    /// When it will start if the campaign is started now; null = at its time, which is another day.
    #[ts(type = "number | null")]
    pub moves_to: Option<UnixMillis>,
}

/// Where people of an audience come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum SourceView {
    /// A spreadsheet.
    Sheet {
        /// What the file is called.
        file_name: String,
    },
    /// Everybody whose chat bears a label.
    Label {
        /// Which.
        #[ts(type = "number")]
        label_id: i64,
    },
    /// The members of a group, where the device can tell them (`capabilities.groups`).
    Group {
        /// The group's chat.
        #[ts(type = "number")]
        chat_id: i64,
    },
    /// Everybody who is saved on the phone, where the device can tell that (`capabilities.contacts`).
    Contacts,
    /// Who answered an earlier campaign.
    Replies {
        /// Which.
        #[ts(type = "number")]
        campaign_id: i64,
    },
    /// Whom an earlier campaign did not reach.
    Failed {
        /// Which.
        #[ts(type = "number")]
        campaign_id: i64,
    },
    /// Whom the run of an earlier campaign left out: it was cancelled before their turn, there was no text for them or one that is too long,
    /// or another campaign had written to them a short time ago.
    LeftOut {
        /// Which.
        #[ts(type = "number")]
        campaign_id: i64,
    },
    /// People of an earlier campaign who were chosen one by one among those who failed or were left out.
    Chosen {
        /// Which campaign.
        #[ts(type = "number")]
        campaign_id: i64,
        /// Who: their numbers in it, 1 to 10,000.
        #[ts(type = "Array<number>")]
        recipients: Vec<i64>,
    },
    /// A saved audience.
    Segment {
        /// Which.
        #[ts(type = "number")]
        segment_id: i64,
    },
}

/// When a campaign starts by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleView {
    /// `YYYY-MM-DDTHH:MM` as the shop's clock shows it.
    pub local: String,
    /// The IANA zone of that clock.
    pub zone: String,
    /// What is done when the computer was off, or the number not connected, at that time, or another one of its repetitions was not over.
    pub late: LatePolicy,
    /// Whether it starts again.
    pub repeats: Repeats,
    /// Of a monthly one: the day of the month that it is to keep, which a shorter month must not make it forget; null = that of its time.
    #[serde(default)]
    pub day: Option<u32>,
}

/// What is done with a start that was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "policy", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum LatePolicy {
    /// It starts late, up to so many minutes; then a person is asked.
    StartUpTo {
        /// Minutes.
        minutes: u32,
    },
    /// A person is asked.
    Ask,
    /// It is left out.
    Skip,
}

/// Whether a campaign starts again, as a new one that follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    /// Once.
    Never,
    /// Every day at this time, but for those on which the shop does not write.
    Daily,
    /// Every week on this day.
    Weekly,
    /// Every month on this day, or the last one of a shorter month.
    Monthly,
}

/// Arguments of `campaign_schedule`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignSchedule {
    /// Which.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// When.
    pub schedule: ScheduleView,
}

/// What holds a running campaign's next message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WaitsView {
    /// Not before.
    #[ts(type = "number")]
    pub until: UnixMillis,
    /// What holds it.
    pub why: WaitsFor,
}

/// What holds a message of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// The time between two messages.
    Spacing,
    /// What the gateway takes.
    Rate,
    /// The pause after every so many.
    Rest,
    /// The gateway asked to wait.
    Gateway,
    /// The shop is closed.
    Closed,
    /// So many today, no more.
    DailyCap,
    /// The number is young.
    WarmUp,
    /// The device cannot send at this moment.
    Device,
    /// The start may still be undone.
    Undo,
    /// Uncertain ones are being looked for, or wait for a person.
    Uncertain,
    /// A person decides whether somebody wants no more.
    Decision,
    /// Its time has come, and an earlier one of its repetitions has not ended.
    Earlier,
}

/// Where a person of a campaign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecipientStateWord {
    /// Waits for their turn.
    Pending,
    /// About to be sent.
    Queued,
    /// Sent or not, nobody knows.
    Uncertain,
    /// Taken by the gateway.
    Sent,
    /// On their phone.
    Delivered,
    /// Read by them.
    Read,
    /// Answered by them.
    Replied,
    /// Did not reach them.
    Failed,
    /// Not written to.
    Skipped,
    /// Asked not to be written to.
    OptedOut,
}

/// One person of a campaign.
#[derive(Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecipientView {
    /// Their number.
    #[ts(type = "number")]
    pub id: i64,
    /// Their turn, from 0.
    pub place: u32,
    /// The row of the spreadsheet.
    pub row: Option<u32>,
    /// Their telephone number as digits; as it was written if it is none.
    pub number: String,
    /// What they are called, if known: on the phone or by themselves, else in their list.
    pub name: Option<String>,
    /// What stands in their columns.
    pub cells: Vec<String>,
    /// Which text, from 0.
    pub variant: u8,
    /// Where they are.
    pub state: RecipientStateWord,
    /// Why they failed or were skipped: a word of `SkipReason`, of the failures that a message can have, or `said_not_sent`.
    pub reason: Option<String>,
    /// Their chat.
    #[ts(type = "number | null")]
    pub chat_id: Option<i64>,
    /// Their message.
    #[ts(type = "number | null")]
    pub message_id: Option<i64>,
    /// When it was taken by the gateway.
    #[ts(type = "number | null")]
    pub sent_at: Option<UnixMillis>,
    /// When it was read.
    #[ts(type = "number | null")]
    pub read_at: Option<UnixMillis>,
    /// When they answered.
    #[ts(type = "number | null")]
    pub replied_at: Option<UnixMillis>,
    /// Uncertain, and looking did not settle it: a person has to.
    pub needs_operator: bool,
    /// Failed or was left out, and can be chosen for another try once the campaign is over.
    pub choosable: bool,
}

/// Arguments of `campaign_recipient_list`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecipientList {
    /// Of which campaign.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// Only those in these states; empty = all.
    pub states: Vec<RecipientStateWord>,
    /// After this turn; null = from the first.
    pub after: Option<u32>,
    /// 1 to 200.
    pub limit: u32,
}

/// Which person of a campaign.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecipientRef {
    /// Their number.
    #[ts(type = "number")]
    pub recipient_id: i64,
}

/// Arguments of `campaign_recipient_settle`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecipientSettle {
    /// Who.
    #[ts(type = "number")]
    pub recipient_id: i64,
    /// What was seen on the phone.
    pub word: SettleWord,
}

/// What a person says about an uncertain message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettleWord {
    /// It went.
    Sent,
    /// It did not go, and that is that.
    NotSent,
    /// It did not go: send it.
    Again,
}

/// Somebody who asked not to be written to.
#[derive(Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OptOutView {
    /// Their number in the list.
    #[ts(type = "number")]
    pub id: i64,
    /// Their telephone number as digits, if it is known.
    pub number: Option<String>,
    /// What they are called, if known.
    pub name: Option<String>,
    /// Where it stands.
    pub state: OptOutState,
    /// How it was said.
    pub wish: OptOutWish,
    /// Their words.
    pub text: Option<String>,
    /// When.
    #[ts(type = "number")]
    pub at: UnixMillis,
    /// Where.
    #[ts(type = "number | null")]
    pub chat_id: Option<i64>,
}

/// Where a wish not to be written to stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OptOutState {
    /// Perhaps: a person of the shop decides. Until then it is honoured.
    Asked,
    /// They get no campaigns.
    Out,
    /// It was not meant so.
    NotMeant,
    /// Taken back.
    Undone,
}

/// How a wish not to be written to was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OptOutWish {
    /// In plain words.
    Certain,
    /// Perhaps.
    Ask,
    /// Somebody of the shop noted it.
    Said,
}

/// Arguments of `opt_out_list`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OptOutList {
    /// Only those in this state; null = all.
    pub state: Option<OptOutState>,
    /// After this one; null = from the newest.
    #[ts(type = "number | null")]
    pub after: Option<i64>,
    /// 1 to 200.
    pub limit: u32,
}

/// Arguments of `opt_out_decide`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OptOutDecide {
    /// Which.
    #[ts(type = "number")]
    pub opt_out_id: i64,
    /// `out`, `not_meant` or `undone`.
    pub state: OptOutState,
}

/// Arguments of `opt_out_add`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OptOutAdd {
    /// A telephone number, without its country code if it is of the country of the shop's own numbers.
    pub number: String,
}

//! Who is written to: lists read from files, other sources, the rehearsal.

use mostrador_domain::UnixMillis;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{SourceView, WaitsFor};

/// Arguments of `import_open`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportOpen {
    /// For which campaign.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// The file, which `media_add` has kept.
    #[ts(type = "number")]
    pub media_id: i64,
    /// What the file is called.
    pub file_name: String,
}

/// Which import. It lives as long as the program runs; nothing of it is stored before it is accepted.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportRef {
    /// Its number.
    #[ts(type = "number")]
    pub import_id: i64,
}

/// A list as far as it was read.
#[derive(Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// Its number.
    #[ts(type = "number")]
    pub import_id: i64,
    /// What the file is called.
    pub file_name: String,
    /// How it is read.
    pub reading: ImportReading,
    /// The sheets of a workbook; empty for text.
    pub sheets: Vec<String>,
    /// Its columns.
    pub columns: Vec<ImportColumn>,
    /// Rows that were looked at so far.
    pub rows: u32,
    /// Share of the file that was read, 0 to 1; 1 = all of it.
    pub progress: f64,
    /// How many rows have each verdict.
    pub counters: ImportCounters,
    /// Repairs that are guesses, with what was decided about each.
    pub guesses: Vec<ImportGuess>,
    /// Was the mapping of its columns remembered from an earlier file with the same headings?
    pub remembered: bool,
    /// Why reading stopped, if it did: a word of the limits and faults of files.
    pub fault: Option<String>,
}

/// How a list is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportReading {
    /// Of text: `utf-8`, `windows-1252`, `utf-16le`, `utf-16be`, or another that was recognised; null for a workbook.
    pub encoding: Option<String>,
    /// Of text: `comma`, `semicolon`, `tab`, `pipe`; null for a workbook.
    pub delimiter: Option<String>,
    /// Of a workbook: which sheet, from 0.
    pub sheet: u32,
    /// The first row holds headings, or the one below what stands above them.
    pub has_header: bool,
    /// So many rows, but for blank ones, stand above the headings: what the list is called and the like, no customers. To set it: null or
    /// nothing = as it is.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub preamble: Option<u32>,
    /// The column of the telephone number, from 0; null = none was found, a person chooses.
    pub number_column: Option<u32>,
    /// The column of the people's names, from 0, another one than that of the number: `{{nombre}}`, `{{nome}}` and `{{name}}` mean it,
    /// whatever its heading; null = none is.
    pub name_column: Option<u32>,
    /// Two letters, for numbers without a country code; null = not asked yet.
    pub country: Option<String>,
}

/// A column of a list.
#[derive(Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportColumn {
    /// Its heading, or where it stands (`A`, `B`).
    pub title: String,
    /// What it is called in texts.
    pub variable: String,
    /// Its first cells.
    pub samples: Vec<String>,
}

/// How many rows have each verdict. Together they are the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportCounters {
    /// In the audience as written.
    pub good: u32,
    /// In the audience after repairs.
    pub repaired: u32,
    /// A repair waits for a decision.
    pub proposed: u32,
    /// Several numbers: one waits to be chosen.
    pub several: u32,
    /// The country has to be told first.
    pub needs_country: u32,
    /// Refused by a person.
    pub refused: u32,
    /// No number.
    pub not_a_number: u32,
    /// The person is there already.
    pub duplicate: u32,
    /// Asked not to be written to.
    pub opted_out: u32,
    /// Blocked.
    pub blocked: u32,
    /// Not on WhatsApp.
    pub not_on_whatsapp: u32,
}

/// The verdict on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportVerdict {
    /// In the audience as written.
    Good,
    /// In the audience after repairs.
    Repaired,
    /// A repair waits for a decision.
    Proposed,
    /// Several numbers: one waits to be chosen.
    Several,
    /// The country has to be told first.
    NeedsCountry,
    /// Refused by a person.
    Refused,
    /// No number.
    NotANumber,
    /// The person is there already.
    Duplicate,
    /// Asked not to be written to.
    OptedOut,
    /// Blocked.
    Blocked,
    /// Not on WhatsApp.
    NotOnWhatsapp,
}

/// A kind of repair that is a guess.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportGuess {
    /// A word of the repairs.
    pub repair: String,
    /// How many rows it would bring in.
    pub rows: u32,
    /// What was decided about all of them.
    pub accepted: Option<bool>,
}

/// Arguments of `import_reading_set`: the list is read anew.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportReadingSet {
    /// Which.
    #[ts(type = "number")]
    pub import_id: i64,
    /// How.
    pub reading: ImportReading,
}

/// Arguments of `import_decide`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportDecide {
    /// Which.
    #[ts(type = "number")]
    pub import_id: i64,
    /// About what.
    pub about: ImportAbout,
}

/// About what a person decides.
#[derive(Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ImportAbout {
    /// All repairs of a kind.
    Repair {
        /// A word of the repairs.
        repair: String,
        /// Accepted or refused; null takes it back.
        accepted: Option<bool>,
    },
    /// One row.
    Row {
        /// The number beside it.
        row: u32,
        /// Taken or not; null takes back what was decided about it, a choice too.
        accepted: Option<bool>,
    },
    /// One of the numbers of a row.
    Choice {
        /// The number beside it.
        row: u32,
        /// Which, as digits, as the row shows it. If it is not in the row, the row goes on waiting.
        number: String,
    },
}

/// Arguments of `import_rows`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportRows {
    /// Which.
    #[ts(type = "number")]
    pub import_id: i64,
    /// Only those with these verdicts; empty = all.
    pub verdicts: Vec<ImportVerdict>,
    /// After this row; null = from the first.
    pub after: Option<u32>,
    /// 1 to 200.
    pub limit: u32,
}

/// One row of a list.
#[derive(Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    /// The number beside it.
    pub row: u32,
    /// Its cells.
    pub cells: Vec<String>,
    /// The verdict.
    pub verdict: ImportVerdict,
    /// Of one that is no number: why, a word of the reasons.
    pub reason: Option<String>,
    /// Of a duplicate: the row that brought the person.
    pub duplicate_of: Option<u32>,
    /// The numbers in it, with their country codes, as digits.
    pub numbers: Vec<String>,
    /// The one that is written to, or would be; of several, the one that was chosen.
    pub number: Option<String>,
    /// It was decided about by itself, which can be taken back.
    pub decided: bool,
    /// What is done to it, or would be: words of the repairs.
    pub repairs: Vec<String>,
}

/// Arguments of `campaign_audience_set`: the audience is made anew from these sources. Sheets are brought by `import_accept`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceSet {
    /// Of which campaign.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// From where.
    pub sources: Vec<SourceView>,
}

/// A saved audience.
#[derive(Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SegmentView {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// From where its people come, at the moment at which it is used.
    pub sources: Vec<SourceView>,
}

/// Arguments of `segment_save`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SegmentSave {
    /// 1 to 100 characters; the same name is saved over.
    pub name: String,
    /// From where.
    pub sources: Vec<SourceView>,
}

/// Which saved audience.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SegmentRef {
    /// Its number.
    #[ts(type = "number")]
    pub segment_id: i64,
}

/// Arguments of `campaign_numbers_check`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NumbersCheck {
    /// Of which campaign.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// `true` = ask no more; what was said is kept.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub stop: Option<bool>,
}

/// How far asking the gateway about numbers has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NumbersChecked {
    /// Numbers whose answer is known and young enough.
    pub known: u32,
    /// All of them.
    pub total: u32,
    /// Of the known ones, who is not on WhatsApp: skipped.
    pub not_on_whatsapp: u32,
    /// When the oldest of the answers came by which somebody is to be written to.
    #[ts(type = "number | null")]
    pub oldest: Option<UnixMillis>,
    /// Is it being asked at this moment?
    pub asking: bool,
    /// Does this device's gateway answer such questions?
    pub offered: bool,
}

/// An audience that is being gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GatheringView {
    /// Is one gathered at this moment? Until it is whole the former audience stays.
    pub under_way: bool,
    /// People who were gathered so far, with those who are left out.
    pub people: u32,
    /// Of so many; null = nobody knows yet.
    pub of: Option<u32>,
}

/// Arguments of `campaign_preview`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PreviewArgs {
    /// Of which campaign.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// From this turn on.
    pub from: u32,
    /// 1 to 100 people.
    pub limit: u32,
}

/// What somebody would get.
#[derive(Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PreviewView {
    /// Their number in the campaign.
    #[ts(type = "number")]
    pub recipient_id: i64,
    /// Their turn.
    pub place: u32,
    /// What they are called, on the phone or by themselves, else in their list; or their number.
    pub name: String,
    /// Which text, from 0.
    pub variant: u8,
    /// The words; null = it has none for them.
    pub text: Option<String>,
    /// The variable that has no value, if that is why.
    pub unresolved: Option<String>,
    /// When it leaves, to the second, by the last rehearsal of the campaign as it stands; null = there was none since the program started,
    /// or another campaign was rehearsed since, or they get nothing.
    #[ts(type = "number | null")]
    pub at: Option<UnixMillis>,
}

/// Arguments of `campaign_test_send`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TestSend {
    /// Of which campaign.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// Filled in as for this person; null = the first, or with samples if there is nobody.
    #[ts(type = "number | null")]
    pub recipient_id: Option<i64>,
    /// Which text, from 0.
    pub variant: u8,
    /// To which number, with its country code.
    pub number: String,
    /// Chosen by the caller, 1 to 64 characters: the same again sends none.
    pub client_id: String,
}

/// A test that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TestSent {
    /// Variables that had no value, and stand there by their names: there is no audience yet.
    pub without_value: Vec<String>,
}

/// Arguments of `campaign_rehearse`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignRehearse {
    /// Which.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// When it begins; without it, at its time if it has one, else now.
    #[ts(type = "number | null")]
    pub starts_at: Option<UnixMillis>,
}

/// What a rehearsal found.
#[derive(Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RehearsalView {
    /// Can it be started?
    pub ready: bool,
    /// What stands in the way.
    pub faults: Vec<RehearsalFault>,
    /// How many are written to.
    pub sends: u32,
    /// Who is not, by reason (words of `SkipReason`).
    pub skipped: Vec<ReasonCount>,
    /// Who asked not to be.
    pub opted_out: u32,
    /// Who waits for a person to decide whether they asked not to be.
    pub held: u32,
    /// When the first message leaves.
    #[ts(type = "number | null")]
    pub first: Option<UnixMillis>,
    /// When the last one has left: this computer must stay on until then.
    #[ts(type = "number | null")]
    pub ends: Option<UnixMillis>,
    /// On how many days something is sent.
    pub days: u32,
    /// Sends by the hour.
    pub hours: Vec<HourCount>,
    /// How long each limit holds it up, in seconds.
    pub waits: Vec<WaitTime>,
    /// So many messages of other campaigns of the number, which run, leave in between.
    pub others: u32,
    /// How risky it is for the number.
    pub safety: SafetyView,
}

/// What stands in the way of a launch.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "code", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum RehearsalFault {
    /// Nobody is in its audience.
    NoAudience,
    /// A text says nothing.
    EmptyText {
        /// Which, from 0.
        variant: u8,
    },
    /// A text is not understood.
    TextNotUnderstood {
        /// Which, from 0.
        variant: u8,
        /// Where, in characters.
        at: u32,
    },
    /// A variable that is no column.
    UnknownVariable {
        /// In which text, from 0.
        variant: u8,
        /// As it is written.
        variable: String,
    },
    /// A variable that has no value in some rows.
    Unresolved {
        /// In which text, from 0.
        variant: u8,
        /// As it is written.
        variable: String,
        /// In how many rows.
        count: u32,
        /// The first of them: the numbers beside the spreadsheet's rows, else their turns from 1.
        rows: Vec<u32>,
    },
    /// Texts that are too long in some rows.
    TooLong {
        /// Which text, from 0.
        variant: u8,
        /// In how many rows.
        count: u32,
        /// The most characters that it may have.
        max: u32,
    },
    /// The shares of the texts are not 100 together.
    Shares,
    /// The pace would never let anything leave; a word of the faults of limits.
    Pace {
        /// Why.
        why: String,
    },
    /// A file of it is not there any more.
    MediaMissing {
        /// Of which text, from 0.
        variant: u8,
    },
    /// The device's gateway does not offer this kind of message.
    KindNotOffered {
        /// Of which text, from 0.
        variant: u8,
    },
    /// A question needs at least two different answers, none of them blank.
    Answers {
        /// Of which text, from 0.
        variant: u8,
        /// How many there may be.
        most: u32,
    },
    /// A variable in an answer or an address, where none is filled in.
    StrayVariable {
        /// Of which text, from 0.
        variant: u8,
    },
    /// There is no such place on earth.
    NoPlace {
        /// Of which text, from 0.
        variant: u8,
    },
    /// The device's gateway takes no file as large as this.
    FileTooLarge {
        /// Of which text, from 0.
        variant: u8,
        /// How many bytes it takes.
        #[ts(type = "number")]
        max_bytes: u64,
    },
    /// The device's gateway takes no file of this type.
    FileNotTaken {
        /// Of which text, from 0.
        variant: u8,
    },
}

/// How many, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReasonCount {
    /// A word.
    pub reason: String,
    /// How many.
    pub count: u32,
}

/// Sends of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HourCount {
    /// When it began.
    #[ts(type = "number")]
    pub at: UnixMillis,
    /// How many.
    pub count: u32,
}

/// How long a limit holds a campaign up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WaitTime {
    /// Which limit.
    pub why: WaitsFor,
    /// Seconds.
    pub seconds: f64,
}

/// How risky a campaign is for the shop's number.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SafetyView {
    /// 0 (no risk seen) to 100.
    pub risk: f64,
    /// `low`, `raised` or `high`.
    pub level: SafetyLevel,
    /// All signs, the heaviest first.
    pub signs: Vec<SafetySign>,
}

/// How much risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SafetyLevel {
    /// Nothing speaks against it.
    Low,
    /// Look at the signs first.
    Raised,
    /// Better not like this.
    High,
}

/// One reason for the reading.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SafetySign {
    /// What was looked at.
    pub kind: SafetySignKind,
    /// What was found, in the unit of its kind; null = not known yet.
    pub found: Option<f64>,
    /// What it adds: 0 to `weight`.
    pub points: f64,
    /// The most that it can add.
    pub weight: u8,
    /// In a word.
    pub verdict: SafetyVerdict,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SafetySignKind {
    /// Percent of messages of late that were answered by people who do not ask to be left alone.
    Replies,
    /// Percent of people who ever wrote to us.
    Known,
    /// Days since the number is in use.
    NumberAge,
    /// Percent of messages of late that failed.
    Failures,
    /// Percent of messages of late after which somebody asked to be left alone.
    OptOuts,
    /// Percent of people who do not answer.
    Unanswered,
    /// Percent of people to whom a campaign wrote a short time ago.
    Repeated,
    /// Characters.
    TextLength,
    /// Links.
    Links,
    /// Links that hide where they lead.
    HiddenLinks,
}

/// What a sign says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SafetyVerdict {
    /// Adds nothing.
    Fine,
    /// Adds something.
    Watch,
    /// Adds all that it can.
    Bad,
    /// Not known yet: adds half.
    Unknown,
}

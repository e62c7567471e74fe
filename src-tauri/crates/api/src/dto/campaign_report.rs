//! What became of a campaign: figures, answers, files, proof.

use mostrador_domain::UnixMillis;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CountsView, OptOutState, ReasonCount, RecipientStateWord};

/// The figures of a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportView {
    /// Its people by state.
    pub counts: CountsView,
    /// Each step holds all who came as far or farther.
    pub funnel: FunnelView,
    /// What happened in each hour in which anything did.
    pub hours: Vec<ReportHour>,
    /// Each text by itself.
    pub variants: Vec<ReportVariant>,
    /// Failures by reason.
    pub failures: Vec<ReasonCount>,
    /// Who was skipped, by reason.
    pub skipped: Vec<ReasonCount>,
    /// Of those who answered: who asks, or may ask, not to be written to any more.
    pub asked_to_stop: u32,
    /// Of those who were skipped, how many the run left out: `campaign_retry` makes a campaign for them.
    pub left_out: u32,
}

/// The funnel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FunnelView {
    /// Taken by the gateway.
    pub sent: u32,
    /// On the phone.
    pub delivered: u32,
    /// Read.
    pub read: u32,
    /// Answered.
    pub replied: u32,
}

/// What happened in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportHour {
    /// When it began.
    #[ts(type = "number")]
    pub at: UnixMillis,
    /// Taken by the gateway.
    pub sent: u32,
    /// Read.
    pub read: u32,
    /// First answers.
    pub replied: u32,
    /// Failed.
    pub failed: u32,
}

/// The figures of one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportVariant {
    /// Which, from 0.
    pub variant: u8,
    /// Whom it was meant for.
    pub people: u32,
    /// Its funnel.
    pub funnel: FunnelView,
    /// Failed.
    pub failed: u32,
}

/// What kind of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReplyKind {
    /// A question: it waits for an answer.
    Question,
    /// A wish, or what may be one, not to be written to.
    OptOut,
    /// Any other.
    Other,
}

/// Arguments of `campaign_reply_list`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReplyList {
    /// Of which campaign; null = all.
    #[ts(type = "number | null")]
    pub campaign_id: Option<i64>,
    /// Only these; null = all.
    pub kind: Option<ReplyKind>,
    /// Only chats that are still to be answered.
    pub open: bool,
    /// After this one; null = from the newest.
    pub after: Option<String>,
    /// 1 to 200.
    pub limit: u32,
}

/// Answers, newest first.
#[derive(Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReplyPage {
    /// The answers.
    pub replies: Vec<ReplyView>,
    /// Where the next page begins; null = this is the last one.
    pub next: Option<String>,
}

/// An answer to a campaign, with what it answers, or the wish that keeps somebody of it from being written to.
#[derive(Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReplyView {
    /// Of whom.
    #[ts(type = "number")]
    pub recipient_id: i64,
    /// Of which campaign.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// Its name.
    pub campaign: String,
    /// Their chat.
    #[ts(type = "number | null")]
    pub chat_id: Option<i64>,
    /// What they are called, or their number.
    pub name: String,
    /// What was sent to them; empty if that has no words, or if their wish kept them from being written to.
    pub sent: String,
    /// What they answered; empty for a picture and the like.
    pub reply: String,
    /// When.
    #[ts(type = "number")]
    pub at: UnixMillis,
    /// What kind.
    pub kind: ReplyKind,
    /// Where their wish stands, if it is one.
    pub opt_out: Option<OptOutState>,
    /// Its number in the list of wishes.
    #[ts(type = "number | null")]
    pub opt_out_id: Option<i64>,
    /// Has the shop answered since?
    pub answered: bool,
}

/// Arguments of `campaign_export`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignExport {
    /// Which.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// As what.
    pub format: ReportFormat,
    /// The language of its words.
    pub language: ReportLanguage,
}

/// A file's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// Rows of text.
    Csv,
    /// A workbook.
    Xlsx,
    /// A page to print.
    Pdf,
}

/// The language of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
pub enum ReportLanguage {
    /// Spanish.
    #[serde(rename = "es")]
    Es,
    /// Portuguese of Brazil.
    #[serde(rename = "pt-BR")]
    PtBr,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// A file that was made.
#[derive(Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportFile {
    /// What it is called.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes, in base64.
    pub content: String,
}

/// Arguments of `campaign_retry`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CampaignRetry {
    /// Which.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// What the new one is called.
    pub name: String,
    /// Only these, of those who failed or were left out; null = all of a kind.
    #[ts(type = "Array<number> | null")]
    pub recipients: Option<Vec<i64>>,
    /// Of which kind: `true` = all whom the run left out, else all that failed.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub left_out: Option<bool>,
}

/// What checking a campaign found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProofView {
    /// What all of it comes to.
    pub verdict: ProofVerdict,
    /// How many are in no final state.
    pub left: u32,
    /// Each thing that was checked.
    pub checks: Vec<ProofCheck>,
}

/// What checking a campaign comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProofVerdict {
    /// It has ended, and everything is as it must be.
    Holds,
    /// Something is not.
    Broken,
    /// It has not ended yet; nothing else is wrong.
    Open,
    /// A person ended it, and it is still being closed, which ends by itself; nothing else is wrong.
    Closing,
    /// It has ended; of those who are left nobody knows whether it went.
    Undecided,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProofCheck {
    /// What.
    pub what: ProofWhat,
    /// How many were looked at.
    pub looked_at: u32,
    /// How many do not hold.
    pub wrong: u32,
    /// The first of them: turns from 1.
    pub first: Vec<u32>,
}

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProofWhat {
    /// Everybody is in exactly one final state.
    FinalStates,
    /// The sums are equal to the audience.
    Sums,
    /// Each sent message's number at the gateway is there once.
    SentOnce,
    /// Nobody is there twice, under any spelling.
    PeopleOnce,
    /// Who was sent something has a message with the gateway's number; who was not has none.
    Messages,
    /// Nobody was written to after asking not to be.
    OptOuts,
}

/// A campaign that wrote in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedView {
    /// Which.
    #[ts(type = "number")]
    pub campaign_id: i64,
    /// What it is called.
    pub name: String,
    /// Where the person of this chat is in it.
    pub state: RecipientStateWord,
    /// When it was sent to them.
    #[ts(type = "number | null")]
    pub sent_at: Option<UnixMillis>,
}

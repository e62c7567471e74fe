//! Messages as the conversation shows them.

use mostrador_domain as domain;
use mostrador_domain::{DeliveryStatus, MessageAction, OutboxState, UnixMillis};
use mostrador_store::tables::message::{Earlier, LastMessage, MessageRow, Quoted, Reaction, Sending, Vote};
use mostrador_store::tables::outbox::PendingAction;
use mostrador_store::tables::receipt::MemberReceipt;
use serde::Serialize;
use ts_rs::TS;

use super::{ChatKind, ChatRow, MessageBody, number};

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// Theirs.
    Received,
    /// Stored here, waiting to be sent.
    Queued,
    /// Being sent.
    Sending,
    /// It may or may not have been sent; being looked for, or to be decided by a person.
    Uncertain,
    /// The gateway took it.
    Sent,
    /// It reached the phone.
    Delivered,
    /// It was seen.
    Read,
    /// It was heard.
    Played,
    /// It will not be sent.
    Failed,
}

impl MessageStatus {
    /// The status of a message from its way out and its receipts.
    pub fn of(row: &MessageRow) -> Self {
        let outgoing = row.outgoing.map(|outgoing| outgoing.state);
        Self::settled_by(row.from_me, outgoing, row.failure, row.status)
    }

    /// The same of a chat's newest message.
    pub fn of_last(last: &LastMessage) -> Self {
        Self::settled_by(last.from_me, last.outgoing, last.failure, last.status)
    }

    fn settled_by(
        from_me: bool,
        outgoing: Option<OutboxState>,
        failure: Option<domain::FailureCode>,
        status: Option<DeliveryStatus>,
    ) -> Self {
        if !from_me {
            return Self::Received;
        }
        match outgoing {
            Some(OutboxState::Ready) => return Self::Queued,
            Some(OutboxState::InFlight) => return Self::Sending,
            Some(OutboxState::Uncertain) => return Self::Uncertain,
            Some(OutboxState::Dead) => return Self::Failed,
            Some(OutboxState::Done | OutboxState::Discarded) | None => {}
        }
        if failure.is_some() {
            return Self::Failed;
        }
        match status {
            Some(DeliveryStatus::Queued) => Self::Queued,
            Some(DeliveryStatus::Sent) | None => Self::Sent,
            Some(DeliveryStatus::Delivered) => Self::Delivered,
            Some(DeliveryStatus::Read) => Self::Read,
            Some(DeliveryStatus::Played) => Self::Played,
        }
    }
}

/// Why a message failed or is uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// This recipient cannot be written to.
    RefusedRecipient,
    /// The gateway forbids writing to this recipient.
    Forbidden,
    /// The gateway does not accept this message.
    RefusedContent,
    /// The plan at the gateway is used up.
    PlanLimit,
    /// The file is too large.
    TooLarge,
    /// The gateway does not take this kind of file.
    MediaUnsupported,
    /// The file is not there any more.
    MediaMissing,
    /// The number is not linked.
    NotLinked,
    /// The gateway refuses the token.
    TokenRejected,
    /// WhatsApp has restricted the number.
    Restricted,
    /// Tried as often as allowed.
    AttemptsUsedUp,
    /// It left, and no answer came.
    NoAnswer,
    /// Another number is linked than the one that it was to leave from.
    NumberChanged,
    /// It left from the number that was linked before, and no answer came.
    EarlierNumber,
}

impl From<domain::FailureCode> for FailureCode {
    fn from(code: domain::FailureCode) -> Self {
        use domain::FailureCode as F;
        match code {
            F::RefusedRecipient => Self::RefusedRecipient,
            F::Forbidden => Self::Forbidden,
            F::RefusedContent => Self::RefusedContent,
            F::PlanLimit => Self::PlanLimit,
            F::TooLarge => Self::TooLarge,
            F::MediaUnsupported => Self::MediaUnsupported,
            F::MediaMissing => Self::MediaMissing,
            F::NotLinked => Self::NotLinked,
            F::TokenRejected => Self::TokenRejected,
            F::Restricted => Self::Restricted,
            F::AttemptsUsedUp => Self::AttemptsUsedUp,
            F::NoAnswer => Self::NoAnswer,
            F::NumberChanged => Self::NumberChanged,
            F::EarlierNumber => Self::EarlierNumber,
        }
    }
}

/// A message.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// Its id.
    #[ts(type = "number")]
    pub id: i64,
    /// Where.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// Ours?
    pub from_me: bool,
    /// Who wrote it, if told.
    pub sender_name: Option<String>,
    /// Their address, as `mentions` has it; null = ours, or not told.
    pub sender: Option<String>,
    /// Their number, with its plus sign; null = it is hidden. It is the same one for whatever address they write under.
    pub sender_number: Option<String>,
    /// The addresses of those whom it names with an @.
    pub mentions: Vec<String>,
    /// When it was written.
    #[ts(type = "number")]
    pub at: UnixMillis,
    /// What it says.
    pub body: MessageBody,
    /// How far it has come.
    pub status: MessageStatus,
    /// When the gateway took it.
    #[ts(type = "number | null")]
    pub sent_at: Option<UnixMillis>,
    /// When it reached the phone.
    #[ts(type = "number | null")]
    pub delivered_at: Option<UnixMillis>,
    /// When it was seen.
    #[ts(type = "number | null")]
    pub read_at: Option<UnixMillis>,
    /// Why it failed or is uncertain.
    pub failure: Option<FailureCode>,
    /// A person has to say what becomes of it: of an uncertain one that looking for it did not settle (`message_resolve`), of one that
    /// failed and was written here (`message_retry`, `message_take_back`, `message_discard`).
    pub needs_operator: bool,
    /// Until then it is held, and `message_take_back` surely makes it a draft again; null = it is not. Any that is queued can be
    /// taken back, until it begins to leave.
    #[ts(type = "number | null")]
    pub held_until: Option<UnixMillis>,
    /// What it answers.
    pub quoted: Option<QuotedView>,
    /// Sent on from another chat.
    pub forwarded: bool,
    /// When it got its present words, if it was edited.
    #[ts(type = "number | null")]
    pub edited_at: Option<UnixMillis>,
    /// It has our star.
    pub starred: bool,
    /// It stands at the top of its chat.
    pub pinned: bool,
    /// Who reacted, in the order of time.
    pub reactions: Vec<ReactionView>,
    /// What is still to be done to it, or could not be done.
    pub pending: Vec<PendingView>,
}

/// A message that was undone.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TakenBack {
    /// Its chat, with its words, its file and what it answers in the draft, before what was begun there; a draft has one file, and one that
    /// was begun stays.
    pub chat: ChatRow,
    /// The message as it was: a poll, a place, how its file was shown and whom it named are only here.
    pub message: MessageView,
}

/// The message that another one answers.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuotedView {
    /// Its id, if it is here.
    #[ts(type = "number | null")]
    pub message_id: Option<i64>,
    /// Its words, if it had any that are known.
    pub text: Option<String>,
    /// What it is, if it is here: `text`, `image`, `voice`, `contact_list`, …; `deleted`; `unknown`.
    pub kind: Option<String>,
    /// Is it here, and ours?
    pub from_me: bool,
    /// Who wrote it, if it is here and that was told.
    pub sender_name: Option<String>,
    /// Their address; null = ours, or not told.
    pub sender: Option<String>,
    /// Their number, with its plus sign; null = it is hidden.
    pub sender_number: Option<String>,
}

/// A reaction to a message.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReactionView {
    /// Ours?
    pub from_me: bool,
    /// Who, if told.
    pub name: Option<String>,
    /// With what.
    pub emoji: String,
}

/// Something that is still to be done to a message, or could not be done.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PendingView {
    /// What.
    pub action: PendingKind,
    /// Why it could not be done; null = it will be.
    pub failure: Option<FailureCode>,
}

/// What is done to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PendingKind {
    /// It gets other words.
    Edit,
    /// It is deleted for everybody.
    Delete,
    /// Our reaction changes.
    React,
    /// Our star changes.
    Star,
    /// It is pinned, or not any more.
    Pin,
}

impl From<&MessageAction> for PendingKind {
    fn from(action: &MessageAction) -> Self {
        match action {
            MessageAction::Edit(_) => Self::Edit,
            MessageAction::Delete => Self::Delete,
            MessageAction::React(_) => Self::React,
            MessageAction::Star(_) => Self::Star,
            MessageAction::Pin(_) => Self::Pin,
        }
    }
}

impl From<MessageRow> for MessageView {
    fn from(row: MessageRow) -> Self {
        let status = MessageStatus::of(&row);
        let tells_why = matches!(status, MessageStatus::Failed | MessageStatus::Uncertain);
        let failure = row
            .outgoing
            .and_then(|outgoing| outgoing.failure)
            .or(row.failure)
            .filter(|_| tells_why);
        Self {
            id: row.id.0,
            chat_id: row.chat.0,
            from_me: row.from_me,
            sender_number: row.writer.number.as_ref().and_then(number),
            sender: row.writer.address.map(|sender| sender.as_str().to_owned()),
            sender_name: row.writer.name,
            mentions: row.mentions.iter().map(|one| one.as_str().to_owned()).collect(),
            at: row.at,
            status,
            sent_at: row.sent_at,
            delivered_at: row.delivered_at,
            read_at: row.read_at,
            failure: failure.map(Into::into),
            needs_operator: match status {
                MessageStatus::Uncertain => row.outgoing.is_some_and(|outgoing| outgoing.needs_operator),
                MessageStatus::Failed => row.outgoing.is_some(),
                _ => false,
            },
            held_until: row.outgoing.and_then(|outgoing| outgoing.held_until),
            quoted: row.quoted.map(Into::into),
            forwarded: row.forwarded,
            edited_at: row.edited_at,
            starred: row.starred,
            pinned: row.pinned,
            reactions: row.reactions.into_iter().map(Into::into).collect(),
            pending: row.pending.iter().map(Into::into).collect(),
            body: row.content.into(),
        }
    }
}

impl From<Quoted> for QuotedView {
    fn from(Quoted { text, message, .. }: Quoted) -> Self {
        let (message_id, kind) = message
            .as_ref()
            .map(|here| (here.id.0, here.kind.clone()))
            .unzip();
        let from_me = message.as_ref().is_some_and(|here| here.from_me);
        let writer = message.map(|here| here.writer).unwrap_or_default();
        Self {
            message_id,
            text,
            kind,
            from_me,
            sender_number: writer.number.as_ref().and_then(number),
            sender: writer.address.map(|sender| sender.as_str().to_owned()),
            sender_name: writer.name,
        }
    }
}

impl From<Reaction> for ReactionView {
    fn from(reaction: Reaction) -> Self {
        Self {
            from_me: reaction.by.is_none(),
            name: reaction.name,
            emoji: reaction.emoji,
        }
    }
}

impl From<&PendingAction> for PendingView {
    fn from(pending: &PendingAction) -> Self {
        Self {
            action: (&pending.action).into(),
            failure: pending.failure.map(Into::into),
        }
    }
}

/// What the conversation does not show of a message.
#[derive(Clone, Serialize, TS)]
pub struct MessagePast {
    /// What it said before it was edited, oldest first.
    pub earlier: Vec<EarlierView>,
    /// Who chose what in a poll, in the order of time.
    pub votes: Vec<VoteView>,
    /// How its sending went; null = it was not written here.
    pub sending: Option<SendingView>,
    /// How far ours has come with each member of its group, as far as its gateway tells it: who read it first, the newest of them first, then
    /// whom it reached.
    pub members: Vec<MemberReceiptView>,
}

/// How far a message of ours has come with a member of its group.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberReceiptView {
    /// Their name, if known.
    pub name: Option<String>,
    /// Their number, with its plus sign; null = it is hidden.
    pub number: Option<String>,
    /// Since when it is on their phone; null = not told.
    #[ts(type = "number | null")]
    pub delivered_at: Option<UnixMillis>,
    /// Since when they have read it; null = not told.
    #[ts(type = "number | null")]
    pub read_at: Option<UnixMillis>,
    /// Since when they have played it; null = not told, or nothing to be played.
    #[ts(type = "number | null")]
    pub played_at: Option<UnixMillis>,
}

impl From<MemberReceipt> for MemberReceiptView {
    fn from(receipt: MemberReceipt) -> Self {
        Self {
            name: receipt.name,
            number: receipt.addresses.iter().find_map(number),
            delivered_at: receipt.delivered_at,
            read_at: receipt.read_at,
            played_at: receipt.played_at,
        }
    }
}

/// How the sending of a message went so far.
#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendingView {
    /// How often it was tried.
    pub attempts: u32,
    /// When it was last tried.
    #[ts(type = "number | null")]
    pub tried_at: Option<UnixMillis>,
    /// When it is tried next; null = it is not to be tried now.
    #[ts(type = "number | null")]
    pub next_at: Option<UnixMillis>,
    /// What the last try in vain ended in, as far as that is known.
    pub failure: Option<FailureCode>,
}

impl From<Sending> for SendingView {
    fn from(sending: Sending) -> Self {
        Self {
            attempts: sending.attempts,
            tried_at: sending.tried_at,
            next_at: sending.next_at,
            failure: sending.failure.map(Into::into),
        }
    }
}

/// What a message said before it was edited.
#[derive(Clone, Serialize, TS)]
pub struct EarlierView {
    /// Since when it said so.
    #[ts(type = "number")]
    pub at: UnixMillis,
    /// Its words; null = it had none.
    pub text: Option<String>,
}

/// A person's answers to a poll.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VoteView {
    /// Ours?
    pub from_me: bool,
    /// Who, if told.
    pub name: Option<String>,
    /// All that they chose.
    pub options: Vec<String>,
}

impl From<Earlier> for EarlierView {
    fn from(earlier: Earlier) -> Self {
        Self {
            at: earlier.at,
            text: earlier.content.text().map(str::to_owned),
        }
    }
}

impl From<Vote> for VoteView {
    fn from(vote: Vote) -> Self {
        Self {
            from_me: vote.by.is_none(),
            name: vote.name,
            options: vote.options,
        }
    }
}

/// A page of a conversation.
#[derive(Clone, Serialize, TS)]
pub struct MessagePage {
    /// Oldest first.
    pub rows: Vec<MessageView>,
    /// For the page before; null = this is the beginning.
    pub earlier: Option<String>,
    /// For the page after; null = this is the end.
    pub later: Option<String>,
}

/// A message that was found.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageHit {
    /// The message.
    pub message: MessageView,
    /// Through which number its chat runs.
    #[ts(type = "number")]
    pub device_id: i64,
    /// The name of its chat, as the list shows it.
    pub chat_title: String,
    /// What its chat is.
    pub chat_kind: ChatKind,
    /// The picture of whom the chat is with, under `/picture/ID`; null = none is known.
    #[ts(type = "number | null")]
    pub picture_id: Option<i64>,
    /// Where the words stand in its text: first and end, in UTF-16 units, in order.
    pub found: Vec<(u32, u32)>,
}

/// A page of what was found.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageHits {
    /// Newest first.
    pub hits: Vec<MessageHit>,
    /// For the next page; null = this was the last.
    pub next: Option<String>,
}

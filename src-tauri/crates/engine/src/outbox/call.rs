//! One claimed row becomes one call to the gateway.

use mostrador_domain::{
    Failure, FailureCode, MessageAction, Outgoing, OutgoingBody, OutgoingFile, OutgoingMedia, OutgoingSource,
};
use mostrador_gateways::{Accepted, Effect, MessageActions, PinFor};
use mostrador_store::tables::media::MediaRow;
use mostrador_store::tables::message::Content;
use mostrador_store::tables::outbox::{Claimed, ToSend, Work};

use crate::EngineError;
use crate::session::Desk;

/// What the gateway answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The message is on its way.
    Sent(Accepted),
    /// The file lies at the gateway, under this id of its.
    Uploaded(String),
    /// It is as it shall be.
    Acted,
}

/// Makes the call that a row asks for.
pub(super) async fn make(desk: &Desk, claimed: &Claimed) -> Result<Answer, Failure> {
    match &claimed.work {
        Work::Send(send) => sent(desk, claimed, send).await.map(Answer::Sent),
        Work::Upload(file) => uploaded(desk, file).await.map(Answer::Uploaded),
        Work::Act { gateway_id, action } => acted(desk, claimed, gateway_id, action).await,
    }
}

const NOT_OFFERED: Failure = Failure::Rejected {
    code: FailureCode::RefusedContent,
};

fn missing(code: FailureCode) -> Failure {
    Failure::Rejected { code }
}

async fn sent(desk: &Desk, claimed: &Claimed, send: &ToSend) -> Result<Accepted, Failure> {
    let messaging = desk.link.messaging().ok_or(NOT_OFFERED)?;
    let message = Outgoing {
        to: claimed.address.clone(),
        body: body(desk, send).await?,
        quoted: send.quoted.clone(),
        mentions: send.mentions.clone(),
        client_id: claimed.client_id.clone(),
    };
    messaging.send(&message).await
}

/// What is sent. A message that is sent on goes by its id where the gateway can do that, else as a copy.
async fn body(desk: &Desk, send: &ToSend) -> Result<OutgoingBody, Failure> {
    if let Some(gateway_id) = send
        .forward
        .clone()
        .filter(|_| desk.link.capabilities().send.forward)
    {
        return Ok(OutgoingBody::Forward { gateway_id });
    }
    Ok(match &send.content {
        Content::Text(text) => OutgoingBody::Text(text.clone()),
        Content::LinkPreview { text, preview } => OutgoingBody::LinkPreview {
            text: text.clone(),
            preview: preview.clone(),
        },
        Content::Media {
            kind,
            caption,
            media: Some(row),
        } => {
            let file = match &send.uploaded {
                Some(reference) => OutgoingFile::Uploaded(reference.clone()),
                None => OutgoingFile::Here(file(desk, row).await?),
            };
            OutgoingBody::Media(OutgoingMedia {
                kind: *kind,
                caption: caption.clone(),
                mime: row.mime.clone(),
                file_name: row.file_name.clone(),
                seconds: row.seconds.and_then(|seconds| u32::try_from(seconds).ok()),
                waveform: row.waveform.clone(),
                file,
            })
        }
        Content::Location(location) => OutgoingBody::Location(location.clone()),
        Content::Contacts(cards) => OutgoingBody::Contacts(cards.clone()),
        Content::Poll(poll) => OutgoingBody::Poll(poll.clone()),
        Content::Interactive(interactive) => OutgoingBody::Interactive(interactive.clone()),
        Content::Media { media: None, .. } => return Err(missing(FailureCode::MediaMissing)),
        Content::Notice { .. } | Content::Deleted | Content::Unknown { .. } => return Err(NOT_OFFERED),
    })
}

/// The file as it lies here, looked through; it is read once more while it leaves.
async fn file(desk: &Desk, row: &MediaRow) -> Result<OutgoingSource, Failure> {
    let sha256 = row.sha256.as_deref().ok_or(missing(FailureCode::MediaMissing))?;
    let read = desk.shared.media.source(sha256).await;
    read.map_err(|error| match error {
        EngineError::MediaTooLarge => missing(FailureCode::TooLarge),
        _ => missing(FailureCode::MediaMissing),
    })
}

async fn uploaded(desk: &Desk, row: &MediaRow) -> Result<String, Failure> {
    let uploads = desk.link.uploads().ok_or(NOT_OFFERED)?;
    let file = file(desk, row).await?;
    uploads.upload(&row.mime, &file).await
}

async fn acted(
    desk: &Desk,
    claimed: &Claimed,
    gateway_id: &str,
    action: &MessageAction,
) -> Result<Answer, Failure> {
    let facet = desk.link.message_actions().ok_or(NOT_OFFERED)?;
    match done(facet, claimed, gateway_id, action).await? {
        Effect::Done => Ok(Answer::Acted),
        // What is gone is deleted, and carries neither star nor pin.
        Effect::NothingThere if wants_it_gone(action) => Ok(Answer::Acted),
        Effect::NothingThere => Err(NOT_OFFERED),
    }
}

fn wants_it_gone(action: &MessageAction) -> bool {
    matches!(
        action,
        MessageAction::Delete
            | MessageAction::React(None)
            | MessageAction::Star(false)
            | MessageAction::Pin(None)
    )
}

async fn done(
    facet: &dyn MessageActions,
    claimed: &Claimed,
    gateway_id: &str,
    action: &MessageAction,
) -> Result<Effect, Failure> {
    let chat = &claimed.address;
    match action {
        MessageAction::Edit(words) => facet.edit(chat, gateway_id, words).await,
        MessageAction::Delete => facet.delete(chat, gateway_id).await,
        MessageAction::React(emoji) => facet.react(chat, gateway_id, emoji.as_deref()).await,
        MessageAction::Star(on) => facet.star(chat, gateway_id, *on).await,
        MessageAction::Pin(days) => facet.pin(chat, gateway_id, days.map(pin_for)).await,
    }
}

/// The shortest of WhatsApp's three spans that is not shorter than what was asked for; else the longest.
fn pin_for(days: u32) -> PinFor {
    match days {
        0 | 1 => PinFor::Day,
        2..=7 => PinFor::Week,
        _ => PinFor::Month,
    }
}

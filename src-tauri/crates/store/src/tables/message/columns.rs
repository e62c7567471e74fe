//! A content as the columns `kind`, `text`, `data`, `raw_kind` and `raw`, and what each kind's words are.
//!
//! The words of a message are what the list shows and what is searched; the rest of a kind is JSON. Which words a kind has is
//! said in the head of the domain's `message::body`.

use std::borrow::Cow;

use mostrador_domain::{ContactCard, Interactive, LinkPreview, Location, MessageBody, Poll};
use serde::Serialize;

/// A content in its columns, without its file.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Columns<'b> {
    pub(crate) kind: &'b str,
    pub(crate) text: Option<Cow<'b, str>>,
    pub(crate) data: Option<String>,
    pub(crate) raw_kind: Option<&'b str>,
    pub(crate) raw: Option<&'b str>,
}

impl<'b> Columns<'b> {
    /// The columns of what a gateway told.
    pub(crate) fn of(body: &'b MessageBody) -> Self {
        let kind = body.kind_word();
        match body {
            MessageBody::Text(text) => Self::words(kind, text),
            MessageBody::LinkPreview { text, preview } => Self::link_preview(text, preview),
            MessageBody::Media(media) => Self::caption(kind, media.caption.as_deref()),
            MessageBody::Location(location) => Self::location(location),
            MessageBody::Contacts(cards) => Self::contacts(cards),
            MessageBody::Poll(poll) => Self::poll(poll),
            MessageBody::Interactive(interactive) => Self::interactive(interactive),
            MessageBody::Notice(notice) => Self {
                text: notice.text.as_deref().and_then(said),
                raw: Some(&notice.raw),
                ..Self::bare(kind)
            },
            MessageBody::Unknown { raw_kind, raw } => Self {
                raw_kind: Some(raw_kind),
                raw: Some(raw),
                ..Self::bare(kind)
            },
        }
    }

    pub(crate) fn bare(kind: &'b str) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }

    pub(crate) fn words(kind: &'b str, text: &'b str) -> Self {
        Self {
            text: Some(Cow::Borrowed(text)),
            ..Self::bare(kind)
        }
    }

    pub(crate) fn caption(kind: &'b str, caption: Option<&'b str>) -> Self {
        Self {
            text: caption.and_then(said),
            ..Self::bare(kind)
        }
    }

    pub(crate) fn link_preview(text: &'b str, preview: &LinkPreview) -> Self {
        Self {
            data: json(preview),
            ..Self::words("link_preview", text)
        }
    }

    pub(crate) fn location(location: &Location) -> Self {
        let kind = if location.live {
            "live_location"
        } else {
            "location"
        };
        Self {
            text: lines([location.name.as_deref(), location.address.as_deref()]),
            data: json(location),
            ..Self::bare(kind)
        }
    }

    pub(crate) fn contacts(cards: &[ContactCard]) -> Self {
        let kind = if cards.len() == 1 {
            "contact"
        } else {
            "contact_list"
        };
        Self {
            text: lines(cards.iter().map(|card| Some(card.name.as_str()))),
            data: json(cards),
            ..Self::bare(kind)
        }
    }

    pub(crate) fn poll(poll: &'b Poll) -> Self {
        Self {
            data: json(poll),
            ..Self::words("poll", &poll.question)
        }
    }

    pub(crate) fn interactive(interactive: &Interactive) -> Self {
        let Interactive {
            header, body, footer, ..
        } = interactive;
        Self {
            text: lines([header.as_deref(), Some(body.as_str()), footer.as_deref()]),
            data: json(interactive),
            ..Self::bare("interactive")
        }
    }
}

fn said(text: &str) -> Option<Cow<'_, str>> {
    (!text.is_empty()).then_some(Cow::Borrowed(text))
}

fn lines<'t>(parts: impl IntoIterator<Item = Option<&'t str>>) -> Option<Cow<'static, str>> {
    let said: Vec<&str> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.trim().is_empty())
        .collect();
    (!said.is_empty()).then(|| Cow::Owned(said.join("\n")))
}

/// JSON of plain structures, which never fail to be written.
pub(crate) fn json(value: &(impl Serialize + ?Sized)) -> Option<String> {
    serde_json::to_string(value).ok()
}

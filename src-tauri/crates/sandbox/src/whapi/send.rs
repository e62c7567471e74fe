//! Sending. There is no key that makes a repeated request harmless: what comes twice is sent twice.
//!
//! Every kind has its route, and all routes share what can be said of any message: whom it goes to, which message it
//! answers (`quoted`), which one it replaces (`edit`), whom it names. A request with `edit` sends nothing: it changes
//! an own message, and the answer is that message as it is now.

use axum::http::StatusCode;
use serde_json::json;

use super::{
    Refusal, contents,
    entry::At,
    given::{Given, wrong},
    media::{HandedOver, handed_over, linked},
    said::Said,
    shapes::Wording,
};
use crate::{
    branch::Branch,
    clock::Millis,
    world::{ChatId, Content, Deed, Extras, FileContent, FileKind, Source, World},
};

/// Reads the address of a send.
pub(super) fn address(to: &str) -> Result<ChatId, Refusal> {
    ChatId::addressed(to).ok_or(Refusal::bad_request(
        "Wrong request parameters: to is no recipient",
    ))
}

/// Makes a handler for a kind whose content is settled by its fields alone.
macro_rules! sends {
    ($($route:ident => $read:path),* $(,)?) => {
        $(pub(super) async fn $route(At(branch): At, given: Given) -> Result<Said, Refusal> {
            let content = $read(&given)?;
            send(&branch, &given, |_, _| Ok(content))
        })*
    };
}

sends! {
    text => contents::text,
    link_preview => contents::link_preview,
    location => contents::location,
    live_location => contents::live_location,
    contact => contents::contact,
    contact_list => contents::contact_list,
    poll => contents::poll,
    interactive => contents::interactive,
    carousel => contents::carousel,
}

/// Makes a handler for a kind that carries a file.
macro_rules! sends_files {
    ($($route:ident => $kind:ident),* $(,)?) => {
        $(pub(super) async fn $route(At(branch): At, given: Given) -> Result<Said, Refusal> {
            send_file(&branch, given, FileKind::$kind)
        })*
    };
}

sends_files! {
    image => Image,
    video => Video,
    short => Short,
    gif => Gif,
    audio => Audio,
    voice => Voice,
    document => Document,
    sticker => Sticker,
}

fn send_file(branch: &Branch, mut given: Given, kind: FileKind) -> Result<Said, Refusal> {
    let editing = given.said("edit")?.is_some();
    match handed_over(&mut given, "media")? {
        Some(file) => send_with(branch, &given, file, kind),
        // New words for a file that stays as it is.
        None if editing => {
            let caption = given.said("caption")?.unwrap_or_default();
            send(branch, &given, |_, _| Ok(Content::text(caption)))
        }
        None => Err(wrong()),
    }
}

pub(super) fn send_with(
    branch: &Branch,
    given: &Given,
    file: HandedOver,
    kind: FileKind,
) -> Result<Said, Refusal> {
    let about = About::of(given, kind, &file)?;
    send(branch, given, |world, now| {
        about.with_file(file, kind, world, now)
    })
}

/// What is said about a file.
pub(super) struct About {
    caption: Option<String>,
    name: Option<String>,
    seconds: Option<u64>,
}

impl About {
    pub(super) fn of(given: &Given, kind: FileKind, file: &HandedOver) -> Result<Self, Refusal> {
        let captioned = !matches!(kind, FileKind::Audio | FileKind::Voice | FileKind::Sticker);
        let document = kind == FileKind::Document;
        let name = given.said("filename")?.or_else(|| file.name().map(str::to_owned));
        Ok(Self {
            caption: given.said("caption")?.filter(|_| captioned),
            name: name.filter(|_| document),
            seconds: given.number("seconds")?.map(|seconds| seconds.max(0.0) as u64),
        })
    }

    pub(super) fn with_file(
        self,
        file: HandedOver,
        kind: FileKind,
        world: &mut World,
        now: Millis,
    ) -> Result<Content, Refusal> {
        let media = file.into_world(world, now)?;
        if !world.media(&media).is_some_and(|media| media.fits(kind)) {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Unsupported media type",
            ));
        }
        let Self {
            caption,
            name,
            seconds,
        } = self;
        Ok(Content::File(FileContent {
            kind,
            media,
            caption,
            name,
            seconds,
        }))
    }
}

pub(super) fn send(
    branch: &Branch,
    given: &Given,
    content: impl FnOnce(&mut World, Millis) -> Result<Content, Refusal>,
) -> Result<Said, Refusal> {
    let to = address(given.needed("to")?)?;
    let edit = given.said("edit")?;
    let extras = Extras {
        quoted: given.said("quoted")?,
        mentions: given.texts("mentions")?,
        forwarded: false,
        view_once: given.truth("view_once")?.unwrap_or(false),
    };
    let settings = branch.settings();
    branch.step(|world, now| {
        linked(world, "Need channel authorization for send message")?;
        let content = content(world, now)?;
        let message = match edit {
            Some(edited) => {
                world.shop_acts(
                    &edited,
                    Deed::Edit {
                        now: Box::new(content),
                    },
                    Source::Gateway,
                    now,
                )?;
                super::messages::find(world, &edited)?
            }
            None => world.send(to, content, extras, now)?,
        };
        let wording = Wording::new(world, &settings, branch.port());
        Ok(Said(
            json!({ "sent": true, "message": wording.message(&message) }),
        ))
    })
}

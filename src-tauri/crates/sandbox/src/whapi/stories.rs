//! Stories. Text and files have routes of their own, and one route takes either.

use axum::extract::Path;
use serde_json::json;

use super::{
    Refusal, contents,
    entry::At,
    given::{Given, wrong},
    media::{HandedOver, handed_over, linked},
    page::Page,
    said::Said,
    send::About,
    shapes::Wording,
};
use crate::{
    branch::Branch,
    clock::Millis,
    world::{Content, FileKind, Message, World},
};

pub(super) async fn list(At(branch): At, page: Page) -> Said {
    let settings = branch.settings();
    Said(branch.look(|world, _| {
        let linked = world.channel().is_linked();
        let stories: Vec<&Message> = world.stories().iter().rev().filter(|_| linked).collect();
        let wording = Wording::new(world, &settings, branch.port());
        page.cut("messages", &stories, |story| wording.message(story))
    }))
}

pub(super) async fn one(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    let settings = branch.settings();
    branch.look(|world, _| {
        let story = world.stories().iter().find(|story| story.id == id);
        let story = story.filter(|_| world.channel().is_linked());
        let story = story.ok_or(Refusal::not_found("Specified story not found"))?;
        Ok(Said(Wording::new(world, &settings, branch.port()).message(story)))
    })
}

/// Words alone, or a file: whichever is given.
pub(super) async fn any(at: At, given: Given) -> Result<Said, Refusal> {
    if given.fields.contains_key("media") || given.files.contains_key("media") {
        media(at, given).await
    } else {
        text(at, given).await
    }
}

pub(super) async fn text(At(branch): At, given: Given) -> Result<Said, Refusal> {
    let caption = given.needed("caption")?.to_owned();
    for colour in ["background_color", "caption_color"] {
        if given
            .text(colour)?
            .is_some_and(|colour| !contents::is_colour(colour))
        {
            return Err(wrong());
        }
    }
    publish(&branch, &given, |_, _| Ok(Content::text(caption)))
}

pub(super) async fn media(At(branch): At, mut given: Given) -> Result<Said, Refusal> {
    let file = handed_over(&mut given, "media")?.ok_or_else(wrong)?;
    publish_file(
        &branch,
        &given,
        file,
        &[FileKind::Image, FileKind::Video, FileKind::Audio],
    )
}

pub(super) async fn audio(At(branch): At, mut given: Given) -> Result<Said, Refusal> {
    let file = handed_over(&mut given, "media")?.ok_or_else(wrong)?;
    publish_file(&branch, &given, file, &[FileKind::Audio])
}

fn publish_file(
    branch: &Branch,
    given: &Given,
    file: HandedOver,
    kinds: &[FileKind],
) -> Result<Said, Refusal> {
    let about = About::of(given, FileKind::Image, &file)?;
    publish(branch, given, |world, now| {
        let media = file.into_world(world, now)?;
        let fits = |kind: &&FileKind| world.media(&media).is_some_and(|media| media.fits(**kind));
        let kind = kinds.iter().find(fits).copied().unwrap_or(FileKind::Image);
        about.with_file(HandedOver::Uploaded(media), kind, world, now)
    })
}

fn publish(
    branch: &Branch,
    given: &Given,
    content: impl FnOnce(&mut World, Millis) -> Result<Content, Refusal>,
) -> Result<Said, Refusal> {
    let (only, but) = (given.texts("contacts")?, given.texts("exclude_contacts")?);
    let settings = branch.settings();
    branch.step(|world, now| {
        linked(world, "Need channel authorization for send story")?;
        let content = content(world, now)?;
        let story = world.publish(content, &only, &but, now)?;
        let wording = Wording::new(world, &settings, branch.port());
        Ok(Said(json!({ "sent": true, "message": wording.message(&story) })))
    })
}

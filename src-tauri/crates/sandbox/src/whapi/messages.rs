//! Messages: lists, one of them, and how far they have come.
//!
//! Lists are newest first unless asked otherwise. Times are whole seconds, both ends included, so a client that
//! asks from its last time on gets the messages of that second again. A page is a part of what there is *now*: while
//! messages arrive, the same offset shows what the page before it has shown already.
//!
//! A list that is bounded by time only is answered from the places of its messages; who wrote what is looked at only
//! when that was asked for.

use axum::extract::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Refusal,
    entry::At,
    given::wrong,
    page::Page,
    said::Said,
    shapes::{self, Wording},
};
use crate::world::{Book, ChatId, Message, Source, World};

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Sort {
    Asc,
    #[default]
    Desc,
}

/// The filters of both lists.
#[derive(Deserialize)]
pub(super) struct Wanted {
    count: Option<usize>,
    offset: Option<usize>,
    time_from: Option<u64>,
    time_to: Option<u64>,
    from_me: Option<bool>,
    normal_types: Option<bool>,
    author: Option<String>,
    #[serde(default)]
    sort: Sort,
}

type Question = Result<Query<Wanted>, axum::extract::rejection::QueryRejection>;

impl Wanted {
    fn from(&self) -> Option<u64> {
        self.time_from.map(|from| from.saturating_mul(1000))
    }

    fn to(&self) -> Option<u64> {
        self.time_to.map(|to| to.saturating_mul(1000).saturating_add(999))
    }

    /// Whether anything besides times and places has to be looked at.
    fn is_picky(&self) -> bool {
        self.from_me.is_some() || self.author.is_some() || self.normal_types == Some(true)
    }

    fn takes(&self, book: &Book, place: usize) -> bool {
        let Some(head) = book.head(place) else {
            return false;
        };
        self.from_me.is_none_or(|from_me| from_me == head.from_shop)
            && self
                .author
                .as_ref()
                .is_none_or(|author| ChatId::new(author.as_str()).digits() == head.author.as_str())
            && (self.normal_types != Some(true) || book.is_shown(place))
    }

    /// One page of these places, and how many there are in all.
    fn cut(
        &self,
        page: Page,
        book: &Book,
        places: &mut dyn DoubleEndedIterator<Item = usize>,
        all: usize,
    ) -> (Vec<usize>, usize) {
        let ordered: &mut dyn Iterator<Item = usize> = match self.sort {
            Sort::Asc => places,
            Sort::Desc => &mut places.rev(),
        };
        if !self.is_picky() {
            return (ordered.skip(page.offset).take(page.count).collect(), all);
        }
        let mut total = 0;
        let mut cut = Vec::new();
        for place in ordered.filter(|place| self.takes(book, *place)) {
            if total >= page.offset && cut.len() < page.count {
                cut.push(place);
            }
            total += 1;
        }
        (cut, total)
    }
}

pub(super) async fn list(At(branch): At, question: Question) -> Result<Said, Refusal> {
    let (wanted, page) = asked(question)?;
    let settings = branch.settings();
    Ok(branch.look(|world, _| {
        let book = world.book();
        let range = book.between(wanted.from(), wanted.to());
        let all = book.left_in(&range);
        let mut places = range.filter(|place| !book.is_gone(*place));
        let (cut, total) = linked_only(world, || wanted.cut(page, book, &mut places, all));
        Said(shape(
            world,
            Wording::new(world, &settings, branch.port()),
            page,
            &cut,
            total,
        ))
    }))
}

pub(super) async fn list_of_chat(
    At(branch): At,
    Path(chat): Path<String>,
    question: Question,
) -> Result<Said, Refusal> {
    let (wanted, page) = asked(question)?;
    let settings = branch.settings();
    branch.look(|world, _| {
        let (book, chat) = (world.book(), ChatId::new(chat));
        let places = match book.places_between(&chat, wanted.from(), wanted.to()) {
            Some(places) => places,
            None if !world.channel().is_linked() => &[],
            None => return Err(Refusal::not_found("Specified chat not found")),
        };
        let mut all = places.iter().map(|place| *place as usize);
        let (cut, total) = linked_only(world, || wanted.cut(page, book, &mut all, places.len()));
        Ok(Said(shape(
            world,
            Wording::new(world, &settings, branch.port()),
            page,
            &cut,
            total,
        )))
    })
}

fn asked(question: Question) -> Result<(Wanted, Page), Refusal> {
    let Query(wanted) = question.map_err(|_| wrong())?;
    let page = Page::asked(wanted.count, wanted.offset)?;
    Ok((wanted, page))
}

/// A gateway knows messages from the phone: without a linked number there are none.
fn linked_only(world: &World, cut: impl FnOnce() -> (Vec<usize>, usize)) -> (Vec<usize>, usize) {
    if world.channel().is_linked() {
        cut()
    } else {
        (Vec::new(), 0)
    }
}

fn shape(world: &World, wording: Wording<'_>, page: Page, places: &[usize], total: usize) -> Value {
    let found = places.iter().filter_map(|place| world.book().get(*place));
    let messages: Vec<Value> = found.map(|message| wording.message(&message)).collect();
    let last = (page.offset + messages.len()).saturating_sub(1);
    json!({
        "messages": messages, "count": page.count, "total": total, "offset": page.offset,
        "first": page.offset, "last": last,
    })
}

pub(super) const NO_MESSAGE: Refusal =
    Refusal::new(axum::http::StatusCode::NOT_FOUND, "Specified message not found");

pub(super) fn find(world: &World, id: &str) -> Result<Message, Refusal> {
    let message = world.message(id).filter(|_| world.channel().is_linked());
    let message = message.map(std::borrow::Cow::into_owned);
    message
        .or_else(|| world.stories().iter().find(|story| story.id == id).cloned())
        .ok_or(NO_MESSAGE)
}

pub(super) async fn one(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    let settings = branch.settings();
    branch.look(|world, _| {
        let message = find(world, &id)?;
        Ok(Said(
            Wording::new(world, &settings, branch.port()).message(&message),
        ))
    })
}

/// How far an own message has come: one line, or in a group one for each member.
pub(super) async fn statuses(At(branch): At, Path(id): Path<String>, page: Page) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        let message = find(world, &id)?;
        if !message.from_shop || message.source == Source::System {
            let words = "View statuses available only for outgoing messages";
            return Err(Refusal::new(axum::http::StatusCode::FORBIDDEN, words));
        }
        let chat = message.chat.as_str();
        Ok(Said(page.cut(
            "statuses",
            &message.lines(),
            |(viewer, receipt)| {
                shapes::status(
                    &message.id,
                    chat,
                    Some(viewer.as_str()),
                    receipt.progress,
                    receipt.at,
                )
            },
        )))
    })
}

//! The address book, who has WhatsApp, hidden numbers, and the blacklist.

use axum::{extract::Path, extract::RawQuery, http::StatusCode};
use serde_json::{Map, Value, json};

use super::{
    Refusal,
    entry::At,
    given::{Given, wrong},
    media::linked,
    page::Page,
    said::{Said, done},
    send, shapes,
};
use crate::world::{Content, Person, World};

const NO_CONTACT: Refusal = Refusal::new(StatusCode::NOT_FOUND, "Specified contact not found");
const NOT_REGISTERED: Refusal = Refusal::new(StatusCode::NOT_FOUND, "Specified contact not registered");

pub(super) async fn list(At(branch): At, page: Page) -> Said {
    Said(branch.look(|world, _| {
        let known = |person: &&Person| world.channel().is_linked() && !person.name.is_empty();
        let people: Vec<&Person> = world.people().filter(known).collect();
        let settings = branch.settings();
        let wording = shapes::Wording::new(world, &settings, branch.port());
        page.cut("contacts", &people, |person| wording.contact(person))
    }))
}

/// Which of these numbers WhatsApp knows, and as which: one telephone may have two spellings.
pub(super) async fn check(At(branch): At, given: Given) -> Result<Said, Refusal> {
    let contacts = given.texts("contacts")?;
    if contacts.is_empty() {
        return Err(wrong());
    }
    branch.look(|world, _| {
        linked(world, "Need channel authorization for check contacts")?;
        let checked = contacts.iter().map(|input| {
            let digits: String = input.chars().filter(char::is_ascii_digit).collect();
            match world.check(&digits) {
                Some(number) => json!({ "input": input, "status": "valid", "wa_id": number.as_str() }),
                None => json!({ "input": input, "status": "invalid" }),
            }
        });
        Ok(Said(json!({ "contacts": checked.collect::<Vec<Value>>() })))
    })
}

pub(super) async fn add(At(branch): At, given: Given) -> Result<Said, Refusal> {
    let (phone, name) = (given.needed("phone")?, given.needed("name")?);
    branch.step(|world, _| {
        linked(world, "Need channel authorization for add contact")?;
        if world
            .contact(phone)
            .is_some_and(|person| person.saved_as.is_some())
        {
            return Err(Refusal::conflict("The contact already exists"));
        }
        let person = world.save_contact(phone, name).ok_or(wrong())?;
        Ok(Said(shapes::contact(&person)))
    })
}

fn find<'w>(world: &'w World, named: &str) -> Result<&'w Person, Refusal> {
    world
        .contact(named)
        .filter(|_| world.channel().is_linked())
        .ok_or(NO_CONTACT)
}

pub(super) async fn one(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.look(|world, _| Ok(Said(shapes::contact(find(world, &id)?))))
}

pub(super) async fn head(At(branch): At, Path(id): Path<String>) -> StatusCode {
    let known = branch.look(|world, _| world.check(&id).is_some());
    if known {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    }
}

pub(super) async fn rename(At(branch): At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    let name = given.needed("name")?;
    branch.step(|world, _| {
        linked(world, "Need channel authorization for edit contact")?;
        world.contact(&id).ok_or(NOT_REGISTERED)?;
        let person = world.save_contact(&id, name).ok_or(NOT_REGISTERED)?;
        Ok(Said(shapes::contact(&person)))
    })
}

pub(super) async fn remove(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| {
        linked(world, "Need channel authorization for delete contact")?;
        if world.forget_contact(&id) {
            Ok(done())
        } else {
            Err(NOT_REGISTERED)
        }
    })
}

/// Sends somebody out of the address book as a card.
pub(super) async fn send_card(At(branch): At, Path(id): Path<String>, given: Given) -> Result<Said, Refusal> {
    let name = given.said("name")?;
    send::send(&branch, &given, |world, _| {
        let person = find(world, &id)?;
        let name = name
            .or(person.saved_as.clone())
            .unwrap_or_else(|| person.name.clone());
        let vcard = format!(
            "BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL;type=CELL;waid={0}:+{0}\nEND:VCARD",
            person.number
        );
        Ok(Content::shaped(
            "contact",
            json!({ "name": name, "vcard": vcard }),
        ))
    })
}

pub(super) async fn profile(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        let missing = Refusal::not_found("Specified user not found");
        let person = world
            .contact(&id)
            .filter(|_| world.channel().is_linked())
            .ok_or(missing)?;
        Ok(Said(json!({ "name": person.name, "about": "Disponible" })))
    })
}

pub(super) async fn about(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.look(|world, _| find(world, &id).map(|_| Said(json!({ "about": "Disponible" }))))
}

/// The hidden numbers of several people, as an object keyed by what was asked.
pub(super) async fn lids(At(branch): At, RawQuery(query): RawQuery) -> Result<Said, Refusal> {
    let asked = url::form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes())
        .filter(|(name, _)| name == "ContactIDList" || name == "ContactIDList[]")
        .flat_map(|(_, list)| list.split(',').map(str::to_owned).collect::<Vec<_>>())
        .filter(|id| !id.is_empty())
        .collect::<Vec<String>>();
    if asked.is_empty() {
        return Err(wrong());
    }
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        let found = asked
            .iter()
            .filter_map(|id| Some((id.clone(), lid(world.contact(id)?))));
        Ok(Said(Value::Object(found.collect::<Map<_, _>>())))
    })
}

fn lid(person: &Person) -> Value {
    json!({ "lid": format!("{}@lid", person.lid) })
}

pub(super) async fn lid_of(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        let person = world.contact(&id).ok_or(Refusal::not_found("User not found"))?;
        Ok(Said(lid(person)))
    })
}

/// The telephone behind a hidden number. The answer's shape is not published; this one mirrors the other way.
pub(super) async fn id_of(At(branch): At, Path(lid): Path<String>) -> Result<Said, Refusal> {
    let bare = lid.trim_end_matches("@lid");
    branch.look(|world, _| {
        linked(world, "Need channel authorization")?;
        let person = world
            .contact(&format!("{bare}@lid"))
            .ok_or(Refusal::not_found("User not found"))?;
        Ok(Said(json!({ "id": person.number.as_str() })))
    })
}

pub(super) async fn blacklist(At(branch): At) -> Result<Said, Refusal> {
    branch.look(|world, _| {
        linked(world, "Need channel authorization for get blacklist")?;
        let blocked = world.people().filter(|person| person.blocked);
        Ok(Said(
            blocked.map(|person| json!(person.number.as_str())).collect(),
        ))
    })
}

pub(super) async fn block(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| world.block(&id, true).map(|()| done()).ok_or(NO_CONTACT))
}

pub(super) async fn unblock(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    branch.step(|world, _| world.block(&id, false).map(|()| done()).ok_or(NO_CONTACT))
}

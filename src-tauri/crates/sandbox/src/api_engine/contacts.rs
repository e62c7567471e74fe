//! Who is on WhatsApp, and what is known of somebody.

use axum::{body::Bytes, extract::Path, http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::{
    Answered, NOT_CONNECTED, answer, done, entry::At, given, invalid, is_phone, messages, no, not_connected,
};
use crate::{dialects::Refusal, world::World};

fn phone(phone: &str) -> Result<&str, Refusal> {
    let fits = is_phone(phone).then_some(phone);
    fits.ok_or_else(|| invalid(&[("phone", "Formato de número inválido")]))
}

pub(super) async fn check(At(branch): At, Path(given): Path<String>) -> Response {
    let checked = |world: &World, _| -> Answered {
        let phone = phone(&given)?;
        if !world.channel().is_linked() {
            return Err(not_connected());
        }
        let registered = world.check(phone).is_some();
        Ok(done(None, json!({ "phone": phone, "isRegistered": registered })))
    };
    answer(branch.look(checked))
}

/// Answers 200 whatever comes of it; offline, everybody is said not to be there.
pub(super) async fn check_bulk(At(branch): At, body: Bytes) -> Response {
    let checked = |world: &World, _| -> Answered {
        let body = given(&body)?;
        let internal = || no(StatusCode::INTERNAL_SERVER_ERROR, "Error interno del servidor");
        let phones = body["phones"].as_array().ok_or_else(internal)?;
        let linked = world.channel().is_linked();
        let results: Vec<Value> = phones
            .iter()
            .filter_map(Value::as_str)
            .map(|phone| match linked {
                true => json!({ "phone": phone, "isRegistered": world.check(phone).is_some() }),
                false => json!({ "phone": phone, "isRegistered": false, "error": NOT_CONNECTED }),
            })
            .collect();
        let registered = results
            .iter()
            .filter(|result| result["isRegistered"] == true)
            .count();
        let data = json!({
            "total": results.len(), "registered": registered,
            "notRegistered": results.len() - registered, "results": results,
        });
        Ok(done(None, data))
    };
    answer(branch.look(checked))
}

pub(super) async fn info(At(branch): At, Path(given): Path<String>) -> Response {
    let read = |world: &World, _| -> Answered {
        let phone = phone(&given)?;
        if !world.channel().is_linked() {
            return Err(not_connected());
        }
        let person = world.contact(phone);
        let name = person.map(|person| person.saved_as.as_ref().unwrap_or(&person.name));
        let chat = messages::library_id(&format!("{phone}@s.whatsapp.net"));
        Ok(done(
            None,
            json!({
                "id": chat, "name": name.filter(|name| !name.is_empty()), "number": phone, "isUser": true, "isGroup": false,
                "isBlocked": person.is_some_and(|person| person.blocked),
            }),
        ))
    };
    answer(branch.look(read))
}

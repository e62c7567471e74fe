//! Calls: who rings, and not taking it; and a call that is only shown to somebody.

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{entry::Told, nothing_there};
use crate::{
    baileys::{Answered, At, answer, bad, closed, shapes},
    clock::seconds,
};

/// Those that ring now.
pub(super) async fn list(At(branch): At) -> Response {
    let all: Vec<Value> = branch.look(|world, now| {
        let calls = world.calls().map(|(id, who, video)| {
            let kind = if video { "video" } else { "voice" };
            json!({
                "id": id, "remoteJid": shapes::jid(world, who), "status": "incoming", "type": kind,
                "timestamp": seconds(now), "duration": 0,
            })
        });
        calls.collect()
    });
    Json(all).into_response()
}

pub(super) async fn reject(At(branch): At, told: Told) -> Response {
    let rejected = branch.step(|world, now| world.call_ends(told.text("callId"), "canceled", now));
    if rejected {
        Json(json!({ "success": true, "message": "Call rejected" })).into_response()
    } else {
        nothing_there().into_response()
    }
}

/// It rings nowhere: only whether it would is looked at.
pub(super) async fn pretend(At(branch): At, told: Told) -> Response {
    let called = || -> Answered {
        let lasts = told.0["callDuration"]
            .as_u64()
            .filter(|lasts| (1..=15).contains(lasts));
        let lasts = lasts.ok_or_else(|| bad("callDuration must be between 1 and 15"))?;
        let number = told.text("number");
        let found = branch.look(|world, _| {
            if !world.channel().is_linked() {
                return Err(closed());
            }
            Ok(world.check(number).map(|number| number.chat()))
        })?;
        let jid = found.ok_or_else(|| crate::baileys::sending::missing(number))?;
        let data = json!({
            "id": format!("{:x}", seconds(crate::clock::now())), "jid": jid.as_str(),
            "isVideo": told.0["isVideo"] == true, "callDuration": lasts,
        });
        Ok(Json(json!({ "message": "Call offered", "data": data })).into_response())
    };
    answer(called())
}

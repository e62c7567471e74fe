//! The number's own profile, and presences.

use mostrador_domain::{Address, FailureCode, Presence, PresenceUpdate, UnixMillis};
use serde_json::{Value, json};

use super::{MALFORMED, NUMBER, asked, done, linked_to, not_found, ok, rejected};
use crate::peer::Reply;
use crate::{Doing, Effect, OwnProfile};

#[tokio::test]
async fn the_profile_is_read_and_written_field_by_field() {
    let told = json!({"name": "Luna", "about": "abierto", "icon": "s", "icon_full": "l"});
    let (_peer, link) = linked_to(vec![ok(&told)]).await;
    let profile = link.profile().expect("it has a profile").get().await;
    let expected = OwnProfile {
        name: Some("Luna".into()),
        about: Some("abierto".into()),
        picture: Some("l".into()),
    };
    assert_eq!(profile, Ok(expected), "the larger picture");

    let (peer, link) = linked_to(vec![done(), done(), done()]).await;
    let profile = link.profile().expect("it has a profile");
    assert_eq!(profile.set_name("Panadería Luna").await, Ok(()), "a name");
    assert_eq!(profile.set_about("de 7 a 20 h").await, Ok(()), "words");
    assert_eq!(
        profile.set_picture("image/png", &[0xff; 3]).await,
        Ok(()),
        "a picture"
    );
    let written: Vec<_> = peer.requests().iter().map(|request| asked(request)).collect();
    let patch = |change: Value| ("PATCH /users/profile".to_owned(), change);
    assert_eq!(
        written,
        [
            patch(json!({"name": "Panadería Luna"})),
            patch(json!({"about": "de 7 a 20 h"})),
            patch(json!({"icon": "data:image/png;base64,////"})),
        ],
        "one field each"
    );
}

#[tokio::test]
async fn a_profile_that_whatsapp_would_refuse_never_leaves() {
    let (peer, link) = linked_to(Vec::new()).await;
    let profile = link.profile().expect("it has a profile");
    let refused = Err(rejected(FailureCode::RefusedContent));
    for name in ["", "ab", &"ñ".repeat(26)] {
        assert_eq!(profile.set_name(name).await, refused, "3 to 25 characters");
    }
    for about in ["", &"ñ".repeat(140)] {
        assert_eq!(profile.set_about(about).await, refused, "1 to 139 characters");
    }
    assert_eq!(
        profile.set_picture("image/svg+xml", b"<svg/>").await,
        Err(rejected(FailureCode::MediaUnsupported)),
        "a JPEG or a PNG"
    );
    assert!(peer.requests().is_empty(), "nothing left");
}

#[tokio::test]
async fn presences_are_shown_watched_and_asked_for() {
    let replies = vec![done(), done(), done(), Reply::json(409, "{}")];
    let (peer, link) = linked_to(replies).await;
    let presence = link.presence().expect("it tells presences");
    let chat = Address::parse(NUMBER);
    assert_eq!(presence.set_own(false).await, Ok(()), "away");
    assert_eq!(
        presence.show(&chat, Doing::Typing).await,
        Ok(Effect::Done),
        "writing"
    );
    assert_eq!(
        presence.show(&chat, Doing::Paused).await,
        Ok(Effect::Done),
        "no more"
    );
    assert_eq!(presence.watch(&chat).await, Ok(Effect::Done), "watched already");
    let made: Vec<_> = peer.requests().iter().map(|request| asked(request)).collect();
    assert_eq!(
        made,
        [
            ("PUT /presences/me".to_owned(), json!({"presence": "offline"})),
            (
                "PUT /presences/51900000021@s.whatsapp.net".to_owned(),
                json!({"presence": "typing"})
            ),
            (
                "PUT /presences/51900000021@s.whatsapp.net".to_owned(),
                json!({"presence": "pause"})
            ),
            ("POST /presences/51900000021".to_owned(), Value::Null),
        ],
        "in the gateway's words"
    );
}

#[tokio::test]
async fn a_presence_is_told_or_not() {
    let typing = PresenceUpdate {
        address: Address::parse(NUMBER),
        presence: Presence::Typing,
        last_seen: Some(UnixMillis(1_790_000_000_000)),
    };
    let told = json!({"contact_id": NUMBER, "status": "typing", "last_seen": 1_790_000_000});
    let pending = json!({"contact_id": NUMBER, "status": "pending"});
    let cases = [
        (vec![ok(&told)], Ok(Some(typing))),
        (vec![ok(&pending)], Ok(None)),
        (not_found(), Ok(None)),
        (vec![ok(&json!([]))], Err(MALFORMED)),
    ];
    for (case, (replies, expected)) in cases.into_iter().enumerate() {
        let (_peer, link) = linked_to(replies).await;
        let presence = link.presence().expect("it tells presences");
        assert_eq!(
            presence.of(&Address::parse(NUMBER)).await,
            expected,
            "case {case}"
        );
    }
}

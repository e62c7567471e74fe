//! Persons, groups, labels, the profile and presences: what is asked, and what odd answers become.

use mostrador_domain::{
    Address, ContactSnapshot, FailureCode, Inbound, LabelSnapshot, MemberRank, Presence, PresenceUpdate,
    UnixMillis,
};
use serde_json::{Value, json};

use super::{MALFORMED, NUMBER, asked, done, health, linked_to, only_asked, rejected};
use crate::peer::Reply;
use crate::{Doing, Effect, NumberVerdict, OwnProfile};

const LID: &str = "99000000000021@lid";

fn ok(body: &Value) -> Reply {
    Reply::json(200, &body.to_string())
}

fn not_found() -> Vec<Reply> {
    vec![Reply::json(404, "{}"), health("AUTH")]
}

#[tokio::test]
async fn a_page_of_persons_keeps_what_it_does_not_understand() {
    let list = json!({"contacts": [
        {"id": NUMBER, "name": "Rosa", "lid": LID}, {"name": "nobody"}, {"id": "51900000022", "pushname": "Julia"},
    ], "count": 100, "total": 3, "offset": 0});
    let (peer, link) = linked_to(vec![ok(&list)]).await;
    let page = link.contacts().expect("it knows persons").page(10, 900).await;
    let page = page.expect("200 is a page");
    let line = only_asked(&peer).0;
    assert_eq!(line, "GET /contacts?count=500&offset=10", "no page is larger");
    assert_eq!((page.covered, page.total), (3, Some(3)), "three came");
    let kinds: Vec<&str> = page
        .items
        .iter()
        .map(|item| match item {
            Inbound::Contact(_) => "contact",
            Inbound::SamePerson { .. } => "same",
            Inbound::Unknown { .. } => "raw",
            other => panic!("{other:?} is no person"),
        })
        .collect();
    assert_eq!(kinds, ["contact", "same", "raw", "contact"], "nothing is dropped");
}

#[tokio::test]
async fn one_person_is_asked_for_by_digits_and_a_hidden_one_by_the_whole_address() {
    for (address, path) in [
        (NUMBER, "/contacts/51900000021"),
        (LID, "/contacts/99000000000021@lid"),
    ] {
        let (peer, link) = linked_to(vec![ok(&json!({"id": address, "name": "Rosa"}))]).await;
        let contacts = link.contacts().expect("it knows persons");
        let told = contacts
            .one(&Address::parse(address))
            .await
            .expect("200 is an answer");
        let name = told.and_then(|person: ContactSnapshot| person.saved_name);
        assert_eq!(name.as_deref(), Some("Rosa"), "the gateway knows them");
        assert_eq!(
            only_asked(&peer).0,
            format!("GET {path}"),
            "a LID is never made a number"
        );
    }
    let (_peer, link) = linked_to(not_found()).await;
    let contacts = link.contacts().expect("it knows persons");
    assert_eq!(contacts.one(&Address::parse(NUMBER)).await, Ok(None), "nobody");
    let (peer, link) = linked_to(Vec::new()).await;
    let contacts = link.contacts().expect("it knows persons");
    assert_eq!(
        contacts.one(&Address::parse("1203@g.us")).await,
        Ok(None),
        "a group is no person"
    );
    assert!(peer.requests().is_empty(), "and nothing was asked");
}

#[tokio::test]
async fn numbers_are_checked_one_verdict_for_each_in_their_order() {
    let answer = json!({"contacts": [
        {"input": "51900000022", "status": "invalid"},
        {"input": "51900000021", "status": "valid", "wa_id": "51900000021@s.whatsapp.net"},
        {"input": "+51 900 000 023", "status": "valid"},
        {"input": "51900000024", "status": "later"},
    ]});
    let (peer, link) = linked_to(vec![ok(&answer)]).await;
    let numbers = [
        "+51 900 000 021",
        "51900000022",
        "51900000023",
        "51900000024",
        "51900000025",
        "Rosa",
    ];
    let numbers: Vec<String> = numbers.iter().map(|number| (*number).to_owned()).collect();
    let verdicts = link.contacts().expect("it checks").check(&numbers).await;
    let on = |number| NumberVerdict::OnWhatsApp(Address::parse(number));
    let expected = vec![
        on("51900000021"),
        NumberVerdict::NotOnWhatsApp,
        on("51900000023"),
        NumberVerdict::NotTold,
        NumberVerdict::NotTold,
        NumberVerdict::NotTold,
    ];
    assert_eq!(verdicts, Ok(expected), "what was not said is not made up");
    let (line, body) = only_asked(&peer);
    assert_eq!(line, "POST /contacts", "in the body, not in the address");
    let sent = [
        "51900000021",
        "51900000022",
        "51900000023",
        "51900000024",
        "51900000025",
    ];
    assert_eq!(body, json!({ "contacts": sent }), "digits only");
}

#[tokio::test]
async fn more_numbers_than_fit_are_refused_and_none_at_all_are_not_asked() {
    let (peer, link) = linked_to(Vec::new()).await;
    let most = link.capabilities().number_check.expect("it checks") as usize;
    let contacts = link.contacts().expect("it checks");
    let too_many = vec![NUMBER.to_owned(); most + 1];
    assert_eq!(
        contacts.check(&too_many).await,
        Err(rejected(FailureCode::TooLarge)),
        "the capability says how many"
    );
    assert_eq!(
        contacts.check(&[]).await,
        Ok(Vec::new()),
        "nothing asked, nothing told"
    );
    assert_eq!(
        contacts.lids(&[Address::parse(LID)]).await,
        Ok(Vec::new()),
        "a LID has no LID"
    );
    assert!(peer.requests().is_empty(), "no call was made");

    let (_peer, link) = linked_to(vec![Reply::json(402, r#"{"code":402,"error":"x"}"#)]).await;
    let contacts = link.contacts().expect("it checks");
    assert_eq!(
        contacts.check(&[NUMBER.to_owned()]).await,
        Err(rejected(FailureCode::PlanLimit)),
        "a trial checks 30 numbers a day"
    );
}

#[tokio::test]
async fn hidden_numbers_come_as_pairs() {
    let answer = json!({"51900000021": {"lid": LID}, "51900000022": {}, "x": {"lid": "y"}, "51900000023": 5});
    let (peer, link) = linked_to(vec![ok(&answer)]).await;
    let phones: Vec<Address> = [NUMBER, "51900000022"]
        .iter()
        .map(|phone| Address::parse(phone))
        .collect();
    let pairs = link.contacts().expect("it knows LIDs").lids(&phones).await;
    assert_eq!(
        pairs,
        Ok(vec![(Address::parse(NUMBER), Address::parse(LID))]),
        "one is known"
    );
    assert_eq!(
        only_asked(&peer).0,
        "GET /contacts/lids?ContactIDList=51900000021%2C51900000022",
        "a list with commas"
    );
}

#[tokio::test]
async fn a_group_comes_with_its_members_and_pages_stay_small() {
    let group = json!({"id": "120363000000000021@g.us", "name": "Vecinos", "participants_count": 1,
        "participants": [{"id": NUMBER, "rank": "admin"}]});
    let list = json!({"groups": [group], "total": 1});
    let (peer, link) = linked_to(vec![ok(&list), ok(&group)]).await;
    let groups = link.groups().expect("it knows groups");
    let page = groups.page(0, 500).await.expect("200 is a page");
    assert!(matches!(page.items[..], [Inbound::Group(_)]), "a group");
    assert_eq!(
        asked(&peer.requests()[0]).0,
        "GET /groups?count=50&offset=0",
        "each may have a thousand members"
    );
    let one = groups.one(&Address::parse("120363000000000021@g.us")).await;
    let members = one.expect("200 is an answer").and_then(|group| group.members);
    assert_eq!(
        members,
        Some(vec![(Address::parse(NUMBER), MemberRank::Admin)]),
        "who is in it"
    );
    let (_peer, link) = linked_to(not_found()).await;
    let groups = link.groups().expect("it knows groups");
    assert_eq!(
        groups.one(&Address::parse("1203@g.us")).await,
        Ok(None),
        "it is not in that one"
    );
}

fn label(id: &str, name: &str, colour: &str) -> LabelSnapshot {
    LabelSnapshot {
        gateway_id: id.into(),
        name: Some(name.into()),
        colour: Some(colour.into()),
    }
}

#[tokio::test]
async fn a_label_is_made_once_under_a_free_id() {
    let listed = json!([
        {"id": "0", "name": "Nuevo", "color": "gold"}, {"id": "41", "name": "Del teléfono", "color": "plum"},
    ]);
    let (peer, link) = linked_to(vec![ok(&listed), done()]).await;
    let labels = link.labels().expect("it has labels");
    let made = labels.create("Por pagar", Some("cyan")).await;
    assert_eq!(made, Ok(label("1", "Por pagar", "cyan")), "0 is taken");
    let (line, body) = asked(&peer.requests()[1]);
    assert_eq!(line, "POST /labels", "made");
    assert_eq!(
        body,
        json!({"id": "1", "name": "Por pagar", "color": "cyan"}),
        "as it is told"
    );

    let (peer, link) = linked_to(vec![ok(&listed)]).await;
    let labels = link.labels().expect("it has labels");
    let again = labels.create("Del teléfono", None).await;
    assert_eq!(
        again,
        Ok(label("41", "Del teléfono", "plum")),
        "it is there already"
    );
    assert_eq!(peer.requests().len(), 1, "repeating it makes no second one");
}

#[tokio::test]
async fn where_there_is_no_room_or_no_such_colour_no_label_is_made() {
    let full: Vec<Value> = (0..20)
        .map(|id| json!({"id": id.to_string(), "name": format!("n{id}"), "color": "gold"}))
        .collect();
    let (peer, link) = linked_to(vec![ok(&json!(full))]).await;
    let labels = link.labels().expect("it has labels");
    let refused = Err(rejected(FailureCode::RefusedContent));
    assert_eq!(labels.create("uno más", None).await, refused, "20 is all");
    assert_eq!(
        labels.create("x", Some("#ff0000")).await,
        refused,
        "no such colour"
    );
    assert_eq!(labels.create("", None).await, refused, "a label has a name");
    assert_eq!(peer.requests().len(), 1, "only the list was asked for");
    let (_peer, link) = linked_to(vec![ok(&json!({"labels": []}))]).await;
    assert_eq!(
        link.labels().expect("it has labels").list().await,
        Err(MALFORMED),
        "the list is a bare one"
    );
}

#[tokio::test]
async fn a_label_is_put_on_and_taken_off_as_often_as_one_likes() {
    let chat = Address::parse(NUMBER);
    for (on, verb, reply) in [
        (true, "POST", done()),
        (true, "POST", Reply::json(409, "{}")),
        (false, "DELETE", done()),
    ] {
        let (peer, link) = linked_to(vec![reply]).await;
        let labels = link.labels().expect("it has labels");
        assert_eq!(labels.put("41", &chat, on).await, Ok(Effect::Done), "{verb}");
        assert_eq!(
            only_asked(&peer).0,
            format!("{verb} /labels/41/51900000021@s.whatsapp.net"),
            "label and chat are in the path"
        );
    }
    let (_peer, link) = linked_to(not_found()).await;
    let labels = link.labels().expect("it has labels");
    assert_eq!(
        labels.put("41", &chat, false).await,
        Ok(Effect::NothingThere),
        "it is not on it"
    );
}

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

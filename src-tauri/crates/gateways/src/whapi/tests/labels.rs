//! Labels: what is asked, and what odd answers become.

use mostrador_domain::{Address, FailureCode, LabelSnapshot};
use serde_json::{Value, json};

use super::{MALFORMED, NUMBER, asked, done, linked_to, not_found, ok, only_asked, rejected};
use crate::Effect;
use crate::peer::Reply;

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
async fn a_label_is_renamed_in_place_and_recoloured_under_its_own_id() {
    let (peer, link) = linked_to(vec![done(), done()]).await;
    let labels = link.labels().expect("it has labels");
    assert_eq!(
        labels.change("41", "Por pagar", None).await,
        Ok(Effect::Done),
        "a name"
    );
    assert_eq!(
        labels.change("3", "Por pagar", Some("cyan")).await,
        Ok(Effect::Done),
        "a colour"
    );
    let told: Vec<_> = peer.requests().iter().map(|request| asked(request)).collect();
    assert_eq!(
        told,
        [
            ("PATCH /labels/41".to_owned(), json!({"name": "Por pagar"})),
            (
                "POST /labels".to_owned(),
                json!({"id": "3", "name": "Por pagar", "color": "cyan"})
            ),
        ],
        "as the gateway wants it"
    );
    let refused = Err(rejected(FailureCode::RefusedContent));
    for (id, name, colour) in [("41", "x", "cyan"), ("3", "x", "#ff0000"), ("3", "", "cyan")] {
        assert_eq!(
            labels.change(id, name, Some(colour)).await,
            refused,
            "{id} {name:?} {colour}: not asked"
        );
    }
    assert_eq!(peer.requests().len(), 2, "nothing more left");
}

#[tokio::test]
async fn a_label_that_is_gone_is_removed_already() {
    let (_peer, link) = linked_to(vec![done()]).await;
    let labels = link.labels().expect("it has labels");
    assert_eq!(labels.remove("3").await, Ok(Effect::Done), "gone");
    let (_peer, link) = linked_to(not_found()).await;
    let labels = link.labels().expect("it has labels");
    assert_eq!(
        labels.remove("3").await,
        Ok(Effect::NothingThere),
        "was not there"
    );
}

//! Nothing that the shop alone knows is lost with a damaged file, whatever version wrote it.

use mostrador_domain::{
    CallOutcome, CallUpdate, ChatId, Inbound, MediaKind, MessageAction, OutboxState, StatusKind, Triage,
};
use mostrador_store::tables::block::{self, Blocked};
use mostrador_store::tables::chat::{self, Wish};
use mostrador_store::tables::ingest::{self, Origin};
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, OperatorWord, Work};
use mostrador_store::tables::story::{self, StoryState};
use mostrador_store::tables::{call, device, label, message, note, number_check, person, setting};
use mostrador_store::{Store, StoreErrorKind};
use tempfile::TempDir;

use super::shop::{open_damaged, overwrite};
use crate::upgrade::first_version;
use crate::world::{NOON, World, address, at, customer, file_in, reached, text};

/// A header that forgot its version: the file is damaged, and everything behind the header is there.
fn damage(folder: &TempDir) {
    overwrite(&file_in(folder), 60, &[0; 4]);
}

/// A shop with a picture on its way, an edit of a message that went, and what was noted about chats.
async fn busy_shop() -> TempDir {
    let world = World::new().await;
    world.live(text(5, "m5").into()).await;
    let (here, there) = (world.chat_with(1).await, world.chat_with(2).await);
    let content = NewContent::Media {
        kind: MediaKind::Image,
        media: world.file("ab").await,
        caption: Some("pan".into()),
    };
    let picture = NewMessage {
        inline_up_to: Some(0),
        ..NewMessage::new(here, "picture", content)
    };
    let picture = world.send(picture, NOON).await;
    world
        .act(picture, "star", MessageAction::Star(true))
        .await
        .expect("stored");
    let upload = world.claim_one(NOON).await.id;
    world.write(move |w| outbox::uploaded(w, upload, "file-7")).await;

    let sent = world.enqueue(there, "sent", "hola", NOON).await;
    let id = loop {
        let claimed = world.claim_one(NOON).await;
        if claimed.message == sent {
            break claimed.id;
        }
        let id = claimed.id;
        world.write(move |w| outbox::held_back(w, id, at(1))).await;
    };
    world.accepted(id, "g1", NOON).await;
    world
        .act(sent, "edit", MessageAction::Edit("adiós".into()))
        .await
        .expect("stored");
    world.claim_one(NOON).await;

    let (device, noted, wished) = (world.device, world.chat_with(3).await, world.chat_with(4).await);
    world
        .write(move |w| {
            chat::set_triage(w, noted, Triage::Snoozed, Some(at(500)))?;
            note::set(w, noted, "paga los viernes", NOON)?;
            chat::wish(w, wished, Wish::Archived(true), true, NOON)?;
            let ours = label::add(w, device, "mía", None)?;
            chat::wish(w, wished, Wish::Label(ours, true), false, NOON)
        })
        .await;
    world
        .live(vec![Inbound::SamePerson {
            phone: customer(3),
            lid: address("99000000000011@lid"),
        }])
        .await;
    world
        .write(move |w| {
            story::begin(w, device, "told", NOON)?;
            story::ended(w, "told", StoryState::Published, Some("s1"), Some(at(3)))?;
            story::begin(w, device, "under way", NOON)?;
            number_check::keep(w, device, "51900000009", Some(&customer(9)), at(4))?;
            number_check::keep(w, device, "51900000010", None, at(4))?;
            block::set(w, device, &customer(7), Blocked::Here, at(4))
        })
        .await;
    let missed = CallUpdate {
        gateway_id: "k1".into(),
        chat: customer(6),
        from: customer(6),
        at: at(9),
        outcome: CallOutcome::Missed,
        video: false,
    };
    world.live(vec![Inbound::Call(missed)]).await;
    world.close()
}

async fn chat_at(store: &Store, number: u32) -> ChatId {
    let device = store.read(device::list).await.expect("read")[0].id;
    let found = store
        .read(move |c| chat::find(c, device, &customer(number)))
        .await
        .expect("read");
    found.expect("the chat is there")
}

#[tokio::test]
async fn work_that_depends_on_other_work_goes_on_where_it_was() {
    let folder = busy_shop().await;
    damage(&folder);
    let (store, aside) = open_damaged(&folder);
    assert_eq!(
        aside.messages_kept, 1,
        "the picture; what was sent is the gateway's to tell"
    );

    let device = store.read(device::list).await.expect("read")[0].id;
    let mut done = Vec::new();
    loop {
        let claimed = store
            .write(move |w| outbox::claim(w, device, at(120)))
            .await
            .expect("written");
        let Some(claimed) = claimed else { break };
        let id = claimed.id;
        match &claimed.work {
            Work::Send(send) => {
                assert_eq!(
                    send.uploaded.as_deref(),
                    Some("file-7"),
                    "what was uploaded is not uploaded again"
                );
                let sent = store
                    .write(move |w| {
                        outbox::accepted(w, id, "g2", mostrador_domain::DeliveryStatus::Sent, at(121))
                    })
                    .await;
                sent.expect("accepted");
            }
            Work::Act { gateway_id, action } => {
                let expected = match action {
                    MessageAction::Edit(_) => "g1",
                    _ => "g2",
                };
                assert_eq!(gateway_id, expected, "{action:?}: of its own message");
                store
                    .write(move |w| outbox::acted(w, id, at(121)))
                    .await
                    .expect("done");
            }
            Work::Upload(_) => panic!("the upload was done"),
        }
        done.push(claimed.client_id);
    }
    done.sort();
    assert_eq!(
        done,
        ["edit", "picture", "star"],
        "the edit that was in flight is done again, nothing else is lost or added"
    );
}

#[tokio::test]
async fn what_was_noted_about_chats_and_people_is_kept() {
    let folder = busy_shop().await;
    damage(&folder);
    let (store, _) = open_damaged(&folder);

    let noted = chat_at(&store, 3).await;
    let row = store.read(move |c| chat::get(c, noted)).await.expect("read");
    assert_eq!(
        (row.triage, row.snoozed_until),
        (Triage::Snoozed, Some(at(500))),
        "it sleeps on"
    );
    let wished = chat_at(&store, 4).await;
    let row = store.read(move |c| chat::get(c, wished)).await.expect("read");
    assert!(row.archived, "put away");
    let device = row.device;
    let wish = store
        .read(move |c| chat::next_wish(c, device, at(120)))
        .await
        .expect("read")
        .expect("still to be told");
    assert_eq!(wish.wish, Wish::Archived(true), "to the gateway");
    let labels = store
        .read(move |c| label::of_chat(c, wished))
        .await
        .expect("read");
    assert_eq!(
        (labels.len(), labels[0].name.as_deref(), labels[0].chats),
        (1, Some("mía"), 0),
        "our own label; put away chats do not count"
    );
    let all = store
        .read(|c| person::addresses_of(c, &customer(3)))
        .await
        .expect("read");
    assert_eq!(all.len(), 2, "who is one person");
    let noted = store.read(|c| note::get(c, &customer(3))).await.expect("read");
    assert_eq!(noted.as_deref(), Some("paga los viernes"), "what is noted");
}

#[tokio::test]
async fn what_a_gateway_tells_once_or_should_be_asked_once_is_kept() {
    let folder = busy_shop().await;
    damage(&folder);
    let (store, _) = open_damaged(&folder);

    let device = store.read(device::list).await.expect("read")[0].id;
    let again = store
        .write(move |w| {
            story::after_restart(w, device)?;
            Ok([
                story::begin(w, device, "told", at(90))?,
                story::begin(w, device, "under way", at(90))?,
            ])
        })
        .await;
    assert_eq!(
        again.expect("asked again"),
        [
            Some((StoryState::Published, at(3))),
            Some((StoryState::Uncertain, NOON))
        ],
        "none is published twice"
    );
    for (digits, address) in [("51900000009", Some(customer(9))), ("51900000010", None)] {
        let said = store.read(move |c| number_check::get(c, device, digits)).await;
        let said = said.expect("read").expect("what was said of a number");
        assert_eq!((said.address, said.checked_at), (address, at(4)), "with its age");
    }
    let blocked = store.read(move |c| block::of(c, device, &customer(7))).await;
    assert_eq!(blocked.expect("read"), Some(Blocked::Here), "who is blocked");
    let calls = store.read(|c| call::page(c, None, 10)).await.expect("read");
    assert_eq!(
        (calls.len(), &calls[0].caller, calls[0].at),
        (1, &customer(6), at(9)),
        "the call"
    );
    let unseen = store.read(move |c| call::unseen_count(c, device)).await;
    assert_eq!(unseen.expect("read"), 1, "which nobody has seen yet");
}

/// Our message to this customer that the gateway took under `gateway_id` and gave up, and what a person then said of it.
async fn given_up(world: &World, number: u32, gateway_id: &str, word: OperatorWord) {
    let chat = world.chat_with(number).await;
    let message = world.enqueue(chat, gateway_id, "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.accepted(id, gateway_id, at(1)).await;
    world
        .live(vec![reached(gateway_id, StatusKind::Failed, at(2))])
        .await;
    world
        .operator_says(message, word, at(10))
        .await
        .expect("it did not arrive");
}

#[tokio::test]
async fn what_a_person_took_back_stays_away_and_its_client_id_is_spent() {
    let world = World::new().await;
    given_up(&world, 1, "g1", OperatorWord::Discard).await;
    given_up(&world, 2, "g2", OperatorWord::Retry).await;
    let refused = world.enqueue(world.chat_with(3).await, "c3", "hola", NOON).await;
    let mut claimed = world.claim_one(at(11)).await;
    if claimed.client_id != "c3" {
        world.accepted(claimed.id, "g2b", at(11)).await;
        claimed = world.claim_one(at(11)).await;
    }
    world.refused(claimed.id).await;
    world
        .operator_says(refused, OperatorWord::Discard, at(12))
        .await
        .expect("it did not go");
    let folder = world.close();
    damage(&folder);
    let (store, aside) = open_damaged(&folder);
    assert_eq!(aside.messages_kept, 0, "nothing of it is to be sent");

    let device = store.read(device::list).await.expect("read")[0].id;
    for (number, gateway_id, shown) in [(1, "g1", 0), (2, "g2", 1)] {
        let listed = text(number, gateway_id).ours().words("hola").at(1).event();
        store
            .write(move |w| ingest::apply(w, device, vec![listed], Origin::Live, at(90)))
            .await
            .expect("stored");
        let chat = chat_at(&store, number).await;
        let rows = store
            .read(move |c| message::page(c, chat, None, 20))
            .await
            .expect("read");
        assert_eq!(
            rows.len(),
            shown,
            "{gateway_id}: what was put away is not shown again"
        );
    }
    for (number, client_id) in [(1, "g1"), (2, "g2"), (3, "c3")] {
        let new = NewMessage::new(
            chat_at(&store, number).await,
            client_id,
            NewContent::Text("hola".into()),
        );
        let again = store
            .write_durably(move |w| outbox::enqueue(w, &new, at(91)))
            .await;
        assert_eq!(
            again.map_err(|error| error.kind),
            Err(StoreErrorKind::StateChanged),
            "{client_id}: what was taken back, or went under another name, is not sent when it is asked for again"
        );
    }
}

#[tokio::test]
async fn what_nobody_understood_is_kept() {
    let world = World::new().await;
    let unknown = Inbound::Unknown {
        raw_kind: "novedad".into(),
        raw: r#"{"a":1}"#.into(),
    };
    world.live(vec![unknown]).await;
    let folder = world.close();
    damage(&folder);
    let (store, _) = open_damaged(&folder);

    let raw: String = store
        .read(|c| Ok(c.query_row("SELECT raw FROM raw_event", [], |row| row.get(0))?))
        .await
        .expect("it is there");
    assert_eq!(raw, r#"{"a":1}"#, "as it came");
}

#[tokio::test]
async fn a_file_of_the_first_version_is_saved_too() {
    let folder = TempDir::new().expect("a folder");
    first_version(&file_in(&folder));
    damage(&folder);
    let (store, aside) = open_damaged(&folder);
    assert_eq!(
        (aside.devices_kept, aside.messages_kept),
        (1, 4),
        "its device and its unsent messages"
    );
    for (words, state) in [
        ("listo", OutboxState::Ready),
        ("en vuelo", OutboxState::Uncertain),
        ("incierto", OutboxState::Uncertain),
        ("rechazado", OutboxState::Dead),
    ] {
        let chat = chat_at(&store, 1).await;
        let rows = store
            .read(move |c| message::page(c, chat, None, 20))
            .await
            .expect("read");
        let row = rows
            .into_iter()
            .find(|row| row.content.text() == Some(words))
            .expect("each is there");
        assert_eq!(row.outgoing.map(|out| out.state), Some(state), "{words}");
    }
    let theme = store.read(|c| setting::get(c, "theme")).await.expect("read");
    assert_eq!(theme.as_deref(), Some("dark"), "its settings");
    let chat = chat_at(&store, 1).await;
    let row = store.read(move |c| chat::get(c, chat)).await.expect("read");
    assert_eq!(row.draft.text.as_deref(), Some("ya le"), "its drafts");
    let dead = store
        .read(move |c| message::page(c, chat, None, 20))
        .await
        .expect("read")
        .into_iter()
        .find(|row| row.content.text() == Some("rechazado"))
        .expect("there");
    let again = store
        .write(move |w| outbox::operator_says(w, dead.id, OperatorWord::Retry, at(130)))
        .await;
    again.expect("a person can go on with it");
}

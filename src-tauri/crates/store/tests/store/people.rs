//! One person under several addresses: found under each, rewritten nowhere.

use mostrador_domain::{Address, ChatId, ContactSnapshot, Inbound, MessageChangeKind, OutboxState};
use mostrador_store::tables::message::Writer;
use mostrador_store::tables::{chat, person};

use crate::world::{NOON, World, address, at, customer, done, group, reaction, text};

/// The same customer under both spellings of a Brazilian number.
const SHORT: &str = "551187654321";
const LONG: &str = "5511987654321";
const LID: &str = "99000000000011@lid";

fn same(phone: &str, lid: &str) -> Inbound {
    Inbound::SamePerson {
        phone: address(phone),
        lid: address(lid),
    }
}

fn contact(at: &str, saved: Option<&str>, push: Option<&str>) -> Inbound {
    Inbound::Contact(ContactSnapshot {
        address: address(at),
        saved_name: saved.map(Into::into),
        push_name: push.map(Into::into),
        business: None,
        picture: None,
    })
}

async fn addresses(world: &World, of: &str) -> Vec<String> {
    let of = address(of);
    let all = world.read(move |c| person::addresses_of(c, &of)).await;
    let mut all: Vec<String> = all.iter().map(|address| address.as_str().to_owned()).collect();
    all.sort();
    all
}

async fn name_of(world: &World, chat: ChatId) -> Option<String> {
    world.chat(chat).await.name
}

/// Two chats with one person, made before anybody knew that they are one.
async fn two_chats() -> (World, ChatId, ChatId) {
    let world = World::new().await;
    let told = world
        .live(vec![
            text(1, "m1").in_chat(address(LONG)).event(),
            text(1, "m2").in_chat(address(LID)).at(1).event(),
        ])
        .await;
    world.live(vec![same(LONG, LID)]).await;
    (world, told.received[0].chat, told.received[1].chat)
}

#[tokio::test]
async fn spellings_and_the_lid_lead_to_each_other() {
    let world = World::new().await;
    let full = |digits: &str| format!("{digits}@s.whatsapp.net");
    assert_eq!(
        addresses(&world, SHORT).await,
        [full(SHORT), full(LONG)],
        "spellings need nobody to tell"
    );
    world.live(vec![same(LONG, LID), same(LONG, LID)]).await;
    for of in [SHORT, LONG, LID] {
        assert_eq!(
            addresses(&world, of).await,
            [full(SHORT), full(LONG), LID.to_owned()],
            "all of them, from {of}"
        );
    }
    assert_eq!(
        addresses(&world, "120363000000000001@g.us").await,
        ["120363000000000001@g.us"],
        "a group is nobody else"
    );
    assert_eq!(
        world.count("SELECT count(*) FROM person").await,
        1,
        "told twice, it is one person"
    );
}

#[tokio::test]
async fn a_number_given_to_somebody_else_goes_over_and_the_old_lid_keeps_what_it_had() {
    let world = World::new().await;
    let newer = "99000000000022@lid";
    world.live(vec![same("51900000001", LID)]).await;
    world.live(vec![same("51900000001", newer)]).await;
    assert_eq!(addresses(&world, LID).await, [LID], "no longer that number");
    assert_eq!(
        addresses(&world, newer).await,
        ["51900000001@s.whatsapp.net", newer],
        "who has it now"
    );
}

#[tokio::test]
async fn what_is_no_number_and_lid_is_no_person() {
    let world = World::new().await;
    world
        .live(vec![
            same("120363000000000001@g.us", LID),
            same(LID, "51900000001"),
        ])
        .await;
    assert_eq!(
        world.count("SELECT count(*) FROM person_address").await,
        0,
        "a gateway's slip links nobody"
    );
}

#[tokio::test]
async fn who_writes_from_another_address_is_in_the_same_chat() {
    let world = World::new().await;
    let told = world.live(text(1, "m1").in_chat(address(SHORT)).into()).await;
    let chat = told.received[0].chat;
    world
        .live(vec![
            same(LONG, LID),
            text(1, "m2").in_chat(address(LONG)).at(1).event(),
            text(1, "m3").in_chat(address(LID)).at(2).event(),
        ])
        .await;
    assert_eq!(world.messages(chat).await.len(), 3, "one conversation");
    assert_eq!(
        world.chat(chat).await.address,
        address(SHORT),
        "its address is as it was"
    );
    assert_eq!(
        world.count("SELECT count(*) FROM chat").await,
        1,
        "no second chat is made"
    );
}

#[tokio::test]
async fn chats_that_exist_stay_two_and_are_found_as_one_persons() {
    let (world, by_phone, by_lid) = two_chats().await;
    let device = world.device;
    for (of, expected) in [(LONG, [by_phone, by_lid]), (LID, [by_lid, by_phone])] {
        let of = address(of);
        let chats = world.read(move |c| person::chats_of(c, device, &of)).await;
        assert_eq!(chats, expected, "the very one first");
    }
    let other = world.another_device().await;
    let none = world
        .read(move |c| person::chats_of(c, other, &address(LONG)))
        .await;
    assert!(none.is_empty(), "another device has its own");
    assert_eq!(world.messages(by_phone).await.len(), 1, "nothing was moved");
}

#[tokio::test]
async fn a_message_told_in_both_chats_is_one_message() {
    let (world, by_phone, by_lid) = two_chats().await;
    let again = world.live(text(1, "m1").in_chat(address(LID)).into()).await;
    assert_eq!((again.new_messages, again.received.len()), (0, 0), "it is known");
    assert_eq!(world.messages(by_phone).await.len(), 1, "where it was");
    assert_eq!(world.messages(by_lid).await.len(), 1, "and not here");
}

#[tokio::test]
async fn a_change_told_under_another_address_finds_its_message() {
    let world = World::new().await;
    let told = world.live(text(1, "m1").in_chat(address(LONG)).into()).await;
    world.live(vec![same(LONG, LID)]).await;
    let Inbound::Change(change) = done(2, "m1", 1, reaction("👍")) else {
        panic!("a change")
    };
    world
        .live(vec![Inbound::Change(mostrador_domain::MessageChange {
            chat: Some(address(LID)),
            ..change
        })])
        .await;
    let row = world.message(told.received[0].message).await;
    assert_eq!(row.reactions.len(), 1, "it is the same person's chat");
    let Inbound::Change(change) = done(2, "m9", 1, MessageChangeKind::Deleted) else {
        panic!("a change")
    };
    world
        .live(vec![Inbound::Change(mostrador_domain::MessageChange {
            chat: Some(address(LID)),
            ..change
        })])
        .await;
    world
        .live(text(1, "m9").in_chat(address(LONG)).at(1).into())
        .await;
    assert_eq!(
        world
            .count("SELECT count(*) FROM message WHERE deleted_at IS NOT NULL")
            .await,
        1,
        "parked under one address, applied under the other"
    );
}

#[tokio::test]
async fn an_echo_under_another_address_settles_the_message() {
    for uncertain in [true, false] {
        let (world, by_phone, by_lid) = two_chats().await;
        let message = world.enqueue(by_phone, "c1", "hola", NOON).await;
        let id = world.claim_one(NOON).await.id;
        if uncertain {
            world.no_answer(id, at(1)).await;
        }
        world
            .live(
                text(1, "g1")
                    .ours()
                    .words("hola")
                    .in_chat(address(LID))
                    .at(2)
                    .into(),
            )
            .await;
        if !uncertain {
            world.accepted(id, "g1", at(3)).await;
        }
        assert_eq!(world.state(message).await, OutboxState::Done, "it is the proof");
        assert_eq!(
            world.message(message).await.gateway_id.as_deref(),
            Some("g1"),
            "with its id"
        );
        let other: Vec<_> = world
            .messages(by_lid)
            .await
            .into_iter()
            .filter_map(|row| row.gateway_id)
            .collect();
        assert_eq!(other, ["m2"], "and is not shown a second time");
        let last = world.chat(by_lid).await.last.expect("it has a message");
        assert_eq!(
            world.message(last.id).await.gateway_id.as_deref(),
            Some("m2"),
            "nor in the list"
        );
    }
}

#[tokio::test]
async fn a_saved_name_beats_a_told_one_which_beats_what_they_call_themselves() {
    let world = World::new().await;
    let told = world.live(text(1, "m1").sender_name("anita").into()).await;
    let chat = told.received[0].chat;
    let at_customer = "51900000001";
    assert_eq!(name_of(&world, chat).await.as_deref(), Some("anita"), "a guess");
    world
        .live(vec![contact(at_customer, None, Some("Anita Q."))])
        .await;
    assert_eq!(
        name_of(&world, chat).await.as_deref(),
        Some("Anita Q."),
        "what she calls herself"
    );
    world
        .live(text(1, "m2").at(1).chat_name("Ana (pan)").into())
        .await;
    assert_eq!(
        name_of(&world, chat).await.as_deref(),
        Some("Ana (pan)"),
        "what the gateway calls the chat"
    );
    world
        .live(vec![contact(at_customer, Some("Ana Quispe"), None)])
        .await;
    world
        .live(vec![
            contact(at_customer, Some("  "), Some("otra")),
            text(1, "m3").at(2).chat_name("ana").event(),
        ])
        .await;
    assert_eq!(
        name_of(&world, chat).await.as_deref(),
        Some("Ana Quispe"),
        "what the shop saved, whatever comes later"
    );
    world.live(vec![contact(at_customer, Some("Ana Q."), None)]).await;
    assert_eq!(
        name_of(&world, chat).await.as_deref(),
        Some("Ana Q."),
        "until it is saved otherwise"
    );
    let row = world.message(told.received[0].message).await;
    assert_eq!(row.writer.name.as_deref(), Some("Ana Q."), "on her messages too");
}

#[tokio::test]
async fn a_name_saved_under_one_address_names_the_others() {
    let (world, by_phone, by_lid) = two_chats().await;
    world.live(vec![contact(LONG, Some("Ana"), Some("anita"))]).await;
    for chat in [by_phone, by_lid] {
        assert_eq!(
            name_of(&world, chat).await.as_deref(),
            Some("Ana"),
            "both chats are hers"
        );
    }
    let device = world.device;
    let group = text(1, "m9").in_chat(address("120363000000000001@g.us"));
    let in_group = world.live(group.into()).await;
    assert_eq!(
        world.message(in_group.received[0].message).await.writer.name,
        None,
        "somebody else is not"
    );
    let ana = world.read(move |c| person::get(c, device, &address(SHORT))).await;
    assert_eq!(
        (ana.name.as_deref(), ana.addresses.len(), ana.chats.len()),
        (Some("Ana"), 3, 2),
        "asked under a spelling that nobody used"
    );
}

#[tokio::test]
async fn a_link_that_is_told_later_brings_the_name_along() {
    let world = World::new().await;
    world.live(vec![contact(LONG, Some("Ana"), None)]).await;
    let told = world.live(text(1, "m1").in_chat(address(LID)).into()).await;
    let chat = told.received[0].chat;
    assert_eq!(name_of(&world, chat).await, None, "who that is, nobody knows");
    world.live(vec![same(LONG, LID)]).await;
    assert_eq!(name_of(&world, chat).await.as_deref(), Some("Ana"), "now they do");
}

#[tokio::test]
async fn the_address_book_is_read_in_pages_by_name_each_person_once() {
    let world = World::new().await;
    let mut events = vec![same(LONG, LID), contact(LONG, Some("ana"), None)];
    for n in 2..8_u32 {
        events.push(contact(
            &format!("519000000{n:02}"),
            Some(&format!("Persona {}", n / 3)),
            None,
        ));
    }
    events.push(contact("51900000020", None, Some("sin nombre guardado")));
    world.live(events).await;
    let device = world.device;
    let mut seen: Vec<(String, Address)> = Vec::new();
    loop {
        let after = seen.last().cloned();
        let page = world
            .read(move |c| {
                let after = after.as_ref().map(|(name, address)| (name.as_str(), address));
                person::contacts(c, device, "", after, 2)
            })
            .await;
        if page.is_empty() {
            break;
        }
        seen.extend(
            page.into_iter()
                .map(|row| (row.saved_name.unwrap_or_default(), row.address)),
        );
    }
    let names: Vec<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "ana",
            "Persona 0",
            "Persona 1",
            "Persona 1",
            "Persona 1",
            "Persona 2",
            "Persona 2"
        ],
        "by name, capitals or not"
    );
    assert_eq!(seen[0].1, address(LONG), "by number where it is known");
}

#[tokio::test]
async fn the_address_book_is_searched_by_how_a_name_begins() {
    let world = World::new().await;
    let names = ["Ana", "ana maría", "Anaís", "Beto", "Mariana", "100%", "1_0"];
    let events = names.iter().zip(1_u32..);
    let events = events
        .map(|(name, n)| contact(&format!("519000000{n:02}"), Some(name), None))
        .collect();
    world.live(events).await;
    let device = world.device;
    for (prefix, expected) in [
        ("ANA", vec!["Ana", "ana maría", "Anaís"]),
        ("1_", vec!["1_0"]),
        ("%", vec![]),
        ("zz", vec![]),
    ] {
        let found = world
            .read(move |c| person::contacts(c, device, prefix, None, 10))
            .await;
        let found: Vec<_> = found.into_iter().filter_map(|row| row.saved_name).collect();
        assert_eq!(
            found, expected,
            "names that begin with {prefix:?}, and no patterns"
        );
    }
    let last = (
        "ana maría".to_owned(),
        Address::parse("51900000002@s.whatsapp.net"),
    );
    let next = world
        .read(move |c| person::contacts(c, device, "an", Some((&last.0, &last.1)), 10))
        .await;
    assert_eq!(
        next.len(),
        1,
        "a page goes on after the last one, within the search"
    );
}

#[tokio::test]
async fn the_address_book_is_searched_whatever_the_case_and_the_accents_and_page_by_page() {
    let world = World::new().await;
    let names = [
        "Alvaro Zea",
        "ÁLVARO Paz",
        "álvaro",
        "Alva\u{301}ro",
        "Aña",
        "Zoe",
        "Óscar",
        "OSCAR",
        "Ñusta",
        "nusta",
        "이수진",
        "Ωmega",
        "@luz",
    ];
    let events = names.iter().zip(1_u32..);
    let events = events
        .map(|(name, n)| contact(&format!("519000000{n:02}"), Some(name), None))
        .collect();
    world.live(events).await;
    let device = world.device;
    for (prefix, expected) in [
        ("alv", vec!["Alvaro Zea", "Alva\u{301}ro", "ÁLVARO Paz", "álvaro"]),
        ("ÁLVARO ", vec!["Alvaro Zea", "ÁLVARO Paz"]),
        ("an", vec!["Aña"]),
        ("osc", vec!["OSCAR", "Óscar"]),
        ("ñus", vec!["nusta", "Ñusta"]),
        ("이", vec!["이수진"]),
        ("ω", vec!["Ωmega"]),
        ("@", vec!["@luz"]),
        ("z", vec!["Zoe"]),
    ] {
        let mut seen: Vec<(String, Address)> = Vec::new();
        loop {
            let after = seen.last().cloned();
            let page = world
                .read(move |c| {
                    let after = after.as_ref().map(|(name, address)| (name.as_str(), address));
                    person::contacts(c, device, prefix, after, 1)
                })
                .await;
            let Some(row) = page.into_iter().next() else { break };
            seen.push((row.saved_name.unwrap_or_default(), row.address));
        }
        let found: Vec<_> = seen.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(found, expected, "names that begin with {prefix:?}, each once");
    }
}

#[tokio::test]
async fn asking_for_a_chat_under_another_spelling_makes_no_second_one() {
    let world = World::new().await;
    let device = world.device;
    let (first, second) = world
        .write(move |w| {
            Ok((
                chat::ensure(w, device, &address(SHORT))?,
                chat::ensure(w, device, &address(LONG))?,
            ))
        })
        .await;
    assert_eq!(first, second, "it is the same person");
}

#[tokio::test]
async fn who_wrote_in_a_group_without_a_name_is_known_by_the_number() {
    let world = World::new().await;
    let said = |id: &str, sender: &str| text(1, id).in_chat(group()).by(address(sender)).event();
    let told = world.live(vec![said("m1", LONG), said("m2", LID)]).await;
    let writer_of = async |id: &str| {
        let all = world.messages(told.received[0].chat).await;
        let row = all.into_iter().find(|row| row.gateway_id.as_deref() == Some(id));
        row.expect("the message").writer
    };

    let by_number = writer_of("m1").await;
    assert_eq!(by_number.name, None, "nobody told a name");
    assert_eq!(
        by_number.number,
        Some(address(LONG)),
        "the number tells who that is"
    );
    assert_eq!(
        writer_of("m2").await.number,
        None,
        "a hidden number tells nothing"
    );

    world.live(vec![same(LONG, LID)]).await;
    let by_lid = writer_of("m2").await;
    assert_eq!(by_lid.address, Some(address(LID)), "it stays as it came");
    assert_eq!(by_lid.number, by_number.number, "but it is the same person");
}

#[tokio::test]
async fn the_list_knows_who_wrote_last_in_a_group_by_the_number_too() {
    let world = World::new().await;
    let told = world
        .live(vec![
            text(1, "m1").in_chat(group()).event(),
            text(2, "m2").at(1).event(),
        ])
        .await;
    let last = async |at: usize| {
        let row = world.chat(told.received[at].chat).await;
        row.last.expect("it has a message").writer
    };
    let writer = last(0).await;
    assert_eq!(
        (writer.name, writer.number),
        (None, Some(customer(1))),
        "nobody told a name"
    );
    assert_eq!(last(1).await, Writer::default(), "of a person it is not asked");
}

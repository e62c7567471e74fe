//! Persons, groups, labels, the profile and presences.

use std::collections::BTreeMap;

use mostrador_domain::{
    Address, AddressKind, ChatSnapshot, ContactSnapshot, Failure, FailureCode, GroupSnapshot, Inbound,
    Presence, PresenceUpdate,
};
use mostrador_gateways::{Doing, Effect, NumberVerdict};
use mostrador_sandbox::Presence as Played;

use crate::harness::{Dialect, PNG, Shop};
use crate::listener::Listener;

/// Small, so that every list has several pages.
const PAGE: u32 = 5;

pub(crate) async fn pages_of_the_contacts_lose_nobody(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let tells_saved = shop.link.capabilities().saved_contacts;
    let known = everybody(&shop).await;
    for customer in shop.sandbox.customers() {
        let told = known.get(&Address::parse(&customer.number));
        let told = told.expect("every customer is known");
        assert!(
            told.push_name.is_some() || told.saved_name.is_some(),
            "{} has a name",
            customer.number
        );
        assert!(
            tells_saved || told.saved_name.is_none(),
            "{}: nobody is taken for saved of whom it cannot be told",
            customer.number
        );
    }
}

pub(crate) async fn saved_is_whom_the_phone_has_saved_and_nobody_else(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let known = everybody(&shop).await;
    let all = shop.sandbox.customers();
    for customer in &all {
        let told = known.get(&Address::parse(&customer.number));
        let saved = told.is_some_and(|person| person.saved_name.is_some());
        assert_eq!(saved, customer.saved, "{} is saved", customer.number);
    }
    assert!(
        all.iter().any(|one| one.saved) && all.iter().any(|one| !one.saved),
        "some of each"
    );
}

/// All persons whom the gateway lists, by pages.
async fn everybody(shop: &Shop) -> BTreeMap<Address, ContactSnapshot> {
    let contacts = shop.link.contacts().expect("it lists persons");
    let (mut known, mut covered) = (BTreeMap::new(), 0);
    loop {
        let page = contacts.page(covered, PAGE).await.expect("the gateway answers");
        if page.covered == 0 {
            return known;
        }
        covered += page.covered;
        for item in page.items {
            match item {
                Inbound::Contact(person) => {
                    assert_eq!(person.address.kind(), AddressKind::Phone, "a group is no person");
                    let before = known.insert(person.address.clone(), person);
                    assert_eq!(before, None, "nobody comes twice");
                }
                Inbound::SamePerson { .. } => {}
                other => panic!("{other:?} is no person"),
            }
        }
    }
}

pub(crate) async fn a_person_is_known_or_not(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(contacts) = shop.link.contacts() else {
        return;
    };
    let customer = shop.sandbox.customers().remove(0);
    let person = contacts
        .one(&Address::parse(&customer.number))
        .await
        .expect("the gateway answers");
    let person = person.expect("the customer is known");
    assert_eq!(
        person.address,
        Address::parse(&customer.number),
        "by their number"
    );
    assert!(
        person.push_name.is_some() || person.saved_name.is_some(),
        "with a name"
    );
    let stranger = contacts.one(&Address::parse("51900009998")).await;
    assert_eq!(stranger, Ok(None), "nobody knows that one");
}

pub(crate) async fn numbers_are_on_whatsapp_or_not_and_none_is_written_to(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let (Some(contacts), Some(most)) = (shop.link.contacts(), shop.link.capabilities().number_check) else {
        return;
    };
    let numbers = [
        format!("+{}", shop.customer()),
        "51900000999".to_owned(),
        "nobody".to_owned(),
    ];
    let told = contacts.check(&numbers).await.expect("the gateway answers");
    let expected = [
        NumberVerdict::OnWhatsApp(Address::parse(&shop.customer())),
        NumberVerdict::NotOnWhatsApp,
        NumberVerdict::NotTold,
    ];
    assert_eq!(told, expected, "a verdict for each, in their order");
    let batch: Vec<String> = (0..=most)
        .map(|n| (51_900_100_000_u64 + u64::from(n)).to_string())
        .collect();
    let too_many = Failure::Rejected {
        code: FailureCode::TooLarge,
    };
    assert_eq!(
        contacts.check(&batch).await,
        Err(too_many),
        "more than the capability says"
    );
    let fitting = &batch[..most as usize];
    let told = contacts.check(fitting).await.expect("the gateway answers");
    assert_eq!(told.len(), fitting.len(), "as many as the capability says");
    assert_eq!(shop.sandbox.ledger(), [], "looking a number up writes to nobody");
}

pub(crate) async fn who_is_blocked_does_not_get_through_until_let_in_again(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(blocks) = shop.link.blocks() else {
        return;
    };
    assert_eq!(blocks.list().await, Ok(vec![]), "nobody yet");
    let (who, stranger) = (Address::parse(&shop.customer()), Address::parse("51900009998"));
    assert_eq!(blocks.set(&who, true).await, Ok(Effect::Done), "blocked");
    assert_eq!(
        blocks.set(&who, true).await,
        Ok(Effect::Done),
        "a state that shall be: again does no harm"
    );
    assert_eq!(blocks.list().await, Ok(vec![who.clone()]), "it is on the list");
    assert_eq!(blocks.set(&who, false).await, Ok(Effect::Done), "let in again");
    assert_eq!(blocks.list().await, Ok(vec![]), "and off it");
    assert_eq!(
        blocks.set(&stranger, true).await,
        Ok(Effect::NothingThere),
        "nobody is behind that number"
    );
}

async fn groups(shop: &Shop) -> Option<Vec<GroupSnapshot>> {
    let page = shop
        .link
        .groups()?
        .page(0, 50)
        .await
        .expect("the gateway answers");
    let groups = page.items.into_iter().map(|item| match item {
        Inbound::Group(group) => group,
        other => panic!("{other:?} is no group"),
    });
    Some(groups.collect())
}

pub(crate) async fn groups_come_with_everybody_in_them(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(listed) = groups(&shop).await else {
        return;
    };
    let first = listed.first().expect("the shop is in a group");
    assert_eq!(
        first.group.kind(),
        AddressKind::Group,
        "by its own kind of address"
    );
    assert!(first.name.is_some(), "it has a name");
    let members = first.members.as_ref().expect("everybody is told");
    assert!(members.len() > 1, "the shop is not alone in it");
    let facet = shop.link.groups().expect("it lists groups");
    let one = facet.one(&first.group).await.expect("the gateway answers");
    assert!(
        one.as_ref() == Some(first),
        "one group is told as the list tells it"
    );
    let nowhere = facet.one(&Address::parse("120363000000009999@g.us")).await;
    assert_eq!(nowhere, Ok(None), "the shop is not in that one");
}

async fn labels_of(shop: &Shop, chat: &Address) -> Vec<String> {
    let page = shop.link.chats().expect("it lists chats").page(0, 100).await;
    let snapshot: Option<ChatSnapshot> =
        page.expect("the gateway answers")
            .items
            .into_iter()
            .find_map(|item| match item {
                Inbound::Chat(snapshot) if snapshot.chat == *chat => Some(snapshot),
                _ => None,
            });
    let labels = snapshot
        .expect("the chat is in the list")
        .labels
        .unwrap_or_default();
    labels.into_iter().map(|label| label.gateway_id).collect()
}

pub(crate) async fn a_label_is_made_put_on_and_taken_off(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(labels) = shop.link.labels() else {
        return;
    };
    let chat = Address::parse(&shop.customer());
    shop.sandbox
        .write_as(&shop.customer(), "hola")
        .expect("the customer writes");
    let before = labels.list().await.expect("the gateway answers").len();
    let made = labels
        .create("Por pagar", None)
        .await
        .expect("there is room for it");
    let again = labels
        .create("Por pagar", None)
        .await
        .expect("it is there already");
    assert_eq!(again.gateway_id, made.gateway_id, "making it twice makes it once");
    let listed = labels.list().await.expect("the gateway answers");
    assert_eq!(listed.len(), before + 1, "one more than before");
    let colours = labels.colours();
    let mine = listed
        .iter()
        .find(|label| label.gateway_id == made.gateway_id)
        .expect("it is listed");
    assert_eq!(mine.name.as_deref(), Some("Por pagar"), "under its name");
    assert!(
        mine.colour
            .as_deref()
            .is_some_and(|colour| colours.contains(&colour)),
        "in a known colour"
    );

    for on in [true, true] {
        assert_eq!(
            labels.put(&made.gateway_id, &chat, on).await,
            Ok(Effect::Done),
            "put on, twice"
        );
    }
    assert!(
        labels_of(&shop, &chat).await.contains(&made.gateway_id),
        "the chat wears it"
    );
    assert_eq!(
        labels.put(&made.gateway_id, &chat, false).await,
        Ok(Effect::Done),
        "taken off"
    );
    assert_eq!(
        labels.put(&made.gateway_id, &chat, false).await,
        Ok(Effect::NothingThere),
        "it is off"
    );
    assert!(
        !labels_of(&shop, &chat).await.contains(&made.gateway_id),
        "the chat wears it no more"
    );

    let other = colours
        .iter()
        .copied()
        .find(|colour| mine.colour.as_deref() != Some(*colour));
    let changed = labels.change(&made.gateway_id, "Pagado", other).await;
    assert_eq!(changed, Ok(Effect::Done), "another name and colour");
    let listed = labels.list().await.expect("the gateway answers");
    let now = listed.iter().find(|label| label.gateway_id == made.gateway_id);
    assert_eq!(
        now.map(|label| (label.name.as_deref(), label.colour.as_deref())),
        Some((Some("Pagado"), other)),
        "the same label"
    );
    assert_eq!(labels.remove(&made.gateway_id).await, Ok(Effect::Done), "gone");
    let left = labels.list().await.expect("the gateway answers").len();
    assert_eq!(left, before, "as many as before");
    assert_eq!(
        labels.remove(&made.gateway_id).await,
        Ok(Effect::NothingThere),
        "it was gone"
    );
}

pub(crate) async fn the_profile_is_what_it_was_set_to(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(profile) = shop.link.profile() else {
        return;
    };
    for _ in 0..2 {
        assert_eq!(profile.set_name("Panadería Luna").await, Ok(()), "a name");
        assert_eq!(profile.set_about("de 7 a 20 h").await, Ok(()), "words");
        assert_eq!(profile.set_picture("image/png", PNG).await, Ok(()), "a picture");
    }
    let now = profile.get().await.expect("the gateway answers");
    assert_eq!(now.name.as_deref(), Some("Panadería Luna"), "the name holds");
    assert_eq!(now.about.as_deref(), Some("de 7 a 20 h"), "the words hold");
    assert!(now.picture.is_some(), "there is a picture");
}

pub(crate) async fn the_phones_labels_are_listed_put_on_and_taken_off(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(labels) = shop.link.labels() else {
        return;
    };
    let chat = Address::parse(&shop.customer());
    shop.sandbox
        .write_as(&shop.customer(), "hola")
        .expect("the customer writes");
    let listed = labels.list().await.expect("the gateway answers");
    let label = listed.first().expect("the phone has labels");
    assert!(
        listed
            .iter()
            .all(|label| label.name.is_some() && label.colour.is_some()),
        "each with its name and colour"
    );
    let phone = shop.sandbox.on(0).expect("the first device");
    for (on, put) in [(true, "put on"), (false, "taken off")] {
        let told = labels.put(&label.gateway_id, &chat, on).await;
        assert_eq!(told, Ok(Effect::Done), "{put}");
        let again = labels.put(&label.gateway_id, &chat, on).await;
        assert!(again.is_ok(), "{put}, and again does no harm: {again:?}");
        let worn = phone.labels_of(chat.as_str());
        assert_eq!(worn.contains(&label.gateway_id), on, "the phone shows it: {put}");
    }
}

pub(crate) async fn whether_we_are_here_is_set(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(presence) = shop.link.presence() else {
        return;
    };
    let phone = shop.sandbox.on(0).expect("the first device");
    for available in [true, false, false] {
        let told = presence.set_own(available).await;
        assert_eq!(told, Ok(()), "available: {available}");
        assert_eq!(phone.is_shown_online(), available, "everybody sees it");
    }
}

pub(crate) async fn the_customer_sees_what_we_do(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(presence) = shop.link.presence() else {
        return;
    };
    let chat = Address::parse(&shop.customer());
    let phone = shop.sandbox.on(0).expect("the first device");
    for (doing, shown) in [
        (Doing::Typing, "typing"),
        (Doing::Recording, "recording"),
        (Doing::Paused, "pause"),
    ] {
        assert_eq!(
            presence.show(&chat, doing).await,
            Ok(Effect::Done),
            "{doing:?} is told"
        );
        assert_eq!(
            phone.shown_to(&shop.customer()),
            Some(shown),
            "the customer sees it"
        );
    }
}

pub(crate) async fn a_person_who_is_watched_is_heard_of(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let Some(presence) = shop.link.presence() else {
        return;
    };
    let person = Address::parse(&shop.customer());
    assert_eq!(presence.of(&person).await, Ok(None), "nobody watches them yet");
    let mut listener = Listener::start().await;
    listener.listen_to(&*shop.link).await;
    for _ in 0..2 {
        assert_eq!(presence.watch(&person).await, Ok(Effect::Done), "watched, twice");
    }
    let phone = shop.sandbox.on(0).expect("the first device");
    phone
        .be_seen_as(&shop.customer(), Played::Typing)
        .expect("the customer begins to write");
    let is_typing = |update: &PresenceUpdate| update.address == person && update.presence == Presence::Typing;
    let is_it = |said: &Inbound| matches!(said, Inbound::Presence(update) if is_typing(update));
    listener.until(&*shop.link, is_it).await;
    let now = presence.of(&person).await.expect("the gateway answers");
    assert!(
        now.as_ref().is_some_and(is_typing),
        "asked, it says the same: {now:?}"
    );
    let stranger = presence.watch(&Address::parse("51900000999")).await;
    assert_eq!(stranger, Ok(Effect::NothingThere), "nobody is there");
}

pub(crate) async fn nobody_is_said_to_be_missing_while_no_number_is_linked(dialect: &'static Dialect) {
    let shop = Shop::unlinked(dialect).await;
    let contacts = shop.link.contacts().expect("it looks numbers up");
    for numbers in [
        vec![shop.customer()],
        shop.customers().into_iter().take(3).collect(),
    ] {
        if let Ok(verdicts) = contacts.check(&numbers).await {
            let all = vec![NumberVerdict::NotTold; numbers.len()];
            assert_eq!(
                verdicts, all,
                "a gateway that cannot look must not strike anybody off"
            );
        }
    }
}

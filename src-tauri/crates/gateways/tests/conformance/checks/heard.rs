//! What customers and the owner's phone do, as the gateway tells it; and that a list tells a message as its event does.

use mostrador_domain::{
    Address, AddressKind, CallOutcome, Inbound, InboundMessage, MemberChangeKind, MessageBody, MessageChange,
    MessageChangeKind,
};
use mostrador_gateways::HistoryQuery;
use mostrador_sandbox::Attached;
use serde_json::json;

use crate::harness::{Dialect, PNG, Shop};
use crate::listener::Listener;

async fn heard_at(dialect: &'static Dialect) -> (Shop, Listener) {
    let shop = Shop::linked(dialect).await;
    let listener = Listener::start().await;
    listener.listen_to(&*shop.link).await;
    (shop, listener)
}

/// The change that was told of the message, once one that `is_it` accepts comes.
async fn change(
    shop: &Shop,
    listener: &mut Listener,
    id: &str,
    is_it: impl Fn(&MessageChangeKind) -> bool,
) -> MessageChange {
    let fits = |said: &Inbound| matches!(said, Inbound::Change(change) if change.gateway_id == id && is_it(&change.what));
    let said = listener.until(&*shop.link, fits).await;
    let found = said.into_iter().rev().find(|said| fits(said));
    match found {
        Some(Inbound::Change(change)) => change,
        other => panic!("a change was told, not {other:?}"),
    }
}

pub(crate) async fn what_a_customer_does_to_messages_is_heard(dialect: &'static Dialect) {
    let (shop, mut listener) = heard_at(dialect).await;
    let (phone, customer) = (shop.sandbox.on(0).expect("the first device"), shop.customer());
    let by = Some(Address::parse(&customer));
    let sent = shop
        .send("¿a las ocho?")
        .await
        .expect("the gateway takes it")
        .gateway_id;

    phone
        .react_as(&customer, &sent, "👍")
        .expect("the customer reacts");
    let is = |what: &MessageChangeKind| *what == MessageChangeKind::Reaction(Some("👍".to_owned()));
    let told = change(&shop, &mut listener, &sent, is).await;
    assert_eq!(told.by, by, "the customer reacted");
    phone
        .react_as(&customer, &sent, "")
        .expect("the customer takes it back");
    change(&shop, &mut listener, &sent, |what| {
        *what == MessageChangeKind::Reaction(None)
    })
    .await;

    let theirs = phone
        .write_as(&customer, "a las nuve")
        .expect("the customer writes");
    phone
        .edit_as(&customer, &theirs, "a las nueve")
        .expect("the customer mends it");
    let is = |what: &MessageChangeKind| {
        *what == MessageChangeKind::Edited(MessageBody::Text("a las nueve".to_owned()))
    };
    let told = change(&shop, &mut listener, &theirs, is).await;
    assert!(
        told.by.is_none() || told.by == by,
        "nobody else is said to have edited it"
    );
    assert!(
        told.chat.is_none_or(|chat| Some(chat) == by),
        "nor is another chat said to have it"
    );
    phone
        .delete_as(&customer, &theirs)
        .expect("the customer takes it back");
    change(&shop, &mut listener, &theirs, |what| {
        *what == MessageChangeKind::Deleted
    })
    .await;
}

pub(crate) async fn a_vote_is_heard_in_words(dialect: &'static Dialect) {
    use mostrador_domain::{Outgoing, OutgoingBody, Poll};
    let (shop, mut listener) = heard_at(dialect).await;
    if shop.link.capabilities().send.poll.is_none() {
        return;
    }
    let poll = Poll {
        question: "¿Sabor?".to_owned(),
        options: vec!["lúcuma".to_owned(), "fresa".to_owned()],
        several: false,
    };
    let message = Outgoing {
        body: OutgoingBody::Poll(poll),
        ..crate::harness::text(&shop.customer(), "")
    };
    let sent = shop
        .deliver(&message)
        .await
        .expect("the gateway takes it")
        .gateway_id;
    let phone = shop.sandbox.on(0).expect("the first device");
    phone
        .vote_as(&shop.customer(), &sent, &[1])
        .expect("the customer votes");
    let is = |what: &MessageChangeKind| *what == MessageChangeKind::Votes(vec!["fresa".to_owned()]);
    let told = change(&shop, &mut listener, &sent, is).await;
    assert_eq!(
        told.by,
        Some(Address::parse(&shop.customer())),
        "the customer voted"
    );
}

pub(crate) async fn what_the_owner_does_on_the_phone_is_heard(dialect: &'static Dialect) {
    let (shop, mut listener) = heard_at(dialect).await;
    let (phone, customer) = (shop.sandbox.on(0).expect("the first device"), shop.customer());
    let chat = Address::parse(&customer);
    let own = phone
        .write_on_phone(&customer, "Ya va")
        .expect("the owner writes");
    let is_own = |said: &Inbound| matches!(said, Inbound::Message(message) if message.gateway_id == own && message.from_me);
    listener.until(&*shop.link, is_own).await;
    phone.delete_on_phone(&own).expect("the owner takes it back");
    change(&shop, &mut listener, &own, |what| {
        *what == MessageChangeKind::Deleted
    })
    .await;
    assert!(
        phone.delete_chat_on_phone(chat.as_str()),
        "the owner deletes the chat"
    );
    let is_gone = |said: &Inbound| matches!(said, Inbound::ChatGone { chat: gone } if *gone == chat);
    listener.until(&*shop.link, is_gone).await;
}

pub(crate) async fn members_and_calls_are_heard(dialect: &'static Dialect) {
    let (shop, mut listener) = heard_at(dialect).await;
    let (phone, customer) = (shop.sandbox.on(0).expect("the first device"), shop.customer());
    let call = phone.call_as(&customer, true).expect("the customer calls");
    let rings = |said: &Inbound| matches!(said, Inbound::Call(told) if told.gateway_id == call && told.video && told.outcome == CallOutcome::Ringing);
    listener.until(&*shop.link, rings).await;
    assert!(phone.give_up_call(&call), "the customer gives up");
    let missed = |said: &Inbound| matches!(said, Inbound::Call(told) if told.gateway_id == call && told.outcome == CallOutcome::Missed);
    listener.until(&*shop.link, missed).await;

    let Some(groups) = shop.link.groups() else {
        return;
    };
    let page = groups.page(0, 50).await.expect("the gateway answers");
    let Some(Inbound::Group(group)) = page.items.first() else {
        panic!("the shop is in a group")
    };
    let members = group.members.as_ref().expect("everybody is told");
    let member = shop.customers().into_iter().find(|number| {
        members
            .iter()
            .any(|(address, _)| *address == Address::parse(number))
    });
    let member = member.expect("a customer is in it");
    phone
        .in_group(&member, group.group.as_str(), false)
        .expect("they leave");
    let left = |said: &Inbound| matches!(said, Inbound::Member(change) if change.what == MemberChangeKind::Removed && change.members == [Address::parse(&member)]);
    listener.until(&*shop.link, left).await;
    phone
        .in_group(&member, group.group.as_str(), true)
        .expect("they come back");
    let came =
        |said: &Inbound| matches!(said, Inbound::Member(change) if change.what == MemberChangeKind::Added);
    listener.until(&*shop.link, came).await;
}

pub(crate) async fn a_hidden_number_stays_hidden(dialect: &'static Dialect) {
    let (shop, mut listener) = heard_at(dialect).await;
    let phone = shop.sandbox.on(0).expect("the first device");
    let customer = shop.sandbox.customers().remove(0);
    phone
        .hide_number_of(&customer.number, true)
        .expect("the customer hides");
    let id = phone
        .write_as(&customer.number, "soy yo")
        .expect("the customer writes");
    let is_it = |said: &Inbound| matches!(said, Inbound::Message(message) if message.gateway_id == id);
    let said = listener.until(&*shop.link, is_it).await;
    let Some(Inbound::Message(message)) = said.into_iter().find(|said| is_it(said)) else {
        panic!("it was heard")
    };
    assert_eq!(
        message.chat.kind(),
        AddressKind::Lid,
        "the chat is the hidden number's"
    );
    assert_eq!(
        message.sender.as_ref(),
        Some(&message.chat),
        "its digits are never made a phone number"
    );
    assert!(
        !said_has_phone(&message, &customer.number),
        "the phone number is not told"
    );
}

fn said_has_phone(message: &InboundMessage, number: &str) -> bool {
    message.sender.as_ref().and_then(Address::phone_digits) == Some(number)
}

pub(crate) async fn the_list_tells_every_kind_as_its_event_does(dialect: &'static Dialect) {
    let (shop, mut listener) = heard_at(dialect).await;
    let (phone, customer) = (shop.sandbox.on(0).expect("the first device"), shop.customer());
    let first = phone
        .write_as(&customer, "¿Tienen torta?")
        .expect("the customer writes");
    phone
        .reply_as(&customer, &first, "de lúcuma")
        .expect("the customer adds");
    phone
        .write_file_as(&customer, Attached::Image, PNG.to_vec(), None, Some("así"))
        .expect("a picture");
    phone
        .write_file_as(
            &customer,
            Attached::Document,
            b"%PDF-1.4 x".to_vec(),
            Some("pedido.pdf"),
            None,
        )
        .expect("a document");
    let shaped = [
        (
            "location",
            json!({"latitude": -12.0, "longitude": -77.0, "name": "mi casa"}),
        ),
        (
            "contact",
            json!({"name": "Julia", "vcard": "BEGIN:VCARD\nFN:Julia\nEND:VCARD"}),
        ),
        (
            "link_preview",
            json!({"body": "mire https://shop.example", "title": "Tortas"}),
        ),
        ("quiz", json!({"title": "¿Cuánto?"})),
    ];
    for (kind, fields) in shaped {
        phone
            .write_shaped_as(&customer, kind, fields)
            .expect("the customer sends it");
    }
    let (last, _) = phone.order_as(&customer, &[(0, 2)]).expect("the customer orders");

    let is_last = |said: &Inbound| matches!(said, Inbound::Message(message) if message.gateway_id == last);
    let heard: Vec<InboundMessage> = listener
        .until(&*shop.link, is_last)
        .await
        .into_iter()
        .filter_map(theirs)
        .collect();
    let query = HistoryQuery {
        since: None,
        offset: 0,
        count: 100,
    };
    let history = shop.link.history().expect("it has a history");
    let page = history
        .of_chat(&Address::parse(&customer), query)
        .await
        .expect("the gateway answers");
    let listed: Vec<InboundMessage> = page.items.into_iter().filter_map(theirs).collect();
    assert!(heard.len() >= 9, "each message was heard");
    for message in &heard {
        let same = listed.iter().find(|told| told.gateway_id == message.gateway_id);
        let same = same.unwrap_or_else(|| panic!("{message:?} is in the list"));
        assert_eq!(same.body.kind_word(), message.body.kind_word(), "of one kind");
        assert!(
            *same == *message,
            "{}: the list tells it as the event did",
            message.body.kind_word()
        );
    }
    let kinds: Vec<&str> = heard.iter().map(|message| message.body.kind_word()).collect();
    for kind in [
        "text",
        "image",
        "document",
        "location",
        "contact",
        "link_preview",
        "order",
        "unknown",
    ] {
        assert!(kinds.contains(&kind), "{kind} is among {kinds:?}");
    }
    let answer = heard.iter().find(|message| message.context.quoted.is_some());
    let quoted = answer.and_then(|message| message.context.quoted.clone());
    assert_eq!(quoted, Some(first), "the answer names what it answers");
}

fn theirs(said: Inbound) -> Option<InboundMessage> {
    match said {
        Inbound::Message(message) if !message.from_me => Some(*message),
        _ => None,
    }
}

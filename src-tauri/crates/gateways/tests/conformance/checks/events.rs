//! What the gateway calls us for.

use std::time::Duration;

use mostrador_domain::{
    Address, DeliveryStatus, Failure, Inbound, InboundMessage, LinkChange, MessageBody, PairingContent,
    StatusKind,
};

use crate::harness::{Dialect, Hears, Shop};
use crate::listener::Listener;
use mostrador_gateways::CallProof;
use mostrador_sandbox::{ReceiptManner, WebhookTemper};

fn message(said: &[Inbound], id: &str) -> InboundMessage {
    let found = said.iter().find_map(|inbound| match inbound {
        Inbound::Message(message) if message.gateway_id == id => Some(InboundMessage::clone(message)),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("the message is among what was said: {said:?}"))
}

fn is_message(id: &str) -> impl Fn(&Inbound) -> bool {
    move |inbound| matches!(inbound, Inbound::Message(message) if message.gateway_id == id)
}

fn has_reached(id: &str, status: DeliveryStatus) -> impl Fn(&Inbound) -> bool {
    move |inbound| {
        matches!(inbound, Inbound::Status(update)
            if update.gateway_id == id && update.status == StatusKind::Reached(status))
    }
}

pub(crate) async fn a_customers_message_is_heard(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let mut listener = Listener::start().await;
    listener.listen_to(&*shop.link).await;

    let customer = shop.customer();
    let id = shop
        .sandbox
        .write_as(&customer, "¿Tienen torta de lúcuma?")
        .expect("the customer writes");
    let said = listener.until(&*shop.link, is_message(&id)).await;
    let heard = message(&said, &id);
    assert!(
        heard.body == MessageBody::Text("¿Tienen torta de lúcuma?".into()),
        "word for word"
    );
    assert_eq!((heard.from_me, heard.status), (false, None), "it is not ours");
    assert_eq!(heard.chat, Address::parse(&customer), "it belongs to their chat");
    assert_eq!(heard.sender, Some(heard.chat.clone()), "they wrote it");
    let named = heard.sender_name.is_some();
    assert_eq!(
        named,
        dialect.hears == Hears::Everything,
        "they have a name, where it is told"
    );
}

pub(crate) async fn our_own_message_and_its_ticks_are_heard(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let mut listener = Listener::start().await;
    listener.listen_to(&*shop.link).await;

    let sent = shop.send("Sí, queda una").await.expect("the gateway takes it");
    let id = sent.gateway_id.as_str();
    let mut said = listener
        .until(&*shop.link, has_reached(id, DeliveryStatus::Delivered))
        .await;
    shop.sandbox
        .read_as(&shop.customer())
        .expect("the customer opens the chat");
    said.extend(
        listener
            .until(&*shop.link, has_reached(id, DeliveryStatus::Read))
            .await,
    );

    let echo = message(&said, id);
    assert!(echo.from_me, "the echo is ours");
    assert!(echo.status.is_some(), "it says how far it has come");
    assert_eq!(
        echo.chat,
        Address::parse(&shop.customer()),
        "it belongs to the customer's chat"
    );
}

const SPAN: Duration = Duration::from_secs(60);

pub(crate) async fn receipts_that_come_out_of_order_are_each_heard(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let mut listener = Listener::start().await;
    listener.listen_to(&*shop.link).await;
    shop.sandbox.set_receipt_manner(ReceiptManner {
        reordered_ms: SPAN.as_millis() as u64,
        duplicated: true,
        ..ReceiptManner::default()
    });
    let sent = shop.send("¿a las ocho?").await.expect("the gateway takes it");
    let id = sent.gateway_id.as_str();
    shop.sandbox
        .read_as(&shop.customer())
        .expect("the customer opens the chat");
    // The furthest is held back for two of these spans, each before it for one more.
    shop.sandbox.skip(SPAN / 2);
    for expected in [
        DeliveryStatus::Read,
        DeliveryStatus::Delivered,
        DeliveryStatus::Sent,
    ] {
        shop.sandbox.skip(match expected {
            DeliveryStatus::Read => 2 * SPAN,
            _ => SPAN,
        });
        // Each comes twice.
        for _ in 0..2 {
            let of_it = |said: &Inbound| matches!(said, Inbound::Status(update) if update.gateway_id == id);
            let said = listener.until(&*shop.link, of_it).await;
            let told = said.into_iter().rev().find_map(|said| match said {
                Inbound::Status(update) => Some(update.status),
                _ => None,
            });
            assert_eq!(
                told,
                Some(StatusKind::Reached(expected)),
                "told with its own id and status, though a later step was told before it"
            );
        }
    }
}

pub(crate) async fn linking_and_unlinking_are_heard(dialect: &'static Dialect) {
    let shop = Shop::unlinked(dialect).await;
    let mut listener = Listener::start().await;
    listener.listen_to(&*shop.link).await;

    shop.link
        .pairing()
        .expect("it pairs")
        .code()
        .await
        .expect("the gateway answers");
    let is_code = |inbound: &Inbound| matches!(inbound, Inbound::Link(LinkChange::Code { .. }));
    let said = listener.until(&*shop.link, is_code).await;
    let shown = shop.sandbox.live_code().expect("a code is on show");
    let told = said.iter().any(|inbound| {
        matches!(inbound, Inbound::Link(LinkChange::Code { content: PairingContent::Text(text), .. }) if *text == shown)
    });
    assert!(told, "the code that was told is the one on show");

    shop.sandbox.scan_code(&shown).expect("the phone scans it");
    let is_linked = |inbound: &Inbound| matches!(inbound, Inbound::Link(LinkChange::Linked { .. }));
    listener.until(&*shop.link, is_linked).await;

    assert!(shop.sandbox.unlink(), "the owner unlinks it on the phone");
    let is_unlinked = |inbound: &Inbound| *inbound == Inbound::Link(LinkChange::Unlinked);
    listener.until(&*shop.link, is_unlinked).await;
}

pub(crate) async fn other_peoples_webhooks_are_kept_and_ours_is_replaced(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let (mut theirs, mut old, mut new) = (
        Listener::start().await,
        Listener::start().await,
        Listener::start().await,
    );
    let webhooks = shop.link.webhooks().expect("it calls");
    // Another Mostrador's: it differs in the word that begins its secret.
    webhooks
        .register(&theirs.target("/hook/theirs-secret"), &["/hook/theirs"])
        .await
        .expect("the gateway takes the address");
    old.listen_to(&*shop.link).await;
    let first = shop
        .sandbox
        .write_as(&shop.customer(), "uno")
        .expect("the customer writes");
    theirs.until(&*shop.link, is_message(&first)).await;
    old.until(&*shop.link, is_message(&first)).await;

    new.listen_to(&*shop.link).await;
    let second = shop
        .sandbox
        .write_as(&shop.customer(), "dos")
        .expect("the customer writes");
    theirs.until(&*shop.link, is_message(&second)).await;
    new.until(&*shop.link, is_message(&second)).await;

    webhooks
        .unregister("/hook/ours", &[])
        .await
        .expect("ours is taken out");
    let third = shop
        .sandbox
        .write_as(&shop.customer(), "tres")
        .expect("the customer writes");
    theirs.until(&*shop.link, is_message(&third)).await;
    // Registered again, ours hears only what comes from now on: it had been replaced, then taken out.
    old.listen_to(&*shop.link).await;
    let fourth = shop
        .sandbox
        .write_as(&shop.customer(), "cuatro")
        .expect("the customer writes");
    let said = old.until(&*shop.link, is_message(&fourth)).await;
    let heard_too_much = said
        .iter()
        .any(|inbound| is_message(&second)(inbound) || is_message(&third)(inbound));
    assert!(
        !heard_too_much,
        "a target that was replaced or taken out is not called"
    );
}

pub(crate) async fn an_address_of_somebody_else_is_not_taken_from_them(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let (mut theirs, ours) = (Listener::start().await, Listener::start().await);
    let webhooks = shop.link.webhooks().expect("it calls");
    webhooks
        .register(&theirs.target("/bot/secret"), &["/bot/"])
        .await
        .expect("nobody is called yet");
    let refused = webhooks
        .register(&ours.target("/hook/ours-secret"), &["/hook/ours"])
        .await;
    assert!(
        matches!(refused, Err(Failure::Rejected { .. })),
        "there is no room for a second address"
    );
    webhooks
        .unregister("/hook/ours", &[])
        .await
        .expect("nothing of ours is there");
    let id = shop
        .sandbox
        .write_as(&shop.customer(), "uno")
        .expect("the customer writes");
    theirs.until(&*shop.link, is_message(&id)).await;

    webhooks.unregister("/bot/", &[]).await.expect("they leave");
    let mut ours = ours;
    ours.listen_to(&*shop.link).await;
    ours.listen_to(&*shop.link).await;
    let id = shop
        .sandbox
        .write_as(&shop.customer(), "dos")
        .expect("the customer writes");
    ours.until(&*shop.link, is_message(&id)).await;
}

pub(crate) async fn an_address_of_ours_is_replaced_wherever_it_was_and_the_one_that_is_kept_stays(
    dialect: &'static Dialect,
) {
    let shop = Shop::linked(dialect).await;
    let (first, mut second) = (Listener::start().await, Listener::start().await);
    let webhooks = shop.link.webhooks().expect("it calls");
    let tunnel = first.target("/caja/hook/ours-secret");
    let here = second.target("/hook/ours-secret");
    let prefixes = ["/caja/hook/ours", "/hook/ours"];
    for target in [&tunnel, &here, &tunnel, &here] {
        webhooks
            .register(target, &prefixes)
            .await
            .expect("from the tunnel to our port and back");
    }
    for prefix in prefixes {
        let taken_out = webhooks.unregister(prefix, std::slice::from_ref(&here)).await;
        taken_out.expect("there is none but the one that is kept");
    }
    let id = shop
        .sandbox
        .write_as(&shop.customer(), "uno")
        .expect("the customer writes");
    second.until(&*shop.link, is_message(&id)).await;
}

pub(crate) async fn a_call_that_comes_twice_is_one_message(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let mut listener = Listener::start().await;
    listener.listen_to(&*shop.link).await;
    shop.sandbox.set_webhook_temper(WebhookTemper {
        duplicate: true,
        ..WebhookTemper::default()
    });
    let id = shop
        .sandbox
        .write_as(&shop.customer(), "¿hay?")
        .expect("the customer writes");
    let first = listener.until(&*shop.link, is_message(&id)).await;
    let second = listener.until(&*shop.link, is_message(&id)).await;
    assert!(
        message(&first, &id) == message(&second, &id),
        "the same to the letter: whoever stores it knows it again by its id"
    );
}

pub(crate) async fn a_call_that_was_tampered_with_is_not_genuine(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let mut listener = Listener::start().await;
    listener.listen_to(&*shop.link).await;
    shop.sandbox
        .write_as(&shop.customer(), "¿hay?")
        .expect("the customer writes");
    let hooks = shop.link.webhooks().expect("it calls");
    let CallProof::Signature(header) = hooks.proof() else {
        panic!("it signs")
    };
    let (body, signature) = listener.next(header).await;
    let key = Listener::key();
    assert!(
        hooks.is_signed(&body, &signature, &key),
        "as it came it is genuine"
    );
    let mut other = body.to_vec();
    other[0] ^= 1;
    assert!(!hooks.is_signed(&other, &signature, &key), "another body");
    assert!(!hooks.is_signed(&body, &signature[1..], &key), "half a signature");
    assert!(!hooks.is_signed(&body, b"", &key), "none");
    let stranger = secrecy::SecretString::from("another-key");
    assert!(!hooks.is_signed(&body, &signature, &stranger), "another key");
}

pub(crate) async fn a_gateway_that_was_started_anew_is_told_again_where_to_call(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let mut listener = Listener::start().await;
    listener.listen_to(&*shop.link).await;
    let hooks = shop.link.webhooks().expect("it calls");
    let target = listener.target("/hook/ours-secret");
    assert_eq!(
        hooks.remind(&target, &["/hook/ours"]).await,
        Ok(false),
        "it has not forgotten it"
    );

    shop.sandbox.restart_gateways();
    hooks
        .remind(&target, &["/hook/ours"])
        .await
        .expect("the gateway answers");
    let id = shop
        .sandbox
        .write_as(&shop.customer(), "¿hay?")
        .expect("the customer writes");
    listener.until(&*shop.link, is_message(&id)).await;
}

//! One call, one message; judged by what the customer got.

use mostrador_domain::{DeliveryStatus, Failure, FailureCode};

use crate::harness::{Dialect, PNG, Shop, hash, picture, text};

pub(crate) async fn a_text_arrives_once_and_as_it_was_written(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let words = "Sí, a las 7:30 \u{1f370}\nCalle \"Los Olivos\" #4 <b>ñ</b> \\ % & ?";
    let accepted = shop.send(words).await.expect("the gateway takes it");

    let got = shop.got();
    assert_eq!(got.len(), 1, "the customer got it once");
    assert_eq!(got[0].body.as_deref(), Some(words), "letter by letter");
    assert!(
        accepted.gateway_id == got[0].message_id,
        "under the id that we were told"
    );
    assert_eq!(
        accepted.status,
        DeliveryStatus::Sent,
        "accepted is sent, not more"
    );
    assert!(accepted.at.is_some(), "the gateway tells its time");
}

pub(crate) async fn a_picture_arrives_byte_for_byte_with_its_words(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let message = picture(&shop.customer(), "así quedó");
    let accepted = shop
        .link
        .messaging()
        .expect("it sends")
        .send(&message)
        .await
        .expect("the gateway takes it");

    let got = shop.got();
    assert_eq!(got.len(), 1, "the customer got it once");
    assert_eq!(got[0].media_sha256, Some(hash(PNG)), "not one byte is different");
    assert_eq!(
        got[0].body.as_deref(),
        Some("así quedó"),
        "with the words under it"
    );
    assert!(
        accepted.gateway_id == got[0].message_id,
        "under the id that we were told"
    );
}

pub(crate) async fn each_send_is_a_message_of_its_own(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let first = shop.send("ok").await.expect("the gateway takes it");
    let second = shop.send("ok").await.expect("the gateway takes it");
    assert_ne!(first.gateway_id, second.gateway_id, "two messages, two ids");
    assert_eq!(shop.got().len(), 2, "who says ok twice is heard twice");
}

pub(crate) async fn a_message_to_a_group_that_the_shop_is_not_in_is_refused(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let message = text("120363000000009999@g.us", "hola");
    let failure = shop
        .link
        .messaging()
        .expect("it sends")
        .send(&message)
        .await
        .err();
    let refused = [FailureCode::RefusedRecipient, FailureCode::Forbidden];
    let refused = refused.map(|code| Failure::Rejected { code });
    assert!(
        failure.as_ref().is_some_and(|failure| refused.contains(failure)),
        "it can never be sent, and the operator is told why: {failure:?}"
    );
    assert_eq!(shop.sandbox.ledger(), [], "nobody got anything");
}

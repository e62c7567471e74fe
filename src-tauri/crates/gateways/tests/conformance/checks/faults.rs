//! What goes wrong, and whether the driver says truly what may have happened.
//!
//! The sandbox knows what took effect; for each fault the ledger is looked at beside the failure. `Unknown` is right
//! in both cases, with and without effect; `NotSent` only where nothing took effect.

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_domain::{AuthLost, Failure, NotSentCause, UnknownCause};
use mostrador_gateways::{CallTimes, HistoryQuery};
use mostrador_sandbox::FaultKind;

use crate::harness::{DEADLINE, Dialect, Shop, patient, status, text};

const RECENT: HistoryQuery = HistoryQuery {
    since: None,
    offset: 0,
    count: 5,
};

fn unknown(cause: UnknownCause) -> Option<Failure> {
    Some(Failure::Unknown { cause })
}

/// How often the customer got the message after a send that was spoilt so, and what the driver said.
async fn spoilt_send(dialect: &'static Dialect, kind: FaultKind) -> (Option<Failure>, usize) {
    let shop = Shop::linked(dialect).await;
    shop.spoil(dialect.send, kind);
    let failure = shop.send("hola").await.err();
    (failure, shop.got().len())
}

pub(crate) async fn too_many_requests_means_not_sent_and_carries_the_delay(dialect: &'static Dialect) {
    let limited = |retry_after| {
        Some(Failure::NotSent {
            cause: NotSentCause::RateLimited,
            retry_after,
        })
    };
    let headers = BTreeMap::from([("retry-after".to_owned(), "7".to_owned())]);
    let with = spoilt_send(
        dialect,
        FaultKind::Status {
            code: 429,
            body: None,
            headers,
        },
    )
    .await;
    assert_eq!(
        with,
        (limited(Some(Duration::from_secs(7))), 0),
        "the gateway names its delay"
    );
    let without = spoilt_send(dialect, status(429)).await;
    assert_eq!(without, (limited(None), 0), "the gateway names none");
}

pub(crate) async fn a_server_error_leaves_it_unknown(dialect: &'static Dialect) {
    for code in [500, 502, 503, 504] {
        let (failure, _) = spoilt_send(dialect, status(code)).await;
        assert_eq!(
            failure,
            unknown(UnknownCause::ServerError(code)),
            "{code} may come before or after the effect"
        );
    }
}

pub(crate) async fn a_server_error_after_the_effect_leaves_it_unknown(dialect: &'static Dialect) {
    for code in [500, 503] {
        let kind = FaultKind::StatusAfterEffect {
            code,
            body: None,
            headers: Default::default(),
        };
        let told = spoilt_send(dialect, kind).await;
        let expected = (unknown(UnknownCause::ServerError(code)), 1);
        assert_eq!(
            told, expected,
            "{code}: the customer has it, and it is not sent again"
        );
    }
}

pub(crate) async fn a_connection_cut_leaves_it_unknown_with_and_without_effect(dialect: &'static Dialect) {
    let before = spoilt_send(dialect, FaultKind::CutBeforeEffect).await;
    assert_eq!(
        before,
        (unknown(UnknownCause::Cut), 0),
        "cut before the effect, and not sent again"
    );
    let after = spoilt_send(dialect, FaultKind::CutAfterEffect).await;
    assert_eq!(
        after,
        (unknown(UnknownCause::Cut), 1),
        "cut after the effect, and not sent again"
    );
}

pub(crate) async fn an_answer_that_cannot_be_read_leaves_it_unknown(dialect: &'static Dialect) {
    let faults = [
        (FaultKind::TruncatedBody, UnknownCause::Cut),
        (FaultKind::MalformedBody, UnknownCause::Malformed),
        (
            FaultKind::HugeBody {
                bytes: 64 * 1024 * 1024,
            },
            UnknownCause::TooLarge,
        ),
    ];
    for (kind, cause) in faults {
        let told = spoilt_send(dialect, kind.clone()).await;
        assert_eq!(
            told,
            (unknown(cause), 1),
            "{kind:?}: it took effect, and nobody can read that"
        );
    }
}

pub(crate) async fn an_answer_too_late_leaves_it_unknown(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let times = CallTimes {
        connect: Duration::from_millis(700),
        call: Duration::from_millis(300),
        transfer: Duration::from_millis(300),
    };
    let hasty = shop.reopened(crate::harness::CANARY_TOKEN, times);
    shop.spoil(dialect.send, FaultKind::LateEffectMs(2_500));

    let message = text(&shop.customer(), "hola");
    let failure = hasty.messaging().expect("it sends").send(&message).await.err();
    assert_eq!(failure, unknown(UnknownCause::TimedOut), "no answer came in time");
    assert_eq!(shop.got(), [], "it had no effect yet, so nobody could have known");
    let arrived = shop
        .sandbox
        .wait_until(DEADLINE, |sandbox| !sandbox.ledger().is_empty())
        .await;
    assert!(arrived, "it took effect after all");
    assert_eq!(shop.got().len(), 1, "once: it was not sent again");
}

/// As somebody asks who tries the connection out.
pub(crate) async fn a_gateway_that_says_nothing_is_told_as_that(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let times = CallTimes {
        connect: Duration::from_millis(700),
        call: Duration::from_millis(300),
        transfer: Duration::from_millis(300),
    };
    let hasty = shop.reopened(crate::harness::CANARY_TOKEN, times);
    shop.spoil(dialect.health, FaultKind::DelayMs(5_000));
    let failure = hasty.health().check(true).await.err();
    assert_eq!(
        failure,
        unknown(UnknownCause::TimedOut),
        "it is there, and no other server"
    );
}

pub(crate) async fn a_read_that_goes_wrong_is_never_an_empty_list(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    shop.send("hola").await.expect("the gateway takes it");
    let faults = [
        (status(500), UnknownCause::ServerError(500)),
        (FaultKind::MalformedBody, UnknownCause::Malformed),
        (FaultKind::TruncatedBody, UnknownCause::Cut),
        (FaultKind::CutAfterEffect, UnknownCause::Cut),
        // Another server's page, or a proxy's.
        (
            FaultKind::HtmlPage { code: 404 },
            UnknownCause::UnexpectedStatus(404),
        ),
    ];
    for (kind, cause) in faults {
        let spoilt = [Some(dialect.health), dialect.history, dialect.chats];
        for call in spoilt.into_iter().flatten() {
            shop.spoil(call, kind.clone());
        }
        let link = &*shop.link;
        let mut told = vec![("health", link.health().check(false).await.err())];
        if let Some(history) = link.history() {
            told.push(("history", history.recent(RECENT).await.err()));
            let chat = mostrador_domain::Address::parse(&shop.customer());
            shop.spoil(dialect.history.expect("it lists"), kind.clone());
            told.push(("chat", history.of_chat(&chat, RECENT).await.err()));
        }
        if let Some(chats) = link.chats() {
            told.push(("chats", chats.page(0, 5).await.err()));
        }
        for (call, failure) in told {
            assert_eq!(
                failure,
                unknown(cause),
                "{kind:?} on {call} is a failure, not an answer"
            );
        }
    }
}

pub(crate) async fn a_wrong_token_is_told_by_every_facet(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let stranger = shop.reopened("nobody-knows-this-token", patient());
    let chat = mostrador_domain::Address::parse(&shop.customer());
    let message = text(&shop.customer(), "hola");
    let target = crate::listener::Listener::start().await.target("/hook/ours-x");

    let link = &*stranger;
    let mut told = vec![("health", link.health().check(true).await.err())];
    if let Some(pairing) = link.pairing() {
        told.push(("code", pairing.code().await.err()));
        if link.capabilities().pairing.logout {
            told.push(("logout", pairing.logout().await.err()));
        }
    }
    if let Some(messaging) = link.messaging() {
        told.push(("send", messaging.send(&message).await.err()));
    }
    if let Some(media) = link.media() {
        told.push((
            "download",
            media.download("png-0-0", 9, &mut Vec::new()).await.err(),
        ));
    }
    if let Some(read) = link.read_state() {
        told.push(("mark", read.mark_read(&chat, "Any.000001-000000").await.err()));
    }
    if let Some(chats) = link.chats() {
        told.push(("chats", chats.page(0, 5).await.err()));
    }
    if let Some(history) = link.history() {
        told.push(("history", history.recent(RECENT).await.err()));
        told.push(("chat", history.of_chat(&chat, RECENT).await.err()));
    }
    if let Some(webhooks) = link.webhooks() {
        told.push((
            "register",
            webhooks.register(&target, &["/hook/ours"]).await.err(),
        ));
    }
    for (facet, failure) in told {
        let lost = Failure::AuthLost {
            lost: AuthLost::Token,
        };
        assert_eq!(failure, Some(lost), "{facet}: a person has to give another token");
    }
    assert!(shop.sandbox.is_linked(), "the shop's own link is untouched");
    assert_eq!(shop.sandbox.ledger(), [], "nobody got anything");
}

pub(crate) async fn a_gateway_that_is_down_has_certainly_done_nothing(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let message = text(&shop.customer(), "hola");
    let Shop { sandbox, link, .. } = shop;
    sandbox.stop().await;
    let failure = link.messaging().expect("it sends").send(&message).await.err();
    assert_eq!(failure, Some(Failure::unreachable()), "nobody listens any more");
    assert_eq!(
        link.health().check(false).await.err(),
        Some(Failure::unreachable()),
        "the health is not known"
    );
}

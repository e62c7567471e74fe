//! Two numbers of the shop at one server, and somebody who tries the connection: the server counts them together.

use mostrador_domain::{Failure, NotSentCause};

use super::*;

fn status(left: u32) -> Reply {
    let body = r#"{"success":true,"data":{"status":"qr_pending","isReady":false,"hasQR":true}}"#;
    Reply::raw(&format!(
        "HTTP/1.1 200 OK\r\nx-ratelimit-remaining: {left}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

#[tokio::test]
async fn what_one_link_has_used_up_no_other_link_to_that_server_asks_for() {
    let peer = Peer::start(vec![status(0), status(99)]).await;
    let surroundings = Surroundings {
        elapsed: Arc::new(|| Duration::from_secs(1_000)),
    };
    let driver = ApiEngineDriver::new(&surroundings);
    let open = |url: &url::Url, key: &str| {
        let config = LinkConfig::default()
            .at(url)
            .with_secret(FieldKey::Token, SecretString::from(key));
        driver.open(config).expect("loopback and a key open a link")
    };
    let first = open(&peer.url(), KEY);
    first.health().check(false).await.expect("it answers");
    drop(first);

    let second = open(&peer.url(), "canary-key-53");
    let refused = second.health().check(false).await;
    assert!(
        matches!(
            refused,
            Err(Failure::NotSent {
                cause: NotSentCause::RateLimited,
                retry_after: Some(_)
            })
        ),
        "none are left for this address, whoever asks: {refused:?}"
    );
    assert_eq!(peer.requests().len(), 1, "so nothing has left");

    let elsewhere = Peer::start(vec![status(99)]).await;
    let other = open(&elsewhere.url(), KEY).health().check(false).await;
    assert!(other.is_ok(), "another server counts for itself: {other:?}");
}

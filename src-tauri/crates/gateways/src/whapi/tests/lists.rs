//! Lists and ids that are not what they should be.

use mostrador_domain::{Address, FailureCode, Inbound, MessageChangeKind};
use serde_json::json;

use super::{MALFORMED, NUMBER, linked_to, rejected};
use crate::HistoryQuery;
use crate::peer::Reply;

#[tokio::test]
async fn a_page_counts_what_came_and_not_what_the_gateway_says() {
    let noise = json!({"id": "N.1-a", "type": "unknown", "source": "system", "chat_id": "51900000021@s.whatsapp.net", "timestamp": 1});
    let text = json!({"id": "T.1-a", "type": "text", "text": {"body": "x"}, "chat_id": "51900000021@s.whatsapp.net", "timestamp": 1, "from": NUMBER});
    let body = json!({"messages": [text, noise], "count": 100, "total": 7, "offset": 0}).to_string();
    let (_peer, link) = linked_to(vec![Reply::json(200, &body)]).await;
    let query = HistoryQuery {
        since: None,
        offset: 0,
        count: 100,
    };
    let page = link
        .history()
        .expect("it has a history")
        .recent(query)
        .await
        .expect("200 is a page");
    assert_eq!(
        (page.items.len(), page.covered, page.total),
        (1, 2, Some(7)),
        "two came, one of them is noise"
    );
}

#[tokio::test]
async fn a_list_without_its_items_is_no_answer() {
    for body in [
        "{}",
        r#"{"messages":null}"#,
        r#"{"messages":{}}"#,
        r#"{"chats":[]}"#,
    ] {
        let (_peer, link) = linked_to(vec![Reply::json(200, body)]).await;
        let query = HistoryQuery {
            since: None,
            offset: 0,
            count: 1,
        };
        let failure = link
            .history()
            .expect("it has a history")
            .recent(query)
            .await
            .err();
        assert_eq!(
            failure,
            Some(MALFORMED),
            "{body} must not be taken for the end of the list"
        );
    }
}

#[tokio::test]
async fn ids_from_outside_that_are_none_are_never_put_into_a_path() {
    let (peer, link) = linked_to(Vec::new()).await;
    let chat = Address::parse(NUMBER);
    for id in ["", ".."] {
        let media = link
            .media()
            .expect("it has media")
            .download(id, 10, &mut Vec::new())
            .await
            .err();
        assert_eq!(
            media,
            Some(rejected(FailureCode::MediaMissing)),
            "{id:?} names no file"
        );
        assert_eq!(
            link.read_state().expect("it marks").mark_read(&chat, id).await,
            Ok(()),
            "{id:?} is no message"
        );
    }
    assert!(peer.requests().is_empty(), "no call was made");
}

#[tokio::test]
async fn a_vote_in_a_list_is_told_in_words_and_its_poll_is_asked_for_once() {
    let vote = |id: &str, by: &str| {
        json!({"id": id, "type": "action", "chat_id": "51900000021@s.whatsapp.net", "timestamp": 1, "from": by,
            "action": {"target": "Poll.0001-aaaa0001", "type": "vote", "votes": ["o2"]}})
    };
    let list = json!({"messages": [vote("V.1-a", "51900000021"), vote("V.2-a", "51900000022")], "count": 2, "total": 2});
    let poll = json!({"id": "Poll.0001-aaaa0001", "type": "poll", "from_me": true, "chat_id": "51900000021@s.whatsapp.net",
        "timestamp": 1, "poll": {"title": "¿Sabor?", "options": ["lúcuma", "fresa"], "total": 2,
        "results": [{"id": "o1", "name": "lúcuma", "count": 0}, {"id": "o2", "name": "fresa", "count": 2}]}});
    for (second, told) in [
        (Reply::json(200, &poll.to_string()), "fresa"),
        (
            Reply::json(404, r#"{"error":{"code":404,"message":"not found"}}"#),
            "o2",
        ),
    ] {
        let (peer, link) = linked_to(vec![Reply::json(200, &list.to_string()), second]).await;
        let query = HistoryQuery {
            since: None,
            offset: 0,
            count: 100,
        };
        let page = link
            .history()
            .expect("it has a history")
            .recent(query)
            .await
            .expect("what else is on the page is told");
        let votes: Vec<_> = page
            .items
            .iter()
            .filter_map(|item| match item {
                Inbound::Change(change) => Some(change.what.clone()),
                _ => None,
            })
            .collect();
        assert!(
            votes == vec![MessageChangeKind::Votes(vec![told.to_owned()]); 2],
            "as far as the gateway knows the poll: {told}"
        );
        let asked = peer.requests();
        assert_eq!(
            asked
                .iter()
                .filter(|asked| asked.contains("/messages/Poll.0001"))
                .count(),
            1,
            "once: {asked:?}"
        );
    }
}

//! Calls of the Explorer for which the gateway works before it answers: they are waited for, however short the usual limits are.

use serde_json::json;

use super::*;
use crate::catalogue::{Arguments, whatsapp_api_engine};
use crate::{CallProblem, Called, Content};

/// What a peer needs that does its work first.
const WORK: Duration = Duration::from_millis(1_500);

const fn within(transfer: Duration) -> CallTimes {
    CallTimes {
        connect: Duration::from_millis(500),
        call: Duration::from_millis(100),
        transfer,
    }
}

async fn called(times: CallTimes, id: &str, body: Option<Value>, said: Value) -> Result<Called, CallProblem> {
    let late = Reply::Late(WORK, Box::new(Reply::json(200, &said.to_string())));
    let shop = linked_within(times, vec![late]).await;
    let endpoint = whatsapp_api_engine().get(id).expect("documented");
    let arguments = Arguments {
        body,
        ..Arguments::default()
    };
    let endpoints = shop.link.endpoints().expect("all of the reference");
    endpoints.call(endpoint, &arguments).await
}

#[tokio::test]
async fn a_text_to_many_is_waited_for_as_long_as_the_gateway_sends() {
    let results = json!([{ "phone": NUMBER, "success": false, "error": "WhatsApp no está conectado" }]);
    let said = json!({ "success": true, "data": { "total": 1, "results": results } });
    let body = json!({ "recipients": [NUMBER], "message": "hola", "delay": 1000 });
    let short = within(Duration::from_millis(100));
    let called = called(short, "sendBulk", Some(body), said).await;
    let called = called.unwrap_or_else(|_| panic!("it was cut off while the gateway went on sending"));
    assert_eq!(called.status, 200, "the gateway's own answer");
    let Content::Json(told) = called.content else {
        panic!("it says what became of each number");
    };
    assert_eq!(told.pointer("/data/results"), Some(&results), "and it is shown");
}

#[tokio::test]
async fn whatever_the_explorer_calls_may_take_as_long_as_a_file() {
    for (id, body) in [
        ("checkNumbers", Some(json!({ "phones": [NUMBER] }))),
        ("restart", None),
        ("getQr", None),
    ] {
        let patient = within(Duration::from_secs(10));
        let called = called(patient, id, body, json!({ "success": true, "data": {} })).await;
        assert!(
            matches!(called, Ok(Called { status: 200, .. })),
            "{id} was cut off before the gateway had done it"
        );
    }
}

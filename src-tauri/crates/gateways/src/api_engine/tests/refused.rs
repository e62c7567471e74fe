//! What a server without a number, or with too many calls, answered, as it was recorded.

use mostrador_domain::{AuthLost, Failure, FailureCode, NotSentCause, UnknownCause};
use serde_json::json;

use super::*;
use crate::NumberVerdict;

const NOT_CONNECTED: Failure = Failure::NotSent {
    cause: NotSentCause::NotReady,
    retry_after: None,
};

async fn failure_of(status: u16, body: Value) -> Failure {
    let shop = linked_to(vec![Reply::json(status, &body.to_string())]).await;
    let sent = shop.link.messaging().expect("it sends").send(&text(NUMBER)).await;
    sent.expect_err("that is a refusal")
}

fn rejected(code: FailureCode) -> Failure {
    Failure::Rejected { code }
}

#[tokio::test]
async fn a_missing_and_a_wrong_key_are_a_lost_token() {
    let lost = Failure::AuthLost {
        lost: AuthLost::Token,
    };
    let missing = json!({ "success": false, "error": "API Key requerida", "code": "MISSING_API_KEY" });
    assert_eq!(failure_of(401, missing).await, lost, "recorded");
    let wrong = json!({ "success": false, "error": "API Key inválida", "code": "INVALID_API_KEY" });
    assert_eq!(failure_of(403, wrong).await, lost, "recorded");
}

#[tokio::test]
async fn only_the_words_for_no_number_mean_that_nothing_was_done() {
    let offline =
        json!({ "success": false, "error": "WhatsApp no está conectado", "code": "WHATSAPP_ERROR" });
    assert_eq!(failure_of(503, offline).await, NOT_CONNECTED, "recorded");
    let other = json!({ "success": false, "error": "WhatsApp Web: timeout", "code": "WHATSAPP_ERROR" });
    let unknown = |status| Failure::Unknown {
        cause: UnknownCause::ServerError(status),
    };
    assert_eq!(
        failure_of(503, other).await,
        unknown(503),
        "the same code, while it was being sent"
    );
    let internal = json!({ "success": false, "error": "Error interno del servidor" });
    assert_eq!(failure_of(500, internal).await, unknown(500), "nobody knows");
}

#[tokio::test]
async fn what_a_check_found_names_the_recipient_or_the_content() {
    let details = |fields: &[&str]| {
        let details: Vec<Value> = fields
            .iter()
            .map(|field| json!({ "field": field, "message": "Formato de número inválido (10-15 dígitos)" }))
            .collect();
        json!({ "success": false, "error": "Error de validación", "details": details })
    };
    let recipient = rejected(FailureCode::RefusedRecipient);
    assert_eq!(
        failure_of(400, details(&["phone", "message", "message"])).await,
        recipient,
        "recorded"
    );
    let content = rejected(FailureCode::RefusedContent);
    assert_eq!(
        failure_of(400, details(&["documentUrl", "filename"])).await,
        content,
        "recorded"
    );
    for bare in [
        "Se requiere imageUrl o base64 con mimetype",
        "Error interno del servidor",
    ] {
        let body = json!({ "success": false, "error": bare });
        assert_eq!(failure_of(400, body).await, content, "recorded: {bare}");
    }
    let hooks = json!({ "success": false, "errors": [
        { "type": "field", "value": "http://localhost:9999/h", "msg": "URL inválida", "path": "url", "location": "body" },
    ] });
    assert_eq!(
        failure_of(400, hooks).await,
        content,
        "recorded: the webhook routes' own shape"
    );
    let nowhere = json!({ "success": false, "error": "Ruta no encontrada" });
    let unexpected = Failure::Unknown {
        cause: UnknownCause::UnexpectedStatus(404),
    };
    assert_eq!(
        failure_of(404, nowhere).await,
        unexpected,
        "that is another server"
    );
}

#[tokio::test]
async fn a_look_up_while_offline_strikes_nobody_off() {
    let offline = "WhatsApp no está conectado";
    let all = json!({ "success": true, "data": { "total": 2, "registered": 0, "notRegistered": 2, "results": [
        { "phone": "51900000021", "isRegistered": false, "error": offline },
        { "phone": "51900000022", "isRegistered": false, "error": offline },
    ] } });
    let some = json!({ "success": true, "data": { "total": 2, "registered": 0, "notRegistered": 2, "results": [
        { "phone": "51900000021", "isRegistered": false, "error": "Protocol error" },
        { "phone": "51900000022", "isRegistered": false },
    ] } });
    let replies = [all, some].map(|body| Reply::json(200, &body.to_string()));
    let shop = linked_to(replies.into()).await;
    let contacts = shop.link.contacts().expect("it looks up");
    let numbers = ["51900000021", "51900000022"].map(str::to_owned);
    assert_eq!(
        contacts.check(&numbers).await,
        Err(NOT_CONNECTED),
        "nothing was looked up"
    );
    let verdicts = vec![NumberVerdict::NotTold, NumberVerdict::NotOnWhatsApp];
    assert_eq!(
        contacts.check(&numbers).await,
        Ok(verdicts),
        "a reason for failing is no verdict"
    );
}

#[tokio::test]
async fn when_no_call_remains_none_is_made_before_the_window_ends() {
    let head = "HTTP/1.1 429 x\r\nX-RateLimit-Limit: 100\r\nX-RateLimit-Remaining: 0\r\nRetry-After: 896\r\n";
    let body = r#"{"success":false,"error":"Demasiadas solicitudes"}"#;
    let reply = format!(
        "{head}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let shop = linked_to(vec![Reply::raw(&reply)]).await;
    let limited = |seconds| {
        Some(Failure::NotSent {
            cause: NotSentCause::RateLimited,
            retry_after: Some(Duration::from_secs(seconds)),
        })
    };
    let health = shop.link.health();
    assert_eq!(health.check(false).await.err(), limited(896), "recorded");
    shop.seconds.fetch_add(800, Ordering::Relaxed);
    let sent = shop.link.messaging().expect("it sends").send(&text(NUMBER)).await;
    assert_eq!(sent.err(), limited(96), "it is known without asking");
    assert_eq!(
        shop.peer.requests().len(),
        1,
        "each refused call would count as well"
    );
    shop.seconds.fetch_add(96, Ordering::Relaxed);
    assert_ne!(
        health.check(false).await.err(),
        limited(0),
        "a new window: it is asked"
    );
    assert_eq!(shop.peer.requests().len(), 2, "and was");
}

#[tokio::test]
async fn a_refusal_whose_delay_was_taken_away_on_the_way_lasts_until_its_window_ends() {
    // 120 seconds after the answer's own date.
    let head = "HTTP/1.1 429 x\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-RateLimit-Limit: 100\r\nX-RateLimit-Remaining: 0\r\n\
                X-RateLimit-Reset: 784111897\r\n";
    let reply = format!("{head}content-length: 2\r\nconnection: close\r\n\r\n{{}}");
    let shop = linked_to(vec![Reply::raw(&reply)]).await;
    let limited = |seconds| {
        Some(Failure::NotSent {
            cause: NotSentCause::RateLimited,
            retry_after: Some(Duration::from_secs(seconds)),
        })
    };
    let messaging = shop.link.messaging().expect("it sends");
    assert_eq!(
        messaging.send(&text(NUMBER)).await.err(),
        limited(120),
        "the window's end is told"
    );
    shop.seconds.fetch_add(100, Ordering::Relaxed);
    assert_eq!(
        messaging.send(&text(NUMBER)).await.err(),
        limited(20),
        "and known"
    );
    assert_eq!(
        shop.link.health().check(true).await.err(),
        limited(20),
        "to everything that asks"
    );
    assert_eq!(shop.peer.requests().len(), 1, "without asking");
    shop.seconds.fetch_add(20, Ordering::Relaxed);
    assert_ne!(
        messaging.send(&text(NUMBER)).await.err(),
        limited(0),
        "a new window"
    );
    assert_eq!(shop.peer.requests().len(), 2, "it is asked");
}

#[tokio::test]
async fn the_last_calls_are_asked_with_only_where_a_message_depends_on_it() {
    let with_nine_left = |body: &Value| {
        let body = body.to_string();
        Reply::raw(&format!(
            "HTTP/1.1 200 x\r\nX-RateLimit-Remaining: 9\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        ))
    };
    let status =
        json!({ "success": true, "data": { "status": "qr_pending", "isReady": false, "hasQR": true } });
    let shop = linked_to(vec![with_nine_left(&status), with_nine_left(&status)]).await;
    let health = shop.link.health();
    assert!(health.check(false).await.is_ok(), "nothing is known of them yet");
    let spared = Failure::NotSent {
        cause: NotSentCause::Spared,
        retry_after: Some(Duration::from_secs(900)),
    };
    assert_eq!(
        health.check(false).await,
        Err(spared),
        "by routine it is not asked"
    );
    assert_eq!(shop.peer.requests().len(), 1, "no call went there");
    assert!(
        health.check(true).await.is_ok(),
        "a link in trouble holds up every message"
    );
    assert_eq!(shop.peer.requests().len(), 2, "so it is asked after");
}

#[tokio::test]
async fn what_it_would_certainly_refuse_never_leaves() {
    let shop = linked_to(Vec::new()).await;
    let messaging = shop.link.messaging().expect("it sends");
    for nobody in [
        "120363000000000021@g.us",
        "519000@s.whatsapp.net",
        "99000000000001@lid",
    ] {
        let sent = messaging.send(&text(nobody)).await;
        assert_eq!(
            sent.err(),
            Some(rejected(FailureCode::RefusedRecipient)),
            "{nobody}"
        );
    }
    let quoting = Outgoing {
        quoted: Some("3EB0".into()),
        ..text(NUMBER)
    };
    let sent = messaging.send(&quoting).await;
    assert_eq!(
        sent.err(),
        Some(rejected(FailureCode::RefusedContent)),
        "it cannot quote"
    );
    assert_eq!(shop.peer.requests(), Vec::<String>::new(), "nothing has left");
}

//! WhatsApp API Engine's.

use std::sync::Arc;
use std::time::Duration;

use mostrador_gateways::api_engine::ApiEngineDriver;
use mostrador_gateways::{Driver, FieldKey, LinkConfig, Surroundings, catalogue};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::asked::{Given, ROSA, TINY, nobody_is_let_in, refused_with};

const PATH: &str = "/dialects/api_engine";

#[tokio::test]
async fn the_practice_shop_takes_every_entry_of_the_api_engine() {
    takes_every_entry(Given::Least).await;
}

#[tokio::test]
async fn the_practice_shop_takes_every_entry_of_the_api_engine_with_all_that_may_be_given() {
    takes_every_entry(Given::Whole).await;
}

/// An address that is called.
async fn registered(sandbox: &Sandbox) -> Value {
    let url = format!("{}{PATH}/api/webhooks/register", sandbox.url());
    let hook = json!({ "url": "http://127.0.0.1:9/h", "events": ["*"] });
    let request = reqwest::Client::new()
        .post(url)
        .header("x-api-key", sandbox.token());
    let answer = request.json(&hook).send().await.expect("an answer");
    let said: Value = answer.json().await.expect("JSON");
    said["data"]["webhookId"].clone()
}

async fn takes_every_entry(given_fields: Given) {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    let url = Url::parse(&format!("{}{PATH}", sandbox.url())).expect("its address");
    let token = SecretString::from(sandbox.token().to_owned());
    let given = LinkConfig::default().at(&url).with_secret(FieldKey::Token, token);
    let surroundings = Surroundings {
        elapsed: Arc::new(|| Duration::ZERO),
    };
    let link = ApiEngineDriver::new(&surroundings).open(given).expect("a link");
    let endpoints = link.endpoints().expect("all of the reference");
    let address = json!("https://shop.example/a");
    let mut all = Vec::new();
    for endpoint in &catalogue::whatsapp_api_engine().endpoints {
        // A code is on show only as long as no number is linked.
        if !["getHealth", "getStatus", "getQr", "getQrImage"].contains(&endpoint.id.as_str()) {
            sandbox.link();
        }
        let words = match endpoint.id.as_str() {
            "sendImage" => json!({ "base64": TINY, "mimetype": "image/png" }),
            "sendDocument" => json!({ "documentUrl": address }),
            "sendBulk" => json!({ "recipients": [ROSA], "delay": 1000 }),
            "deleteWebhook" | "toggleWebhook" => json!({ "id": registered(&sandbox).await }),
            _ => json!({}),
        };
        all.extend(refused_with(endpoints, endpoint, &words, given_fields).await);
    }
    assert_eq!(all, Vec::<String>::new(), "about what is there each is done");
    let got: Vec<String> = sandbox
        .ledger_of(ROSA)
        .into_iter()
        .map(|entry| entry.kind)
        .collect();
    assert_eq!(
        got,
        ["text", "image", "document", "text"],
        "the customer got what was sent"
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn nobody_enters_without_the_key() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    let all = catalogue::whatsapp_api_engine();
    nobody_is_let_in(&sandbox, PATH, all, "x-api-key", &["getHealth"]).await;
    sandbox.stop().await;
}

#[tokio::test]
async fn the_engines_refusals_are_worded_as_they_were_recorded() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    let client = reqwest::Client::new();
    let details = |fields: &[(&str, &str)]| -> Value {
        fields
            .iter()
            .map(|(field, message)| json!({ "field": field, "message": message }))
            .collect()
    };
    let document = [
        ("documentUrl", "URL de documento inválida"),
        ("filename", "El nombre del archivo es requerido"),
    ];
    let bulk = [
        ("recipients", "Se requiere un array de 1 a 100 destinatarios"),
        ("delay", "Delay entre 1000 y 10000 ms"),
    ];
    let cases = [
        (
            "POST",
            "/api/messages/send",
            json!({ "phone": ROSA, "message": "hola" }),
            503,
            "/code",
            json!("WHATSAPP_ERROR"),
        ),
        (
            "POST",
            "/api/messages/send-image",
            json!({ "phone": ROSA }),
            400,
            "/error",
            json!("Se requiere imageUrl o base64 con mimetype"),
        ),
        (
            "POST",
            "/api/messages/send-document",
            json!({ "phone": ROSA, "documentUrl": "x" }),
            400,
            "/details",
            details(&document),
        ),
        (
            "POST",
            "/api/messages/send-bulk",
            json!({ "recipients": [], "message": "x", "delay": 10 }),
            400,
            "/details",
            details(&bulk),
        ),
        (
            "POST",
            "/api/messages/send",
            json!({ "phone": ROSA, "message": 5 }),
            400,
            "/error",
            json!("Error de validación"),
        ),
        (
            "GET",
            "/api/contacts/check/abc",
            Value::Null,
            400,
            "/details",
            details(&[("phone", "Formato de número inválido")]),
        ),
        (
            "POST",
            "/api/contacts/check-bulk",
            json!({}),
            500,
            "/error",
            json!("Error interno del servidor"),
        ),
        (
            "POST",
            "/api/contacts/check-bulk",
            json!({ "phones": ROSA }),
            400,
            "/error",
            json!("Error de validación"),
        ),
        (
            "POST",
            "/api/webhooks/register",
            json!({ "url": "http://127.0.0.1:9/h", "events": [] }),
            400,
            "/errors/0/msg",
            json!("Se requiere al menos un evento"),
        ),
        (
            "POST",
            "/api/webhooks/wh_0/toggle",
            Value::Null,
            404,
            "/error",
            json!("Webhook no encontrado"),
        ),
        (
            "GET",
            "/api/nope",
            Value::Null,
            404,
            "/error",
            json!("Ruta no encontrada"),
        ),
        (
            "GET",
            "/api/messages/send",
            Value::Null,
            404,
            "/error",
            json!("Ruta no encontrada"),
        ),
    ];
    for (method, path, body, status, place, expected) in cases {
        let url = format!("{}{PATH}{path}", sandbox.url());
        let request = client.request(method.parse().expect("a method"), url);
        let request = request.header("x-api-key", sandbox.token());
        let request = if body.is_null() {
            request
        } else {
            request.json(&body)
        };
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let said: Value = answer.json().await.expect("JSON");
        assert_eq!(said.pointer(place), Some(&expected), "{path}");
    }
    sandbox.stop().await;
}

//! Waconecta's.

use mostrador_gateways::waconecta::WaconectaDriver;
use mostrador_gateways::{Driver, FieldKey, LinkConfig, catalogue};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::asked::{Given, ROSA, nobody_is_let_in, refused_with};

const PATH: &str = "/dialects/waconecta";

#[tokio::test]
async fn the_practice_shop_takes_every_entry_of_waconecta() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let token = || SecretString::from(sandbox.token().to_owned());
    let url = Url::parse(&format!("{}{PATH}", sandbox.url())).expect("its address");
    let given = LinkConfig::default()
        .at(&url)
        .with_secret(FieldKey::Token, token())
        .with_secret(FieldKey::ContainerToken, token());
    let link = WaconectaDriver::default().open(given).expect("a link");
    let endpoints = link.endpoints().expect("all of the reference");
    let mut all = Vec::new();
    for given in [Given::Least, Given::Whole] {
        for endpoint in &catalogue::waconecta().endpoints {
            let words = match endpoint.id.as_str() {
                "getQrStaticSession" => json!({ "containerToken": sandbox.token() }),
                _ => json!({}),
            };
            all.extend(refused_with(endpoints, endpoint, &words, given).await);
        }
    }
    assert_eq!(all, Vec::<String>::new(), "each as the documentation has it");
    assert_eq!(sandbox.ledger_of(ROSA).len(), 2, "the customer got the texts");
    sandbox.stop().await;
}

#[tokio::test]
async fn nobody_enters_without_the_key() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    nobody_is_let_in(&sandbox, PATH, catalogue::waconecta(), "x-api-key", &[]).await;
    sandbox.stop().await;
}

#[tokio::test]
async fn what_the_documentation_forbids_is_refused_in_its_envelope() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let client = reqwest::Client::new();
    let cases = [
        ("sendMessage", json!({ "message": "a" })),
        ("sendMessage", json!({ "number": ROSA })),
        ("sendMessage", json!({ "number": [ROSA], "message": "a" })),
        ("sendMessage", json!({ "number": ROSA, "message": 5 })),
        ("sendMessage", json!({ "number": "12", "message": "a" })),
        ("getQrStaticSession", json!({})),
        ("getQrStaticSession", json!({ "containerToken": 1 })),
    ];
    for (call, body) in cases {
        let url = format!("{}{PATH}/api/v1/services/{call}", sandbox.url());
        let request = client.post(url).header("x-api-key", sandbox.token()).json(&body);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 400, "{call} {body}");
        let said: Value = answer.json().await.expect("JSON");
        assert_eq!(
            (&said["success"], &said["status"], &said["data"]),
            (&json!(false), &json!(400), &json!("")),
            "{call} {body}"
        );
    }
    let url = format!("{}{PATH}/api/v1/services/sendMessage", sandbox.url());
    let number = json!({ "number": 51_900_000_011_u64, "message": "a" });
    let answer = client
        .post(url)
        .header("x-api-key", sandbox.token())
        .json(&number)
        .send()
        .await;
    assert!(
        answer.expect("an answer").status().is_success(),
        "documented as a number too"
    );
    sandbox.stop().await;
}

//! Whapi's.

use std::sync::Arc;

use mostrador_gateways::whapi::WhapiDriver;
use mostrador_gateways::{DeviceLink, Driver, FieldKey, LinkConfig, catalogue};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::asked::{Given, ROSA, refused_with};

/// What the documentation asks for in words and its schema does not: one of several fields, or a file of the right kind.
fn told_only_in_words(id: &str) -> Value {
    let media = |of: &str, bytes: &str| json!({ "media": format!("data:{of};base64,{bytes}") });
    match id {
        "sendMessageVideo" | "sendMessageShort" | "sendMessageGif" => {
            media("video/mp4", "AAAAGGZ0eXBpc29tAAAAAGlzb21tcDQy")
        }
        "sendMessageAudio" | "sendMessageVoice" => {
            media("audio/ogg", "T2dnUwACAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE9wdXNIZWFk")
        }
        "sendMessageContactList" => {
            json!({ "list": [{ "name": "A", "vcard": "BEGIN:VCARD\nFN:A\nEND:VCARD" }] })
        }
        "sendMessageInteractive" => json!({
            "body": { "text": "a" },
            "action": { "buttons": [{ "type": "quick_reply", "title": "a", "id": "1" }] },
        }),
        "sendMessageStory" | "createStory" => json!({ "caption": "a" }),
        "patchChat" => json!({ "pin": true }),
        "updateGroupInfo" => json!({ "subject": "a" }),
        "createCollection" => json!({ "products": [] }),
        "editLabel" => json!({ "name": "a" }),
        _ => json!({}),
    }
}

/// What the practice shop refuses of all together, besides: an answer to, or a new wording of, a message that is not there (404); and of
/// several fields it takes one, or the smallest value of one means another thing (400).
const NOT_AT_ONCE: [&str; 26] = [
    "updateUserProfile: 404",
    "sendMessageText: 404",
    "sendMessageImage: 404",
    "sendMessageVideo: 404",
    "sendMessageShort: 404",
    "sendMessageGif: 404",
    "sendMessageAudio: 404",
    "sendMessageVoice: 404",
    "sendMessageDocument: 404",
    "sendMessageLinkPreview: 404",
    "sendMessageLocation: 404",
    "sendMessageLiveLocation: 404",
    "sendMessageContact: 404",
    "sendMessageContactList: 404",
    "sendMessagePoll: 404",
    "sendMessageInteractive: 400",
    "sendMessageSticker: 404",
    "sendMessageStoryText: 400",
    "sendMediaMessage: 404",
    "sendMessageCarousel: 404",
    "patchChat: 400",
    "sendContact: 404",
    "createStoryText: 400",
    "sendCatalog: 404",
    "addLabelAssociation: 404",
    "deleteLabelAssociation: 404",
];

/// Refused with 400 for what is not there, as documented: a collection, and a webhook that does not answer.
const NOT_THERE: [&str; 5] = [
    "webhookTest",
    "getCollection",
    "editCollection",
    "deleteCollection",
    "getCollectionProductList",
];

async fn shop() -> (Sandbox, Arc<dyn DeviceLink>) {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let url = Url::parse(&sandbox.url()).expect("its address");
    let token = SecretString::from(sandbox.token().to_owned());
    let given = LinkConfig::default().at(&url).with_secret(FieldKey::Token, token);
    let link = WhapiDriver::default().open(given).expect("a link");
    (sandbox, link)
}

/// What the practice shop refuses of the least, because it is about something that is not there, or is done already.
const NOT_DONE: [&str; 46] = [
    "resetChannelSettings: 409",
    "loginUser: 409",
    "loginUserImage: 409",
    "loginUserRowData: 409",
    "loginUserViaAuthCode: 409",
    "getMessage: 404",
    "forwardMessage: 404",
    "markMessageAsRead: 404",
    "deleteMessage: 404",
    "reactToMessage: 404",
    "removeReactFromMessage: 404",
    "starMessage: 404",
    "pinMessage: 404",
    "unpinMessage: 404",
    "archiveChat: 404",
    "patchChat: 404",
    "addContact: 409",
    "getContactIdByLid: 404",
    "getPresence: 404",
    "acceptGroupInvite: 404",
    "getGroup: 404",
    "updateGroupInfo: 404",
    "leaveGroup: 404",
    "updateGroupSetting: 404",
    "getGroupInvite: 404",
    "revokeGroupInvite: 404",
    "addGroupParticipant: 404",
    "removeGroupParticipant: 404",
    "getGroupIcon: 404",
    "setGroupIcon: 404",
    "deleteGroupIcon: 404",
    "demoteGroupAdmin: 404",
    "promoteToGroupAdmin: 404",
    "sendGroupInvite: 404",
    "getGroupMetadataByInviteCode: 404",
    "getStory: 404",
    "getMessageViewStatuses: 404",
    "getMedia: 404",
    "deleteMedia: 404",
    "getProduct: 404",
    "sendProduct: 404",
    "updateProduct: 404",
    "deleteProduct: 404",
    "getOrderItems: 404",
    "rejectCall: 404",
    "rejectCallDeprecated: 404",
];

/// What becomes of every entry, asked so, and is not done.
async fn not_done(given: Given) -> Vec<String> {
    let (sandbox, link) = shop().await;
    let endpoints = link.endpoints().expect("all of the reference");
    let mut all = Vec::new();
    for endpoint in &catalogue::whapi().endpoints {
        sandbox.link();
        let words = told_only_in_words(&endpoint.id);
        let told = refused_with(endpoints, endpoint, &words, given).await;
        let expected = NOT_THERE.contains(&endpoint.id.as_str());
        all.extend(told.filter(|told| !(expected && told.ends_with(": 400"))));
    }
    sandbox.stop().await;
    all
}

#[tokio::test]
async fn the_practice_shop_takes_every_entry_with_the_least_that_its_schema_allows() {
    let all = not_done(Given::Least).await;
    assert_eq!(all, NOT_DONE, "each as the documentation has it");
}

#[tokio::test]
async fn the_practice_shop_takes_every_entry_with_all_that_its_schema_allows() {
    let mut all = not_done(Given::Whole).await;
    all.retain(|told| !NOT_DONE.contains(&told.as_str()));
    assert_eq!(all, NOT_AT_ONCE, "each as the documentation has it");
}

#[tokio::test]
async fn the_practice_shop_refuses_what_its_own_copy_of_the_documentation_forbids() {
    let (sandbox, _) = shop().await;
    let client = reqwest::Client::new();
    let post = |path: &str, body: Value| {
        let url = format!("{}{path}", sandbox.url());
        client.post(url).bearer_auth(sandbox.token()).json(&body).send()
    };
    let without_title = post("/messages/quiz", json!({ "to": ROSA, "options": ["a", "b"] })).await;
    let wrong_kind = post("/communities", json!({ "subject": 1, "description": "a" })).await;
    let no_such_verb = post("/bots", json!({})).await;
    let status = |answer: reqwest::Result<reqwest::Response>| answer.expect("an answer").status().as_u16();
    assert_eq!(status(without_title), 400, "a quiz has a title");
    assert_eq!(status(wrong_kind), 400, "a subject is a text");
    assert_eq!(status(no_such_verb), 405, "the list of bots is only read");
    sandbox.stop().await;
}

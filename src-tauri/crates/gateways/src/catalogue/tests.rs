use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::FieldKey;

/// Its name, its data, the documented list, and how many that list has.
type Held = (&'static str, fn() -> &'static Catalogue, &'static str, usize);

const ALL: [Held; 5] = [
    ("whapi", whapi, include_str!("whapi.list"), 190),
    ("waconecta", waconecta, include_str!("waconecta.list"), 2),
    (
        "whatsapp-api-engine",
        whatsapp_api_engine,
        include_str!("whatsapp-api-engine.list"),
        18,
    ),
    ("qr-buho", qr_buho, include_str!("qr-buho.list"), 72),
    ("evolution", evolution, include_str!("evolution.list"), 80),
];

/// Documented on a page of its own for each kind of message, and so an entry for each.
const SENDS: &str = "POST /api/send/{instance}";

#[test]
fn each_kind_that_qr_buhos_newest_send_takes_is_a_form_of_its_own_that_forgets_nothing() {
    let sends = qr_buho().endpoints.iter();
    let sends = sends.filter(|one| format!("{} {}", one.method, one.path) == SENDS);
    let mut asked = Vec::new();
    for endpoint in sends {
        let Some(Body::Json { fields, .. }) = &endpoint.body else {
            panic!("{} carries JSON", endpoint.id)
        };
        let kinds = &fields[0].schema.choices;
        assert_eq!(kinds.len(), 1, "{} is of one kind", endpoint.id);
        let given = |payload: Value| json!({ "type": kinds[0], "payload": payload });
        let instance = json!({ "instance": "51900000010" });
        let told = problems_in(qr_buho(), &endpoint.id, instance.clone(), Some(given(json!({}))));
        assert!(
            told.iter().all(|(_, why)| *why == Why::Missing),
            "{}",
            endpoint.id
        );
        let missing: Vec<&str> = told
            .iter()
            .filter_map(|(at, _)| at.strip_prefix("body.payload."))
            .collect();
        asked.push(format!("{} {}: {}", endpoint.id, kinds[0], missing.join(" ")));
        let another = problems_in(
            qr_buho(),
            &endpoint.id,
            instance,
            Some(json!({ "type": "sendNothing" })),
        );
        assert_eq!(
            another[0],
            ("body.type".to_owned(), Why::NotAChoice),
            "{}",
            endpoint.id
        );
    }
    let documented = [
        "send_by_instance_text sendText: number text",
        "send_by_instance_media sendMedia: number mediatype media",
        "send_by_instance_document sendMedia: number mediatype media filename",
        "send_by_instance_audio sendWhatsAppAudio: number audio",
        "send_by_instance_ptv sendPtv: number video",
        "send_by_instance_location sendLocation: number name address latitude longitude",
        "send_by_instance_contact sendContact: number contact",
        "send_by_instance_poll sendPoll: number name selectableCount values",
        "send_by_instance_buttons sendButtons: number title buttons",
        "send_by_instance_list sendList: number title buttonText sections",
    ];
    assert_eq!(
        asked, documented,
        "what has to be given of each, as its page has it"
    );
}

#[test]
fn each_catalogue_is_the_documented_list_with_none_missing_and_none_more() {
    for (name, catalogue, list, count) in ALL {
        let documented: BTreeSet<String> = list.lines().map(str::to_owned).collect();
        let offered: Vec<String> = catalogue()
            .endpoints
            .iter()
            .map(|endpoint| format!("{} {}", endpoint.method, endpoint.path))
            .collect();
        let once: BTreeSet<String> = offered.iter().cloned().collect();
        let mut twice: Vec<&String> = offered.iter().collect();
        once.iter().for_each(|call| {
            let first = twice.iter().position(|one| *one == call);
            first.map(|at| twice.swap_remove(at));
        });
        let in_several = |call: &&String| (name, call.as_str()) == ("qr-buho", SENDS);
        assert!(
            twice.iter().all(in_several),
            "{name}: no operation stands twice: {twice:?}"
        );
        assert_eq!(
            once, documented,
            "{name}: the documentation's operations and no others"
        );
        assert_eq!(once.len(), count, "{name}: as many as were counted by hand");
    }
}

#[test]
fn an_id_stands_once_and_every_value_of_a_path_is_described() {
    for (name, catalogue, ..) in ALL {
        let ids: BTreeSet<&str> = catalogue().endpoints.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids.len(), catalogue().endpoints.len(), "{name}: ids are unique");
        for endpoint in &catalogue().endpoints {
            let described = endpoint
                .parameters
                .iter()
                .filter(|one| one.place == Place::Path)
                .count();
            assert_eq!(
                described,
                endpoint.path.matches('{').count(),
                "{name} {}: each value in braces",
                endpoint.id
            );
        }
    }
}

#[test]
fn whapi_has_seventeen_groups_and_ten_operations_without_a_schema() {
    let groups: BTreeSet<&str> = whapi().endpoints.iter().map(|one| one.group.as_str()).collect();
    assert_eq!(groups.len(), 17, "as the reference groups them");
    let unknown = whapi().endpoints.iter().filter(|one| one.undocumented).count();
    assert_eq!(unknown, 10, "named by the vendor, and no more");
}

#[test]
fn each_operation_of_a_gateway_with_generations_says_which_have_it() {
    let lines = include_str!("qr-buho.generations").lines().count();
    let operations: BTreeSet<(&str, &str)> = qr_buho()
        .endpoints
        .iter()
        .map(|one| (one.method.as_str(), one.path.as_str()))
        .collect();
    assert_eq!(lines, operations.len(), "a line an operation");
    let has = |id: &str| qr_buho().get(id).map(|endpoint| endpoint.generations.clone());
    for endpoint in &qr_buho().endpoints {
        let known = endpoint
            .generations
            .iter()
            .all(|word| ["current", "intermediate", "qrapi2"].contains(word));
        assert!(
            known && !endpoint.generations.is_empty(),
            "{} has none",
            endpoint.id
        );
    }
    assert_eq!(
        has("send_by_instance_text"),
        Some(vec!["current"]),
        "the newest send"
    );
    assert_eq!(has("message_send"), Some(vec!["qrapi2"]), "the one that guesses");
    assert!(
        whapi()
            .endpoints
            .iter()
            .all(|endpoint| endpoint.generations.is_empty()),
        "a gateway with one generation says nothing"
    );
}

#[test]
fn each_call_that_was_recorded_of_qrapi_2_is_said_to_be_of_it() {
    let recorded = include_str!("qr-buho.qrapi2.list").lines();
    let hidden: Vec<&str> = recorded
        .clone()
        .filter(|line| {
            let mut its = qr_buho().endpoints.iter();
            let found = its.find(|one| format!("{} {}", one.method, one.path) == **line);
            !found.is_some_and(|one| one.generations.contains(&"qrapi2"))
        })
        .collect();
    assert_eq!(hidden, Vec::<&str>::new(), "recorded, and not listed");
    assert_eq!(recorded.count(), 34, "46 recordings of so many calls");
}

#[test]
fn whatever_removes_or_reaches_customers_wants_a_confirmation() {
    let danger = |id: &str| whapi().get(id).and_then(|one| one.danger);
    for (id, expected) in [
        ("sendMessageText", Some(Danger::Tells)),
        ("deleteMessage", Some(Danger::Irreversible)),
        ("checkHealth", None),
    ] {
        assert_eq!(danger(id), expected, "{id}");
    }
    for endpoint in whapi().endpoints.iter().filter(|one| one.method == "GET") {
        assert_eq!(endpoint.danger, None, "{} only asks", endpoint.id);
    }
}

#[test]
fn whatever_changes_something_wants_a_confirmation_unless_it_is_listed_here() {
    for (id, catalogue, expected) in [
        ("group_accept_invite", evolution(), Danger::Tells),
        ("tenant_register", qr_buho(), Danger::Irreversible),
        ("plan_register", qr_buho(), Danger::Irreversible),
        ("auth_register", qr_buho(), Danger::Irreversible),
        ("devices_create", qr_buho(), Danger::Irreversible),
    ] {
        let danger = catalogue.get(id).and_then(|one| one.danger);
        assert_eq!(danger, Some(expected), "{id}");
    }
    let mut unasked = Vec::new();
    for (name, catalogue, ..) in ALL {
        let changing = catalogue().endpoints.iter().filter(|one| {
            let asks = matches!(one.method.as_str(), "GET" | "HEAD");
            !asks && one.danger.is_none()
        });
        unasked.extend(changing.map(|one| format!("{name} {}", one.id)));
    }
    let listed: Vec<&str> = include_str!("unasked.list").lines().collect();
    assert_eq!(
        unasked, listed,
        "each of these only asks, signs in, or can be taken back where nobody sees it"
    );
}

/// What is done, what that is, and the operations that do it (`catalogue id`).
const ACTS: [(&str, Danger, &[&str]); 13] = [
    (
        "says that a message was read",
        Danger::Tells,
        &[
            "whapi markMessageAsRead",
            "qr-buho chat_read",
            "qr-buho chat_message_mark_read",
            "evolution chat_mark_read",
        ],
    ),
    (
        "shows that somebody writes",
        Danger::Tells,
        &[
            "whapi sendPresence",
            "qr-buho chat_presence_send",
            "evolution chat_send_presence",
        ],
    ),
    (
        "cuts somebody off",
        Danger::Tells,
        &[
            "whapi blacklistAdd",
            "qr-buho message_contact_block",
            "evolution chat_block_status",
        ],
    ),
    (
        "turns a caller away",
        Danger::Tells,
        &[
            "whapi rejectCall",
            "whapi rejectCallDeprecated",
            "qr-buho call_reject",
        ],
    ),
    (
        "calls somebody",
        Danger::Tells,
        &["qr-buho call_fake", "evolution call_offer"],
    ),
    (
        "sends a text",
        Danger::Tells,
        &[
            "whapi sendMessageText",
            "waconecta sendMessage",
            "whatsapp-api-engine send",
            "qr-buho send_by_instance_text",
            "qr-buho message_send_text",
            "qr-buho message_send_text_older",
            "qr-buho message_send",
            "evolution message_send_text",
        ],
    ),
    (
        "sends to many at once",
        Danger::ToMany,
        &["whatsapp-api-engine sendBulk", "qr-buho campaigns_manual"],
    ),
    (
        "changes how customers see the shop",
        Danger::Tells,
        &[
            "whapi updateUserProfile",
            "whapi changeStatus",
            "evolution chat_update_profile_name",
            "evolution chat_update_profile_status",
            "evolution chat_update_profile_picture",
        ],
    ),
    (
        "changes who sees what of the shop",
        Danger::Tells,
        &["evolution chat_update_privacy"],
    ),
    (
        "lets messages of a chat disappear for everybody in it",
        Danger::Tells,
        &[
            "whapi patchChat",
            "qr-buho group_toggle_ephemeral",
            "evolution group_ephemeral",
        ],
    ),
    (
        "takes a message back",
        Danger::Irreversible,
        &[
            "whapi deleteMessage",
            "qr-buho chat_message_delete",
            "evolution chat_delete_message",
        ],
    ),
    (
        "unlinks the number",
        Danger::Irreversible,
        &[
            "whapi logoutUser",
            "whatsapp-api-engine logout",
            "qr-buho devices_delete_by_id",
            "evolution instance_logout",
        ],
    ),
    (
        "leaves a group",
        Danger::Irreversible,
        &["whapi leaveGroup", "qr-buho group_leave", "evolution group_leave"],
    ),
];

#[test]
fn the_same_act_is_as_dangerous_whichever_gateway_does_it() {
    for (act, danger, operations) in ACTS {
        for operation in operations {
            let (name, id) = operation.split_once(' ').expect("a catalogue and an id");
            let (_, catalogue, ..) = ALL
                .iter()
                .find(|(known, ..)| *known == name)
                .expect("a catalogue");
            let found = catalogue().get(id).expect("an operation of it");
            assert_eq!(found.danger, Some(danger), "{operation} {act}");
        }
    }
}

#[test]
fn what_no_path_is_published_for_is_named_in_a_group_that_is_there_and_has_a_field_for_it() {
    let named = qr_buho().unpublished.iter();
    let named: Vec<(&str, &str)> = named
        .map(|one| (one.endpoint.id.as_str(), one.field.as_str()))
        .collect();
    assert_eq!(
        named,
        [("tenant_block", "block_path"), ("tenant_unblock", "unblock_path")],
        "blocking a customer of the reseller is only mentioned"
    );
    for (name, catalogue, ..) in ALL {
        for Unpublished { field, endpoint } in &catalogue().unpublished {
            let id = &endpoint.id;
            let mut groups = catalogue().endpoints.iter().map(|one| &one.group);
            assert!(groups.any(|group| *group == endpoint.group), "{name}: {id}");
            assert!(
                catalogue().get(id).is_none(),
                "{name}: {id} is not among what is documented"
            );
            assert_eq!(endpoint.path, "", "{name}: {id} has no path of ours");
            let key = FieldKey::from_word(field);
            assert!(
                key.is_some_and(FieldKey::may_change),
                "{name}: {id} can be typed at any time"
            );
        }
    }
}

fn problems(id: &str, parameters: Value, body: Option<Value>) -> Vec<(String, Why)> {
    problems_in(whapi(), id, parameters, body)
}

fn problems_in(
    catalogue: &'static Catalogue,
    id: &str,
    parameters: Value,
    body: Option<Value>,
) -> Vec<(String, Why)> {
    let endpoint = catalogue.get(id).expect("an operation of the catalogue");
    let arguments = Arguments {
        parameters: parameters.as_object().cloned().unwrap_or_default(),
        body,
        file: None,
    };
    let told = checked(endpoint, &arguments).err().unwrap_or_default();
    told.into_iter()
        .map(|problem| (problem.at, problem.why))
        .collect()
}

#[test]
fn arguments_that_the_schema_allows_make_a_call() {
    let text = json!({ "to": "51900000011", "body": "a", "typing_time": 60 });
    assert_eq!(problems("sendMessageText", json!({}), Some(text)), vec![]);
    assert_eq!(problems("getChats", json!({ "count": 500 }), None), vec![]);
    assert_eq!(
        problems("createOrder", json!({}), Some(json!(["anything"]))),
        vec![],
        "without a schema any JSON goes"
    );
}

#[test]
fn each_breach_of_the_schema_is_told_with_its_place() {
    let at = |at: &str, why: Why| vec![(at.to_owned(), why)];
    let poll = |options: Value| Some(json!({ "to": "51900000011", "title": "a", "options": options }));
    let cases = [
        (
            "getChats",
            json!({ "count": 501 }),
            None,
            at("count", Why::TooLarge(500.0)),
        ),
        (
            "getChats",
            json!({ "offset": -1 }),
            None,
            at("offset", Why::TooSmall(0.0)),
        ),
        (
            "getChats",
            json!({ "limit": 1 }),
            None,
            at("limit", Why::NotKnown),
        ),
        (
            "getChats",
            json!({ "count": "1" }),
            None,
            at("count", Why::WrongKind),
        ),
        ("getChat", json!({}), None, at("ChatID", Why::Missing)),
        (
            "getChat",
            json!({ "ChatID": ".." }),
            None,
            at("ChatID", Why::NotUsable),
        ),
        (
            "getMessages",
            json!({ "sort": "up" }),
            None,
            at("sort", Why::NotAChoice),
        ),
        ("sendMessageText", json!({}), None, at("body", Why::Missing)),
        (
            "sendMessageText",
            json!({}),
            Some(json!({ "to": "51900000011" })),
            at("body.body", Why::Missing),
        ),
        (
            "sendMessageText",
            json!({}),
            Some(json!({ "to": "51900000011", "body": "a", "text": "a" })),
            at("body.text", Why::NotKnown),
        ),
        (
            "sendMessagePoll",
            json!({}),
            poll(json!(["a"])),
            at("body.options", Why::TooSmall(2.0)),
        ),
        (
            "sendMessagePoll",
            json!({}),
            poll(json!(["a", 2])),
            at("body.options.1", Why::WrongKind),
        ),
        (
            "checkHealth",
            json!({}),
            Some(json!({})),
            at("body", Why::NotKnown),
        ),
        ("uploadMedia", json!({}), None, at("file", Why::Missing)),
    ];
    for (id, parameters, body, expected) in cases {
        assert_eq!(
            problems(id, parameters.clone(), body),
            expected,
            "{id} with {parameters}"
        );
    }
}

#[test]
fn what_qr_buho_says_of_a_value_is_held_before_anything_leaves() {
    let breach = |id: &str, body: Value| problems_in(qr_buho(), id, json!({}), Some(body));
    let at = |at: &str, why: Why| vec![(at.to_owned(), why)];
    let ring = |lasts: Value| {
        breach(
            "call_fake",
            json!({ "number": "51900000011", "callDuration": lasts }),
        )
    };
    assert_eq!(ring(json!(0)), at("body.callDuration", Why::TooSmall(1.0)));
    assert_eq!(ring(json!(16)), at("body.callDuration", Why::TooLarge(15.0)));
    assert_eq!(
        (ring(json!(1)), ring(json!(15))),
        (vec![], vec![]),
        "1 to 15 seconds"
    );
    assert_eq!(ring(Value::Null), at("body.callDuration", Why::Missing));
    assert_eq!(
        breach("call_fake", json!({ "callDuration": 5 })),
        at("body.number", Why::Missing),
        "somebody is called"
    );

    let device = |phone: &str| breach("devices_create", json!({ "name": "Caja", "phone": phone }));
    assert_eq!(device("5190000001"), at("body.phone", Why::TooSmall(11.0)));
    assert_eq!(device("5190000001123456"), at("body.phone", Why::TooLarge(15.0)));
    assert_eq!(
        (device("51900000011"), device("519000000112345")),
        (vec![], vec![]),
        "11 to 15 digits"
    );

    let vanish = |lasts: Value| {
        let body = json!({ "groupJid": "120363000000000021@g.us", "expiration": lasts });
        breach("group_toggle_ephemeral", body)
    };
    for lasts in [json!("86400"), json!(86_400), json!(0)] {
        assert_eq!(
            vanish(lasts.clone()),
            vec![],
            "{lasts}: documented as text, recorded as a number"
        );
    }
    for lasts in [json!("5"), json!(5), json!(86_400.5)] {
        assert_eq!(
            vanish(lasts.clone()),
            at("body.expiration", Why::NotAChoice),
            "{lasts}"
        );
    }
}

//! People: whom the phone has saved, who is on WhatsApp, who is here now, what the number shows of itself, groups.

use mostrador_api::ErrorCode;
use mostrador_api::dto::AppEvent;
use mostrador_engine::clock::Clock;
use mostrador_sandbox::{Fault, FaultKind, Presence, Sandbox};
use serde_json::{Value, json};
use std::time::Duration;

use crate::asking::{count_of, device_args, gateway, refusal};
use crate::dialects::link_through;
use crate::truth::{refusing, restricted, state};
use crate::world::{ROSA, World};

/// A number that nobody in the simulated WhatsApp has.
const NOBODY: &str = "+51 900 000 999";

async fn contacts(world: &World, search: &str, after: Value) -> Value {
    let mut args = device_args(world).await;
    args["search"] = search.into();
    args["after"] = after;
    args["limit"] = 2.into();
    world.run("contact_list", args).await
}

#[tokio::test]
async fn persons_who_cannot_be_listed_hide_neither_groups_nor_labels_and_are_asked_for_ever_more_seldom() {
    let mut world = World::new().await;
    let broken = FaultKind::Status {
        code: 500,
        body: None,
        headers: Default::default(),
    };
    let path = "/dialects/evolution/chat/findContacts";
    for kind in [
        broken,
        FaultKind::HugeBody {
            bytes: 17 * 1024 * 1024,
        },
    ] {
        world.sandbox.set_fault(Fault::once("POST", path, kind));
    }
    let began = world.clock.now();
    link_through(&mut world, "evolution").await;
    world
        .until("groups and labels are here", async |world| {
            let labels = world.run("label_list", json!({})).await;
            labels.as_array().is_some_and(|all| !all.is_empty()) && count_of(world, "group_member").await > 0
        })
        .await;
    let persons = "contact WHERE push_name IS NOT NULL";
    assert_eq!(
        count_of(&world, persons).await,
        0,
        "of whom nothing could be read"
    );

    world
        .until("they are here", async |world| count_of(world, persons).await > 0)
        .await;
    assert_eq!(
        world.sandbox.waiting_faults(),
        0,
        "after two lists that could not be read"
    );
    let took = world.clock.now().since(began);
    assert!(
        took >= Duration::from_secs(30 * 60),
        "10 minutes and then 20, not {took:?}"
    );
    world.finish().await;
}

#[tokio::test]
async fn the_phones_address_book_is_read_in_pages_and_found_by_how_a_name_begins() {
    let mut world = World::linked().await;
    world
        .until("the address book is here", async |world| {
            contacts(world, "", Value::Null).await["next"].is_string()
        })
        .await;
    let mut names = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = contacts(&world, "", after).await;
        let rows = page["rows"].as_array().expect("rows");
        names.extend(
            rows.iter()
                .map(|row| row["name"].as_str().expect("a name").to_owned()),
        );
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    let told = gateway(&world, "/contacts?count=500").await;
    let saved = told["contacts"].as_array().expect("contacts");
    let saved = saved.iter().filter(|one| one["saved"] == true).count();
    assert!(saved > 2, "more than a page: {saved}");
    assert_eq!(names.len(), saved, "everybody whom the phone has saved, once");
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.to_ascii_lowercase());
    assert_eq!(names, sorted, "by name");

    let begin: String = names[2].chars().take(3).collect();
    let found = contacts(&world, &begin.to_uppercase(), Value::Null).await;
    let found = found["rows"].as_array().expect("rows");
    assert!(
        found.iter().any(|row| row["name"] == names[2].as_str()),
        "found by how it begins, capitals or not"
    );
    assert!(
        found.iter().all(|row| {
            let name = row["name"].as_str().unwrap_or_default().to_lowercase();
            name.starts_with(&begin.to_lowercase())
        }),
        "and nobody else"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_number_is_looked_up_once_and_its_answer_has_an_age() {
    let mut world = World::linked().await;
    let mut args = device_args(&world).await;
    args["numbers"] = json!([format!("+{ROSA}"), NOBODY]);
    let first = world.run("contact_check", args.clone()).await;
    assert_eq!(
        (&first[0]["verdict"], &first[1]["verdict"]),
        (&json!("on_whatsapp"), &json!("not_on_whatsapp")),
        "as the simulated WhatsApp knows them"
    );
    assert_eq!(first[1]["number"], NOBODY, "each under the number that was given");

    world
        .sandbox
        .set_fault(Fault::once("POST", "/contacts", FaultKind::CutBeforeEffect));
    let again = world.run("contact_check", args.clone()).await;
    assert_eq!(again, first, "what was said lately is not asked for again");
    assert_eq!(world.sandbox.waiting_faults(), 1, "the gateway was not asked");

    world.leap(Duration::from_secs(2 * 24 * 3_600));
    world.sandbox.clear_faults();
    world.until_online().await;
    let later = world.run("contact_check", args).await;
    assert_eq!(later[0], first[0], "who is there stays there");
    assert_ne!(
        later[1]["checkedAt"], first[1]["checkedAt"],
        "who was not may have come: asked anew"
    );
    world.finish().await;
}

#[tokio::test]
async fn numbers_are_not_looked_up_in_bulk_and_nonsense_is_not_looked_up_at_all() {
    let world = World::linked().await;
    let mut args = device_args(&world).await;
    for wrong in [json!([]), json!(["hola"]), json!(["12"]), json!(vec![ROSA; 101])] {
        args["numbers"] = wrong;
        assert_eq!(
            world.refused("contact_check", args.clone()).await,
            ErrorCode::BadRequest,
            "not a list of numbers"
        );
    }
    let mut codes = Vec::new();
    for n in 0..6 {
        args["numbers"] = json!([format!("5190000{n:04}")]);
        codes.push(
            world
                .try_run("contact_check", args.clone())
                .await
                .err()
                .map(|error| error.code),
        );
    }
    assert_eq!(
        codes,
        [
            None,
            None,
            None,
            None,
            Some(ErrorCode::RateLimited),
            Some(ErrorCode::RateLimited)
        ],
        "a minute has room for four look-ups"
    );
    world.finish().await;
}

#[tokio::test]
async fn the_number_shows_another_name_other_words_and_another_picture() {
    let world = World::linked().await;
    let cake = include_bytes!("../fixtures/cake.png");
    use base64::Engine as _;
    let data = base64::engine::general_purpose::STANDARD.encode(cake);
    let picture = world
        .run(
            "media_add",
            json!({ "fileName": "torta.png", "dataBase64": data }),
        )
        .await;
    let before = gateway(&world, "/users/profile").await;
    let mut args = device_args(&world).await;
    args["name"] = "La Canela 2".into();
    args["pictureMediaId"] = picture["id"].clone();
    let view = world.run("profile_set", args.clone()).await;
    let told = gateway(&world, "/users/profile").await;
    assert_eq!(
        (&view["name"], &told["name"]),
        (&json!("La Canela 2"), &json!("La Canela 2")),
        "at the gateway and as it is told here"
    );
    assert_eq!(told["about"], before["about"], "what was not named stays");
    assert_eq!(view["hasPicture"], true, "it has a picture");
    assert_ne!(told["icon"], before["icon"], "another one");

    args["name"] = "x".into();
    let error = world.try_run("profile_set", args).await.expect_err("too short");
    assert_eq!(
        (error.code, &error.params["reason"]),
        (ErrorCode::Refused, &json!("refused_content")),
        "what WhatsApp would refuse is refused with its reason"
    );
    world.finish().await;
}

#[tokio::test]
async fn the_number_is_away_unless_a_person_says_otherwise_and_ends_with_the_program() {
    let mut world = World::linked().await;
    let shown = |world: &World| world.sandbox.on(0).expect("a device").is_shown_online();
    let mut args = device_args(&world).await;
    args["available"] = true.into();
    world.run("presence_set", args).await;
    assert!(shown(&world), "a person said so");
    assert_eq!(world.device().await["shownOnline"], true, "and it is told here");
    world.restart().await;
    assert!(
        !shown(&world),
        "the owner's phone rings when the program has ended"
    );
    world.until_online().await;
    assert_eq!(world.device().await["shownOnline"], false, "nor is it said to be");
    world.run("presence_set", device_args(&world).await).await;
    assert!(!shown(&world), "away is what it is when nothing else is said");
    world.finish().await;
}

/// Is the number shown as being here?
fn is_here(world: &World) -> bool {
    world.sandbox.on(0).expect("a device").is_shown_online()
}

#[tokio::test]
async fn a_new_link_is_told_that_nobody_is_here_whatever_was_wished_on_the_one_before() {
    let mut world = World::linked().await;
    world.until("nobody is here", async |world| !is_here(world)).await;
    let mut args = device_args(&world).await;
    args["available"] = true.into();
    world.run("presence_set", args).await;

    world.unlink().await;
    assert_eq!(world.device().await["shownOnline"], false, "no number is shown");
    world.link_again().await;
    assert!(is_here(&world), "a new link is shown so by itself");
    world.until_online().await;

    world
        .until("nobody is here either", async |world| !is_here(world))
        .await;
    assert_eq!(world.device().await["shownOnline"], false, "nor is it said here");
    world.finish().await;
}

/// The gateway shows the number as being here, as one does whose program has died.
async fn left_here(sandbox: &Sandbox) {
    let here = reqwest::Client::new()
        .put(format!("{}/presences/me", sandbox.url()))
        .bearer_auth(sandbox.token())
        .json(&json!({ "presence": "online" }));
    let done = here.send().await.expect("it answers");
    assert!(done.status().is_success(), "done: {}", done.status());
}

#[tokio::test]
async fn who_died_while_the_number_was_shown_as_being_here_says_otherwise_though_it_is_restricted() {
    let mut world = restricted().await;
    world.restart_after(left_here).await;
    world
        .until("the owner's phone rings", async |world| !is_here(world))
        .await;
    assert_eq!(state(&world).await, "restricted", "still");
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_cannot_be_told_now_is_told_again_that_nobody_is_here() {
    let mut world = World::new().await;
    world.sandbox.set_fault(refusing("PUT", "/presences/me", 503, 2));
    world.link().await;
    world.until("nobody is here", async |world| !is_here(world)).await;
    world.finish().await;
}

#[tokio::test]
async fn a_customer_sees_us_typing_and_we_hear_when_they_do_without_keeping_it() {
    let mut world = World::linked().await;
    let chat = json!({ "chatId": world.chat_of(ROSA).await["id"] });
    let mut typing = chat.clone();
    typing["doing"] = "typing".into();
    world.run("chat_typing_set", typing).await;
    let on = world.sandbox.on(0).expect("a device");
    assert_eq!(on.shown_to(ROSA), Some("typing"), "she sees it");

    on.be_seen_as(ROSA, Presence::Online).expect("she comes");
    let now = world.run("presence_get", chat.clone()).await;
    assert_eq!(now["presence"], "online", "asked for, it is told");
    let mut events = world.shop.events();
    let size = count_of(&world, "raw_event").await;
    on.be_seen_as(ROSA, Presence::Recording).expect("she records");
    let heard = async {
        loop {
            if let AppEvent::Presence {
                chat_id, presence, ..
            } = events.next().await.expect("an event")
            {
                return json!({ "chatId": chat_id, "presence": presence });
            }
        }
    };
    let heard = tokio::select! {
        heard = heard => heard,
        // Changes are gathered for a moment before they are told.
        () = world.pass(Duration::from_secs(3_600)) => panic!("the window is told"),
    };
    assert_eq!(
        heard,
        json!({ "chatId": chat["chatId"], "presence": "recording" }),
        "in whose chat, and what"
    );
    assert_eq!(count_of(&world, "raw_event").await, size, "it is kept nowhere");
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn a_message_in_a_group_is_announced_with_who_wrote_it_unless_less_is_wanted() {
    let mut world = World::linked().await;
    let told = gateway(&world, "/groups").await;
    let customers = world.sandbox.customers();
    let (group, writer) = told["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .find_map(|group| {
            let is_in = |number: &str| group["participants"].to_string().contains(number);
            let writer = customers.iter().find(|customer| is_in(&customer.number))?;
            Some((group["id"].as_str()?.to_owned(), writer.number.clone()))
        })
        .expect("a customer who is in a group");
    let args = json!({ "filter": "groups", "deviceId": null, "after": null, "limit": 10 });
    let page = world.run("chat_list", args.clone()).await;
    for row in page["rows"].as_array().expect("rows") {
        let heard = json!({ "chatId": row["id"], "change": { "kind": "muted", "until": 0 } });
        world.run("chat_change", heard).await;
    }
    let last = |world: &World| world.notifications.shown.lock().expect("lock").last().cloned();
    let phone = world.sandbox.on(0).expect("the shop has a phone");

    phone
        .write_in_group_as(&writer, &group, "¿Vienen?")
        .expect("a member writes");
    world
        .until("it is announced", async |world| last(world).is_some())
        .await;
    let page = world.run("chat_list", args).await;
    let mut rows = page["rows"].as_array().expect("rows").iter();
    let row = rows.find(|row| row["last"]["body"]["text"] == "¿Vienen?");
    let in_the_list = row.expect("the group")["last"]["senderName"].clone();
    let shown = last(&world).expect("shown");
    assert!(in_the_list.is_string(), "the list says who wrote");
    assert_eq!(json!(shown.sender), in_the_list, "and so does the notification");

    let mut settings = world.run("setting_get", json!({})).await;
    settings["notifications"] = json!("name_only");
    world.run("setting_set", json!({ "settings": settings })).await;
    let phone = world.sandbox.on(0).expect("the shop has a phone");
    phone
        .write_in_group_as(&writer, &group, "¿Nadie?")
        .expect("a member writes");
    world
        .until("it is announced too", async |world| {
            last(world).is_some_and(|shown| shown.body.is_none())
        })
        .await;
    let shown = last(&world).expect("shown");
    assert_eq!(shown.sender, None, "only the chat's name is wanted on the screen");
    world.finish().await;
}

#[tokio::test]
async fn a_group_tells_who_is_in_it_and_what_it_is_for() {
    let mut world = World::linked().await;
    let args = json!({ "filter": "groups", "deviceId": null, "after": null, "limit": 10 });
    let page = world.run("chat_list", args).await;
    let chat = json!({ "chatId": page["rows"][0]["id"] });
    let group = world.run("group_get", chat.clone()).await;
    let told = gateway(&world, "/groups").await;
    let told = told["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .find(|told| told["name"] == group["title"])
        .expect("the gateway has it");
    let members = group["members"].as_array().expect("members");
    assert_eq!(
        members.len(),
        told["participants"].as_array().expect("participants").len(),
        "everybody"
    );
    assert!(
        members[0]["rank"] == "creator" || members[0]["rank"] == "admin",
        "admins first"
    );
    assert!(members[0]["number"].is_string(), "each by number");
    let rosa = json!({ "chatId": world.chat_of(ROSA).await["id"] });
    assert_eq!(
        world.refused("group_get", rosa).await,
        ErrorCode::NotFound,
        "a person is no group"
    );
    assert_eq!(
        world.refused("presence_get", chat).await,
        ErrorCode::NotOffered,
        "and a group is nobody"
    );
    world.until_online().await;
    world.finish().await;
}

#[tokio::test]
async fn what_is_asked_while_something_is_wrong_says_what_that_is() {
    let mut world = World::linked().await;
    let args = device_args(&world).await;
    world.sandbox.set_fault(refusal("GET", "/users/profile", 429));
    assert_eq!(
        world.refused("profile_get", args.clone()).await,
        ErrorCode::RateLimited,
        "asked to slow down"
    );
    world.until_online().await;
    world.sandbox.set_fault(refusal("GET", "/users/profile", 500));
    assert_eq!(
        world.refused("profile_get", args.clone()).await,
        ErrorCode::GatewayError,
        "a fault of the gateway's"
    );
    world.until_online().await;
    world.unlink().await;
    assert_eq!(
        world.refused("profile_get", args.clone()).await,
        ErrorCode::NotLinked,
        "no number is linked"
    );
    let nobody = json!({ "deviceId": 99 });
    assert_eq!(
        world.refused("profile_get", nobody).await,
        ErrorCode::NotFound,
        "no such device"
    );
    world.finish().await;
}

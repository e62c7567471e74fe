//! Who of a group received and read what the shop wrote there.

use serde_json::{Value, json};

use crate::dialects;
use crate::on_the_phone::a_group;
use crate::world::World;

/// What the shop writes, once it has left; gives its number here.
async fn written(world: &mut World, chat: i64, member: &str) -> i64 {
    let args = json!({ "chatId": chat, "clientId": "g-1", "text": "abrimos a las ocho", "mediaId": null });
    let message = world.run("message_send", args).await["id"].as_i64();
    world
        .until("it went", async |world| {
            world.got(member, "abrimos a las ocho") == 1
        })
        .await;
    message.expect("a number")
}

async fn row_of(world: &World, chat: i64, message: i64) -> Value {
    let page = json!({ "chatId": chat, "before": null, "limit": 200 });
    let page = world.run("message_list", page).await;
    let rows = page["rows"].as_array().cloned().unwrap_or_default();
    let ours = rows.into_iter().find(|row| row["id"] == message);
    ours.expect("it is there")
}

async fn members(world: &World, message: i64) -> Vec<Value> {
    let past = world.run("message_past", json!({ "messageId": message })).await;
    past["members"].as_array().cloned().expect("a list")
}

/// What is told of the member with this number.
fn of(all: &[Value], number: &str) -> Value {
    let found = all.iter().find(|one| one["number"] == format!("+{number}"));
    found.cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_message_to_a_group_tells_which_members_received_it_and_which_of_them_read_it() {
    let mut world = World::linked().await;
    let (address, chat, [one, other]) = a_group(&mut world).await;
    let message = written(&mut world, chat, &one).await;

    world
        .until("both have it", async |world| {
            let all = members(world, message).await;
            [&one, &other]
                .iter()
                .all(|who| of(&all, who)["deliveredAt"].is_i64())
        })
        .await;
    let all = members(&world, message).await;
    assert!(
        all.iter().all(|member| member["readAt"].is_null()),
        "nobody has opened it: {all:?}"
    );
    let before = row_of(&world, chat, message).await;

    let phone = world.sandbox.on(0).expect("the shop has a phone");
    phone
        .read_in_group_as(&other, &address)
        .expect("a member opens the group");
    world
        .until("one has read it", async |world| {
            of(&members(world, message).await, &other)["readAt"].is_i64()
        })
        .await;

    let all = members(&world, message).await;
    assert_eq!(all[0], of(&all, &other), "who read it comes first");
    assert!(of(&all, &one)["readAt"].is_null(), "the other one only has it");
    let listed = world.run("group_get", json!({ "chatId": chat })).await;
    for member in &all {
        let listed = listed["members"].as_array().expect("members");
        let is_same = |listed: &&Value| listed["number"] == member["number"];
        let name = listed.iter().find(is_same).expect("they are in it")["name"].clone();
        assert_eq!(member["name"], name, "each by the name that the group shows");
    }
    let after = row_of(&world, chat, message).await;
    assert_eq!(
        (&after["status"], &after["readAt"]),
        (&before["status"], &Value::Null),
        "that one of many has read it is not that it was read"
    );
    world.finish().await;
}

#[tokio::test]
async fn where_a_gateway_does_not_tell_of_single_members_nothing_is_said_of_them() {
    for gateway in ["evolution", "qr_buho"] {
        let mut world = dialects::linked_at(gateway).await;
        let (address, chat, [one, other]) = a_group(&mut world).await;
        let message = written(&mut world, chat, &one).await;
        let phone = world.sandbox.on(0).expect("the shop has a phone");
        phone
            .read_in_group_as(&other, &address)
            .expect("a member opens the group");
        world.pass(std::time::Duration::from_secs(180)).await;
        assert_eq!(
            members(&world, message).await,
            Vec::<Value>::new(),
            "{gateway}: nobody is made up"
        );
        world.finish().await;
    }
}

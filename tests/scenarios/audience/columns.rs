//! Which column of a list holds the names: proposed by its heading, chosen by hand, remembered, and what texts make of it.

use serde_json::{Value, json};

use super::{campaign, of, opened, read, recipients};
use crate::world::World;

/// Reads a list otherwise in one thing.
async fn read_with(world: &mut World, import: &Value, part: &str, value: Value) -> Value {
    let mut reading = import["reading"].clone();
    reading[part] = value;
    let args = json!({ "importId": import["importId"], "reading": reading });
    world.run("import_reading_set", args).await;
    read(world, import).await
}

fn variables(list: &Value) -> Vec<&str> {
    let columns = list["columns"].as_array().expect("columns");
    columns
        .iter()
        .filter_map(|column| column["variable"].as_str())
        .collect()
}

async fn accepted(world: &World, import: &Value) -> Value {
    let args = json!({ "importId": import["importId"] });
    world.run("import_accept", args).await
}

/// What the first of a campaign's people would get, and what they are called.
async fn first_gets(world: &World, campaign: &Value) -> Value {
    let args = json!({ "campaignId": campaign["id"], "from": 0, "limit": 1 });
    let preview = world.run("campaign_preview", args).await;
    json!([preview[0]["name"], preview[0]["text"]])
}

#[tokio::test]
async fn the_column_of_the_name_is_proposed_chosen_by_hand_and_remembered() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola {{nombre | first | default(\"vecina\")}}").await;
    let headings = "Código,Quién,Tel";
    let list = format!("{headings}\n7,Ana Paz,+51900000060\n8,,+51900000061\n");
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    assert_eq!(list["reading"]["nameColumn"], Value::Null, "no heading says so");

    let list = read_with(&mut world, &list, "nameColumn", json!(1)).await;
    assert_eq!(list["reading"]["nameColumn"], 1, "as it was said");
    let before = world.run("campaign_get", of(&campaign)).await;
    assert_eq!(
        (&before["columns"], &before["nameColumn"]),
        (&json!([]), &Value::Null),
        "nothing is stored before it is accepted"
    );
    accepted(&world, &list).await;
    assert_eq!(
        first_gets(&world, &campaign).await,
        json!(["Ana Paz", "Hola Ana"]),
        "it is the name, whatever its heading"
    );
    let people = recipients(&world, &campaign).await;
    assert_eq!(
        (&people[0]["name"], &people[1]["name"]),
        (&json!("Ana Paz"), &Value::Null),
        "what they are called by the list"
    );
    let reopened = world.run("campaign_get", of(&campaign)).await;
    assert_eq!(
        (&reopened["nameColumn"], &reopened["variables"]),
        (&json!(1), &json!(["código", "quién", "tel"])),
        "an open campaign tells it"
    );
    let rehearsal = json!({ "campaignId": campaign["id"], "startsAt": null });
    let rehearsal = world.run("campaign_rehearse", rehearsal).await;
    assert_eq!(
        (&rehearsal["ready"], &rehearsal["sends"]),
        (&json!(true), &json!(2)),
        "the rehearsal knows it too, and the fallback of a blank one: {rehearsal}"
    );

    let next = format!("{headings}\n9,Luz Rey,+51900000062\n");
    let again = opened(&mut world, &campaign, "b.csv", next.as_bytes()).await;
    assert_eq!(
        (&again["remembered"], &again["reading"]["nameColumn"]),
        (&json!(true), &json!(1)),
        "the same headings"
    );
    let none = read_with(&mut world, &again, "nameColumn", Value::Null).await;
    accepted(&world, &none).await;
    assert_eq!(
        first_gets(&world, &campaign).await,
        json!(["+51900000062", null]),
        "no column is the name: the text says nothing"
    );
    let again = opened(&mut world, &campaign, "c.csv", next.as_bytes()).await;
    assert_eq!(
        (&again["remembered"], &again["reading"]["nameColumn"]),
        (&json!(true), &Value::Null),
        "that none is, is remembered too"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_known_heading_is_the_name_in_every_language_unless_a_person_says_another() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola {{nombre}}").await;
    for (heading, number) in [
        ("Cliente", 20),
        ("Nome completo", 21),
        ("Customer name", 22),
        ("NOMBRE", 23),
    ] {
        let list = format!("Tel;{heading}\n+519000000{number};Ana\n");
        let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
        assert_eq!(list["reading"]["nameColumn"], 1, "{heading}: proposed");
        accepted(&world, &list).await;
        let gets = first_gets(&world, &campaign).await;
        assert_eq!(gets, json!(["Ana", "Hola Ana"]), "{heading}");
    }

    let list = "Nombre;Dueña;Tel\nBazar Luz;Luz;+51900000024\n";
    let list = opened(&mut world, &campaign, "b.csv", list.as_bytes()).await;
    let named = |list: &Value| list["reading"]["nameColumn"].clone();
    assert_eq!(
        (named(&list), variables(&list)),
        (json!(0), vec!["nombre", "dueña", "tel"])
    );
    let list = read_with(&mut world, &list, "nameColumn", json!(1)).await;
    assert_eq!(
        (named(&list), variables(&list)),
        (json!(1), vec!["nombre_2", "dueña", "tel"]),
        "the other one is called otherwise"
    );
    accepted(&world, &list).await;
    let gets = first_gets(&world, &campaign).await;
    assert_eq!(gets, json!(["Luz", "Hola Luz"]), "and not the shop's");

    let again = opened(
        &mut world,
        &campaign,
        "c.csv",
        b"Nombre;Due\xc3\xb1a;Tel\nX;Eva;+51900000025\n",
    )
    .await;
    assert_eq!(
        named(&again),
        json!(1),
        "what a person said goes before what a heading says"
    );
    let other = read_with(&mut world, &again, "numberColumn", json!(1)).await;
    assert_eq!(
        named(&other),
        Value::Null,
        "what holds the numbers holds no names"
    );
    world.finish().await;
}

#[tokio::test]
async fn columns_without_a_heading_or_with_the_same_one_can_be_the_name() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola {{nombre}}").await;
    // No row of headings at all.
    let list = opened(
        &mut world,
        &campaign,
        "a.csv",
        b"7;Ana;+51900000030\n8;Eva;+51900000031\n",
    )
    .await;
    assert_eq!(
        (
            &list["reading"]["hasHeader"],
            &list["reading"]["nameColumn"],
            variables(&list)
        ),
        (&json!(false), &Value::Null, vec!["a", "b", "c"]),
        "called by their letters"
    );
    let list = read_with(&mut world, &list, "nameColumn", json!(1)).await;
    let now = accepted(&world, &list).await;
    assert_eq!(now["columns"], json!(["A", "B", "C"]));
    assert_eq!(first_gets(&world, &campaign).await, json!(["Ana", "Hola Ana"]));

    // A heading is blank, and two are the same.
    for (column, name) in [(0, "Luz"), (2, "Rosa")] {
        let list = b";Dato;Dato;Tel\nLuz;x;Rosa;+51900000032\n";
        let list = opened(&mut world, &campaign, "b.csv", list).await;
        assert_eq!(
            variables(&list),
            ["a", "dato", "dato_2", "tel"],
            "each has its own"
        );
        let list = read_with(&mut world, &list, "nameColumn", json!(column)).await;
        let now = accepted(&world, &list).await;
        assert_eq!(now["columns"], json!(["A", "Dato", "Dato 2", "Tel"]));
        assert_eq!(
            now["variables"],
            json!(["a", "dato", "dato_2", "tel"]),
            "what is inserted into a text can be read there"
        );
        let gets = first_gets(&world, &campaign).await;
        assert_eq!(gets, json!([name, format!("Hola {name}")]), "column {column}");
    }
    let list = opened(
        &mut world,
        &campaign,
        "c.csv",
        b";Dato;Dato;Tel\nA;y;Pia;+51900000033\n",
    )
    .await;
    assert_eq!(list["reading"]["nameColumn"], 2, "remembered by its place");
    let far = read_with(&mut world, &list, "nameColumn", json!(9)).await;
    assert_eq!(
        far["reading"]["nameColumn"],
        Value::Null,
        "there is no such column"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_was_remembered_before_the_name_was_asked_for_leaves_it_to_the_headings() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola {{nombre}}").await;
    let list = b"Cliente;Uno;Dos\nAna;900000040;900000041\n";
    let first = opened(&mut world, &campaign, "a.csv", list).await;
    let first = read_with(&mut world, &first, "numberColumn", json!(2)).await;
    let first = read_with(&mut world, &first, "country", json!("PE")).await;
    accepted(&world, &first).await;
    let forgotten = world.shop.engine().store().write(|writing| {
        let sql = "UPDATE setting SET value = json_remove(value, '$.names') WHERE name LIKE 'list:%'";
        Ok(writing.execute(sql, [])?)
    });
    assert_eq!(forgotten.await.expect("written"), 1, "as it was kept before");
    let again = opened(&mut world, &campaign, "b.csv", list).await;
    assert_eq!(
        (
            &again["remembered"],
            &again["reading"]["numberColumn"],
            &again["reading"]["nameColumn"]
        ),
        (&json!(true), &json!(2), &json!(0)),
        "the number as it was, the name by its heading"
    );
    world.finish().await;
}

#[tokio::test]
async fn people_of_an_earlier_list_and_of_the_phone_have_one_column_of_names() {
    let mut world = World::linked().await;
    let earlier = campaign(&world, "Hola").await;
    let list = b"Nombre;Quien;Tel\nBazar;Ana;+51900000050\nBotica;;+51900000051\n";
    let list = opened(&mut world, &earlier, "a.csv", list).await;
    let list = read_with(&mut world, &list, "nameColumn", json!(1)).await;
    accepted(&world, &list).await;
    let id = earlier["id"].as_i64().expect("a number");
    let over = world.shop.engine().store().write(move |writing| {
        let sql = "UPDATE recipient SET state = 'replied' WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)";
        writing.execute(sql, [id])?;
        Ok(())
    });
    over.await.expect("written");

    let text = "Hola {{nombre | default(\"x\")}} de {{nombre_2 | default(\"casa\")}}";
    let later = campaign(&world, text).await;
    world
        .until("the address book is here", async |world| {
            let args =
                json!({ "deviceId": world.device().await["id"], "search": "", "after": null, "limit": 1 });
            world.run("contact_list", args).await["next"].is_string()
        })
        .await;
    let sources = json!([{ "kind": "replies", "campaignId": earlier["id"] }, { "kind": "contacts" }]);
    let args = json!({ "campaignId": later["id"], "sources": sources });
    let now = world.run("campaign_audience_set", args).await;
    assert_eq!(
        (&now["variables"], &now["nameColumn"]),
        (
            &json!(["nombre", "número", "nombre_2", "quien", "tel"]),
            &json!(0)
        ),
        "the names of both stand in one column, the shop's beside it: {now}"
    );
    let args = json!({ "campaignId": later["id"], "from": 0, "limit": 3 });
    let preview = world.run("campaign_preview", args).await;
    let texts = [0, 1].map(|at: usize| preview[at]["text"].as_str().unwrap_or_default());
    assert_eq!(texts, ["Hola Ana de Bazar", "Hola x de Botica"], "of the list");
    let saved = preview[2]["text"].as_str().unwrap_or_default();
    assert!(
        saved.ends_with(" de casa") && !saved.starts_with("Hola x "),
        "of the phone: {saved}"
    );
    world.finish().await;
}

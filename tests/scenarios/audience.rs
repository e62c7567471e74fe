//! Who a campaign writes to: customer lists, judged before anything is stored; other sources; numbers.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_api::ErrorCode;
use mostrador_engine::clock::Clock;
use serde_json::{Value, json};

use crate::world::{ROSA, World};

/// A campaign without anybody in it that says `text`, with nothing that holds it up but eight seconds between two messages.
pub(crate) async fn campaign(world: &World, text: &str) -> Value {
    let device = world.device().await["id"].clone();
    let args = json!({ "deviceId": device, "name": "Promo", "zone": "America/Lima" });
    let mut made = world.run("campaign_create", args).await;
    let plan = &mut made["plan"];
    plan["texts"][0]["body"] = json!({ "kind": "text", "text": text });
    let pace = &mut plan["pace"];
    pace["jitterSeconds"] = json!(0.0);
    pace["restEvery"] = json!(0);
    pace["days"] = json!([true, true, true, true, true, true, true]);
    pace["opens"] = json!("00:00");
    pace["closes"] = json!("00:00");
    pace["dailyCap"] = Value::Null;
    pace["warmUp"] = json!(false);
    let args = json!({ "campaignId": made["id"], "plan": made["plan"] });
    world.run("campaign_plan_set", args).await
}

pub(crate) fn of(campaign: &Value) -> Value {
    json!({ "campaignId": campaign["id"] })
}

/// Opens a list, and waits until it is read.
pub(crate) async fn opened(world: &mut World, campaign: &Value, name: &str, bytes: &[u8]) -> Value {
    let added = json!({ "fileName": name, "dataBase64": STANDARD.encode(bytes) });
    let media = world.run("media_add", added).await["id"].clone();
    let args = json!({ "campaignId": campaign["id"], "mediaId": media, "fileName": name });
    let import = world.run("import_open", args).await;
    read(world, &import).await
}

/// The list, once all of it was read.
async fn read(world: &mut World, import: &Value) -> Value {
    let id = json!({ "importId": import["importId"] });
    let asked = id.clone();
    world
        .until("the list is read", async move |world| {
            let list = world.run("import_get", asked.clone()).await;
            list["progress"] == 1.0 || list["fault"].is_string()
        })
        .await;
    world.run("import_get", id).await
}

async fn rows(world: &World, import: &Value, verdicts: Value) -> Vec<Value> {
    let args = json!({ "importId": import["importId"], "verdicts": verdicts, "after": null, "limit": 200 });
    let rows = world.run("import_rows", args).await;
    rows.as_array().cloned().expect("rows")
}

pub(crate) async fn recipients(world: &World, campaign: &Value) -> Vec<Value> {
    let args = json!({ "campaignId": campaign["id"], "states": [], "after": null, "limit": 200 });
    let people = world.run("campaign_recipient_list", args).await;
    people.as_array().cloned().expect("people")
}

/// A list as a spreadsheet program of Windows in Spanish saves it.
fn spanish_list() -> Vec<u8> {
    let text = "Código;Nombre;Celular;Ciudad\r\n\
                1;María José;900000010;Lima\r\n\
                2;Íñigo;+51 900 000 011;Cusco\r\n\
                3;Ana;'51900000012;Lima\r\n\
                4;Bruno;+5511987654321;São Paulo\r\n\
                5;Bruna;+551187654321;São Paulo\r\n\
                6;Luis;5.19E+10;Lima\r\n\
                7;Eva;900000013 / 900000014;Lima\r\n\
                8;Leo;900000015 anexo 12;Lima\r\n\
                9;Pía;;Lima\r\n\
                10;Gil;0051900000016;Lima\r\n";
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).expect("Latin 1"))
        .collect()
}

#[tokio::test]
async fn a_list_is_judged_row_by_row_and_nothing_is_stored_before_it_is_accepted() {
    let mut world = World::linked().await;
    world
        .run("opt_out_add", json!({ "number": "+51 900 000 016" }))
        .await;
    let campaign = campaign(&world, "Hola {{nombre | first | title}}").await;
    let list = opened(&mut world, &campaign, "clientes.csv", &spanish_list()).await;
    let reading = &list["reading"];
    assert_eq!(
        (
            &reading["encoding"],
            &reading["delimiter"],
            &reading["numberColumn"]
        ),
        (&json!("windows-1252"), &json!("semicolon"), &json!(2)),
        "as it was saved"
    );
    assert_eq!(list["columns"][1]["variable"], "nombre", "what texts call it");
    assert_eq!(list["counters"]["needsCountry"], 4, "asked once for the file");

    let mut reading = reading.clone();
    reading["country"] = json!("PE");
    let args = json!({ "importId": list["importId"], "reading": reading });
    world.run("import_reading_set", args).await;
    let list = read(&mut world, &list).await;
    let counters = &list["counters"];
    let counted: Vec<u64> = [
        "good",
        "repaired",
        "proposed",
        "several",
        "notANumber",
        "duplicate",
        "optedOut",
    ]
    .iter()
    .map(|name| counters[name].as_u64().expect("a count"))
    .collect();
    assert_eq!(counted, [2, 2, 1, 1, 2, 1, 1], "one verdict a row: {counters}");
    let duplicate = rows(&world, &list, json!(["duplicate"])).await;
    assert_eq!(
        (&duplicate[0]["row"], &duplicate[0]["duplicateOf"]),
        (&json!(6), &json!(5)),
        "Brazil's ninth digit is the same person"
    );
    let several = rows(&world, &list, json!(["several"])).await;
    assert_eq!(
        several[0]["numbers"],
        json!(["51900000013", "51900000014"]),
        "one is to be chosen"
    );
    assert!(
        recipients(&world, &campaign).await.is_empty(),
        "nothing is stored yet"
    );

    for about in [
        json!({ "kind": "choice", "row": 8, "number": "51900000014" }),
        json!({ "kind": "repair", "repair": "extension_dropped", "accepted": true }),
        json!({ "kind": "row", "row": 2, "accepted": false }),
    ] {
        let args = json!({ "importId": list["importId"], "about": about });
        world.run("import_decide", args).await;
    }
    let list = read(&mut world, &list).await;
    assert_eq!(list["guesses"][0]["accepted"], true, "as it was decided: {list}");
    let accepted = world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    assert_eq!(
        accepted["sources"][0]["fileName"], "clientes.csv",
        "where they come from"
    );
    assert_eq!(
        accepted["columns"],
        json!(["Código", "Nombre", "Celular", "Ciudad"]),
        "its headings"
    );
    let people = recipients(&world, &campaign).await;
    let states: Vec<String> = people
        .iter()
        .map(|person| {
            let reason = person["reason"].as_str().unwrap_or_default();
            format!(
                "{} {} {reason}",
                person["row"],
                person["state"].as_str().expect("a state")
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            "2 skipped taken_out",
            "3 pending ",
            "4 pending ",
            "5 pending ",
            "6 skipped duplicate",
            "7 skipped invalid_number",
            "8 pending ",
            "9 pending ",
            "10 skipped invalid_number",
            "11 opted_out ",
        ],
        "each row is kept with what became of it"
    );
    assert_eq!(people[6]["number"], "51900000014", "the one that was chosen");
    assert_eq!(
        world
            .refused("import_get", json!({ "importId": list["importId"] }))
            .await,
        ErrorCode::NotFound,
        "an accepted list is closed"
    );

    let preview = json!({ "campaignId": campaign["id"], "from": 0, "limit": 1 });
    let preview = world.run("campaign_preview", preview).await;
    assert_eq!(preview[0]["text"], "Hola Íñigo", "with their own cells");
    world.finish().await;
}

#[tokio::test]
async fn how_columns_were_understood_is_remembered_for_the_same_headings() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola").await;
    let list = "Quién,Uno,Dos\nAna,900000010,900000020\nLuis,900000011,900000021\n";
    let first = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    assert_eq!(first["remembered"], false, "never seen");
    let mut reading = first["reading"].clone();
    reading["numberColumn"] = json!(2);
    reading["country"] = json!("PE");
    reading["hasHeader"] = json!(true);
    let args = json!({ "importId": first["importId"], "reading": reading });
    world.run("import_reading_set", args).await;
    let first = read(&mut world, &first).await;
    world
        .run("import_accept", json!({ "importId": first["importId"] }))
        .await;

    let other = "Quién,Uno,Dos\nEva,900000030,900000031\n";
    let again = opened(&mut world, &campaign, "b.csv", other.as_bytes()).await;
    assert_eq!(
        (
            &again["remembered"],
            &again["reading"]["numberColumn"],
            &again["reading"]["country"]
        ),
        (&json!(true), &json!(2), &json!("PE")),
        "the same headings"
    );
    assert_eq!(again["counters"]["repaired"], 1, "read at once");
    world.finish().await;
}

/// A row of a list that is being looked at.
async fn row(world: &World, import: &Value, number: u32) -> Value {
    let all = rows(world, import, json!([])).await;
    let found = all.into_iter().find(|row| row["row"] == number);
    found.expect("the row")
}

async fn decided(world: &mut World, import: &Value, about: Value) {
    let args = json!({ "importId": import["importId"], "about": about });
    world.run("import_decide", args).await;
    read(world, import).await;
}

async fn read_for(world: &mut World, import: &Value, country: Value) {
    let mut reading = import["reading"].clone();
    reading["country"] = country;
    let args = json!({ "importId": import["importId"], "reading": reading });
    world.run("import_reading_set", args).await;
    read(world, import).await;
}

#[tokio::test]
async fn the_number_that_was_chosen_is_the_one_that_is_shown_and_dialled_and_a_choice_can_be_taken_back() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola").await;
    let list = "Nombre;Celular\nEva;900000013 / +51900000014 / +51900000015\n";
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    let choice = |number: &str| json!({ "kind": "choice", "row": 2, "number": number });
    decided(&mut world, &list, choice("51900000014")).await;
    let shown = row(&world, &list, 2).await;
    assert_eq!(
        (&shown["verdict"], &shown["number"], &shown["decided"]),
        (&json!("repaired"), &json!("51900000014"), &json!(true)),
        "whom the choice means"
    );
    assert_eq!(
        shown["numbers"],
        json!(["51900000014", "51900000015"]),
        "another one can still be chosen"
    );

    read_for(&mut world, &list, json!("PE")).await;
    let shown = row(&world, &list, 2).await;
    assert_eq!(
        shown["numbers"],
        json!(["51900000013", "51900000014", "51900000015"]),
        "with the country there is one more, before them"
    );
    assert_eq!(shown["number"], "51900000014", "the choice means the same person");

    decided(
        &mut world,
        &list,
        json!({ "kind": "row", "row": 2, "accepted": null }),
    )
    .await;
    let shown = row(&world, &list, 2).await;
    assert_eq!(
        (&shown["verdict"], &shown["number"], &shown["decided"]),
        (&json!("several"), &Value::Null, &json!(false)),
        "taken back, it is asked again"
    );
    decided(&mut world, &list, choice("51900000015")).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    let people = recipients(&world, &campaign).await;
    assert_eq!(people[0]["number"], "51900000015", "as it was shown");
    world.finish().await;
}

#[tokio::test]
async fn a_row_that_was_accepted_can_be_refused_or_taken_back_and_is_asked_about_again_for_another_country() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola").await;
    let list = "Nombre;Celular\nLuis;Cel 900000016\n";
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    read_for(&mut world, &list, json!("PE")).await;
    let about = |accepted: Value| json!({ "kind": "row", "row": 2, "accepted": accepted });
    for (accepted, verdict) in [
        (json!(true), "repaired"),
        (json!(false), "refused"),
        (json!(true), "repaired"),
        (Value::Null, "proposed"),
        (json!(true), "repaired"),
    ] {
        decided(&mut world, &list, about(accepted.clone())).await;
        let shown = row(&world, &list, 2).await;
        assert_eq!(shown["verdict"], verdict, "after {accepted}");
        assert_eq!(shown["decided"], !accepted.is_null(), "after {accepted}");
    }
    // Nine digits are a number in Spain too: another person's.
    read_for(&mut world, &list, json!("ES")).await;
    let shown = row(&world, &list, 2).await;
    assert_eq!(
        (&shown["verdict"], &shown["decided"]),
        (&json!("proposed"), &json!(false)),
        "nobody has agreed to {}",
        shown["number"]
    );
    world.finish().await;
}

/// A workbook with a cover, and the list on its second sheet.
fn with_cover(cover: &str, people: &[[&str; 3]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Portada").expect("a name");
    sheet.write(0, 0, cover).expect("a cell");
    let sheet = book.add_worksheet();
    sheet.set_name("Clientes").expect("a name");
    for (row, cells) in (0..).zip([["Quién", "Uno", "Dos"]].iter().chain(people)) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, *cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn how_a_list_was_read_by_hand_is_remembered_too() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola").await;
    let book = with_cover("Clientes de la panadería", &[["Ana", "900000010", "900000020"]]);
    let first = opened(&mut world, &campaign, "a.xlsx", &book).await;
    assert_eq!(first["reading"]["sheet"], 0, "its first sheet");
    let mut reading = first["reading"].clone();
    for (part, value) in [
        ("sheet", json!(1)),
        ("numberColumn", json!(2)),
        ("country", json!("PE")),
        ("hasHeader", json!(true)),
    ] {
        reading[part] = value;
        let args = json!({ "importId": first["importId"], "reading": reading });
        reading = world.run("import_reading_set", args).await["reading"].clone();
    }
    let first = read(&mut world, &first).await;
    assert_eq!(first["remembered"], false, "never seen");
    world
        .run("import_accept", json!({ "importId": first["importId"] }))
        .await;

    let understood = |list: &Value| {
        let reading = &list["reading"];
        json!([
            list["remembered"],
            reading["sheet"],
            reading["numberColumn"],
            reading["country"]
        ])
    };
    let book = with_cover("Clientes de la panadería", &[["Eva", "900000030", "900000031"]]);
    let again = opened(&mut world, &campaign, "b.xlsx", &book).await;
    assert_eq!(
        understood(&again),
        json!([true, 1, 2, "PE"]),
        "the sheet, and its columns"
    );
    assert_eq!(again["counters"]["repaired"], 1, "read at once");

    let book = with_cover("Enero", &[["Luz", "900000040", "900000041"]]);
    let other = opened(&mut world, &campaign, "c.xlsx", &book).await;
    assert_eq!(understood(&other)[1], 0, "another cover is another file");
    let mut reading = other["reading"].clone();
    reading["sheet"] = json!(1);
    let args = json!({ "importId": other["importId"], "reading": reading });
    world.run("import_reading_set", args).await;
    let other = read(&mut world, &other).await;
    assert_eq!(
        understood(&other),
        json!([true, 1, 2, "PE"]),
        "under its headings, once its sheet was chosen"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_list_that_is_none_says_why_and_stores_nothing() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola").await;
    let list = opened(
        &mut world,
        &campaign,
        "x.csv",
        b"Nombre;Celular\n\"Ana;900000010\n",
    )
    .await;
    assert_eq!(list["fault"], "unclosed_quote", "what is wrong with it");
    assert_eq!(
        world
            .refused("import_accept", json!({ "importId": list["importId"] }))
            .await,
        ErrorCode::StateChanged,
        "what was not read to its end is not accepted"
    );
    world.finish().await;
}

#[tokio::test]
async fn two_hundred_thousand_rows_can_be_left_at_any_moment() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola").await;
    let mut list = String::from("Nombre;Celular\n");
    for row in 0..200_000 {
        list.push_str(&format!("Cliente {row};+51{:09}\n", 900_000_000 + row));
    }
    let added = json!({ "fileName": "todos.csv", "dataBase64": STANDARD.encode(&list) });
    let media = world.run("media_add", added).await["id"].clone();
    let args = json!({ "campaignId": campaign["id"], "mediaId": media, "fileName": "todos.csv" });
    let import = world.run("import_open", args).await;
    let id = json!({ "importId": import["importId"] });
    let asked = id.clone();
    world
        .until("some of it is read", async move |world| {
            world.run("import_get", asked.clone()).await["rows"] != 0
        })
        .await;
    let some = world.run("import_get", id.clone()).await;
    assert!(
        some["progress"].as_f64().is_some_and(|part| part < 1.0),
        "it is under way: {}",
        some["progress"]
    );
    assert_eq!(
        rows(&world, &import, json!([])).await.len(),
        200,
        "what was read can be looked at"
    );
    world.run("import_close", id.clone()).await;
    assert_eq!(
        world.refused("import_get", id).await,
        ErrorCode::NotFound,
        "it is gone"
    );
    // The next one has its turn at once: nobody goes on reading the other.
    let small = opened(&mut world, &campaign, "a.csv", b"Celular\n+51900000010\n").await;
    assert_eq!(small["counters"]["good"], 1, "read to its end");
    assert!(
        recipients(&world, &campaign).await.is_empty(),
        "nothing was stored"
    );
    world.finish().await;
}

#[tokio::test]
async fn whom_the_phone_has_saved_is_an_audience_also_where_a_gateway_lists_everybody_at_once() {
    for gateway in ["qr_buho", "evolution"] {
        let mut world = crate::dialects::linked_at(gateway).await;
        world
            .until("the address book is here", async |world| {
                let args =
                    json!({ "deviceId": world.device().await["id"], "search": "", "after": null, "limit": 1 });
                world.run("contact_list", args).await["next"].is_string()
            })
            .await;
        let campaign = campaign(&world, "Hola {{nombre | default(\"\")}}").await;
        let args = json!({ "campaignId": campaign["id"], "sources": [{ "kind": "contacts" }] });
        world.run("campaign_audience_set", args).await;
        let people = recipients(&world, &campaign).await;
        let among = |number: &str| people.iter().any(|person| person["number"] == number);
        for customer in world.sandbox.customers() {
            assert_eq!(
                among(&customer.number),
                customer.saved,
                "{gateway}: whom the phone has saved, and nobody else"
            );
        }
        world.finish().await;
    }
}

#[tokio::test]
async fn people_come_from_labels_groups_contacts_earlier_campaigns_and_saved_audiences() {
    let mut world = World::linked().await;
    let device = world.device().await["id"].clone();
    let rosa = world.chat_of(ROSA).await["id"].clone();
    let label = json!({ "deviceId": device, "name": "Antiguos" });
    let label = world.run("label_add", label).await["id"].clone();
    let labelled = json!({ "chatId": rosa, "change": { "kind": "label", "labelId": label, "on": true } });
    world.run("chat_change", labelled).await;
    let campaign = campaign(&world, "Hola {{nombre | default(\"\")}}").await;
    let set = async |world: &World, sources: Value| {
        let args = json!({ "campaignId": campaign["id"], "sources": sources });
        world.run("campaign_audience_set", args).await
    };

    let by_label = json!([{ "kind": "label", "labelId": label }]);
    let now = set(&world, by_label.clone()).await;
    assert_eq!(now["counts"]["total"], 1, "who bears it");
    assert_eq!(
        now["columns"],
        json!(["Nombre", "Número"]),
        "in the language of the window"
    );
    assert_eq!(recipients(&world, &campaign).await[0]["number"], ROSA, "Rosa");

    let args = json!({ "name": "Antiguos", "sources": by_label });
    let segment = world.run("segment_save", args).await["id"].clone();
    let both = json!([{ "kind": "segment", "segmentId": segment }, { "kind": "contacts" }]);
    world
        .until("the address book is here", async |world| {
            let args =
                json!({ "deviceId": world.device().await["id"], "search": "", "after": null, "limit": 1 });
            world.run("contact_list", args).await["next"].is_string()
        })
        .await;
    let now = set(&world, both).await;
    let people = recipients(&world, &campaign).await;
    let pending: Vec<&str> = people
        .iter()
        .filter(|person| person["state"] == "pending")
        .filter_map(|person| person["number"].as_str())
        .collect();
    assert!(pending.len() > 1, "everybody who is saved: {}", now["counts"]);
    let mut once = pending.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), pending.len(), "each person once");
    assert!(
        people
            .iter()
            .all(|person| !person["number"].as_str().unwrap_or_default().contains("lid")),
        "no hidden number is shown as one"
    );

    let group = world
        .chats()
        .await
        .into_iter()
        .find(|chat| chat["kind"] == "group")
        .expect("a group");
    world.run("group_get", json!({ "chatId": group["id"] })).await;
    let now = set(&world, json!([{ "kind": "group", "chatId": group["id"] }])).await;
    assert!(now["counts"]["pending"].as_u64() > Some(0), "its members");
    let own = recipients(&world, &campaign).await;
    assert!(
        own.iter().all(|person| person["reason"] != "duplicate"),
        "nobody twice"
    );

    let sheet = json!([{ "kind": "sheet", "fileName": "a.csv" }]);
    let args = json!({ "campaignId": campaign["id"], "sources": sheet });
    assert_eq!(
        world.refused("campaign_audience_set", args).await,
        ErrorCode::BadRequest,
        "a list is brought by accepting it"
    );
    world.finish().await;
}

#[tokio::test]
async fn who_answered_and_who_was_not_reached_are_audiences_too() {
    let world = World::linked().await;
    let earlier = campaign(&world, "Hola").await;
    let later = campaign(&world, "Hola {{ciudad}}").await;
    let id = earlier["id"].as_i64().expect("a number");
    world
        .shop
        .engine()
        .store()
        .write(move |writing| {
            writing.execute(
                "UPDATE campaign SET columns = '[\"Nombre\",\"Ciudad\"]' WHERE id = ?1",
                [id],
            )?;
            writing.execute("INSERT INTO audience (id, state) VALUES (90, 'whole')", [])?;
            writing.execute("UPDATE campaign SET audience_id = 90 WHERE id = ?1", [id])?;
            for (place, number, state) in [(0, 30, "replied"), (1, 31, "failed"), (2, 32, "read")] {
                let address = format!("519000000{number}@s.whatsapp.net");
                writing.execute(
                    "INSERT INTO recipient (audience_id, place, written, address, person, cells, state)
                     VALUES (90, ?1, ?2, ?2, ?2, '[\"Ana\",\"Lima\"]', ?3)",
                    (place, address, state),
                )?;
            }
            Ok(())
        })
        .await
        .expect("written");
    for (kind, number) in [("replies", "51900000030"), ("failed", "51900000031")] {
        let sources = json!([{ "kind": kind, "campaignId": earlier["id"] }]);
        let args = json!({ "campaignId": later["id"], "sources": sources });
        let now = world.run("campaign_audience_set", args).await;
        assert_eq!(
            now["columns"],
            json!(["Nombre", "Ciudad"]),
            "what is known of them comes along"
        );
        let people = recipients(&world, &later).await;
        assert_eq!(people.len(), 1, "{kind}: and nobody else");
        assert_eq!(people[0]["number"], number, "{kind}");
        let preview = json!({ "campaignId": later["id"], "from": 0, "limit": 1 });
        let preview = world.run("campaign_preview", preview).await;
        assert_eq!(preview[0]["text"], "Hola Lima", "{kind}: in their texts");
    }
    world.finish().await;
}

#[tokio::test]
async fn the_gateway_is_asked_about_numbers_within_its_limits_and_who_is_not_there_is_skipped() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola").await;
    let mut list = format!("Celular\n+{ROSA}\n");
    for row in 1..=400 {
        // The simulated WhatsApp does not know numbers that end so.
        let end = if row % 2 == 0 { "999" } else { "123" };
        list.push_str(&format!("+51988{row:03}{end}\n"));
    }
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    let began = world.clock.now();
    let asking = world.run("campaign_numbers_check", of(&campaign)).await;
    assert_eq!(
        (&asking["total"], &asking["asking"], &asking["offered"]),
        (&json!(401), &json!(true), &json!(true)),
        "it goes on by itself"
    );
    let asked = of(&campaign);
    world
        .until("all is known", async move |world| {
            world.run("campaign_numbers_status", asked.clone()).await["asking"] == false
        })
        .await;
    assert!(
        world.clock.now().since(began) >= Duration::from_secs(120),
        "four calls in a minute, of fifty numbers each"
    );
    let status = world.run("campaign_numbers_status", of(&campaign)).await;
    assert_eq!(
        (&status["known"], &status["notOnWhatsapp"]),
        (&json!(401), &json!(200)),
        "half of them are not there: {status}"
    );
    let now = world.run("campaign_get", of(&campaign)).await;
    assert_eq!(
        (&now["counts"]["pending"], &now["counts"]["skipped"]),
        (&json!(201), &json!(200)),
        "who is not on WhatsApp is not written to"
    );
    world.finish().await;
}

#[tokio::test]
async fn one_that_is_asked_about_while_it_has_its_time_starts_without_who_is_not_there() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hoy hay pan").await;
    let list = format!("Celular\n+{ROSA}\n+51988001999\n");
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    world.run("campaign_rehearse", of(&campaign)).await;
    let schedule = json!({
        "local": crate::campaigns::scheduled::in_minutes(&world, 60), "zone": "UTC", "late": { "policy": "ask" }, "repeats": "never",
    });
    let args = json!({ "campaignId": campaign["id"], "schedule": schedule });
    world.run("campaign_schedule", args).await;
    world.run("campaign_numbers_check", of(&campaign)).await;
    let asked = of(&campaign);
    world
        .until("all is known", async move |world| {
            world.run("campaign_numbers_status", asked.clone()).await["asking"] == false
        })
        .await;
    let now = world.run("campaign_get", of(&campaign)).await;
    assert_eq!(
        (&now["state"], &now["counts"]["skipped"]),
        (&json!("scheduled"), &json!(1)),
        "nobody took its time away"
    );
    world
        .until_state(campaign["id"].as_i64().expect("a number"), "finished")
        .await;
    assert_eq!(world.got(ROSA, "Hoy hay pan"), 1, "it started");
    world.finish().await;
}

#[tokio::test]
async fn a_test_goes_to_the_number_that_was_given_and_is_nobodys_message() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola {{nombre}}").await;
    let list = "Nombre;Celular\nAna;+51900000020\n";
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    let args = json!({ "campaignId": campaign["id"], "recipientId": null, "variant": 0, "number": format!("+{ROSA}"), "clientId": "t-1" });
    for _ in 0..2 {
        world.run("campaign_test_send", args.clone()).await;
    }
    world.until_status(ROSA, "Hola Ana", "delivered").await;
    assert_eq!(world.got(ROSA, "Hola Ana"), 1, "asked twice, sent once");
    let now = world.run("campaign_get", of(&campaign)).await;
    assert_eq!(now["counts"]["pending"], 1, "nobody was written to");
    let mut wrong = args.clone();
    wrong["number"] = json!("hola");
    assert_eq!(
        world.refused("campaign_test_send", wrong).await,
        ErrorCode::NumberInvalid,
        "no number"
    );
    let mut wrong = args;
    wrong["variant"] = json!(3);
    assert_eq!(
        world.refused("campaign_test_send", wrong).await,
        ErrorCode::MessageEmpty,
        "no such text"
    );
    let safety = world.run("campaign_safety", of(&campaign)).await;
    assert_eq!(
        safety["signs"].as_array().map(Vec::len),
        Some(8),
        "each sign explains itself"
    );
    world.pass(Duration::from_secs(1)).await;
    world.finish().await;
}

#[tokio::test]
async fn a_test_without_an_audience_shows_fallbacks_or_names_and_says_what_has_no_value() {
    let mut world = World::linked().await;
    let campaign = campaign(
        &world,
        "Hola {{nombre | default('vecina')}}, su pedido {{pedido}}",
    )
    .await;
    let args = json!({ "campaignId": campaign["id"], "recipientId": null, "variant": 0, "number": format!("+{ROSA}"), "clientId": "t-1" });
    let sent = world.run("campaign_test_send", args).await;
    assert_eq!(sent["withoutValue"], json!(["pedido"]), "named");
    world
        .until_status(ROSA, "Hola vecina, su pedido pedido", "delivered")
        .await;
    world.finish().await;
}

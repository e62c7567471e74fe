//! Customer lists: judged row by row, decided by a person, remembered, left at any moment.

use mostrador_api::ErrorCode;
use serde_json::{Value, json};

use super::{campaign, opened, read, recipients};
use crate::world::World;

async fn rows(world: &World, import: &Value, verdicts: Value) -> Vec<Value> {
    let args = json!({ "importId": import["importId"], "verdicts": verdicts, "after": null, "limit": 200 });
    let rows = world.run("import_rows", args).await;
    rows.as_array().cloned().expect("rows")
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
    let media = world.bring("todos.csv", list.as_bytes()).await["id"].clone();
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

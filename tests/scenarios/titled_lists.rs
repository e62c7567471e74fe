//! Customer lists that begin with what they are called: the headings stand below it.

use serde_json::{Value, json};

use crate::audience::{campaign, opened};
use crate::world::World;

const ROWS: [[&str; 3]; 4] = [
    ["Lista de clientes", "", ""],
    ["", "", ""],
    ["Nombre", "Celular", "Distrito"],
    ["Ana", "+51900000020", "Lima"],
];

fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(ROWS) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn a_list_with_a_title_above_its_headings_is_read_from_its_headings() {
    let mut world = World::linked().await;
    let text = "Lista de clientes\r\n\r\nNombre;Celular;Distrito\r\nAna;+51900000020;Lima\r\n".to_owned();
    for (name, bytes) in [("a.csv", text.into_bytes()), ("a.xlsx", workbook())] {
        let campaign = campaign(&world, "Hola {{nombre}} de {{distrito}}").await;
        let list = opened(&mut world, &campaign, name, &bytes).await;
        let reading = &list["reading"];
        assert_eq!(
            (
                &reading["hasHeader"],
                &reading["preamble"],
                &reading["numberColumn"]
            ),
            (&json!(true), &json!(1), &json!(1)),
            "{name}: {reading}"
        );
        let variables: Vec<&Value> = list["columns"]
            .as_array()
            .expect("columns")
            .iter()
            .map(|one| &one["variable"])
            .collect();
        assert_eq!(
            variables,
            ["nombre", "celular", "distrito"],
            "{name}: what texts call them"
        );
        assert_eq!(
            (&list["rows"], &list["counters"]["good"]),
            (&json!(1), &json!(1)),
            "{name}: one customer"
        );

        let mut other = reading.clone();
        other["hasHeader"] = json!(false);
        let args = json!({ "importId": list["importId"], "reading": other });
        let by_hand = world.run("import_reading_set", args).await;
        assert_eq!(
            by_hand["columns"][0]["samples"][0], "Lista de clientes",
            "{name}: without headings each row is a customer"
        );
        let args = json!({ "importId": list["importId"], "reading": reading });
        world.run("import_reading_set", args).await;

        world
            .until("it is read again", async |world| {
                let list = world
                    .run("import_get", json!({ "importId": list["importId"] }))
                    .await;
                list["progress"] == 1.0
            })
            .await;
        world
            .run("import_accept", json!({ "importId": list["importId"] }))
            .await;
        let preview = json!({ "campaignId": campaign["id"], "from": 0, "limit": 1 });
        let preview = world.run("campaign_preview", preview).await;
        assert_eq!(
            preview[0]["text"], "Hola Ana de Lima",
            "{name}: with their own cells"
        );
    }
    world.finish().await;
}

//! A campaign with two texts: who gets which is settled before, told before, and what the report adds up.

use serde_json::{Value, json};

use crate::audience::{campaign, opened, recipients};
use crate::world::World;

const TEXTS: [&str; 2] = [
    "Hola {{nombre}}, hay pan de yema",
    "Buenos días {{nombre}}, hay torta",
];

/// A list of customers, as a shop keeps it.
fn list(numbers: &[String]) -> Vec<u8> {
    let mut list = "celular;nombre\n".to_owned();
    for (place, number) in numbers.iter().enumerate() {
        list.push_str(&format!("+{number};Cliente {place}\n"));
    }
    list.into_bytes()
}

#[tokio::test]
async fn each_of_a_campaign_with_two_texts_gets_the_one_that_was_promised_and_the_report_adds_up() {
    let mut world = World::linked().await;
    let numbers: Vec<String> = (20..40).map(|at| format!("519000000{at}")).collect();
    let made = campaign(&world, TEXTS[0]).await;
    let id = made["id"].as_i64().expect("a number");
    let import = opened(&mut world, &made, "clientes.csv", &list(&numbers)).await;
    world
        .run("import_accept", json!({ "importId": import["importId"] }))
        .await;
    let mut plan = world.shown(id).await["plan"].clone();
    let text = |share: u32, text: &str| json!({ "share": share, "body": { "kind": "text", "text": text } });
    plan["texts"] = json!([text(60, TEXTS[0]), text(40, TEXTS[1])]);
    let args = json!({ "campaignId": id, "plan": plan });
    world.run("campaign_plan_set", args).await;
    let rehearsal = world.run("campaign_rehearse", json!({ "campaignId": id })).await;
    assert_eq!(rehearsal["ready"], true, "{rehearsal}");

    let asked = json!({ "campaignId": id, "from": 0, "limit": 100 });
    let promised = world.run("campaign_preview", asked).await;
    let promised: Vec<Value> = promised.as_array().cloned().expect("each");
    assert_eq!(promised.len(), 20, "each is told what they get");
    world.run("campaign_start", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;

    let rows = recipients(&world, &made).await;
    let mut of_each = [0_u64; 2];
    for (row, promised) in rows.iter().zip(&promised) {
        assert_eq!(row["id"], promised["recipientId"], "in their turn");
        assert_eq!(row["variant"], promised["variant"], "the same at every look");
        let (number, name) = (row["number"].as_str().expect("theirs"), &row["cells"][1]);
        let words = TEXTS.map(|text| text.replace("{{nombre}}", name.as_str().expect("a name")));
        let variant = usize::from(promised["variant"] == 1);
        assert_eq!(
            promised["text"],
            words[variant].as_str(),
            "the text of that number"
        );
        let got = words.map(|words| world.got(number, &words));
        let mut expected = [0, 0];
        expected[variant] = 1;
        assert_eq!(got, expected, "that one, once, and not the other");
        of_each[variant] += 1;
    }
    assert!(of_each.iter().all(|count| *count > 0), "both occur: {of_each:?}");
    let report = world.run("campaign_report", json!({ "campaignId": id })).await;
    let variants = report["variants"].as_array().cloned().expect("each text");
    let count = |field: &str| -> Vec<u64> {
        let of = |variant: &Value| variant[field].as_u64().or(variant["funnel"][field].as_u64());
        variants.iter().filter_map(of).collect()
    };
    assert_eq!(count("people"), of_each, "as many as got each: {report}");
    assert_eq!(count("sent"), of_each, "and it was sent to all of them: {report}");
    assert_eq!(
        count("people").iter().sum::<u64>(),
        world.shown(id).await["counts"]["total"]
            .as_u64()
            .expect("a count"),
        "together they are all"
    );
    world.finish().await;
}

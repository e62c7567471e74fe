//! Which column of a campaign's people holds their names: kept by whatever becomes of it.

use mostrador_campaigns::wording::Table;
use mostrador_domain::{CampaignId, FailureCode, OutboxEvent};
use mostrador_store::Store;
use mostrador_store::tables::campaign::audience::{self, Missed, Range};
use mostrador_store::tables::campaign::recipient::{self, NewRecipient};
use mostrador_store::tables::campaign::{self, Copied, FollowsAs, retry};
use mostrador_store::tables::outbox;

use super::{person, saying};
use crate::damaged_file::shop::{open_damaged, overwrite};
use crate::upgrade::tables_of;
use crate::world::{NOON, World, at, customer, file_in, reopen};

fn table() -> Table {
    Table::of(["Código", "Quién"]).with_name(Some(1))
}

async fn columns(store: &Store, id: CampaignId) -> Table {
    let read = store.read(move |c| campaign::get(c, id)).await;
    read.expect("there").columns
}

/// A campaign to somebody called so by the second column of their list.
async fn to(world: &World, name: &str) -> CampaignId {
    let person = NewRecipient {
        cells: vec!["7".to_owned(), name.to_owned()],
        ..person(1)
    };
    let id = world.draft(saying("Hola {{nombre}}"), vec![person]).await;
    world
        .write(move |w| campaign::set_sources(w, id, "[]", &table()))
        .await;
    id
}

#[tokio::test]
async fn the_name_is_sent_and_told_from_its_column_and_kept_by_a_copy_a_second_try_and_a_rescue() {
    let world = World::new().await;
    let id = to(&world, "Ana").await;
    world.start(id, NOON).await;
    let queued = world.queue(id, NOON).await;
    assert_eq!(
        world.message(queued.message).await.content.text(),
        Some("Hola Ana"),
        "whatever its heading"
    );
    let called = world.read(move |c| {
        let campaign = campaign::get(c, id)?;
        recipient::called(c, &campaign, Some(&customer(1)), &["7".into(), "Ana".into()])
    });
    assert_eq!(
        called.await.as_deref(),
        Some("Ana"),
        "who is known by no other name"
    );

    let claimed = world.claim_one(at(1)).await;
    let (copy, again) = world
        .write(move |w| {
            outbox::dead(w, claimed.id, OutboxEvent::Refused, FailureCode::RefusedContent)?;
            let copied = Copied {
                from: id,
                how: FollowsAs::Copy,
            };
            let copy = campaign::copy(w, copied, "Otra vez", None, at(5))?;
            let from = audience::of(w, id)?.expect("it has people");
            let to = audience::begin(w)?;
            let first = Range {
                from,
                to,
                first: 0,
                end: 1,
            };
            audience::missed_people(w, first, &Missed::Failed)?;
            Ok((copy, retry::retry(w, id, "Reintento", to, "[]", at(6))?))
        })
        .await;
    let folder = world.close();
    let store = reopen(&file_in(&folder));
    for id in [id, copy, again] {
        assert_eq!(columns(&store, id).await, table(), "campaign {}", id.0);
    }
    drop(store);

    overwrite(&file_in(&folder), 60, &[0; 4]);
    let (store, _) = open_damaged(&folder);
    for id in [id, copy, again] {
        assert_eq!(columns(&store, id).await, table(), "campaign {}, rescued", id.0);
    }
}

#[tokio::test]
async fn a_campaign_from_before_the_name_had_a_column_finds_its_columns_by_their_headings() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = tables_of(37, &file_in(&folder));
    let plan = serde_json::to_string(&saying("Hola {{nombre}}")).expect("a plan");
    let sql = "INSERT INTO campaign (id, device_id, name, state, plan, columns, created_at)
               VALUES (1, 1, 'Aviso', 'draft', ?1, '[\"Cliente\",\"Nombre\"]', 0)";
    file.execute_batch(
        "PRAGMA journal_mode = WAL;
         INSERT INTO device (id, gateway, name, url, secret_key, linked, created_at) VALUES (1, 'practice', 'Caja', 'http://127.0.0.1:1', 'key-a', 1, 0);",
    )
    .expect("a device");
    file.execute(sql, [plan]).expect("a campaign");
    drop(file);

    let store = reopen(&file_in(&folder));
    let columns = columns(&store, CampaignId(1)).await;
    assert_eq!(columns, Table::of(["Cliente", "Nombre"]), "nobody has said which");
    assert_eq!(columns.column("nombre"), Some(1), "as it was rehearsed");
}

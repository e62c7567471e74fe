//! Campaigns that follow another one for those whom it did not reach: nobody gets it twice, and the rehearsal says so before.

use mostrador_sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use super::PEOPLE;
use crate::world::World;

impl World {
    /// The next texts, so many, are refused.
    fn refuses_texts(&self, times: u32) {
        let refused = FaultKind::Status {
            code: 400,
            body: None,
            headers: Default::default(),
        };
        self.sandbox.set_fault(Fault {
            times,
            ..Fault::once("POST", "/messages/text", refused)
        });
    }

    /// A draft for those whom a campaign did not reach.
    async fn second_try(&self, of: i64, name: &str) -> i64 {
        let args = json!({ "campaignId": of, "name": name, "recipients": null });
        self.run("campaign_retry", args).await["id"]
            .as_i64()
            .expect("a number")
    }

    /// Rehearses a campaign and runs it to its end. Gives what was rehearsed.
    async fn run_through(&mut self, id: i64) -> Value {
        let which = json!({ "campaignId": id });
        let rehearsal = self.run("campaign_rehearse", which.clone()).await;
        assert_eq!(rehearsal["ready"], true, "nothing is in its way: {rehearsal}");
        self.run("campaign_start", which).await;
        self.until_state(id, "finished").await;
        rehearsal
    }
}

/// Two drafts for the first three people, whom a campaign did not reach; the others got it.
async fn two_second_tries(world: &mut World) -> (i64, [i64; 2]) {
    world.refuses_texts(3);
    let id = world.started(&PEOPLE).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [0, 0, 0, 1, 1], "three were refused");
    let second = world.second_try(id, "Pan (2)").await;
    (id, [second, world.second_try(id, "Pan (3)").await])
}

#[tokio::test]
async fn the_rehearsal_leaves_out_whom_another_second_try_has_reached_as_the_run_does() {
    let mut world = World::linked().await;
    let (_, [one, other]) = two_second_tries(&mut world).await;
    world.refuses_texts(1);
    let rehearsal = world.run_through(one).await;
    assert_eq!(rehearsal["sends"], 3, "nobody was reached before: {rehearsal}");
    assert_eq!(world.each_got(&PEOPLE), [0, 1, 1, 1, 1], "one was refused again");

    let rehearsal = world.run_through(other).await;
    assert_eq!(
        (&rehearsal["sends"], &rehearsal["skipped"]),
        (&json!(1), &json!([{ "reason": "written_recently", "count": 2 }])),
        "two were reached by the first: {rehearsal}"
    );
    world
        .until("what was sent is delivered", async |world| {
            world.shown(other).await["counts"]["delivered"] == 1
        })
        .await;
    assert_eq!(
        world.shown(other).await["counts"]["skipped"],
        2,
        "as it was rehearsed"
    );
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

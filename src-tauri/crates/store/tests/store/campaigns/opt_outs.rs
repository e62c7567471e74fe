//! Who does not want to be written to: the table in the module's head, and what it does at once.

use mostrador_campaigns::opt_out::Wish;
use mostrador_campaigns::state::RecipientState as S;
use mostrador_domain::Address;
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::campaign::opt_out::{self, Heard, OptOutRow, OptOutState, Said};

use crate::world::{NOON, World, address, at, customer};

fn says(who: Address, wish: Wish, gateway_id: &str, seconds: i64) -> Heard {
    Heard {
        chat: who.clone(),
        address: who,
        wish,
        gateway_id: gateway_id.into(),
        text: "BAJA".into(),
        at: at(seconds),
    }
}

impl World {
    async fn hears(&self, heard: Heard) -> bool {
        let device = self.device;
        self.write(move |w| opt_out::heard(w, device, &heard, at(100)))
            .await
    }

    async fn opt_outs(&self) -> Vec<OptOutRow> {
        self.read(|c| opt_out::page(c, None, None, 100)).await
    }

    async fn is_out(&self, who: Address) -> bool {
        self.read(move |c| opt_out::is_out(c, &who)).await
    }
}

#[tokio::test]
async fn a_plain_wish_is_honoured_and_kept_with_its_proof() {
    let world = World::new().await;
    world.chat_with(1).await;
    assert!(
        world.hears(says(customer(1), Wish::Certain, "m1", 5)).await,
        "news"
    );
    assert!(
        !world.hears(says(customer(1), Wish::Certain, "m1", 5)).await,
        "told again it is none"
    );
    let rows = world.opt_outs().await;
    let row = rows.first().expect("kept");
    assert_eq!((row.state, row.said), (OptOutState::Out, Said::Certain), "out");
    assert_eq!(
        (row.text.as_deref(), row.at),
        (Some("BAJA"), at(5)),
        "its words and its time"
    );
    assert!(row.chat.is_some(), "and where");
    assert!(world.is_out(customer(1)).await, "nothing is sent to them");
}

#[tokio::test]
async fn what_may_be_a_wish_is_honoured_until_a_person_decides() {
    let world = World::new().await;
    world.hears(says(customer(1), Wish::Ask, "m1", 5)).await;
    world.hears(says(customer(2), Wish::Ask, "m2", 5)).await;
    assert!(world.is_out(customer(1)).await, "until then");
    let rows = world.opt_outs().await;
    let (second, first) = (rows[0].id, rows[1].id);
    world
        .write(move |w| opt_out::decide(w, first, false, at(10)))
        .await;
    world
        .write(move |w| opt_out::decide(w, second, true, at(10)))
        .await;
    assert!(!world.is_out(customer(1)).await, "it was not meant so");
    assert!(world.is_out(customer(2)).await, "it was");
    let twice = world
        .refuses(move |w| opt_out::decide(w, first, true, at(11)))
        .await;
    assert_eq!(twice, StoreErrorKind::StateChanged, "decided is decided");
    world.hears(says(customer(1), Wish::Ask, "m1", 5)).await;
    assert!(
        !world.is_out(customer(1)).await,
        "an old message changes no decision"
    );
    world.hears(says(customer(1), Wish::Certain, "m3", 12)).await;
    assert!(world.is_out(customer(1)).await, "a later one does");
}

#[tokio::test]
async fn a_person_of_the_shop_notes_a_wish_and_takes_it_back() {
    let world = World::new().await;
    world.write(|w| opt_out::said(w, &customer(1), at(1))).await;
    let id = world.opt_outs().await[0].id;
    let early = world.refuses(move |w| opt_out::decide(w, id, false, at(2))).await;
    assert_eq!(early, StoreErrorKind::StateChanged, "there is nothing to decide");
    world.write(move |w| opt_out::undo(w, id, at(3))).await;
    assert!(!world.is_out(customer(1)).await, "they want to hear again");
    world.hears(says(customer(1), Wish::Certain, "old", 2)).await;
    assert!(
        !world.is_out(customer(1)).await,
        "what they wrote before that does not count"
    );
    world.hears(says(customer(1), Wish::Certain, "new", 4)).await;
    assert!(world.is_out(customer(1)).await, "what they write after it does");
}

#[tokio::test]
async fn it_holds_for_every_spelling_and_address_whenever_they_become_known() {
    let world = World::new().await;
    world
        .hears(says(address("99000000000011@lid"), Wish::Certain, "m1", 5))
        .await;
    assert!(
        !world.is_out(customer(1)).await,
        "nobody knows yet that it is they"
    );
    let told = mostrador_domain::Inbound::SamePerson {
        phone: customer(1),
        lid: address("99000000000011@lid"),
    };
    world.live(vec![told]).await;
    assert!(world.is_out(customer(1)).await, "now it is known");
    world
        .hears(says(address("5491112345678"), Wish::Certain, "m2", 5))
        .await;
    assert!(
        world.is_out(address("541112345678")).await,
        "Argentina without the 9"
    );
}

#[tokio::test]
async fn it_bites_between_two_sends_and_takes_back_what_was_not_claimed() {
    let world = World::new().await;
    let id = world.running([1, 2, 1_0]).await;
    let queued = world.queue(id, NOON).await;
    world.hears(says(customer(1), Wish::Certain, "m1", 5)).await;
    assert_eq!(
        world.recipient(queued.recipient).await.state,
        S::OptedOut,
        "they get nothing"
    );
    assert!(world.claim(at(6)).await.is_none(), "nothing waits in the outbox");
    let next = world.queue(id, at(7)).await;
    world.claim_one(at(7)).await;
    world.hears(says(customer(2), Wish::Certain, "m2", 8)).await;
    assert_eq!(
        world.recipient(next.recipient).await.state,
        S::Queued,
        "it may be reaching them"
    );
}

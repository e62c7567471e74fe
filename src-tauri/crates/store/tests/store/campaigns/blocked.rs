//! Whom the number has blocked gets no campaign of it.

use mostrador_campaigns::state::{RecipientState as S, SkipReason};
use mostrador_domain::Address;
use mostrador_store::tables::block::{self, Blocked};
use mostrador_store::tables::outbox;

use crate::world::{NOON, World, address, at, customer};

const SKIPPED: S = S::Skipped(SkipReason::Blocked);

impl World {
    async fn blocks(&self, who: Address, how: Blocked) {
        let device = self.device;
        self.write(move |w| block::set(w, device, &who, how, NOON)).await;
    }

    async fn blocked(&self, who: Address) -> Option<Blocked> {
        let device = self.device;
        self.read(move |c| block::of(c, device, &who)).await
    }

    async fn told_blocked(&self, list: Vec<Address>) {
        let device = self.device;
        self.write(move |w| block::told(w, device, &list, at(1))).await;
    }
}

#[tokio::test]
async fn a_block_holds_for_every_spelling_and_address_and_for_this_number_alone() {
    let world = World::new().await;
    let told = mostrador_domain::Inbound::SamePerson {
        phone: customer(1),
        lid: address("99000000000011@lid"),
    };
    world.live(vec![told]).await;
    world.blocks(address("99000000000011@lid"), Blocked::Here).await;
    world.blocks(address("551187654321"), Blocked::Here).await;
    assert_eq!(
        world.blocked(customer(1)).await,
        Some(Blocked::Here),
        "by their LID"
    );
    let spelled = world.blocked(address("5511987654321")).await;
    assert_eq!(spelled, Some(Blocked::Here), "by another spelling");
    let other = world.another_device().await;
    let elsewhere = world.read(move |c| block::of(c, other, &customer(1))).await;
    assert_eq!(elsewhere, None, "another number of the shop has its own");
    let device = world.device;
    world.write(move |w| block::lift(w, device, &customer(1))).await;
    assert_eq!(world.blocked(customer(1)).await, None, "let in again, wholly");
}

#[tokio::test]
async fn whoever_is_blocked_is_skipped_at_their_turn_and_what_waits_is_taken_back() {
    let world = World::new().await;
    let id = world.running([1, 2, 3]).await;
    world.queue(id, NOON).await;
    world.blocks(customer(1), Blocked::AtGateway).await;
    assert!(world.claim(at(1)).await.is_none(), "nothing waits in the outbox");
    world.blocks(customer(2), Blocked::Here).await;
    world.queue(id, at(2)).await;
    assert_eq!(
        world.states(id).await,
        [SKIPPED, SKIPPED, S::Queued],
        "taken back; passed at their turn"
    );
}

#[tokio::test]
async fn a_campaign_of_another_number_writes_to_them() {
    let world = World::new().await;
    let other = world.another_device().await;
    world
        .write(move |w| block::set(w, other, &customer(1), Blocked::AtGateway, NOON))
        .await;
    let id = world.running([1]).await;
    world.queue(id, at(1)).await;
}

#[tokio::test]
async fn what_the_gateway_says_is_the_whole_of_its_list_and_leaves_the_shops_own_alone() {
    let world = World::new().await;
    world.blocks(customer(1), Blocked::AtGateway).await;
    world.blocks(customer(2), Blocked::Here).await;
    world.told_blocked(vec![customer(3)]).await;
    assert_eq!(
        world.blocked(customer(1)).await,
        None,
        "let in again on the phone"
    );
    assert_eq!(
        world.blocked(customer(2)).await,
        Some(Blocked::Here),
        "the shop's own"
    );
    assert_eq!(
        world.blocked(customer(3)).await,
        Some(Blocked::AtGateway),
        "blocked on the phone"
    );
    world.told_blocked(vec![customer(2), customer(3)]).await;
    assert_eq!(
        world.blocked(customer(2)).await,
        Some(Blocked::AtGateway),
        "now WhatsApp knows it too"
    );
}

#[tokio::test]
async fn a_block_that_comes_while_a_message_is_in_flight_holds_when_it_did_not_go() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let first = world.queue(id, NOON).await;
    let claimed = world.claim_one(NOON).await;
    world.blocks(customer(1), Blocked::Here).await;
    world.write(move |w| outbox::not_sent(w, claimed.id, at(1))).await;
    assert!(world.claim(at(2)).await.is_none(), "nothing waits in the outbox");
    world.queue(id, at(3)).await;
    assert_eq!(
        world.recipient(first.recipient).await.state,
        SKIPPED,
        "their turn finds the block"
    );
}

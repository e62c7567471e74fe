//! Who does not want to be written to: the table in the module's head, and what it does at once.

use mostrador_campaigns::opt_out::Wish;
use mostrador_campaigns::state::{CampaignState, RecipientState as S};
use mostrador_domain::{Address, CampaignId};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::campaign::opt_out::{self, Heard, OptOutRow, OptOutState, Said, Wished};
use mostrador_store::tables::campaign::proof::{self, Verdict, What};
use mostrador_store::tables::campaign::{self, Next};
use mostrador_store::tables::outbox::Now;

use crate::world::{NOON, World, address, at, customer, text};

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

    async fn wished(&self, who: Address) -> Wished {
        self.read(move |c| opt_out::wished(c, &who)).await
    }

    /// A person decides about the newest wish.
    async fn decides(&self, meant: bool) {
        let id = self.opt_outs().await[0].id;
        self.write(move |w| opt_out::decide(w, id, meant, at(50))).await;
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
async fn what_may_be_a_wish_waits_for_a_person_to_decide() {
    let world = World::new().await;
    world.hears(says(customer(1), Wish::Ask, "m1", 5)).await;
    world.hears(says(customer(2), Wish::Ask, "m2", 5)).await;
    assert_eq!(world.wished(customer(1)).await, Wished::Asked, "until then");
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
async fn an_old_wish_that_is_told_again_under_another_address_changes_no_decision() {
    for [one, other] in [
        ["551187654321", "5511987654321"],
        ["99000000000011@lid", "51900000001"],
        ["51900000001", "99000000000011@lid"],
    ] {
        let world = World::new().await;
        let told = mostrador_domain::Inbound::SamePerson {
            phone: address("51900000001"),
            lid: address("99000000000011@lid"),
        };
        world.live(vec![told]).await;
        world.hears(says(address(one), Wish::Certain, "m1", 5)).await;
        let id = world.opt_outs().await[0].id;
        world.write(move |w| opt_out::undo(w, id, at(7))).await;
        assert!(
            !world.hears(says(address(other), Wish::Certain, "m1", 5)).await,
            "{other}: the shop has decided since"
        );
        assert!(
            !world.is_out(address(other)).await,
            "{other}: they want to hear again"
        );
        assert!(
            !world.is_out(address(one)).await,
            "{one}: they want to hear again"
        );
        assert!(
            world.hears(says(address(other), Wish::Certain, "m2", 9)).await,
            "{other}: what they write after it counts"
        );
        assert!(world.is_out(address(one)).await, "{one}: and for all addresses");
    }
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

#[tokio::test]
async fn what_may_be_a_wish_holds_them_back_between_two_sends_and_the_others_go_on() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let queued = world.queue(id, NOON).await;
    world.hears(says(customer(1), Wish::Ask, "m1", 5)).await;
    let row = world.recipient(queued.recipient).await;
    assert_eq!((row.state, row.held), (S::Pending, true), "taken back, and held");
    assert!(world.claim(at(6)).await.is_none(), "nothing waits in the outbox");
    world.send_next(id, "g2", at(7)).await;
    assert_eq!(
        world.states(id).await,
        [S::Pending, S::Sent],
        "the next one's turn"
    );
    assert_eq!(world.next(id, at(8)).await, Next::Held, "it waits for a person");
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Running,
        "and has not ended"
    );
}

#[tokio::test]
async fn whoever_did_not_mean_it_has_their_turn_then() {
    let world = World::new().await;
    world.hears(says(customer(1), Wish::Ask, "m1", 5)).await;
    let id = world.running([1, 2]).await;
    world.send_next(id, "g2", at(7)).await;
    assert_eq!(world.read(move |c| campaign::held(c, id)).await, 1, "passed over");
    world.decides(false).await;
    assert_eq!(
        world.read(move |c| campaign::held(c, id)).await,
        0,
        "nothing holds them"
    );
    world.send_next(id, "g1", at(60)).await;
    assert_eq!(world.next(id, at(61)).await, Next::Finished, "all are written to");
    let proof = world.read(move |c| campaign::proof::check(c, id)).await;
    assert!(
        proof.checks.iter().all(campaign::proof::Check::holds),
        "and it can be proven: {proof:?}"
    );
}

#[tokio::test]
async fn whoever_meant_it_is_out_at_once_and_the_campaign_can_end() {
    let world = World::new().await;
    world.hears(says(customer(1), Wish::Ask, "m1", 5)).await;
    let id = world.running([1, 2]).await;
    world.send_next(id, "g2", at(7)).await;
    assert_eq!(world.next(id, at(8)).await, Next::Held, "one is held");
    world.decides(true).await;
    let row = &world.people(id).await[0];
    assert_eq!((row.state, row.held), (S::OptedOut, false), "they are out");
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Finished,
        "nobody is left"
    );
}

#[tokio::test]
async fn a_plain_wish_after_an_unclear_one_decides_it() {
    let world = World::new().await;
    world.hears(says(customer(1), Wish::Ask, "m1", 5)).await;
    let id = world.running([1, 2]).await;
    world.queue(id, at(7)).await;
    world.hears(says(customer(1), Wish::Certain, "m2", 8)).await;
    assert_eq!(
        world.states(id).await,
        [S::OptedOut, S::Queued],
        "nobody has to decide any more"
    );
}

#[tokio::test]
async fn a_campaign_that_is_ended_holds_nobody() {
    let world = World::new().await;
    world.hears(says(customer(1), Wish::Ask, "m1", 5)).await;
    let id = world.running([1, 2]).await;
    world.queue(id, at(7)).await;
    world.write(move |w| campaign::cancel(w, id, at(8))).await;
    assert_eq!(
        world.read(move |c| campaign::held(c, id)).await,
        0,
        "it has ended"
    );
    world.decides(false).await;
    assert_eq!(
        world.counts(id).await.skipped,
        2,
        "what is decided later changes nothing"
    );
}

/// An hour ahead, or behind, of the gateway's clock.
const HOUR: i64 = 3_600;

#[tokio::test]
async fn what_is_written_after_a_decision_is_heard_on_a_computer_whose_clock_is_ahead() {
    let world = World::new().await;
    world.hears(says(customer(1), Wish::Ask, "m1", 0)).await;
    let id = world.opt_outs().await[0].id;
    let now = Now {
        ours: at(HOUR + 10),
        gateway: at(10),
    };
    world.write(move |w| opt_out::decide(w, id, false, now)).await;
    assert!(
        world.hears(says(customer(1), Wish::Certain, "m2", 300)).await,
        "five minutes after the shop decided"
    );
    assert!(world.is_out(customer(1)).await, "it is honoured");
}

#[tokio::test]
async fn an_undone_wish_that_is_listed_again_stays_undone_on_a_computer_whose_clock_is_behind() {
    for gateway_is_known in [true, false] {
        let world = World::new().await;
        world.hears(says(customer(1), Wish::Certain, "m1", HOUR)).await;
        let id = world.opt_outs().await[0].id;
        let gateway = if gateway_is_known { at(HOUR + 60) } else { at(60) };
        let now = Now {
            ours: at(60),
            gateway,
        };
        world.write(move |w| opt_out::undo(w, id, now)).await;
        assert!(
            !world.hears(says(customer(1), Wish::Certain, "m1", HOUR)).await,
            "the very same message is no news"
        );
        assert!(!world.is_out(customer(1)).await, "they want to hear again");
        assert!(
            world
                .hears(says(customer(1), Wish::Certain, "m1", HOUR + 90))
                .await,
            "but if it is worded anew, or chosen anew in a poll, it is"
        );
    }
}

#[tokio::test]
async fn the_words_are_kept_when_a_person_of_the_shop_says_so_again() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.hears(says(customer(1), Wish::Certain, "m1", 5)).await;
    let id = world.opt_outs().await[0].id;
    world.write(move |w| opt_out::undo(w, id, at(10))).await;
    let campaign = world.running([1]).await;
    world.send_next(campaign, "g1", at(15)).await;
    world
        .write(|w| opt_out::said(w, &customer(1), at(20)).map(drop))
        .await;
    let row = world.opt_outs().await.remove(0);
    assert_eq!(
        (row.state, row.decided_at),
        (OptOutState::Out, Some(at(20))),
        "out since then"
    );
    assert_eq!(
        (row.text.as_deref(), row.chat, row.at),
        (Some("BAJA"), Some(chat), at(5)),
        "with what they once wrote"
    );
    let proof = world.read(move |c| campaign::proof::check(c, campaign)).await;
    assert!(
        proof.checks.iter().all(campaign::proof::Check::holds),
        "what was sent while it was undone is no fault: {proof:?}"
    );
}

#[tokio::test]
async fn an_undo_holds_for_every_spelling_and_address() {
    let (one, other) = ("551187654321", "5511987654321");
    let world = World::new().await;
    world.hears(says(address(one), Wish::Certain, "m1", 5)).await;
    world.hears(says(address(other), Wish::Certain, "m2", 6)).await;
    let id = world.opt_outs().await[0].id;
    world.write(move |w| opt_out::undo(w, id, at(7))).await;
    assert!(!world.is_out(address(one)).await, "they want to hear again");
    assert!(!world.is_out(address(other)).await, "under either spelling");
    world.write(move |w| opt_out::said(w, &address(one), at(8))).await;
    let news = world
        .write(move |w| opt_out::said(w, &address(other), at(9)))
        .await;
    assert!(!news, "it is known, under another spelling");
    let out = world.opt_outs().await.into_iter();
    assert_eq!(
        out.filter(|row| row.state == OptOutState::Out).count(),
        1,
        "and stands once"
    );
}

const LID: &str = "99000000000011@lid";

/// How many were written to against a wish, says the proof of a campaign that has ended.
async fn against_a_wish(world: &World, id: CampaignId) -> (u32, Verdict) {
    let proof = world.read(move |c| proof::check(c, id)).await;
    let outs = proof.checks.iter().find(|check| check.what == What::OptOuts);
    (outs.expect("it is checked").wrong, proof.verdict)
}

/// A gateway tells that the first customer is who writes from the hidden number.
async fn told_to_be_one(world: &World) {
    let told = mostrador_domain::Inbound::SamePerson {
        phone: customer(1),
        lid: address(LID),
    };
    world.live(vec![told]).await;
}

#[tokio::test]
async fn whose_a_wish_is_that_is_told_later_breaks_no_campaign_that_wrote_before() {
    for is_message_kept in [true, false] {
        let world = World::new().await;
        world.hears(says(address(LID), Wish::Certain, "m1", 5)).await;
        let id = world.running([1]).await;
        world.send_next(id, "g1", at(200)).await;
        assert_eq!(world.next(id, at(201)).await, Next::Finished);
        assert_eq!(
            against_a_wish(&world, id).await,
            (0, Verdict::Holds),
            "nobody knows whose it is"
        );
        if !is_message_kept {
            let gone = "DELETE FROM outbox; DELETE FROM message";
            world.write(move |w| Ok(w.execute_batch(gone)?)).await;
        }
        told_to_be_one(&world).await;
        assert!(world.is_out(customer(1)).await, "from now on they get nothing");
        assert_eq!(
            against_a_wish(&world, id).await,
            (0, Verdict::Holds),
            "it could not be known when they were written to (the message is kept: {is_message_kept})"
        );
        told_to_be_one(&world).await;
        assert_eq!(
            against_a_wish(&world, id).await,
            (0, Verdict::Holds),
            "told again, nothing changes"
        );
    }
}

#[tokio::test]
async fn whose_a_wish_is_that_was_known_breaks_a_campaign_that_wrote_all_the_same() {
    // It was told at 1,000,000 by the clock, which has been set back since in the second case.
    for seconds in [2_000_000, 200] {
        let world = World::new().await;
        world.live(vec![text(7, "m7").event()]).await;
        told_to_be_one(&world).await;
        let id = world.running([1]).await;
        world.send_next(id, "g1", at(seconds)).await;
        assert_eq!(world.next(id, at(seconds + 1)).await, Next::Finished);
        world
            .write(move |w| {
                let wish = "INSERT INTO opt_out (address, state, wish, at, heard_at) VALUES (?1, 'out', 'said', ?2, ?2)";
                Ok(w.execute(wish, rusqlite::params![LID, at(seconds - 1).0])?)
            })
            .await;
        assert_eq!(
            against_a_wish(&world, id).await,
            (1, Verdict::Broken),
            "it was known at {seconds} that it is they"
        );
    }
}

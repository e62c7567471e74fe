//! The next recipient's turn: what is looked at in the transaction that puts their message into the outbox.

use mostrador_campaigns::plan::{Body, Text};
use mostrador_campaigns::state::{CampaignState, FailReason, Pause, RecipientState, SkipReason};
use mostrador_domain::{Address, FailureCode, Inbound, MediaId, MediaKind, StatusKind};
use mostrador_store::tables::campaign::recipient::NewRecipient;
use mostrador_store::tables::campaign::{self, Next, Terms, audience, opt_out};
use mostrador_store::tables::{chat, leftover, media};

use super::{DAY, TERMS, capped, person, rate, saying};
use crate::world::{NOON, World, address, at, customer, reached};

#[tokio::test]
async fn a_turn_puts_one_message_into_the_outbox_and_says_so_in_the_row() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let queued = world.queue(id, at(5)).await;
    let row = world.recipient(queued.recipient).await;
    assert_eq!(
        (row.state, row.tries, row.queued_at),
        (RecipientState::Queued, 1, Some(at(5))),
        "in one step"
    );
    assert_eq!(
        (row.chat, row.message),
        (Some(queued.chat), Some(queued.message)),
        "which is known by its row"
    );
    assert_eq!(world.next(id, at(6)).await, Next::Full, "no second one beside it");
    let claimed = world.claim_one(at(6)).await;
    assert_eq!(
        claimed.client_id,
        format!("campaign-{}-1", queued.recipient),
        "its try"
    );
    assert_eq!(
        world.message(queued.message).await.content.text(),
        Some("Hola Persona 1"),
        "with their cell"
    );
}

#[tokio::test]
async fn campaigns_of_one_device_share_its_room() {
    let world = World::new().await;
    let (one, other) = (world.running([1]).await, world.running([2]).await);
    world.queue(one, NOON).await;
    assert_eq!(
        world.next(other, NOON).await,
        Next::Full,
        "an answer to a customer is never behind two"
    );
    let more = Terms { room: 2, ..TERMS };
    let next = world
        .write(move |w| campaign::queue_next(w, other, more, NOON))
        .await;
    assert!(
        matches!(next, Next::Queued(_)),
        "a faster link has more: {next:?}"
    );
}

#[tokio::test]
async fn the_chat_that_is_there_is_used_under_whichever_spelling_and_no_number_is_rewritten() {
    let world = World::new().await;
    let (short, long) = (address("551187654321"), address("5511987654321"));
    let device = world.device;
    let known = short.clone();
    let chat = world.write(move |w| chat::ensure(w, device, &known)).await;
    let spelled = NewRecipient {
        address: Some(long.clone()),
        ..person(1)
    };
    let id = world.draft(saying("hola"), vec![spelled]).await;
    world.start(id, NOON).await;
    let queued = world.queue(id, NOON).await;
    assert_eq!(queued.chat, chat, "the chat that the customer knows");
    assert_eq!(
        world.claim_one(NOON).await.address,
        short,
        "is written to where it is"
    );
    assert_eq!(
        world.recipient(queued.recipient).await.address,
        Some(long),
        "the list stays as it was"
    );
}

#[tokio::test]
async fn whoever_has_no_text_is_skipped_and_the_next_one_has_their_turn() {
    let world = World::new().await;
    let with = |number: u32, cell: String| NewRecipient {
        cells: vec![cell],
        ..person(number)
    };
    let people = vec![
        with(1, "  ".into()),
        with(2, "x".repeat(5_000)),
        NewRecipient {
            address: None,
            ..person(3)
        },
        with(4, "Ana".into()),
    ];
    let id = world.draft(saying("Hola {{nombre}}"), people).await;
    world.start(id, NOON).await;
    world.queue(id, NOON).await;
    let skipped = |why| RecipientState::Skipped(why);
    assert_eq!(
        world.states(id).await,
        [
            skipped(SkipReason::NoText),
            skipped(SkipReason::TextTooLong),
            skipped(SkipReason::InvalidNumber),
            RecipientState::Queued
        ],
        "each says why"
    );
}

#[tokio::test]
async fn whoever_got_another_campaign_a_short_time_ago_gets_no_second_one() {
    let world = World::new().await;
    let first = world.running([1]).await;
    world.send_next(first, "g1", NOON).await;
    let again = world.running([1, 2]).await;
    let day = 86_400;
    world.queue(again, at(3 * day - 1)).await;
    let recently = RecipientState::Skipped(SkipReason::WrittenRecently);
    assert_eq!(
        world.states(again).await,
        [recently, RecipientState::Queued],
        "within three days"
    );
    let claimed = world.claim_one(at(3 * day)).await;
    world.accepted(claimed.id, "g2", at(3 * day)).await;
    let later = world.running([1]).await;
    world.queue(later, at(3 * day + 1)).await;
}

#[tokio::test]
async fn whom_another_campaign_did_not_reach_is_not_kept_from_this_one() {
    let world = World::new().await;
    let first = world.running([1]).await;
    world.queue(first, NOON).await;
    let claimed = world.claim_one(NOON).await;
    world.refused(claimed.id).await;
    let again = world.running([1]).await;
    world.queue(again, at(1)).await;
}

#[tokio::test]
async fn whoever_does_not_want_to_be_written_to_is_passed_by_any_of_their_addresses() {
    let world = World::new().await;
    let (phone, lid) = (customer(1), address("99000000000011@lid"));
    world
        .live(vec![Inbound::SamePerson {
            phone,
            lid: lid.clone(),
        }])
        .await;
    let brazil = NewRecipient {
        address: Some(address("5511987654321")),
        ..person(2)
    };
    let id = world
        .draft(saying("hola"), vec![person(1), brazil, person(3)])
        .await;
    world.start(id, NOON).await;
    world
        .write(move |w| {
            opt_out::said(w, &lid, NOON)?;
            opt_out::said(w, &address("551187654321"), NOON)
        })
        .await;
    world.queue(id, at(1)).await;
    assert_eq!(
        world.states(id).await,
        [
            RecipientState::OptedOut,
            RecipientState::OptedOut,
            RecipientState::Queued
        ],
        "by their LID, by another spelling"
    );
}

#[tokio::test]
async fn many_who_are_not_written_to_do_not_hold_the_writer() {
    let world = World::new().await;
    let people = (0..150).map(|number| NewRecipient {
        cells: vec![String::new()],
        address: Some(Address::parse(&format!("51900001{number:03}"))),
        ..person(number)
    });
    let id = world.draft(saying("Hola {{nombre}}"), people.collect()).await;
    world.start(id, NOON).await;
    assert_eq!(world.next(id, NOON).await, Next::Passed, "a hundred at a time");
    assert_eq!(
        world.next(id, NOON).await,
        Next::Finished,
        "then the rest, and it has ended"
    );
    assert_eq!(world.counts(id).await.skipped, 150, "each says why");
}

#[tokio::test]
async fn a_picture_goes_with_its_words_and_is_kept_as_long_as_the_campaign_sends_it() {
    let world = World::new().await;
    let file = world.file("ab").await;
    let mut plan = saying("");
    plan.texts = vec![Text {
        share: 100,
        body: Body::Media {
            media_kind: MediaKind::Image,
            media_id: file,
            caption: "Para {{nombre}}".into(),
        },
    }];
    let id = world.draft(plan, vec![person(1)]).await;
    let orphans = world.read(|c| media::orphans(c, at(1_000), None, 10)).await;
    assert_eq!(orphans, [], "a file that a campaign sends is no orphan");
    world.write(move |w| media::forget(w, &[file])).await;
    world.start(id, NOON).await;
    let terms = Terms {
        inline_up_to: Some(3),
        ..TERMS
    };
    let next = world
        .write(move |w| campaign::queue_next(w, id, terms, NOON))
        .await;
    assert!(matches!(next, Next::Queued(_)), "it is sent: {next:?}");
    let upload = world.claim_one(NOON).await;
    assert!(
        matches!(upload.work, mostrador_store::tables::outbox::Work::Upload(_)),
        "put there first: {upload:?}"
    );
    world.write(move |w| campaign::pause(w, id)).await;
    assert_eq!(
        world.states(id).await,
        [RecipientState::Pending],
        "a file at the gateway reaches nobody"
    );
}

#[tokio::test]
async fn a_file_that_is_gone_fails_each_and_the_brake_ends_it() {
    let world = World::new().await;
    let mut plan = saying("");
    plan.texts = vec![Text {
        share: 100,
        body: Body::Media {
            media_kind: MediaKind::Image,
            media_id: MediaId(99),
            caption: String::new(),
        },
    }];
    let id = world.draft(plan, (1..20).map(person).collect()).await;
    world.start(id, NOON).await;
    while world.next(id, NOON).await == Next::Passed {}
    assert_eq!(
        world.campaign_state(id).await,
        CampaignState::Paused(Pause::TooManyFailures),
        "not the whole list"
    );
    let missing = RecipientState::Failed(FailReason::Refused(FailureCode::MediaMissing));
    assert_eq!(
        world
            .states(id)
            .await
            .iter()
            .filter(|state| **state == missing)
            .count(),
        5,
        "five are enough to know"
    );
}

#[tokio::test]
async fn what_a_new_pacer_goes_on_after_is_read_from_all_campaigns_of_the_device() {
    let world = World::new().await;
    let (one, other) = (world.running([1, 2]).await, world.running([3, 4]).await);
    world.send_next(one, "g1", at(1)).await;
    world.send_next(other, "g2", at(2)).await;
    world.send_next(one, "g3", at(3)).await;
    let past = world.past(one, rate(2), at(4)).await;
    assert_eq!(past.started, [at(2), at(3)], "the newest two, in their order");
    assert_eq!(past.in_campaign, 2, "its own");
    assert_eq!(past.others, [], "days are not counted where there is no cap");
}

#[tokio::test]
async fn what_people_of_the_shop_write_counts_for_the_day_and_what_was_not_sent_does_not() {
    let world = World::new().await;
    let id = world.running([1]).await;
    world.send_next(id, "g1", at(1)).await;
    let (ana, device) = (world.chat_with(2).await, world.device);
    let group = address("120363000000000001@g.us");
    let group = world.write(move |w| chat::ensure(w, device, &group)).await;
    world.enqueue(ana, "a", "hola", at(2)).await;
    let went = world.claim_one(at(3)).await;
    world.accepted(went.id, "g2", at(4)).await;
    world.enqueue(group, "b", "hola", at(5)).await;
    let to_group = world.claim_one(at(5)).await;
    world.accepted(to_group.id, "g3", at(5)).await;
    world.enqueue(ana, "c", "hola", at(6)).await;
    let refused = world.claim_one(at(6)).await;
    world.refused(refused.id).await;
    world.enqueue(ana, "d", "hola", at(7)).await;
    let under_way = world.claim_one(at(7)).await;
    assert_eq!(
        world.past(id, capped(), at(8)).await.others,
        [at(7), at(3)],
        "what went to a person or may have gone, by when it started"
    );
    world.refused(under_way.id).await;
    assert_eq!(
        world.past(id, capped(), at(8)).await.others,
        [at(3)],
        "it did not go"
    );
    let later = at(3).after(DAY * 2).after(std::time::Duration::from_millis(1));
    assert_eq!(
        world.past(id, capped(), later).await.others,
        [],
        "of the days around now"
    );
}

#[tokio::test]
async fn what_a_deleted_campaign_sent_still_counts_for_the_day() {
    let world = World::new().await;
    let (one, other) = (world.running([1]).await, world.running([2]).await);
    world.send_next(one, "g1", at(1)).await;
    world.write(move |w| campaign::cancel(w, one, at(2))).await;
    world.write(move |w| campaign::delete(w, one)).await;
    let past = world.past(other, capped(), at(3)).await;
    assert_eq!((past.started, past.others), (vec![], vec![at(1)]), "once");
}

#[tokio::test]
async fn to_whom_a_deleted_campaign_wrote_is_not_written_to_again_within_the_days_between_two() {
    for removed in [false, true] {
        let world = World::new().await;
        let one = world.running([1, 2]).await;
        world.send_next(one, "g1", at(1)).await;
        world.send_next(one, "g2", at(2)).await;
        world.live(vec![reached("g2", StatusKind::Failed, at(3))]).await;
        world.next(one, at(4)).await;
        world.write(move |w| campaign::delete(w, one)).await;
        if removed {
            while world.write(|w| leftover::remove_some(w, 500)).await {}
        }
        let mut plan = saying("Hola {{nombre}}");
        plan.not_again_days = 3;
        let other = world
            .draft(plan.clone(), vec![person(1), person(2), person(3)])
            .await;
        world.start(other, at(5)).await;
        let queued = world.send_next(other, "g3", at(5)).await;
        assert_eq!(
            world.states(other).await,
            [
                RecipientState::Skipped(SkipReason::WrittenRecently),
                RecipientState::Sent,
                RecipientState::Pending
            ],
            "{removed}: one got it, the other one did not"
        );
        assert_eq!(
            world.recipient(queued.recipient).await.address,
            Some(customer(2)),
            "{removed}: whom it did not reach"
        );
        let shunned = world
            .read(move |c| {
                let mut shunned = audience::Shunned::by(c, other, DAY * 3, at(6))?;
                Ok(shunned.written(&campaign::person_key(&customer(1)))?.by_another)
            })
            .await;
        assert_eq!(shunned, Some(at(1)), "{removed}: and the rehearsal knows");
        let later = world.draft(plan, vec![person(1)]).await;
        let after = at(1).after(DAY * 3).after(std::time::Duration::from_secs(1));
        world.start(later, after).await;
        world.send_next(later, "g4", after).await;
    }
}

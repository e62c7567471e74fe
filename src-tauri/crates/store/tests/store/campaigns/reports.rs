//! What is read of a campaign afterwards: figures, answers, proof.

use mostrador_campaigns::opt_out::Wish;
use mostrador_domain::{Address, FailureCode, Inbound, OutboxEvent, StatusKind, UnixMillis};
use mostrador_store::tables::campaign::opt_out::{self, Heard, OptOutState};
use mostrador_store::tables::campaign::proof::{self, Check, Verdict, What};
use mostrador_store::tables::campaign::replies::{self, Place, Reply, ReplyKind, Wanted};
use mostrador_store::tables::campaign::{self, Next, audience, recipient, report};
use mostrador_store::tables::{leftover, outbox};

use crate::world::{NOON, Said, World, customer, reached, text};

const HOUR: i64 = 3_600_000;

pub(super) fn at(hours: i64) -> UnixMillis {
    UnixMillis(NOON.0 + hours * HOUR)
}

/// What a customer writes so many hours after noon.
fn said(number: u32, words: &str, hours: i64) -> Said {
    text(number, &format!("said-{hours}"))
        .words(words)
        .at(hours * 3_600)
}

async fn checks(world: &World, id: mostrador_domain::CampaignId) -> Vec<Check> {
    world.read(move |c| proof::check(c, id)).await.checks
}

pub(super) async fn verdict(world: &World, id: mostrador_domain::CampaignId) -> Verdict {
    world.read(move |c| proof::check(c, id)).await.verdict
}

fn wrong(checks: &[Check]) -> Vec<(What, Vec<u32>)> {
    let wrong = checks.iter().filter(|check| !check.holds());
    wrong.map(|check| (check.what, check.first.clone())).collect()
}

async fn page(
    world: &World,
    wanted: Wanted,
    after: Option<Place>,
    limit: usize,
) -> (Vec<Reply>, Option<Place>) {
    world.read(move |c| replies::page(c, wanted, after, limit)).await
}

#[tokio::test]
async fn the_figures_are_those_of_the_rows() {
    let world = World::new().await;
    let id = world.running(1..=4).await;
    world.send_next(id, "a", NOON).await;
    world.send_next(id, "b", at(1)).await;
    let queued = world.queue(id, at(1)).await;
    let claimed = world.claim_one(at(1)).await;
    world
        .write(move |w| outbox::dead(w, claimed.id, OutboxEvent::Refused, FailureCode::RefusedContent))
        .await;
    let figures = world.read(move |c| report::report(c, id)).await;
    assert_eq!(figures.counts, world.counts(id).await, "the same sums");
    assert_eq!(figures.counts.total(), 4, "everybody is in one of them");
    let sent: Vec<(i64, u32)> = figures
        .hours
        .iter()
        .map(|hour| ((hour.at.0 - NOON.0) / HOUR, hour.sent))
        .collect();
    assert_eq!(sent, [(0, 1), (1, 1)], "by the hour");
    assert_eq!(figures.hours[1].failed, 1, "and who failed");
    assert_eq!(
        figures.failures,
        [("refused_content".to_owned(), 1)],
        "with the reason"
    );
    assert_eq!(
        (figures.variants.len(), figures.variants[0].people),
        (1, 4),
        "one text for all"
    );
    assert!(queued.recipient.0 > 0, "the third had their turn");
}

#[tokio::test]
async fn the_hours_tell_of_as_many_that_were_sent_as_the_funnel() {
    let world = World::new().await;
    let id = world.running(1..=2).await;
    world.send_next(id, "a", NOON).await;
    world.send_next(id, "b", at(1)).await;
    world.live(vec![reached("a", StatusKind::Failed, at(2))]).await;
    let figures = world.read(move |c| report::report(c, id)).await;
    let sent: u32 = figures.hours.iter().map(|hour| hour.sent).sum();
    assert_eq!(
        (sent, figures.counts.funnel().sent),
        (1, 1),
        "what the gateway gave up after it took it was not sent"
    );
    let failed: u32 = figures.hours.iter().map(|hour| hour.failed).sum();
    assert_eq!(failed, 1, "it failed");
}

#[tokio::test]
async fn answers_come_newest_first_with_what_they_answer() {
    let world = World::new().await;
    let id = world.running(1..=3).await;
    for (name, hours) in [("a", 0), ("b", 1), ("c", 2)] {
        world.send_next(id, name, at(hours)).await;
    }
    for (number, words, hours) in [(1, "¿Cuánto cuesta?", 3), (2, "Gracias", 4), (3, "BAJA", 5)] {
        world.live(said(number, words, hours).into()).await;
    }
    let heard = Heard {
        address: customer(3),
        chat: customer(3),
        wish: Wish::Certain,
        gateway_id: "baja".to_owned(),
        text: "BAJA".to_owned(),
        at: at(5),
    };
    let device = world.device;
    world
        .write(move |w| opt_out::heard(w, device, &heard, at(5)))
        .await;

    let all = Wanted {
        campaign: Some(id),
        ..Wanted::default()
    };
    let (rows, next) = page(&world, all, None, 50).await;
    let kinds: Vec<ReplyKind> = rows.iter().map(|row| row.kind).collect();
    assert_eq!(
        kinds,
        [ReplyKind::OptOut, ReplyKind::Other, ReplyKind::Question],
        "newest first"
    );
    assert_eq!(next, None, "that was all");
    assert_eq!(
        rows[0].opt_out.map(|(_, state)| state),
        Some(OptOutState::Out),
        "the wish is beside it"
    );
    assert_eq!(rows[2].sent.as_deref(), Some("Hola Persona 1"), "what was sent");
    assert_eq!(
        rows[2].reply.as_deref(),
        Some("¿Cuánto cuesta?"),
        "what was answered"
    );

    let (first, next) = page(&world, all, None, 1).await;
    let (second, _) = page(&world, all, next, 1).await;
    assert_eq!(
        (first[0].recipient, second[0].recipient),
        (rows[0].recipient, rows[1].recipient),
        "page by page"
    );
    let everywhere = Wanted {
        kind: Some(ReplyKind::Question),
        ..Wanted::default()
    };
    let (questions, _) = page(&world, everywhere, None, 50).await;
    assert_eq!(questions.len(), 1, "of all campaigns, one kind alone");

    world.live(said(1, "Diez soles", 6).ours().into()).await;
    let open = Wanted { open: true, ..all };
    let (open, _) = page(&world, open, None, 50).await;
    assert_eq!(open.len(), 2, "who was answered waits no more");
}

#[tokio::test]
async fn the_last_word_of_an_answer_tells_what_it_is_and_whether_it_waits() {
    let world = World::new().await;
    let id = world.running([1]).await;
    world.send_next(id, "a", NOON).await;
    let of = Wanted {
        campaign: Some(id),
        ..Wanted::default()
    };
    let only = async || {
        let (mut rows, _) = page(&world, of, None, 50).await;
        assert_eq!(rows.len(), 1, "one answer of one person");
        let reply = rows.remove(0);
        (reply.kind, reply.answered, reply.reply.unwrap_or_default())
    };
    world.live(said(1, "Gracias", 1).into()).await;
    assert_eq!(
        only().await,
        (ReplyKind::Other, false, "Gracias".to_owned()),
        "nothing is asked"
    );
    world.live(said(1, "De nada", 2).ours().into()).await;
    assert_eq!(
        only().await,
        (ReplyKind::Other, true, "Gracias".to_owned()),
        "the shop has answered"
    );
    world.live(said(1, "Una cosa", 3).into()).await;
    world.live(said(1, "¿Cuánto cuesta?", 4).into()).await;
    world.live(said(1, "Gracias otra vez", 5).into()).await;
    assert_eq!(
        only().await,
        (
            ReplyKind::Question,
            false,
            "Una cosa\n¿Cuánto cuesta?\nGracias otra vez".to_owned()
        ),
        "all that nobody has answered"
    );
    world.live(said(1, "Diez soles", 6).ours().into()).await;
    assert!(only().await.1, "it waits no more");
    world.live(said(1, "¿Y mañana?", 24 * 8).into()).await;
    assert!(
        only().await.1,
        "what comes after the campaign's days is no answer to it"
    );
}

/// A campaign that runs, to the first customer, whoever has written to them lately.
async fn another(world: &World) -> mostrador_domain::CampaignId {
    let mut plan = super::saying("Hola otra vez");
    plan.not_again_days = 0;
    let id = world.draft(plan, vec![super::person(1)]).await;
    world.start(id, NOON).await;
    id
}

/// Who has not been answered yet, and what they say.
async fn open_ones(world: &World) -> Vec<(ReplyKind, String)> {
    let open = Wanted {
        open: true,
        ..Wanted::default()
    };
    let rows = page(world, open, None, 50).await.0;
    rows.into_iter()
        .map(|row| (row.kind, row.reply.unwrap_or_default()))
        .collect()
}

#[tokio::test]
async fn what_answers_at_once_on_the_phone_hides_no_question() {
    let world = World::new().await;
    let id = world.running([1]).await;
    world.send_next(id, "a", NOON).await;
    let says = |gateway_id: &str, words: &str, seconds| text(1, gateway_id).words(words).at(seconds).event();
    let away = |gateway_id: &str, seconds| {
        text(1, gateway_id)
            .words("Estamos fuera")
            .ours()
            .at(seconds)
            .event()
    };
    world
        .live(vec![says("q", "¿Cuánto cuesta?", 10), away("w1", 11)])
        .await;
    world
        .live(vec![says("more", "Gracias", 60), away("w2", 64)])
        .await;
    assert_eq!(
        open_ones(&world).await,
        [(ReplyKind::Question, "¿Cuánto cuesta?\nGracias".to_owned())],
        "nobody of the shop has answered"
    );
    world.live(vec![away("by hand", 65)]).await;
    assert_eq!(
        open_ones(&world).await,
        [],
        "five seconds later it may be a person"
    );
}

#[tokio::test]
async fn what_the_shop_writes_here_answers_at_once_and_what_a_deleted_campaign_sent_does_not() {
    let world = World::new().await;
    let id = world.running([1]).await;
    world.send_next(id, "a", NOON).await;
    world
        .live(text(1, "q").words("¿Cuánto cuesta?").at(10).into())
        .await;
    let other = another(&world).await;
    world.send_next(other, "b", crate::world::at(60)).await;
    assert_eq!(
        world.next(other, crate::world::at(60)).await,
        Next::Finished,
        "sent"
    );
    world.write(move |w| campaign::delete(w, other)).await;
    while world.write(|w| leftover::remove_some(w, 300)).await {}
    assert_eq!(open_ones(&world).await.len(), 1, "a campaign is no answer");
    world.live(text(1, "q2").words("¿Hola?").at(70).into()).await;
    let chat = world.chat_with(1).await;
    world
        .enqueue(chat, "c1", "Diez soles", crate::world::at(72))
        .await;
    assert_eq!(open_ones(&world).await, [], "a person of the shop wrote it here");
}

#[tokio::test]
async fn a_wish_after_a_campaigns_days_makes_no_opt_out_of_an_answer_to_it() {
    let world = World::new().await;
    let id = world.running([1]).await;
    world.send_next(id, "a", NOON).await;
    world.live(said(1, "Gracias, buenos días", 1).into()).await;
    for (days, kind) in [(8, ReplyKind::Other), (7, ReplyKind::OptOut)] {
        let wish = Heard {
            at: at(24 * days),
            gateway_id: "late".to_owned(),
            ..wish_of(customer(1), Wish::Certain)
        };
        let device = world.device;
        world
            .write(move |w| {
                w.execute("DELETE FROM opt_out", [])?;
                opt_out::heard(w, device, &wish, at(24 * days))
            })
            .await;
        let rows = page(&world, Wanted::default(), None, 50).await.0;
        assert_eq!(rows[0].kind, kind, "after {days} days");
        let report = world.read(move |c| report::report(c, id)).await;
        assert_eq!(
            report.wished,
            u32::from(kind == ReplyKind::OptOut),
            "as the report has it"
        );
    }
}

#[tokio::test]
async fn one_wish_is_one_of_the_last_campaign_however_many_were_answered_before() {
    let world = World::new().await;
    let mut campaigns = Vec::new();
    for day in 0..3 {
        let id = another(&world).await;
        world.send_next(id, &format!("g{day}"), at(24 * day)).await;
        world.live(said(1, "Gracias", 24 * day + 1).into()).await;
        campaigns.push(id);
    }
    let wish = Heard {
        at: at(50),
        gateway_id: "baja".to_owned(),
        ..wish_of(customer(1), Wish::Certain)
    };
    let device = world.device;
    world
        .write(move |w| opt_out::heard(w, device, &wish, at(50)))
        .await;

    let mut wished = Vec::new();
    for id in campaigns {
        wished.push(world.read(move |c| report::report(c, id)).await.wished);
    }
    assert_eq!(wished, [0, 0, 1], "it was said once");
    let lately = world.read(move |c| audience::lately(c, device, at(-1))).await;
    assert_eq!(
        (lately.replied, lately.wished),
        (2, 1),
        "and counts once in the safety meter"
    );
    let (rows, _) = page(&world, Wanted::default(), None, 50).await;
    assert_eq!(
        rows.iter().map(|row| row.kind).collect::<Vec<_>>(),
        [ReplyKind::OptOut, ReplyKind::Other, ReplyKind::Other],
        "and at the reply desk"
    );
}

#[tokio::test]
async fn a_wish_after_the_days_of_the_last_campaign_is_of_the_one_before_if_its_last_longer() {
    let world = World::new().await;
    let long = another(&world).await;
    world.send_next(long, "g0", at(0)).await;
    world.live(said(1, "Gracias", 1).into()).await;
    let mut plan = super::saying("Hola otra vez");
    (plan.not_again_days, plan.reply_days) = (0, 1);
    let short = world.draft(plan, vec![super::person(1)]).await;
    world.start(short, NOON).await;
    world.send_next(short, "g1", at(24)).await;
    world.live(said(1, "Gracias otra vez", 25).into()).await;
    let wish = Heard {
        at: at(49),
        gateway_id: "baja".to_owned(),
        ..wish_of(customer(1), Wish::Certain)
    };
    let device = world.device;
    world
        .write(move |w| opt_out::heard(w, device, &wish, at(49)))
        .await;
    let wished = async |id| world.read(move |c| report::report(c, id)).await.wished;
    assert_eq!(
        [wished(long).await, wished(short).await],
        [1, 0],
        "each campaign says for how many days"
    );
}

#[tokio::test]
async fn a_wish_is_found_though_this_computers_clock_is_ahead() {
    let world = World::new().await;
    let id = world.running([1]).await;
    let late = UnixMillis(NOON.0 + 90_000);
    world.send_next(id, "a", late).await;
    world.live(text(1, "baja").words("BAJA").at(0).into()).await;
    heard(&world, customer(1), "baja").await;
    let (rows, _) = page(&world, Wanted::default(), None, 50).await;
    assert_eq!(
        rows.iter().map(|row| row.kind).collect::<Vec<_>>(),
        [ReplyKind::OptOut],
        "it seems older than what it answers"
    );
}

#[tokio::test]
async fn a_wish_and_a_question_are_found_under_another_address_of_the_person() {
    let world = World::new().await;
    let id = world.running([1, 2]).await;
    let lids = ["99000000000011@lid", "99000000000012@lid"].map(Address::parse);
    for (lid, number) in lids.iter().zip([1, 2]) {
        let first = text(9, &format!("first-{number}")).in_chat(lid.clone()).at(-9);
        world.live(first.into()).await;
        world.send_next(id, &format!("g{number}"), NOON).await;
        let (phone, lid) = (customer(number), lid.clone());
        world.live(vec![Inbound::SamePerson { phone, lid }]).await;
    }
    let [wishes, asks] = lids;
    let baja = text(1, "baja").words("BAJA").in_chat(wishes.clone()).at(4);
    world.live(baja.into()).await;
    heard(&world, wishes, "baja").await;
    for (words, seconds) in [("Gracias", 5), ("¿Cuánto cuesta?", 6)] {
        let said = text(2, words).words(words).in_chat(asks.clone()).at(seconds);
        world.live(said.into()).await;
    }
    let (rows, _) = page(&world, Wanted::default(), None, 50).await;
    assert_eq!(
        rows.iter().map(|row| row.kind).collect::<Vec<_>>(),
        [ReplyKind::Question, ReplyKind::OptOut],
        "the chat in which they answered is looked at too"
    );
}

#[tokio::test]
async fn who_asks_to_be_left_alone_is_counted_as_that_and_not_as_a_good_answer() {
    let world = World::new().await;
    let id = world.running(1..=3).await;
    for name in ["a", "b", "c"] {
        world.send_next(id, name, NOON).await;
    }
    for (number, words) in [(1, "Gracias"), (2, "BAJA")] {
        world.live(said(number, words, 1).into()).await;
    }
    heard(&world, customer(2), "said-1").await;
    let device = world.device;
    let figures = async || {
        let report = world.read(move |c| report::report(c, id)).await;
        let lately = world.read(move |c| audience::lately(c, device, at(-1))).await;
        (
            report.counts.replied,
            report.wished,
            [lately.outcomes, lately.replied, lately.wished],
        )
    };
    assert_eq!(
        figures().await,
        (2, 1, [3, 1, 1]),
        "two answered, one of them to be left alone"
    );
    let mut asked = Vec::new();
    for person in world.people(id).await {
        asked.push(world.read(move |c| opt_out::wished_after(c, person.id)).await);
    }
    assert_eq!(asked, [None, Some(NOON), None], "who, and when");

    let wish = world
        .read(move |c| opt_out::page(c, None, None, 9))
        .await
        .remove(0);
    world.write(move |w| opt_out::undo(w, wish.id, at(2))).await;
    assert_eq!(figures().await, (2, 0, [3, 2, 0]), "they took it back");

    let late = Heard {
        at: at(24 * 8),
        gateway_id: "late".to_owned(),
        ..wish_of(customer(1), Wish::Certain)
    };
    world
        .write(move |w| opt_out::heard(w, device, &late, at(24 * 8)))
        .await;
    assert_eq!(
        figures().await.1,
        0,
        "a wish after the campaign's days is none of its own"
    );
}

#[tokio::test]
async fn a_wish_that_keeps_somebody_from_being_written_to_stands_beside_the_answers() {
    let world = World::new().await;
    let id = world
        .draft(super::saying("Hola"), (1..=4).map(super::person).collect())
        .await;
    let device = world.device;
    let early = Heard {
        at: at(-1),
        ..wish_of(customer(4), Wish::Certain)
    };
    world
        .write(move |w| opt_out::heard(w, device, &early, at(-1)))
        .await;
    world.start(id, NOON).await;
    world.send_next(id, "a", NOON).await;
    for (number, wish, hours) in [(2, Wish::Certain, 1), (3, Wish::Ask, 2)] {
        world.live(said(number, "BAJA", hours).into()).await;
        let heard = Heard {
            at: at(hours),
            ..wish_of(customer(number), wish)
        };
        world
            .write(move |w| opt_out::heard(w, device, &heard, at(hours)))
            .await;
    }
    world.live(said(1, "Gracias", 3).into()).await;
    let next = world.next(id, at(4)).await;
    assert!(!matches!(next, Next::Queued(_)), "nobody's turn comes: {next:?}");

    let people: Vec<_> = world.people(id).await.iter().map(|person| person.id).collect();
    let expected = [
        (people[0], ReplyKind::Other, None, Some("Gracias")),
        (
            people[2],
            ReplyKind::OptOut,
            Some(OptOutState::Asked),
            Some("BAJA"),
        ),
        (people[1], ReplyKind::OptOut, Some(OptOutState::Out), Some("BAJA")),
    ];
    let all = Wanted::default();
    for wanted in [
        all,
        Wanted {
            campaign: Some(id),
            ..all
        },
    ] {
        let (rows, next) = page(&world, wanted, None, 50).await;
        let found: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row.recipient,
                    row.kind,
                    row.opt_out.map(|(_, state)| state),
                    row.reply.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            found, expected,
            "newest first, without who was out before it started"
        );
        assert_eq!(next, None, "that was all");
        assert_eq!(rows[1].sent, None, "nothing was sent to them");
        assert!(rows[1].chat.is_some(), "their chat can be opened");
    }
    let (mut place, mut by_page) = (None, Vec::new());
    loop {
        let (rows, next) = page(&world, all, place, 1).await;
        by_page.extend(rows.iter().map(|row| row.recipient));
        place = next;
        if place.is_none() {
            break;
        }
    }
    assert_eq!(by_page, expected.map(|(recipient, ..)| recipient), "page by page");
    let wishes = Wanted {
        kind: Some(ReplyKind::OptOut),
        open: true,
        ..all
    };
    assert_eq!(
        page(&world, wishes, None, 50).await.0.len(),
        2,
        "they wait for the shop"
    );
}

/// The words of a wish at noon.
fn wish_of(from: Address, wish: Wish) -> Heard {
    Heard {
        address: from.clone(),
        chat: from,
        wish,
        gateway_id: "baja".to_owned(),
        text: "BAJA".to_owned(),
        at: NOON,
    }
}

/// The wish in the message `gateway_id` of the chat at `from` was heard.
async fn heard(world: &World, from: Address, gateway_id: &str) {
    let heard = Heard {
        gateway_id: gateway_id.to_owned(),
        ..wish_of(from, Wish::Certain)
    };
    let device = world.device;
    world
        .write(move |w| opt_out::heard(w, device, &heard, NOON))
        .await;
}

#[tokio::test]
async fn a_campaign_that_ended_well_is_proven() {
    let world = World::new().await;
    let id = world.running(1..=2).await;
    world.send_next(id, "a", NOON).await;
    assert_eq!(
        wrong(&checks(&world, id).await),
        [(What::FinalStates, vec![1])],
        "one still waits"
    );
    assert_eq!(
        verdict(&world, id).await,
        Verdict::Open { left: 1 },
        "which is no fault of one that runs"
    );
    world.send_next(id, "b", at(1)).await;
    assert_eq!(world.next(id, at(1)).await, Next::Finished, "it has ended");
    let checks = checks(&world, id).await;
    assert_eq!(wrong(&checks), [], "all holds");
    assert_eq!(checks.len(), 6, "everything was looked at");
    assert_eq!(verdict(&world, id).await, Verdict::Holds, "and it has ended");
}

#[tokio::test]
async fn what_does_not_hold_is_found() {
    for (spoilt, what) in [
        (
            "UPDATE recipient SET state = 'pending', sent_at = NULL WHERE place = 1",
            What::FinalStates,
        ),
        ("UPDATE recipient SET place = 7 WHERE place = 1", What::Sums),
        (
            "DROP TRIGGER recipient_frozen_delete; DELETE FROM recipient WHERE place = 1",
            What::Sums,
        ),
        (
            "UPDATE recipient SET message_id = (SELECT message_id FROM recipient WHERE place = 0) WHERE place = 1",
            What::SentOnce,
        ),
        (
            "DROP INDEX recipient_once; UPDATE recipient SET person = (SELECT person FROM recipient WHERE place = 0) WHERE place = 1",
            What::PeopleOnce,
        ),
        (
            "UPDATE recipient SET state = 'skipped', reason = 'blocked' WHERE place = 1",
            What::Messages,
        ),
        (
            "UPDATE recipient SET sent_at = NULL WHERE place = 1",
            What::Messages,
        ),
    ] {
        let world = World::new().await;
        let id = world.running(1..=2).await;
        world.send_next(id, "a", NOON).await;
        world.send_next(id, "b", at(1)).await;
        world.write(move |w| Ok(w.execute_batch(spoilt)?)).await;
        let found = wrong(&checks(&world, id).await);
        assert!(
            found.iter().any(|(found, _)| *found == what),
            "{spoilt}: {found:?}"
        );
        let ended = "UPDATE campaign SET state = 'finished'";
        world.write(move |w| Ok(w.execute_batch(ended)?)).await;
        assert_eq!(verdict(&world, id).await, Verdict::Broken, "{spoilt}");
    }
}

#[tokio::test]
async fn whoever_is_lost_from_anywhere_of_an_audience_is_missed() {
    let world = World::new().await;
    let id = world.running(1..=40).await;
    let lost =
        "DROP TRIGGER recipient_frozen_delete; DELETE FROM recipient WHERE place IN (0, 7, 8) OR place >= 37";
    world.write(move |w| Ok(w.execute_batch(lost)?)).await;
    let proof = world.read(move |c| proof::check(c, id)).await;
    let sums = proof.checks.into_iter().find(|check| check.what == What::Sums);
    let sums = sums.expect("it is checked");
    assert_eq!(
        (sums.wrong, sums.first, sums.looked_at),
        (6, vec![0, 7, 8, 37, 38, 39], 34),
        "their turns are named, and nobody else's"
    );
    assert_eq!(proof.verdict, Verdict::Broken, "as long as it is open too");
    let missing = world.read(move |c| audience::missing(c, id)).await;
    assert_eq!(missing, 6, "as the campaign says itself");
}

#[tokio::test]
async fn one_that_a_person_ended_is_being_closed_until_all_are_skipped_and_then_proven() {
    let world = World::new().await;
    let id = world.running(1..=1_200).await;
    world.send_next(id, "a", NOON).await;
    world.write(move |w| campaign::cancel(w, id, at(1))).await;
    let mut seen = vec![verdict(&world, id).await];
    while world.write(move |w| leftover::remove_some(w, 300)).await {
        seen.push(verdict(&world, id).await);
    }
    seen.dedup();
    assert_eq!(
        seen,
        [
            Verdict::Closing { left: 699 },
            Verdict::Closing { left: 399 },
            Verdict::Closing { left: 99 },
            Verdict::Holds
        ],
        "so many are left, and it never fails"
    );
}

#[tokio::test]
async fn one_that_a_person_ended_while_a_message_was_leaving_is_not_decided_before_that_is() {
    let world = World::new().await;
    let id = world.running(1..=2).await;
    world.queue(id, NOON).await;
    let claimed = world.claim_one(NOON).await;
    world.write(move |w| campaign::cancel(w, id, at(1))).await;
    assert_eq!(
        verdict(&world, id).await,
        Verdict::Closing { left: 1 },
        "it is on its way"
    );
    world.no_answer(claimed.id, at(1)).await;
    assert_eq!(
        verdict(&world, id).await,
        Verdict::Undecided { left: 1 },
        "nobody knows whether it went"
    );
}

#[tokio::test]
async fn somebody_who_was_queued_after_their_wish_was_heard_is_found() {
    let world = World::new().await;
    let id = world.running(1..=2).await;
    world.send_next(id, "a", NOON).await;
    world.send_next(id, "b", at(2)).await;
    world.write(move |w| opt_out::said(w, &customer(1), at(1))).await;
    assert_eq!(wrong(&checks(&world, id).await), [], "asked afterwards");
    world.write(move |w| opt_out::said(w, &customer(2), at(1))).await;
    assert_eq!(
        wrong(&checks(&world, id).await),
        [(What::OptOuts, vec![1])],
        "asked before"
    );
}

#[tokio::test]
async fn a_clock_that_was_set_back_before_their_wish_makes_no_fault_of_what_they_got_before_it() {
    let world = World::new().await;
    let id = world.running(1..=2).await;
    world.send_next(id, "a", at(30)).await;
    world.live(said(1, "BAJA", 1).into()).await;
    let heard = Heard {
        address: customer(1),
        chat: customer(1),
        wish: Wish::Certain,
        gateway_id: "said-1".to_owned(),
        text: "BAJA".to_owned(),
        at: at(1),
    };
    let device = world.device;
    world
        .write(move |w| opt_out::heard(w, device, &heard, at(1)))
        .await;
    world.send_next(id, "b", at(2)).await;
    assert_eq!(
        wrong(&checks(&world, id).await),
        [],
        "they got it, and then they asked"
    );
    let later = "UPDATE recipient SET queued_at = 0, message_id = (SELECT message_id FROM recipient WHERE place = 1) WHERE place = 0";
    world.write(move |w| Ok(w.execute_batch(later)?)).await;
    let found = wrong(&checks(&world, id).await);
    assert!(
        found.contains(&(What::OptOuts, vec![0])),
        "what was put into the outbox after their message is found, whatever the clock showed: {found:?}"
    );
}

#[tokio::test]
async fn a_wish_that_is_no_message_of_its_own_is_proven_by_when_it_was_heard() {
    for how in ["vote", "edit"] {
        let world = World::new().await;
        world.live(said(1, "Hola", -2).into()).await;
        let id = world.running(1..=1).await;
        let queued = world.send_next(id, "a", NOON).await;
        assert_eq!(world.next(id, at(1)).await, Next::Finished, "all are written to");
        // The poll that is voted in is older than another campaign that they got since, and so are the words that they change.
        let later = another(&world).await;
        world.send_next(later, "b", at(1)).await;
        let wish = Heard {
            gateway_id: match how {
                "vote" => "a",
                _ => "said--2",
            }
            .to_owned(),
            at: at(2),
            ..wish_of(customer(1), Wish::Certain)
        };
        let device = world.device;
        world
            .write(move |w| opt_out::heard(w, device, &wish, at(2)))
            .await;
        for id in [id, later] {
            assert_eq!(wrong(&checks(&world, id).await), [], "{how}: asked afterwards");
        }
        let after = "UPDATE recipient SET queued_at = queued_at + 9 * 3600000 WHERE id = ?1";
        world
            .write(move |w| Ok(w.execute(after, [queued.recipient.0])?))
            .await;
        assert_eq!(
            wrong(&checks(&world, id).await),
            [(What::OptOuts, vec![0])],
            "{how}: what was queued after it was heard is found"
        );
    }
}

#[tokio::test]
async fn a_chat_tells_the_campaigns_that_wrote_in_it() {
    let world = World::new().await;
    let id = world.running(1..=1).await;
    let queued = world.send_next(id, "a", NOON).await;
    let received = world.read(move |c| report::of_chat(c, queued.chat)).await;
    assert_eq!(received.len(), 1, "one");
    assert_eq!(
        (received[0].campaign, received[0].name.as_str()),
        (id, "Aviso"),
        "by its name"
    );
    let row = world.read(move |c| recipient::get(c, queued.recipient)).await;
    assert_eq!(received[0].state, row.state, "and where they are in it");
}

//! Another number is linked behind a device: what was to leave from the one before is a person's to decide.

use mostrador_domain::{FailureCode, MediaKind, MessageAction, MessageId, OutboxId, OutboxState};
use mostrador_store::tables::device::{self, Heard, Secrets, Told};
use mostrador_store::tables::outbox::{self, Claimed, NewContent, NewMessage, OperatorWord, Work};

use crate::world::{NOON, World, address, at, text, to_send};

const FIRST: &str = "51900000098";
const OTHER: &str = "51900000099";

/// The number is linked. `true` = it is another one.
async fn link(world: &World, own: &'static str, seconds: i64) -> bool {
    let device = world.device;
    world
        .write(move |w| device::linked(w, device, Told::Number(&address(own)), at(seconds)))
        .await
        == Heard::Another
}

/// A shop whose first number is linked.
async fn linked() -> World {
    let world = World::new().await;
    assert!(!link(&world, FIRST, 0).await, "the first one is no other one");
    world
}

/// A message to this customer that was claimed.
async fn claimed(world: &World, customer: u32, client_id: &str) -> Claimed {
    let chat = world.chat_with(customer).await;
    world.enqueue(chat, client_id, "hola", NOON).await;
    world.claim_one(at(1)).await
}

async fn looked_for(world: &World) -> usize {
    let device = world.device;
    world.read(move |c| outbox::to_look_for(c, device)).await.len()
}

/// Where a message is, why, and whether a person is to look at it.
async fn standing(world: &World, message: MessageId) -> (OutboxState, Option<FailureCode>, bool) {
    let out = world.message(message).await.outgoing.expect("outgoing");
    (out.state, out.failure, out.needs_operator)
}

/// A message of a customer.
async fn theirs(world: &World) -> MessageId {
    world.live(text(1, "m1").into()).await;
    world.messages(world.chat_with(1).await).await[0].id
}

const HELD: (OutboxState, Option<FailureCode>) = (OutboxState::Dead, Some(FailureCode::NumberChanged));

#[tokio::test]
async fn what_waited_for_the_number_before_waits_for_a_person() {
    let world = linked().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    assert!(link(&world, OTHER, 5).await, "another one is linked");

    let (state, failure, _) = standing(&world, message).await;
    assert_eq!((state, failure), HELD, "it says why");
    assert!(
        world.claim(at(1_000_000)).await.is_none(),
        "it does not leave by itself"
    );

    world
        .operator_says(message, OperatorWord::Retry, at(60))
        .await
        .expect("a person may send it from the number of now");
    assert_eq!(world.claim_one(at(60)).await.message, message, "then it leaves");
}

#[tokio::test]
async fn what_is_asked_for_once_the_other_number_is_linked_leaves() {
    let world = linked().await;
    link(&world, OTHER, 5).await;
    let message = claimed(&world, 1, "c1").await.message;
    assert_eq!(
        world.state(message).await,
        OutboxState::InFlight,
        "it was asked for behind this number"
    );
}

#[tokio::test]
async fn what_may_have_left_from_the_number_before_is_not_looked_for_in_the_other_ones_history() {
    let world = linked().await;
    let row = claimed(&world, 1, "c1").await;
    world.no_answer(row.id, at(2)).await;
    assert_eq!(looked_for(&world).await, 1, "the number's own history tells");

    link(&world, OTHER, 5).await;
    assert_eq!(
        standing(&world, row.message).await,
        (OutboxState::Uncertain, Some(FailureCode::EarlierNumber), true),
        "a person looks at the other telephone"
    );
    assert_eq!(looked_for(&world).await, 0, "the other one's knows nothing of it");
    let (id, claimed_at) = (row.id, at(1));
    let looked = world
        .write(move |w| outbox::looked(w, id, claimed_at, at(60)))
        .await;
    assert_eq!(looked, None, "a look that was under way proves nothing");
    world.write(move |w| outbox::proven_absent(w, id)).await;
    assert_eq!(
        world.state(row.message).await,
        OutboxState::Uncertain,
        "whatever it has found"
    );

    world
        .operator_says(row.message, OperatorWord::ItDidNot, at(70))
        .await
        .expect("a person may say so");
    assert_eq!(
        world.claim_one(at(70)).await.message,
        row.message,
        "then it leaves"
    );
}

#[tokio::test]
async fn what_was_under_way_follows_as_it_comes_out() {
    let world = linked().await;
    let device = world.device;
    let mut rows = Vec::new();
    for (customer, client_id) in [(1, "c1"), (2, "c2"), (3, "c3"), (4, "c4")] {
        rows.push(claimed(&world, customer, client_id).await);
    }
    let [taken, not_sent, no_answer, cut] = rows.as_slice() else {
        panic!("four of them")
    };
    link(&world, OTHER, 5).await;
    for row in &rows {
        assert_eq!(
            world.state(row.message).await,
            OutboxState::InFlight,
            "left alone"
        );
    }

    world.accepted(taken.id, "g1", at(6)).await;
    let id = not_sent.id;
    world.write(move |w| outbox::held_back(w, id, at(7))).await;
    world.no_answer(no_answer.id, at(6)).await;
    world
        .write(move |w| outbox::after_restart(w, device, at(8)))
        .await;

    assert_eq!(
        world.state(taken.message).await,
        OutboxState::Done,
        "the customer has it"
    );
    let (state, failure, _) = standing(&world, not_sent.message).await;
    assert_eq!((state, failure), HELD, "it certainly did not leave");
    for row in [no_answer, cut] {
        assert_eq!(
            standing(&world, row.message).await,
            (OutboxState::Uncertain, Some(FailureCode::EarlierNumber), true),
            "nobody knows"
        );
    }
    assert!(
        world.claim(at(1_000_000)).await.is_none(),
        "nothing leaves by itself"
    );
}

#[tokio::test]
async fn an_action_for_the_number_before_is_not_done_by_the_other_one() {
    let world = linked().await;
    let message = theirs(&world).await;
    let star = world
        .act(message, "a1", MessageAction::Star(true))
        .await
        .expect("a message that is here");
    link(&world, OTHER, 5).await;
    assert!(
        world.claim(at(60)).await.is_none(),
        "it is not that one's message"
    );
    assert_eq!(
        action(&world, star).await,
        ("dead".into(), Some("number_changed".into()))
    );
}

async fn action(world: &World, id: OutboxId) -> (String, Option<String>) {
    let sql = "SELECT state, failure FROM outbox WHERE id = ?1";
    world
        .read(move |c| Ok(c.query_row(sql, [id.0], |row| Ok((row.get(0)?, row.get(1)?)))?))
        .await
}

#[tokio::test]
async fn a_file_that_was_put_there_for_the_number_before_is_put_there_anew() {
    let world = linked().await;
    let chat = world.chat_with(1).await;
    let content = NewContent::Media {
        kind: MediaKind::Image,
        media: world.file("ab").await,
        caption: None,
    };
    let new = NewMessage {
        inline_up_to: Some(0),
        ..NewMessage::new(chat, "c1", content)
    };
    let message = world.send(new, NOON).await;
    let upload = world.claim_one(at(1)).await.id;
    world.write(move |w| outbox::uploaded(w, upload, "file-7")).await;
    link(&world, OTHER, 5).await;
    world
        .operator_says(message, OperatorWord::Retry, at(60))
        .await
        .expect("it is held");

    let first = world.claim_one(at(60)).await;
    assert!(
        matches!(first.work, Work::Upload(_)),
        "a channel may have its own files: {first:?}"
    );
    world.write(move |w| outbox::uploaded(w, upload, "file-8")).await;
    let send = world.claim_one(at(61)).await;
    assert_eq!(to_send(&send).uploaded.as_deref(), Some("file-8"), "its own");
}

#[tokio::test]
async fn what_answers_or_sends_on_a_message_of_the_number_before_goes_by_itself() {
    let world = linked().await;
    let theirs = theirs(&world).await;
    let chat = world.chat_with(1).await;
    let words = NewContent::Text("claro".into());
    let answer = NewMessage {
        quoted: Some(theirs),
        ..NewMessage::new(chat, "c1", words)
    };
    let answer = world.send(answer, NOON).await;
    let onward = NewMessage::new(world.chat_with(2).await, "c2", NewContent::Forward(theirs));
    let onward = world.send(onward, NOON).await;
    link(&world, OTHER, 5).await;
    for message in [answer, onward] {
        world
            .operator_says(message, OperatorWord::Retry, at(60))
            .await
            .expect("it is held");
        let send = to_send(&world.claim_one(at(60)).await);
        assert_eq!(
            (send.quoted, send.forward),
            (None, None),
            "the other one has no such message"
        );
    }
}

#[tokio::test]
async fn the_same_number_told_otherwise_is_no_other_number() {
    let world = linked().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    for told in [
        FIRST,
        "51900000098:12@s.whatsapp.net",
        "51900000098@c.us",
        "99000000000098@lid",
    ] {
        assert!(!link(&world, told, 5).await, "{told}");
    }
    let device = world.device;
    world.write(move |w| device::unlinked(w, device)).await;
    assert!(!link(&world, FIRST, 6).await, "linked again");
    assert_eq!(world.claim_one(at(7)).await.message, message, "it leaves as ever");
}

#[tokio::test]
async fn a_pause_that_the_gateway_asked_for_is_remembered_and_is_its_numbers() {
    let world = linked().await;
    let device = world.device;
    let held = async || world.read(move |c| device::held(c, device)).await;
    assert_eq!(held().await, None, "none was asked for");
    world
        .write(move |w| device::hold(w, device, at(600), at(1)))
        .await;
    world.write(move |w| device::hold(w, device, at(60), at(2))).await;
    assert_eq!(held().await, Some(at(600)), "the longer one stays");
    world
        .write(move |w| device::clock_was_set_back(w, device, at(-30)))
        .await;
    assert_eq!(held().await, Some(at(600)), "no clock is quite steady");
    world
        .write(move |w| device::clock_was_set_back(w, device, at(-3_600)))
        .await;
    assert_eq!(
        held().await,
        None,
        "by a clock that was set back nobody knows how long"
    );
    world
        .write(move |w| device::hold(w, device, at(600), at(1)))
        .await;
    link(&world, OTHER, 5).await;
    assert_eq!(held().await, None, "another number was asked for nothing");
}

/// A shop with a gateway that never tells which number is linked.
async fn untold() -> World {
    let world = World::new().await;
    assert_eq!(
        link_untold(&world, Told::Never, 0).await,
        Heard::Same,
        "the first one"
    );
    world
}

async fn link_untold(world: &World, told: Told<'static>, seconds: i64) -> Heard {
    let device = world.device;
    world
        .write(move |w| device::linked(w, device, told, at(seconds)))
        .await
}

#[tokio::test]
async fn other_secrets_of_a_gateway_that_never_tells_its_number_count_as_another_number() {
    let world = untold().await;
    let waiting = world.enqueue(world.chat_with(1).await, "c1", "hola", NOON).await;
    let device = world.device;
    world
        .write(move |w| device::secrets_given(w, device, Secrets::Other))
        .await;
    assert_eq!(
        link_untold(&world, Told::Never, 5).await,
        Heard::Another,
        "nobody says otherwise"
    );
    let (state, failure, _) = standing(&world, waiting).await;
    assert_eq!((state, failure), HELD, "a person decides");
    assert_eq!(link_untold(&world, Told::Never, 6).await, Heard::Same, "once");
}

/// Nobody has told the number; a message is uncertain, another one waits, and the number was unlinked.
async fn untold_and_unlinked() -> (World, MessageId, MessageId) {
    let world = untold().await;
    let row = claimed(&world, 1, "c1").await;
    world.no_answer(row.id, at(2)).await;
    let waiting = world.enqueue(world.chat_with(2).await, "c2", "hola", NOON).await;
    let device = world.device;
    world.write(move |w| device::unlinked(w, device)).await;
    (world, row.message, waiting)
}

async fn is_a_persons_but_what_waits_leaves(world: &World, uncertain: MessageId, waiting: MessageId) {
    assert_eq!(looked_for(world).await, 0, "its history may be another one's");
    let (state, _, is_a_persons) = standing(world, uncertain).await;
    assert_eq!(
        (state, is_a_persons),
        (OutboxState::Uncertain, true),
        "a person looks"
    );
    assert_eq!(
        world.claim_one(at(60)).await.message,
        waiting,
        "what only waited leaves as ever"
    );
}

#[tokio::test]
async fn a_link_made_anew_of_a_number_that_nobody_tells_proves_no_absence() {
    let (world, uncertain, waiting) = untold_and_unlinked().await;
    assert_eq!(
        link_untold(&world, Told::Never, 5).await,
        Heard::Same,
        "as far as is known"
    );
    is_a_persons_but_what_waits_leaves(&world, uncertain, waiting).await;
}

#[tokio::test]
async fn a_number_that_is_told_for_the_first_time_after_a_link_made_anew_proves_no_absence() {
    let (world, uncertain, waiting) = untold_and_unlinked().await;
    let device = world.device;
    assert!(
        !link(&world, OTHER, 5).await,
        "as far as is known: none was told before it"
    );
    is_a_persons_but_what_waits_leaves(&world, uncertain, waiting).await;
    let later = claimed(&world, 3, "c3").await;
    world.no_answer(later.id, at(62)).await;
    world.write(move |w| device::unlinked(w, device)).await;
    assert!(!link(&world, OTHER, 65).await, "from now on it is known");
    assert_eq!(looked_for(&world).await, 1, "that is its own history");
}

#[tokio::test]
async fn a_number_that_is_told_for_the_first_time_after_other_secrets_counts_as_another() {
    let world = untold().await;
    let waiting = world.enqueue(world.chat_with(1).await, "c1", "hola", NOON).await;
    let device = world.device;
    world
        .write(move |w| device::secrets_given(w, device, Secrets::Other))
        .await;
    assert!(link(&world, OTHER, 5).await, "nobody says that it is the same");
    let (state, failure, _) = standing(&world, waiting).await;
    assert_eq!((state, failure), HELD, "a person decides");
}

#[tokio::test]
async fn a_device_that_is_listed_under_another_number_than_before_counts_as_another() {
    let [listed, other] = [address(FIRST), address(OTHER)];
    let list = async |world: &World, number: &'static str, seconds: i64| {
        let device = world.device;
        world
            .write(move |w| device::linked(w, device, Told::Listed(&address(number)), at(seconds)))
            .await
    };
    let world = World::new().await;
    let device = world.device;
    let known = async || {
        let row = world.read(move |c| device::get(c, device)).await;
        (row.own, row.listed)
    };
    assert_eq!(list(&world, FIRST, 0).await, Heard::Same, "the first one");
    let waiting = world.enqueue(world.chat_with(1).await, "c1", "hola", NOON).await;
    assert_eq!(list(&world, FIRST, 1).await, Heard::Same, "as before");
    assert_eq!(list(&world, OTHER, 2).await, Heard::Another, "it was made anew");
    let (state, failure, _) = standing(&world, waiting).await;
    assert_eq!((state, failure), HELD, "a person decides");
    assert_eq!(list(&world, OTHER, 3).await, Heard::Same, "once");
    assert_eq!(known().await, (None, Some(other.clone())));

    assert!(!link(&world, FIRST, 4).await, "told for the first time");
    assert_eq!(
        list(&world, FIRST, 5).await,
        Heard::Same,
        "that it is listed as what it was told to be is no news"
    );
    assert_eq!(known().await, (Some(listed.clone()), Some(listed)));
    assert_eq!(list(&world, OTHER, 6).await, Heard::Another, "it was made anew");
    assert_eq!(
        known().await,
        (None, Some(other)),
        "which one is linked, nobody has told"
    );
}

#[tokio::test]
async fn another_number_that_a_call_tells_late_counts_as_another_at_the_next_answer() {
    for (late, expected) in [
        (OTHER, Heard::Another),
        (FIRST, Heard::Same),
        ("99000000000099@lid", Heard::Same),
    ] {
        let world = linked().await;
        let device = world.device;
        world
            .write(move |w| device::told_late(w, device, &address(late)))
            .await;
        assert_eq!(link_untold(&world, Told::Never, 5).await, expected, "{late}");
    }
}

#[tokio::test]
async fn a_hidden_number_proves_nothing_of_the_telephone_number_that_is_known() {
    let world = linked().await;
    let device = world.device;
    let own = async || world.read(move |c| device::get(c, device)).await.own;
    let row = claimed(&world, 1, "c1").await;
    world.no_answer(row.id, at(2)).await;
    world.write(move |w| device::unlinked(w, device)).await;
    assert!(!link(&world, "99000000000099@lid", 5).await, "nobody can say");
    assert_eq!(looked_for(&world).await, 0, "its history may be another one's");
    assert_eq!(
        own().await,
        Some(address(FIRST)),
        "what tells a number apart is kept"
    );

    world
        .write(move |w| device::secrets_given(w, device, Secrets::Other))
        .await;
    assert!(
        link(&world, "99000000000099@lid", 6).await,
        "other secrets, and nothing says that it is the same"
    );
    assert_eq!(
        own().await,
        Some(address("99000000000099@lid")),
        "the number before is not the one of now"
    );
}

#[tokio::test]
async fn a_number_that_may_be_another_one_is_not_linked_before_its_gateway_says_which_it_is() {
    let world = linked().await;
    let device = world.device;
    let is_linked = async || world.read(move |c| device::get(c, device)).await.linked;
    world.write(move |w| device::unlinked(w, device)).await;
    assert_eq!(
        link_untold(&world, Told::NotYet, 5).await,
        Heard::Unproven,
        "which one?"
    );
    assert!(!is_linked().await, "nothing may leave");
    assert!(link(&world, OTHER, 6).await, "now it is known");
    assert!(is_linked().await);

    world
        .write(move |w| device::secrets_given(w, device, Secrets::Other))
        .await;
    assert_eq!(
        link_untold(&world, Told::NotYet, 7).await,
        Heard::Unproven,
        "also by other secrets"
    );
    assert!(!link(&world, OTHER, 8).await, "they were the same number's");
    assert_eq!(
        link_untold(&world, Told::NotYet, 9).await,
        Heard::Same,
        "told once is enough"
    );
}

#[tokio::test]
async fn what_a_person_wished_of_the_chats_before_is_not_told_to_the_other_ones_gateway() {
    let world = linked().await;
    let (device, chat) = (world.device, world.chat_with(1).await);
    world
        .write(move |w| {
            let sql = "INSERT INTO chat_wish (chat_id, what, device_id, value, to_tell, turn, next_at) VALUES (?1, 'archived', ?2, 1, 1, 1, 0)";
            Ok(w.execute(sql, [chat.0, device.0])?)
        })
        .await;
    link(&world, OTHER, 5).await;
    let to_tell: i64 = world
        .read(|c| Ok(c.query_row("SELECT to_tell FROM chat_wish", [], |row| row.get(0))?))
        .await;
    assert_eq!(to_tell, 0, "it holds here alone");
}

#[tokio::test]
async fn what_the_other_number_shows_is_not_what_the_one_before_was_to_send() {
    let world = linked().await;
    let row = claimed(&world, 1, "c1").await;
    world.no_answer(row.id, at(2)).await;
    link(&world, OTHER, 5).await;
    let chat = world.chat_with(1).await;
    world.live(text(1, "e1").words("hola").ours().at(6).into()).await;
    world.write(move |w| outbox::adopt_echoes(w, chat, at(7))).await;
    assert_eq!(
        world.state(row.message).await,
        OutboxState::Uncertain,
        "that one sent its own"
    );
}

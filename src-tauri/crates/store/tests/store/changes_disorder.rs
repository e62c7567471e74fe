//! What is done to messages comes in any order and any number of times, before and after them: the same is seen.

use mostrador_domain::{Inbound, MessageChangeKind as Kind};
use mostrador_store::tables::message;
use proptest::prelude::*;

use crate::world::{World, done, edited, reaction, text, trials};

/// What a person would see of the chat.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    words: Vec<Option<String>>,
    histories: Vec<Vec<(i64, Option<String>)>>,
    reactions: Vec<Vec<String>>,
    marks: Vec<(bool, bool)>,
    unread: i64,
    parked: i64,
}

async fn seen(world: &World) -> Seen {
    let chat = world.chat_with(1).await;
    let mut seen = Seen {
        words: Vec::new(),
        histories: Vec::new(),
        reactions: Vec::new(),
        marks: Vec::new(),
        unread: world.chat(chat).await.unread,
        parked: world.count("SELECT count(*) FROM change_parked").await,
    };
    for row in world.messages(chat).await {
        let id = row.id;
        let earlier = world.read(move |c| message::earlier(c, id)).await;
        seen.histories.push(
            earlier
                .into_iter()
                .map(|kept| (kept.at.0, kept.content.text().map(Into::into)))
                .collect(),
        );
        seen.words.push(row.content.text().map(Into::into));
        let mut reactions: Vec<String> = row.reactions.into_iter().map(|r| r.emoji).collect();
        reactions.sort();
        seen.reactions.push(reactions);
        seen.marks.push((row.starred, row.pinned));
    }
    seen
}

/// Each thing that may be done, at a time of its own: two changes of the same moment have no order.
fn change() -> impl Strategy<Value = (u32, usize, u8)> {
    (1..4_u32, 0..3_usize, 0..6_u8)
}

fn event(position: usize, (by, message, what): (u32, usize, u8)) -> Inbound {
    let seconds = 10 + i64::try_from(position).expect("few");
    let what = match what {
        0 => edited(&format!("palabras {position}")),
        1 => reaction("👍"),
        2 => reaction(""),
        3 => Kind::Starred(position.is_multiple_of(2)),
        4 => Kind::Pinned(position.is_multiple_of(3)),
        _ if position.is_multiple_of(4) => Kind::Deleted,
        _ => reaction("❤️"),
    };
    done(by, &format!("m{message}"), seconds, what)
}

proptest! {
    #![proptest_config(trials(48))]

    #[test]
    fn order_and_repetition_change_nothing(
        changes in prop::collection::vec(change(), 0..14),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
        cut in 1..6_usize,
    ) {
        let mut events: Vec<Inbound> = (0..3).map(|n| text(1, &format!("m{n}")).at(n).event()).collect();
        events.extend(changes.into_iter().enumerate().map(|(position, change)| event(position, change)));
        let mut mixed: Vec<Inbound> = order.iter().map(|index| index.get(&events).clone()).collect();
        mixed.extend(events.iter().rev().cloned());
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let plain = World::new().await;
            plain.live(events).await;
            let other = World::new().await;
            for batch in mixed.chunks(cut) {
                other.live(batch.to_vec()).await;
            }
            prop_assert_eq!(seen(&other).await, seen(&plain).await, "in order and once, or not");
            Ok(())
        })?;
    }
}

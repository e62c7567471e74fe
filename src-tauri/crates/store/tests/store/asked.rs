//! What was asked of the gateway and is kept: numbers, stories, how much a number was used.

use mostrador_domain::MediaRef;
use mostrador_store::tables::story::{self, StoryState};
use mostrador_store::tables::usage::{self, Usage};
use mostrador_store::tables::{device, media, number_check};

use crate::world::{NOON, World, address, at, text};

const NUMBER: &str = "51900000071";

#[tokio::test]
async fn what_was_said_of_a_number_is_kept_with_its_age_until_it_is_said_anew() {
    let world = World::new().await;
    let (device, other) = (world.device, world.another_device().await);
    let here = address("51900000071@s.whatsapp.net");
    let told = here.clone();
    world
        .write(move |w| number_check::keep(w, device, NUMBER, Some(&told), at(1)))
        .await;
    let row = world
        .read(move |c| number_check::get(c, device, NUMBER))
        .await
        .expect("kept");
    assert_eq!(
        (row.address, row.checked_at),
        (Some(here), at(1)),
        "what was said, and when"
    );
    assert_eq!(
        world.read(move |c| number_check::get(c, other, NUMBER)).await,
        None,
        "another device was told nothing"
    );

    world
        .write(move |w| number_check::keep(w, device, NUMBER, None, at(9)))
        .await;
    let row = world
        .read(move |c| number_check::get(c, device, NUMBER))
        .await
        .expect("kept");
    assert_eq!(
        (row.address, row.checked_at),
        (None, at(9)),
        "only the last word counts"
    );
}

#[tokio::test]
async fn a_story_begins_once_and_again_only_if_it_was_refused() {
    let world = World::new().await;
    let device = world.device;
    let begin = async |when| world.write(move |w| story::begin(w, device, "s1", when)).await;
    assert_eq!(begin(at(0)).await, None, "its call may be made");
    assert_eq!(
        begin(at(1)).await,
        Some((StoryState::Publishing, at(0))),
        "asked twice, it is under way"
    );

    world
        .write(|w| story::ended(w, "s1", StoryState::Refused, None, None))
        .await;
    assert_eq!(
        begin(at(2)).await,
        None,
        "what is certainly not out may be tried again"
    );
    world
        .write(|w| story::ended(w, "s1", StoryState::Published, Some("g1"), Some(at(3))))
        .await;
    assert_eq!(
        begin(at(4)).await,
        Some((StoryState::Published, at(3))),
        "what is out is not published again"
    );
}

#[tokio::test]
async fn a_story_whose_call_was_under_way_when_the_program_died_is_uncertain() {
    let world = World::new().await;
    let device = world.device;
    world.write(move |w| story::begin(w, device, "s1", at(0))).await;
    world.write(move |w| story::after_restart(w, device)).await;
    assert_eq!(
        world.write(move |w| story::begin(w, device, "s1", at(1))).await,
        Some((StoryState::Uncertain, at(0))),
        "nobody knows, so it is not tried again"
    );
    world.write(move |w| device::remove(w, device)).await;
    assert_eq!(
        world.count("SELECT count(*) FROM story").await,
        0,
        "a device takes its stories along"
    );
}

#[tokio::test]
async fn a_file_that_is_said_to_be_large_is_fetched_only_if_a_person_wants_it() {
    let world = World::new().await;
    let told = |bytes| MediaRef {
        gateway_ref: "ref".into(),
        mime: "application/pdf".into(),
        bytes,
        ..MediaRef::default()
    };
    let device = world.device;
    let next = async || {
        let row = world
            .read(move |c| media::next_remote(c, device, 1_000, &[]))
            .await;
        row.map(|row| row.id)
    };
    let large = world
        .write(move |w| media::announce(w, device, &told(Some(1_001)), NOON))
        .await;
    assert_eq!(next().await, None, "nobody asked for it");
    let unsaid = world
        .write(move |w| media::announce(w, device, &told(None), NOON))
        .await;
    assert_eq!(next().await, Some(unsaid), "how large it is was not said");
    world.write(move |w| media::claim(w, unsaid)).await;
    world.write(move |w| media::ask_again(w, large)).await;
    assert_eq!(next().await, Some(large), "a person wants it");
}

#[tokio::test]
async fn what_a_number_sent_lately_is_counted_and_what_it_got_is_not() {
    let world = World::new().await;
    let mut events = vec![text(1, "theirs").at(9).event()];
    events.extend((1..4).map(|n| text(1, &format!("g{n}")).ours().at(n).event()));
    world.live(events).await;
    let device = world.device;
    world
        .write(move |w| number_check::keep(w, device, NUMBER, None, at(2)))
        .await;
    let read = async |since| world.read(move |c| usage::since(c, device, since)).await;
    assert_eq!(
        read(NOON).await,
        Usage {
            messages: 3,
            chats: 1,
            checks: 1
        },
        "all of it"
    );
    assert_eq!(
        read(at(3)).await,
        Usage {
            messages: 1,
            chats: 1,
            checks: 0
        },
        "since then"
    );
}

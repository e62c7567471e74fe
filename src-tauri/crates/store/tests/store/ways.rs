//! The way in from the internet: what the shop wants is changed by whoever saw what it is, what the gateway was told is kept apart.

use mostrador_store::tables::device;
use mostrador_store::tables::way::{self, WayRow};
use mostrador_store::{Change, StoreErrorKind};

use crate::world::World;

const FIRST: &str = "https://shop.example";
const SECOND: &str = "https://other.example/caja";
const PORT: u16 = 20_001;
const MOVED: u16 = 20_002;

async fn row(world: &World) -> WayRow {
    let device = world.device;
    world.read(move |c| way::get(c, device)).await
}

async fn set(
    world: &World,
    seen: Option<&'static str>,
    address: Option<&'static str>,
) -> Result<(), StoreErrorKind> {
    let device = world.device;
    let written = world
        .store
        .write(move |w| way::set_address(w, device, seen, address, Some(PORT)));
    written.await.map_err(|error| error.kind)
}

async fn note(world: &World, before: Option<&'static str>, told: Option<&'static str>) -> bool {
    let device = world.device;
    world
        .write(move |w| way::note_told(w, device, before, told.map(|told| (told, PORT))))
        .await
}

#[tokio::test]
async fn an_address_is_changed_only_by_whoever_saw_it_as_it_is() {
    let world = World::new().await;
    assert_eq!(row(&world).await, WayRow::default(), "at first there is none");
    assert_eq!(set(&world, None, Some(FIRST)).await, Ok(()));
    assert_eq!(
        set(&world, None, Some(SECOND)).await,
        Err(StoreErrorKind::StateChanged),
        "this person still sees none"
    );
    assert_eq!(
        row(&world).await.address.as_deref(),
        Some(FIRST),
        "the first stays"
    );
    assert_eq!(set(&world, Some(FIRST), Some(SECOND)).await, Ok(()));
    assert_eq!(
        set(&world, Some(SECOND), None).await,
        Ok(()),
        "and it can be removed"
    );
    assert_eq!(row(&world).await.address, None);
}

#[tokio::test]
async fn what_the_gateway_was_told_outlives_the_address() {
    let world = World::new().await;
    set(&world, None, Some(FIRST)).await.expect("stored");
    assert!(note(&world, None, Some(FIRST)).await, "noted before it is told");
    set(&world, Some(FIRST), None).await.expect("removed");
    let left = WayRow {
        address: None,
        told: Some(FIRST.to_owned()),
        port: None,
        told_port: Some(PORT),
    };
    assert_eq!(row(&world).await, left, "it has to be taken back still");
    assert!(
        !note(&world, Some(SECOND), None).await,
        "another one was not told"
    );
    assert!(note(&world, Some(FIRST), None).await, "taken back");
    assert_eq!(row(&world).await, WayRow::default());
}

#[tokio::test]
async fn an_address_leads_where_it_was_stored_for_until_a_call_arrives_elsewhere() {
    let world = World::new().await;
    let device = world.device;
    let proved = async |address: &'static str, port: u16| {
        world
            .write(move |w| way::note_proved(w, device, address, port))
            .await
    };
    assert!(!proved(FIRST, PORT).await, "there is none yet");
    set(&world, None, Some(FIRST)).await.expect("stored");
    assert_eq!(row(&world).await.port, Some(PORT), "the person saw that port");
    assert!(proved(FIRST, MOVED).await, "a call arrived at another one");
    set(&world, Some(FIRST), Some(FIRST))
        .await
        .expect("stored once more");
    assert_eq!(
        row(&world).await.port,
        Some(MOVED),
        "the same address says nothing new"
    );
    set(&world, Some(FIRST), Some(SECOND)).await.expect("changed");
    assert!(
        !proved(FIRST, MOVED).await,
        "a call that was under way is about another address"
    );
    assert_eq!(
        row(&world).await.port,
        Some(PORT),
        "a new address is for the port that is shown"
    );
    set(&world, Some(SECOND), None).await.expect("removed");
    assert_eq!(row(&world).await.port, None, "none leads nowhere");
}

#[tokio::test]
async fn what_was_told_is_known_to_lead_where_it_led_and_so_is_coming_back_to_it() {
    let world = World::new().await;
    let device = world.device;
    let stored = async |seen: Option<&'static str>, address: &'static str| {
        let written = world
            .store
            .write(move |w| way::set_address(w, device, seen, Some(address), None));
        written.await.expect("stored");
        row(&world).await
    };
    let proved = async |address: &'static str, port: u16| {
        world
            .write(move |w| way::note_proved(w, device, address, port))
            .await
    };
    assert!(
        stored(None, FIRST).await.is_unproved(),
        "it leads nowhere before it is proved"
    );
    assert!(proved(FIRST, PORT).await);
    assert!(note(&world, None, Some(FIRST)).await, "it is told");
    let next = stored(Some(FIRST), SECOND).await;
    assert!(next.is_unproved(), "the next one leads nowhere");
    assert_eq!(next.told_port, Some(PORT), "the one that is told does, as before");
    let back = stored(Some(SECOND), FIRST).await;
    assert_eq!(
        back.port,
        Some(PORT),
        "whoever comes back to it has nothing to prove"
    );
    assert!(
        proved(FIRST, MOVED).await,
        "our port has moved, and so has its end"
    );
    assert_eq!(
        row(&world).await.told_port,
        Some(MOVED),
        "the same tunnel leads to the same port"
    );
    stored(Some(FIRST), SECOND).await;
    assert!(proved(SECOND, PORT).await);
    assert_eq!(
        row(&world).await.told_port,
        Some(MOVED),
        "another tunnel says nothing of it"
    );
    assert!(note(&world, Some(FIRST), None).await, "taken back");
    assert_eq!(
        row(&world).await.told_port,
        None,
        "nothing is told that could lead anywhere"
    );
}

#[tokio::test]
async fn whoever_looks_hears_of_a_change_and_a_removed_device_leaves_nothing() {
    let world = World::new().await;
    let mut changes = world.store.changes();
    set(&world, None, Some(FIRST)).await.expect("stored");
    let device = world.device;
    changes.wait_for(|change| *change == Change::Hooks(device)).await;
    world.write(move |w| device::remove(w, device)).await;
    assert_eq!(row(&world).await, WayRow::default(), "it goes with its device");
}

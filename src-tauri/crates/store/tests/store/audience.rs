//! An audience: gathered out of sight, each person decided once, taken over at once.

use std::ops::ControlFlow;
use std::time::Duration;

use mostrador_campaigns::plan::Plan;
use mostrador_campaigns::schedule::{Late, Repeats, Schedule};
use mostrador_campaigns::state::{RecipientState, SkipReason};
use mostrador_campaigns::wording::{Table, Variants};
use mostrador_domain::{Address, AddressKind, CampaignId, DeviceId};
use mostrador_store::tables::block::{self, Blocked};
use mostrador_store::tables::campaign::audience::{self, Gathering, Joining, Member, Patience};
use mostrador_store::tables::campaign::{self, NewCampaign, segment};
use mostrador_store::tables::{number_check, person};
use mostrador_store::{StoreErrorKind, Writing};

use crate::world::{NOON, World, at};

const PATIENCE: Patience = Patience {
    there: Duration::from_secs(30 * 86_400),
    not_there: Duration::from_secs(86_400),
};

pub(crate) async fn draft(world: &World) -> CampaignId {
    let new = NewCampaign {
        device: world.device,
        name: "Promo".to_owned(),
        plan: Plan::careful("America/Lima"),
    };
    world.write(move |w| campaign::create(w, &new, NOON)).await
}

pub(crate) fn gathering(campaign: CampaignId, device: DeviceId) -> Gathering {
    Gathering {
        campaign,
        device,
        own: Some(Address::parse("51900000001")),
        variants: Some(Variants::one()),
        patience: PATIENCE,
        now: NOON,
    }
}

fn joining(number: &str) -> Joining {
    Joining {
        row: None,
        written: number.to_owned(),
        address: Some(Address::parse(number)),
        cells: vec![number.to_owned()],
        left_out: None,
    }
}

/// Gathers these people and takes them over.
async fn set(world: &World, campaign: CampaignId, people: Vec<Joining>) -> Vec<Member> {
    let device = world.device;
    world
        .write(move |w| {
            let gathering = gathering(campaign, device);
            let audience = audience::begin(w)?;
            audience::stage(w, audience, &gathering, &people)?;
            audience::take_over(w, audience, &gathering, "[]", &Table::of(["Número"]))
        })
        .await;
    members(world, campaign).await
}

async fn members(world: &World, campaign: CampaignId) -> Vec<Member> {
    world
        .read(move |connection| {
            let mut all = Vec::new();
            audience::each(connection, campaign, |member| {
                all.push(member);
                Ok(ControlFlow::Continue(()))
            })?;
            Ok(all)
        })
        .await
}

fn states(members: &[Member]) -> Vec<RecipientState> {
    members.iter().map(|member| member.state).collect()
}

async fn opt_out(world: &World, address: &'static str, state: &'static str) {
    world
        .write(move |w| {
            w.execute(
                "INSERT INTO opt_out (address, state, wish, at, heard_at) VALUES (?1, ?2, 'certain', 1, 1)",
                [Address::parse(address).as_str(), state],
            )?;
            Ok(())
        })
        .await;
}

#[tokio::test]
async fn each_person_is_decided_by_the_first_rule_that_fits() {
    let world = World::new().await;
    let device = world.device;
    opt_out(&world, "551187654321", "out").await;
    opt_out(&world, "51900000015", "asked").await;
    opt_out(&world, "51900000016", "not_meant").await;
    world
        .write(move |w| {
            let told = |digits: &str, there: Option<&str>, when| {
                let there = there.map(Address::parse);
                number_check::keep(w, device, digits, there.as_ref(), when)
            };
            told("51900000017", None, NOON)?;
            told("51900000018", None, at(-2 * 86_400))?;
            told("5215512345678", None, NOON)?;
            told("525512345678", Some("525512345678"), NOON)?;
            block::set(w, device, &Address::parse("51900000021"), Blocked::Here, NOON)
        })
        .await;
    let campaign = draft(&world).await;
    let mut refused = joining("51900000019");
    refused.left_out = Some(SkipReason::TakenOut);
    let mut nobody = joining("hola");
    nobody.address = None;
    let people = vec![
        joining("51900000010"),
        joining("51900000001"),
        joining("51900000010"),
        joining("5511987654321"),
        joining("51900000015"),
        joining("51900000016"),
        joining("51900000017"),
        joining("51900000018"),
        joining("5215512345678"),
        joining("51900000021"),
        refused,
        nobody,
        joining("120363000000000001@g.us"),
    ];
    let members = set(&world, campaign, people).await;
    let skip = RecipientState::Skipped;
    assert_eq!(
        states(&members),
        [
            RecipientState::Pending,
            skip(SkipReason::OwnNumber),
            skip(SkipReason::Duplicate),
            RecipientState::OptedOut,
            RecipientState::Pending,
            RecipientState::Pending,
            skip(SkipReason::NotOnWhatsapp),
            RecipientState::Pending,
            RecipientState::Pending,
            skip(SkipReason::Blocked),
            skip(SkipReason::TakenOut),
            skip(SkipReason::InvalidNumber),
            skip(SkipReason::InvalidNumber),
        ],
        "opted out under another spelling, asked at their turn; a stale answer says nothing; one spelling that is there is enough"
    );
    assert_eq!(
        members[8].address,
        Some(Address::parse("525512345678")),
        "the gateway says which spelling is dialled"
    );
}

#[tokio::test]
async fn a_lid_is_never_taken_as_a_number() {
    let world = World::new().await;
    let device = world.device;
    let (known, unknown) = ("99000000000011@lid", "99000000000012@lid");
    world
        .write(move |w| {
            let phone = Address::parse("51900000011");
            person::same(w, device, &phone, &Address::parse(known), NOON)
        })
        .await;
    let campaign = draft(&world).await;
    let people = vec![joining(known), joining(unknown), joining("51900000011")];
    let members = set(&world, campaign, people).await;
    assert_eq!(
        states(&members),
        [
            RecipientState::Pending,
            RecipientState::Skipped(SkipReason::InvalidNumber),
            RecipientState::Skipped(SkipReason::Duplicate),
        ],
        "the person's own number is used, or none"
    );
    let is_phone = |member: &Member| {
        member
            .address
            .as_ref()
            .is_none_or(|at| at.kind() == AddressKind::Phone)
    };
    assert!(members.iter().all(is_phone), "nothing else is dialled");
}

#[tokio::test]
async fn an_audience_is_taken_over_whole_or_not_at_all() {
    let world = World::new().await;
    let campaign = draft(&world).await;
    set(
        &world,
        campaign,
        vec![joining("51900000010"), joining("51900000011")],
    )
    .await;
    let before = world.read(move |c| campaign::get(c, campaign)).await;
    let audience = world.write(audience::begin).await;
    let gathered = gathering(campaign, world.device);
    let again = gathered.clone();
    world
        .write(move |w| audience::stage(w, audience, &again, &[joining("51900000012")]))
        .await;
    assert_eq!(
        members(&world, campaign).await.len(),
        2,
        "nobody sees what is being gathered"
    );

    start(&world, campaign).await;
    let late = world
        .store
        .write(move |w| audience::take_over(w, audience, &gathered, "[]", &Table::default()))
        .await;
    assert_eq!(
        late.expect_err("too late").kind,
        StoreErrorKind::StateChanged,
        "a started campaign keeps its audience"
    );
    let kept = members(&world, campaign).await;
    assert_eq!(kept.len(), 2, "and all of it");
    let after = world.read(move |c| campaign::get(c, campaign)).await;
    assert_eq!(after.plan_no, before.plan_no, "nothing was edited");
}

async fn start(world: &World, id: CampaignId) {
    world
        .write(move |w: &mut Writing<'_>| {
            let plan_no = campaign::get(w, id)?.plan_no;
            campaign::rehearsed(w, id, plan_no)?;
            campaign::start(w, id, Duration::ZERO, NOON)
        })
        .await;
}

#[tokio::test]
async fn another_audience_has_to_be_rehearsed_again() {
    let world = World::new().await;
    let id = draft(&world).await;
    set(&world, id, vec![joining("51900000010")]).await;
    let first = world.read(move |c| campaign::get(c, id)).await.plan_no;
    world.write(move |w| campaign::rehearsed(w, id, first)).await;
    set(&world, id, vec![joining("51900000011")]).await;
    let row = world.read(move |c| campaign::get(c, id)).await;
    assert_eq!(row.state.as_str(), "draft", "what was rehearsed is gone");
    assert_eq!(
        row.plan_no,
        first + 1,
        "a rehearsal that is under way finds another number"
    );
    assert_eq!(row.columns.headings, ["Número"], "with its headings");
}

#[tokio::test]
async fn what_the_gateway_says_of_numbers_changes_who_is_written_to() {
    let world = World::new().await;
    let (device, id) = (world.device, draft(&world).await);
    let people = ["51900000010", "5215512345678", "51900000012"].map(joining);
    let members_before = set(&world, id, people.to_vec()).await;
    let asked = world
        .read(move |c| audience::to_ask(c, id, None, 10, PATIENCE, NOON))
        .await;
    assert_eq!(asked.len(), 3, "nothing is known of anybody");
    let ids: Vec<_> = members_before.iter().map(|member| member.id).collect();
    let all = ids.clone();
    let skipped = world
        .write(move |w| {
            let there = Address::parse("51900000010");
            number_check::keep(w, device, "51900000010", Some(&there), NOON)?;
            number_check::keep(w, device, "5215512345678", None, NOON)?;
            number_check::keep(w, device, "51900000012", None, NOON)?;
            audience::said(w, id, &all, PATIENCE, NOON)
        })
        .await;
    assert_eq!(
        skipped, 1,
        "who has another spelling is asked for under that first"
    );
    let asked = world
        .read(move |c| audience::to_ask(c, id, None, 10, PATIENCE, NOON))
        .await;
    assert_eq!(asked.len(), 1, "only the other spelling is left to ask for");
    assert_eq!(asked[0].digits, "525512345678", "the other spelling");
    world
        .write(move |w| {
            let there = Address::parse("525512345678");
            number_check::keep(w, device, "525512345678", Some(&there), NOON)?;
            audience::said(w, id, &ids, PATIENCE, NOON)
        })
        .await;
    let known = world
        .read(move |c| audience::numbers_known(c, id, PATIENCE, NOON))
        .await;
    assert_eq!(
        (known.known, known.total, known.not_on_whatsapp),
        (3, 3, 1),
        "all of them are known"
    );
    let after = members(&world, id).await;
    assert_eq!(
        after[1].address,
        Some(Address::parse("525512345678")),
        "dialled as WhatsApp knows it"
    );
}

#[tokio::test]
async fn what_the_gateway_says_of_numbers_takes_no_campaign_off_its_schedule() {
    let world = World::new().await;
    let (device, id) = (world.device, draft(&world).await);
    let members = set(&world, id, ["51900000010", "51900000011"].map(joining).to_vec()).await;
    let ids: Vec<_> = members.iter().map(|member| member.id).collect();
    let says = async |digits: &'static str| {
        let ids = ids.clone();
        world
            .write(move |w| {
                number_check::keep(w, device, digits, None, NOON)?;
                audience::said(w, id, &ids, PATIENCE, NOON)
            })
            .await
    };
    let rehearsed = async || {
        world
            .write(move |w| {
                let plan_no = campaign::get(w, id)?.plan_no;
                campaign::rehearsed(w, id, plan_no)
            })
            .await;
    };
    rehearsed().await;
    assert_eq!(says("51900000010").await, 1, "they are not there");
    let row = world.read(move |c| campaign::get(c, id)).await;
    assert_eq!(row.state.as_str(), "draft", "its rehearsal told of more people");

    rehearsed().await;
    let schedule = Schedule {
        local: "2030-01-01T09:00".to_owned(),
        zone: "America/Lima".to_owned(),
        late: Late::Ask,
        repeats: Repeats::Daily,
        day: None,
        put_off: None,
    };
    world
        .write(move |w| campaign::schedule(w, id, &schedule, at(3_600)))
        .await;
    assert_eq!(says("51900000011").await, 1, "nor are they");
    let row = world.read(move |c| campaign::get(c, id)).await;
    assert_eq!(
        (row.state.as_str(), row.starts_at),
        ("scheduled", Some(at(3_600))),
        "it starts without them"
    );
    assert!(row.schedule.is_some(), "and goes on repeating");
}

#[tokio::test]
async fn a_saved_audience_has_one_name() {
    let world = World::new().await;
    let first = world.write(|w| segment::save(w, "Clientes", "[1]", NOON)).await;
    let again = world.write(|w| segment::save(w, "CLIENTES", "[2]", NOON)).await;
    assert_eq!(first, again, "saved over");
    let all = world.read(segment::list).await;
    assert_eq!(
        (all.len(), all[0].name.as_str(), all[0].sources.as_str()),
        (1, "CLIENTES", "[2]"),
        "as it was saved last"
    );
    world.write(move |w| segment::remove(w, first)).await;
    let gone = world.store.write(move |w| segment::remove(w, first)).await;
    assert_eq!(
        gone.expect_err("gone").kind,
        StoreErrorKind::NotFound,
        "it is removed once"
    );
}

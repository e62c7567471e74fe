//! Persons and groups: what is asked, and what odd answers become.

use mostrador_domain::{Address, ContactSnapshot, FailureCode, Inbound, MemberRank};
use serde_json::json;

use super::{NUMBER, asked, linked_to, not_found, ok, only_asked, rejected};
use crate::NumberVerdict;
use crate::peer::Reply;

const LID: &str = "99000000000021@lid";

#[tokio::test]
async fn a_page_of_persons_keeps_what_it_does_not_understand() {
    let list = json!({"contacts": [
        {"id": NUMBER, "name": "Rosa", "lid": LID}, {"name": "nobody"}, {"id": "51900000022", "pushname": "Julia"},
    ], "count": 100, "total": 3, "offset": 0});
    let (peer, link) = linked_to(vec![ok(&list)]).await;
    let page = link.contacts().expect("it knows persons").page(10, 900).await;
    let page = page.expect("200 is a page");
    let line = only_asked(&peer).0;
    assert_eq!(line, "GET /contacts?count=500&offset=10", "no page is larger");
    assert_eq!((page.covered, page.total), (3, Some(3)), "three came");
    let kinds: Vec<&str> = page
        .items
        .iter()
        .map(|item| match item {
            Inbound::Contact(_) => "contact",
            Inbound::SamePerson { .. } => "same",
            Inbound::Unknown { .. } => "raw",
            other => panic!("{other:?} is no person"),
        })
        .collect();
    assert_eq!(kinds, ["contact", "same", "raw", "contact"], "nothing is dropped");
}

#[tokio::test]
async fn one_person_is_asked_for_by_digits_and_a_hidden_one_by_the_whole_address() {
    for (address, path) in [
        (NUMBER, "/contacts/51900000021"),
        (LID, "/contacts/99000000000021@lid"),
    ] {
        let (peer, link) = linked_to(vec![ok(&json!({"id": address, "name": "Rosa"}))]).await;
        let contacts = link.contacts().expect("it knows persons");
        let told = contacts
            .one(&Address::parse(address))
            .await
            .expect("200 is an answer");
        let name = told.and_then(|person: ContactSnapshot| person.saved_name);
        assert_eq!(name.as_deref(), Some("Rosa"), "the gateway knows them");
        assert_eq!(
            only_asked(&peer).0,
            format!("GET {path}"),
            "a LID is never made a number"
        );
    }
    let (_peer, link) = linked_to(not_found()).await;
    let contacts = link.contacts().expect("it knows persons");
    assert_eq!(contacts.one(&Address::parse(NUMBER)).await, Ok(None), "nobody");
    let (peer, link) = linked_to(Vec::new()).await;
    let contacts = link.contacts().expect("it knows persons");
    assert_eq!(
        contacts.one(&Address::parse("1203@g.us")).await,
        Ok(None),
        "a group is no person"
    );
    assert!(peer.requests().is_empty(), "and nothing was asked");
}

#[tokio::test]
async fn numbers_are_checked_one_verdict_for_each_in_their_order() {
    let answer = json!({"contacts": [
        {"input": "51900000022", "status": "invalid"},
        {"input": "51900000021", "status": "valid", "wa_id": "51900000021@s.whatsapp.net"},
        {"input": "+51 900 000 023", "status": "valid"},
        {"input": "51900000024", "status": "later"},
    ]});
    let (peer, link) = linked_to(vec![ok(&answer)]).await;
    let numbers = [
        "+51 900 000 021",
        "51900000022",
        "51900000023",
        "51900000024",
        "51900000025",
        "Rosa",
    ];
    let numbers: Vec<String> = numbers.iter().map(|number| (*number).to_owned()).collect();
    let verdicts = link.contacts().expect("it checks").check(&numbers).await;
    let on = |number| NumberVerdict::OnWhatsApp(Address::parse(number));
    let expected = vec![
        on("51900000021"),
        NumberVerdict::NotOnWhatsApp,
        on("51900000023"),
        NumberVerdict::NotTold,
        NumberVerdict::NotTold,
        NumberVerdict::NotTold,
    ];
    assert_eq!(verdicts, Ok(expected), "what was not said is not made up");
    let (line, body) = only_asked(&peer);
    assert_eq!(line, "POST /contacts", "in the body, not in the address");
    let sent = [
        "51900000021",
        "51900000022",
        "51900000023",
        "51900000024",
        "51900000025",
    ];
    assert_eq!(body, json!({ "contacts": sent }), "digits only");
}

#[tokio::test]
async fn more_numbers_than_fit_are_refused_and_none_at_all_are_not_asked() {
    let (peer, link) = linked_to(Vec::new()).await;
    let most = link.capabilities().number_check.expect("it checks") as usize;
    let contacts = link.contacts().expect("it checks");
    let too_many = vec![NUMBER.to_owned(); most + 1];
    assert_eq!(
        contacts.check(&too_many).await,
        Err(rejected(FailureCode::TooLarge)),
        "the capability says how many"
    );
    assert_eq!(
        contacts.check(&[]).await,
        Ok(Vec::new()),
        "nothing asked, nothing told"
    );
    assert!(peer.requests().is_empty(), "no call was made");

    let (_peer, link) = linked_to(vec![Reply::json(402, r#"{"code":402,"error":"x"}"#)]).await;
    let contacts = link.contacts().expect("it checks");
    assert_eq!(
        contacts.check(&[NUMBER.to_owned()]).await,
        Err(rejected(FailureCode::PlanLimit)),
        "a trial checks 30 numbers a day"
    );
}

#[tokio::test]
async fn a_group_comes_with_its_members_and_pages_stay_small() {
    let group = json!({"id": "120363000000000021@g.us", "name": "Vecinos", "participants_count": 1,
        "participants": [{"id": NUMBER, "rank": "admin"}]});
    let list = json!({"groups": [group], "total": 1});
    let (peer, link) = linked_to(vec![ok(&list), ok(&group)]).await;
    let groups = link.groups().expect("it knows groups");
    let page = groups.page(0, 500).await.expect("200 is a page");
    assert!(matches!(page.items[..], [Inbound::Group(_)]), "a group");
    assert_eq!(
        asked(&peer.requests()[0]).0,
        "GET /groups?count=50&offset=0",
        "each may have a thousand members"
    );
    let one = groups.one(&Address::parse("120363000000000021@g.us")).await;
    let members = one.expect("200 is an answer").and_then(|group| group.members);
    assert_eq!(
        members,
        Some(vec![(Address::parse(NUMBER), MemberRank::Admin)]),
        "who is in it"
    );
    let (_peer, link) = linked_to(not_found()).await;
    let groups = link.groups().expect("it knows groups");
    assert_eq!(
        groups.one(&Address::parse("1203@g.us")).await,
        Ok(None),
        "it is not in that one"
    );
}

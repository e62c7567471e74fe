//! The link itself, and the three ways in which a call may be delivered.

use std::time::Duration;

use mostrador_domain::{Address, Inbound, LinkChange, PairingContent};
use serde_json::json;

use super::{called, decoded, fixtures, only, said};

#[test]
fn the_link_comes_and_goes() {
    let own = Some(Address::parse("51900000010"));
    let linked = Inbound::Link(LinkChange::Linked { own });
    let unlinked = Inbound::Link(LinkChange::Unlinked);
    let told = [
        ("users.post", &linked),
        ("users.delete", &unlinked),
        ("channel.post.auth", &linked),
        ("channel.post.qr", &unlinked),
    ];
    for (name, expected) in told {
        assert!(only(decoded(name)) == *expected, "{name} says so");
    }
    let content = PairingContent::Text("2@aa,bb,cc,1".into());
    let code = Inbound::Link(LinkChange::Code {
        content,
        valid_for: Duration::from_secs(20),
    });
    assert!(only(decoded("channel.patch")) == code, "a new code to scan");
}

#[test]
fn every_fixture_says_the_same_in_all_three_modes_and_with_either_name_for_the_verb() {
    for (name, body) in fixtures() {
        let expected = said(&body);
        let Some(kind) = body["event"]["type"].as_str() else {
            continue;
        };
        let verb = body["event"]["event"]
            .as_str()
            .expect("the fixtures name their verb");

        let mut documented = body.clone();
        documented["event"] = json!({ "type": kind, "method": verb });
        assert_eq!(
            said(&documented),
            expected,
            "{name}: `method` is the documented name of `event`"
        );

        let mut bare = body.clone();
        bare.as_object_mut().expect("an object").remove("event");
        let by_path = called("POST", &format!("{kind}/{verb}"), &bare);
        assert_eq!(
            by_path, expected,
            "{name}: mode path names type and verb in the path"
        );
        let by_method = called(&verb.to_uppercase(), kind, &bare);
        assert_eq!(
            by_method, expected,
            "{name}: mode method names the verb by HTTP's own"
        );
    }
}

//! Linking and unlinking a number.

use mostrador_domain::{Address, AuthLost, Failure, PairingContent};
use mostrador_gateways::{CodeAnswer, LinkHealth, TypedCodeAnswer};
use mostrador_sandbox::SandboxConfig;

use crate::harness::{DEADLINE, Dialect, Shop};

async fn health(shop: &Shop) -> LinkHealth {
    shop.link
        .health()
        .check(false)
        .await
        .expect("the gateway answers")
}

/// The text of the code on show.
async fn code(shop: &Shop) -> String {
    match shop
        .link
        .pairing()
        .expect("it pairs")
        .code()
        .await
        .expect("the gateway answers")
    {
        CodeAnswer::Code {
            content: PairingContent::Text(text),
            valid_for,
        } => {
            assert!(!valid_for.is_zero(), "a code can be scanned for some time");
            text
        }
        CodeAnswer::Code { .. } => panic!("this gateway hands the code's text out"),
        CodeAnswer::Waiting => panic!("the sandbox shows its code at once"),
        CodeAnswer::AlreadyLinked => panic!("no number is linked yet"),
        CodeAnswer::Passkey => panic!("the sandbox asks for no passkey"),
    }
}

pub(crate) async fn a_number_is_linked_by_scanning_the_code_on_show(dialect: &'static Dialect) {
    let shop = Shop::unlinked(dialect).await;
    assert_eq!(
        health(&shop).await,
        LinkHealth::NotLinked,
        "nobody has linked a number yet"
    );

    let shown = code(&shop).await;
    assert_eq!(
        shop.sandbox.live_code(),
        Some(shown.clone()),
        "it is the code that the phone can scan"
    );
    shop.sandbox.scan_code(&shown).expect("the phone scans it");

    let LinkHealth::Linked { own } = health(&shop).await else {
        panic!("the number is linked now")
    };
    assert!(
        own.is_some_and(|own| own.phone_digits().is_some()),
        "the gateway says which number it is"
    );
    let again = shop.link.pairing().expect("it pairs").code().await;
    assert!(
        again == Ok(CodeAnswer::AlreadyLinked),
        "there is nothing to scan any more"
    );
}

pub(crate) async fn a_code_that_was_not_scanned_is_followed_by_another(dialect: &'static Dialect) {
    let shop = Shop::with(
        dialect,
        SandboxConfig {
            qr_seconds: 1,
            ..SandboxConfig::for_tests()
        },
    )
    .await;
    let first = code(&shop).await;
    let changed =
        |sandbox: &mostrador_sandbox::Sandbox| sandbox.live_code().is_some_and(|code| code != first);
    assert!(
        shop.sandbox.wait_until(DEADLINE, changed).await,
        "the code lives for a second"
    );

    let second = code(&shop).await;
    assert_ne!(second, first, "the old code is never shown again");
    assert!(
        shop.sandbox.scan_code(&first).is_err(),
        "the phone cannot scan the old code"
    );
}

pub(crate) async fn logging_out_unlinks_and_doing_it_again_is_success(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let pairing = shop.link.pairing().expect("it pairs");
    assert_eq!(pairing.logout().await, Ok(()), "the gateway unlinks the number");
    assert!(!shop.sandbox.is_linked(), "the number is not linked any more");
    assert_eq!(
        health(&shop).await,
        LinkHealth::NotLinked,
        "the health says so too"
    );
    assert_eq!(
        pairing.logout().await,
        Ok(()),
        "already unlinked is what was wanted"
    );
}

pub(crate) async fn a_number_unlinked_on_the_phone_cannot_send(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    assert!(shop.sandbox.unlink(), "the owner unlinks it on the phone");
    let failure = shop.send("hola").await.err();
    assert_eq!(
        failure,
        Some(Failure::AuthLost { lost: AuthLost::Link }),
        "the token is good, the link is lost"
    );
    assert_eq!(shop.got(), [], "nobody got anything");
}

pub(crate) async fn a_number_is_linked_by_typing_a_code(dialect: &'static Dialect) {
    let shop = Shop::unlinked(dialect).await;
    if !shop.link.capabilities().pairing.code {
        return;
    }
    let own = Address::parse(&shop.sandbox.devices().remove(0).number);
    let pairing = shop.link.pairing().expect("it pairs");
    let answer = pairing.code_for_phone(&own).await.expect("the gateway answers");
    let TypedCodeAnswer::Code { code, valid_for } = answer else {
        panic!("the sandbox hands the code out at once")
    };
    assert!(!valid_for.is_zero(), "it can be typed for some time");
    shop.sandbox.type_letters(&code).expect("the owner types it");
    assert!(
        matches!(health(&shop).await, LinkHealth::Linked { .. }),
        "the number is linked now"
    );
    let again = pairing.code_for_phone(&own).await;
    assert!(
        again == Ok(TypedCodeAnswer::AlreadyLinked),
        "there is nothing to type any more"
    );
}

pub(crate) async fn a_passkey_is_an_answer_and_no_failure(dialect: &'static Dialect) {
    let shop = Shop::unlinked(dialect).await;
    shop.sandbox.demand_passkey(true);
    let shown = code(&shop).await;
    shop.sandbox.scan_code(&shown).expect("the phone scans it");
    assert_eq!(health(&shop).await, LinkHealth::NotLinked, "a scan is not enough");
    let answer = shop.link.pairing().expect("it pairs").code().await;
    assert!(
        answer == Ok(CodeAnswer::Passkey),
        "the owner has to confirm, and nothing can be scanned"
    );
    assert!(shop.sandbox.confirm_passkey(), "the owner confirms it");
    assert!(
        matches!(health(&shop).await, LinkHealth::Linked { .. }),
        "the number is linked now"
    );
}

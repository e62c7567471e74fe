//! Linking and unlinking a number.

use mostrador_domain::{Address, AuthLost, Failure, NotSentCause, PairingContent};
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

/// What a picture of a code spells.
fn spelt(png: &[u8]) -> String {
    let picture = image::load_from_memory(png).expect("a picture").to_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let grey = |x: usize, y: usize| picture.as_raw()[y * width + x];
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let grids = prepared.detect_grids();
    let grid = grids.first().expect("a code is in the picture");
    grid.decode().expect("a camera can read it").1
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
        CodeAnswer::Code {
            content: PairingContent::Picture(bytes),
            ..
        } => spelt(&bytes),
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
    assert_eq!(
        shop.link.health().tells_number(),
        dialect.tells_number,
        "whether it tells which number it is"
    );
    let told = own.is_some_and(|own| own.phone_digits().is_some());
    assert!(
        told || !dialect.tells_number,
        "which number it is, where that is told"
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
    // A gateway that cannot tell a lost link from a start says so after a while.
    let not_ready = Some(Failure::NotSent {
        cause: NotSentCause::NotReady,
        retry_after: None,
    });
    let mut failure = shop.send("hola").await.err();
    for _ in 0..20 {
        if failure != not_ready {
            break;
        }
        failure = match shop.link.health().check(false).await {
            Ok(LinkHealth::NotLinked) => Some(Failure::AuthLost { lost: AuthLost::Link }),
            _ => shop.send("hola").await.err(),
        };
    }
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

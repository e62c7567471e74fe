//! The practice shop stands on the other side of the wire: whoever shared code with the driver would share its mistakes.

#[test]
fn the_practice_shop_shares_no_code_with_the_program() {
    let manifest = include_str!("../Cargo.toml");
    let (_, needed) = manifest.split_once("[dependencies]").expect("it needs something");
    let ours: Vec<&str> = needed.lines().filter(|line| line.contains("mostrador")).collect();
    assert!(ours.is_empty(), "it needs none of our crates: {ours:?}");
}

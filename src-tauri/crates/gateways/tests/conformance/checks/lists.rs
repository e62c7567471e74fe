//! Chats, earlier messages, media, reading.

use std::collections::BTreeSet;

use mostrador_domain::{Address, ChatSnapshot, Failure, FailureCode, Inbound, InboundMessage, MessageBody};
use mostrador_gateways::{History, HistoryQuery, Page};

use crate::harness::{Dialect, PNG, Shop};

/// Small, so that every list has several pages.
const PAGE: u32 = 7;

fn history(shop: &Shop) -> &dyn History {
    shop.link.history().expect("it has a history")
}

fn from(offset: u32) -> HistoryQuery {
    HistoryQuery {
        since: None,
        offset,
        count: PAGE,
    }
}

fn messages(page: &Page<Inbound>) -> impl Iterator<Item = &InboundMessage> {
    page.items.iter().filter_map(|item| match item {
        Inbound::Message(message) => Some(&**message),
        _ => None,
    })
}

fn chat(item: Inbound) -> Option<ChatSnapshot> {
    match item {
        Inbound::Chat(snapshot) => Some(snapshot),
        _ => None,
    }
}

/// The ids of all messages, from pages of which each has `common` messages in common with the last one; `between` happens after each page.
async fn walk(shop: &Shop, common: u32, between: impl Fn()) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut offset = 0;
    loop {
        let page = history(shop)
            .recent(from(offset))
            .await
            .expect("the gateway answers");
        assert!(
            page.covered <= PAGE,
            "a page is no longer than what was asked for"
        );
        ids.extend(messages(&page).map(|message| message.gateway_id.clone()));
        if page.covered <= common {
            return ids;
        }
        offset += page.covered - common;
        between();
    }
}

pub(crate) async fn pages_of_the_history_lose_nothing_while_messages_arrive(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let quiet = walk(&shop, 0, || ()).await;
    assert!(
        quiet.len() > PAGE as usize * 2,
        "the shop has a past of several pages"
    );
    assert_eq!(
        walk(&shop, 2, || ()).await,
        quiet,
        "a page may begin anywhere, and is whole"
    );

    let customer = shop.customer();
    let arriving = std::cell::Cell::new(10);
    let busy = walk(&shop, 0, || {
        // Ten in all: a shop in which one more arrives with each last page has no last page.
        if arriving.get() > 0 {
            shop.sandbox
                .write_as(&customer, "otra cosa")
                .expect("the customer writes");
            arriving.set(arriving.get() - 1);
        }
    })
    .await;
    assert_eq!(arriving.get(), 0, "all of them arrived while the pages were read");
    let lost: Vec<_> = quiet.difference(&busy).collect();
    assert!(lost.is_empty(), "{} messages were lost between pages", lost.len());
}

pub(crate) async fn the_history_of_a_chat_is_newest_first_and_can_be_cut_by_time(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let customer = shop.customer();
    let chat = Address::parse(&customer);
    for words in ["primero", "segundo"] {
        shop.sandbox
            .write_as(&customer, words)
            .expect("the customer writes");
    }

    let page = history(&shop)
        .of_chat(&chat, from(0))
        .await
        .expect("the gateway answers");
    let times: Vec<_> = messages(&page).map(|message| message.at).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older), "newest first");
    assert!(
        messages(&page).all(|message| message.chat == chat),
        "of this chat only"
    );
    let newest = messages(&page).next().expect("the customer has written");
    assert!(
        newest.body == MessageBody::Text("segundo".into()),
        "the last word comes first"
    );
    assert_eq!(newest.sender.as_ref(), Some(&chat), "the customer wrote it");

    let cut = HistoryQuery {
        since: Some(newest.at),
        ..from(0)
    };
    let page = history(&shop)
        .of_chat(&chat, cut)
        .await
        .expect("the gateway answers");
    assert!(
        messages(&page).count() > 0,
        "what is as old as the cut is within it"
    );
    assert!(
        messages(&page).all(|message| message.at >= newest.at),
        "nothing before the cut"
    );
}

pub(crate) async fn a_chat_that_nobody_knows_has_no_messages(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let page = history(&shop)
        .of_chat(&Address::parse("51900009999"), from(0))
        .await;
    assert_eq!(
        page.map(|page| (page.items.len(), page.covered)),
        Ok((0, 0)),
        "an empty page, and no failure"
    );
}

pub(crate) async fn pages_of_the_chats_lose_nothing(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let chats = shop.link.chats().expect("it lists chats");
    let (mut listed, mut covered) = (Vec::new(), 0);
    loop {
        let page = chats.page(covered, PAGE).await.expect("the gateway answers");
        let understood = page
            .items
            .iter()
            .all(|item| !matches!(item, Inbound::Unknown { .. }));
        assert!(understood, "every chat of the page is understood");
        if page.covered == 0 {
            assert!(
                page.total.is_none_or(|total| total == covered),
                "the pages hold as many as the gateway says, if it says so"
            );
            break;
        }
        covered += page.covered;
        listed.extend(page.items.into_iter().filter_map(chat));
    }
    let addresses: BTreeSet<_> = listed.iter().map(|snapshot| snapshot.chat.clone()).collect();
    assert_eq!(addresses.len(), listed.len(), "no chat comes twice");
    assert!(listed.len() > PAGE as usize, "there are several pages");
    assert!(
        listed
            .iter()
            .any(|snapshot: &ChatSnapshot| snapshot.name.is_some()),
        "chats have names"
    );
}

pub(crate) async fn a_customers_picture_can_be_fetched_within_the_limit(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let customer = shop.customer();
    shop.sandbox
        .write_image_as(&customer, PNG.to_vec(), Some("mire"))
        .expect("the customer sends a picture");

    let page = history(&shop)
        .of_chat(&Address::parse(&customer), from(0))
        .await
        .expect("the gateway answers");
    let newest = messages(&page).next().expect("the picture is there");
    let MessageBody::Media(picture) = &newest.body else {
        panic!("it is a picture")
    };
    let image = &picture.file;
    assert_eq!(picture.caption.as_deref(), Some("mire"), "with its words");
    assert_eq!(image.bytes, Some(PNG.len() as i64), "with its size");

    let media = shop.link.media().expect("it has media");
    let size = PNG.len() as u64;
    let mut had = Vec::new();
    let whole = media.download(&image.gateway_ref, size, &mut had).await;
    assert_eq!((whole, had.as_slice()), (Ok(()), PNG), "byte for byte");
    let too_large = Failure::Rejected {
        code: FailureCode::TooLarge,
    };
    assert_eq!(
        media
            .download(&image.gateway_ref, size - 1, &mut Vec::new())
            .await,
        Err(too_large),
        "one byte above the limit"
    );
    let missing = Failure::Rejected {
        code: FailureCode::MediaMissing,
    };
    assert_eq!(
        media.download("png-00000000-0000", size, &mut Vec::new()).await,
        Err(missing),
        "nobody has sent that one"
    );
}

pub(crate) async fn marking_as_read_empties_the_unread_count(dialect: &'static Dialect) {
    let shop = Shop::linked(dialect).await;
    let customer = shop.customer();
    let chat = Address::parse(&customer);
    let id = shop
        .sandbox
        .write_as(&customer, "¿hay?")
        .expect("the customer writes");
    assert!(unread(&shop, &chat).await > Some(0), "the shop has not read it");

    let marked = shop
        .link
        .read_state()
        .expect("it marks")
        .mark_read(&chat, &id)
        .await;
    assert_eq!(marked, Ok(()), "the gateway marks it");
    assert_eq!(
        unread(&shop, &chat).await,
        Some(0),
        "the phone counts nothing any more"
    );
}

async fn unread(shop: &Shop, chat: &Address) -> Option<i64> {
    let page = shop
        .link
        .chats()
        .expect("it lists chats")
        .page(0, 100)
        .await
        .expect("the gateway answers");
    page.items
        .into_iter()
        .filter_map(self::chat)
        .find(|snapshot| snapshot.chat == *chat)
        .and_then(|snapshot| snapshot.unread)
}

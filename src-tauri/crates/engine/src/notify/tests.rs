use mostrador_domain::{Address, ChatKind, DeviceId};
use mostrador_store::tables::chat::Draft;

use super::*;

const NOW: UnixMillis = UnixMillis(1_000_000_000);

fn chat() -> ChatRow {
    ChatRow {
        id: ChatId(7),
        device: DeviceId(1),
        address: Address::parse("51900000011"),
        kind: ChatKind::Person,
        name: Some("Rosa".into()),
        last_at: NOW,
        unread: 1,
        marked_unread: false,
        pinned: false,
        archived: false,
        muted_until: UnixMillis(0),
        read_only: false,
        description: None,
        triage: mostrador_domain::Triage::Open,
        snoozed_until: None,
        waiting_since: None,
        draft: Draft::default(),
        last: None,
        labels: Vec::new(),
        picture: None,
    }
}

fn message() -> MessageRow {
    MessageRow {
        id: MessageId(1),
        chat: ChatId(7),
        gateway_id: None,
        from_me: false,
        writer: Writer::default(),
        at: NOW,
        content: Content::Text("hola".into()),
        quoted: None,
        forwarded: false,
        mentions: Vec::new(),
        status: None,
        sent_at: None,
        delivered_at: None,
        read_at: None,
        failure: None,
        edited_at: None,
        starred: false,
        pinned: false,
        reactions: Vec::new(),
        outgoing: None,
        pending: Vec::new(),
    }
}

fn shown(chat: &ChatRow, message: &MessageRow, level: Level, on_screen: OnScreen) -> bool {
    decide(chat, (message, NOW.since(message.at)), level, on_screen, NOW).is_some()
}

#[test]
fn a_new_message_of_a_customer_is_announced_with_name_and_text() {
    let notification = decide(
        &chat(),
        (&message(), Duration::ZERO),
        Level::Full,
        OnScreen::default(),
        NOW,
    )
    .expect("shown");
    assert_eq!(notification.title, "Rosa", "who wrote");
    assert_eq!(
        notification.body,
        Some(NotificationBody::Text("hola".into())),
        "what they wrote"
    );
}

#[test]
fn name_only_tells_no_text() {
    let notification = decide(
        &chat(),
        (&message(), Duration::ZERO),
        Level::NameOnly,
        OnScreen::default(),
        NOW,
    )
    .expect("shown");
    assert_eq!(notification.body, None, "the text stays private");
}

#[test]
fn what_is_before_the_operators_eyes_is_not_announced() {
    let looking = OnScreen {
        chat: Some(ChatId(7)),
        focused: true,
    };
    let elsewhere = OnScreen {
        chat: Some(ChatId(8)),
        focused: true,
    };
    let behind = OnScreen {
        chat: Some(ChatId(7)),
        focused: false,
    };
    assert!(
        !shown(&chat(), &message(), Level::Full, looking),
        "the chat is on the screen"
    );
    assert!(
        shown(&chat(), &message(), Level::Full, elsewhere),
        "another chat is on the screen"
    );
    assert!(
        shown(&chat(), &message(), Level::Full, behind),
        "the window is behind others"
    );
}

#[test]
fn muted_off_old_read_or_own_is_not_announced() {
    let on_screen = OnScreen::default();
    let muted = ChatRow {
        muted_until: UnixMillis(i64::MAX),
        ..chat()
    };
    let old = MessageRow {
        at: NOW.before(Duration::from_secs(3_600)),
        ..message()
    };
    let own = MessageRow {
        from_me: true,
        ..message()
    };
    let read = ChatRow { unread: 0, ..chat() };
    assert!(!shown(&muted, &message(), Level::Full, on_screen), "muted");
    assert!(!shown(&chat(), &message(), Level::Off, on_screen), "turned off");
    assert!(!shown(&chat(), &old, Level::Full, on_screen), "an hour old");
    assert!(!shown(&chat(), &own, Level::Full, on_screen), "our own");
    assert!(
        !shown(&read, &message(), Level::Full, on_screen),
        "read meanwhile"
    );
}

#[test]
fn a_chat_without_a_name_is_announced_by_its_number() {
    let nameless = ChatRow { name: None, ..chat() };
    let notification = decide(
        &nameless,
        (&message(), Duration::ZERO),
        Level::Full,
        OnScreen::default(),
        NOW,
    )
    .expect("shown");
    assert_eq!(notification.title, "+51900000011", "the number tells who it is");
}

#[test]
fn in_a_group_who_wrote_is_announced_by_name_else_by_number_never_by_a_hidden_one() {
    let group = ChatRow {
        kind: ChatKind::Group,
        ..chat()
    };
    let sender = |address: Option<&str>, name: Option<&str>| {
        let address = address.map(Address::parse);
        let writer = Writer {
            number: address.clone().filter(|address| address.phone_digits().is_some()),
            address,
            name: name.map(str::to_owned),
        };
        let message = MessageRow { writer, ..message() };
        let told = (&message, Duration::ZERO);
        let shown = decide(&group, told, Level::Full, OnScreen::default(), NOW);
        shown.expect("shown").sender
    };
    let (number, lid) = ("51900000012", "99000000000012@lid");
    assert_eq!(
        sender(Some(number), Some("Ana")).as_deref(),
        Some("Ana"),
        "by name"
    );
    assert_eq!(
        sender(Some(number), None).as_deref(),
        Some("+51900000012"),
        "by number"
    );
    assert_eq!(
        sender(Some(lid), None).as_deref(),
        Some(""),
        "somebody, whoever that is"
    );
    assert_eq!(sender(None, None), None, "a notice is nobody's");
}

#[test]
fn what_is_no_text_is_called_by_its_kind_and_its_own_words() {
    let file = |kind, caption: Option<&str>| Content::Media {
        kind,
        caption: caption.map(str::to_owned),
        media: None,
    };
    let place = mostrador_domain::Location {
        name: Some("Plaza".into()),
        ..Default::default()
    };
    let told = [
        (file(MediaKind::Voice, None), "voice", None),
        (file(MediaKind::Video, Some("mire")), "video", Some("mire")),
        (file(MediaKind::Document, None), "document", None),
        (Content::Location(place), "location", Some("Plaza")),
    ];
    for (content, word, text) in told {
        let text = text.map(str::to_owned);
        assert_eq!(said(&content), NotificationBody::Kind { word, text }, "{word}");
    }
    let unknown = Content::Unknown {
        raw_kind: "novelty".into(),
    };
    assert_eq!(
        said(&unknown),
        NotificationBody::Unknown("novelty".into()),
        "only what is not known is said not to be"
    );
}

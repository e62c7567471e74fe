//! Desktop notifications: what the engine decides to announce, shown and taken away again.
//!
//! One task owns all of it. The engine leaves its wish and goes on; the task words it in the shop's language and shows it. What is
//! to be shown waits in a bounded queue; what is to be taken away waits in a set of chats, and none of it is ever left out: the
//! engine says it once and forgets it, and what stayed on the screen would stay. Each chat has at most one notification: a later message takes the place of the earlier, and when the
//! chat is read, or the program ends, it is withdrawn. A click brings the window up and opens the chat. For each one that is shown the task listens
//! to the desktop; nobody else waits, and no thread does.
//!
//! A desktop without notifications is no fault: it is said once in the log, and the list counts what waits all the same. What
//! a notification says is never logged.

#[cfg_attr(all(unix, not(target_os = "macos")), path = "notifications/bus.rs")]
#[cfg_attr(not(all(unix, not(target_os = "macos"))), path = "notifications/system.rs")]
mod desktop;

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use mostrador_api::Shop;
use mostrador_domain::ChatId;
use mostrador_engine::notify::{Notification, NotificationBody, Notifier};
use tauri::AppHandle;
use tokio::sync::Notify;

use crate::opening::Door;
use crate::words::{self, Words};
use crate::{notice_text, window};
use desktop::{Desktop, Outcome};

/// Notifications that may wait. When they are so many, one more is left out: the list counts its message all the same.
const QUEUE: usize = 64;
const NAME: &str = "Mostrador";

/// What the engine wishes.
enum Wish {
    Show(Notification),
    Withdraw(ChatId),
}

/// Wishes that nobody has fulfilled yet. Of a chat, what is to be shown was wished after what is to be taken away.
#[derive(Default)]
struct Waiting {
    show: VecDeque<Notification>,
    withdraw: BTreeSet<ChatId>,
}

/// What both ends have.
#[derive(Default)]
struct Tray {
    waiting: Mutex<Waiting>,
    came: Notify,
}

/// The engine's end: takes wishes and never waits.
pub(crate) struct Wishes(Arc<Tray>);

/// The desktop's end.
pub(crate) struct Board {
    wishes: Arc<Tray>,
}

/// What is shown of one message.
struct Notice {
    chat: ChatId,
    title: String,
    /// Plain text; each desktop spells it as it needs.
    body: String,
}

/// The two ends.
pub(crate) fn board() -> (Wishes, Board) {
    let wishes = Arc::<Tray>::default();
    (Wishes(wishes.clone()), Board { wishes })
}

impl Tray {
    fn put(&self, change: impl FnOnce(&mut Waiting)) {
        change(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        self.came.notify_one();
    }

    fn take(&self) -> Option<Wish> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let chat = waiting.withdraw.pop_first().map(Wish::Withdraw);
        chat.or_else(|| waiting.show.pop_front().map(Wish::Show))
    }

    /// The next wish, as soon as there is one.
    async fn next(&self) -> Wish {
        loop {
            if let Some(wish) = self.take() {
                return wish;
            }
            self.came.notified().await;
        }
    }
}

impl Notifier for Wishes {
    fn show(&self, notification: Notification) {
        self.0.put(|waiting| {
            // A later message takes the place of the earlier, also before either is shown.
            waiting.show.retain(|earlier| earlier.chat != notification.chat);
            if waiting.show.len() < QUEUE {
                waiting.show.push_back(notification);
            } else {
                tracing::warn!("a notification was left out: the desktop is slower than the shop");
            }
        });
    }

    fn withdraw(&self, chat: ChatId) {
        self.0.put(|waiting| {
            waiting.show.retain(|earlier| earlier.chat != chat);
            waiting.withdraw.insert(chat);
        });
    }
}

impl Board {
    /// Fulfils wishes and hears clicks until the program is `ending`, and then takes away what is on the screen: nobody would
    /// hear a click on it.
    pub(crate) async fn run(self, app: AppHandle, door: Door, ending: impl Future<Output = ()>) {
        let mut desktop = Desktop::default();
        tokio::select! {
            () = ending => desktop.withdraw_all().await,
            () = self.serve(&mut desktop, &app, &door) => {}
        }
    }

    async fn serve(&self, desktop: &mut Desktop, app: &AppHandle, door: &Door) {
        let shop = door.shop().await;
        loop {
            tokio::select! {
                wish = self.wishes.next() => match wish {
                    Wish::Show(notification) => {
                        let words = words::of(words::of_shop(&shop).await);
                        desktop.show(worded(notification, words)).await;
                    }
                    Wish::Withdraw(chat) => desktop.withdraw(chat).await,
                },
                (chat, outcome) = desktop.next_outcome() => match outcome {
                    Outcome::Clicked => open_chat(app, &shop, chat),
                    Outcome::Closed => {}
                },
            }
        }
    }
}

fn open_chat(app: &AppHandle, shop: &Shop, chat: ChatId) {
    window::show(app);
    shop.hub().open_chat(chat);
}

fn worded(notification: Notification, words: &Words) -> Notice {
    let title = notice_text::title(&notification.title);
    let body = match notification.body {
        None => words.hidden_message.to_owned(),
        Some(NotificationBody::Text(text)) => notice_text::plain_body(&text),
        Some(NotificationBody::Kind { word, text }) => {
            let kind = words.kinds.of(word).unwrap_or(words.unknown_message);
            let text = text.map(|text| notice_text::plain_body(&text));
            match text.filter(|text| !text.is_empty()) {
                Some(text) => format!("{kind}: {text}"),
                None => kind.to_owned(),
            }
        }
        Some(NotificationBody::Unknown(_)) => words.unknown_message.to_owned(),
    };
    let body = match notification.sender.map(|sender| notice_text::title(&sender)) {
        Some(sender) if sender.is_empty() => format!("{}: {body}", words.member),
        Some(sender) => format!("{sender}: {body}"),
        None => body,
    };
    let title = if title.is_empty() {
        words.unnamed.to_owned()
    } else {
        title
    };
    Notice {
        chat: notification.chat,
        title,
        body,
    }
}

#[cfg(test)]
mod tests {
    use mostrador_api::dto::Language;

    use super::*;

    fn said(title: &str, body: Option<NotificationBody>) -> (String, String) {
        let notification = Notification {
            chat: ChatId(1),
            title: title.to_owned(),
            sender: None,
            body,
        };
        let notice = worded(notification, words::of(Language::Es));
        (notice.title, notice.body)
    }

    #[test]
    fn a_text_is_shown_as_it_was_written() {
        let (title, body) = said("Rosa", Some(NotificationBody::Text("¿Hay <b>pan</b>?".into())));
        assert_eq!(
            (title.as_str(), body.as_str()),
            ("Rosa", "¿Hay <b>pan</b>?"),
            "who and what"
        );
    }

    #[test]
    fn what_is_no_text_is_worded_in_the_shops_language() {
        let body = |body| said("Rosa", body).1;
        assert_eq!(
            body(None),
            "Tienes un mensaje nuevo",
            "the operator wants no text on the screen"
        );
        let kind = |word, text: Option<&str>| {
            let text = text.map(str::to_owned);
            body(Some(NotificationBody::Kind { word, text }))
        };
        assert_eq!(kind("image", None), "Foto", "a picture without words");
        assert_eq!(kind("voice", None), "Mensaje de voz", "and what has none");
        assert_eq!(
            kind("document", Some("precios.pdf")),
            "Documento: precios.pdf",
            "what a file is called"
        );
        assert_eq!(
            kind("image", Some("mi pedido")),
            "Foto: mi pedido",
            "a picture's own words"
        );
        assert_eq!(
            kind("image", Some(" \u{202e}")),
            "Foto",
            "words that show nothing are none"
        );
        let unknown = body(Some(NotificationBody::Unknown("poll".into())));
        assert_eq!(
            unknown, "Mensaje que aún no se puede mostrar",
            "the gateway's own word says nothing to a person"
        );
    }

    #[test]
    fn in_a_group_it_says_who_wrote() {
        let by = |sender: &str| {
            let notification = Notification {
                sender: Some(sender.to_owned()),
                body: Some(NotificationBody::Text("¿A las cinco?".into())),
                ..of_chat(1)
            };
            worded(notification, words::of(Language::Es)).body
        };
        assert_eq!(by("Rosa"), "Rosa: ¿A las cinco?", "as the list does");
        for nothing in ["", "\u{202e}"] {
            assert_eq!(
                by(nothing),
                "Alguien del grupo: ¿A las cinco?",
                "a name that shows nothing is none, and the group did not write it"
            );
        }
    }

    #[test]
    fn somebody_without_a_name_has_a_title_all_the_same() {
        assert_eq!(
            said("\u{202e}", None).0,
            "Mensaje nuevo",
            "a notification without a title would be an empty box"
        );
    }

    fn of_chat(chat: i64) -> Notification {
        Notification {
            chat: ChatId(chat),
            title: "Rosa".to_owned(),
            sender: None,
            body: None,
        }
    }

    /// A wish, and about which chat.
    fn plain(wish: Wish) -> (&'static str, i64) {
        match wish {
            Wish::Show(notification) => ("show", notification.chat.0),
            Wish::Withdraw(chat) => ("withdraw", chat.0),
        }
    }

    fn waiting(board: &Board) -> Vec<(&'static str, i64)> {
        std::iter::from_fn(|| board.wishes.take().map(plain)).collect()
    }

    #[test]
    fn of_too_many_notifications_some_are_left_out_but_whatever_is_to_go_goes() {
        let (wishes, board) = board();
        let many = 1_000;
        for chat in 1..=many {
            wishes.show(of_chat(chat));
        }
        let shown = waiting(&board).len();
        assert_eq!(shown, QUEUE, "those too many were left out at once");

        for chat in 1..=many {
            wishes.withdraw(ChatId(chat));
        }
        let withdrawn: Vec<_> = (1..=many).map(|chat| ("withdraw", chat)).collect();
        assert_eq!(
            waiting(&board),
            withdrawn,
            "nobody asks a second time: what stays on the screen stays for ever"
        );
    }

    #[test]
    fn wishes_about_a_chat_hold_in_their_order() {
        let (wishes, board) = board();
        wishes.show(of_chat(1));
        wishes.withdraw(ChatId(1));
        assert_eq!(
            waiting(&board),
            [("withdraw", 1)],
            "what was not shown yet is not shown any more"
        );

        wishes.withdraw(ChatId(1));
        wishes.show(of_chat(1));
        wishes.show(of_chat(1));
        assert_eq!(
            waiting(&board),
            [("withdraw", 1), ("show", 1)],
            "what came after that is shown, once"
        );
    }

    #[tokio::test]
    async fn the_board_wakes_for_a_wish() {
        let (wishes, board) = board();
        let (wish, ()) = tokio::join!(board.wishes.next(), async { wishes.withdraw(ChatId(1)) });
        assert_eq!(plain(wish), ("withdraw", 1), "it came while the board waited");
    }
}

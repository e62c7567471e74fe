//! Desktop notifications: what the engine decides to announce, shown and taken away again.
//!
//! One task owns all of it. The engine puts its wish into a bounded queue and goes on; the task words it in the shop's
//! language and shows it. Each chat has at most one notification: a later message takes the place of the earlier, and when the
//! chat is read, or the program ends, it is withdrawn. A click brings the window up and opens the chat. For each one that is shown the task listens
//! to the desktop; nobody else waits, and no thread does.
//!
//! A desktop without notifications is no fault: it is said once in the log, and the list counts what waits all the same. What
//! a notification says is never logged.

#[cfg_attr(all(unix, not(target_os = "macos")), path = "notifications/bus.rs")]
#[cfg_attr(not(all(unix, not(target_os = "macos"))), path = "notifications/system.rs")]
mod desktop;

use mostrador_api::Shop;
use mostrador_domain::ChatId;
use mostrador_engine::notify::{Notification, NotificationBody, Notifier};
use tauri::AppHandle;
use tokio::sync::mpsc;

use crate::opening::Door;
use crate::words::{self, Words};
use crate::{notice_text, window};
use desktop::{Desktop, Outcome};

/// Wishes that may wait. When it is full, a notification is left out: the list counts its message all the same.
const QUEUE: usize = 64;
const NAME: &str = "Mostrador";

/// What the engine wishes.
enum Wish {
    Show(Notification),
    Withdraw(ChatId),
}

/// The engine's end: takes wishes and never waits.
pub(crate) struct Wishes(mpsc::Sender<Wish>);

/// The desktop's end.
pub(crate) struct Board {
    wishes: mpsc::Receiver<Wish>,
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
    let (sender, wishes) = mpsc::channel(QUEUE);
    (Wishes(sender), Board { wishes })
}

impl Wishes {
    fn tell(&self, wish: Wish) {
        if self.0.try_send(wish).is_err() {
            tracing::warn!("a notification was left out: the desktop is slower than the shop");
        }
    }
}

impl Notifier for Wishes {
    fn show(&self, notification: Notification) {
        self.tell(Wish::Show(notification));
    }

    fn withdraw(&self, chat: ChatId) {
        self.tell(Wish::Withdraw(chat));
    }
}

impl Board {
    /// Fulfils wishes and hears clicks until the program is `ending`, and then takes away what is on the screen: nobody would
    /// hear a click on it.
    pub(crate) async fn run(mut self, app: AppHandle, door: Door, ending: impl Future<Output = ()>) {
        let mut desktop = Desktop::default();
        tokio::select! {
            () = ending => desktop.withdraw_all().await,
            () = self.serve(&mut desktop, &app, &door) => {}
        }
    }

    async fn serve(&mut self, desktop: &mut Desktop, app: &AppHandle, door: &Door) {
        let shop = door.shop().await;
        loop {
            tokio::select! {
                wish = self.wishes.recv() => match wish {
                    Some(Wish::Show(notification)) => {
                        let words = words::of(words::of_shop(&shop).await);
                        desktop.show(worded(notification, words)).await;
                    }
                    Some(Wish::Withdraw(chat)) => desktop.withdraw(chat).await,
                    None => return std::future::pending().await,
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
    fn somebody_without_a_name_has_a_title_all_the_same() {
        assert_eq!(
            said("\u{202e}", None).0,
            "Mensaje nuevo",
            "a notification without a title would be an empty box"
        );
    }

    #[test]
    fn a_full_queue_leaves_wishes_out_and_does_not_wait() {
        let (wishes, mut board) = board();
        for _ in 0..=QUEUE {
            wishes.withdraw(ChatId(1));
        }
        let mut kept = 0;
        while board.wishes.try_recv().is_ok() {
            kept += 1;
        }
        assert_eq!(kept, QUEUE, "the one too many was left out at once");
    }
}

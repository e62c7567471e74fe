//! What is on the window's screen, found by the words that a person reads, and what a person does with it.
//!
//! Each look waits until what it looks for is there; when it does not come, the failure says what the screen showed instead.

mod giving;

use std::path::PathBuf;

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::json;

use crate::desktop;
use crate::waiting::{DEADLINE, until};

pub(crate) struct Screen<'a> {
    client: &'a Client,
}

impl<'a> Screen<'a> {
    pub(crate) fn of(client: &'a Client) -> Self {
        Self { client }
    }

    /// Something by its CSS selector: for what has no words (a QR code, a tick).
    pub(crate) async fn mark(&self, selector: &str) -> Element {
        self.find(Locator::Css(selector), selector).await
    }

    /// An element that shows exactly these words.
    pub(crate) async fn says(&self, words: &str) -> Element {
        self.find(
            Locator::XPath(&format!(
                "//*[normalize-space(.)={}][not(self::title)]",
                quoted(words)
            )),
            words,
        )
        .await
    }

    /// An element that shows these words among others.
    pub(crate) async fn says_among(&self, words: &str) -> Element {
        let path = format!("//*[text()[contains(normalize-space(.), {})]]", quoted(words));
        self.find(Locator::XPath(&path), words).await
    }

    /// A heading.
    pub(crate) async fn heading(&self, words: &str) -> Element {
        let path = format!("//*[self::h1 or self::h2][normalize-space(.)={}]", quoted(words));
        self.find(Locator::XPath(&path), words).await
    }

    /// Presses the button with these words on it, or with this name.
    pub(crate) async fn press(&self, words: &str) {
        let words_of = quoted(words);
        let path = format!(
            "//button[normalize-space(.)={words_of} or @aria-label={words_of} or starts-with(@aria-label, concat({words_of}, ',')) \
             or .//*[normalize-space(.)={words_of}]]"
        );
        let button = self
            .find(Locator::XPath(&path), &format!("the button «{words}»"))
            .await;
        self.click(&button, words).await;
    }

    /// Presses the button with these words in the dialog that is open.
    pub(crate) async fn press_in_dialog(&self, words: &str) {
        let path = format!(
            "//*[@role='dialog']//button[normalize-space(.)={}]",
            quoted(words)
        );
        let button = self
            .find(Locator::XPath(&path), &format!("«{words}» in a dialog"))
            .await;
        self.click(&button, words).await;
    }

    /// Chooses one of several, or ticks or unticks a box, by the words beside it: they take the click, the mark is drawn.
    pub(crate) async fn choose(&self, words: &str) {
        let words_of = quoted(words);
        let path = format!(
            "//label[.//input][normalize-space(.)={words_of} or starts-with(normalize-space(.), {words_of}) \
             or .//input[@aria-label={words_of}]]"
        );
        let label = self.find(Locator::XPath(&path), words).await;
        self.click(&label, words).await;
    }

    /// Is the box with these words beside it ticked?
    pub(crate) async fn is_ticked(&self, words: &str) -> bool {
        let words_of = quoted(words);
        let path = format!(
            "//input[@type='checkbox'][@aria-label={words_of} or ancestor::label[starts-with(normalize-space(.), {words_of})]]"
        );
        let input = self.find(Locator::XPath(&path), words).await;
        let ticked = input.prop("checked").await;
        ticked.expect("a box says whether it is ticked").as_deref() == Some("true")
    }

    /// Writes over what is in the field with this label, by keys alone, and leaves it: what is left is taken.
    pub(crate) async fn fill(&self, label: &str, text: &str) {
        let [control, delete, tab] =
            [Key::Control, Key::Delete, Key::Tab].map(|key| char::from(key).to_string());
        let field = self.field(label).await;
        // What is held is let go at the end of each.
        for keys in [format!("{control}a"), format!("{delete}{text}{tab}")] {
            let taken = field.send_keys(&keys).await;
            taken.unwrap_or_else(|error| panic!("«{label}» should take keys: {error}"));
        }
    }

    /// The field with this label.
    pub(crate) async fn field(&self, label: &str) -> Element {
        let label_of = quoted(label);
        let path = format!(
            "//*[self::input or self::textarea or self::select]\
             [@aria-label={label_of} or @id=//label[normalize-space(.)={label_of}]/@for]"
        );
        self.find(Locator::XPath(&path), &format!("the field «{label}»"))
            .await
    }

    /// Writes into the field with this label, in place of what was there.
    pub(crate) async fn write(&self, label: &str, text: &str) -> Element {
        let field = self.field(label).await;
        field
            .clear()
            .await
            .unwrap_or_else(|error| panic!("«{label}» should be emptied: {error}"));
        field
            .send_keys(text)
            .await
            .unwrap_or_else(|error| panic!("«{label}» should take text: {error}"));
        field
    }

    /// Opens the chat of somebody in the list. A list that is just being drawn anew takes no click yet.
    pub(crate) async fn open_chat(&self, name: &str) {
        until(format!("the row of {name} should take a click"), async || {
            self.chat_row(name).await.click().await.ok()
        })
        .await;
        self.heading(name).await;
    }

    /// Opens the chat in the list whose last words these are.
    pub(crate) async fn open_chat_saying(&self, text: &str) {
        let path = format!(
            "//*[@role='option'][.//*[contains(normalize-space(.), {})]]",
            quoted(text)
        );
        until(
            format!("the row that says «{text}» should take a click"),
            async || {
                let row = self.find(Locator::XPath(&path), text).await;
                row.click().await.ok()
            },
        )
        .await;
    }

    /// Presses the button with these words on the card with this name.
    pub(crate) async fn press_on_card(&self, name: &str, words: &str) {
        let path = format!(
            "//article[@aria-label={}]//button[normalize-space(.)={}]",
            quoted(name),
            quoted(words)
        );
        let button = self
            .find(Locator::XPath(&path), &format!("«{words}» of {name}"))
            .await;
        self.click(&button, &format!("«{words}» of {name}")).await;
    }

    /// One of a gateway's calls: what became of it, and what it is about among others. The newest, if there are several.
    pub(crate) async fn call_row(&self, verdict: &str, about: &str) -> Element {
        let path = format!(
            "//button[@data-hook][.//*[normalize-space(.)={}]][.//*[contains(normalize-space(.), {})]]",
            quoted(verdict),
            quoted(about)
        );
        self.find(
            Locator::XPath(&path),
            &format!("a call «{verdict}» about «{about}»"),
        )
        .await
    }

    /// Chooses it.
    pub(crate) async fn press_call(&self, verdict: &str, about: &str) {
        let row = self.call_row(verdict, about).await;
        self.click(&row, verdict).await;
    }

    /// The row of somebody in the list.
    pub(crate) async fn chat_row(&self, name: &str) -> Element {
        let path = format!("//*[@role='option'][.//*[normalize-space(.)={}]]", quoted(name));
        self.find(Locator::XPath(&path), &format!("the chat of {name} in the list"))
            .await
    }

    /// Waits until somebody is not in the list any more.
    pub(crate) async fn chat_row_goes(&self, name: &str) {
        let gone = format!(
            "return ![...document.querySelectorAll('[data-chat]')].some(row => row.textContent.includes({}))",
            json!(name)
        );
        self.holds(&format!("{name} should leave the list"), &gone).await;
    }

    /// Waits until somebody's row shows this among their last words: before a picture's stands what it is.
    pub(crate) async fn row_says(&self, name: &str, text: &str) {
        let path = format!(
            "//*[@role='option'][.//*[normalize-space(.)={}]][.//*[contains(normalize-space(.), {})]]",
            quoted(name),
            quoted(text)
        );
        self.find(Locator::XPath(&path), &format!("«{text}» in the row of {name}"))
            .await;
    }

    /// Opens what is folded away under these words.
    pub(crate) async fn press_summary(&self, words: &str) {
        let path = format!("//summary[normalize-space(.)={}]", quoted(words));
        let summary = self.find(Locator::XPath(&path), words).await;
        self.click(&summary, words).await;
    }

    /// The message with this text, once its tick has come this far.
    pub(crate) async fn message(&self, text: &str, status: &str) -> Element {
        let path = format!(
            "//article[.//*[normalize-space(.)={}]][.//*[@data-status='{status}']]",
            quoted(text)
        );
        self.find(
            Locator::XPath(&path),
            &format!("the message «{text}» as {status}"),
        )
        .await
    }

    /// Chooses light or dark and waits until the page wears it.
    pub(crate) async fn wear(&self, label: &str, theme: &str) {
        let choice = self.field(label).await;
        choice
            .select_by_value(theme)
            .await
            .expect("the appearance should be offered");
        self.mark(&format!("html[data-theme='{theme}']")).await;
    }

    /// Presses Enter in a field.
    pub(crate) async fn enter(&self, field: &Element) {
        field
            .send_keys(&char::from(Key::Enter).to_string())
            .await
            .expect("the field should take Enter");
    }

    /// Presses keys wherever the keys are now.
    pub(crate) async fn keys(&self, keys: &str) {
        let focused = self
            .client
            .active_element()
            .await
            .expect("something has the keys");
        focused
            .send_keys(keys)
            .await
            .unwrap_or_else(|error| panic!("{keys:?}: {error}"));
    }

    /// Runs a script in the page and gives its answer.
    pub(crate) async fn ask(&self, script: &str) -> serde_json::Value {
        self.client
            .execute(script, vec![])
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs a script in the page that gives its answer later, by calling `done`.
    pub(crate) async fn ask_later(&self, script: &str) -> serde_json::Value {
        self.client
            .execute_async(&format!("const done = arguments[0]; {script}"), vec![])
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until a condition, written as a script, holds in the page.
    pub(crate) async fn holds(&self, what: &str, script: &str) {
        until(what, async || {
            (self.ask(script).await == json!(true)).then_some(())
        })
        .await;
    }

    /// Keeps a picture of the window, if pictures are wanted: of the screen, since the driver's own waits for ever where the
    /// web view draws without layers and has nothing to draw.
    pub(crate) async fn photograph(&self, name: &str) {
        if picture_file(name).is_some() {
            self.come_to_rest().await;
            desktop::photograph(name);
        }
    }

    /// Waits until what the page holds is also what it shows: moves have ended, and two frames were drawn.
    pub(crate) async fn come_to_rest(&self) {
        let rest = "const done = arguments[0]; \
            const look = () => document.getAnimations().some(move => move.playState === 'running') \
                ? requestAnimationFrame(look) : requestAnimationFrame(() => requestAnimationFrame(() => done(true))); \
            look();";
        self.client
            .execute_async(rest, vec![])
            .await
            .expect("the page should come to rest");
    }

    /// Clicks on what has come to stand still: what arrives late pushes it about.
    async fn click(&self, element: &Element, what: &str) {
        let mut before = None;
        until(format!("«{what}» should stand still"), async || {
            let place = element.rectangle().await.ok();
            let still = place.is_some() && place == before;
            before = place;
            still.then_some(())
        })
        .await;
        let clicked = element.click().await;
        clicked.unwrap_or_else(|error| panic!("«{what}» should take a click: {error:?}"));
    }

    async fn find(&self, what: Locator<'_>, words: &str) -> Element {
        match self.client.wait().at_most(DEADLINE).for_element(what).await {
            Ok(element) => element,
            Err(error) => panic!(
                "not on the screen: {words} ({error}); it shows: {}",
                self.shown().await
            ),
        }
    }

    async fn shown(&self) -> String {
        let text = self.ask("return document.body.innerText").await;
        text.as_str().unwrap_or_default().replace('\n', " · ")
    }
}

/// Where a picture goes, if pictures are wanted.
pub(crate) fn picture_file(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("MOSTRADOR_SCREENSHOTS")?);
    std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    Some(folder.join(format!("window-{name}.png")))
}

/// Words as an XPath string; none of ours holds both kinds of quotes.
fn quoted(words: &str) -> String {
    if words.contains('\'') {
        format!("\"{words}\"")
    } else {
        format!("'{words}'")
    }
}

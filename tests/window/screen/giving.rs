//! What takes more than a click: giving files, and bringing what is far down the page into sight.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::elements::Element;

use super::Screen;

impl Screen<'_> {
    /// Drops a file on the open chat, as from a file manager.
    pub(crate) async fn drop_file(&self, path: &str, name: &str, mime: &str) {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let script = format!(
            "const bytes = Uint8Array.from(atob('{}'), sign => sign.charCodeAt(0)); \
             const files = new DataTransfer(); \
             files.items.add(new File([bytes], '{name}', {{ type: '{mime}' }})); \
             const chat = document.querySelector('section.chat'); \
             return chat.dispatchEvent(new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer: files }}))",
            STANDARD.encode(bytes)
        );
        self.ask(&script).await;
    }

    /// Gives a file to a field for files, as the system's own dialog does.
    pub(crate) async fn give_file(&self, selector: &str, file: &Path) {
        let field = self.mark(selector).await;
        let said = file.display().to_string();
        field
            .send_keys(&said)
            .await
            .unwrap_or_else(|error| panic!("{said} should be taken: {error}"));
    }

    /// Scrolls to the element that shows these words among others, as a person does who wants to read it.
    pub(crate) async fn bring(&self, words: &str) {
        let element = self.says_among(words).await;
        self.scroll_to(&element, words).await;
    }

    /// Scrolls to the card with this name.
    pub(crate) async fn bring_card(&self, name: &str) {
        let card = self.mark(&format!("article[aria-label='{name}']")).await;
        self.scroll_to(&card, name).await;
    }

    async fn scroll_to(&self, element: &Element, what: &str) {
        let place = serde_json::to_value(element).expect("an element is named");
        let script = "arguments[0].scrollIntoView({ block: 'start' }); return true";
        let scrolled = self.client.execute(script, vec![place]).await;
        scrolled.unwrap_or_else(|error| panic!("«{what}» should come into sight: {error}"));
    }
}

//! Links in a text, as a phone would show them.

use serde::{Deserialize, Serialize};

/// How many links a text has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// All of them.
    pub count: u32,
    /// Those that hide where they lead.
    pub hidden: u32,
}

/// Hosts whose addresses lead elsewhere.
const HIDING: [&str; 14] = [
    "bit.ly",
    "tinyurl.com",
    "t.co",
    "goo.gl",
    "is.gd",
    "cutt.ly",
    "ow.ly",
    "rb.gy",
    "shorturl.at",
    "t.ly",
    "s.id",
    "buff.ly",
    "rebrand.ly",
    "acortar.link",
];

/// Ends of names that phones make a link of without `http`.
const ENDS: [&str; 26] = [
    "com", "net", "org", "info", "biz", "shop", "store", "site", "online", "app", "link", "io", "ly", "me",
    "pe", "mx", "br", "ar", "co", "cl", "ec", "bo", "uy", "py", "es", "pt",
];

/// The links in a text.
pub fn links_in(text: &str) -> Links {
    let mut links = Links::default();
    for word in
        text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | ',' | ';'))
    {
        let Some(host) = host_of(word) else { continue };
        links.count += 1;
        links.hidden += u32::from(HIDING.contains(&host.as_str()));
    }
    links
}

/// The host that a word leads to, if it is a link.
fn host_of(word: &str) -> Option<String> {
    let word = word
        .trim_matches(|c: char| !c.is_alphanumeric() && c != '/')
        .to_lowercase();
    let named = word
        .strip_prefix("https://")
        .or_else(|| word.strip_prefix("http://"));
    let host = named.unwrap_or(&word).split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let (name, end) = host.rsplit_once('.')?;
    let spelled = name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
        && !name.is_empty()
        && !name.contains("..");
    let known = named.is_some() || ENDS.contains(&end);
    // An address of mail is no link, nor is a name like "S.A.C".
    (spelled && known && !word.contains('@') && name.len() + end.len() > 2).then(|| host.to_owned())
}

//! What the program can be started with.
//!
//! Two worlds never meet: the practice shop has a data folder of its own unless one is named, so that practising cannot
//! touch the real shop's chats. One folder is worked with by one program at a time; [`Options::instance`] is the name under
//! which the programs of one folder find each other.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Parser;
use sha2::{Digest as _, Sha256};

use crate::deep_links;

/// The folder inside the one where the system keeps programs' data.
const FOLDER: &str = "mostrador";
const PRACTICE_FOLDER: &str = "mostrador-practice";
/// Letters of a data folder's digest that tell its instance from another's.
const DIGEST_BYTES: usize = 8;

/// The counter of a small shop: its WhatsApp chats in a desktop window.
#[derive(Debug, Clone, Default, Parser)]
#[command(name = "mostrador", version)]
pub struct Options {
    /// Open the practice shop: a simulated WhatsApp, to try everything without a number
    #[arg(long)]
    pub practice: bool,
    /// Keep everything in DIR instead of the usual place
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Stay in the tray: the window comes when it is asked for, or if there is no tray
    #[arg(long, conflicts_with = "link")]
    pub hidden: bool,
    /// A link to a chat: mostrador://chat/NUMBER
    #[arg(value_name = "LINK", value_parser = link)]
    pub link: Option<String>,
}

/// Whether a link leads anywhere is found out later: somebody who clicked on a bad one still gets the window.
fn link(argument: &str) -> Result<String, String> {
    if deep_links::claims_to_be(argument) {
        Ok(argument.to_owned())
    } else {
        Err(format!("not a link of the form {}://…", deep_links::SCHEME))
    }
}

impl Options {
    /// Where everything is kept; `home` is where the system keeps programs' data. `None` = no place is known.
    pub fn data_folder(&self, home: Option<&Path>) -> Option<PathBuf> {
        match &self.data {
            Some(named) => Some(std::path::absolute(named).unwrap_or_else(|_| named.clone())),
            None => Some(home?.join(if self.practice { PRACTICE_FOLDER } else { FOLDER })),
        }
    }

    /// What another start has to be given to open the same shop and stay in the tray.
    pub fn to_start_hidden(&self) -> Vec<OsString> {
        let mut arguments = vec!["--hidden".into()];
        if self.practice {
            arguments.push("--practice".into());
        }
        if let Some(data) = &self.data {
            let data = std::path::absolute(data).unwrap_or_else(|_| data.clone());
            arguments.extend(["--data".into(), data.into_os_string()]);
        }
        arguments
    }

    /// A name for the programs that work with this folder, as part of a D-Bus name.
    pub fn instance(identifier: &str, data: &Path) -> String {
        let digest = Sha256::digest(data.as_os_str().as_encoded_bytes());
        let letters: String = digest
            .iter()
            .take(DIGEST_BYTES)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("{identifier}.data{letters}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> Options {
        Options::try_parse_from(std::iter::once("mostrador").chain(arguments.iter().copied()))
            .expect("good arguments")
    }

    #[test]
    fn practice_has_a_data_folder_of_its_own() {
        let home = Path::new("/home/ana/.local/share");
        let real = options(&[]).data_folder(Some(home));
        let practice = options(&["--practice"]).data_folder(Some(home));
        assert_eq!(real, Some(home.join("mostrador")), "the real shop");
        assert_eq!(
            practice,
            Some(home.join("mostrador-practice")),
            "the practice shop never opens the real one's"
        );
    }

    #[test]
    fn a_named_folder_is_used_as_it_is() {
        let named = options(&["--practice", "--data", "/mnt/shop"]).data_folder(None);
        assert_eq!(
            named,
            Some(PathBuf::from("/mnt/shop")),
            "the person's word, with or without a home"
        );
        let relative = options(&["--data", "shop"]).data_folder(None).expect("a folder");
        assert!(
            relative.is_absolute(),
            "{} would change its meaning with the working folder",
            relative.display()
        );
    }

    #[test]
    fn without_a_home_and_a_name_there_is_no_folder() {
        assert_eq!(options(&[]).data_folder(None), None, "nothing is guessed");
    }

    #[test]
    fn programs_of_one_folder_share_a_name_and_others_do_not() {
        let of = |folder: &str| Options::instance("com.example.shop", Path::new(folder));
        assert_eq!(of("/a"), of("/a"), "the second start has to find the first");
        assert_ne!(of("/a"), of("/b"), "another folder is another program");
        let name = of("/a folder/with-signs");
        let last = name.rsplit('.').next().unwrap_or_default();
        assert!(
            last.starts_with(|c: char| c.is_ascii_alphabetic()),
            "{name}: no part of a D-Bus name begins with a digit"
        );
        assert!(
            last.chars().all(|c| c.is_ascii_alphanumeric()),
            "{name}: only letters and digits are allowed everywhere"
        );
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(
            Options::try_parse_from(["mostrador", "--practise"]).is_err(),
            "a typo must not open the real shop"
        );
        for word in ["practice", "https://shop.example/", "/tmp/file"] {
            assert!(
                Options::try_parse_from(["mostrador", word]).is_err(),
                "{word} is no link of ours"
            );
        }
    }

    #[test]
    fn a_link_is_taken_as_it_came_and_is_not_read_as_an_option() {
        let link = "mostrador://chat/51900000011?text=--practice%20--data%20/tmp";
        let linked = options(&[link]);
        assert_eq!(linked.link.as_deref(), Some(link), "whole");
        assert!(
            !linked.practice && linked.data.is_none(),
            "nothing in a link is an option"
        );
        assert!(
            options(&["mostrador://nowhere"]).link.is_some(),
            "a bad one is refused later, and still opens the window"
        );
    }

    #[test]
    fn a_start_with_the_system_opens_the_same_shop_in_the_tray() {
        for started in [&[][..], &["--practice"], &["--practice", "--data", "/mnt/shop"]] {
            let first = options(started);
            let again = first.to_start_hidden();
            let again: Vec<&str> = again.iter().filter_map(|word| word.to_str()).collect();
            let again = options(&again);
            assert!(again.hidden, "{started:?}: out of the way");
            assert_eq!(
                (again.practice, again.data),
                (first.practice, first.data),
                "{started:?}: the same shop"
            );
        }
    }
}

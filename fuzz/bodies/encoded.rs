//! A file in base64 inside an answer, decoded while it arrives.
//!
//! The first byte says how many bytes of the answer come at once. However it is cut, the same comes out.

use mostrador_gateways::fuzzing::encoded_file;

/// More is not wanted.
const MOST: u64 = 256;

pub(crate) fn run(bytes: &[u8]) {
    let Some((at_once, answer)) = bytes.split_first() else {
        return;
    };
    let file = encoded_file(answer, usize::from(*at_once), MOST);
    assert!(
        file.as_ref()
            .is_none_or(|file| !file.is_empty() && file.len() as u64 <= MOST),
        "no more than was wanted, and never an empty file"
    );
    assert_eq!(
        file,
        encoded_file(answer, answer.len(), MOST),
        "how the line cuts an answer changes nothing"
    );
}

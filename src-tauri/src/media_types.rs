//! As what a file may be given to the page.
//!
//! A file's type was settled from its bytes when it came in. Here it becomes one of a fixed list: what the page shows or plays by
//! itself. Anything else, a web page or a drawing that holds scripts least of all, is bytes to be kept and nothing more.

/// Bytes of which nothing is told.
pub const BYTES: &str = "application/octet-stream";

/// What pictures, sounds and films may be, and what the page is told of each.
const SHOWN: [(&str, &str); 19] = [
    ("image/gif", "image/gif"),
    ("image/jpeg", "image/jpeg"),
    ("image/png", "image/png"),
    ("image/webp", "image/webp"),
    ("audio/aac", "audio/aac"),
    ("audio/amr", "audio/amr"),
    ("audio/m4a", "audio/mp4"),
    ("audio/mp4", "audio/mp4"),
    ("audio/mpeg", "audio/mpeg"),
    ("audio/ogg", "audio/ogg"),
    ("audio/opus", "audio/ogg"),
    ("audio/x-flac", "audio/flac"),
    ("audio/x-wav", "audio/wav"),
    ("video/3gpp", "video/3gpp"),
    ("video/mp4", "video/mp4"),
    ("video/quicktime", "video/quicktime"),
    ("video/webm", "video/webm"),
    ("video/x-m4v", "video/mp4"),
    ("video/x-matroska", "video/x-matroska"),
];

/// The type that the page is told.
pub fn told(found: &str) -> &'static str {
    SHOWN
        .into_iter()
        .find(|(kept, _)| *kept == found)
        .map_or(BYTES, |(_, told)| told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_sounds_and_films_are_told_as_what_they_are() {
        for (found, as_what) in [
            ("image/png", "image/png"),
            ("audio/ogg", "audio/ogg"),
            ("audio/x-wav", "audio/wav"),
            ("video/mp4", "video/mp4"),
        ] {
            assert_eq!(told(found), as_what, "{found}");
        }
    }

    #[test]
    fn anything_else_is_bytes() {
        for found in [
            "text/html",
            "application/xhtml+xml",
            "image/svg+xml",
            "text/xml",
            "application/xml",
            "application/javascript",
            "text/css",
            "text/plain",
            "application/pdf",
            "multipart/x-mixed-replace",
            "application/vnd.microsoft.portable-executable",
            "IMAGE/PNG",
            "image/png; charset=utf-8",
            "image/*",
            "image/png\r\nx: y",
            "",
        ] {
            assert_eq!(told(found), BYTES, "{found:?} is never told");
        }
    }
}

//! The colours of the window's light theme, as a printer takes them.

use krilla::color::rgb::Color;

/// A colour by its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Text,
    Soft,
    Line,
    Ground,
    Accent,
    Good,
    Warn,
    Bad,
    Info,
    Grey,
    Pale,
    GoodTint,
    BadTint,
    White,
}

impl Tone {
    pub(crate) fn color(self) -> Color {
        let (red, green, blue) = match self {
            Self::Text => (28, 31, 40),
            Self::Soft => (73, 77, 87),
            Self::Line => (206, 209, 216),
            Self::Ground => (241, 242, 247),
            Self::Accent => (75, 83, 194),
            Self::Good => (0, 106, 63),
            Self::Warn => (178, 116, 24),
            Self::Bad => (172, 25, 31),
            Self::Info => (0, 100, 158),
            Self::Grey => (132, 137, 150),
            Self::Pale => (196, 200, 210),
            Self::GoodTint => (226, 246, 234),
            Self::BadTint => (254, 235, 232),
            Self::White => (255, 255, 255),
        };
        Color::new(red, green, blue)
    }
}

//! The embedded fonts: how wide a text is, and where it is cut.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Feature, UnicodeBuffer, ttf_parser::Tag};

use crate::Error;

const REGULAR: &[u8] = include_bytes!("../../fonts/Inter-Regular.ttf");
const SEMIBOLD: &[u8] = include_bytes!("../../fonts/Inter-SemiBold.ttf");

/// No more signs than this of what others wrote are looked at.
const MOST_SIGNS: usize = 300;

/// How a text looks, apart from its colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) bold: bool,
}

pub(crate) fn plain(size: f32) -> Style {
    Style { size, bold: false }
}

pub(crate) fn bold(size: f32) -> Style {
    Style { size, bold: true }
}

/// Both fonts.
pub(crate) struct Faces {
    regular: Face,
    semibold: Face,
}

struct Face {
    font: Font,
    shapes: rustybuzz::Face<'static>,
}

/// A text on one line, ready to be drawn.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    pub(crate) style: Style,
    pub(crate) width: f32,
}

impl Faces {
    pub(crate) fn embedded() -> Result<Self, Error> {
        Ok(Self {
            regular: Face::read(REGULAR)?,
            semibold: Face::read(SEMIBOLD)?,
        })
    }

    pub(crate) fn font(&self, style: Style) -> Font {
        self.face(style).font.clone()
    }

    fn face(&self, style: Style) -> &Face {
        if style.bold { &self.semibold } else { &self.regular }
    }

    /// `text` on one line, however wide.
    pub(crate) fn line(&self, text: &str, style: Style) -> Line {
        let glyphs = self.face(style).shape(text);
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * style.size;
        Line {
            text: text.to_owned(),
            glyphs,
            style,
            width,
        }
    }

    /// `text` on one line of at most `width`; three points say that it goes on.
    pub(crate) fn fitted(&self, text: &str, style: Style, width: f32) -> Line {
        let whole = self.line(text, style);
        if whole.width <= width {
            return whole;
        }
        let end = self.longest(text, style, width - self.line("…", style).width);
        self.line(&format!("{}…", text[..end].trim_end()), style)
    }

    /// `text` on at most `most` lines.
    pub(crate) fn wrapped(&self, text: &str, style: Style, width: f32, most: usize) -> Vec<Line> {
        let mut rest = text.trim();
        let mut lines = Vec::new();
        while lines.len() + 1 < most && self.line(rest, style).width > width {
            let end = self.longest(rest, style, width);
            let at = rest[..end].rfind(' ').filter(|at| *at > 0).unwrap_or(end);
            // A line holds one sign at least, or there would be no end.
            let at = at.max(rest.chars().next().map_or(0, char::len_utf8));
            lines.push(self.line(rest[..at].trim_end(), style));
            rest = rest[at..].trim_start();
        }
        if !rest.is_empty() {
            lines.push(self.fitted(rest, style, width));
        }
        lines
    }

    /// Where the longest beginning of `text` ends that is no wider than `width`.
    fn longest(&self, text: &str, style: Style, width: f32) -> usize {
        let ends: Vec<usize> = text
            .char_indices()
            .filter(|(_, sign)| !is_mark(*sign))
            .map(|(at, _)| at)
            .collect();
        let fitting = ends.partition_point(|end| self.line(&text[..*end], style).width <= width);
        ends.get(fitting.saturating_sub(1)).copied().unwrap_or(0)
    }
}

impl Face {
    fn read(data: &'static [u8]) -> Result<Self, Error> {
        let font = Font::new(data.to_vec().into(), 0).ok_or(Error::Document("a font could not be read"))?;
        let shapes =
            rustybuzz::Face::from_slice(data, 0).ok_or(Error::Document("a font could not be read"))?;
        Ok(Self { font, shapes })
    }

    /// The glyphs of `text` in ems. Digits are equally wide, so that columns of them stand.
    fn shape(&self, text: &str) -> Vec<KrillaGlyph> {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let digits = Feature::new(Tag::from_bytes(b"tnum"), 1, ..);
        let shaped = rustybuzz::shape(&self.shapes, &[digits], buffer);
        let em = self.font.units_per_em();
        let starts: Vec<usize> = shaped
            .glyph_infos()
            .iter()
            .map(|info| usize::try_from(info.cluster).unwrap_or(0))
            .collect();
        (0..)
            .zip(shaped.glyph_infos().iter().zip(shaped.glyph_positions()))
            .map(|(place, (info, position))| {
                let start = starts.get(place).copied().unwrap_or(0);
                let end = starts
                    .iter()
                    .skip(place)
                    .copied()
                    .find(|next| *next > start)
                    .unwrap_or(text.len());
                KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    ems(position.x_advance, em),
                    ems(position.x_offset, em),
                    ems(position.y_offset, em),
                    ems(position.y_advance, em),
                    start..end,
                    None,
                )
            })
            .collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a font's units are small")]
fn ems(units: i32, em: f32) -> f32 {
    units as f32 / em
}

/// What others wrote as one line of signs that can be drawn: breaks and controls are blanks, and of a tower of marks the third
/// and what follows are replaced by the sign for that.
pub(crate) fn drawable(text: &str) -> String {
    let mut signs = String::new();
    let mut marks = 0;
    for sign in text.chars().take(MOST_SIGNS) {
        marks = if is_mark(sign) { marks + 1 } else { 0 };
        signs.push(match sign {
            _ if marks > 2 => '\u{fffd}',
            _ if sign.is_control() || sign.is_whitespace() => ' ',
            _ => sign,
        });
    }
    if text.chars().nth(MOST_SIGNS).is_some() {
        signs.push('…');
    }
    signs
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Does it stand on the sign before it?
fn is_mark(sign: char) -> bool {
    matches!(sign, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{200d}')
}

/// Is there anything to be seen in it?
pub(crate) fn is_seen(text: &str) -> bool {
    text.chars().any(|sign| {
        !sign.is_whitespace()
            && !sign.is_control()
            && !is_mark(sign)
            && !matches!(sign, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
    })
}

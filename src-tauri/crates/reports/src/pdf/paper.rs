//! Marks on pages. Lengths are points, from the upper left corner.

use krilla::Document;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

use super::face::{Faces, Line, Style, bold, plain};
use super::tone::Tone;
use crate::Error;
use crate::words::Words;

/// A4.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const TOP: f32 = 52.0;
const BOTTOM: f32 = HEIGHT - 64.0;
const FOOT: f32 = HEIGHT - 34.0;

/// Where the text begins, and how wide it is.
pub(crate) const LEFT: f32 = 48.0;
pub(crate) const INNER: f32 = WIDTH - 2.0 * LEFT;
pub(crate) const RIGHT: f32 = LEFT + INNER;

enum Mark {
    Text {
        x: f32,
        y: f32,
        line: Line,
        tone: Tone,
    },
    Block {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        radius: f32,
        tone: Tone,
    },
    Stroke {
        points: Vec<(f32, f32)>,
        width: f32,
        tone: Tone,
    },
}

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Middle,
    Right,
}

/// Pages that are being laid out.
pub(crate) struct Paper<'a> {
    pub(crate) faces: &'a Faces,
    pages: Vec<Vec<Mark>>,
    /// How far down the last page is used.
    pub(crate) y: f32,
}

impl<'a> Paper<'a> {
    pub(crate) fn new(faces: &'a Faces) -> Self {
        Self {
            faces,
            pages: vec![Vec::new()],
            y: TOP,
        }
    }

    /// Goes on to the next page where `height` is not left on this one; says whether it did.
    pub(crate) fn need(&mut self, height: f32) -> bool {
        let turn = self.y + height > BOTTOM && self.y > TOP;
        if turn {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
        turn
    }

    /// `text` with its base line at `y`; how wide it is.
    pub(crate) fn text(&mut self, at: (f32, f32), align: Align, text: &str, style: Style, tone: Tone) -> f32 {
        let line = self.faces.line(text, style);
        self.line(at, align, line, tone)
    }

    pub(crate) fn line(&mut self, (x, y): (f32, f32), align: Align, line: Line, tone: Tone) -> f32 {
        let width = line.width;
        let x = match align {
            Align::Left => x,
            Align::Middle => x - width / 2.0,
            Align::Right => x - width,
        };
        self.mark(Mark::Text { x, y, line, tone });
        width
    }

    /// A block with its upper left corner at `x`, `y`.
    pub(crate) fn block(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), radius: f32, tone: Tone) {
        if width > 0.0 && height > 0.0 {
            self.mark(Mark::Block {
                x,
                y,
                width,
                height,
                radius,
                tone,
            });
        }
    }

    pub(crate) fn stroke(&mut self, points: &[(f32, f32)], width: f32, tone: Tone) {
        self.mark(Mark::Stroke {
            points: points.to_vec(),
            width,
            tone,
        });
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// Draws the pages, each with its foot.
    pub(crate) fn draw(self, document: &mut Document, words: &Words, name: &str) -> Result<(), Error> {
        let count = self.pages.len();
        for (number, marks) in (1..).zip(&self.pages) {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or(Error::Document("no such page"))?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in marks {
                self.draw_mark(&mut surface, mark);
            }
            for mark in self.foot(&(words.page.page)(number, count), name) {
                self.draw_mark(&mut surface, &mark);
            }
            surface.finish();
            page.finish();
        }
        Ok(())
    }

    fn foot(&self, page: &str, name: &str) -> [Mark; 3] {
        let page = self.faces.line(page, plain(8.0));
        let own = self.faces.line("Mostrador", bold(8.0));
        let name = self
            .faces
            .fitted(name, plain(8.0), INNER - page.width - own.width - 40.0);
        let text = |x, line| Mark::Text {
            x,
            y: FOOT,
            line,
            tone: Tone::Soft,
        };
        [
            text(RIGHT - page.width, page),
            text(LEFT + own.width + 8.0, name),
            text(LEFT, own),
        ]
    }

    fn draw_mark(&self, surface: &mut Surface<'_>, mark: &Mark) {
        match mark {
            Mark::Text { x, y, line, tone } => {
                surface.set_stroke(None);
                surface.set_fill(Some(fill(*tone)));
                surface.draw_glyphs(
                    Point::from_xy(*x, *y),
                    &line.glyphs,
                    self.faces.font(line.style),
                    &line.text,
                    line.style.size,
                    false,
                );
            }
            Mark::Block {
                x,
                y,
                width,
                height,
                radius,
                tone,
            } => {
                surface.set_stroke(None);
                surface.set_fill(Some(fill(*tone)));
                if let Some(path) = rounded(*x, *y, *width, *height, *radius) {
                    surface.draw_path(&path);
                }
            }
            Mark::Stroke { points, width, tone } => {
                surface.set_fill(None);
                surface.set_stroke(Some(Stroke {
                    paint: tone.color().into(),
                    width: *width,
                    ..Stroke::default()
                }));
                if let Some(path) = polyline(points) {
                    surface.draw_path(&path);
                }
            }
        }
    }
}

fn fill(tone: Tone) -> Fill {
    Fill {
        paint: tone.color().into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::default(),
    }
}

fn polyline(points: &[(f32, f32)]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (place, (x, y)) in points.iter().enumerate() {
        if place == 0 {
            path.move_to(*x, *y);
        } else {
            path.line_to(*x, *y);
        }
    }
    path.finish()
}

fn rounded(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Option<Path> {
    let radius = radius.min(width / 2.0).min(height / 2.0);
    let mut path = PathBuilder::new();
    if radius <= 0.0 {
        path.push_rect(Rect::from_xywh(x, y, width, height)?);
        return path.finish();
    }
    // How far a curve's handles reach for a quarter of a circle.
    let bow = radius * 0.447_715;
    let (right, low) = (x + width, y + height);
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.cubic_to(right - bow, y, right, y + bow, right, y + radius);
    path.line_to(right, low - radius);
    path.cubic_to(right, low - bow, right - bow, low, right - radius, low);
    path.line_to(x + radius, low);
    path.cubic_to(x + bow, low, x, low - bow, x, low - radius);
    path.line_to(x, y + radius);
    path.cubic_to(x, y + bow, x + bow, y, x + radius, y);
    path.close();
    path.finish()
}

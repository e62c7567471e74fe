//! Pictures that customers send, drawn when the world is made.
//!
//! They are drawn rather than shipped: the program carries no binary files, and a drawing cannot belong to
//! anybody. Each is a simple, colourful still life of what a bakery's customers ask for. There are a few of each
//! motif; a process draws each of them once, when it is first needed, whatever the seed of its world.

use std::sync::OnceLock;

use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};

use super::media::Look;
use crate::chance::Chance;

const WIDTH: u32 = 480;
const HEIGHT: u32 = 360;
/// How many drawings there are of each motif.
const VARIANTS: usize = 2;

/// What a drawing shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Motif {
    /// A layered cake on a table.
    #[default]
    Cake,
    /// A bunch of flowers in a vase.
    Flowers,
    /// A basket of rolls.
    Rolls,
}

impl Motif {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Cake, Self::Flowers, Self::Rolls];
}

/// A finished drawing.
#[derive(Debug)]
pub(crate) struct Drawing {
    /// The JPEG.
    pub(crate) bytes: Vec<u8>,
    pub(crate) look: Look,
}

/// One of the drawings of `motif`.
pub(crate) fn drawing(motif: Motif, chance: &mut Chance) -> &'static Drawing {
    static ALBUM: [OnceLock<Drawing>; Motif::ALL.len() * VARIANTS] = [const { OnceLock::new() }; _];
    let place = motif as usize * VARIANTS + chance.below(VARIANTS as u64) as usize;
    ALBUM[place].get_or_init(|| draw(motif, &mut Chance::from_seed(place as u64 + 11)))
}

fn draw(motif: Motif, chance: &mut Chance) -> Drawing {
    let mut canvas = Canvas::new(chance.one_of(&WALLS), chance.one_of(&TABLES));
    match motif {
        Motif::Cake => cake(&mut canvas, chance),
        Motif::Flowers => flowers(&mut canvas, chance),
        Motif::Rolls => rolls(&mut canvas, chance),
    }
    let bytes = canvas.jpeg();
    Drawing {
        look: Look::of(&canvas.pixels.into()),
        bytes,
    }
}

type Ink = [u8; 3];

const WALLS: [Ink; 4] = [[250, 232, 214], [222, 236, 242], [238, 228, 244], [228, 240, 222]];
const TABLES: [Ink; 3] = [[184, 138, 98], [150, 108, 80], [206, 172, 132]];
const ICINGS: [Ink; 4] = [[244, 166, 184], [252, 240, 220], [150, 92, 66], [176, 204, 150]];
const SPONGES: [Ink; 3] = [[236, 200, 132], [122, 74, 52], [246, 222, 170]];
const PETALS: [Ink; 5] = [
    [226, 84, 112],
    [246, 180, 62],
    [158, 108, 206],
    [240, 128, 84],
    [252, 250, 240],
];
const CRUSTS: [Ink; 3] = [[214, 156, 84], [196, 134, 68], [226, 176, 106]];

struct Canvas {
    pixels: RgbImage,
}

impl Canvas {
    /// A wall that grows lighter upwards, and a table along the lower third.
    fn new(wall: Ink, table: Ink) -> Self {
        let horizon = HEIGHT * 2 / 3;
        let pixels = RgbImage::from_fn(WIDTH, HEIGHT, |_, y| {
            let light = (horizon.saturating_sub(y) / 12) as u8;
            Rgb(if y < horizon {
                wall.map(|c| c.saturating_add(light))
            } else {
                table
            })
        });
        Self { pixels }
    }

    /// Paints what is `inside` of a box: its left and top, its width and height.
    fn fill(&mut self, ink: Ink, area: (i64, i64, i64, i64), inside: impl Fn(i64, i64) -> bool) {
        let (left, top, width, height) = area;
        for y in top.max(0)..(top + height).min(i64::from(HEIGHT)) {
            for x in left.max(0)..(left + width).min(i64::from(WIDTH)) {
                if inside(x, y) {
                    self.pixels.put_pixel(x as u32, y as u32, Rgb(ink));
                }
            }
        }
    }

    fn block(&mut self, ink: Ink, (left, top): (i64, i64), (width, height): (i64, i64)) {
        self.fill(ink, (left, top, width, height), |_, _| true);
    }

    fn oval(&mut self, ink: Ink, (cx, cy): (i64, i64), (rx, ry): (i64, i64)) {
        self.fill(ink, (cx - rx, cy - ry, 2 * rx + 1, 2 * ry + 1), |x, y| {
            let (dx, dy) = (x - cx, y - cy);
            dx * dx * ry * ry + dy * dy * rx * rx <= rx * rx * ry * ry
        });
    }

    fn jpeg(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Err(error) = self
            .pixels
            .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 82))
        {
            tracing::error!(%error, "a practice picture could not be encoded");
        }
        bytes
    }
}

/// What somebody looks like, of [`FACES`] that there are.
pub(crate) fn portrait(which: usize) -> &'static [u8] {
    static ALBUM: [OnceLock<Vec<u8>>; FACES] = [const { OnceLock::new() }; _];
    let place = which % FACES;
    ALBUM[place].get_or_init(|| face(place).jpeg())
}

/// How many faces there are.
pub(crate) const FACES: usize = 12;
const SKINS: [Ink; 4] = [[238, 196, 164], [206, 152, 112], [160, 108, 76], [248, 216, 190]];
const HAIRS: [Ink; 5] = [
    [48, 36, 32],
    [98, 62, 40],
    [176, 122, 62],
    [128, 124, 124],
    [82, 40, 32],
];

/// A head and shoulders before a wall, in the middle of the canvas: pictures of people are shown square.
fn face(which: usize) -> Canvas {
    let wall = WALLS[which % WALLS.len()];
    let (skin, hair) = (SKINS[which % SKINS.len()], HAIRS[which % HAIRS.len()]);
    let mut canvas = Canvas::new(wall, wall);
    if which.is_multiple_of(2) {
        canvas.oval(hair, (240, 196), (100, 122));
    }
    canvas.oval(PETALS[which % PETALS.len()], (240, 390), (142, 104));
    canvas.block(skin.map(|c| c.saturating_sub(18)), (212, 240), (56, 62));
    canvas.oval(skin, (240, 184), (76, 92));
    canvas.fill(hair, (150, 78, 180, 76 - 12 * (which as i64 % 3)), |x, y| {
        let (dx, dy) = (x - 240, y - 176);
        dx * dx * 98 * 98 + dy * dy * 84 * 84 <= 84 * 84 * 98 * 98
    });
    for eye in [-28, 28] {
        canvas.oval([52, 42, 40], (240 + eye, 182), (7, 8));
    }
    canvas.oval([188, 92, 88], (240, 232), (22, 8));
    canvas.oval(skin, (240, 226), (24, 7));
    canvas
}

fn cake(canvas: &mut Canvas, chance: &mut Chance) {
    let (icing, sponge) = (chance.one_of(&ICINGS), chance.one_of(&SPONGES));
    canvas.oval([238, 238, 242], (240, 292), (190, 26));
    for (top, half) in [(206, 140), (130, 96)] {
        canvas.block(sponge, (240 - half, top), (half * 2, 80));
        canvas.oval(sponge, (240, top + 80), (half, 12));
        canvas.block(icing, (240 - half, top), (half * 2, 26));
        canvas.oval(icing, (240, top), (half, 14));
        for drop in 0..=(half * 2 / 24) {
            let length = 10 + chance.below(16) as i64;
            canvas.oval(icing, (240 - half + drop * 24, top + 24), (9, length));
        }
    }
    for candle in [-48, -16, 16, 48] {
        canvas.block(chance.one_of(&PETALS), (236 + candle, 88), (8, 40));
        canvas.oval([252, 196, 60], (240 + candle, 78), (6, 11));
    }
}

fn flowers(canvas: &mut Canvas, chance: &mut Chance) {
    let heads: Vec<(i64, i64)> = [
        (150, 110),
        (205, 66),
        (262, 84),
        (322, 104),
        (184, 158),
        (240, 138),
        (298, 164),
    ]
    .to_vec();
    for &(x, y) in &heads {
        canvas.fill([92, 138, 78], (120, y, 240, 250 - y), |px, py| {
            let stem = 240 + (x - 240) * (250 - py) / (250 - y).max(1);
            (px - stem).abs() <= 3
        });
    }
    for &(x, y) in &heads {
        let petal = chance.one_of(&PETALS);
        for (dx, dy) in [(-20, 0), (20, 0), (-10, -18), (10, -18), (-10, 18), (10, 18)] {
            canvas.oval(petal, (x + dx, y + dy), (16, 16));
        }
        canvas.oval([250, 214, 96], (x, y), (12, 12));
    }
    canvas.fill([126, 166, 190], (190, 228, 100, 90), |x, y| {
        (x - 240).abs() <= 46 - (y - 228) / 6
    });
    canvas.oval([150, 186, 206], (240, 228), (46, 9));
}

fn rolls(canvas: &mut Canvas, chance: &mut Chance) {
    for (row, y) in [(5, 214), (4, 176), (3, 142)] {
        for place in 0..row {
            let x = 240 - (row - 1) * 34 + place * 68;
            let crust = chance.one_of(&CRUSTS);
            canvas.oval(crust, (x, y), (42, 30));
            canvas.oval(crust.map(|c| c.saturating_add(26)), (x - 8, y - 10), (18, 7));
            canvas.block([250, 236, 206], (x - 16, y - 2), (32, 4));
        }
    }
    canvas.fill([150, 100, 58], (50, 226, 380, 80), |x, y| {
        (x - 240).abs() <= 190 - (y - 226) / 3
    });
    for band in 0..4 {
        canvas.fill([178, 126, 78], (50, 232 + band * 19, 380, 8), |x, y| {
            (x - 240).abs() <= 186 - (y - 226) / 3 && (x / 16 + band) % 2 == 0
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{FACES, Motif, drawing, portrait};
    use crate::chance::Chance;

    #[test]
    fn every_motif_is_a_picture_that_decodes() {
        for motif in Motif::ALL {
            let drawn = drawing(motif, &mut Chance::from_seed(3));
            let picture = image::load_from_memory(&drawn.bytes).expect("a drawing must be a valid JPEG");
            assert_eq!(
                (picture.width(), picture.height()),
                (480, 360),
                "{motif:?} fills its canvas"
            );
        }
    }

    #[test]
    fn every_face_is_another_picture_that_decodes() {
        let faces: Vec<_> = (0..FACES).map(portrait).collect();
        for (which, face) in faces.iter().enumerate() {
            assert!(image::load_from_memory(face).is_ok(), "face {which} is a JPEG");
            assert!(!faces[..which].contains(face), "face {which} is nobody else's");
        }
    }

    #[test]
    fn the_same_seed_chooses_the_same_picture() {
        let bytes = |seed| &drawing(Motif::Cake, &mut Chance::from_seed(seed)).bytes;
        assert_eq!(bytes(3), bytes(3), "pictures belong to the seeded world");
    }
}

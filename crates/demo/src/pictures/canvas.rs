//! Canvas with soft-edged shapes, gradients and grain, for drawings that resemble photos.

use image::{Rgb, RgbImage};

/// Colour; each component is from 0 to 1.
pub(super) type Colour = [f32; 3];

/// Point, in pixels.
pub(super) type Point = (f32, f32);

/// Width of every picture, in pixels.
pub(super) const WIDTH: u32 = 1280;
/// Height of every picture, in pixels.
pub(super) const HEIGHT: u32 = 960;

/// Canvas. Its noise is derived from the seed, so that the same calls draw the same picture.
pub(super) struct Canvas {
    pixels: Vec<Colour>,
    seed: u32,
}

impl Canvas {
    /// Creates a canvas with a vertical gradient from `top` to `bottom`.
    pub(super) fn new(seed: u32, top: Colour, bottom: Colour) -> Self {
        let pixels = (0..HEIGHT)
            .flat_map(|y| {
                let colour = mix(top, bottom, y as f32 / HEIGHT as f32);
                std::iter::repeat_n(colour, WIDTH as usize)
            })
            .collect();
        Self { pixels, seed }
    }

    /// Returns a number from 0 to 1 derived from the seed and `key`.
    pub(super) fn chance(&self, key: u32) -> f32 {
        hash(key, 77, self.seed)
    }

    /// Blends a colour over a rectangle, with the opacity that `cover` returns for each point (from 0 to 1).
    pub(super) fn lay(
        &mut self,
        (left, top): Point,
        (right, bottom): Point,
        colour: Colour,
        cover: impl Fn(f32, f32) -> f32,
    ) {
        self.each((left, top), (right, bottom), |x, y, pixel| {
            *pixel = mix(*pixel, colour, cover(x, y).clamp(0.0, 1.0));
        });
    }

    /// Draws an upright rectangle with rounded corners of this radius.
    pub(super) fn block(&mut self, from: Point, to: Point, radius: f32, colour: Colour) {
        let (cx, cy) = (from.0.midpoint(to.0), from.1.midpoint(to.1));
        let (half_x, half_y) = ((to.0 - from.0) / 2.0 - radius, (to.1 - from.1) / 2.0 - radius);
        self.lay((from.0 - 1.0, from.1 - 1.0), (to.0 + 1.0, to.1 + 1.0), colour, |x, y| {
            let (dx, dy) = ((x - cx).abs() - half_x, (y - cy).abs() - half_y);
            let outside = dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0);
            0.5 - (outside - radius)
        });
    }

    /// Draws a convex polygon with these corners, clockwise.
    pub(super) fn shape(&mut self, corners: &[Point], colour: Colour) {
        let (mut from, mut to) = (corners[0], corners[0]);
        for corner in corners {
            from = (from.0.min(corner.0), from.1.min(corner.1));
            to = (to.0.max(corner.0), to.1.max(corner.1));
        }
        self.lay((from.0 - 1.0, from.1 - 1.0), (to.0 + 1.0, to.1 + 1.0), colour, |x, y| {
            let mut inside = f32::MAX;
            for (at, (ax, ay)) in corners.iter().enumerate() {
                let (bx, by) = corners[(at + 1) % corners.len()];
                let (ex, ey) = (bx - ax, by - ay);
                let length = ex.hypot(ey).max(0.001);
                inside = inside.min((ex * (y - ay) - ey * (x - ax)) / length);
            }
            inside + 0.5
        });
    }

    /// Draws a line with round ends.
    pub(super) fn line(&mut self, a: Point, b: Point, width: f32, colour: Colour) {
        let from = (a.0.min(b.0) - width, a.1.min(b.1) - width);
        let to = (a.0.max(b.0) + width, a.1.max(b.1) + width);
        let (ex, ey) = (b.0 - a.0, b.1 - a.1);
        let length = (ex * ex + ey * ey).max(0.001);
        self.lay(from, to, colour, |x, y| {
            let along = (((x - a.0) * ex + (y - a.1) * ey) / length).clamp(0.0, 1.0);
            let away = (x - a.0 - along * ex).hypot(y - a.1 - along * ey);
            width / 2.0 + 0.5 - away
        });
    }

    /// Draws a disc.
    pub(super) fn disc(&mut self, (cx, cy): Point, radius: f32, colour: Colour) {
        let reach = radius + 1.0;
        self.lay((cx - reach, cy - reach), (cx + reach, cy + reach), colour, |x, y| {
            radius + 0.5 - (x - cx).hypot(y - cy)
        });
    }

    /// Draws a shadow that fades outwards from a rectangle.
    pub(super) fn shadow(&mut self, from: Point, to: Point, reach: f32, strength: f32) {
        self.lay(
            (from.0 - reach, from.1 - reach),
            (to.0 + reach, to.1 + reach),
            [0.02, 0.02, 0.03],
            |x, y| {
                let dx = (from.0 - x).max(x - to.0).max(0.0);
                let dy = (from.1 - y).max(y - to.1).max(0.0);
                let away = (dx.hypot(dy) / reach).min(1.0);
                (1.0 - away) * (1.0 - away) * strength
            },
        );
    }

    /// Makes a rectangle lighter and darker by up to `strength`, in patches of this size.
    pub(super) fn weather(&mut self, from: Point, to: Point, size: f32, strength: f32) {
        let seed = self.seed;
        self.each(from, to, |x, y, pixel| {
            let coarse = noise(x / size, y / size, seed);
            let fine = noise(x / size * 3.7, y / size * 3.7, seed + 1);
            let light = 1.0 + (coarse * 0.65 + fine * 0.35 - 0.5) * 2.0 * strength;
            *pixel = pixel.map(|part| part * light);
        });
    }

    /// Returns smooth noise from 0 to 1 at a point, in patches of this size.
    pub(super) fn noise(&self, x: f32, y: f32, size: f32) -> f32 {
        noise(x / size, y / size, self.seed + 9)
    }

    /// Returns the picture, with slightly darker corners and the grain of a small sensor.
    pub(super) fn finish(mut self) -> RgbImage {
        let seed = self.seed;
        let (width, height) = (WIDTH as f32, HEIGHT as f32);
        self.each((0.0, 0.0), (width, height), |x, y, pixel| {
            let (dx, dy) = (x / width - 0.5, y / height - 0.5);
            let light = 1.04 - (dx * dx + dy * dy) * 0.42;
            let grain = (hash(x as u32, y as u32, seed) - 0.5) * 0.026;
            *pixel = pixel.map(|part| part * light + grain);
        });
        RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
            let pixel = self.pixels[(y * WIDTH + x) as usize];
            Rgb(pixel.map(|part| (part.clamp(0.0, 1.0) * 255.0).round() as u8))
        })
    }

    fn each(&mut self, from: Point, to: Point, mut change: impl FnMut(f32, f32, &mut Colour)) {
        let within = |value: f32, most: u32| value.clamp(0.0, most as f32) as u32;
        let (left, right) = (within(from.0, WIDTH), within(to.0.ceil(), WIDTH));
        for y in within(from.1, HEIGHT)..within(to.1.ceil(), HEIGHT) {
            for x in left..right {
                change(x as f32 + 0.5, y as f32 + 0.5, &mut self.pixels[(y * WIDTH + x) as usize]);
            }
        }
    }
}

/// Mixes two colours.
pub(super) fn mix(a: Colour, b: Colour, part: f32) -> Colour {
    std::array::from_fn(|at| a[at] + (b[at] - a[at]) * part)
}

/// Makes a colour lighter (above 1) or darker (below 1).
pub(super) fn shade(colour: Colour, light: f32) -> Colour {
    colour.map(|part| part * light)
}

fn hash(x: u32, y: u32, seed: u32) -> f32 {
    let mut bits =
        x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ seed.wrapping_mul(0xC2B2_AE3D);
    bits ^= bits >> 15;
    bits = bits.wrapping_mul(0x2C1B_3C6D);
    bits ^= bits >> 12;
    bits = bits.wrapping_mul(0x297A_2D39);
    bits ^= bits >> 15;
    (bits >> 8) as f32 / (1 << 24) as f32
}

fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (cell_x, cell_y) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (along, down) = (ease(x - cell_x), ease(y - cell_y));
    let at =
        |dx: i32, dy: i32| hash((cell_x as i32 + dx) as u32, (cell_y as i32 + dy) as u32, seed);
    let top = at(0, 0) + (at(1, 0) - at(0, 0)) * along;
    let bottom = at(0, 1) + (at(1, 1) - at(0, 1)) * along;
    top + (bottom - top) * down
}

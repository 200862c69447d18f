//! Drawings of building exteriors.

use super::canvas::{Canvas, Colour, HEIGHT, WIDTH, mix, shade};
use image::RgbImage;

const W: f32 = WIDTH as f32;
const H: f32 = HEIGHT as f32;

const WALLS: [Colour; 5] = [
    [0.66, 0.40, 0.31],
    [0.80, 0.76, 0.68],
    [0.61, 0.60, 0.57],
    [0.73, 0.62, 0.46],
    [0.52, 0.33, 0.28],
];
const DOORS: [Colour; 4] =
    [[0.12, 0.28, 0.33], [0.35, 0.10, 0.11], [0.14, 0.24, 0.17], [0.17, 0.19, 0.27]];

/// Draws the street front of a building.
pub(super) fn front(seed: u32, floors: u8, bays: u8) -> RgbImage {
    let mut canvas = Canvas::new(seed, [0.60, 0.71, 0.83], [0.90, 0.91, 0.90]);
    canvas.lay((0.0, 0.0), (W, H * 0.6), [0.98, 0.98, 0.97], {
        let clouds = Canvas::new(seed, [0.0; 3], [0.0; 3]);
        move |x, y| (clouds.noise(x, y * 2.4, 260.0) - 0.5) * 1.6 * (1.0 - y / (H * 0.6))
    });
    let wall = WALLS[seed as usize % WALLS.len()];
    let (left, right) = (W * 0.12, W * 0.88);
    let ground = H * 0.84;
    let top = ground - f32::from(floors) * H * 0.215 - 26.0;
    canvas.shadow((left, top), (right, ground), 60.0, 0.28);
    canvas.block((left, top), (right, ground), 0.0, wall);
    courses(&mut canvas, (left, top), (right, ground), wall);
    canvas.weather((left, top), (right, ground), 190.0, 0.10);
    canvas.block((left - 16.0, top - 22.0), (right + 16.0, top + 4.0), 2.0, shade(wall, 0.62));
    canvas.block((left - 10.0, top + 4.0), (right + 10.0, top + 16.0), 2.0, shade(wall, 1.18));
    let (floor, bay) =
        ((ground - top - 26.0) / f32::from(floors), (right - left) / f32::from(bays));
    let entrance = bays / 2;
    for row in 0..floors {
        for column in 0..bays {
            let x = left + bay * (f32::from(column) + 0.5);
            let y = top + 26.0 + floor * f32::from(row);
            if row + 1 == floors && column == entrance {
                door(&mut canvas, x, y + floor * 0.10, ground, DOORS[seed as usize % DOORS.len()]);
            } else {
                let key = u32::from(row) * 31 + u32::from(column);
                window(
                    &mut canvas,
                    (x, y + floor * 0.17),
                    (bay.min(190.0) * 0.29, floor * 0.60),
                    wall,
                    key,
                );
            }
        }
    }
    pavement(&mut canvas, ground);
    canvas.line((left + 16.0, top), (left + 16.0, ground), 11.0, [0.24, 0.25, 0.26]);
    canvas.line((left + 13.0, top), (left + 13.0, ground), 2.0, [0.42, 0.43, 0.44]);
    canvas.finish()
}

fn courses(canvas: &mut Canvas, from: (f32, f32), to: (f32, f32), wall: Colour) {
    let (height, length) = (15.0, 46.0);
    let mut y = from.1;
    let mut row = 0_u32;
    while y < to.1 {
        canvas.block((from.0, y), (to.0, y + 1.6), 0.0, shade(wall, 0.84));
        let mut x = from.0 - if row.is_multiple_of(2) { 0.0 } else { length / 2.0 };
        let mut column = 0;
        while x < to.0 {
            let tone = 0.92 + canvas.chance(row * 97 + column) * 0.16;
            canvas.lay(
                (x.max(from.0), y + 1.6),
                ((x + length).min(to.0), (y + height).min(to.1)),
                shade(wall, tone),
                |_, _| 0.6,
            );
            canvas.block(
                (x.max(from.0), y),
                (x.max(from.0) + 1.4, (y + height).min(to.1)),
                0.0,
                shade(wall, 0.86),
            );
            x += length;
            column += 1;
        }
        y += height;
        row += 1;
    }
}

fn window(
    canvas: &mut Canvas,
    (x, y): (f32, f32),
    (half, height): (f32, f32),
    wall: Colour,
    key: u32,
) {
    let frame = [0.93, 0.93, 0.90];
    canvas.block((x - half - 12.0, y - 18.0), (x + half + 12.0, y - 4.0), 1.0, shade(wall, 1.16));
    canvas.block(
        (x - half - 4.0, y - 4.0),
        (x + half + 4.0, y + height + 4.0),
        2.0,
        shade(wall, 0.55),
    );
    canvas.block((x - half, y), (x + half, y + height), 1.0, frame);
    let glass = mix([0.16, 0.22, 0.28], [0.38, 0.47, 0.54], canvas.chance(key));
    for (from, to) in [(-1.0, -0.04), (0.04, 1.0)] {
        for (upper, lower) in [(0.03, 0.47), (0.52, 0.97)] {
            let (left, right) = (
                x + half * from + 6.0 * f32::from(from < 0.0),
                x + half * to - 6.0 * f32::from(to > 0.9),
            );
            canvas.block((left, y + height * upper), (right, y + height * lower), 0.0, glass);
            canvas.lay(
                (left, y + height * upper),
                (right, y + height * lower),
                [0.80, 0.87, 0.92],
                |px, py| {
                    let band = (px - left) * 0.9 + (py - y);
                    if (60.0..105.0).contains(&band) { 0.28 } else { 0.0 }
                },
            );
        }
    }
    if canvas.chance(key + 500) > 0.55 {
        let drop = y + height * (0.12 + canvas.chance(key + 900) * 0.3);
        canvas.lay(
            (x - half + 6.0, y + 4.0),
            (x + half - 6.0, drop),
            [0.90, 0.88, 0.82],
            |_, _| 0.82,
        );
    }
    canvas.block(
        (x - half - 14.0, y + height + 4.0),
        (x + half + 14.0, y + height + 14.0),
        1.0,
        shade(wall, 1.22),
    );
    canvas.shadow(
        (x - half - 14.0, y + height + 14.0),
        (x + half + 14.0, y + height + 15.0),
        12.0,
        0.35,
    );
}

fn door(canvas: &mut Canvas, x: f32, y: f32, ground: f32, colour: Colour) {
    canvas.block((x - 64.0, y), (x + 64.0, ground), 2.0, [0.82, 0.80, 0.75]);
    canvas.block((x - 50.0, y + 12.0), (x + 50.0, y + 44.0), 1.0, [0.30, 0.37, 0.42]);
    canvas.block((x - 50.0, y + 50.0), (x + 50.0, ground), 1.0, colour);
    for (from, to) in [(-40.0, -6.0), (6.0, 40.0)] {
        canvas.block((x + from, y + 62.0), (x + to, ground - 66.0), 2.0, shade(colour, 0.78));
        canvas.block((x + from, ground - 56.0), (x + to, ground - 14.0), 2.0, shade(colour, 0.78));
    }
    canvas.disc((x + 44.0, ground - 60.0), 5.0, [0.80, 0.68, 0.36]);
    canvas.block((x - 80.0, ground - 8.0), (x + 80.0, ground + 6.0), 1.0, [0.62, 0.61, 0.58]);
}

fn pavement(canvas: &mut Canvas, ground: f32) {
    canvas.block((0.0, ground), (W, H), 0.0, [0.60, 0.59, 0.57]);
    for slab in 0..9 {
        let (upper, lower) =
            (W / 2.0 + (slab as f32 - 4.0) * 150.0, W / 2.0 + (slab as f32 - 4.0) * 235.0);
        canvas.line((upper, ground), (lower, H), 2.0, [0.48, 0.47, 0.46]);
    }
    canvas.line((0.0, ground + 54.0), (W, ground + 54.0), 2.0, [0.48, 0.47, 0.46]);
    canvas.block((0.0, ground + 108.0), (W, H), 0.0, [0.30, 0.31, 0.32]);
    canvas.block((0.0, ground + 104.0), (W, ground + 114.0), 0.0, [0.70, 0.69, 0.66]);
    canvas.weather((0.0, ground), (W, H), 70.0, 0.10);
}

/// Draws a slope of clay tiles up to the ridge, two of them slipped.
pub(super) fn roof(seed: u32) -> RgbImage {
    let mut canvas = Canvas::new(seed, [0.55, 0.66, 0.78], [0.86, 0.88, 0.89]);
    let ridge = H * 0.24;
    let clay = [[0.62, 0.31, 0.22], [0.35, 0.37, 0.40], [0.55, 0.36, 0.27]][seed as usize % 3];
    canvas.block((0.0, ridge), (W, H), 0.0, shade(clay, 0.45));
    let rows = 13_u32;
    let slipped = [(4, 5), (7, 9)];
    for row in 0..rows {
        let near = |row: u32| (row as f32 / rows as f32).powf(1.35);
        let (top, bottom) = (ridge + (H - ridge) * near(row), ridge + (H - ridge) * near(row + 1));
        let size = 62.0 + 70.0 * near(row);
        let columns = (W / size) as u32 + 3;
        for column in 0..columns {
            let key = row * 131 + column;
            let stagger = if row.is_multiple_of(2) { 0.0 } else { size / 2.0 };
            let x = W / 2.0 + (column as f32 - columns as f32 / 2.0) * size + stagger;
            let drop = if slipped.contains(&(row, column)) { (bottom - top) * 0.62 } else { 0.0 };
            let colour = shade(clay, 0.84 + canvas.chance(key) * 0.32);
            tile(&mut canvas, (x, top + drop), (size - 2.5, bottom - top + 9.0), colour);
        }
        canvas.lay((0.0, bottom), (W, bottom + 10.0), [0.05, 0.04, 0.04], |_, y| {
            0.34 * (1.0 - (y - bottom) / 10.0)
        });
    }
    canvas.weather((0.0, ridge), (W, H), 120.0, 0.16);
    let moss = Canvas::new(seed + 3, [0.0; 3], [0.0; 3]);
    canvas.lay((0.0, ridge + 20.0), (W, H), [0.34, 0.40, 0.19], |x, y| {
        (moss.noise(x, y, 46.0) - 0.72) * 3.0
    });
    for cap in 0..14 {
        let x = cap as f32 * 98.0 - 20.0;
        canvas.block(
            (x, ridge - 26.0),
            (x + 94.0, ridge + 16.0),
            16.0,
            shade(clay, 0.86 + canvas.chance(cap) * 0.2),
        );
    }
    canvas.shadow((0.0, ridge + 16.0), (W, ridge + 18.0), 16.0, 0.4);
    canvas.block((W * 0.70, ridge - 170.0), (W * 0.83, ridge + 70.0), 2.0, [0.56, 0.36, 0.29]);
    canvas.weather((W * 0.70, ridge - 170.0), (W * 0.83, ridge + 70.0), 30.0, 0.2);
    canvas.block((W * 0.69, ridge - 182.0), (W * 0.84, ridge - 162.0), 2.0, [0.70, 0.67, 0.61]);
    canvas.block((W * 0.695, ridge + 58.0), (W * 0.835, ridge + 76.0), 2.0, [0.60, 0.62, 0.64]);
    canvas.finish()
}

fn tile(canvas: &mut Canvas, (x, y): (f32, f32), (width, height): (f32, f32), colour: Colour) {
    canvas.block((x, y), (x + width, y + height), 7.0, colour);
    canvas.lay((x, y), (x + width, y + height), shade(colour, 1.28), |px, _| {
        (1.0 - ((px - x) / width - 0.35).abs() * 3.4).max(0.0) * 0.4
    });
}

//! Drawings of building details.

use super::canvas::{Canvas, Colour, HEIGHT, WIDTH, mix, shade};
use image::RgbImage;

const W: f32 = WIDTH as f32;
const H: f32 = HEIGHT as f32;

/// Draws a crack in a plastered wall, with a scale in centimetres next to it.
pub(super) fn crack(seed: u32) -> RgbImage {
    let plaster = [[0.80, 0.77, 0.71], [0.72, 0.74, 0.73], [0.84, 0.81, 0.70]][seed as usize % 3];
    let mut canvas = Canvas::new(seed, shade(plaster, 1.06), shade(plaster, 0.92));
    canvas.weather((0.0, 0.0), (W, H), 160.0, 0.06);
    canvas.weather((0.0, 0.0), (W, H), 9.0, 0.05);
    let (mut x, mut y) = (W * 0.34, -10.0);
    let mut step = 0;
    while y < H {
        let next =
            (x + (canvas.chance(step) - 0.42) * 62.0, y + 16.0 + canvas.chance(step + 400) * 34.0);
        let width = 3.0 + 7.0 * (1.0 - (y / H - 0.45).abs() * 1.6).max(0.0);
        canvas.line((x + 3.0, y), (next.0 + 3.0, next.1), width + 5.0, shade(plaster, 0.80));
        canvas.line((x, y), (next.0, next.1), width, [0.13, 0.11, 0.10]);
        if canvas.chance(step + 800) > 0.72 {
            let side = if canvas.chance(step + 900) > 0.5 { 1.0 } else { -1.0 };
            let end = (x + side * (40.0 + canvas.chance(step + 950) * 90.0), y + 34.0);
            canvas.line((x, y), end, 1.8, [0.27, 0.24, 0.22]);
        }
        (x, y) = next;
        step += 1;
    }
    ruler(&mut canvas);
    canvas.finish()
}

fn ruler(canvas: &mut Canvas) {
    let (left, right, top) = (W * 0.72, W * 0.79, H * 0.14);
    canvas.shadow((left + 8.0, top + 10.0), (right + 8.0, top + 710.0), 16.0, 0.4);
    canvas.block((left, top), (right, top + 700.0), 5.0, [0.96, 0.95, 0.91]);
    for mark in 0_u8..14 {
        let y = top + f32::from(mark) * 50.0;
        if mark.is_multiple_of(2) {
            canvas.block((left, y), (left + 34.0, y + 50.0), 0.0, [0.10, 0.10, 0.11]);
        }
        for tick in 0_u8..10 {
            let at = y + f32::from(tick) * 5.0;
            let length = if tick == 0 {
                34.0
            } else if tick == 5 {
                22.0
            } else {
                13.0
            };
            canvas.block((right - length, at), (right, at + 1.4), 0.0, [0.2, 0.2, 0.2]);
        }
    }
    canvas.block((left, top + 690.0), (right, top + 700.0), 2.0, [0.86, 0.36, 0.10]);
}

/// Draws a stain on the wall below a corner of the ceiling.
pub(super) fn damp(seed: u32) -> RgbImage {
    let mut canvas = Canvas::new(seed, [0.90, 0.89, 0.85], [0.82, 0.81, 0.77]);
    canvas.weather((0.0, 0.0), (W, H), 220.0, 0.04);
    canvas.shape(&[(0.0, 0.0), (W, 0.0), (W, H * 0.10), (0.0, H * 0.17)], [0.95, 0.95, 0.93]);
    canvas.line((0.0, H * 0.17), (W, H * 0.10), 16.0, [0.97, 0.97, 0.95]);
    canvas.line((0.0, H * 0.17 + 11.0), (W, H * 0.10 + 11.0), 4.0, [0.62, 0.61, 0.58]);
    let patch = Canvas::new(seed, [0.0; 3], [0.0; 3]);
    let reach = |x: f32, y: f32| {
        let (dx, dy) = ((x - W * 0.58) / (W * 0.30), (y - H * 0.14) / (H * 0.56));
        let ceiling = H * (0.17 - 0.07 * x / W) + 14.0;
        let below = ((y - ceiling) / 3.0).clamp(0.0, 1.0);
        below
            * (1.0 - dx.hypot(dy)
                + (patch.noise(x, y, 120.0) - 0.5) * 0.7
                + (patch.noise(x, y, 34.0) - 0.5) * 0.22)
    };
    let area = ((0.0, H * 0.10), (W, H));
    canvas.lay(area.0, area.1, [0.70, 0.60, 0.43], |x, y| (reach(x, y) * 2.6).min(0.62));
    canvas.lay(area.0, area.1, [0.42, 0.31, 0.19], |x, y| {
        let edge = reach(x, y);
        (1.0 - (edge - 0.09).abs() * 11.0).max(0.0) * 0.6
    });
    canvas.lay(area.0, area.1, [0.16, 0.18, 0.14], |x, y| {
        let inside = ((reach(x, y) - 0.2) * 4.0).clamp(0.0, 1.0);
        let spots = patch.noise(x + 700.0, y, 90.0) * 0.5
            + patch.noise(x, y + 300.0, 17.0) * 0.3
            + patch.noise(x, y, 6.0) * 0.2;
        inside * (spots - 0.56) * 3.4
    });
    canvas.block((0.0, H * 0.90), (W, H), 0.0, [0.93, 0.93, 0.90]);
    canvas.block((0.0, H * 0.895), (W, H * 0.905), 0.0, [0.70, 0.69, 0.66]);
    canvas.block((W * 0.12, H * 0.70), (W * 0.20, H * 0.78), 8.0, [0.96, 0.96, 0.94]);
    for socket in [0.145, 0.175] {
        canvas.disc((W * socket, H * 0.74), 7.0, [0.3, 0.3, 0.3]);
    }
    canvas.finish()
}

/// Draws a wall-hung boiler over its pipes, with the gauge in view.
pub(super) fn boiler(seed: u32) -> RgbImage {
    let mut canvas = Canvas::new(seed, [0.68, 0.69, 0.69], [0.55, 0.56, 0.56]);
    canvas.weather((0.0, 0.0), (W, H), 90.0, 0.08);
    canvas.line((0.0, H * 0.90), (W, H * 0.90), 3.0, [0.38, 0.38, 0.38]);
    let copper = [0.72, 0.42, 0.26];
    for (x, bend) in [(0.38, 0.86), (0.45, 0.93), (0.55, 0.97), (0.62, 0.89)] {
        pipe(&mut canvas, (W * x, H * 0.66), (W * x, H * bend), copper);
        let end = if x < 0.5 { 0.0 } else { W };
        pipe(&mut canvas, (W * x, H * bend), (end, H * bend), copper);
        canvas.disc((W * x, H * 0.74), 17.0, [0.76, 0.66, 0.36]);
        canvas.line((W * x - 24.0, H * 0.74), (W * x + 24.0, H * 0.74), 9.0, [0.66, 0.14, 0.12]);
    }
    pipe(&mut canvas, (W * 0.5, 0.0), (W * 0.5, H * 0.14), [0.80, 0.80, 0.80]);
    let (from, to) = ((W * 0.31, H * 0.11), (W * 0.69, H * 0.68));
    canvas.shadow((from.0 + 10.0, from.1 + 16.0), (to.0 + 10.0, to.1 + 16.0), 46.0, 0.55);
    canvas.block(from, to, 18.0, [0.93, 0.93, 0.92]);
    canvas.lay(from, to, [0.55, 0.56, 0.58], |x, _| {
        ((x - W * 0.60) / (W * 0.10)).clamp(0.0, 1.0) * 0.35
    });
    canvas.block((from.0, H * 0.53), (to.0, H * 0.535), 0.0, [0.62, 0.62, 0.62]);
    canvas.block((W * 0.35, H * 0.56), (W * 0.50, H * 0.64), 6.0, [0.16, 0.18, 0.19]);
    canvas.block((W * 0.365, H * 0.575), (W * 0.435, H * 0.625), 3.0, [0.46, 0.60, 0.48]);
    for button in 0_u8..3 {
        canvas.disc((W * 0.455 + f32::from(button) * 19.0, H * 0.60), 6.0, [0.62, 0.63, 0.64]);
    }
    gauge(&mut canvas, (W * 0.60, H * 0.60), 44.0, canvas_turn(seed));
    canvas.block((W * 0.46, H * 0.20), (W * 0.54, H * 0.222), 4.0, [0.28, 0.40, 0.55]);
    canvas.finish()
}

fn canvas_turn(seed: u32) -> f32 {
    -2.2 + (seed % 7) as f32 * 0.32
}

fn gauge(canvas: &mut Canvas, (x, y): (f32, f32), radius: f32, turn: f32) {
    canvas.disc((x, y), radius, [0.24, 0.25, 0.26]);
    canvas.disc((x, y), radius - 6.0, [0.97, 0.97, 0.95]);
    for tick in 0_u8..11 {
        let angle = -3.9 + f32::from(tick) * 0.47;
        let (dx, dy) = (angle.cos(), angle.sin());
        let colour = if tick > 7 { [0.80, 0.20, 0.14] } else { [0.2, 0.2, 0.2] };
        canvas.line(
            (x + dx * (radius - 10.0), y + dy * (radius - 10.0)),
            (x + dx * (radius - 17.0), y + dy * (radius - 17.0)),
            2.6,
            colour,
        );
    }
    canvas.line(
        (x, y),
        (x + turn.cos() * (radius - 16.0), y + turn.sin() * (radius - 16.0)),
        3.4,
        [0.75, 0.16, 0.12],
    );
    canvas.disc((x, y), 5.0, [0.15, 0.15, 0.15]);
}

fn pipe(canvas: &mut Canvas, a: (f32, f32), b: (f32, f32), colour: Colour) {
    canvas.line((a.0 + 6.0, a.1 + 8.0), (b.0 + 6.0, b.1 + 8.0), 22.0, [0.40, 0.40, 0.40]);
    canvas.line(a, b, 21.0, shade(colour, 0.66));
    canvas.line((a.0 - 2.0, a.1 - 2.0), (b.0 - 2.0, b.1 - 2.0), 13.0, colour);
    canvas.line((a.0 - 4.0, a.1 - 4.0), (b.0 - 4.0, b.1 - 4.0), 4.0, shade(colour, 1.36));
}

/// Draws an open distribution board with three rows of breakers, one of them tripped.
pub(super) fn board(seed: u32) -> RgbImage {
    let mut canvas = Canvas::new(seed, [0.60, 0.58, 0.54], [0.50, 0.48, 0.45]);
    canvas.weather((0.0, 0.0), (W, H), 60.0, 0.10);
    let (from, to) = ((W * 0.22, H * 0.08), (W * 0.78, H * 0.92));
    canvas.shadow((from.0 + 12.0, from.1 + 16.0), (to.0 + 12.0, to.1 + 16.0), 44.0, 0.55);
    canvas.block(from, to, 10.0, [0.72, 0.74, 0.75]);
    canvas.block(
        (from.0 + 26.0, from.1 + 26.0),
        (to.0 - 26.0, to.1 - 26.0),
        6.0,
        [0.80, 0.81, 0.82],
    );
    let tripped = (seed % 3, seed % 8 + 2);
    for row in 0_u32..3 {
        let y = H * (0.17 + row as f32 * 0.25);
        canvas.block((from.0 + 52.0, y), (to.0 - 52.0, y + 150.0), 4.0, [0.20, 0.21, 0.22]);
        for slot in 0_u32..12 {
            let x = from.0 + 62.0 + slot as f32 * 49.6;
            canvas.block((x, y + 10.0), (x + 45.0, y + 140.0), 3.0, [0.90, 0.90, 0.89]);
            canvas.block((x + 12.0, y + 46.0), (x + 33.0, y + 104.0), 3.0, [0.25, 0.26, 0.28]);
            let down = (row, slot) == tripped;
            let (top, colour) =
                if down { (76.0, [0.85, 0.33, 0.08]) } else { (50.0, [0.10, 0.11, 0.13]) };
            canvas.block((x + 14.0, y + top), (x + 31.0, y + top + 24.0), 3.0, colour);
            canvas.block((x + 10.0, y + 22.0), (x + 35.0, y + 26.0), 0.0, [0.45, 0.47, 0.50]);
            canvas.block((x + 10.0, y + 118.0), (x + 28.0, y + 122.0), 0.0, [0.45, 0.47, 0.50]);
        }
        canvas.block((from.0 + 62.0, y + 156.0), (to.0 - 62.0, y + 176.0), 2.0, [0.95, 0.94, 0.88]);
        for label in 0_u32..12 {
            let x = from.0 + 66.0 + label as f32 * 49.6;
            let length = 12.0 + canvas.chance(row * 20 + label) * 24.0;
            canvas.block((x, y + 163.0), (x + length, y + 168.0), 1.0, [0.30, 0.32, 0.40]);
        }
    }
    canvas.shape(
        &[(W * 0.28, H * 0.125), (W * 0.297, H * 0.155), (W * 0.263, H * 0.155)],
        [0.95, 0.75, 0.10],
    );
    canvas.lay(from, to, [1.0, 1.0, 1.0], |x, y| {
        let band = x * 0.7 + y;
        if (760.0..860.0).contains(&band) { 0.06 } else { 0.0 }
    });
    canvas.finish()
}

/// Draws a flight of stairs seen from below, with its handrail.
pub(super) fn stairs(seed: u32) -> RgbImage {
    let mut canvas = Canvas::new(seed, [0.86, 0.85, 0.81], [0.66, 0.65, 0.62]);
    canvas.weather((0.0, 0.0), (W, H), 180.0, 0.05);
    let stone = [[0.62, 0.61, 0.58], [0.55, 0.43, 0.32]][seed as usize % 2];
    let steps = 11;
    for step in 0..steps {
        let near = |step: i32| (1.0 - step as f32 / 13.0).powf(1.5);
        let (lower, upper) = (near(step), near(step + 1));
        let y = |part: f32| H * (0.22 + 0.78 * part);
        let reach = |part: f32| W * (0.10 + 0.27 * part);
        let middle = W * 0.47;
        let (bottom, top) = (y(lower), y(upper));
        let nose = top + (bottom - top) * 0.42;
        let light = 0.78 + 0.30 * step as f32 / steps as f32;
        canvas.shape(
            &[
                (middle - reach(lower), nose),
                (middle + reach(lower), nose),
                (middle + reach(lower), bottom),
                (middle - reach(lower), bottom),
            ],
            shade(stone, light * 0.62),
        );
        canvas.shape(
            &[
                (middle - reach(upper), top),
                (middle + reach(upper), top),
                (middle + reach(lower), nose),
                (middle - reach(lower), nose),
            ],
            shade(stone, light * 1.16),
        );
        canvas.line(
            (middle - reach(lower), nose),
            (middle + reach(lower), nose),
            5.0 * lower + 1.5,
            mix([0.90, 0.72, 0.16], stone, 0.25),
        );
    }
    let steel = [0.22, 0.24, 0.27];
    let (foot, head) = ((W * 0.90, H * 0.70), (W * 0.60, H * 0.06));
    for post in 0_u8..8 {
        let part = f32::from(post) / 7.4;
        let at = (foot.0 + (head.0 - foot.0) * part, foot.1 + (head.1 - foot.1) * part);
        let height = 300.0 * (1.0 - part) + 90.0;
        canvas.line(
            at,
            (at.0 - 8.0 * (1.0 - part), at.1 + height),
            9.0 * (1.0 - part) + 3.0,
            steel,
        );
    }
    canvas.line(foot, head, 20.0, shade(steel, 0.8));
    canvas.line((foot.0 - 4.0, foot.1 - 5.0), (head.0 - 2.0, head.1 - 4.0), 5.0, shade(steel, 2.4));
    canvas.finish()
}

//! Tests of uploading photos, checking their content, and serving them to those who may see them.

use crate::support::{Form, World, file, jpeg, picture, turned};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{
    change::{Action, Mutation},
    inspection::{Status, Target},
    people::Role,
};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use uuid::Uuid;

async fn only_photo(world: &World) -> domain::inspection::Photo {
    let inspection = world.inspection().await;
    let [photo] = inspection.photos.as_slice() else { panic!("{:?}", inspection.photos) };
    photo.clone()
}

#[tokio::test]
async fn a_photo_is_attached_and_recorded() {
    let world = World::new().await;
    let section = world.add_section("Roof").await.id;
    let bytes = jpeg(2000, 1000);
    let request = Uuid::now_v7();
    let form = Form::default()
        .field("request_id", &request.to_string())
        .field("section", &section.to_string())
        .field("caption", "Slipped slates")
        .file("roof.jpg", &bytes);
    let answer = world.upload(&world.inspector, form).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());

    let photo = only_photo(&world).await;
    assert_eq!(answer.json()["photos"][0]["id"], photo.id.0);
    assert_eq!(answer.json()["head"], world.inspection().await.head.0);
    assert_eq!((photo.width, photo.height), (2000, 1000));
    assert_eq!((photo.name.as_str(), photo.caption.as_str()), ("roof.jpg", "Slipped slates"));
    assert_eq!(photo.section.map(|id| id.0), Some(section.0));
    assert_eq!(photo.bytes, bytes.len() as i64);
    let change = world.history().await.remove(0);
    assert_eq!((change.record.action, change.request_id), (Action::AddPhoto, request));
}

#[tokio::test]
async fn a_photo_is_served_in_three_sizes() {
    let world = World::new().await;
    let original = jpeg(2000, 1000);
    world.upload(&world.inspector, Form::default().file("Dach Süd.jpg", &original)).await;
    let id = only_photo(&world).await.id;
    for (size, width) in [("480", 480), ("1600", 1600), ("full", 2000)] {
        let answer = world.get(&world.inspector, &format!("/photos/{id}?size={size}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header(header::CONTENT_TYPE), "image/jpeg");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert!(answer.header(header::CACHE_CONTROL).contains("private"));
        assert!(answer.header(header::CACHE_CONTROL).contains("immutable"));
        assert_eq!(
            answer.header(header::CONTENT_DISPOSITION),
            "inline; filename=\"Dach S_d.jpg\"; filename*=UTF-8''Dach%20S%C3%BCd.jpg"
        );
        assert_eq!(image::load_from_memory(&answer.body).unwrap().width(), width);
        if size == "full" {
            assert_eq!(answer.body, original);
        }
        let known = answer.header(header::ETAG);
        for (known, is_known) in [
            (known.to_owned(), true),
            (format!("\"another\", W/{known}"), true),
            ("\"another\"".to_owned(), false),
        ] {
            let again = Request::get(format!("/photos/{id}?size={size}"));
            let again = again.header(header::IF_NONE_MATCH, &known);
            let again = world.send(&world.inspector, again, Body::empty()).await;
            let status = if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
            assert_eq!((again.status, again.body.is_empty()), (status, is_known), "{known}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_of_an_upload_or_a_size_is_refused() {
    let world = World::new().await;
    let bytes = jpeg(40, 30);
    for id in ["abc", "", "123456789012345678901234567890"] {
        let form = Form::default().field("request_id", id).file("roof.jpg", &bytes);
        let answer = world.upload(&world.inspector, form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{id}");
        assert!(answer.text().contains("Load the page again"), "{}", answer.text());
    }
    assert!(world.inspection().await.photos.is_empty());
    world.upload(&world.inspector, Form::default().file("roof.jpg", &bytes)).await;
    let id = only_photo(&world).await.id;
    let answer = world.get(&world.inspector, &format!("/photos/{id}?size=large")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_photo_taken_upright_stands_upright() {
    let world = World::new().await;
    // To be rotated by 90 degrees clockwise: the red corner moves from upper left to upper right.
    let sideways = turned(&jpeg(400, 200), 6);
    world.upload(&world.inspector, Form::default().file("tall.jpg", &sideways)).await;
    let photo = only_photo(&world).await;
    assert_eq!((photo.width, photo.height), (200, 400));
    let served = world.get(&world.inspector, &format!("/photos/{}?size=480", photo.id)).await;
    let served = image::load_from_memory(&served.body).unwrap();
    assert_eq!(served.dimensions(), (200, 400));
    let [red, _, blue, _] = served.get_pixel(180, 20).0;
    assert!(red > 180 && blue < 80, "the upper right corner is {:?}", served.get_pixel(180, 20));
}

#[tokio::test]
async fn what_is_transparent_becomes_white() {
    let world = World::new().await;
    let clear: DynamicImage = RgbaImage::from_pixel(60, 40, Rgba([0, 0, 0, 0])).into();
    for (name, format) in [("a.png", ImageFormat::Png), ("a.webp", ImageFormat::WebP)] {
        let form = Form::default().file(name, &file(&clear, format));
        let answer = world.upload(&world.inspector, form).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        let id = answer.json()["photos"][0]["id"].clone();
        let served = world.get(&world.inspector, &format!("/photos/{id}?size=480")).await;
        assert_eq!(served.header(header::CONTENT_TYPE), "image/jpeg");
        let [red, green, blue, _] =
            image::load_from_memory(&served.body).unwrap().get_pixel(30, 20).0;
        assert!(red > 250 && green > 250 && blue > 250);
    }
}

#[tokio::test]
async fn what_is_no_photo_is_refused_whatever_its_name() {
    let world = World::new().await;
    let gif = b"GIF89a\x01\0\x01\0\0\0\0;".as_slice();
    for bytes in [b"%PDF-1.7 not a photo".as_slice(), b"<svg xmlns='x'/>", gif] {
        let answer = world.upload(&world.inspector, Form::default().file("a.jpg", bytes)).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(answer.json()["message"], "a.jpg is not a JPEG, PNG or WebP picture.");
    }
    let head_alone = &jpeg(300, 200)[..200];
    let answer = world.upload(&world.inspector, Form::default().file("a.jpg", head_alone)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json()["message"], "a.jpg is damaged and cannot be read.");
    assert!(world.inspection().await.photos.is_empty());
}

#[tokio::test]
async fn too_many_pixels_are_refused_before_they_are_decoded() {
    let world = World::new().await;
    // A small file that claims to be larger than it is.
    for ((width, height), says) in [
        ((30_000_u32, 30_000_u32), "50 megapixels"),
        ((50_000_000, 1), "30000 pixels along one side"),
        ((1, 50_000_000), "30000 pixels along one side"),
    ] {
        let mut bomb = file(&picture(8, 8), ImageFormat::Png);
        bomb[16..20].copy_from_slice(&width.to_be_bytes());
        bomb[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc32(&bomb[12..29]).to_be_bytes();
        bomb[29..33].copy_from_slice(&sum);
        let answer = world.upload(&world.inspector, Form::default().file("big.png", &bomb)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(says), "{}", answer.text());
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 }
        })
    })
}

#[tokio::test]
async fn a_file_that_is_too_large_does_not_lose_the_others() {
    let world = World::new().await;
    let large = vec![0xff; 25_000_001];
    let form = Form::default()
        .file("large.jpg", &large)
        .file("one.jpg", &jpeg(30, 20))
        .file("note.txt", b"hello")
        .file("two.jpg", &jpeg(20, 30));
    let answer = world.upload(&world.inspector, form).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let names: Vec<_> = world.inspection().await.photos.iter().map(|it| it.name.clone()).collect();
    assert_eq!(names, ["one.jpg", "two.jpg"]);
    let refused = &answer.json()["refused"];
    assert_eq!(refused[0], "large.jpg is larger than 25 MB. Send a smaller version of it.");
    assert_eq!(refused[1], "note.txt is not a JPEG, PNG or WebP picture.");
    let history = world.history().await;
    assert_eq!(history[0].request_id, history[1].request_id);

    let alone = world.upload(&world.inspector, Form::default().file("large.jpg", &large)).await;
    assert_eq!(alone.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_same_upload_sent_twice_is_recorded_once() {
    let world = World::new().await;
    let form = Form::default()
        .field("request_id", &Uuid::now_v7().to_string())
        .file("one.jpg", &jpeg(30, 20));
    let first = world.upload(&world.inspector, form.clone()).await;
    let second = world.upload(&world.inspector, form).await;
    assert_eq!(first.json()["photos"], second.json()["photos"]);
    assert_eq!(world.inspection().await.photos.len(), 1);
}

#[tokio::test]
async fn photos_chosen_together_are_sent_one_by_one_under_one_request() {
    let world = World::new().await;
    let request = Uuid::now_v7().to_string();
    let form = |ordinal: &str, side| {
        Form::default()
            .field("request_id", &request)
            .field("ordinal", ordinal)
            .file("roof.jpg", &jpeg(side, 40))
    };
    // The second arrives first, and the first is sent again after its answer was lost.
    for (ordinal, side) in [("2", 80), ("1", 60), ("1", 60)] {
        let answer = world.upload(&world.inspector, form(ordinal, side)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    }
    let widths: Vec<_> = world.inspection().await.photos.iter().map(|it| it.width).collect();
    assert_eq!(widths, [80, 60]);
    let history = world.history().await;
    assert!(history[..2].iter().all(|change| change.request_id.to_string() == request));

    // Another photo under a key that was used is refused and not taken for a retry.
    let answer = world.upload(&world.inspector, form("1", 120)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    for unreadable in ["", "0", "-1", "first"] {
        let answer = world.upload(&world.inspector, form(unreadable, 60)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{unreadable}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_same_photo_is_stored_once() {
    let world = World::new().await;
    for name in ["one.jpg", "two.jpg"] {
        world.upload(&world.inspector, Form::default().file(name, &jpeg(30, 20))).await;
    }
    assert_eq!(world.inspection().await.photos.len(), 2);
    let kept = std::fs::read_dir(world.folder.path().join("objects/photos")).unwrap();
    assert_eq!(kept.count(), 3);
}

#[tokio::test]
async fn a_plain_form_is_led_back_to_the_page() {
    let world = World::new().await;
    let page = format!("/inspections/{}", world.inspection);
    let form = Form::default().field("section", "").file("one.jpg", &jpeg(30, 20));
    let done = world.upload_for(&world.inspector, form, "text/html").await;
    assert_eq!((done.status, done.header(header::LOCATION)), (StatusCode::SEE_OTHER, &*page));

    let empty = Form::default().file("", b"");
    let none = world.upload_for(&world.inspector, empty, "text/html").await;
    assert_eq!(none.header(header::LOCATION), format!("{page}?refused=no-photo"));

    let good_and_empty = Form::default().file("two.jpg", &jpeg(20, 30)).file("roof.jpg", b"");
    let answer = world.upload_for(&world.inspector, good_and_empty, "text/html").await;
    let back = answer.header(header::LOCATION).to_owned();
    let answer = world.get(&world.inspector, &back).await.text();
    assert!(answer.contains("roof.jpg is empty."), "{back}");
    assert_eq!(world.inspection().await.photos.len(), 2);

    let wrong = Form::default().file("a b.pdf", b"%PDF");
    let wrong = world.upload_for(&world.inspector, wrong, "text/html").await;
    let back = wrong.header(header::LOCATION).to_owned();
    let answer = world.get(&world.inspector, &back).await.text();
    assert!(answer.contains("a b.pdf is not a JPEG, PNG or WebP picture."), "{back}");
}

#[tokio::test]
async fn only_who_works_on_it_attaches_photos_and_only_to_a_draft() {
    let world = World::new().await;
    let form = || Form::default().file("one.jpg", &jpeg(30, 20));
    let stranger = world.enrol("theo@example.org", Role::Inspector).await;
    let reviewer = world.enrol("mira@example.org", Role::Reviewer).await;
    assert_eq!(world.upload(&stranger, form()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.upload(&reviewer, form()).await.status, StatusCode::FORBIDDEN);
    world.perform(Mutation::SetStatus { to: Status::Review, reason: None }).await;
    let locked = world.upload(&world.inspector, form()).await;
    assert!(locked.status.is_client_error());
    assert!(locked.text().contains("no longer a draft"), "{}", locked.text());
    assert!(world.inspection().await.photos.is_empty());
    let kept = world.folder.path().join("objects/photos");
    assert!(!kept.exists(), "files of strangers were kept");
}

#[tokio::test]
async fn only_who_may_see_the_inspection_sees_its_photos() {
    let world = World::new().await;
    world.upload(&world.inspector, Form::default().file("one.jpg", &jpeg(30, 20))).await;
    let id = only_photo(&world).await.id;
    let path = format!("/photos/{id}?size=480");
    let stranger = world.enrol("theo@example.org", Role::Inspector).await;
    let reviewer = world.enrol("mira@example.org", Role::Reviewer).await;
    assert_eq!(world.get(&stranger, &path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(&reviewer, &path).await.status, StatusCode::OK);
    // A removed photo is still served, because the history shows it.
    world.perform(Mutation::Remove { target: Target::Photo(id) }).await;
    assert_eq!(world.get(&reviewer, &path).await.status, StatusCode::OK);
}

/// A progressive JPEG, which is sent as several scans of the whole picture.
const PROGRESSIVE: &[u8] = include_bytes!("progressive.jpg");

#[tokio::test]
async fn a_jpeg_that_was_cut_off_is_refused_and_one_without_its_end_marker_is_not() {
    let world = World::new().await;
    let noise = RgbImage::from_fn(300, 200, |x, y| {
        let value = |by: u32| (x.wrapping_mul(by) ^ y.wrapping_mul(by / 3 + 7)).to_le_bytes()[0];
        Rgb([value(97), value(31), value(53)])
    });
    for whole in [jpeg(400, 300), file(&noise.into(), ImageFormat::Jpeg), PROGRESSIVE.to_vec()] {
        assert_eq!(whole[whole.len() - 2..], [0xff, 0xd9]);
        let unended = &whole[..whole.len() - 2];
        let followed = [&whole[..], b"what some phones write behind a picture"].concat();
        for good in [&whole[..], unended, &followed] {
            let answer = world.upload(&world.inspector, Form::default().file("a.jpg", good)).await;
            assert_eq!(
                answer.status,
                StatusCode::CREATED,
                "{} bytes: {}",
                good.len(),
                answer.text()
            );
        }
        for percent in [50, 75, 90] {
            let cut = &whole[..whole.len() * percent / 100];
            // As programs do that rescue files.
            let ended = [cut, &[0xff, 0xd9]].concat();
            for cut in [cut, &ended] {
                let form = Form::default().file("a.jpg", cut);
                let answer = world.upload(&world.inspector, form).await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{percent} %");
                assert_eq!(answer.json()["message"], "a.jpg is damaged and cannot be read.");
            }
        }
    }
}

#[tokio::test]
async fn a_colour_profile_that_inflates_without_bounds_is_left_out() {
    let world = World::new().await;
    // The compressed pixels of a large black picture are compressed zeros, which serve as a
    // decompression bomb.
    let black = DynamicImage::new_luma8(6_000, 6_000);
    let black = file(&black, ImageFormat::Png);
    let zeros = chunks(&black).filter(|(kind, _)| *kind == b"IDAT").flat_map(|(_, data)| data);
    let profile: Vec<u8> = b"bomb\0\0".iter().copied().chain(zeros.copied()).collect();
    assert!(profile.len() > 16_600, "{}", profile.len());
    let small = file(&picture(60, 40), ImageFormat::Png);
    let mut chunk = b"iCCP".to_vec();
    chunk.extend_from_slice(&profile);
    let sum = crc32(&chunk).to_be_bytes();
    let length = u32::try_from(profile.len()).unwrap().to_be_bytes();
    // Inserted after the header.
    let bomb = [&small[..33], &length, &chunk, &sum, &small[33..]].concat();
    let answer = world.upload(&world.inspector, Form::default().file("bomb.png", &bomb)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let id = only_photo(&world).await.id;
    let served = world.get(&world.inspector, &format!("/photos/{id}?size=full")).await;
    assert_eq!(served.body, bomb, "the original is kept as it came");
}

/// Iterates over the chunks of a PNG file: their kinds and their data.
fn chunks(png: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = &png[8..];
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let chunk = (&rest[4..8], &rest[8..8 + length]);
        rest = &rest[length + 12..];
        Some(chunk)
    })
}

//! Tests of photos.

use super::*;

#[test]
fn a_chosen_photo_is_the_cover_and_photos_keep_their_order() {
    let (mut inspection, photos) = (full(), one_photo());
    let fonts = embedded();
    let legible = Legible::new(&fonts);
    let data = |inspection: &Inspection| {
        let shown = Photos::new(inspection, &photos).unwrap();
        let pictures = Pictures { photos: &shown, logo: None };
        let data = Data::new(&input(inspection), &pictures, &legible, &fonts.families);
        serde_json::to_value(data).expect("is JSON")
    };
    inspection.photos = vec![
        Photo { rank: 9 << 20, ..photo(5, None, "Front") },
        photo(6, None, "Rear"),
        photo(7, Some(2), "Stairwell"),
    ];
    let shown = data(&inspection);
    assert_eq!(
        (&shown["cover"]["caption"]["text"], &shown["photos"][0]["caption"]["text"]),
        (&"Rear".into(), &"Front".into())
    );
    inspection.photos[2].cover = 1;
    let shown = data(&inspection);
    assert_eq!(shown["cover"]["caption"]["text"], "Stairwell");
    assert_eq!(shown["photos"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_lost_or_spoilt_photo_is_told_of() {
    let mut inspection = full();
    inspection.photos[1].sha256 = "b1b1".into();
    let mut photos = one_photo();
    photos.insert("b1b1".into(), b"\xff\xd8\xff no picture".to_vec());
    let shown = show(&inspection, &photos);
    assert!(shown.says("This photo cannot be shown: Photo IMG_6.jpg of Stairs"));
    assert!(!show(&full(), &one_photo()).says("This photo cannot be shown"));
}

#[test]
fn each_photo_is_in_the_file_once_and_whole() {
    let mut inspection = full();
    inspection.photos = (0..12)
        .map(|id| Photo {
            sha256: format!("{:064x}", id / 2),
            ..photo(100 + id, Some(2), "A crack")
        })
        .collect();
    let photos: Jpegs = (0..6).map(|id| (format!("{id:064x}"), jpeg(300 + id * 20, 200))).collect();
    let (file, _) = pdf(&inspection, &photos);
    let shown = pictures(&file);
    assert_eq!(shown.len(), 6);
    for (dictionary, stream) in shown {
        let photo = photos.values().find(|photo| **photo == stream).expect("one of the photos");
        let size = image::load_from_memory(photo).unwrap();
        for wanted in [
            format!("/Length {}/", photo.len()),
            format!("/Width {}/", size.width()),
            format!("/Height {}/", size.height()),
        ] {
            assert!(dictionary.contains(&wanted), "{wanted} is missing from {dictionary}");
        }
    }
}

/// Returns the JPEG images of a file with their dictionaries, found through its cross-reference
/// table as in a viewer.
fn pictures(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let find = |from: usize, words: &[u8]| {
        let found = file[from..].windows(words.len()).position(|it| it == words);
        from + found.unwrap_or_else(|| panic!("{} is missing", text(words)))
    };
    let tail = text(&file[file.len() - 64..]);
    let table = tail.split("startxref\n").nth(1).and_then(|it| it.lines().next()).unwrap();
    let table: usize = table.parse().unwrap();
    assert!(file[table..].starts_with(b"xref\n0 "), "the table is not where the file says");
    let mut lines = file[table..].split(|byte| *byte == b'\n').map(text).skip(1);
    let count: usize = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let mut pictures = Vec::new();
    for (number, line) in lines.take(count).enumerate().filter(|(_, line)| line.contains(" n")) {
        let at: usize = line[..10].parse().unwrap();
        let head = format!("{number} 0 obj\n");
        assert!(file[at..].starts_with(head.as_bytes()), "object {number} is not at {at}");
        let end = at + file[at..].windows(2).position(|it| it == b">>").unwrap();
        let dictionary = text(&file[at + head.len()..end]);
        if !dictionary.contains("/DCTDecode") {
            continue;
        }
        let length = dictionary.split("/Length ").nth(1).unwrap();
        let length: usize = length.split('/').next().unwrap().parse().unwrap();
        let stream = find(at, b"\nstream\n") + 8;
        assert_eq!(text(&file[stream + length..stream + length + 11]), "\nendstream\n");
        pictures.push((dictionary, file[stream..stream + length].to_vec()));
    }
    pictures
}

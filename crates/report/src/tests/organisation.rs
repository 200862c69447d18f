//! Tests of the organisation that the report is from.

use super::*;

/// Returns an organisation with a logo of this size, and the logo's file.
fn organisation(width: u32, height: u32) -> (Organisation, Vec<u8>) {
    let mut png = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([20, 60, 160]));
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let organisation = Organisation {
        name: "Example Surveyors".into(),
        address: "1 Example Street\nExampleton".into(),
        logo: Some(Logo { sha256: SHA.into(), width: width.into(), height: height.into() }),
    };
    (organisation, png.into_inner())
}

#[test]
fn the_organisation_is_named_on_the_cover_and_on_each_page() {
    let (inspection, source) = (full(), one_photo());
    let (fonts, photos) = (embedded(), Photos::new(&inspection, &source).unwrap());
    for (width, height) in [(300, 100), (40, 400), (2_000, 20)] {
        let (organisation, logo) = organisation(width, height);
        let input = Input { organisation, ..input(&inspection) };
        let pictures = Pictures { photos: &photos, logo: Some(logo) };
        let legible = Legible::new(&fonts);
        let document = lay_out(&input, &pictures, &fonts, &legible).unwrap();
        let shown = Shown::of(&document, document.pages().len());
        assert!(shown.pages[0].contains("1 Example Street"), "{}", shown.pages[0]);
        assert!(shown.pages[0].contains("Exampleton"));
        for page in &shown.pages {
            assert!(page.contains("Example Surveyors"), "{page}");
        }
        attempt(&input, &pictures, &fonts, &legible).unwrap();
    }
}

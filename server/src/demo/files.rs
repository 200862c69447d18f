//! The files of the demo: photos and reports, made and kept as those of people are.

use super::{
    pictures,
    script::{Shot, Step, Story},
};
use anyhow::Context;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{Change, Inspection, Photo, Report};
use image::{ImageFormat, imageops::FilterType};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, io::Cursor};
use store::Store;

/// Draws and keeps every photo of the stories, several at a time.
pub(super) fn photos(
    store: &Store,
    stories: &[Story],
) -> impl Future<Output = anyhow::Result<BTreeMap<&'static str, Photo>>> + use<> {
    let steps = stories.iter().flat_map(|story| &story.visits).flat_map(|visit| &visit.steps);
    let shots = steps.filter_map(|step| match step {
        Step::Photo(shot) => Some(*shot),
        _ => None,
    });
    let tasks: Vec<_> = shots.map(|shot| tokio::spawn(photo(store.clone(), shot))).collect();
    async move {
        let mut photos = BTreeMap::new();
        for task in tasks {
            let (name, photo) = task.await??;
            photos.insert(name, photo);
        }
        Ok(photos)
    }
}

async fn photo(store: Store, shot: Shot) -> anyhow::Result<(&'static str, Photo)> {
    let (original, scaled, width, height) = tokio::task::spawn_blocking(move || {
        let bytes = pictures::draw(shot.scene, shot.seed)?;
        let picture = image::load_from_memory(&bytes)?;
        let mut scaled = Vec::new();
        for longest in [480, 1600] {
            let mut small = Cursor::new(Vec::new());
            picture
                .resize(longest, longest, FilterType::Triangle)
                .write_to(&mut small, ImageFormat::Jpeg)?;
            scaled.push((longest, small.into_inner()));
        }
        anyhow::Ok((bytes, scaled, picture.width(), picture.height()))
    })
    .await??;
    let sha256 = hash(&original);
    for (longest, bytes) in scaled {
        let key = format!("photos/{sha256}-{longest}.jpg");
        store.objects().put(&key, bytes.into()).await?;
    }
    let photo = Photo {
        name: shot.name.into(),
        caption: shot.caption.into(),
        media_type: "image/jpeg".into(),
        bytes: i64::try_from(original.len())?,
        width: width.into(),
        height: height.into(),
        sha256,
        ..Photo::default()
    };
    store.objects().put(&format!("photos/{}", photo.sha256), original.into()).await?;
    Ok((shot.name, photo))
}

/// Makes and keeps a report of an inspection as it stands after `change`.
pub(super) async fn report(
    store: &Store,
    inspection: &Inspection,
    change: &Change,
    at: DateTime<Utc>,
) -> anyhow::Result<Report> {
    let mut photos = BTreeMap::<String, Bytes>::new();
    for photo in &inspection.photos {
        let key = format!("photos/{}-1600.jpg", photo.sha256);
        let bytes = store.objects().get(&key).await?.context("a photo is gone")?;
        photos.insert(photo.sha256.clone(), bytes);
    }
    let (shown, change) = (inspection.clone(), change.clone());
    let pdf = tokio::task::spawn_blocking(move || {
        report::render(&report::Input {
            inspection: &shown,
            photos: &photos,
            shows_at: change.created_at,
            shows_by: &change.user_name,
            made_at: at,
        })
    })
    .await??;
    let report = Report {
        name: format!("{} {}.pdf", inspection.reference, inspection.name),
        shows: inspection.head,
        sha256: hash(&pdf.bytes),
        bytes: i64::try_from(pdf.bytes.len())?,
        pages: i64::try_from(pdf.pages)?,
        ..Report::default()
    };
    let key = format!("reports/{}.pdf", report.sha256);
    store.objects().put(&key, pdf.bytes.into()).await?;
    Ok(report)
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

//! Photos of the demo: drawn, then decoded and stored like uploads.

use super::{
    pictures,
    script::{ScriptStep, Shot, Story},
};
use bytes::Bytes;
use domain::inspection::Photo;
use service::{
    Store,
    photos::{Picture, keep},
};
use std::collections::BTreeMap;
use tokio::task::{JoinSet, spawn_blocking};

/// Draws and stores all photos of the stories, several at a time. Returns them by name.
pub(super) async fn draw_all(
    store: &Store,
    stories: &[Story],
) -> anyhow::Result<BTreeMap<&'static str, Photo>> {
    let steps = stories.iter().flat_map(|story| &story.visits).flat_map(|visit| &visit.steps);
    let mut drawing = JoinSet::new();
    for step in steps {
        if let ScriptStep::Photo(shot) = step {
            drawing.spawn(draw(store.clone(), *shot));
        }
    }
    let mut photos = BTreeMap::new();
    while let Some(drawn) = drawing.join_next().await {
        let (name, photo) = drawn??;
        photos.insert(name, photo);
    }
    Ok(photos)
}

async fn draw(store: Store, shot: Shot) -> anyhow::Result<(&'static str, Photo)> {
    let (bytes, picture) = spawn_blocking(move || {
        let bytes = Bytes::from(pictures::draw(shot.scene, shot.seed)?);
        let read = Picture::read(shot.name, &bytes);
        let picture = read?;
        anyhow::Ok((bytes, picture))
    })
    .await??;
    keep(store.objects(), &picture, bytes).await?;
    Ok((shot.name, Photo { caption: shot.caption.into(), ..picture.photo }))
}

//! Tests of photos and reports whose files differ from the recorded ones.

use super::*;
use bytes::Bytes;
use chrono::TimeDelta;
use domain::inspection::{Photo, Report};
use store::{
    Clock,
    keys::{self, PhotoSize},
};

on_both!(a_file_that_is_gone_or_altered_is_found, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let (light, page) = (Bytes::from_static(b"light"), Bytes::from_static(b"page"));
    let (photo, report) = (keys::sha256(&light), keys::sha256(&page));
    let (at_photo, at_report) = (keys::photo(&photo, PhotoSize::Original), keys::report(&report));
    let objects = case.store.objects();
    objects.put(&at_photo, light.clone()).await.unwrap();
    objects.put(&at_report, page.clone()).await.unwrap();
    let attached = Photo {
        name: "a.jpg".into(),
        sha256: photo,
        media_type: "image/jpeg".into(),
        bytes: 5,
        width: 640,
        height: 480,
        ..Photo::default()
    };
    let first = case.does(&ida, id, Mutation::AddPhoto { photo: attached.clone() }).await;
    // The same photo is attached again and removed: its file stays, and is read once.
    let photo = PhotoId(case.does(&ida, id, Mutation::AddPhoto { photo: attached }).await.id.0);
    case.does(&ida, id, Mutation::Remove { target: Target::Photo(photo) }).await;
    let made =
        Report { name: "a.pdf".into(), sha256: report, shows: first.id, ..Report::default() };
    let made = case.does(&ida, id, Mutation::CreateReport { report: made }).await;

    let verify = async || match case.store.verify_files(objects, quietly(), at(0)).await {
        Ok(verified) => Ok(verified.files),
        Err(VerifyError::Wrong(wrong)) => Err(wrong.to_string()),
        Err(failed) => panic!("{failed:?}"),
    };
    assert_eq!(verify().await, Ok(2));
    objects.put(&at_report, Bytes::from_static(b"another page")).await.unwrap();
    let found = verify().await.unwrap_err();
    let change = format!("change {}:", made.id);
    assert_names(&found, &["BI-2026-0001", &change, "report", "was altered"]);
    objects.put(&at_report, page).await.unwrap();
    assert_eq!(verify().await, Ok(2));

    let mut raw = unguarded(case).await;
    raw.run("update photos set sha256 = 'ff'").await.unwrap();
    drop(raw);
    let found = verify().await.unwrap_err();
    let change = format!("change {}:", first.id);
    assert_names(&found, &["BI-2026-0001", &change, "photo", "is gone"]);
});

on_both!(a_file_that_the_record_does_not_name_is_found_once_it_is_old, |case| {
    let ida = case.person("Ida Example", Role::Inspector).await;
    let id = case.create(&ida, "Riverside House").await;
    let (light, page) = (Bytes::from_static(b"light"), Bytes::from_static(b"page"));
    let sha256 = keys::sha256(&light);
    let objects = case.store.objects();
    for size in PhotoSize::ALL {
        objects.put(&keys::photo(&sha256, size), light.clone()).await.unwrap();
    }
    let attached = Photo {
        name: "a.jpg".into(),
        sha256,
        media_type: "image/jpeg".into(),
        bytes: 5,
        width: 640,
        height: 480,
        ..Photo::default()
    };
    case.does(&ida, id, Mutation::AddPhoto { photo: attached }).await;
    let stray = keys::report(&keys::sha256(&page));
    objects.put(&stray, page).await.unwrap();
    objects.put("notes.txt", light).await.unwrap();

    let strays = async |now| {
        let verified = case.store.verify_files(objects, quietly(), now).await.unwrap();
        assert_eq!(verified.files, 1);
        verified.strays.into_iter().map(|stray| stray.key).collect::<Vec<_>>()
    };
    let now = Clock::system().now();
    assert_eq!(strays(now).await, [""; 0], "an upload may be in progress");
    assert_eq!(strays(now + TimeDelta::hours(25)).await, ["notes.txt", &stray]);
});

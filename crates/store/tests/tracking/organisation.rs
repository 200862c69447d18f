//! The organisation that reports are from.

use crate::support::{at, on_both};
use domain::people::{Logo, Organisation, Role};
use store::{Error, keys};

on_both!(the_last_version_of_the_organisation_holds, |case| {
    let ada = case.person("Ada Example", Role::Admin).await;
    assert_eq!(case.store.organisation().await.unwrap(), Organisation::default());
    let logo = Logo { sha256: "ab".repeat(32), width: 300, height: 100 };
    let first = Organisation {
        name: "Example Surveyors".into(),
        address: "1 Example Street\nExampleton".into(),
        logo: Some(logo.clone()),
    };
    case.store.set_organisation(&ada, &first, at(1)).await.unwrap();
    assert_eq!(case.store.organisation().await.unwrap(), first);

    let plain = Organisation { logo: None, ..first.clone() };
    case.store.set_organisation(&ada, &plain, at(2)).await.unwrap();
    case.store.set_organisation(&ada, &plain, at(3)).await.unwrap();
    let versions = case.store.organisation_versions(10).await.unwrap();
    let found: Vec<_> = versions
        .iter()
        .map(|it| (&it.organisation, it.changed_by.as_str(), it.changed_at))
        .collect();
    assert_eq!(found, [(&plain, "Ada Example", at(2)), (&first, "Ada Example", at(1))]);

    let long = Organisation { name: "a".repeat(200), ..plain };
    let refused = case.store.set_organisation(&ada, &long, at(4)).await;
    assert!(matches!(refused, Err(Error::Unfit { field: "name", .. })), "{refused:?}");

    let files = case.store.files().await.unwrap();
    let key = keys::logo(&logo.sha256);
    assert!(files.iter().any(|file| file.key == key), "a backup copies earlier logos too");
});

//! Migrations: a released one stays as it is, and a database to which others were applied is refused.

use crate::support::*;
use sha2::{Digest, Sha256};
use std::{fs, path::Path};
use store::{Error, Store, keys};

/// The hashes of the released migrations, as `sha256sum` writes them.
const RELEASED: &str = include_str!("../../../../migrations/released.sha256");

#[test]
fn no_released_migration_is_altered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut newest = String::new();
    for line in RELEASED.lines() {
        let (hash, file) = line.split_once("  ").expect("a hash and a file");
        let bytes = fs::read(folder.join(file));
        let bytes = bytes.unwrap_or_else(|error| panic!("{file} was released: {error}"));
        let is = Sha256::digest(bytes);
        assert_eq!(
            keys::hex(is),
            hash,
            "{file} was released and is not altered; add a migration with the next number"
        );
        newest = newest.max(file.rsplit('/').next().unwrap_or_default().to_owned());
    }
    for database in ["sqlite", "postgres"] {
        for file in fs::read_dir(folder.join(database)).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let is_released = RELEASED.lines().any(|line| line.ends_with(&format!("/{name}")));
            assert!(is_released || name > newest, "{database}/{name} comes after {newest}");
        }
    }
}

on_both!(a_database_with_other_migrations_is_refused, |case| {
    let copy = case.copy().await;
    let mut raw = copy.raw().await;
    let nothing = if copy.is_sqlite() { "x'00'" } else { "'\\x00'::bytea" };
    let earlier = format!(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values (9999, 'inspections', true, {nothing}, 0)"
    );
    let altered = format!("update _sqlx_migrations set checksum = {nothing} where version = 1");
    let undone = "delete from _sqlx_migrations where version = 9999".to_owned();
    for (statements, version) in [(vec![earlier], 9999), (vec![undone, altered], 1)] {
        for statement in statements {
            raw.run(&statement).await.unwrap();
        }
        let words = format!("its migration {version} is not one of this version");
        // Once for each store, because the driver keeps its lock on PostgreSQL where it fails.
        if version == 9999 {
            let migrated = copy.store.migrate().await;
            let is_refused = matches!(&migrated, Err(Error::Setting(it)) if it.contains(&words));
            assert!(is_refused, "{migrated:?}");
        }
        let read = match Store::open_to_read(&copy.url).await {
            Ok(store) => store.verify(None, std::sync::Arc::new(|_, _, _| {})).await.map(drop),
            Err(error) => Err(error.into()),
        };
        let read = format!("{read:?}");
        assert!(read.contains(&words), "{read}");
    }
    drop(raw);
    copy.close().await;
});

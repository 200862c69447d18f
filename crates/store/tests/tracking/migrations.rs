//! Migrations: a released one stays as it is, and a database to which others were applied is refused.

use crate::support::*;
use sha2::{Digest, Sha256};
use std::{fs, path::Path, time::Duration};
use store::{Error, Store, keys};
use tokio::time::timeout;

/// Time after which a migration counts as waiting for a lock that nobody releases.
const PATIENCE: Duration = Duration::from_secs(60);

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
    for (statement, version) in [(earlier, 9999), (altered, 1)] {
        raw.run(&statement).await.unwrap();
        let words = format!("its migration {version} is not one of this version");
        // Repeatedly, because a refused migration must not hold a lock on which the next one waits.
        for _ in 0..2 {
            let migrated =
                timeout(PATIENCE, copy.store.migrate()).await.expect("no wait for a lock");
            let is_refused = matches!(&migrated, Err(Error::Setting(it)) if it.contains(&words));
            assert!(is_refused, "{migrated:?}");
        }
        let read = match Store::open_to_read(&copy.url).await {
            Ok(store) => store.verify(None, std::sync::Arc::new(|_, _, _| {})).await.map(drop),
            Err(error) => Err(error.into()),
        };
        let read = format!("{read:?}");
        assert!(read.contains(&words), "{read}");
        if version == 9999 {
            raw.run("delete from _sqlx_migrations where version = 9999").await.unwrap();
            let migrated = timeout(PATIENCE, copy.store.migrate()).await;
            migrated.expect("no wait for a lock").unwrap();
        }
    }
    drop(raw);
    copy.close().await;
});

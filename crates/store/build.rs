//! The schema is built into the library, so it is built anew when a migration is added.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}

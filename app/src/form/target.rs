//! Names of targets in addresses and forms: `inspection`, `section-12`, `photo-31`.

use domain::{
    id::{EquipmentId, PhotoId, SectionId},
    inspection::Target,
};

/// Returns the name of a target.
pub(crate) fn slug(target: Target) -> String {
    match target {
        Target::Inspection => "inspection".into(),
        Target::Section(id) => format!("section-{id}"),
        Target::Equipment(id) => format!("equipment-{id}"),
        Target::Photo(id) => format!("photo-{id}"),
    }
}

/// Parses the name of a target.
pub(crate) fn parse(slug: &str) -> Option<Target> {
    if slug == "inspection" {
        return Some(Target::Inspection);
    }
    let (kind, id) = slug.split_once('-')?;
    let id = id.parse().ok()?;
    match kind {
        "section" => Some(Target::Section(SectionId(id))),
        "equipment" => Some(Target::Equipment(EquipmentId(id))),
        "photo" => Some(Target::Photo(PhotoId(id))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_thing() {
        for target in [
            Target::Inspection,
            Target::Section(SectionId(12)),
            Target::Equipment(EquipmentId(7)),
            Target::Photo(PhotoId(31)),
        ] {
            assert_eq!(parse(&slug(target)), Some(target));
        }
        assert_eq!(parse("section-"), None);
        assert_eq!(parse("roof-3"), None);
    }
}

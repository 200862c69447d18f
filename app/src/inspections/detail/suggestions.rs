//! Suggestions for common values. Other values can be typed.

use domain::inspection::Field;

/// Returns the id of the `<datalist>` with suggestions for one of the inspection's own fields.
pub(in crate::inspections) fn list_of(field: Field) -> Option<&'static str> {
    (field == Field::BuildingType).then_some("building-types")
}

/// Common sections of an inspection.
pub(super) const SECTIONS: &[&str] = &[
    "Roof",
    "Facade",
    "Foundation",
    "Structure",
    "Windows and doors",
    "Stairs and exits",
    "Electrical",
    "Plumbing",
    "Heating and ventilation",
    "Fire safety",
    "Lift",
    "Basement",
    "Grounds",
];

/// Common building equipment.
pub(super) const EQUIPMENT: &[&str] = &[
    "Boiler",
    "Air handling unit",
    "Heat pump",
    "Water heater",
    "Pump",
    "Main switchboard",
    "Emergency generator",
    "Fire alarm panel",
    "Fire extinguisher",
    "Sprinkler valve",
    "Smoke extractor",
    "Lift",
];

/// Common types of building.
pub(in crate::inspections) const BUILDINGS: &[&str] = &[
    "Apartment building",
    "Detached house",
    "Hospital",
    "Hotel",
    "Industrial",
    "Mixed use",
    "Office",
    "Parking structure",
    "Public building",
    "Restaurant",
    "Retail",
    "School",
    "Warehouse",
];

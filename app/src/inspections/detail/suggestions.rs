//! Words that most inspections need, to save typing. Anything else can be typed.

/// Parts of a building that are inspected.
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

/// Equipment that stands in buildings.
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

/// What kinds of building there are.
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

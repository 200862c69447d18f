//! Stories of Theo's inspections.

use crate::{
    people::Who::{Ada, Owen, Ruth, Theo},
    pictures::Scene,
    script::{
        ScriptStep::{
            Complete, Drop, DropSection, Equipment, Found, Notes, Open, Pdf, Place, Ready, Revert,
            Section, Set, Start,
        },
        Story,
        When::{Ago, Day},
        photo, visit,
    },
};
use domain::inspection::{
    Condition::{Fair, Good, Poor, Unsafe},
    Field,
};

pub(super) fn stories() -> Vec<Story> {
    vec![st_brannocks(), station_road(), quayside_clinic(), north_gate(), trial_run()]
}

/// Inspection that was completed at the first review.
fn st_brannocks() -> Story {
    let visits = vec![
        visit(
            Theo,
            Day(22, 10, 30),
            [
                Start {
                    about: [
                        "St Brannock's Hall",
                        "Church Hill, Exampleton",
                        "Assembly hall",
                        "Sample Parish",
                    ],
                    scheduled: -20,
                },
                Section("Roof"),
                Section("Floor"),
                Section("Kitchen"),
            ],
        ),
        visit(
            Theo,
            Day(20, 11, 0),
            [
                photo(
                    "",
                    (Scene::Front { floors: 1, bays: 5 }, 7),
                    "hall.jpg",
                    "The hall from the gate",
                ),
                Found("Roof", Good),
                Notes("Roof", "Slates re-laid; the record of the work was shown."),
                Found("Floor", Good),
                Found("Kitchen", Fair),
                Notes("Kitchen", "Extractor filter due for a change."),
                Equipment(["Extractor hood", "Demo Kitchens", "X-2", "20-118"], Fair),
                Set(Field::Summary, "In good order. Nothing urgent."),
                Pdf,
                Ready,
            ],
        ),
        visit(Owen, Day(18, 9, 45), [Open, Complete]),
    ];
    Story { visits }
}

/// Inspection in review.
fn station_road() -> Story {
    let visits = vec![
        visit(
            Theo,
            Day(10, 8, 15),
            [
                Start {
                    about: [
                        "Station Road Warehouse",
                        "Unit 5, Station Road, Exampleton",
                        "Warehouse",
                        "Sample Logistics",
                    ],
                    scheduled: -6,
                },
                Section("Structure"),
                Section("Loading bays"),
                Section("Sprinklers"),
                Section("Canteen"),
            ],
        ),
        visit(
            Theo,
            Day(6, 9, 30),
            [
                DropSection("Canteen"),
                Found("Structure", Good),
                Notes("Structure", "Portal frames plumb within 5 mm at every column measured."),
                Found("Loading bays", Poor),
                Notes("Loading bays", "Bay 3: dock leveller drops under load. Taken out of use."),
                photo("Loading bays", (Scene::Stairs, 9), "bay-3-steps.jpg", "Steps up to bay 3"),
                Found("Sprinklers", Good),
                Notes("Sprinklers", "Valve set tested in our presence."),
                Equipment(["Dock leveller", "Example Docks", "DL-20", "D-20-3"], Unsafe),
                Equipment(["Sprinkler pump", "Demo Pumps", "P-75", "75-6604"], Good),
                Place("Sprinklers", 1),
                Set(
                    Field::Summary,
                    "Sound structure; bay 3 stays out of use until the leveller is repaired.",
                ),
            ],
        ),
        visit(Theo, Day(1, 9, 50), [Ready]),
    ];
    Story { visits }
}

/// Draft that was returned by a reviewer.
fn quayside_clinic() -> Story {
    let visits = vec![
        visit(
            Theo,
            Day(14, 13, 0),
            [
                Start {
                    about: [
                        "Quayside Clinic",
                        "9 Quay Street, Exampleton",
                        "Healthcare",
                        "Demo Health Partners",
                    ],
                    scheduled: -11,
                },
                Section("Entrance and access"),
                Section("Ventilation"),
                Section("Electrical"),
            ],
        ),
        visit(
            Theo,
            Day(11, 10, 20),
            [
                Found("Entrance and access", Good),
                Notes("Entrance and access", "Ramp and automatic door checked with a wheelchair."),
                Found("Ventilation", Fair),
                Notes("Ventilation", "Treatment room 2 below the design rate."),
                Found("Electrical", Good),
                photo("Electrical", (Scene::Board, 4), "main-board.jpg", "Main board, covers off"),
                Equipment(["Air handling unit", "Example Air", "AHU-4", "A4-0090"], Fair),
                Ready,
            ],
        ),
        visit(
            Ruth,
            Day(8, 15, 5),
            [Revert(
                "Please give the measured air rate for treatment room 2, and the date of the reading.",
            )],
        ),
        visit(
            Theo,
            Day(3, 12, 40),
            [Notes(
                "Ventilation",
                "Treatment room 2: 38 litres a second measured, 50 by design. Filters due for a change.",
            )],
        ),
    ];
    Story { visits }
}

/// Draft that an admin helped with.
fn north_gate() -> Story {
    let visits = vec![
        visit(
            Theo,
            Day(3, 8, 45),
            [
                Start {
                    about: [
                        "North Gate Depot",
                        "North Gate, Exampleton",
                        "Garage",
                        "Exampleton Town Council",
                    ],
                    scheduled: 4,
                },
                Section("Inspection pits"),
                Section("Fuel store"),
            ],
        ),
        visit(Ada, Day(2, 11, 10), [Set(Field::Client, "Exampleton Town Council, Highways")]),
        visit(Theo, Ago(84), [Set(Field::Address, "North Gate, Gate 2, Exampleton")]),
    ];
    Story { visits }
}

/// Inspection that was created by mistake and removed.
fn trial_run() -> Story {
    let visits = vec![visit(
        Theo,
        Day(16, 16, 30),
        [
            Start { about: ["Trial run", "Nowhere in particular", "", ""], scheduled: -16 },
            Section("Something"),
            Drop,
        ],
    )];
    Story { visits }
}

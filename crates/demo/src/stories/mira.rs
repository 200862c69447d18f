//! Stories of Mira's inspections.

use crate::{
    people::Who::{Mira, Owen, Ruth},
    pictures::Scene,
    script::{
        ScriptStep::{
            Complete, DropEquipment, DropSection, Equipment, Found, Notes, Open, Pdf, Rate, Ready,
            Revert, Section, Set, Start,
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
    vec![foundry_row(), pumping_station(), canal_bridge(), beacon_library(), ashgrove()]
}

/// Completed inspection.
fn foundry_row() -> Story {
    let visits = vec![
        visit(
            Mira,
            Day(24, 9, 0),
            [
                Start {
                    about: [
                        "Foundry Row 4 to 10",
                        "Foundry Row, Exampleton",
                        "Residential",
                        "Demo Housing Association",
                    ],
                    scheduled: -22,
                },
                Section("Roofs"),
                Section("Party walls"),
                Section("Damp"),
            ],
        ),
        visit(
            Mira,
            Day(22, 13, 15),
            [
                Found("Roofs", Good),
                Found("Party walls", Fair),
                Notes("Party walls", "Number 6: step crack above the stair, old and painted over."),
                Found("Damp", Poor),
                Notes("Damp", "Number 10: rising damp along the back wall to 0.8 m."),
                photo("Damp", (Scene::Damp, 8), "number-10.jpg", "Number 10, back wall"),
                Set(
                    Field::Summary,
                    "Four houses, three in good order. Number 10 needs a damp course along the back wall.",
                ),
                Ready,
            ],
        ),
        visit(Owen, Day(20, 16, 10), [Complete]),
    ];
    Story { visits }
}

/// Completed inspection with a report.
fn pumping_station() -> Story {
    let visits = vec![
        visit(
            Mira,
            Day(19, 8, 10),
            [
                Start {
                    about: [
                        "Hilltop Pumping Station",
                        "Reservoir Road, Exampleton",
                        "Industrial",
                        "Sample Water",
                    ],
                    scheduled: -15,
                },
                Section("Pump hall"),
                Section("Switchgear"),
            ],
        ),
        visit(
            Mira,
            Day(15, 10, 0),
            [
                Found("Pump hall", Good),
                Notes("Pump hall", "Dry. Lifting beam tested in May."),
                Found("Switchgear", Good),
                Notes("Switchgear", "Thermal pictures show nothing above ambient."),
                Equipment(["Pump 1", "Demo Pumps", "P-300", "300-0017"], Good),
                Equipment(["Pump 2", "Demo Pumps", "P-300", "300-0018"], Fair),
                Set(Field::Summary, "In good order. Pump 2 is due for new seals."),
                Pdf,
                Ready,
            ],
        ),
        visit(Ruth, Day(14, 9, 10), [Open, Complete]),
    ];
    Story { visits }
}

/// Inspection that was complete, was reverted, and is in review again.
fn canal_bridge() -> Story {
    let visits = vec![
        visit(
            Mira,
            Day(18, 14, 25),
            [
                Start {
                    about: [
                        "Canal Bridge Workshop",
                        "Towpath, Exampleton",
                        "Workshop",
                        "Example Boats",
                    ],
                    scheduled: -14,
                },
                Section("Slipway"),
                Section("Workshop floor"),
                Section("Gas store"),
            ],
        ),
        visit(
            Mira,
            Day(13, 11, 30),
            [
                Found("Slipway", Fair),
                Notes("Slipway", "Winch cable frayed over the last two metres."),
                Found("Workshop floor", Good),
                Found("Gas store", Good),
                Notes("Gas store", "Bottles chained, vents clear."),
                Equipment(["Winch", "Sample Winches", "W-2t", "2-4410"], Fair),
                Ready,
            ],
        ),
        visit(Owen, Day(11, 15, 35), [Complete]),
        visit(
            Ruth,
            Day(7, 10, 40),
            [Revert("The owner reports that the winch slipped. Please look again and rate it.")],
        ),
        visit(
            Mira,
            Day(6, 13, 45),
            [
                Rate("Winch", Unsafe),
                Found("Slipway", Unsafe),
                Notes(
                    "Slipway",
                    "Winch brake slips under half its rated load. Locked off; the key is with the owner.",
                ),
                Set(
                    Field::Summary,
                    "Everything but the slipway winch is in order. The winch is locked off.",
                ),
                Ready,
            ],
        ),
    ];
    Story { visits }
}

/// Inspection in review.
fn beacon_library() -> Story {
    let visits = vec![
        visit(
            Mira,
            Day(5, 9, 25),
            [
                Start {
                    about: [
                        "Beacon Library",
                        "12 Beacon Street, Exampleton",
                        "Public building",
                        "Exampleton Town Council",
                    ],
                    scheduled: -3,
                },
                Section("Facade"),
                Section("Reading room"),
                Section("Lift"),
            ],
        ),
        visit(
            Mira,
            Day(3, 9, 55),
            [
                photo(
                    "",
                    (Scene::Front { floors: 2, bays: 5 }, 6),
                    "library.jpg",
                    "Front from Beacon Street",
                ),
                Found("Facade", Good),
                Found("Reading room", Good),
                Notes("Reading room", "Floor loading checked against the new shelving."),
                Found("Lift", Fair),
                Notes("Lift", "Door re-opens late. Engineer booked."),
                Equipment(["Lift", "Sample Lifts", "SL-450", "L-45077"], Fair),
                Set(Field::Summary, "In good order; the lift door needs adjusting."),
                Ready,
            ],
        ),
    ];
    Story { visits }
}

/// Draft with objects that were added and removed.
fn ashgrove() -> Story {
    let visits = vec![
        visit(
            Mira,
            Day(4, 14, 30),
            [
                Start {
                    about: [
                        "Ashgrove Nursery",
                        "3 Ashgrove, Exampleton",
                        "School",
                        "Example Education Trust",
                    ],
                    scheduled: -1,
                },
                Section("Playroom"),
                Section("Kitchen"),
                Section("Cellar"),
            ],
        ),
        visit(
            Mira,
            Day(1, 10, 15),
            [
                Found("Playroom", Good),
                Notes("Playroom", "Finger guards on all doors."),
                Found("Kitchen", Fair),
                Notes("Kitchen", "Gas tap stiff."),
                DropSection("Cellar"),
                Equipment(["Boiler", "Example Heating", "EH 24", "EX-020015"], Good),
                Equipment(["Cooker", "Demo Kitchens", "C-4", ""], Fair),
                DropEquipment("Cooker"),
            ],
        ),
        visit(
            Mira,
            Ago(9),
            [
                Found("Kitchen", Poor),
                Notes(
                    "Kitchen",
                    "Gas tap stiff, and the shut-off is behind the cooker. Move it to where it can be reached.",
                ),
            ],
        ),
    ];
    Story { visits }
}

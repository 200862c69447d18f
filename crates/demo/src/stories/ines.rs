//! Stories of the inspections of Ines, who is `inspector@example.org`: one in each status.

use super::harbour_lane;
use crate::{
    people::Who::{Ada, Ines, Owen, Ruth},
    pictures::Scene,
    script::{
        ScriptStep::{
            Complete, Equipment, Found, Notes, Open, Pdf, Ready, Revert, Schedule, Section, Set,
            Start,
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
    vec![riverside_house(), harbour_lane::story(), mill_street(), corn_exchange(), linden_court()]
}

/// Inspection that was completed after one round of review.
fn riverside_house() -> Story {
    let visits = vec![
        visit(
            Ines,
            Day(23, 8, 40),
            [
                Start {
                    about: [
                        "Riverside House",
                        "2 Weir Walk, Exampleton",
                        "Offices",
                        "Demo Estates",
                    ],
                    scheduled: -21,
                },
                Section("Roof"),
                Section("Facade"),
                Section("Stairs and exits"),
                Section("Plant room"),
            ],
        ),
        visit(
            Ines,
            Day(21, 9, 15),
            [
                photo(
                    "",
                    (Scene::Front { floors: 3, bays: 5 }, 3),
                    "front.jpg",
                    "Street front from the south",
                ),
                Found("Roof", Good),
                Notes(
                    "Roof",
                    "Clay tiles sound. Flashings at the chimney renewed within the last five years.",
                ),
                photo("Roof", (Scene::Roof, 4), "roof-south.jpg", "South slope up to the ridge"),
                Found("Facade", Fair),
                Notes(
                    "Facade",
                    "Pointing open over about two square metres beneath the first-floor sills. No sign of movement.",
                ),
                Found("Stairs and exits", Poor),
                Notes(
                    "Stairs and exits",
                    "Handrail loose at the third post.\nNosings worn through on the lower six steps.",
                ),
                photo(
                    "Stairs and exits",
                    (Scene::Stairs, 6),
                    "main-stairs.jpg",
                    "Main stairs from the hall; the third post moves by hand",
                ),
                Found("Plant room", Good),
                Notes("Plant room", "Clean and dry. Service record up to date."),
                Equipment(["Boiler", "Example Heating", "EH 48", "EX-204417"], Good),
                Equipment(["Fire alarm panel", "Sample Alarms", "SA-8", "8-00931"], Fair),
                photo("Plant room", (Scene::Boiler, 5), "boiler.jpg", "Boiler and gauge, 1.4 bar"),
                Set(
                    Field::Summary,
                    "Well kept throughout. The main stairs need attention before the building is let again.",
                ),
                Pdf,
                Ready,
            ],
        ),
        visit(
            Ruth,
            Day(19, 10, 5),
            [
                Open,
                Revert(
                    "Please say how many steps are worn, and whether the handrail was made safe.",
                ),
            ],
        ),
        visit(
            Ines,
            Day(18, 13, 30),
            [
                Notes(
                    "Stairs and exits",
                    "Handrail loose at the third post: made safe with a temporary clamp on the day.\nNosings worn through on the lower six of eighteen steps. Replace all eighteen.",
                ),
                Pdf,
                Ready,
            ],
        ),
        visit(Ruth, Day(17, 9, 20), [Complete, Open]),
        visit(Ada, Day(12, 14, 45), [Open]),
    ];
    Story { visits }
}

/// Inspection in review, with an unsafe condition.
fn mill_street() -> Story {
    let visits = vec![
        visit(
            Ines,
            Day(7, 8, 50),
            [
                Start {
                    about: [
                        "Mill Street Apartments",
                        "17 Mill Street, Exampleton",
                        "Residential",
                        "Demo Housing Association",
                    ],
                    scheduled: -4,
                },
                Section("Facade"),
                Section("Balconies"),
                Section("Electrical"),
            ],
        ),
        visit(
            Ines,
            Day(4, 10, 10),
            [
                photo(
                    "",
                    (Scene::Front { floors: 3, bays: 6 }, 5),
                    "mill-street.jpg",
                    "Front, all twelve flats",
                ),
                Found("Facade", Good),
                Found("Balconies", Unsafe),
                Notes(
                    "Balconies",
                    "Second floor, flat 8: balustrade fixings corroded through. Closed off and the tenant told.",
                ),
                photo(
                    "Balconies",
                    (Scene::Crack, 14),
                    "flat-8.jpg",
                    "Crack beside the balustrade fixing, flat 8",
                ),
                Found("Electrical", Fair),
                Notes("Electrical", "Landing lights on one circuit; two lamps out."),
                Equipment(["Lift", "Sample Lifts", "SL-630", "L-55102"], Good),
                Set(
                    Field::Summary,
                    "One balcony is dangerous and closed. All others were checked the same day and are sound.",
                ),
            ],
        ),
        visit(Ines, Day(2, 16, 20), [Pdf, Ready]),
        visit(Owen, Ago(126), [Open]),
    ];
    Story { visits }
}

/// Draft that was just begun.
fn corn_exchange() -> Story {
    let visits = vec![
        visit(
            Ines,
            Day(2, 9, 35),
            [
                Start {
                    about: [
                        "Old Corn Exchange",
                        "1 Market Place, Exampleton",
                        "Assembly hall",
                        "Exampleton Town Council",
                    ],
                    scheduled: 1,
                },
                Section("Roof"),
                Section("Main hall"),
                Section("Fire safety"),
            ],
        ),
        visit(
            Ines,
            Ago(22),
            [
                Schedule(2),
                Found("Main hall", Good),
                Notes(
                    "Main hall",
                    "Seen on the walk-round with the caretaker. Floor sound, doors close freely.",
                ),
            ],
        ),
    ];
    Story { visits }
}

/// Draft without contents.
fn linden_court() -> Story {
    let start = Start {
        about: [
            "Linden Court",
            "60 Linden Avenue, Exampleton",
            "Residential",
            "Demo Housing Association",
        ],
        scheduled: 8,
    };
    Story { visits: vec![visit(Ines, Day(1, 11, 20), [start])] }
}

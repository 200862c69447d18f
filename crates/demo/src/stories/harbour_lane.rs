//! Story of Harbour Lane School, the first inspection to open: returned with a reason, and being reworked.

use crate::{
    people::Who::{Ines, Ruth},
    pictures::Scene,
    script::{
        ScriptStep::{
            DropPhoto, Equipment, Found, Notes, Open, Pdf, Place, Rate, Ready, Rename, Revert,
            Section, Set, Start,
        },
        Story,
        When::{Ago, Day},
        photo, visit,
    },
};
use domain::inspection::{
    Condition::{Fair, Good, NotInspected, Poor, Unsafe},
    Field,
};

/// Returns the visits in order of time.
pub(super) fn story() -> Story {
    let visits = vec![
        visit(
            Ines,
            Day(13, 8, 25),
            [
                Start {
                    about: [
                        "Harbour Lane School",
                        "41 Harbour Lane, Exampleton",
                        "School",
                        "Example Education Trust",
                    ],
                    scheduled: -9,
                },
                Section("Foundation"),
                Section("Roof"),
                Section("Classrooms"),
                Section("Electrical"),
                Section("Fire safety"),
            ],
        ),
        visit(
            Ines,
            Day(9, 9, 5),
            [
                photo(
                    "",
                    (Scene::Front { floors: 2, bays: 7 }, 4),
                    "school-front.jpg",
                    "Front towards the lane",
                ),
                Place("Roof", 1),
                Found("Roof", Fair),
                Notes(
                    "Roof",
                    "Two tiles slipped on the north slope. Moss in the valley gutter; no water has come through yet.",
                ),
                photo(
                    "Roof",
                    (Scene::Roof, 9),
                    "slipped-tiles.jpg",
                    "North slope: two tiles slipped",
                ),
                Found("Foundation", Fair),
                Notes(
                    "Foundation",
                    "Hairline crack in the plinth, east side. Under 1 mm wide along its whole length.",
                ),
                photo("Foundation", (Scene::Crack, 6), "IMG_2041.jpg", ""),
                photo(
                    "Foundation",
                    (Scene::Crack, 7),
                    "plinth-east.jpg",
                    "Crack in the plinth with a centimetre scale",
                ),
                DropPhoto("IMG_2041.jpg"),
                Found("Classrooms", Poor),
                Notes(
                    "Classrooms",
                    "Room 4: damp below the ceiling on the outside wall, about one metre across, with mould.\nRooms 1 to 3 dry.",
                ),
                photo(
                    "Classrooms",
                    (Scene::Damp, 2),
                    "room-4.jpg",
                    "Room 4, outside wall: damp with mould",
                ),
                Rename("Classrooms", "Classrooms, ground floor"),
            ],
        ),
        visit(
            Ines,
            Day(8, 14, 10),
            [
                Found("Electrical", Good),
                Notes(
                    "Electrical",
                    "Boards labelled. One breaker trips under test; replaced on the day.",
                ),
                photo(
                    "Electrical",
                    (Scene::Board, 11),
                    "board-2.jpg",
                    "Distribution board 2, the tripped breaker marked",
                ),
                Equipment(["Distribution board", "Sample Switchgear", "DB-36", "36-7712"], Good),
                Equipment(["Boiler", "Example Heating", "EH 96", "EX-118820"], Fair),
                Equipment(["Emergency lighting", "Demo Lighting", "EL 3h", ""], NotInspected),
                Set(
                    Field::Summary,
                    "Sound building. Damp in room 4 needs to be traced before the autumn.",
                ),
                Pdf,
                Ready,
            ],
        ),
        visit(
            Ruth,
            Day(5, 11, 15),
            [
                Open,
                Revert(
                    "Fire safety is not inspected yet, and the emergency lighting has no rating. Please add both.",
                ),
            ],
        ),
        visit(
            Ines,
            Day(1, 15, 40),
            [
                Found("Fire safety", Unsafe),
                Notes(
                    "Fire safety",
                    "Fire door to the boiler room wedged open; the closer is missing. Told the caretaker at once.",
                ),
                Rate("Emergency lighting", Poor),
            ],
        ),
        visit(
            Ines,
            Ago(48),
            [
                Set(
                    Field::Summary,
                    "Sound building with one urgent defect: the fire door to the boiler room must close by itself. Damp in room 4 needs to be traced before the autumn.",
                ),
                Notes(
                    "Classrooms, ground floor",
                    "Room 4: damp below the ceiling on the outside wall, about one metre across, with mould. The valley gutter above is blocked.\nRooms 1 to 3 dry.",
                ),
            ],
        ),
    ];
    Story { visits }
}

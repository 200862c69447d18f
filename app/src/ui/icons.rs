//! Lucide icons in use. Each is a mask in `style/icons.css`, because pages repeat them hundreds of
//! times: a page refers to an icon by its class instead of repeating the drawing.

use super::IconName;

/// Defines the icons. A row has the name of the constant, the name at Lucide, and the constant of
/// `icondata_lu` with the drawing.
macro_rules! icons {
    ($($name:ident = $lucide:literal $drawing:ident,)*) => {
        $(
            #[doc = concat!("Lucide's `", $lucide, "`.")]
            pub const $name: IconName = IconName { class: concat!("icon lu-", $lucide) };
        )*

        /// Names at Lucide and drawings.
        #[cfg(test)]
        const DRAWINGS: &[(&str, &str)] = &[$(($lucide, icondata_lu::$drawing.data),)*];
    };
}

icons! {
    ARCHIVE_RESTORE = "archive-restore" LuArchiveRestore,
    ARROW_DOWN = "arrow-down" LuArrowDown,
    ARROW_LEFT = "arrow-left" LuArrowLeft,
    ARROW_RIGHT = "arrow-right" LuArrowRight,
    ARROW_UP = "arrow-up" LuArrowUp,
    ARROW_UP_TO_LINE = "arrow-up-to-line" LuArrowUpToLine,
    BADGE_CHECK = "badge-check" LuBadgeCheck,
    BOOK_IMAGE = "book-image" LuBookImage,
    BOOKMARK = "bookmark" LuBookmark,
    BUILDING_2 = "building-2" LuBuilding2,
    CALENDAR = "calendar" LuCalendar,
    CAMERA = "camera" LuCamera,
    CHART_COLUMN = "chart-column" LuChartColumn,
    CHECK = "check" LuCheck,
    CHEVRON_DOWN = "chevron-down" LuChevronDown,
    CHEVRON_LEFT = "chevron-left" LuChevronLeft,
    CHEVRON_RIGHT = "chevron-right" LuChevronRight,
    CIRCLE_ALERT = "circle-alert" LuCircleAlert,
    CIRCLE_CHECK = "circle-check" LuCircleCheck,
    CIRCLE_DASHED = "circle-dashed" LuCircleDashed,
    CIRCLE_MINUS = "circle-minus" LuCircleMinus,
    CLIPBOARD_CHECK = "clipboard-check" LuClipboardCheck,
    CLIPBOARD_LIST = "clipboard-list" LuClipboardList,
    CORNER_DOWN_LEFT = "corner-down-left" LuCornerDownLeft,
    CORNER_LEFT_UP = "corner-left-up" LuCornerLeftUp,
    DOWNLOAD = "download" LuDownload,
    ELLIPSIS = "ellipsis" LuEllipsis,
    EQUAL = "equal" LuEqual,
    EYE = "eye" LuEye,
    FILE_DOWN = "file-down" LuFileDown,
    FILE_PLUS_2 = "file-plus-2" LuFilePlus2,
    FILE_TEXT = "file-text" LuFileText,
    FLAG = "flag" LuFlag,
    FLAG_OFF = "flag-off" LuFlagOff,
    GIT_COMPARE = "git-compare" LuGitCompare,
    GRIP_VERTICAL = "grip-vertical" LuGripVertical,
    HISTORY = "history" LuHistory,
    HOUSE = "house" LuHouse,
    IMAGE_PLUS = "image-plus" LuImagePlus,
    IMAGES = "images" LuImages,
    INFO = "info" LuInfo,
    KEY_ROUND = "key-round" LuKeyRound,
    KEYBOARD = "keyboard" LuKeyboard,
    LIST_FILTER = "list-filter" LuListFilter,
    LIST_PLUS = "list-plus" LuListPlus,
    LIST_X = "list-x" LuListX,
    LOADER_CIRCLE = "loader-circle" LuLoaderCircle,
    LOCK = "lock" LuLock,
    LOG_OUT = "log-out" LuLogOut,
    MESSAGE_SQUARE = "message-square" LuMessageSquare,
    MESSAGE_SQUARE_PLUS = "message-square-plus" LuMessageSquarePlus,
    MINUS = "minus" LuMinus,
    MONITOR = "monitor" LuMonitor,
    MOON = "moon" LuMoon,
    OCTAGON_ALERT = "octagon-alert" LuOctagonAlert,
    PARTY_POPPER = "party-popper" LuPartyPopper,
    PENCIL = "pencil" LuPencil,
    PENCIL_LINE = "pencil-line" LuPencilLine,
    PLUS = "plus" LuPlus,
    REDO_2 = "redo-2" LuRedo2,
    ROTATE_CW = "rotate-cw" LuRotateCw,
    SAVE = "save" LuSave,
    SEARCH = "search" LuSearch,
    SEARCH_X = "search-x" LuSearchX,
    SEND = "send" LuSend,
    SHIELD_ALERT = "shield-alert" LuShieldAlert,
    SHIELD_CHECK = "shield-check" LuShieldCheck,
    STICKY_NOTE = "sticky-note" LuStickyNote,
    SUN = "sun" LuSun,
    TRASH_2 = "trash-2" LuTrash2,
    TRIANGLE_ALERT = "triangle-alert" LuTriangleAlert,
    UNDO_2 = "undo-2" LuUndo2,
    USER_PLUS = "user-plus" LuUserPlus,
    USERS = "users" LuUsers,
    WIFI_OFF = "wifi-off" LuWifiOff,
    WRENCH = "wrench" LuWrench,
    X = "x" LuX,
    ZOOM_IN = "zoom-in" LuZoomIn,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{env, fs};

    /// Style sheet with a mask for each icon.
    fn style_sheet() -> String {
        let head = "/* Drawings of the icons, from Lucide (ISC licence). Generated: to add an icon, add it to\n   \
            app/src/ui/icons.rs and run its unit test with UPDATE_ICONS=1. */\n\n";
        let rules = DRAWINGS.iter().map(|(name, drawing)| {
            let drawing = drawing.replace('\n', "").replace('"', "'").replace(" />", "/>");
            let svg = format!(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#000' \
                 stroke-width='2' stroke-linecap='round' stroke-linejoin='round'>{drawing}</svg>"
            );
            let address = svg.replace('#', "%23").replace('<', "%3C").replace('>', "%3E");
            format!(".lu-{name} {{ --icon: url(\"data:image/svg+xml,{address}\"); }}\n")
        });
        rules.fold(head.to_owned(), |sheet, rule| sheet + &rule)
    }

    #[test]
    fn the_style_sheet_has_a_mask_for_each_icon() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../style/icons.css");
        if env::var_os("UPDATE_ICONS").is_some() {
            fs::write(file, style_sheet()).unwrap();
        }
        assert_eq!(fs::read_to_string(file).unwrap(), style_sheet());
    }
}

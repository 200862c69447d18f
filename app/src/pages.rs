//! Pages: the address of each, and the part of the WASM module that it is in. Every browser loads the
//! first part; another part is loaded with the first of its pages, so that the reviewers' pages start
//! sooner. `xtask/binder` writes each part to a file.
//!
//! The declaration below is the only place that lists the pages.

#![expect(clippy::enum_variant_names, reason = "the variants are named as the components")]

use crate::{
    auth::{LoginPage, SetUpPage},
    changes::{ChangesPage, HistoryPage},
    frame::{Frame, NotFound},
    inspections::{
        ComparePage, InspectionPage, InspectionsPage, NewInspectionPage, RevertPage,
        UndoRequestPage,
    },
    organisation::OrganisationPage,
    start::StartPage,
    ui,
    users::{AccountPage, UserPage, UsersPage},
};
use leptos::{lazy, prelude::*};
use leptos_meta::Title;
use leptos_router::{
    ChooseView,
    SsrMode::Async,
    components::{FlatRoutes, Route, Router},
    path,
};

/// Declares the pages of each part, as `address => component`, followed by `for visitors` if it is for
/// people who have not signed in. Where two addresses match, the first one counts. Each further part also names its enum, and the function by which `#[lazy]` loads it.
macro_rules! pages {
    (
        first { $($first_path:tt => $First:ident $(for $first_people:ident)?,)* }
        $($(#[$doc:meta])* $part:ident, $Part:ident, $preload:ident {
            $($path:tt => $Page:ident $(for $people:ident)?,)*
        })*
    ) => {
        /// Routes of all pages; needs the contexts of [`provide`](crate::provide).
        #[component]
        pub fn Pages() -> impl IntoView {
            view! {
                <Title formatter=|title: String| ui::tab_title(&title)/>
                <Router>
                    <Frame is_for_visitors>
                        <FlatRoutes fallback=NotFound>
                            $(<Route path=path!($first_path) view=$First ssr=Async/>)*
                            $($(<Route
                                path=path!($path)
                                view={LazyPage::$Part($Part::$Page)}
                                ssr=Async
                            />)*)*
                        </FlatRoutes>
                    </Frame>
                </Router>
            }
        }

        /// Page that is not in the first part, by its part.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum LazyPage {
            $($(#[$doc])* $Part($Part),)*
        }

        impl ChooseView for LazyPage {
            async fn choose(self) -> AnyView {
                match self {
                    $(Self::$Part(page) => $part(page).await,)*
                }
            }

            async fn preload(&self) {
                #[cfg(feature = "hydrate")]
                match self {
                    $(Self::$Part(_) => $preload().await,)*
                }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            enum $Part {
                $($Page,)*
            }

            #[lazy]
            fn $part(page: $Part) -> AnyView {
                match page {
                    $($Part::$Page => $Page().into_any(),)*
                }
            }
        )*

        /// Returns whether the page at this path is for people who have not signed in. Others are sent on.
        pub fn is_for_visitors(path: &str) -> bool {
            let with_people = [
                $(($first_path, stringify!($($first_people)?)),)*
                $($(($path, stringify!($($people)?)),)*)*
            ];
            with_people.contains(&(path, "visitors"))
        }

        /// Addresses of all pages in the order of their routes, with the page if it is loaded on demand.
        #[cfg(any(feature = "hydrate", test))]
        const ADDRESSES: &[(&str, Option<LazyPage>)] = &[
            $(($first_path, None),)*
            $($(($path, Some(LazyPage::$Part($Part::$Page))),)*)*
        ];
    };
}

/// Loads the part of the page at that path.
#[cfg(feature = "hydrate")]
pub async fn fetch_page(path: &str) {
    if let Some(page) = page_at(path) {
        page.preload().await;
    }
}

/// Returns the page at that path, if it is one that is loaded on demand.
#[cfg(any(feature = "hydrate", test))]
fn page_at(path: &str) -> Option<LazyPage> {
    ADDRESSES.iter().find(|(address, _)| is_at(address, path))?.1
}

/// Returns whether an address, in which `:name` stands for any segment, matches a path.
#[cfg(any(feature = "hydrate", test))]
fn is_at(address: &str, path: &str) -> bool {
    let mut path = path.split('/').filter(|segment| !segment.is_empty());
    let mut address = address.split('/').filter(|segment| !segment.is_empty());
    address.all(|it| path.next().is_some_and(|segment| it.starts_with(':') || it == segment))
        && path.next().is_none()
}

pages! {
    first {
        "/login" => LoginPage for visitors,
        "/changes" => ChangesPage,
    }

    /// The lists that people start from, and the form that begins an inspection.
    overview, Overview, __preload_overview {
        "/" => StartPage,
        "/inspections" => InspectionsPage,
        "/inspections/new" => NewInspectionPage,
    }

    /// An inspection.
    inspection, Inspection, __preload_inspection {
        "/inspections/:id" => InspectionPage,
    }

    /// The changes of an inspection, its earlier states, and undoing.
    history, History, __preload_history {
        "/inspections/:id/history" => HistoryPage,
        "/inspections/:id/compare" => ComparePage,
        "/inspections/:id/undo" => RevertPage,
        "/changes/request/:request/undo" => UndoRequestPage,
    }

    /// People, accounts and settings.
    people, People, __preload_people {
        "/users" => UsersPage,
        "/users/:id" => UserPage,
        "/account" => AccountPage,
        "/settings/organisation" => OrganisationPage,
        "/setup" => SetUpPage for visitors,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_is_hidden_by_an_earlier_one() {
        for (index, (address, _)) in ADDRESSES.iter().enumerate() {
            let first = ADDRESSES.iter().position(|(earlier, _)| is_at(earlier, address));
            assert_eq!(first, Some(index), "{address}");
        }
    }

    #[test]
    fn only_signing_in_and_setting_up_are_for_visitors() {
        let found = ADDRESSES.iter().map(|(address, _)| *address).filter(|it| is_for_visitors(it));
        assert_eq!(found.collect::<Vec<_>>(), ["/login", "/setup"]);
        assert!(!is_for_visitors("/login/more") && !is_for_visitors("/nowhere"));
    }

    #[test]
    fn the_part_of_an_address_is_found() {
        for (path, page) in [
            ("/", Some(LazyPage::Overview(Overview::StartPage))),
            ("/inspections/new", Some(LazyPage::Overview(Overview::NewInspectionPage))),
            ("/inspections/7", Some(LazyPage::Inspection(Inspection::InspectionPage))),
            ("/inspections/7/", Some(LazyPage::Inspection(Inspection::InspectionPage))),
            ("/inspections/7/undo", Some(LazyPage::History(History::RevertPage))),
            ("/users/3", Some(LazyPage::People(People::UserPage))),
            ("/changes", None),
            ("/inspections/7/undo/more", None),
            ("/nowhere", None),
        ] {
            assert_eq!(page_at(path), page, "{path}");
        }
    }
}

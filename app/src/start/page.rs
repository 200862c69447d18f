//! The start page.

use super::{api::start_page_data, due::due};
use crate::{
    ui::{
        Avatar, ButtonKind, EmptyState, Icon, IconName, LinkButton, Page, PageError, PersonName,
        Skeleton, StatusBadge, Time, icons,
    },
    wire::server_resource,
};
use chrono::NaiveDate;
use domain::{
    feed::ChangeRow,
    inspection::InspectionRow,
    people::Role,
    permission::{may_create, may_review_changes},
    view::{InReview, SentBack, StartPageData},
};
use leptos::prelude::*;

/// `/`.
#[component]
pub fn StartPage() -> impl IntoView {
    let start_page_data = server_resource(|| (), |()| start_page_data());
    let page = move || {
        start_page_data.get().map(|found| match found {
            Ok(found) => view! { <StartPageView found/> }.into_any(),
            Err(error) => {
                let retry = Callback::new(move |()| start_page_data.refetch());
                view! { <PageError error retry/> }.into_any()
            }
        })
    };
    let waiting = || view! { <Page title="Start"><Skeleton/></Page> };
    view! { <Suspense fallback=waiting>{page}</Suspense> }
}

#[component]
fn StartPageView(found: StartPageData) -> impl IntoView {
    let StartPageData { viewer, today, drafts, review, in_review, latest, alone } = found;
    let first_name = viewer.name.split_whitespace().next().unwrap_or("there").to_owned();
    let title = format!("Hello, {first_name}");
    let creates = may_create(viewer.role);
    let reviews = may_review_changes(viewer.role);
    let first = viewer.role == Role::Admin && latest.is_empty();
    let actions = move || {
        (creates && !first).then(|| {
            view! {
                <LinkButton
                    href="/inspections/new"
                    kind=ButtonKind::Primary
                    icon=icons::PLUS
                >
                    "New inspection"
                </LinkButton>
            }
        })
    };

    let first_steps = first.then(|| view! { <FirstSteps alone/> });
    let to_review =
        (reviews && !first).then(|| view! { <ToReview rows=review.clone() in_review/> });
    let nothing = (creates && !reviews && drafts.is_empty()).then(|| {
        view! {
            <div class="card">
                <EmptyState
                    icon=icons::CLIPBOARD_LIST
                    title="You are all caught up"
                    sentence="Drafts appear here; sent-back and due ones first."
                >
                    <LinkButton href="/inspections/new" icon=icons::PLUS>
                        "New inspection"
                    </LinkButton>
                </EmptyState>
            </div>
        }
    });
    let back = drafts.sent_back.into_iter().map(|sent| view! { <Back sent/> }).collect::<Vec<_>>();
    let back = (!back.is_empty()).then(|| {
        view! { <Panel id="sent-back" title="Sent back to you" attention=true><ul class="rows">{back}</ul></Panel> }
    });
    let due = list(drafts.due, Some(today), "due", "Due soon", None);
    let all = drafts.more.then_some(("/inspections?status=draft&sort=scheduled", "All drafts"));
    let others = list(drafts.others, Some(today), "drafts", "Your other drafts", all);
    // When every listed draft is returned or due, the link to the others is shown separately.
    let rest = all.filter(|_| others.is_none()).map(|(href, words)| {
        view! { <p><a href=href>{words}</a></p> }
    });
    let mine = (!reviews).then(|| {
        let all = is_more(in_review, review.len()).then_some((IN_REVIEW, "All in review"));
        let rows = review.into_iter().map(|it| it.row).collect();
        list(rows, None, "waiting", "Your inspections in review", all)
    });
    let latest = (!latest.is_empty()).then(|| view! { <Latest rows=latest/> });

    view! {
        <Page title actions>
            <div class="start">
                <div class="stack stack-roomy">{first_steps} {to_review} {nothing} {back} {due} {others} {rest} {mine}</div>
                {latest}
            </div>
        </Page>
    }
    .into_any()
}

/// First steps, shown while the database is nearly empty.
#[component]
fn FirstSteps(
    /// Whether nobody else has an account.
    alone: bool,
) -> impl IntoView {
    let team = match alone {
        true => "Inspectors do inspections, reviewers check and complete them.",
        false => "Your team has accounts. You can add more people at any time.",
    };
    view! {
        <Panel id="first-steps" title="First steps">
            <ol class="rows first-steps">
                {first_step(
                    "Add your team",
                    team,
                    ("/users", icons::USER_PLUS, "Add people"),
                    alone,
                )}
                {first_step(
                    "Start an inspection",
                    "Give it a name, then add a section for each part of the building.",
                    ("/inspections/new", icons::PLUS, "Start inspection"),
                    !alone,
                )}
            </ol>
        </Panel>
    }
    .into_any()
}

#[component]
fn Panel(
    id: &'static str,
    title: &'static str,
    #[prop(optional)] attention: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card" class:card-attention=attention aria-labelledby=id>
            <div class="card-head"><h2 id=id>{title}</h2></div>
            {children()}
        </section>
    }
    .into_any()
}

/// Address of the list of inspections in review.
const IN_REVIEW: &str = "/inspections?status=review";

/// Returns whether there are more items than `shown`.
fn is_more(all: i64, shown: usize) -> bool {
    usize::try_from(all).is_ok_and(|all| all > shown)
}

/// Renders a list of inspections, with days until the visit when `today` is given and a link to the
/// rest; `None` when there are no rows.
fn list(
    rows: Vec<InspectionRow>,
    today: Option<NaiveDate>,
    id: &'static str,
    title: &'static str,
    rest: Option<(&'static str, &'static str)>,
) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let rows = rows.into_iter().map(|row| {
        let when = row.scheduled_on.zip(today).map(|(on, today)| {
            let late = on < today;
            view! {
                <span class="due" class:due-late=late>
                    <Icon icon=icons::CALENDAR/>
                    <time datetime=on.to_string()>{due(on, today)}</time>
                </span>
            }
        });
        view! { <li class="row">{name(&row)} {when}</li> }
    });
    let rows = rows.collect_view();
    let rest = rest.map(|(href, words)| {
        view! { <p class="card-foot"><a href=href>{words}</a></p> }
    });
    Some(view! { <Panel id title><ul class="rows">{rows}</ul>{rest}</Panel> }.into_any())
}

#[component]
fn Back(sent: SentBack) -> impl IntoView {
    view! {
        <li class="row">
            {name(&sent.row)}
            <div class="back">
                <p class="muted small">
                    <bdi>{sent.who}</bdi>
                    " "
                    <Time at=sent.at/>
                </p>
                <blockquote class="prose" dir="auto">{sent.reason}</blockquote>
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn ToReview(rows: Vec<InReview>, in_review: i64) -> impl IntoView {
    let all = format!("All {in_review} in review");
    let more = is_more(in_review, rows.len());
    let content = match rows.is_empty() {
        true => view! {
            <EmptyState
                icon=icons::BADGE_CHECK
                title="Nothing to review"
                sentence="Inspections sent for review appear here, longest wait first."
            />
        }
        .into_any(),
        false => {
            let rows = rows.into_iter().map(|InReview { row, since }| {
                let inspector =
                    row.inspector.clone().map(|it| view! { <PersonName name=it.name/> });
                view! {
                    <li class="row">
                        {name(&row)} {inspector}
                        <Time at=since/>
                    </li>
                }
            });
            view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <Panel id="review" title="Waiting for review" attention=in_review != 0>
            {content}
            {more
                .then(|| {
                    view! { <p class="card-foot"><a href=IN_REVIEW>{all}</a></p> }
                })}
        </Panel>
    }
    .into_any()
}

#[component]
fn Latest(rows: Vec<ChangeRow>) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let change = row.change;
        view! {
            <li class="latest">
                <Avatar name=change.user_name.clone()/>
                <p>
                    <strong><bdi>{change.user_name.clone()}</bdi></strong>
                    " "
                    {change.record.sentence()}
                    <span class="latest-where">
                        <a href=format!("/inspections/{}", change.inspection_id)>
                            {row.reference} " " <bdi>{row.name}</bdi>
                        </a>
                        " "
                        <Time at=change.created_at/>
                    </span>
                </p>
            </li>
        }
    });
    view! {
        <Panel id="latest" title="Latest changes">
            <ul class="latest-list">{rows.collect_view()}</ul>
            <p class="card-foot"><a href="/changes">"All changes"</a></p>
        </Panel>
    }
    .into_any()
}

/// Renders an inspection's names, as the link of its row.
fn name(row: &InspectionRow) -> AnyView {
    view! {
        <div class="row-main">
            <a class="row-link" href=format!("/inspections/{}", row.id)><bdi>{row.name.clone()}</bdi></a>
            <p class="muted small clip">
                <span class="reference">{row.reference.clone()}</span>
                " "
                <bdi>{row.address.clone()}</bdi>
            </p>
        </div>
        <StatusBadge status=row.status/>
    }
    .into_any()
}

/// Renders a row of the first steps; its link is the primary button when `comes_next` is true.
fn first_step(
    title: &'static str,
    words: &'static str,
    (href, icon, label): (&'static str, IconName, &'static str),
    comes_next: bool,
) -> AnyView {
    let kind = if comes_next { ButtonKind::Primary } else { ButtonKind::Secondary };
    view! {
        <li class="row">
            <div class="row-main">
                <strong>{title}</strong>
                <p class="muted">{words}</p>
            </div>
            <LinkButton href kind icon>
                {label}
            </LinkButton>
        </li>
    }
    .into_any()
}

import { bar, entries, line, toast } from "./dashboard";
import { addressOf, demo } from "./demo";
import { Inspection } from "./inspection";
import type { Role } from "./people";
import { expect, type Page, visit } from "./test";

/** Page of the tour, as seen by one role. */
export interface Stop {
  name: string;
  role?: Role;
  /** Opens the page and waits until it is idle. */
  open: (page: Page) => Promise<void>;
  /** Status of the page's response, if not 200. */
  status?: number;
  /** Whether it takes the browser offline. */
  cut?: boolean;
}

/** Opens a page and waits until no further change is pending. */
async function atRest(page: Page, path: string): Promise<void> {
  await visit(page, path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  // Content that is being reloaded is dimmed.
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete || image.loading === "lazy"));
}

const at = (path: string) => (page: Page) => atRest(page, path);
const inspection = (name: string, under = "") => async (page: Page) =>
  atRest(page, (await addressOf(page, name)) + under);

/** Opens the preview of a revert; the id of an inspection is that of its first change. */
const back = (how: "change" | "to", name: string) => async (page: Page) => {
  const path = await addressOf(page, name);
  await at(`${path}/undo?${how}=${path.split("/").pop()}`)(page);
};

/** All pages, in each state with a different appearance. */
export const tour: Stop[] = [
  { name: "sign-in", open: at("/login") },
  { name: "start, inspector", role: "inspector", open: at("/") },
  { name: "start, reviewer", role: "reviewer", open: at("/") },
  { name: "inspections", role: "inspector", open: at("/inspections") },
  { name: "inspections, all", role: "reviewer", open: at("/inspections") },
  { name: "inspections, none match", role: "inspector", open: at("/inspections?q=nothing-is-called-this") },
  { name: "own account", role: "inspector", open: at("/account") },
  { name: "organisation", role: "admin", open: at("/settings/organisation") },
  { name: "no such report", role: "inspector", open: at("/reports/999999"), status: 404 },
  { name: "new inspection", role: "inspector", open: at("/inspections/new") },
  { name: "inspection in draft", role: "inspector", open: inspection(demo.draft) },
  { name: "inspection in review", role: "inspector", open: inspection(demo.review) },
  { name: "inspection in review, reviewer", role: "reviewer", open: inspection(demo.review) },
  { name: "inspection complete", role: "inspector", open: inspection(demo.complete) },
  { name: "history", role: "inspector", open: inspection(demo.draft, "/history") },
  {
    name: "history, changes open",
    role: "inspector",
    open: async (page) => {
      await inspection(demo.draft, "/history")(page);
      const rows = page.getByRole("main").locator("details");
      await rows.evaluateAll((all) => all.forEach((it) => ((it as HTMLDetailsElement).open = true)));
    },
  },
  { name: "inspection as it stood", role: "inspector", open: inspection(demo.draft, "?step=12") },
  { name: "two moments compared", role: "inspector", open: inspection(demo.draft, "/compare?from_step=5") },
  { name: "undo, with a decision", role: "inspector", open: back("change", demo.draft) },
  { name: "undo, nothing to do", role: "inspector", open: back("change", demo.complete) },
  { name: "restore", role: "inspector", open: back("to", demo.draft) },
  { name: "changes", role: "reviewer", open: at("/changes") },
  { name: "changes, by inspection", role: "reviewer", open: at("/changes?group=inspection") },
  {
    name: "changes, some selected",
    role: "reviewer",
    open: async (page) => {
      await atRest(page, "/changes?state=");
      for (const box of (await entries(page).getByRole("checkbox").all()).slice(0, 3)) await box.check();
    },
  },
  {
    name: "changes, rows open",
    role: "reviewer",
    open: async (page) => {
      await atRest(page, "/changes");
      const rows = page.getByRole("main").locator("details");
      await rows.evaluateAll((all) => all.forEach((it) => ((it as HTMLDetailsElement).open = true)));
    },
  },
  {
    name: "changes, everything asked about",
    role: "reviewer",
    open: async (page) => {
      await atRest(page, "/changes?state=");
      await page.getByRole("checkbox", { name: /^Select all/ }).check();
      await bar(page).getByRole("button", { name: "Reviewed" }).click();
      await expect(page.getByRole("button", { name: /^Mark \d+ changes/ })).toBeFocused();
    },
  },
  {
    name: "changes, a step refused",
    role: "reviewer",
    open: async (page) => {
      // A draft cannot be completed, so the demo is not changed.
      const id = (await addressOf(page, demo.draft)).split("/").pop();
      await atRest(page, `/changes?inspection=${id}`);
      await entries(page).first().getByRole("checkbox").check();
      await bar(page).getByRole("button", { name: "Complete" }).click();
      await expect(page.getByRole("alert").filter({ hasText: "Not everything went through." })).toBeVisible();
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    },
  },
  {
    name: "changes, done and to be undone",
    role: "admin",
    open: async (page) => {
      const { id } = await Inspection.start(page);
      await atRest(page, `/changes?inspection=${id}`);
      await entries(page).first().getByRole("button", { name: "Flag" }).click();
      await expect(entries(page).first()).toContainText("Flagged");
      // Its timer stops while it has the focus.
      await toast(page).getByRole("button", { name: "Undo" }).focus();
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    },
  },
  {
    name: "changes, with a note",
    role: "reviewer",
    open: async (page) => {
      await atRest(page, "/changes");
      await line(page, 0).click();
      await entries(page).first().locator("summary").filter({ hasText: "Add a note" }).click();
      await expect(entries(page).first().getByLabel("Note", { exact: true })).toBeFocused();
    },
  },
  {
    name: "changes, news while offline",
    role: "admin",
    cut: true,
    open: async (page) => {
      await atRest(page, "/changes?state=");
      const beside = await page.context().newPage();
      await Inspection.start(beside);
      await beside.close();
      await expect(page.getByRole("button", { name: /new changes?$/ })).toBeVisible();
      await page.context().setOffline(true);
      await expect(page.getByText("Offline: what you see may be out of date.")).toBeVisible();
    },
  },
  {
    name: "changes, shortcuts",
    role: "reviewer",
    open: async (page) => {
      await atRest(page, "/changes?state=");
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    },
  },
  { name: "changes, none match", role: "reviewer", open: at("/changes?q=nothing-is-called-this") },
  { name: "changes, not for inspectors", role: "inspector", open: at("/changes"), status: 403 },
  { name: "users", role: "admin", open: at("/users") },
  { name: "nothing here", role: "inspector", open: at("/nothing-here"), status: 404 },
];

import { rm } from "node:fs/promises";
import { bar, entries, everything, unfold } from "../support/dashboard";
import { Inspection } from "../support/inspection";
import { people, signIn } from "../support/people";
import { folder, freePort, serve } from "../support/server";
import { expect, live, type Page, scripts, test, unique, visit } from "../support/test";

const everywhere = { tag: "@nojs" };

const open = (page: Page) => entries(page).first().locator("summary").first().click();
const changes = (page: Page) => page.getByRole("list", { name: "Changes", exact: true }).first().getByRole("listitem");
const news = (page: Page, number: number) =>
  page.getByRole("button", { name: number === 1 ? "1 new change" : `${number} new changes` });

/** Creates an inspection with this many sections, each added by a separate request. */
async function sections(page: Page, number: number): Promise<Inspection> {
  const inspection = await Inspection.start(page, { name: unique("Read House") });
  for (let at = 1; at <= number; at++) await inspection.addSection(`Part ${at}`);
  return inspection;
}

test("what one request did is one line that says all of it, and opens to all of it", async ({ as }) => {
  const inspector = await as("inspector");
  const inspection = await sections(inspector, 12);
  await visit(inspector, `${inspection.path}?step=1`);
  await inspector.getByRole("link", { name: "Restore to here" }).click();
  await expect(inspector.getByRole("heading", { level: 1, name: "Restore an earlier state" })).toBeVisible();
  await live(inspector);
  await inspector.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(inspector.getByText("The earlier state is restored.")).toBeVisible();

  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  await expect(entries(page)).toHaveCount(14);
  await expect(entries(page).first()).toContainText(`${people.inspector.name} removed 12 sections`);
  await open(page);
  await expect(changes(page)).toHaveCount(10);
  const more = entries(page).first().getByRole("link", { name: "Show more of 12 changes" });
  await more.click();
  await expect(changes(page)).toHaveCount(12);
  await expect(more).toHaveCount(0);
  await expect(changes(page).nth(10)).toBeFocused();

  // All of it is also in one entry by day.
  await visit(page, `/changes?inspection=${inspection.id}&group=day`);
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page)).toContainText(`25 changes by ${people.inspector.name}`);
  await entries(page).getByRole("button", { name: "Reviewed" }).click();
  await expect(page.getByText("25 changes reviewed.")).toBeVisible();
});

test("without a script the rest of an entry is on a page of its own", { tag: "@nojs-only" }, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 6);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&group=inspection`);
  await open(page);
  await expect(changes(page)).toHaveCount(3);
  await page.getByRole("link", { name: "Show more of 7 changes" }).click();
  await expect(entries(page)).toHaveCount(7);
});

test("a browser that has run scripts and runs them no more still gets to what changed", async ({ as, browser, watch }) => {
  const inspection = await sections(await as("inspector"), 1);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  const storageState = await page.context().storageState();
  const context = await browser.newContext({ storageState, javaScriptEnabled: false });
  watch.over(context);
  const plain = await context.newPage();
  await plain.goto(page.url());
  await open(plain);
  await expect(changes(plain)).toHaveCount(0);
  await plain.getByRole("button", { name: "Show the whole page" }).click();
  await expect(plain).toHaveURL(page.url());
  await expect(entries(plain)).toHaveCount(2);
  await open(plain);
  await expect(changes(plain)).toHaveCount(1);
  await expect(changes(plain)).toContainText("Part 1");
  // Its menus have all values.
  await unfold(plain.getByRole("search"), "Person");
  await expect(plain.getByRole("group", { name: "Person" }).getByRole("checkbox").first()).toBeVisible();
  await expect(plain.getByRole("button", { name: "Show the whole page" })).toHaveCount(0);
  await context.close();
});

test("a day offers no steps; an inspection does", everywhere, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 1);
  await inspection.press("Send for review");
  const page = await as("reviewer");
  const here = `/changes?inspection=${inspection.id}`;
  await visit(page, `${here}&group=inspection`);
  await open(page);
  await expect(entries(page).getByRole("button", { name: "Complete", exact: true })).toBeVisible();
  await visit(page, `${here}&group=day`);
  await open(page);
  await expect(changes(page)).toHaveCount(3);
  await expect(entries(page).getByRole("button", { name: "Complete", exact: true })).toHaveCount(0);
  await expect(entries(page).locator("summary", { hasText: "Send back" })).toHaveCount(0);

  // A selection of days has no such button, but all matching changes do; it asks with their number.
  const completed = bar(page).getByRole("button", { name: "Complete" });
  await entries(page).getByRole("checkbox").first().check();
  await expect(bar(page).getByRole("button", { name: "Reviewed" })).toBeVisible();
  await expect(completed).toHaveCount(0);
  if (scripts()) {
    await everything(page, 3).check();
    await expect(completed).toBeVisible();
  }
});

test("what is being read stays, however much comes", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 2);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&group=inspection`);
  await open(page);
  await expect(changes(page)).toHaveCount(3);
  const shown = async () => changes(page).evaluateAll((all) => all.map((it) => it.id));
  const before = await shown();
  for (let at = 3; at <= 9; at++) await inspection.addSection(`Part ${at}`);
  await expect(news(page, 7)).toBeVisible();
  // The counts are current, but the entry is not.
  await expect(page.getByRole("navigation", { name: "State" }).getByRole("link", { name: "All" })).toHaveText("All10");
  await expect(entries(page)).toContainText("3 changes by");
  expect(await shown()).toEqual(before);
  await news(page, 7).click();
  await expect(entries(page)).toContainText("10 changes by");
  await expect(page.getByRole("button", { name: /new change/ })).toHaveCount(0);
});

test("what is new leads from an older page to the first", async ({ as }) => {
  const page = await as("reviewer");
  await visit(page, "/changes?state=");
  await page.getByRole("link", { name: "Older changes" }).click();
  await expect(page).toHaveURL(/before=\d+/);
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const inspection = await Inspection.start(await as("inspector"), { name: unique("New House") });
  await page.getByRole("button", { name: /new change/ }).click();
  await expect(page).not.toHaveURL(/before=/);
  await expect(entries(page).filter({ hasText: inspection.name }).first()).toBeVisible();
});

test("counts move with what the filter does not match", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 1);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&state=flagged`);
  const unreviewed = page.getByRole("navigation", { name: "State" }).getByRole("link", { name: "Unreviewed" });
  await expect(unreviewed).toHaveText("Unreviewed2");
  await inspection.addSection("Cellar");
  await expect(unreviewed).toHaveText("Unreviewed3");
  await expect(page.getByRole("button", { name: /new change/ })).toHaveCount(0);
});

test("whoever wrote a comment takes it back", everywhere, async ({ as }) => {
  const inspector = await as("inspector");
  const inspection = await sections(inspector, 1);
  const page = await as("reviewer");
  const here = `/changes?inspection=${inspection.id}&action=add-section`;
  await visit(page, here);
  await open(page);
  await entries(page).locator("summary", { hasText: "Comment" }).click();
  await entries(page).getByLabel("Comment").fill("Which side is this?");
  await entries(page).getByRole("button", { name: "Comment", exact: true }).click();
  await expect(page.getByText("Comment added.")).toBeVisible();
  const said = (page: Page) => page.getByRole("list", { name: "Comments" });
  await visit(inspector, inspection.path);
  await expect(said(inspector)).toContainText("Which side is this?");
  await expect(said(inspector).getByText("Delete…")).toHaveCount(0);

  await visit(page, here);
  await open(page);
  await said(page).getByText("Delete…").click();
  await said(page).getByRole("button", { name: "Delete comment" }).click();
  if (scripts()) await expect(page.getByText("Which side is this?")).toHaveCount(0);
  else await expect(page).toHaveURL(/\/changes\?inspection=/);
  await visit(inspector, inspection.path);
  await expect(inspection.section("Part 1")).toBeVisible();
  await expect(inspector.getByText("Which side is this?")).toHaveCount(0);
});

test("whoever was signed out is told so, with the way back", async ({ as, browser }) => {
  const inspection = await sections(await as("inspector"), 1);
  // A separate session, which no other test uses.
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, "reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  await expect(entries(page)).toHaveCount(2);
  const other = await context.newPage();
  await visit(other, "/inspections");
  await other.getByRole("banner").locator("summary").last().click();
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(other).toHaveURL(/\/login/);

  await inspection.addSection("Cellar");
  await expect(page.getByText("You are signed out, so nothing new is told.")).toBeVisible();
  await expect(page.getByText("Offline: what you see")).toHaveCount(0);
  await page.getByRole("link", { name: "Sign in again" }).click();
  await expect(page).toHaveURL(/\/login\?next=%2Fchanges%3Finspection/);
  await context.close();
});

test("a page outlives its server and goes on where it was", async ({ browser }) => {
  test.setTimeout(120_000);
  const [data, port] = [await folder(), await freePort()];
  let server = await serve(data, port);
  try {
    const signedIn = async (role: "inspector" | "reviewer") => {
      const context = await browser.newContext({ baseURL: server.url });
      const page = await context.newPage();
      await signIn(page, role);
      return page;
    };
    const inspection = await sections(await signedIn("inspector"), 1);
    const page = await signedIn("reviewer");
    await visit(page, `/changes?inspection=${inspection.id}`);
    await inspection.addSection("Before");
    await expect(news(page, 1)).toBeVisible();
    await server.stop();
    await expect(page.getByText("Offline: what you see may be out of date.")).toBeVisible();

    server = await serve(data, port);
    const again = await inspection.on(inspection.page);
    await again.addSection("After");
    // No entry is repeated or missing.
    await news(page, 2).click();
    await expect(page.getByText("Offline: what you see may be out of date.")).toBeHidden();
    await expect(entries(page)).toHaveCount(4);
  } finally {
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
});

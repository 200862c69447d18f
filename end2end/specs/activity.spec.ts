import { entries, sections, unfold } from "../support/dashboard";
import { people } from "../support/people";
import { expect, type Page, test, visit } from "../support/test";

const everywhere = { tag: "@nojs" };

const bars = (page: Page) => page.getByRole("list", { name: "Changes by day" }).getByRole("link");

test("activity is drawn by day, told as a table, and a day sets the filter", everywhere, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 2);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  await page.getByText("As a table").click();
  await expect(page.getByRole("columnheader", { name: "Add Section" })).toBeVisible();
  await page.getByRole("list", { name: "Changes by day" }).getByRole("link", { name: /: 3 changes$/ }).press("Enter");
  await expect(page).toHaveURL(/from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d/);
  await expect(entries(page)).toHaveCount(3);
});

test("dragging over days chooses all of them, and Shift all from a day on", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 1);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  const days = bars(page);
  // The newest day, today, comes first.
  await expect(days).toHaveCount(30);
  await days.nth(4).hover();
  await page.mouse.down();
  await days.first().hover();
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d/);
  await expect(days).toHaveCount(5);
  await days.nth(2).focus();
  await page.keyboard.press("Shift+Enter");
  await expect(days).toHaveCount(3);
  await days.first().press("Enter");
  await expect(days).toHaveCount(1);
  await expect(entries(page)).toHaveCount(2);
});

test("all of the activity leads to what it counts: a colour, an action, a number, a person", everywhere, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 2);
  const page = await as("reviewer");
  const here = `/changes?inspection=${inspection.id}`;
  await visit(page, here);
  await page.getByRole("list", { name: "Changes by action" }).getByRole("link", { name: "Add Section 2" }).click();
  await expect(page).toHaveURL(/action=add-section/);
  await expect(entries(page)).toHaveCount(2);

  await visit(page, here);
  await page.getByText("As a table").click();
  await page.getByRole("cell").getByRole("link", { name: "2", exact: true }).click();
  await expect(page).toHaveURL(/action=add-section.*from=.*to=/);

  await visit(page, here);
  const most = page.getByRole("main").getByRole("listitem").filter({ hasText: /^.* 3$/ });
  await most.getByRole("link", { name: people.inspector.name, exact: true }).click();
  await expect(page).toHaveURL(/user=\d+/);
  await expect(entries(page)).toHaveCount(3);
});

test("a colour of a bar is one action of that day", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 3);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  const colour = bars(page).first().locator('rect[data-tone="add-section"]');
  await colour.click();
  await expect(page).toHaveURL(/action=add-section.*from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d/);
  await expect(entries(page)).toHaveCount(3);
});

test("the bars are one stop of the Tab key, and the arrow keys lead through them", async ({ as }) => {
  const page = await as("reviewer");
  await visit(page, "/changes?state=");
  await expect(bars(page)).toHaveCount(30);
  await expect(bars(page).and(page.locator(":not([tabindex='-1'])"))).toHaveCount(1);
  await bars(page).first().focus();
  await page.keyboard.press("ArrowLeft");
  await expect(bars(page).nth(1)).toBeFocused();
  await page.keyboard.press("Home");
  await expect(bars(page).last()).toBeFocused();
  await page.keyboard.press("End");
  await expect(bars(page).first()).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("list", { name: "Changes by action" }).getByRole("link").first()).toBeFocused();
});

test("what the activity leaves out is said", everywhere, async ({ as }) => {
  const page = await as("reviewer");
  await visit(page, "/changes?from=2020-01-01");
  await expect(page.getByText("Last 400 days")).toBeVisible();
  await visit(page, "/changes?state=");
  await expect(page.getByText("Last 30 days")).toBeVisible();
});

/** Returns the date that is this many days before today, in UTC. */
const day = (before: number) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10);

test("today, 7 days and 30 days are one press each", everywhere, async ({ as }) => {
  const page = await as("reviewer");
  for (const [span, from, to] of [["Today", day(0), day(0)], ["7 days", day(6), null], ["30 days", day(29), null]]) {
    await visit(page, "/changes?state=");
    await unfold(page.getByRole("search"), "Date");
    await page.getByRole("link", { name: span!, exact: true }).click();
    await expect(page).toHaveURL((url) => url.searchParams.get("from") === from && url.searchParams.get("to") === to);
    await expect(page.getByRole("list", { name: "Active filters" })).toContainText("From");
  }
  await visit(page, `/changes?from=${day(29)}`);
  await unfold(page.getByRole("search"), "Date");
  await page.getByRole("link", { name: "Any time", exact: true }).click();
  await expect(page).not.toHaveURL(/from=/);
});

test("a jump leads to what happened on a day and before", everywhere, async ({ as }) => {
  const page = await as("reviewer");
  await visit(page, "/changes?action=edit");
  await unfold(page.getByRole("search"), "Date");
  await page.getByLabel("Jump to").fill(day(3));
  await page.getByRole("button", { name: "Jump", exact: true }).click();
  await expect(page).toHaveURL((url) => url.searchParams.get("to") === day(3));
  await expect(page).toHaveURL(/action=edit/);
  const first = () => entries(page).first().getByRole("time").first().getAttribute("datetime");
  await expect.poll(async () => (await first())!.slice(0, 10) <= day(3)).toBe(true);
});

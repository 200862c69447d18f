import { Inspection } from "../support/inspection";
import { expect, type Page, scripts, test, unique, visit } from "../support/test";

const everywhere = { tag: "@nojs" };

const entries = (page: Page) => page.locator("[data-entry]");
const tab = (page: Page, name: string) => page.getByRole("navigation", { name: "State" }).getByRole("link", { name });
const count = (page: Page, name: string, number: number) => expect(tab(page, name)).toHaveText(`${name}${number}`);
const toast = (page: Page) => page.getByRole("region", { name: "Notices" });

/** An inspection with so many sections, each added by itself. */
async function sections(page: Page, number: number): Promise<Inspection> {
  const inspection = await Inspection.start(page, { name: unique("Reviewed House") });
  for (let at = 1; at <= number; at++) await inspection.addSection(`Part ${at}`);
  return inspection;
}

test("what is unreviewed comes first; reviewed and flagged change their tabs, and undo puts back", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 2);
  const page = await as("reviewer");
  const here = `inspection=${inspection.id}`;
  await visit(page, `/changes?${here}&state=unreviewed`);
  await count(page, "Unreviewed", 3);
  await count(page, "Flagged", 0);

  await entries(page).first().getByRole("button", { name: "Reviewed" }).click();
  await expect(entries(page)).toHaveCount(2);
  await count(page, "Unreviewed", 2);
  await expect(page.getByText("1 change reviewed.")).toBeVisible();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(entries(page)).toHaveCount(3);
  await count(page, "Unreviewed", 3);

  await entries(page).first().getByRole("button", { name: "Flag" }).click();
  await count(page, "Flagged", 1);
  await count(page, "All", 3);
  await tab(page, "Flagged").click();
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page).first()).toContainText("Flagged");
});

test("the dashboard opens with what is unreviewed, or with the view chosen for that", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/changes");
  await expect(page).toHaveURL(/[?&]state=unreviewed/);
  const name = unique("Edits of status");
  await visit(page, "/changes?action=edit&field=status");
  const open = () => page.locator(".views-menu > summary").click();
  await open();
  await page.getByLabel("Keep this filter as").fill(name);
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByRole("list", { name: "Saved views" }).getByRole("link", { name })).toBeVisible();
  await visit(page, "/changes?state=");
  await open();
  await page.getByRole("button", { name: `Start with it: ${name}` }).click();
  await expect(page.getByText("Changes starts with this view.")).toBeVisible();
  await visit(page, "/changes");
  await expect(page).toHaveURL(/action=edit&field=status/);
  await open();
  await page.getByRole("button", { name: `Delete the view ${name}` }).click();
  await expect(page.getByText("View deleted.")).toBeVisible();
  await visit(page, "/changes");
  await expect(page).toHaveURL(/state=unreviewed/);
});

test("a selection is reviewed, and refusals are listed while the rest goes through", everywhere, async ({ as }) => {
  const inspector = await as("inspector");
  const word = unique("bulk").replaceAll(" ", "");
  const ready = await Inspection.start(inspector, { name: `${word} ready` });
  await ready.press("Ready for review");
  await Inspection.start(inspector, { name: `${word} draft` });
  const page = await as("reviewer");
  await visit(page, `/changes?q=${word}&state=unreviewed`);
  await expect(entries(page)).toHaveCount(3);
  for (const box of await entries(page).getByRole("checkbox").all()) await box.check();
  const bar = page.locator("#bulk");
  if (scripts()) await expect(bar).toContainText("3 selected");
  await bar.getByRole("button", { name: "Completed" }).click();
  await expect(page.getByRole("alert")).toContainText("Not everything went through.");
  await expect(page.getByText(/is complete\./)).toBeVisible();
});

test("everything that matches is reviewed once the number is confirmed", everywhere, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 3);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  if (scripts()) await entries(page).first().getByRole("checkbox").check();
  const bar = page.locator("#bulk");
  await bar.getByRole("checkbox", { name: /Everything that matches \(4\)/ }).check();
  await bar.getByRole("button", { name: "Reviewed" }).click();
  await expect(page.getByText("Mark as reviewed all 4 changes that match?")).toBeVisible();
  await page.getByRole("button", { name: "Yes, all 4" }).click();
  await expect(page.getByText("4 changes reviewed.")).toBeVisible();
  await count(page, "Unreviewed", 0);
});

test("a comment is read by the inspector on the inspection and in its history", everywhere, async ({ as }) => {
  const inspector = await as("inspector");
  const inspection = await sections(inspector, 1);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&action=add-section`);
  const entry = entries(page).first();
  await entry.locator("summary").first().click();
  await entry.locator("summary", { hasText: "Comment" }).click();
  await entry.getByLabel("Comment").fill("Which side of the house is this?");
  await entry.getByRole("button", { name: "Comment", exact: true }).click();
  await expect(page.getByText("Comment added.")).toBeVisible();
  await visit(page, `/changes?inspection=${inspection.id}&action=add-section`);
  await expect(entries(page).first()).toContainText("1 comment");
  for (const path of [inspection.path, `${inspection.path}/history`]) {
    await visit(inspector, path);
    await expect(inspector.getByRole("list", { name: "Comments" })).toContainText("Which side of the house is this?");
  }
});

test("everything since the last review is one before and after", everywhere, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 1);
  const page = await as("reviewer");
  const since = async () => {
    await visit(page, `/changes?inspection=${inspection.id}`);
    await entries(page).first().locator("summary").first().click();
    await entries(page).first().getByRole("link", { name: "Since my last review" }).click();
    await expect(page.getByRole("heading", { level: 1, name: /compared$/ })).toBeVisible();
  };
  await since();
  await expect(page.getByText("You have reviewed nothing of this inspection yet")).toBeVisible();

  await visit(page, `/changes?inspection=${inspection.id}`);
  await entries(page).first().getByRole("button", { name: "Reviewed" }).click();
  await expect(page.getByText("1 change reviewed.")).toBeVisible();
  await inspection.rate("Part 1", "Poor");
  await inspection.rate("Part 1", "Fair");
  await since();
  const differs = page.getByRole("region", { name: "What differs" });
  await expect(differs.getByRole("listitem", { name: "Part 1" })).toContainText("Fair");
  await expect(differs).not.toContainText("Poor");
  await expect(page.getByText("You have reviewed nothing")).toHaveCount(0);
});

test("what is one line for the inspection is a line for each action", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 2);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&group=inspection`);
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page)).toContainText("3 changes by");
  await page.getByRole("combobox", { name: "Group by" }).selectOption("Action");
  await expect(entries(page)).toHaveCount(3);
  await expect(page).not.toHaveURL(/group=/);
});

test("not: what is shut out is not shown, and the address says so", everywhere, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 2);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  await expect(entries(page)).toHaveCount(3);
  const form = page.getByRole("search");
  if (!(await form.getByRole("group", { name: "Action" }).isVisible()))
    await form.locator("summary", { hasText: "Action" }).click();
  await form.getByRole("checkbox", { name: "Not Add Section" }).check();
  if (!scripts()) await form.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/-action=add-section/);
  await expect(entries(page)).toHaveCount(1);
  await expect(page.getByRole("link", { name: "Remove the filter Not action: Add Section" })).toBeVisible();
});

test("activity is drawn by day, told as a table, and a day sets the filter", everywhere, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 2);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  const days = page.getByRole("list", { name: "Changes by day" });
  await page.getByText("As a table").click();
  await expect(page.getByRole("columnheader", { name: "Add Section" })).toBeVisible();
  await days.getByRole("link", { name: /: 3 changes$/ }).click();
  await expect(page).toHaveURL(/from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d/);
  await expect(entries(page)).toHaveCount(3);
});

test("dragging over days chooses all of them, and Shift all from a day on", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 1);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  const days = page.getByRole("list", { name: "Changes by day" }).getByRole("link");
  // The newest first: today.
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
  await days.first().click();
  await expect(days).toHaveCount(1);
  await expect(entries(page)).toHaveCount(2);
});

test("new changes are told and brought in when asked; nothing moves before", async ({ as }) => {
  const inspector = await as("inspector");
  const inspection = await sections(inspector, 1);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  await expect(entries(page)).toHaveCount(2);
  const first = await entries(page).first().getAttribute("data-entry");
  await inspection.addSection("Cellar");
  await expect(page.getByRole("button", { name: "1 new change" })).toBeVisible();
  await count(page, "All", 3);
  expect(await entries(page).first().getAttribute("data-entry")).toBe(first);
  await inspection.addSection("Attic");
  await page.getByRole("button", { name: "2 new changes" }).click();
  await expect(entries(page)).toHaveCount(4);
  await expect(entries(page).first()).toContainText("Attic");
});

test("what another reviewer does shows without asking", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 1);
  const [one, other] = [await as("reviewer"), await as("admin")];
  for (const page of [one, other]) await visit(page, `/changes?inspection=${inspection.id}`);
  await entries(other).first().getByRole("button", { name: "Flag" }).click();
  await expect(entries(one).first()).toContainText("Flagged");
  await count(one, "Flagged", 1);
});

test("a connection that was cut resumes with nothing missed and nothing twice", async ({ as, watch }) => {
  watch.offline();
  const inspector = await as("inspector");
  const inspection = await sections(inspector, 1);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  await inspection.addSection("Before");
  await expect(page.getByRole("button", { name: "1 new change" })).toBeVisible();
  await page.context().setOffline(true);
  await expect(page.getByText("Offline: what you see may be out of date.")).toBeVisible();
  await inspection.addSection("Meanwhile");
  await inspection.addSection("And another");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "3 new changes" }).click();
  await expect(page.getByText("Offline: what you see may be out of date.")).toBeHidden();
  await expect(entries(page)).toHaveCount(5);
});

test("twenty changes are triaged by the keyboard alone", async ({ as }) => {
  test.setTimeout(120_000);
  const inspection = await sections(await as("inspector"), 19);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  await count(page, "Unreviewed", 20);
  await expect(entries(page)).toHaveCount(20);
  const key = (key: string) => page.keyboard.press(key);

  await key("j");
  await expect(entries(page).first().locator("summary").first()).toBeFocused();
  await key("o");
  await expect(entries(page).first().getByRole("table").first()).toBeVisible();
  await key("o");
  // One after the other.
  for (let left = 19; left >= 15; left--) {
    await key("e");
    await expect(entries(page)).toHaveCount(left);
  }
  await key("z");
  await expect(entries(page)).toHaveCount(16);
  // The focus was kept: back to the top, and flag it.
  for (let up = 0; up < 16; up++) await key("k");
  await expect(entries(page).first().locator("summary").first()).toBeFocused();
  await key("f");
  await expect(entries(page)).toHaveCount(15);
  await count(page, "Flagged", 1);
  // A comment, and back out of it with the keys of a text field.
  await key("c");
  await page.keyboard.type("Is this the same part? ejfx");
  await key("Tab");
  await key("Enter");
  await expect(toast(page)).toContainText("Comment added.");
  // A range, all at once.
  await page.keyboard.press("Escape");
  for (let up = 0; up < 16; up++) await key("k");
  await entries(page).first().locator("summary").first().focus();
  await key("x");
  for (let down = 0; down < 14; down++) await key("j");
  await key("Shift+X");
  await expect(page.locator("#bulk")).toContainText("15 selected");
  await key("e");
  await expect(entries(page)).toHaveCount(0);
  await count(page, "Unreviewed", 0);
  await expect(page.getByText("All is reviewed").or(page.getByText("No changes match"))).toBeVisible();
});

test("shortcuts are listed, rest while something is typed, and can be switched off", async ({ as }) => {
  const page = await as("reviewer");
  await visit(page, "/changes?state=");
  const words = page.getByRole("searchbox", { name: "Words" });
  await page.keyboard.press("/");
  await expect(words).toBeFocused();
  await page.keyboard.type("g?");
  await expect(words).toHaveValue("g?");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await words.fill("");
  await words.blur();
  await page.keyboard.press("Control+j");
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(dialog).toContainText("Select a range");
  await dialog.getByLabel("Use shortcuts in this browser").uncheck();
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await expect(page).toHaveURL(/changes/);
  await page.reload();
  await page.getByText("Your menu", { exact: false }).or(page.locator(".menu > summary")).first().click();
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(dialog.getByLabel("Use shortcuts in this browser")).not.toBeChecked();
  await dialog.getByLabel("Use shortcuts in this browser").check();
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await expect(page).toHaveURL(/\/inspections$/);
});

test("changes are triaged by touch", { tag: "@phone-only" }, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 4);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  await expect(entries(page)).toHaveCount(5);
  const small = await entries(page).evaluateAll((all) =>
    all.flatMap((entry) =>
      [...entry.querySelectorAll<HTMLElement>("button, summary, label, a")]
        .filter((it) => it.checkVisibility())
        .map((it) => it.getBoundingClientRect())
        .filter(({ width, height }) => width < 24 || height < 24),
    ),
  );
  expect(small).toEqual([]);
  await entries(page).first().getByRole("button", { name: "Flag" }).tap();
  await expect(entries(page)).toHaveCount(4);
  await entries(page).first().locator("summary").first().tap();
  await expect(entries(page).first().getByRole("table")).toBeVisible();
  await entries(page).first().getByRole("button", { name: "Reviewed" }).tap();
  await expect(entries(page)).toHaveCount(3);
  for (const label of await entries(page).locator(".entry-select").all()) await label.tap();
  await page.locator("#bulk").getByRole("button", { name: "Reviewed" }).tap();
  await expect(entries(page)).toHaveCount(0);
});

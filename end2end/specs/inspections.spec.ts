import { Inspection } from "../support/inspection";
import { people } from "../support/people";
import { expect, live, scripts, test, unique, visit } from "../support/test";

const everywhere = { tag: "@nojs" };

test("the list is searched, filtered and sorted, and its address says how", everywhere, async ({ as }) => {
  const page = await as("inspector");
  const word = unique("Listed");
  for (const [name, date] of [["Beech", "2031-01-03"], ["Alder", "2031-01-02"], ["Cedar", "2031-01-01"]]) {
    await Inspection.start(page, { name: `${name} ${word}`, address: "3 List Road", date });
  }
  const second = await Inspection.start(page, { name: `Dogwood ${word}` });
  await second.press("Send for review");

  await visit(page, "/inspections");
  const list = page.getByRole("main");
  const names = list.getByRole("row").getByRole("link");
  const apply = async () => {
    if (!scripts()) await list.getByRole("button", { name: "Apply" }).click();
  };

  await list.getByRole("searchbox", { name: "Search" }).fill(word);
  await apply();
  await expect(page).toHaveURL(new RegExp(`[?&]q=${word.replace(" ", "(\\+|%20)")}`));
  await expect(names).toHaveText([`Dogwood ${word}`, `Cedar ${word}`, `Alder ${word}`, `Beech ${word}`]);

  await list.getByRole("combobox", { name: "Sort by" }).selectOption("Name");
  await apply();
  await expect(names).toHaveText([`Alder ${word}`, `Beech ${word}`, `Cedar ${word}`, `Dogwood ${word}`]);

  await list.getByRole("combobox", { name: "Sort by" }).selectOption("Scheduled date");
  await apply();
  await expect(names).toHaveText([`Cedar ${word}`, `Alder ${word}`, `Beech ${word}`, `Dogwood ${word}`]);

  const statuses = list.getByRole("navigation", { name: "Status" });
  await expect(statuses.getByRole("link", { name: /^All/ })).toHaveText(/4$/);
  await statuses.getByRole("link", { name: /^Draft/ }).click();
  await expect(names).toHaveText([`Cedar ${word}`, `Alder ${word}`, `Beech ${word}`]);
  await statuses.getByRole("link", { name: /^In review/ }).click();
  await expect(names).toHaveText([`Dogwood ${word}`]);
  await expect(page).toHaveURL(/status=review/);

  // The address shows the same list to others.
  await visit(page, page.url());
  await expect(names).toHaveText([`Dogwood ${word}`]);
  await expect(list.getByRole("searchbox", { name: "Search" })).toHaveValue(word);
});

test("a search that finds nothing says so and leads on", everywhere, async ({ as }) => {
  const page = await as("inspector");
  await visit(page, "/inspections?q=nothing-is-called-this");
  await expect(page.getByText("No inspection matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
});

test("inspectors see their own inspections alone", everywhere, async ({ as, watch }) => {
  const theirs = await Inspection.start(await as("admin"));
  const page = await as("inspector");
  await visit(page, `/inspections?q=${encodeURIComponent(theirs.name)}`);
  await expect(page.getByText("No inspection matches")).toBeVisible();

  watch.expect(404, /\/inspections\/\d+/);
  watch.expect(403, /\/inspections\/\d+/);
  for (const path of [theirs.path, `${theirs.path}/history`]) {
    const answer = await page.goto(path);
    expect([403, 404]).toContain(answer!.status());
    await expect(page.getByText(theirs.name)).toHaveCount(0);
  }
});

test("a new inspection that cannot stand keeps what was typed", everywhere, async ({ as, watch }) => {
  const page = await as("inspector");
  watch.expect(422, /./);
  await visit(page, "/inspections/new");
  const form = page.getByRole("main");
  // The browser's own validation would run before the page's.
  await form.locator("form").evaluate((form: HTMLFormElement) => (form.noValidate = true));
  const summary = "Two lines,\nand “quotes” & <signs>.";
  await form.getByLabel("Address").fill("5 Typed Street");
  await form.getByLabel("Summary").fill(summary);
  await form.getByLabel("Scheduled date").fill("2031-02-03");
  await form.getByRole("button", { name: "Start inspection" }).click();

  await expect(form.getByRole("alert")).toBeVisible();
  // Typed text never appears in an address.
  await expect(page).toHaveURL(/\/inspections\/new$/);
  await expect(form.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await expect(form.getByLabel("Name")).toHaveAccessibleDescription(/Enter a name\./);
  await expect(form.getByLabel("Address")).toHaveValue("5 Typed Street");
  await expect(form.getByLabel("Summary")).toHaveValue(summary);
  await expect(form.getByLabel("Scheduled date")).toHaveValue("2031-02-03");

  const name = unique("Mended House");
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Start inspection" }).click();
  await expect(page).toHaveURL(/\/inspections\/\d+$/);
  await live(page);
  await expect(page.getByRole("main")).toContainText("5 Typed Street");
});

test("an admin starts an inspection for an inspector", everywhere, async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/inspections/new");
  const inspector = page.getByRole("main").getByLabel("Inspector");
  await expect(inspector.getByRole("option", { selected: true })).toHaveText(people.admin.name);
  await inspector.selectOption(people.inspector.name);
  const inspection = await Inspection.fillIn(page, {});
  await expect(inspection.details).toContainText(people.inspector.name);

  const theirs = await as("inspector");
  await visit(theirs, `/inspections?q=${encodeURIComponent(inspection.name)}`);
  await expect(theirs.getByRole("link", { name: inspection.name })).toBeVisible();
});

test("what is behind the dots goes away again", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  const more = page.getByRole("main").getByLabel("More", { exact: true });
  const remove = page.getByRole("main").getByRole("button", { name: "Remove", exact: true }).filter({ visible: true });
  await more.click();
  await expect(remove).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await expect(remove).toBeHidden();
  await expect(more).toBeFocused();

  await more.click();
  await page.getByRole("heading", { level: 2, name: "Details" }).click();
  await expect(remove).toBeHidden();

  await more.click();
  await remove.click();
  await expect(inspection.question).toContainText(inspection.name);
  await inspection.question.getByRole("button", { name: "Cancel" }).press("Space");
  await expect(inspection.question).toBeHidden();
  await expect(more).toBeFocused();
  await expect(remove).toBeHidden();
});

test("reviewers start no inspections", everywhere, async ({ as, watch }) => {
  const page = await as("reviewer");
  await visit(page, "/inspections");
  await expect(page.getByRole("link", { name: "New inspection" })).toHaveCount(0);
  watch.expect(403, /\/inspections\/new/);
  expect((await page.goto("/inspections/new"))!.status()).toBe(403);
});

test("a removed inspection leaves the lists and keeps its history", everywhere, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"), { name: unique("Gone House") });
  const { page } = inspection;
  await page.getByRole("main").getByText("More", { exact: true }).or(page.getByLabel("More")).first().click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(inspection.question).toContainText(inspection.name);
  await inspection.question.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page).toHaveURL(/\/inspections(\?|$)/);
  await visit(page, `/inspections?q=${encodeURIComponent(inspection.name)}`);
  await expect(page.getByText("No inspection matches")).toBeVisible();
  await visit(page, `${inspection.path}/history`);
  await expect(page.getByRole("main")).toContainText("removed the inspection");
});

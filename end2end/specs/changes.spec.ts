import { entries } from "../support/dashboard";
import { Inspection } from "../support/inspection";
import { people } from "../support/people";
import { expect, type Page, scripts, test, unique, visit } from "../support/test";

const everywhere = { tag: "@nojs" };

/** Submits the filter if it does not apply itself. */
async function apply(page: Page): Promise<void> {
  if (!scripts()) await page.getByRole("search").getByRole("button", { name: "Apply" }).click();
}

/** Expands a part of the filter. */
async function unfold(page: Page, title: string): Promise<void> {
  const form = page.getByRole("search");
  const facet = form.getByRole("group", { name: title });
  if (!(await facet.isVisible())) await form.locator("summary", { hasText: title }).click();
  await expect(facet).toBeVisible();
}

test("the feed is filtered by everything a reviewer asks, and its address says how", everywhere, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"), { name: unique("Filtered House") });
  await inspection.addSection("Roof");
  await inspection.rate("Roof", "Poor");
  const page = await as("reviewer");
  await visit(page, "/changes?state=");
  const form = page.getByRole("search", { name: "Filter the changes" });

  await form.getByRole("searchbox", { name: "Words" }).fill(inspection.name);
  await apply(page);
  await expect(entries(page)).toHaveCount(3);
  await expect(page).toHaveURL(/[?&]q=/);
  await expect(page.getByRole("status").filter({ hasText: "3 changes" })).toBeVisible();

  await unfold(page, "Action");
  const edits = form.getByRole("group", { name: "Action" }).getByRole("checkbox", { name: /^Edit/ });
  await expect(form.locator("label", { has: page.getByRole("checkbox", { name: /^Edit/ }) })).toContainText("2");
  await edits.check();
  await apply(page);
  await expect(page).toHaveURL(/action=edit/);
  await expect(entries(page)).toHaveCount(2);

  await unfold(page, "Field");
  await form.getByRole("group", { name: "Field" }).getByRole("checkbox", { name: "Condition", exact: true }).check();
  await apply(page);
  await expect(page).toHaveURL(/field=condition/);
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page)).toContainText("set Roof from not inspected to poor");

  await unfold(page, "Person");
  await form.getByRole("group", { name: "Person" }).getByRole("checkbox", { name: people.inspector.name, exact: true }).check();
  await apply(page);
  await expect(page).toHaveURL(/user=\d+/);
  await expect(entries(page)).toHaveCount(1);

  await unfold(page, "Date");
  await form.getByLabel("From").fill("2099-01-01");
  if (scripts()) await form.getByLabel("From").press("Escape");
  await apply(page);
  await expect(page).toHaveURL(/from=2099-01-01/);
  await expect(page.getByText("No changes match")).toBeVisible();

  // A chip removes its part of the filter.
  const chips = page.getByRole("list", { name: "Active filters" });
  await chips.getByRole("link", { name: /From/ }).click();
  await expect(page).not.toHaveURL(/from=/);
  await expect(entries(page)).toHaveCount(1);
  await chips.getByRole("link", { name: "Remove the filter Field: Condition" }).click();
  await expect(entries(page)).toHaveCount(2);
  await chips.getByRole("link", { name: "Clear all" }).click();
  await expect(page).toHaveURL(/\/changes\?state=$/);
  await expect(entries(page).first()).toBeVisible();
});

test("filters that hold several values are read from the address", everywhere, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.addSection("Roof");
  await inspection.press("Send for review");
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&action=add-section&action=status-review`);
  await expect(entries(page)).toHaveCount(2);
  await expect(page.getByRole("list", { name: "Active filters" }).getByRole("link")).toHaveCount(4);
  await page.reload();
  await expect(entries(page)).toHaveCount(2);
});

test("what of a filter cannot be read is said, and the rest holds", everywhere, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&action=dance&from=yesterday`);
  await expect(page.getByRole("alert")).toContainText("“dance” is not a known action");
  await expect(page.getByRole("alert")).toContainText("“yesterday” is not a known from");
  await expect(entries(page)).toHaveCount(1);
});

test("a row opens to its before and after", everywhere, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"), { address: "1 Before Road" });
  await inspection.edit(inspection.details, "Address", "2 After Road");
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&field=address`);
  const row = entries(page).filter({ hasText: "from 1 Before Road to 2 After Road" });
  const table = row.getByRole("table");
  await expect(table).toBeHidden();
  await row.locator("summary").first().click();
  const address = table.getByRole("row", { name: /^Address/ });
  await expect(address.getByRole("deletion")).toContainText("1 Before");
  await expect(address.getByRole("insertion")).toContainText("2 After");
  await expect(row.getByRole("link", { name: "Show the record" })).toBeVisible();
});

test("words that went and came are marked within the text", everywhere, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"), {
    summary: "The gutters leak at both ends and the roof is sound.",
  });
  await inspection.edit(inspection.details, "Summary", "The gutters are tight at both ends and the roof is sound.");
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&field=summary&q=tight`);
  const row = entries(page).first();
  await row.locator("summary").first().click();
  const text = row.getByRole("row", { name: /^Summary/ });
  await expect(text.getByRole("deletion")).toHaveText(/removed: leak/);
  await expect(text.getByRole("insertion")).toHaveText(/added: are tight/);
  await expect(text).toContainText("at both ends and the roof is sound.");
});

test("pages of the feed follow each other without a gap", everywhere, async ({ as }) => {
  const page = await as("reviewer");
  // The demo has more changes than a page shows.
  await visit(page, "/changes?to=2030-01-01");
  const ids = () =>
    entries(page).evaluateAll((all) =>
      all.map((it) => Number(it.querySelector(".entry-words")!.id.slice(1))),
    );
  await expect(entries(page)).toHaveCount(25);
  const first = await ids();
  await page.getByRole("link", { name: "Older changes" }).click();
  await expect(page).toHaveURL(/before=\d+/);
  await expect.poll(async () => (await ids())[0]).toBeLessThan(first[24]);
  await expect(entries(page)).toHaveCount(25);
  const second = await ids();
  expect(new Set([...first, ...second]).size).toBe(50);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(page).not.toHaveURL(/before=/);
});

test("a reviewer completes and reverts from an entry", everywhere, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.press("Send for review");
  const page = await as("reviewer");
  // The final report is excluded, because the server creates it asynchronously.
  const steps = `/changes?inspection=${inspection.id}&-action=create-pdf`;
  await visit(page, steps);
  await entries(page).first().locator("summary").first().click();
  await entries(page).first().getByRole("button", { name: "Complete", exact: true }).click();
  await expect(page.getByText(/is complete\.$/)).toBeVisible();
  await visit(page, steps);
  await expect(entries(page)).toHaveCount(3);
  await expect(entries(page).first()).toContainText("completed it");

  const row = entries(page).first();
  await row.locator("summary").first().click();
  await row.locator("summary", { hasText: "Send back" }).click();
  await row.getByLabel("Reason").fill("The date of the visit is wrong.");
  await row.getByRole("button", { name: "Send back", exact: true }).click();
  await expect(page.getByText(/is a draft again\.$/)).toBeVisible();
  await visit(page, steps);
  await expect(entries(page).first()).toContainText("reverted it to draft: The date of the visit is wrong.");
  await expect(entries(page)).toHaveCount(4);
});

test("the filters apply as they are typed, and going back goes back", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"), { name: unique("Typed House") });
  const page = await as("reviewer");
  await visit(page, "/inspections");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Changes" }).click();
  const words = page.getByRole("searchbox", { name: "Words" });
  await words.pressSequentially(inspection.name);
  await expect(page).toHaveURL((url) => url.searchParams.get("q") === inspection.name);
  await expect(entries(page)).toHaveCount(1);
  await expect(words).toBeFocused();
  await expect(words).toHaveValue(inspection.name);
  // Typing adds one history entry, not one for each letter; the filter that the page opens with adds none.
  await page.goBack();
  await expect(page).toHaveURL(/\/inspections$/);
});

test("inspectors are told why the dashboard is not theirs", everywhere, async ({ as, watch }) => {
  watch.expect(403, /\/changes/);
  const page = await as("inspector");
  expect((await page.goto("/changes"))!.status()).toBe(403);
  await expect(page.getByRole("main")).toContainText("reviewers");
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Changes" })).toHaveCount(0);
});

test("the history of one inspection is on a page of its own", everywhere, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.addSection("Roof");
  const page = await as("inspector");
  await visit(page, `${inspection.path}/history`);
  const changes = page.getByRole("list", { name: "Changes, newest first" }).getByRole("listitem");
  await expect(changes).toHaveCount(2);
  await expect(changes.first()).toContainText("added the section Roof");
  await changes.first().locator("summary").click();
  await expect(changes.first()).toContainText("Title");
});

test("the history says that it verifies, and what that means", everywhere, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.addSection("Roof");
  const page = await as("inspector");
  await visit(page, `${inspection.path}/history`);
  const verified = "Verified: all 2 changes are intact.";
  await expect(page.getByRole("status").filter({ hasText: "Verified" })).toHaveText(verified);
  await page.getByText("What this means").click();
  await expect(page.getByText("computed anew just now")).toBeVisible();
  // Also without JavaScript.
  const plain = await page.request.get(`${inspection.path}/history`);
  expect(await plain.text()).toContain(verified);
});

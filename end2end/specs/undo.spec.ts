import { bar, entries, line } from "../support/dashboard";
import { Inspection } from "../support/inspection";
import { jpeg } from "../support/pictures";
import { expect, live, type Page, scripts, test, unique, visit } from "../support/test";

const everywhere = { tag: ["@phone", "@nojs"] };

/** Opens the preview of undoing a change, from the history page. */
async function askToUndo(inspection: Inspection, page: Page, sentence: string): Promise<void> {
  await visit(page, `${inspection.path}/history`);
  const change = page
    .getByRole("list", { name: "Changes, newest first" })
    .getByRole("listitem")
    .filter({ hasText: sentence })
    .first();
  await change.locator("summary").click();
  await change.getByRole("link", { name: "Undo…" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Undo a change" })).toBeVisible();
  await live(page);
}

const undo = (page: Page) => page.getByRole("button", { name: "Undo", exact: true });

test("a change is undone, and the undo is undone", everywhere, async ({ as }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.addSection("Roof");
  await inspection.rate("Roof", "Poor");

  await askToUndo(inspection, page, "set Roof from not inspected to poor");
  await expect(page.getByRole("listitem").filter({ hasText: "set Roof from poor to not inspected" })).toBeVisible();
  await undo(page).click();
  await expect(inspection.section("Roof").getByRole("radio", { name: "Not inspected" })).toBeChecked();
  await expect(page.getByRole("status").filter({ hasText: "Undone:" })).toBeVisible();
  await inspection.recorded("undid an earlier change: set Roof from poor to not inspected");
  await live(page);

  await page.getByRole("link", { name: "Undo this undo" }).click();
  await undo(page).click();
  await expect(inspection.section("Roof").getByRole("radio", { name: "Poor" })).toBeChecked();
  await inspection.recorded("undid an earlier change: set Roof from not inspected to poor");
});

test("what was touched since is decided field by field", everywhere, async ({ as }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.addSection("Roof");
  await inspection.rate("Roof", "Poor");
  await (await inspection.on(await as("admin"))).rate("Roof", "Unsafe");

  await askToUndo(inspection, page, "set Roof from not inspected to poor");
  const conflict = page.getByRole("group", { name: "Condition of Roof" });
  await expect(conflict).toContainText("set Roof from poor to unsafe");
  await expect(conflict.getByRole("radio", { name: "Keep what is now: Unsafe" })).toBeChecked();
  // With these choices nothing would change.
  await expect(page.getByText("Nothing will change.")).toBeVisible();
  await expect(undo(page)).toHaveCount(0);

  const back = conflict.getByRole("radio", { name: "Set back to: Not inspected" });
  await back.check();
  if (scripts()) await expect(back).toBeFocused();
  else await page.getByRole("button", { name: "Show the result" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "set Roof from unsafe to not inspected" })).toBeVisible();
  await undo(page).click();
  await expect(inspection.section("Roof").getByRole("radio", { name: "Not inspected" })).toBeChecked();
});

test("what changed while one looked is not overwritten", everywhere, async ({ as, watch }) => {
  watch.expect(409, /undo\?/);
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.addSection("Roof");
  await inspection.rate("Roof", "Poor");
  await askToUndo(inspection, page, "set Roof from not inspected to poor");
  await (await inspection.on(await as("admin"))).rate("Roof", "Unsafe");
  await undo(page).click();
  await expect(page.getByRole("alert")).toContainText("nothing was done");
  await expect(page.getByRole("group", { name: "Condition of Roof" })).toContainText("Unsafe");
});

test("a removed section comes back with its photos, in its place", everywhere, async ({ as, browser }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.addSection("Roof");
  await inspection.addSection("Cellar");
  await inspection.edit(inspection.section("Roof"), "Notes", "Slates loose.");
  await inspection.attached(await jpeg(browser, "ridge.jpg"), "Roof");
  await inspection.press("Remove section", inspection.section("Roof"));
  await expect(inspection.section("Roof")).toBeHidden();

  await askToUndo(inspection, page, "removed the section Roof and its photo");
  await undo(page).click();
  await expect(inspection.section("Roof")).toContainText("Slates loose.");
  await expect(inspection.section("Roof").getByRole("img", { name: "Photo ridge.jpg" })).toBeVisible();
  const titles = page.getByRole("list", { name: "Sections" }).getByRole("heading", { level: 3 });
  await expect(titles).toHaveText(["Roof", "Cellar"]);
});

test("a removed inspection comes back", everywhere, async ({ as }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.addSection("Roof");
  await page.locator("summary").filter({ visible: true }).and(page.getByLabel("More")).click();
  await inspection.press("Remove", page);
  await expect(page).toHaveURL(/\/inspections$/);
  await askToUndo(inspection, page, "removed the inspection");
  await undo(page).click();
  await expect(inspection.section("Roof")).toBeVisible();
  await expect(page.getByRole("button", { name: "Add section" })).toBeVisible();
});

test("a change is undone from the dashboard", everywhere, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.addSection("Roof");
  const page = await as("admin");
  await visit(page, `/changes?inspection=${inspection.id}&action=add-section`);
  const entry = page.getByRole("main").getByRole("listitem").filter({ hasText: "added the section Roof" }).first();
  await entry.locator("summary").first().click();
  await entry.getByRole("link", { name: "Undo…" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Undo a change" })).toBeVisible();
  await live(page);
  await undo(page).click();
  await expect(page).toHaveURL(new RegExp(`${inspection.path}(\\?|$)`));
  await expect(page.getByRole("heading", { level: 1, name: inspection.name })).toBeVisible();
  await expect(page.getByRole("article", { name: "Roof" })).toHaveCount(0);
});

test("all that one request did is undone together", async ({ as, browser }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.attach([await jpeg(browser, "one.jpg"), await jpeg(browser, "two.jpg", 90)]);
  await expect(inspection.thing("one.jpg")).toBeVisible();
  await expect(inspection.thing("two.jpg")).toBeVisible();

  await askToUndo(inspection, page, "attached the photo two.jpg");
  await page.getByRole("link", { name: "Undo all 2 changes that this request did" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Undo all that this request did" })).toBeVisible();
  await expect(page.getByRole("list", { name: "What is undone, newest first" }).getByRole("listitem")).toHaveCount(2);
  await undo(page).click();
  await expect(page.getByText("Undone, in 2 changes.")).toBeVisible();
  await expect(inspection.thing("one.jpg")).toHaveCount(0);
  await expect(inspection.thing("two.jpg")).toHaveCount(0);
});

test("a step is undone by who may, and says why where it cannot be", everywhere, async ({ as }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.addSection("Roof");
  await inspection.press("Send for review");
  await inspection.recorded("marked it ready for review");

  const reviewer = await as("reviewer");
  const seen = await inspection.on(reviewer);
  await seen.complete();
  await askToUndo(inspection, reviewer, "completed it");
  await undo(reviewer).click();
  await expect(reviewer.getByText("In review", { exact: true }).first()).toBeVisible();

  // A reviewer may not undo changes of contents, and nobody may while they are locked.
  const added = reviewer.getByRole("listitem").filter({ hasText: "added the section Roof" }).first();
  await visit(reviewer, `${inspection.path}/history`);
  await added.locator("summary").click();
  await expect(added.getByRole("link", { name: "Compare with now" })).toBeVisible();
  await expect(added.getByRole("link", { name: "Undo…" })).toHaveCount(0);
  await askToUndo(inspection, page, "added the section Roof");
  await expect(page.getByText("This cannot be done now.")).toContainText("Reopen it first");
  await expect(undo(page)).toHaveCount(0);
});

test("a change and what undid it lead to each other", everywhere, async ({ as }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.addSection("Roof");
  await inspection.rate("Roof", "Poor");
  await askToUndo(inspection, page, "set Roof from not inspected to poor");
  await undo(page).click();
  await inspection.recorded("undid an earlier change: set Roof from poor to not inspected");
  await visit(page, `${inspection.path}/history`);
  const newest = inspection.history.getByRole("listitem").first();
  const follow = async (way: string) => {
    await newest.locator("summary").first().click();
    await newest.getByRole("link", { name: way, exact: true }).click();
    await expect(page).toHaveURL(/\/history\?before=\d+#change-\d+$/);
  };
  await follow("Undoes an earlier change");
  await expect(newest).toContainText("set Roof from not inspected to poor");
  await live(page);
  await follow("Undone by a later change");
  await expect(newest).toContainText("undid an earlier change: set Roof from poor to not inspected");

  const reviewer = await as("reviewer");
  await visit(reviewer, `/changes?inspection=${inspection.id}&field=condition`);
  const undone = entries(reviewer).last();
  await undone.locator("summary").first().click();
  await undone.getByRole("link", { name: "Undone by a later change" }).click();
  await expect(reviewer.getByRole("list", { name: "Changes, newest first" }).getByRole("listitem").first()).toContainText(
    "undid an earlier change",
  );
});

test("what one request did to several inspections is undone as one", everywhere, async ({ as }) => {
  const inspector = await as("inspector");
  const word = unique("several").replaceAll(" ", "");
  const first = await Inspection.start(inspector, { name: `${word} first` });
  await first.press("Send for review");
  const second = await Inspection.start(inspector, { name: `${word} second` });
  await second.press("Send for review");

  const page = await as("reviewer");
  await visit(page, `/changes?q=${word}&action=status-review`);
  await expect(entries(page)).toHaveCount(2);
  for (const box of await entries(page).getByRole("checkbox").all()) await box.check();
  await bar(page).getByRole("button", { name: "Complete" }).click();
  await expect(page.getByText("2 inspections are complete.")).toBeVisible();

  // One of them is edited further.
  await second.on(inspector);
  await inspector.getByRole("button", { name: "Reopen", exact: true }).filter({ visible: true }).first().click();
  await second.question.getByLabel("Reason").fill("The roof is missing.");
  await second.question.getByRole("button", { name: "Reopen", exact: true }).click();
  await second.recorded("reverted it to draft: The roof is missing.");

  await visit(page, `/changes?q=${word}&action=status-complete`);
  await expect(entries(page)).toHaveCount(1);
  await line(page, 0).click();
  await entries(page).first().getByRole("link", { name: "Undo all of it…" }).click();
  const heading = page.getByRole("heading", { level: 1, name: "Undo all that a request did" });
  await expect(heading).toBeVisible();
  await live(page);
  await expect(page.getByRole("list", { name: "What is done" })).toContainText("1 inspection: marked it ready for review");
  const decide = page.getByRole("list", { name: "To be decided" });
  await expect(decide).toContainText("One thing was changed since.");
  await page.getByRole("button", { name: "Undo in 1 inspection", exact: true }).click();
  const said = page.getByRole("status").filter({ hasText: "Undone in 1 inspection." });
  await expect(said).toBeVisible();
  await live(page);
  await expect(page.getByText("In 1 inspection there is nothing left to undo.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Undo in/ })).toHaveCount(0);
  const again = await said.getByRole("link", { name: "Undo this undo" }).getAttribute("href");

  // Inspections that were changed since have conflicts, which are resolved on their own pages.
  await decide.getByRole("link", { name: second.name }).click();
  await expect(page.getByRole("group", { name: "Status" })).toContainText("reverted it to draft");
  await page.getByRole("link", { name: "Undo it in every inspection that this request touched" }).click();
  await expect(heading).toBeVisible();

  // The undo is itself a request that can be undone.
  await visit(page, again!);
  await expect(page.getByRole("list", { name: "What is done" })).toContainText("1 inspection: completed it");
  await page.getByRole("button", { name: "Undo in 1 inspection", exact: true }).click();
  await expect(said).toBeVisible();
  const undone = await first.on(page);
  await expect(undone.history.getByRole("listitem").first()).toContainText("undid an earlier change: completed it");
});

test("a request that never was is not found", async ({ as, watch }) => {
  watch.expect(404, /\/undo/);
  watch.expect(400, /\/none\/undo/);
  const page = await as("inspector");
  for (const [request, status, words] of [
    ["018f0000-0000-7000-8000-000000000000", 404, "There is no such request."],
    ["none", 400, "“none” cannot be read. Check the address"],
  ] as const) {
    expect((await page.goto(`/changes/request/${request}/undo`))!.status()).toBe(status);
    await expect(page.getByRole("main")).toContainText(words);
  }
});

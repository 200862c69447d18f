import { bar, count, entries, everything, line, saying, sections, tab, toast, unfold } from "../support/dashboard";
import { Inspection } from "../support/inspection";
import { expect, type Page, scripts, test, unique, visit } from "../support/test";

const everywhere = { tag: "@nojs" };

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

test("a selection is reviewed, and refusals are listed while the rest goes through", everywhere, async ({ as }) => {
  const inspector = await as("inspector");
  const word = unique("bulk").replaceAll(" ", "");
  const ready = await Inspection.start(inspector, { name: `${word} ready` });
  await ready.press("Send for review");
  await Inspection.start(inspector, { name: `${word} draft` });
  const page = await as("reviewer");
  await visit(page, `/changes?q=${word}&state=unreviewed`);
  await expect(entries(page)).toHaveCount(3);
  for (const box of await entries(page).getByRole("checkbox").all()) await box.check();
  if (scripts()) await expect(bar(page)).toContainText("3 selected");
  await bar(page).getByRole("button", { name: "Complete" }).click();
  await expect(page.getByRole("alert")).toContainText("Not everything went through.");
  await expect(page.getByText(/is complete\./)).toBeVisible();
});

test("everything that matches is reviewed once the number is confirmed", everywhere, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 3);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  // No entry needs to be selected first.
  await everything(page, 4).check();
  await bar(page).getByRole("button", { name: "Reviewed" }).click();
  await expect(page.getByText("Mark 4 changes as reviewed?")).toBeVisible();
  await page.getByRole("button", { name: "Mark 4 changes as reviewed" }).click();
  await expect(page.getByText("4 changes reviewed.")).toBeVisible();
  await count(page, "Unreviewed", 0);
});

/** Creates two inspections ready for completion. Returns a word that finds both. */
async function ready(page: Page): Promise<string> {
  const word = unique("every").replaceAll(" ", "");
  for (const name of ["mill", "barn"]) {
    const inspection = await Inspection.start(page, { name: `${word} ${name}` });
    await inspection.press("Send for review");
  }
  return word;
}

test("everything that matches is commented on, completed and reverted, each inspection once", everywhere, async ({ as }) => {
  const inspector = await as("inspector");
  const word = await ready(inspector);
  const page = await as("reviewer");
  const agreed = async (question: string) => {
    await expect(page.getByText(question)).toBeVisible();
    await page.getByRole("button", { name: question.replace("?", "") }).click();
  };
  // The final reports are excluded, because the server creates them asynchronously.
  const all = async (matching: number) => {
    await visit(page, `/changes?q=${word}&-action=create-pdf`);
    await everything(page, matching).check();
  };

  await all(4);
  await unfold(bar(page), "Comment…");
  await bar(page).getByLabel("Comment").fill("Look at all of them again.");
  await bar(page).getByRole("button", { name: "Comment", exact: true }).click();
  await agreed("Comment on 2 inspections?");
  await expect(page.getByText("Comment added to 2 inspections.")).toBeVisible();

  await all(4);
  await bar(page).getByRole("button", { name: "Complete" }).click();
  await agreed("Complete 2 inspections?");
  await expect(page.getByText("2 inspections are complete.")).toBeVisible();

  await all(6);
  await unfold(bar(page), "Send back…");
  await bar(page).getByLabel("Reason").fill("The dates are wrong.");
  await bar(page).getByRole("button", { name: "Send back", exact: true }).click();
  await agreed("Send back 2 inspections?");
  await expect(page.getByText("2 inspections are drafts again.")).toBeVisible();
  await visit(page, `/changes?q=${word}&action=status-draft`);
  // Changes made by one request are one entry.
  await expect(entries(page)).toHaveCount(1);
  await line(page, 0).click();
  await expect(saying(entries(page).first(), "The dates are wrong.")).toBeVisible();
});

test("what everything matches is asked again where there is more of it by then", async ({ as }) => {
  const inspector = await as("inspector");
  const word = await ready(inspector);
  const page = await as("reviewer");
  await visit(page, `/changes?q=${word}`);
  await everything(page, 4).check();
  await bar(page).getByRole("button", { name: "Complete" }).click();
  const question = page.getByText("Complete 2 inspections?");
  await expect(question).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(question).toBeHidden();
  await expect(bar(page).getByRole("button", { name: "Reviewed" })).toBeFocused();
  await expect(everything(page, 4)).toBeChecked();
});

test("a review or a flag bears a note, from an entry and from a selection", everywhere, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 2);
  const page = await as("reviewer");
  const here = `/changes?inspection=${inspection.id}`;
  await visit(page, here);
  const entry = entries(page).first();
  await line(page, 0).click();
  await unfold(entry, "Add a note");
  await entry.getByLabel("Note", { exact: true }).fill("Which part of the house?");
  await entry.getByRole("button", { name: "Flag with this note" }).click();
  await expect(page.getByText("1 change flagged.")).toBeVisible();
  await visit(page, here);
  await expect(entry).toContainText("Flagged");
  await line(page, 0).click();
  await expect(saying(entry, "Which part of the house?")).toBeVisible();

  for (const at of [1, 2]) await entries(page).nth(at).getByRole("checkbox").check();
  await unfold(bar(page), "Add a note");
  await bar(page).getByLabel("Note", { exact: true }).fill("Seen on site.");
  await bar(page).getByRole("button", { name: "Reviewed with this note" }).click();
  await expect(page.getByText("2 changes reviewed.")).toBeVisible();
  await visit(page, here);
  await line(page, 2).click();
  await expect(saying(entries(page).nth(2), "Seen on site.")).toBeVisible();
});

test("words that do not arrive stay, with the reason beside them, and are sent again", async ({ as, watch }) => {
  watch.offline();
  const inspection = await sections(await as("inspector"), 1);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  const entry = entries(page).first();
  await line(page, 0).click();
  await unfold(entry, "Comment…");
  const words = entry.getByLabel("Comment", { exact: true });
  await words.fill("Which side of the house is this?");
  const send = entry.getByRole("button", { name: "Comment", exact: true });
  await page.context().setOffline(true);
  await send.click();
  await expect(words).toHaveAccessibleDescription(/the server cannot be reached/);
  await expect(words).toHaveValue("Which side of the house is this?");
  // The selection is kept too.
  for (const box of await entries(page).getByRole("checkbox").all()) await box.check();
  await bar(page).getByRole("button", { name: "Reviewed" }).click();
  const said = page.getByRole("alert").filter({ hasText: "the server cannot be reached" });
  await expect(said.first()).toBeVisible();
  await expect(bar(page)).toContainText("2 selected");
  await page.context().setOffline(false);
  await send.click();
  await expect(page.getByText("Comment added.")).toBeVisible();
  await expect(words).toBeHidden();
  await expect(entry).toContainText("Which side of the house is this?");
  await unfold(entry, "Comment…");
  await expect(words).toHaveValue("");
});

test("a name that is refused stays in its field", async ({ as, watch }) => {
  watch.expect(422, /./);
  const page = await as("reviewer");
  await visit(page, "/changes?state=");
  await unfold(page, "Views");
  const name = page.getByLabel("Name this view");
  await name.fill("x".repeat(61));
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(name).toHaveAccessibleDescription(/at most 60 characters/);
  await expect(name).toHaveValue("x".repeat(61));
});

test("an entry in which something is being written stays, whatever others do with it", async ({ as }) => {
  const inspector = await as("inspector");
  const inspection = await Inspection.start(inspector);
  await inspection.press("Send for review");
  const [page, other] = [await as("reviewer"), await as("admin")];
  const here = `/changes?inspection=${inspection.id}&state=unreviewed&action=status-review`;
  for (const it of [page, other]) await visit(it, here);
  await line(page, 0).click();
  const entry = entries(page).first();
  await unfold(entry, "Send back…");
  await entry.getByLabel("Reason").fill("The date of");
  await entries(other).first().getByRole("button", { name: "Reviewed" }).click();
  await count(page, "Unreviewed", 0);
  await entry.getByLabel("Reason").pressSequentially(" the visit is wrong.");
  await expect(entry.getByLabel("Reason")).toHaveValue("The date of the visit is wrong.");
  await entry.getByRole("button", { name: "Send back", exact: true }).click();
  await expect(page.getByText(/is a draft again\.$/)).toBeVisible();
});

test("what is selected is what is ticked and there", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 3);
  const [page, other] = [await as("reviewer"), await as("admin")];
  for (const it of [page, other]) await visit(it, `/changes?inspection=${inspection.id}&state=unreviewed`);
  for (const at of [0, 1]) await entries(page).nth(at).getByRole("checkbox").check();
  await expect(bar(page)).toContainText("2 selected");
  // Another entry is reviewed individually.
  await entries(page).nth(2).getByRole("button", { name: "Reviewed" }).click();
  await expect(entries(page)).toHaveCount(3);
  await expect(bar(page)).toContainText("2 selected");
  await expect(entries(page).first().getByRole("checkbox")).toBeChecked();
  // Another person reviews a selected entry, and it disappears.
  await page.getByRole("heading", { level: 1 }).click();
  await entries(other).first().getByRole("button", { name: "Reviewed" }).click();
  await expect(entries(page)).toHaveCount(2);
  await expect(bar(page)).toContainText("1 selected");
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
    await expect(page.getByRole("heading", { level: 1, name: /^Compare versions of/ })).toBeVisible();
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

test("the history of an inspection leads reviewers to everything since their last review", everywhere, async ({ as }) => {
  const inspector = await as("inspector");
  const inspection = await Inspection.start(inspector);
  const link = (page: Page) => page.getByRole("link", { name: "Since my last review" });
  const page = await as("reviewer");
  await visit(page, `${inspection.path}/history`);
  await link(page).click();
  await expect(page.getByRole("heading", { level: 1, name: /^Compare versions of/ })).toBeVisible();
  await visit(inspector, `${inspection.path}/history`);
  await expect(inspector.getByRole("list", { name: "Changes, newest first" })).toBeVisible();
  await expect(link(inspector)).toHaveCount(0);
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
  await form.getByRole("checkbox", { name: "Exclude Add Section" }).check();
  if (!scripts()) await form.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/-action=add-section/);
  await expect(entries(page)).toHaveCount(1);
  await expect(page.getByRole("link", { name: "Remove the filter Action is not: Add Section" })).toBeVisible();
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

test("twenty changes are triaged by touch", { tag: "@phone-only" }, async ({ as }) => {
  test.setTimeout(120_000);
  const inspection = await sections(await as("inspector"), 19);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  await expect(entries(page)).toHaveCount(20);
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
  await expect(entries(page)).toHaveCount(19);
  await entries(page).first().locator("summary").first().tap();
  await expect(entries(page).first().getByRole("table")).toBeVisible();
  await entries(page).first().getByRole("button", { name: "Reviewed" }).tap();
  await expect(entries(page)).toHaveCount(18);
  // Reviews some individually, then the rest at once.
  for (let left = 17; left >= 6; left--) {
    await entries(page).first().getByRole("button", { name: left % 4 ? "Reviewed" : "Flag" }).tap();
    await expect(entries(page)).toHaveCount(left);
  }
  await expect(toast(page).getByRole("button", { name: "Undo" })).toHaveCount(1);
  for (const label of await entries(page).locator("label", { has: page.getByRole("checkbox") }).all()) await label.tap();
  await bar(page).getByRole("button", { name: "Reviewed" }).tap();
  await expect(entries(page)).toHaveCount(0);
  await count(page, "Unreviewed", 0);
});

import { bar, count, entries, line, sections, toast } from "../support/dashboard";
import { expect, test, visit } from "../support/test";

test("twenty changes are triaged by the keyboard alone", async ({ as }) => {
  test.setTimeout(120_000);
  const inspection = await sections(await as("inspector"), 19);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  await count(page, "Unreviewed", 20);
  await expect(entries(page)).toHaveCount(20);
  const key = (key: string) => page.keyboard.press(key);

  await key("j");
  await expect(line(page, 0)).toBeFocused();
  await key("o");
  await expect(entries(page).first().getByRole("table").first()).toBeVisible();
  await key("o");
  // Reviews them one after the other.
  for (let left = 19; left >= 15; left--) {
    await key("e");
    await expect(entries(page)).toHaveCount(left);
  }
  await key("z");
  await expect(entries(page)).toHaveCount(16);
  // The focus stayed in place; going back to the top and flagging the first entry.
  for (let up = 0; up < 16; up++) await key("k");
  await expect(line(page, 0)).toBeFocused();
  await key("f");
  await expect(entries(page)).toHaveCount(15);
  await count(page, "Flagged", 1);
  // Writes a comment and leaves its form with the keys of a text field.
  await key("c");
  await page.keyboard.type("Is this the same part? ejfx");
  await key("Tab");
  await key("Enter");
  await expect(toast(page)).toContainText("Comment added.");
  // A range is selected and reviewed at once.
  await page.keyboard.press("Escape");
  for (let up = 0; up < 16; up++) await key("k");
  await line(page, 0).focus();
  await key("x");
  for (let down = 0; down < 14; down++) await key("j");
  await key("Shift+X");
  await expect(bar(page)).toContainText("15 selected");
  await key("e");
  await expect(entries(page)).toHaveCount(0);
  await count(page, "Unreviewed", 0);
  await expect(page.getByText("All caught up").or(page.getByText("No changes match"))).toBeVisible();
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
  await expect(dialog).toContainText("CtrlEnterSend what is written");
  await dialog.getByLabel("Use shortcuts in this browser").uncheck();
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await expect(page).toHaveURL(/changes/);
  await page.reload();
  await page.getByRole("banner").locator("summary").last().click();
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(dialog.getByLabel("Use shortcuts in this browser")).not.toBeChecked();
  await dialog.getByLabel("Use shortcuts in this browser").check();
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await expect(page).toHaveURL(/\/inspections$/);
});

test("a held key triages once, and what was done goes back step by step", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 3);
  const page = await as("reviewer");
  // The clock is fixed, so that the ten seconds never pass, however long the test takes.
  await page.clock.setFixedTime(Date.now());
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  await line(page, 0).focus();
  await page.keyboard.down("e");
  // A key that is not released repeats.
  for (let held = 0; held < 3; held++) await page.keyboard.down("e");
  await page.keyboard.up("e");
  await count(page, "Unreviewed", 3);
  await page.keyboard.press("f");
  await count(page, "Unreviewed", 2);
  await expect(entries(page)).toHaveCount(2);
  const undo = toast(page).getByRole("button", { name: "Undo" });
  await expect(toast(page)).toContainText("1 change flagged. 1 more can be undone.");
  await expect(undo).toHaveCount(1);
  // A comment does not change what can be undone.
  await page.keyboard.press("c");
  await page.keyboard.type("Seen.");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Twice.");
  await page.keyboard.press("Control+Enter");
  await expect(toast(page)).toContainText("Comment added.");
  await expect(entries(page).getByText("Seen. Twice.")).toBeVisible();
  await page.keyboard.press("z");
  await count(page, "Unreviewed", 3);
  await page.keyboard.press("z");
  await count(page, "Unreviewed", 4);
  await expect(entries(page)).toHaveCount(4);
  await page.keyboard.press("z");
  await expect(toast(page)).toContainText("Nothing to undo");
});

test("a key that changes nothing says so", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 1);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}`);
  await line(page, 0).focus();
  await page.keyboard.press("f");
  await expect(entries(page).first()).toContainText("Flagged");
  await line(page, 0).focus();
  await page.keyboard.press("f");
  await expect(toast(page)).toContainText("Already flagged.");
  await expect(line(page, 1)).toBeFocused();
});

test("a note is written by the keyboard", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 1);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  await line(page, 0).focus();
  await page.keyboard.press("n");
  await expect(entries(page).first().getByLabel("Note", { exact: true })).toBeFocused();
  await page.keyboard.type("Seen on site.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(entries(page)).toHaveCount(1);
  await expect(line(page, 0)).toBeFocused();
  await visit(page, `/changes?inspection=${inspection.id}&state=reviewed`);
  await line(page, 0).click();
  await expect(entries(page).first()).toContainText("Seen on site.");
});

test("the focus goes on to the next entry, and to the heading of the empty page", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 3);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  const nothing = page.getByText("No changes match", { exact: true });
  await entries(page).first().getByRole("button", { name: "Reviewed" }).press("Enter");
  await expect(entries(page)).toHaveCount(3);
  await expect(line(page, 0)).toBeFocused();
  // No entry follows the last one.
  await entries(page).nth(2).getByRole("button", { name: "Flag" }).press("Enter");
  await expect(entries(page)).toHaveCount(2);
  await expect(line(page, 1)).toBeFocused();
  for (const box of await entries(page).getByRole("checkbox").all()) await box.check();
  await bar(page).getByRole("button", { name: "Reviewed" }).press("Enter");
  await expect(entries(page)).toHaveCount(0);
  await expect(nothing).toBeFocused();
  // The toast's button restores it.
  await toast(page).getByRole("button", { name: "Undo" }).press("Enter");
  await expect(entries(page)).toHaveCount(2);
  await expect(page.locator(":focus")).toBeVisible();
});

test("Enter on a ticked box does nothing", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 2);
  const page = await as("reviewer");
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  const box = entries(page).first().getByRole("checkbox");
  await box.check();
  await box.press("Enter");
  await entries(page).nth(2).getByRole("button", { name: "Flag" }).click();
  await count(page, "Flagged", 1);
  await count(page, "Unreviewed", 2);
  await expect(box).toBeChecked();
});

test("what has the focus is not beneath the bar of the selection", async ({ as }) => {
  const page = await as("reviewer");
  await page.setViewportSize({ width: 1440, height: 620 });
  await visit(page, "/changes?to=2030-01-01");
  await expect(entries(page)).toHaveCount(25);
  await entries(page).first().getByRole("checkbox").check();
  await expect(bar(page)).toContainText("1 selected");
  await line(page, 0).focus();
  for (let at = 1; at <= 12; at++) {
    await page.keyboard.press("j");
    await expect(line(page, at)).toBeFocused();
    const [focused, over] = [await line(page, at).boundingBox(), await bar(page).boundingBox()];
    expect(focused!.y + focused!.height, `entry ${at} ends above the bar`).toBeLessThanOrEqual(over!.y);
  }
});

test("the way to the feed is short: a link skips what is before it", async ({ as }) => {
  const page = await as("reviewer");
  await visit(page, "/changes?state=");
  const skip = page.getByRole("link", { name: "Skip to the feed" });
  await skip.focus();
  await expect(skip).toBeInViewport();
  await skip.press("Enter");
  await page.keyboard.press("Tab");
  await expect(entries(page).first().getByRole("checkbox")).toBeFocused();
});

import { unfold } from "../support/dashboard";
import { addressOf, demo } from "../support/demo";
import { expect, test, unique, visit } from "../support/test";

test("the dashboard opens with what is unreviewed, or with the view chosen for that", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/changes");
  await expect(page).toHaveURL(/[?&]state=unreviewed/);
  const name = unique("Edits of status");
  await visit(page, "/changes?action=edit&field=status");
  const open = () => unfold(page, "Views");
  await open();
  await page.getByLabel("Name this view").fill(name);
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByRole("list", { name: "Saved views" }).getByRole("link", { name })).toBeVisible();
  await visit(page, "/changes?state=");
  await open();
  await page.getByRole("button", { name: `Use as start page: ${name}` }).click();
  await expect(page.getByText("Changes starts with this view.")).toBeVisible();
  await visit(page, "/changes");
  await expect(page).toHaveURL(/action=edit&field=status/);
  await open();
  await page.getByRole("button", { name: `Delete the view ${name}` }).click();
  await expect(page.getByText(`View “${name}” deleted.`)).toBeVisible();
  await visit(page, "/changes");
  await expect(page).toHaveURL(/state=unreviewed/);
});

test("a view that was deleted comes back from its toast, start page and all", async ({ as }) => {
  const page = await as("admin");
  const name = unique("Photos");
  const links = page.getByRole("list", { name: "Saved views" });
  await visit(page, "/changes?action=add-photo");
  await unfold(page, "Views");
  await page.getByLabel("Name this view").fill(name);
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(links.getByRole("link", { name })).toBeVisible();
  await visit(page, "/changes?state=");
  await unfold(page, "Views");
  await page.getByRole("button", { name: `Delete the view ${name}` }).press("Enter");
  await expect(links.getByRole("link", { name })).toHaveCount(0);
  await expect(page.getByRole("main").locator("summary", { hasText: "Views" })).toBeFocused();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(links.getByRole("link", { name })).toHaveAttribute("href", "/changes?action=add-photo");
  await unfold(page, "Views");
  await page.getByRole("button", { name: `Delete the view ${name}` }).click();
  await expect(links.getByRole("link", { name })).toHaveCount(0);
});

test("menus close by Escape and by a press beside them", async ({ as }) => {
  const page = await as("reviewer");
  await visit(page, "/changes?state=");
  const views = page.getByRole("main").locator("summary", { hasText: "Views" });
  const name = page.getByLabel("Name this view");
  await views.click();
  await name.focus();
  await page.keyboard.press("Escape");
  await expect(name).toBeHidden();
  await expect(views).toBeFocused();
  await views.click();
  await expect(name).toBeVisible();
  await page.getByRole("heading", { level: 1 }).click();
  await expect(name).toBeHidden();
});

test("any inspection is found by typing, and chosen by the keyboard", async ({ as }) => {
  const page = await as("reviewer");
  const id = (await addressOf(page, demo.complete)).split("/").pop();
  await visit(page, "/changes?state=");
  const form = page.getByRole("search");
  await unfold(form, "Inspection");
  const asked = page.waitForRequest(/offer_inspections/);
  await form.getByRole("searchbox", { name: "Find in Inspection" }).pressSequentially("riverSIDE hou");
  await asked;
  const box = form.getByRole("checkbox", { name: new RegExp(`^BI-.* ${demo.complete}$`) });
  await expect(box).toBeVisible();
  await expect(form.getByRole("group", { name: "Inspection" }).getByText(/^\d+ found$/)).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(form.getByRole("group", { name: "Inspection" }).getByRole("checkbox").first()).toBeFocused();
  await box.focus();
  await page.keyboard.press("Space");
  await expect(page).toHaveURL(new RegExp(`inspection=${id}`));
  await form.getByRole("searchbox", { name: "Find in Inspection" }).fill("nothing-is-called-this");
  await expect(form.getByText("No matches.")).toBeVisible();
});

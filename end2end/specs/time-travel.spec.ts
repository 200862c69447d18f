import type { Locator } from "@playwright/test";
import { Inspection } from "../support/inspection";
import { jpeg } from "../support/pictures";
import { expect, live, type Page, scripts, test, visit } from "../support/test";

const everywhere = { tag: ["@phone", "@nojs"] };

/** Opens a change on the history page and follows one of its links. */
async function follow(inspection: Inspection, page: Page, sentence: string, way: string): Promise<void> {
  await visit(page, `${inspection.path}/history`);
  const change = page
    .getByRole("list", { name: "Changes, newest first" })
    .getByRole("listitem")
    .filter({ hasText: sentence })
    .first();
  await change.locator("summary").click();
  await change.getByRole("link", { name: way, exact: true }).click();
  await live(page);
}

async function isSeen(picture: Locator): Promise<void> {
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((it: HTMLImageElement) => it.naturalWidth)).toBeGreaterThan(0);
}

test("an inspection is shown as it stood after any of its changes", everywhere, async ({ as, browser }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.addSection("Roof");
  const photo = await jpeg(browser, "ridge.jpg");
  await inspection.attached(photo, "Roof");
  await inspection.rate("Roof", "Poor");
  await inspection.press("Remove section", inspection.section("Roof"));
  await expect(inspection.section("Roof")).toBeHidden();

  await follow(inspection, page, "attached the photo ridge.jpg", "View this version");
  await expect(page).toHaveURL(/\?at=\d+$/);
  const moment = page.getByRole("heading", { level: 2, name: /^Version / });
  await expect(moment).toHaveText("Version 3 of 5");
  await expect(inspection.section("Roof")).toContainText("Not inspected");
  // The photo is removed now, but permitted viewers still see it in the past state.
  await isSeen(inspection.thing("ridge.jpg").getByRole("img"));
  for (const button of ["Edit", "Add section", "Send for review", "Remove"]) {
    await expect(page.getByRole("button", { name: button, exact: true })).toHaveCount(0);
  }

  await page.getByRole("link", { name: "Next change" }).click();
  await expect(moment).toHaveText("Version 4 of 5");
  await expect(inspection.section("Roof")).toContainText("Poor");
  await page.getByRole("link", { name: "Previous change" }).click();
  await expect(moment).toHaveText("Version 3 of 5");

  const slider = page.getByRole("slider", { name: "Change" });
  await slider.fill("5");
  if (!scripts()) await page.getByRole("button", { name: "Show" }).click();
  await expect(moment).toHaveText("Version 5 of 5");
  await expect(page.getByText("Same as now.")).toBeVisible();
  await expect(inspection.section("Roof")).toHaveCount(0);

  await page.getByRole("link", { name: "Back to now" }).click();
  await expect(page).toHaveURL(new RegExp(`${inspection.path}$`));
  await expect(page.getByRole("button", { name: "Add section" })).toBeVisible();
});

test("the slider is worked by keyboard and keeps the focus", async ({ as }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.addSection("Roof");
  await visit(page, `${inspection.path}?step=2`);
  const slider = page.getByRole("slider", { name: "Change" });
  await slider.focus();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("heading", { name: "Version 1 of 2" })).toBeVisible();
  await expect(slider).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(inspection.section("Roof")).toBeVisible();
  await expect(slider).toHaveAttribute("aria-valuetext", /^2 of 2: .* added the section Roof$/);
});

test("any two moments are compared", everywhere, async ({ as, browser }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page, { address: "1 Before Road" });
  await inspection.addSection("Roof");
  await inspection.addSection("Cellar");
  await inspection.edit(inspection.details, "Address", "2 After Road");
  await inspection.rate("Roof", "Poor");
  await inspection.attached(await jpeg(browser, "ridge.jpg"), "Roof");
  await inspection.press("Remove section", inspection.section("Cellar"));
  await expect(inspection.section("Cellar")).toBeHidden();

  await follow(inspection, page, "added the section Cellar", "Compare with now");
  const differs = page.getByRole("region", { name: "What differs" });
  const details = differs.getByRole("region", { name: "Details" });
  await expect(details.getByRole("row", { name: /^Address/ })).toContainText(/1 Before.*Road/);
  await expect(details.getByRole("row", { name: /^Address/ })).toContainText(/2 After.*Road/);
  const roof = differs.getByRole("listitem", { name: "Roof" });
  await expect(roof).toContainText("Changed");
  await expect(roof).toContainText("Poor");
  await expect(differs.getByRole("listitem", { name: "Cellar" })).toContainText("Removed");
  const photos = differs.getByRole("region", { name: "Photos" });
  await expect(photos.getByText("Added", { exact: true })).toBeVisible();
  await isSeen(photos.getByRole("img"));

  await page.getByRole("slider", { name: "From change" }).fill("5");
  if (!scripts()) await page.getByRole("button", { name: "Compare", exact: true }).click();
  await expect(details).toHaveCount(0);
  await expect(differs.getByRole("listitem", { name: "Cellar" })).toContainText("Removed");
  await page.getByRole("slider", { name: "From change" }).fill("7");
  if (!scripts()) await page.getByRole("button", { name: "Compare", exact: true }).click();
  await expect(differs).toContainText("Nothing differs");

  // Goes back to the state before the address and the roof were edited.
  await page.getByRole("slider", { name: "To change" }).fill("3");
  if (!scripts()) await page.getByRole("button", { name: "Compare", exact: true }).click();
  await expect(differs.getByRole("listitem", { name: "Cellar" })).toContainText("Added");
  await expect(differs.getByRole("listitem", { name: "Roof" })).toContainText("Not inspected");
  await expect(details.getByRole("row", { name: /^Address/ })).toContainText(/1 Before.*Road/);
  const to = page.getByRole("link", { name: /added the section Cellar/ });
  await expect(to).toBeVisible();
  await page.getByRole("slider", { name: "To change" }).fill("6");
  if (!scripts()) await page.getByRole("button", { name: "Compare", exact: true }).click();
  await expect(to).toHaveCount(0);
  await expect(details).toHaveCount(0);
  await expect(differs.getByRole("listitem", { name: "Cellar" })).toContainText("Added");
});

test("a PDF of an earlier point is made, out of date from the start", everywhere, async ({ as }) => {
  test.slow();
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.addSection("Roof");
  await inspection.rate("Roof", "Unsafe");
  await visit(page, `${inspection.path}?step=2`);
  await page.getByRole("button", { name: "Create PDF of this point" }).click();
  await expect(page).toHaveURL(new RegExp(`${inspection.path}#reports$`), { timeout: 30_000 });
  const reports = page.getByRole("list", { name: "Reports" }).getByRole("listitem");
  await expect(reports).toHaveCount(1);
  await expect(reports).toContainText("Out of date");
  await live(page);

  // Opens the comparison of the PDF's state with the current one.
  await reports.getByRole("link", { name: "What changed since" }).click();
  const roof = page.getByRole("listitem", { name: "Roof" });
  await expect(roof).toContainText("Not inspected");
  await expect(roof).toContainText("Unsafe");
});

test("an earlier state is restored as one request, and that is undone", everywhere, async ({ as }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page, { client: "Demo Estates" });
  await inspection.addSection("Roof");
  await inspection.addSection("Cellar");
  await inspection.rate("Roof", "Poor");
  await inspection.press("Remove section", inspection.section("Cellar"));
  await inspection.press("Send for review");
  await inspection.recorded("marked it ready for review");

  await visit(page, `${inspection.path}?step=3`);
  await page.getByRole("link", { name: "Restore to here" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Restore an earlier state" })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "added the section Cellar" })).toBeVisible();
  await live(page);
  await page.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(page.getByText("The earlier state is restored.")).toBeVisible();
  await expect(inspection.section("Cellar")).toBeVisible();
  await expect(inspection.section("Roof").getByRole("radio", { name: "Not inspected" })).toBeChecked();
  await expect(inspection.history).toContainText("restored an earlier state: ");
  await live(page);

  await page.getByRole("link", { name: "Undo this restore" }).click();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByText("In review", { exact: true }).first()).toBeVisible();
  await expect(inspection.section("Cellar")).toHaveCount(0);
});

test("a moment that never was is not found", async ({ as, watch }) => {
  watch.expect(404, /\?(at|step)=|compare/);
  watch.expect(400, /\?at=soon/);
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  for (const query of ["?at=1", "/compare?from=0"]) {
    expect((await page.goto(`${inspection.path}${query}`))!.status(), query).toBe(404);
    await expect(page.getByRole("main")).toContainText("This inspection has no such change.");
  }
  expect((await page.goto(`${inspection.path}?at=soon`))!.status()).toBe(400);
  await expect(page.getByRole("main")).toContainText("“soon” cannot be read.");
});

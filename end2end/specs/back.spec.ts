import { Inspection } from "../support/inspection";
import { entries, line } from "../support/dashboard";
import { expect, type Page, test, visit } from "../support/test";

const scrolled = (page: Page) => page.evaluate(() => Math.round(window.scrollY));

/** Follows a link far down the page, goes back, and checks that the page is as before. */
async function thereAndBack(page: Page, link: ReturnType<Page["locator"]>): Promise<void> {
  await link.scrollIntoViewIfNeeded();
  await link.focus();
  const before = await scrolled(page);
  expect(before).toBeGreaterThan(100);
  const left = page.url();
  await page.keyboard.press("Enter");
  await expect(page).not.toHaveURL(left);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect.poll(() => scrolled(page)).toBe(0);
  await page.goBack();
  await expect(page).toHaveURL(left);
  await expect.poll(() => scrolled(page)).toBe(before);
  await expect(link).toBeFocused();
}

test("Back leads to where the feed was left", async ({ as }) => {
  const page = await as("reviewer");
  await visit(page, "/changes?state=");
  await line(page, 0).waitFor();
  await thereAndBack(page, entries(page).nth(15).getByRole("link", { name: "Open inspection" }));
});

test("Back leads to where the list was left", async ({ as }) => {
  const page = await as("reviewer");
  await page.setViewportSize({ width: 1440, height: 400 });
  await visit(page, "/inspections");
  await thereAndBack(page, page.getByRole("main").getByRole("row").nth(12).getByRole("link"));
});

test("Back leads to where an inspection was left", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  for (const title of ["Roof", "Facade", "Stairs", "Basement"]) await inspection.addSection(title);
  await visit(page, inspection.path);
  await page.setViewportSize({ width: 1440, height: 400 });
  await page.evaluate(() => window.scrollTo(0, 600));
  await expect.poll(() => scrolled(page)).toBe(600);
  // The page itself clicks, because Playwright scrolls before a click although the bar is in the window.
  const list = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inspections" });
  await list.evaluate((link: HTMLElement) => link.click());
  await expect(page.getByRole("heading", { level: 1, name: "Inspections" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: inspection.name })).toBeVisible();
  await expect.poll(() => scrolled(page)).toBe(600);
});

import { addressOf, demo } from "../support/demo";
import { expect, type Page, test, visit } from "../support/test";

// The README's pictures, taken from the real app. Without PLUMBLINE_PICTURES the pages are looked at
// and nothing is written.
const taking = !!process.env.PLUMBLINE_PICTURES;

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const pictures = page.getByRole("main").getByRole("img");
  for (const picture of await pictures.all()) {
    if (!(await picture.isVisible()) || (await picture.evaluate((it) => it.tagName)) !== "IMG") continue;
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((it: HTMLImageElement) => it.complete && it.naturalWidth)).toBeTruthy();
  }
  await page.evaluate(() => scrollTo(0, 0));
  if (taking) await page.screenshot({ path: `../docs/pictures/${name}.png` });
}

test("the inspection's page", async ({ as }) => {
  const page = await as("inspector");
  await page.setViewportSize({ width: 1440, height: 1240 });
  await visit(page, await addressOf(page, demo.draft));
  await expect(page.getByRole("heading", { level: 1, name: demo.draft })).toBeVisible();
  await expect(page.getByRole("article", { name: "Roof" })).toBeVisible();
  await take(page, "inspection");
});

test("the dashboard", async ({ as }) => {
  const page = await as("reviewer");
  await visit(page, "/changes");
  await expect(page.getByRole("heading", { level: 1, name: "Changes" })).toBeVisible();
  await take(page, "changes");
});

test("the dashboard in the dark", async ({ as }) => {
  const page = await as("reviewer");
  await page.emulateMedia({ colorScheme: "dark" });
  await visit(page, "/changes");
  await expect(page.getByRole("heading", { level: 1, name: "Changes" })).toBeVisible();
  await take(page, "dark");
});

test("the inspection's page on a phone", { tag: "@phone-only" }, async ({ as }) => {
  const page = await as("inspector");
  await visit(page, await addressOf(page, demo.draft));
  await expect(page.getByRole("article", { name: "Roof" })).toBeVisible();
  await take(page, "phone");
});

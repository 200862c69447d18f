import { addressOf, demo } from "../support/demo";
import { expect, type Page, test, visit } from "../support/test";

// Screenshots for the README, taken from the real app. Without PLUMBLINE_PICTURES the pages are checked and
// nothing is written.
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
  if (taking) await page.screenshot({ path: `../docs/pictures/${name}.png`, animations: "disabled" });
}

test("the inspection's page", async ({ as }) => {
  const page = await as("inspector");
  await page.setViewportSize({ width: 1440, height: 1240 });
  await visit(page, await addressOf(page, demo.draft));
  await expect(page.getByRole("heading", { level: 1, name: demo.draft })).toBeVisible();
  await expect(page.getByRole("article", { name: "Roof" })).toBeVisible();
  await take(page, "inspection");
});

/** Opens the dashboard of unreviewed changes, in light and dark. */
async function dashboard(page: Page, name: string): Promise<void> {
  await visit(page, "/changes?state=unreviewed");
  await expect(page.getByRole("heading", { level: 1, name: "Changes" })).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await take(page, colorScheme === "light" ? name : `${name}-dark`);
  }
}

test("the dashboard", async ({ as }) => {
  await dashboard(await as("reviewer"), "changes");
});

test("the dashboard on a tablet", async ({ as }) => {
  const page = await as("reviewer");
  await page.setViewportSize({ width: 820, height: 1180 });
  await dashboard(page, "changes-tablet");
});

test("the dashboard on a phone", { tag: "@phone-only" }, async ({ as }) => {
  await dashboard(await as("reviewer"), "changes-phone");
});

test("the inspection's page on a phone", { tag: "@phone-only" }, async ({ as }) => {
  const page = await as("inspector");
  await visit(page, await addressOf(page, demo.draft));
  await expect(page.getByRole("article", { name: "Roof" })).toBeVisible();
  await take(page, "phone");
});

import { jpeg } from "../support/pictures";
import { expect, type Page, scripts, test, unique, visit } from "../support/test";

const everywhere = { tag: ["@phone", "@nojs"] };

const form = (page: Page) => page.getByRole("form", { name: "Organisation" });
const save = (page: Page) => form(page).getByRole("button", { name: "Save organisation" }).click();
const saved = (page: Page) => page.getByRole("status").filter({ hasText: "The organisation was saved." });

test("an admin names the organisation, with its logo and its address", everywhere, async ({ as, browser }) => {
  const page = await as("admin");
  await visit(page, "/settings/organisation");
  const name = unique("Example Surveyors");
  await form(page).getByLabel("Name").fill(name);
  await form(page).getByLabel("Address").fill("1 Example Street\nExample Town");
  await form(page).getByLabel("Logo", { exact: false }).first().setInputFiles(await jpeg(browser, "logo.jpg", 30, [640, 160]));
  await save(page);
  await expect(saved(page)).toBeVisible();
  await expect(form(page).getByLabel("Name")).toHaveValue(name);
  await expect(form(page).getByLabel("Address")).toHaveValue(/1 Example Street\s+Example Town/);
  const logo = form(page).getByRole("img", { name: "The logo as it is now" });
  await expect.poll(() => logo.evaluate((it: HTMLImageElement) => it.naturalWidth)).toBeGreaterThan(0);
  await expect(page.getByRole("region", { name: "Changes" }).getByRole("listitem").first()).toContainText("Ada Mortar changed the");

  await form(page).getByLabel("Remove the logo").check();
  await save(page);
  await expect(saved(page)).toBeVisible();
  await expect(logo).toHaveCount(0);
});

test("a logo that cannot be read leaves what was typed", everywhere, async ({ as, watch }) => {
  watch.expect(422, /\/settings\/organisation/);
  const page = await as("admin");
  await visit(page, "/settings/organisation");
  const name = unique("Example Surveyors");
  await form(page).getByLabel("Name").fill(name);
  await form(page).getByLabel("Logo", { exact: false }).first().setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await save(page);
  await expect(form(page).getByLabel("Name")).toHaveValue(name);
  await expect(saved(page)).toHaveCount(0);
  await expect(form(page).getByLabel("Logo", { exact: false }).first()).toHaveAccessibleDescription(/logo/i);
});

for (const role of ["inspector", "reviewer"] as const) {
  test(`the organisation is not for the ${role} to name`, { tag: "@nojs" }, async ({ as, watch }) => {
    watch.expect(403, /organisation/);
    const page = await as(role);
    await page.goto("/settings/organisation");
    await expect(page.getByRole("heading", { level: 1, name: "You don't have access" })).toBeVisible();
    await expect(form(page)).toHaveCount(0);
  });
}

test("the menu of an admin leads to the organisation", async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/");
  expect(scripts()).toBe(true);
  await page.getByRole("banner").locator("summary").last().click();
  await page.getByRole("link", { name: "Organisation" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Organisation" })).toBeVisible();
});

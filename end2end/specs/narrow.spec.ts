import { Inspection } from "../support/inspection";
import { overlaps, sideways } from "../support/overlaps";
import { png } from "../support/pictures";
import { expect, type Page, test, visit } from "../support/test";

const widths = [320, 360, 390, 430, 600];

/** Opens an inspection with a saved rating, a pending photo, and a notice that offers an undo. */
async function busy(page: Page): Promise<Inspection> {
  const inspection = await Inspection.start(page, { address: "41 Harbour Lane, Exampleton", date: "2026-12-24" });
  for (const title of ["Roof", "Heating and ventilation"]) await inspection.addSection(title);
  await inspection.attached(png("IMG_20261130_082512345.png"), "Roof");
  await inspection.attached(png("ridge.png", 60, 40), "Roof");
  await inspection.addEquipment("Boiler", "Example", "B 200");
  await inspection.rate("Roof", "Fair");
  await inspection.press("Remove", inspection.thing("Boiler Example B 200"));
  // The upload is never answered during the test.
  await page.route("**/photos", () => {});
  const foot = page.getByRole("group", { name: "Quick actions" });
  await foot.getByLabel("Take a photo").setInputFiles(png("IMG_20261130_093045678.png"));
  await expect(foot.getByText("Sending IMG_20261130_093045678.png")).toBeVisible();
  await inspection.attach(png("eaves.png"), "Roof");
  await expect(inspection.section("Roof").getByText("Saved", { exact: true })).toBeVisible();
  // Its timer stops while it has the focus.
  await page.getByRole("region", { name: "Notices" }).getByRole("button", { name: "Undo" }).focus();
  return inspection;
}

test("nothing lies over anything else on a phone while it saves, sends and tells", { tag: "@phone-only" }, async ({ as }) => {
  test.slow();
  const page = await as("inspector");
  await busy(page);
  const notice = page.getByRole("region", { name: "Notices" }).getByRole("button", { name: "Undo" });
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 });
    expect(await sideways(page), `sideways at ${width} px`).toBe(0);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    for (let top = 0; top < height; top += 500) {
      await page.evaluate((top) => window.scrollTo(0, top), top);
      await expect(notice).toBeVisible();
      await expect.poll(() => overlaps(page), `at ${width} px, ${top} px down`).toEqual([]);
    }
  }
});

test("the tools of a photo stand on one line on a phone", { tag: "@phone-only" }, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.addSection("Roof");
  for (const name of ["a.png", "b.png"]) await inspection.attached(png(name), "Roof");
  const buttons = await inspection.thing("a.png").getByRole("button").all();
  const tops = await Promise.all(buttons.map(async (button) => Math.round((await button.boundingBox())!.y)));
  expect(buttons.length).toBeGreaterThan(3);
  expect(new Set(tops).size).toBe(1);
});

test("a failure is told in few lines on a phone", { tag: "@phone-only" }, async ({ as, watch }) => {
  watch.expect(500, /\/api\//);
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  for (const title of ["Roof", "Stairs"]) await inspection.addSection(title);
  await page.route("**/api/perform*", (route) => route.fulfill({ status: 500, body: "" }));
  await inspection.section("Roof").getByRole("button", { name: "Move down" }).click();
  const notice = page.getByRole("region", { name: "Notices" }).getByRole("paragraph").last();
  await expect(notice).toBeVisible();
  expect((await notice.boundingBox())!.width).toBeGreaterThan(240);
});

test("at 400 % zoom most of the window is left to the page", { tag: "@phone-only" }, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  await inspection.addSection("Roof");
  await page.setViewportSize({ width: 320, height: 256 });
  expect(await sideways(page)).toBe(0);
  await inspection.section("Roof").scrollIntoViewIfNeeded();
  // Height of the content that fixed bars do not cover, in CSS pixels.
  const left = await page.evaluate(() => {
    const inMain = (y: number) => document.elementFromPoint(160, y)?.closest("main") && !document.elementFromPoint(160, y)?.closest(".foot-bar");
    return Array.from({ length: 256 }, (_, y) => y).filter(inMain).length;
  });
  expect(left).toBeGreaterThan(200);
});

for (const role of ["inspector", "reviewer", "admin"] as const) {
  test(`no page of the ${role} can be scrolled sideways at 320 px`, { tag: "@phone-only" }, async ({ as }) => {
    const page = await as(role);
    await page.setViewportSize({ width: 320, height: 844 });
    const others = {
      inspector: ["/inspections/new"],
      reviewer: ["/changes?state=", "/changes?group=inspection"],
      admin: ["/inspections/new", "/users"],
    }[role];
    for (const path of ["/", "/inspections", "/account", ...others]) {
      await visit(page, path);
      expect(await sideways(page), path).toBe(0);
    }
  });
}

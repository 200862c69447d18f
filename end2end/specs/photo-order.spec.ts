import { Inspection } from "../support/inspection";
import { jpeg, png } from "../support/pictures";
import { expect, test, visit } from "../support/test";

/** Returns the names of a section's photos, in page order. */
async function order(inspection: Inspection, section: string): Promise<(string | null)[]> {
  const tiles = inspection.section(section).getByRole("list", { name: "Photos", exact: true }).getByRole("group");
  return Promise.all((await tiles.all()).map((tile) => tile.getAttribute("aria-label")));
}

test("five photos of different sizes keep the order in which they were chosen", async ({ as, browser }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.addSection("Roof");
  const sizes = [[3200, 2400], [200, 150], [2400, 1800], [64, 48], [1600, 1200]];
  const files = await Promise.all(sizes.map((size, nth) => jpeg(browser, `photo-${nth}.jpg`, nth * 60, size)));
  await inspection.attach(files, "Roof");
  const names = files.map((file) => file.name);
  await expect.poll(() => order(inspection, "Roof")).toEqual(names);
  await visit(inspection.page, inspection.path);
  expect(await order(inspection, "Roof")).toEqual(names);
});

test("photos are moved by buttons and chosen as the cover", { tag: "@nojs" }, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.addSection("Roof");
  for (const name of ["a.png", "b.png", "c.png"]) await inspection.attached(png(name), "Roof");
  await inspection.thing("c.png").getByRole("button", { name: "Move earlier" }).click();
  await expect.poll(() => order(inspection, "Roof")).toEqual(["a.png", "c.png", "b.png"]);
  await inspection.recorded("moved c.png among the photos");
  await inspection.thing("b.png").getByRole("button", { name: "Use as cover" }).click();
  await expect(inspection.thing("b.png").getByText("Cover", { exact: true })).toBeVisible();
  await inspection.recorded("chose b.png as the cover photo");
  await visit(inspection.page, inspection.path);
  expect(await order(inspection, "Roof")).toEqual(["a.png", "c.png", "b.png"]);
  await expect(inspection.thing("b.png").getByText("Cover", { exact: true })).toBeVisible();
});

test("captions are written one after the other with Enter", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  await inspection.addSection("Roof");
  for (const name of ["a.png", "b.png"]) await inspection.attached(png(name), "Roof");
  await inspection.thing("a.png").getByRole("button", { name: "Edit", exact: true }).click();
  await inspection.thing("a.png").getByLabel("Caption").fill("The ridge");
  await page.keyboard.press("Enter");
  await expect(inspection.thing("b.png").getByLabel("Caption")).toBeFocused();
  await page.keyboard.type("The gutter");
  await page.keyboard.press("Enter");
  await expect(inspection.history).toContainText("The ridge");
  await expect(inspection.history).toContainText("The gutter");
  await visit(page, inspection.path);
  await expect(inspection.thing("a.png")).toContainText("The ridge");
  await expect(inspection.thing("b.png")).toContainText("The gutter");
});

test("the large view turns to the photos beside it, zooms, and gives the focus back", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  await inspection.addSection("Roof");
  for (const name of ["a.png", "b.png"]) await inspection.attached(png(name), "Roof");
  await inspection.thing("a.png").getByRole("link", { name: "Photo a.png" }).click();
  const large = page.getByRole("dialog", { name: "a.png" });
  await expect(large.getByText("Photo 1 of 2")).toBeVisible();
  await expect(large.getByRole("button", { name: "Previous photo" })).toBeDisabled();
  await page.keyboard.press("ArrowRight");
  const next = page.getByRole("dialog", { name: "b.png" });
  await expect(next.getByText("Photo 2 of 2")).toBeVisible();
  await next.getByRole("button", { name: "Zoom" }).click();
  await expect(next.getByRole("button", { name: "Zoom" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");
  await expect(next).toBeHidden();
  await expect(inspection.thing("b.png").getByRole("link", { name: "Photo b.png" })).toBeFocused();
});

test("the camera at the foot files under the section in view", { tag: "@phone-only" }, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  for (const title of ["Roof", "Stairs"]) await inspection.addSection(title);
  await inspection.section("Stairs").evaluate((it) => it.scrollIntoView({ block: "center" }));
  const foot = page.getByRole("group", { name: "Quick actions" });
  await foot.getByLabel("Take a photo").setInputFiles(png("stairs.png"));
  await expect(foot.getByText("Added to Stairs")).toBeVisible();
  await expect(inspection.section("Stairs").getByRole("group", { name: "stairs.png" })).toBeVisible();
  await foot.getByRole("button", { name: "Move", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Roof", exact: true }).click();
  await expect(inspection.section("Roof").getByRole("group", { name: "stairs.png" })).toBeVisible();
  await expect(foot.getByText("Added to Roof")).toBeVisible();
});

import { Inspection } from "../support/inspection";
import { expect, test, visit } from "../support/test";

test("several sections are added at once", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  await page.getByRole("button", { name: "Add section", exact: true }).click();
  for (const title of ["Roof", "Facade", "Basement"]) {
    await inspection.question.getByRole("button", { name: title, exact: true }).click();
  }
  await inspection.question.getByRole("button", { name: "Facade", exact: true }).click();
  await inspection.question.getByLabel("Title").fill("Boiler room");
  await inspection.question.getByRole("button", { name: "Add 2 sections" }).click();
  await expect(inspection.question).toBeHidden();
  await expect(inspection.section("Boiler room")).toBeFocused();
  await visit(page, inspection.path);
  await expect(page.getByRole("article")).toHaveCount(3);
  for (const title of ["Roof", "Basement", "Boiler room"]) await expect(inspection.section(title)).toBeVisible();

  await page.getByRole("button", { name: "Add another section" }).click();
  await inspection.question.getByLabel("Title").fill("Attic");
  await inspection.question.getByRole("button", { name: "Add section", exact: true }).click();
  await expect(inspection.section("Attic")).toBeFocused();
});

test("a list says how far a long inspection is and leads to its sections", { tag: "@phone" }, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  for (const title of ["Roof", "Facade", "Stairs", "Basement"]) await inspection.addSection(title);
  const progress = page.getByRole("navigation", { name: "Progress" });
  await expect(progress).toContainText("0 of 4 rated");
  await inspection.rate("Facade", "Unsafe");
  await expect(progress).toContainText("1 of 4 rated");
  await progress.getByRole("link", { name: "Next: Stairs" }).click();
  await expect(inspection.section("Stairs")).toBeFocused();
  await expect(inspection.section("Stairs")).toBeInViewport();
  await progress.getByText("All sections").click();
  await progress.getByRole("link", { name: "Basement", exact: true }).click();
  await expect(inspection.section("Basement")).toBeFocused();
  // The header reports the unsafe condition and links to it.
  await page.getByRole("link", { name: "1 unsafe" }).click();
  await expect(inspection.section("Facade")).toBeFocused();
});

test("a section that is moved keeps the focus, also at the ends", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  for (const title of ["Roof", "Facade", "Stairs"]) await inspection.addSection(title);
  const roof = inspection.section("Roof");
  const [up, down] = ["Move up", "Move down"].map((name) => roof.getByRole("button", { name }));
  await down.focus();
  await inspection.page.keyboard.press("Enter");
  await inspection.recorded("moved Roof from place 1 to 2");
  await expect(down).toBeFocused();
  await inspection.page.keyboard.press("Enter");
  await inspection.recorded("moved Roof from place 2 to 3");
  await expect(up).toBeFocused();
});

test("details that are filled in fold to one line while the inspection is worked on", async ({ as }) => {
  const about = { address: "1 Old Road", type: "School", client: "Somebody", date: "2026-12-24", summary: "All is dry." };
  const inspection = await Inspection.start(await as("inspector"), about);
  await expect(inspection.details.getByText("All is dry.")).toBeVisible();
  await inspection.addSection("Roof");
  await expect(inspection.details.getByText("1 Old Road · School")).toBeVisible();
  await expect(inspection.details.getByText("All is dry.")).toBeHidden();
  await inspection.details.getByText("1 Old Road · School").click();
  await expect(inspection.details.getByText("All is dry.")).toBeVisible();
});

import { Inspection } from "../support/inspection";
import { people } from "../support/people";
import { jpeg } from "../support/pictures";
import { expect, live, test, unique, visit } from "../support/test";

const tags = { tag: ["@phone", "@nojs"] };

test("from first draft to approved: all ten actions, and a reviewer finds each", tags, async ({ as, browser }) => {
  test.setTimeout(180_000);
  const name = unique("Story House");
  const page = await as("inspector");
  let id = "";

  await test.step("start", async () => {
    await visit(page, "/");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inspections" }).click();
    await expect(page).toHaveURL(/\/inspections$/);
    await page.getByRole("link", { name: "New inspection" }).first().click();
    await expect(page).toHaveURL(/\/inspections\/new$/);
    await live(page);
  });
  const inspection = await Inspection.fillIn(page, {
    name,
    address: "1 Story Lane, Exampleton",
    type: "Offices",
    client: "Demo Estates",
    date: "2030-05-06",
  });
  id = inspection.id;
  await inspection.recorded(`started the inspection ${name}`);

  await test.step("Edit", async () => {
    await inspection.edit(inspection.details, "Summary", "Sound, but for the roof.");
    await inspection.recorded("set the summary to Sound, but for the roof.");
  });

  await test.step("Add Section", async () => {
    await inspection.addSection("Roof");
    await inspection.recorded("added the section Roof");
    await inspection.addSection("Cellar");
    await inspection.rate("Roof", "Poor");
  });

  const photo = await jpeg(browser, "ridge.jpg");
  await test.step("Attached Photo", async () => {
    await inspection.attached(photo, "Roof");
    await inspection.recorded("attached the photo ridge.jpg");
  });

  await test.step("Create PDF", () => inspection.createPdf());

  await test.step("View / Download PDF", async () => {
    const pdf = await inspection.readPdf();
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(pdf.length).toBeGreaterThan(10_000);
    await visit(page, inspection.path);
    await inspection.recorded("opened the PDF");
  });

  await test.step("Remove", async () => {
    await inspection.press("Remove", inspection.thing(photo.name));
    await expect(inspection.thing(photo.name)).toBeHidden();
    await inspection.recorded("removed the photo ridge.jpg");
    await expect(page.getByText("Out of date")).toBeVisible();
  });

  await test.step("Remove Section", async () => {
    await inspection.press("Remove section", inspection.section("Cellar"));
    await expect(inspection.section("Cellar")).toBeHidden();
    await inspection.recorded("removed the section Cellar");
  });

  await test.step("Ready for review", async () => {
    await inspection.press("Send for review");
    await inspection.recorded("marked it ready for review");
  });

  await test.step("Revert to Draft", async () => {
    await page.getByRole("button", { name: "Withdraw from review", exact: true }).filter({ visible: true }).first().click();
    await inspection.question.getByLabel("Reason").fill("The cellar has to be in it after all.");
    await inspection.question.getByRole("button", { name: "Withdraw from review", exact: true }).click();
    await inspection.recorded("reverted it to draft: The cellar has to be in it after all.");
    await live(page);
  });

  const reviewer = await as("reviewer");
  await test.step("Completed", async () => {
    await inspection.press("Send for review");
    await inspection.recorded("marked it ready for review");
    await expect(page.getByRole("button", { name: "Complete", exact: true })).toHaveCount(0);
    const seen = await inspection.on(reviewer);
    await seen.complete();
    await visit(page, inspection.path);
    await expect(page.getByRole("button", { name: "Edit", exact: true })).toHaveCount(0);
  });

  const feed = reviewer.getByRole("main");
  const found: [action: string, slug: string, sentence: string][] = [
    ["Create PDF", "create-pdf", "created the PDF"],
    ["View / Download PDF", "download-pdf", "opened the PDF"],
    ["Ready for review", "status-review", "marked it ready for review"],
    ["Completed", "status-complete", "completed it"],
    ["Revert to Draft", "status-draft", "reverted it to draft: The cellar has to be in it after all."],
    ["Edit", "edit", "set the summary to Sound, but for the roof."],
    ["Attached Photo", "add-photo", "attached the photo ridge.jpg"],
    ["Remove", "remove", "removed the photo ridge.jpg"],
    ["Add Section", "add-section", "added the section Roof"],
    ["Remove Section", "remove-section", "removed the section Cellar"],
  ];
  for (const [action, slug, sentence] of found) {
    await test.step(`the reviewer finds ${action}`, async () => {
      await reviewer.goto(`/changes?inspection=${id}&action=${slug}`);
      const who = slug === "status-complete" ? people.reviewer : people.inspector;
      const row = feed.getByRole("listitem").filter({ hasText: sentence }).filter({ hasText: who.name }).first();
      await expect(row).toContainText(action);
      await expect(row).toContainText(name);
    });
  }
});

test("what is done is on the dashboard at once, and the dashboard leads back", { tag: "@phone" }, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"), { name: unique("Led Back House") });
  await inspection.addSection("Roof");
  const page = await as("reviewer");
  await visit(page, `/changes?q=${encodeURIComponent(inspection.name)}`);
  const row = page.getByRole("listitem").filter({ hasText: "added the section Roof" });
  await row.getByRole("link", { name: "Open inspection" }).click();
  await expect(page).toHaveURL(new RegExp(`${inspection.path}$`));
  await expect(page.getByRole("heading", { level: 1, name: inspection.name })).toBeVisible();
  // A reviewer may read but not edit the contents.
  await expect(page.getByRole("button", { name: "Add section" })).toHaveCount(0);
});

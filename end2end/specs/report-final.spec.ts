import { Inspection } from "../support/inspection";
import { expect, scripts, test, visit } from "../support/test";

const everywhere = { tag: ["@phone", "@nojs"] };

test("completing an inspection makes its final report, and a step of its status outdates none", everywhere, async ({ as }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page, { address: "1 Example Street" });
  await inspection.addSection("Roof");
  await inspection.createPdf();
  const reports = page.getByRole("list", { name: "Reports" }).getByRole("listitem");
  await expect(reports.first()).toContainText("Draft");
  await inspection.press("Send for review");
  await expect(page.getByText("Out of date")).toHaveCount(0);

  const reviewer = await as("reviewer");
  const seen = await inspection.on(reviewer);
  await seen.complete();
  const made = reviewer.getByRole("list", { name: "Reports" }).getByRole("listitem");
  await test.step("it is there without anybody asking for it", async () => {
    await expect(async () => {
      if (!scripts()) await visit(reviewer, inspection.path);
      await expect(made).toHaveCount(2, { timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
  });
  await expect(made.first()).toContainText("Final report");
  await expect(made.first()).toContainText("just now");
  await expect(reviewer.getByText("Out of date")).toHaveCount(0);
  await seen.recorded("created the PDF");
});

test("a report that is being made says so, and is there when the page is opened again", async ({ as }) => {
  const page = await as("inspector");
  const inspection = await Inspection.start(page);
  await inspection.addSection("Roof");
  await page.getByRole("button", { name: "Create PDF", exact: true }).click();
  await expect(page.getByRole("progressbar")).toBeVisible();
  await visit(page, inspection.path);
  await expect(inspection.reports).toHaveCount(1, { timeout: 30_000 });
});

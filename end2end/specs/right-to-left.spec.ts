import { entries } from "../support/dashboard";
import { Inspection } from "../support/inspection";
import { expect, type Page, test, unique, visit } from "../support/test";

const words = "בית ספר (אגף ב) 12 mm!";

/**
 * Returns the places where the rendered name is out of order, and the number of all places. Read from right
 * to left, the number and then its unit follow the Hebrew words; without isolation the unit is misplaced.
 */
const torn = (page: Page): Promise<{ torn: string[]; seen: number }> =>
  page.evaluate(() => {
    const found: { torn: string[]; seen: number } = { torn: [], seen: 0 };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const text = node.textContent ?? "";
      const at = text.indexOf("בית ספר (אגף ב) 12 mm!");
      const parent = node.parentElement!;
      if (at < 0 || parent.closest("script, option, noscript, .visually-hidden")) continue;
      const box = (part: string) => {
        const range = document.createRange();
        const start = text.indexOf(part, at);
        range.setStart(node!, start);
        range.setEnd(node!, start + part.length);
        return range.getBoundingClientRect();
      };
      const [first, number, unit] = [box("בית"), box("12"), box("mm")];
      if (first.width === 0) continue;
      found.seen += 1;
      // Characters on different lines do not show the order.
      const oneLine = Math.abs(first.top - unit.top) < 4 && Math.abs(number.top - unit.top) < 4;
      if (oneLine && !(first.left >= number.right - 1 && number.left >= unit.right - 1)) {
        found.torn.push(parent.closest("li, p, h1, h2, h3, td, summary, div")!.textContent!.trim().slice(0, 120));
      }
    }
    return found;
  });

async function expectWhole(page: Page, least: number): Promise<void> {
  await expect.poll(async () => (await torn(page)).seen).toBeGreaterThanOrEqual(least);
  expect((await torn(page)).torn).toEqual([]);
}

test("a name written from right to left tears no sentence", async ({ as }) => {
  const page = await as("inspector");
  const name = `${words} ${unique("")}`;
  const inspection = await Inspection.start(page, { name, client: words, summary: `${words}\n${words}` });
  await inspection.addSection(words);
  await inspection.section(words).getByText("Fair", { exact: true }).click();
  await inspection.recorded("from not inspected to fair");
  await inspection.edit(inspection.details, "Client", `${words} 2`);
  await expectWhole(page, 6);

  await inspection.details.getByRole("button", { name: "Edit" }).click();
  for (const label of ["Client", "Summary"]) {
    await expect(inspection.details.getByLabel(label)).toHaveCSS("direction", "rtl");
  }
  await inspection.section(words).getByRole("button", { name: "Remove section" }).click();
  await expect(inspection.question).toContainText(words);
  await expectWhole(page, 6);
  await inspection.question.getByRole("button", { name: "Remove section" }).click();
  await expect(page.getByRole("region", { name: "Notices" })).toContainText(words);
  await expectWhole(page, 6);

  await visit(page, `${inspection.path}/history`);
  for (const line of await page.getByRole("main").locator("details > summary").all()) await line.click();
  await expectWhole(page, 8);
  await visit(page, `${inspection.path}/compare?from_step=1`);
  await expectWhole(page, 3);
  await visit(page, `/inspections?q=${encodeURIComponent(name)}`);
  await expectWhole(page, 2);

  const reviewer = await as("reviewer");
  await visit(reviewer, `/changes?state=&inspection=${inspection.id}`);
  for (const entry of await entries(reviewer).all()) await entry.locator("summary").first().click();
  await expectWhole(reviewer, 10);
  await visit(reviewer, "/");
  await expectWhole(reviewer, 2);
});

test("a name without such letters is recorded and told as it was typed", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.addSection("Roof (north) 12 mm");
  const latest = inspection.history.getByRole("listitem").first();
  await expect(latest).toContainText("added the section Roof (north) 12 mm");
  expect(await latest.textContent()).not.toMatch(/[\u2066-\u2069]/);
});

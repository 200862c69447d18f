import { Inspection } from "../support/inspection";
import { expect, type Page, test, unique, visit } from "../support/test";

const told = (page: Page, number: number) =>
  page.getByRole("button", { name: number === 1 ? "1 new change" : `${number} new changes` });

test("nine pages of the dashboard in one browser load, share one stream and are all told", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"), { name: unique("Nine Tabs House") });
  const first = await as("reviewer");
  const browser = first.context();
  const streams: string[] = [];
  browser.on("request", (request) => {
    if (new URL(request.url()).pathname === "/live") streams.push(request.url());
  });
  const pages = [first];
  while (pages.length < 9) pages.push(await browser.newPage());
  // Pages with different filters share the stream too.
  for (const [number, page] of pages.entries()) {
    await visit(page, `/changes?inspection=${inspection.id}${number % 2 ? "&state=unreviewed" : ""}`);
    await expect(page.getByRole("heading", { name: "Changes", level: 1 })).toBeVisible();
  }
  await inspection.addSection("Roof");
  for (const page of pages) await expect(told(page, 1)).toBeVisible();
  expect(streams).toHaveLength(1);

  // The page that holds the stream is closed, and another one takes over.
  await first.close();
  await expect.poll(() => streams.length).toBe(2);
  await inspection.addSection("Cellar");
  for (const page of pages.slice(1)) await expect(told(page, 2)).toBeVisible();
  // The pages still respond.
  const last = pages[8]!;
  await told(last, 2).click();
  await expect(last.getByRole("main").getByText("Cellar").first()).toBeVisible();
  expect(streams).toHaveLength(2);
});

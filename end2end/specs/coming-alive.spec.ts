import { entries, line, sections } from "../support/dashboard";
import { Inspection } from "../support/inspection";
import { expect, live, type Page, test, visit } from "../support/test";

interface Held {
  held: (() => void)[];
  goOn: () => void;
}

/** Lets the page run the one task in which it starts, and holds further ones until they are released. */
const holdTurns = (page: Page) =>
  page.addInitScript(() => {
    const later = window.setTimeout.bind(window);
    const held: (() => void)[] = [];
    let turns = 0;
    let holds = true;
    const hold = (turn: () => void, wait = 0) => {
      if (!holds || wait > 0 || ++turns === 1) return later(turn, wait);
      held.push(turn);
      return 0;
    };
    Object.assign(window, {
      setTimeout: hold,
      held,
      goOn: () => {
        holds = false;
        for (const turn of held.splice(0)) later(turn);
      },
    });
  });

test("whoever is quicker than the page is answered by all of it", { tag: "@phone" }, async ({ as }) => {
  const inspection = await sections(await as("inspector"), 3);
  const page = await as("reviewer");
  await holdTurns(page);
  const loads: string[] = [];
  page.on("load", () => loads.push(page.url()));
  await page.goto(`/changes?inspection=${inspection.id}&state=unreviewed`);
  await expect.poll(() => page.evaluate(() => (window as unknown as Held).held.length)).toBeGreaterThan(0);
  await expect(page.locator("html")).not.toHaveAttribute("data-live");

  await page.keyboard.press("j");
  await expect(line(page, 0)).toBeFocused();
  await entries(page).last().getByRole("button", { name: "Reviewed" }).click();
  await expect(page.getByText("1 change reviewed.")).toBeVisible();
  await expect(entries(page)).toHaveCount(3);

  await page.evaluate(() => (window as unknown as Held).goOn());
  await live(page);
  await expect(entries(page).first().getByRole("time")).toHaveText("just now");
  expect(loads, "the page is the one that was loaded").toHaveLength(1);
});

test("a part of the code that is lost on its way is asked for again", async ({ as, watch }) => {
  watch.offline();
  const { path } = await Inspection.start(await as("inspector"));
  const page = await as("inspector");
  let lost = 0;
  await page.route(/split_inspection/, (route) =>
    lost++ < 2 ? route.abort("internetdisconnected") : route.continue(),
  );
  await visit(page, path);
  expect(lost, "it was lost twice").toBe(3);
});

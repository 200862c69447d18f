import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "../support/test";
import { tour } from "../support/tour";

// axe examines every element, and some pages are long.
test.describe.configure({ timeout: 120_000 });

for (const stop of tour) {
  test(`${stop.name}: accessible, and fits at every width`, async ({ as, page: signedOut, watch }) => {
    const page = stop.role ? await as(stop.role) : signedOut;
    if (stop.status) watch.expect(stop.status, /./);
    if (stop.cut) watch.offline();
    await stop.open(page);
    await isAccessible(page);
    for (const width of [390, 820, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await beyondTheEdge(page), `nothing sticks out at ${width} px`).toEqual([]);
    }
  });

  test(
    `${stop.name}: accessible on a phone, and used with a thumb`,
    { tag: "@phone-only" },
    async ({ as, page: signedOut, watch }) => {
      const page = stop.role ? await as(stop.role) : signedOut;
      if (stop.status) watch.expect(stop.status, /./);
      if (stop.cut) watch.offline();
      await stop.open(page);
      await isAccessible(page);
      expect(await page.evaluate(() => matchMedia("(pointer: coarse)").matches)).toBe(true);
      expect(await smallControls(page), "every control is at least 48 px high and 44 px wide").toEqual([]);
      expect(await zoomingFields(page), "no field is so small that a phone zooms into it").toEqual([]);
    },
  );
}

/** Rules of axe whose outcome depends on colours. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/**
 * Runs axe on the whole page at once, so that fixed bars cover nothing: all rules in light, and those of colours in
 * dark too. Its legacy mode examines one frame, and the pages have no others; it needs two thirds of the time.
 */
async function isAccessible(page: Page): Promise<void> {
  const size = page.viewportSize()!;
  await page.setViewportSize({ ...size, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const rules =
      colorScheme === "light" ? { rules: { "target-size": { enabled: true } } } : { runOnly: OF_COLOURS };
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode()
      .options({ resultTypes: ["violations"], ...rules })
      .analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary?.split("\n")[1]?.trim()}`),
    );
    expect(found, `axe finds nothing, ${colorScheme}`).toEqual([]);
  }
  await page.setViewportSize(size);
}

const beyondTheEdge = (page: Page) =>
  page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    const scrolls = document.documentElement.scrollWidth > edge;
    return [...document.querySelectorAll("body *")]
      .filter((it) => scrolls && it.getBoundingClientRect().right > edge + 0.5)
      .map((it) => `${it.tagName.toLowerCase()}.${it.className}`);
  });

const smallControls = (page: Page) =>
  page.evaluate(() => {
    const controls = "button, summary, select, textarea, input:not([type=hidden]), nav a, a.button";
    return [...document.querySelectorAll<HTMLElement>(controls)].flatMap((control) => {
      // A control within its label is pressed through the label.
      const target = control.closest("label") ?? control;
      const { width, height } = target.getBoundingClientRect();
      const hidden = !control.checkVisibility({ visibilityProperty: true }) || width <= 1 || height <= 1;
      if (hidden || (width >= 44 && height >= 48)) return [];
      const name = control.getAttribute("aria-label") ?? control.textContent?.trim() ?? "";
      return `${control.tagName.toLowerCase()}.${control.className} “${name}”: ${Math.round(width)}×${Math.round(height)}`;
    });
  });

const zoomingFields = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox], [type=file], [type=range]), select, textarea")]
      .filter((it) => it.checkVisibility() && parseFloat(getComputedStyle(it).fontSize) < 16)
      .map((it) => it.getAttribute("name")),
  );

import { expect, test } from "../support/test";
import { tour } from "../support/tour";

for (const stop of tour) {
  test(`${stop.name} fits at every width`, async ({ as, page: signedOut, watch }) => {
    const page = stop.role ? await as(stop.role) : signedOut;
    if (stop.status) watch.expect(stop.status, /./);
    for (const width of [390, 820, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await stop.open(page);
      const beyond = await page.evaluate(() => {
        const edge = document.documentElement.clientWidth;
        const scrolls = document.documentElement.scrollWidth > edge;
        return [...document.querySelectorAll("body *")]
          .filter((it) => scrolls && it.getBoundingClientRect().right > edge + 0.5)
          .map((it) => `${it.tagName.toLowerCase()}.${it.className}`);
      });
      expect(beyond, `nothing sticks out at ${width} px`).toEqual([]);
    }
  });

  test(`${stop.name} can be used with a thumb`, { tag: "@phone-only" }, async ({ as, page: signedOut, watch }) => {
    const page = stop.role ? await as(stop.role) : signedOut;
    if (stop.status) watch.expect(stop.status, /./);
    await stop.open(page);
    expect(await page.evaluate(() => matchMedia("(pointer: coarse)").matches)).toBe(true);

    const small = await page.evaluate(() => {
      const controls = "button, summary, select, textarea, input:not([type=hidden]), nav a, a.button";
      return [...document.querySelectorAll<HTMLElement>(controls)].flatMap((control) => {
        // A control that lies within its label is pressed through it.
        const target = control.closest("label") ?? control;
        const { width, height } = target.getBoundingClientRect();
        const hidden = !control.checkVisibility({ visibilityProperty: true }) || width <= 1 || height <= 1;
        if (hidden || (width >= 44 && height >= 44)) return [];
        const name = control.getAttribute("aria-label") ?? control.textContent?.trim() ?? "";
        return `${control.tagName.toLowerCase()}.${control.className} “${name}”: ${Math.round(width)}×${Math.round(height)}`;
      });
    });
    expect(small, "every control is at least 44 px each way").toEqual([]);

    const zooming = await page.evaluate(() =>
      [...document.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox], [type=file]), select, textarea")]
        .filter((it) => it.checkVisibility() && parseFloat(getComputedStyle(it).fontSize) < 16)
        .map((it) => it.getAttribute("name")),
    );
    expect(zooming, "no field is so small that a phone zooms into it").toEqual([]);
  });
}

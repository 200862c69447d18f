import { addressOf, demo } from "../support/demo";
import { expect, type Page, test, visit } from "../support/test";

for (const colorScheme of ["light", "dark"] as const) {
  test(`an inspection prints with dark badges from the ${colorScheme} theme`, async ({ as }) => {
    const page = await as("reviewer");
    await page.emulateMedia({ colorScheme });
    for (const name of [demo.draft, demo.complete]) {
      await visit(page, await addressOf(page, name));
      await page.emulateMedia({ media: "print", colorScheme });
      const badges = await printedBadges(page);
      expect(badges.length, `${name} has badges`).toBeGreaterThan(0);
      for (const badge of badges) {
        expect(badge.contrast, `${badge.word}: contrast on white`).toBeGreaterThanOrEqual(7);
        expect(badge.border, `${badge.word}: border in px`).toBeGreaterThan(0);
        expect(badge.icon, `${badge.word}: width of the icon`).toBeGreaterThan(0);
        expect(badge.background, `${badge.word}: no background`).toBe("rgba(0, 0, 0, 0)");
      }
      await page.emulateMedia({ media: "screen", colorScheme });
    }
  });
}

test("an unsafe section prints its word, and only the chosen condition", async ({ as }) => {
  const page = await as("inspector");
  await visit(page, await addressOf(page, demo.draft));
  await expect(page.getByText("Unsafe", { exact: true }).filter({ visible: true }).first()).toBeVisible();
  await page.emulateMedia({ media: "print" });
  const printed = await printedBadges(page);
  const unsafe = printed.filter((badge) => badge.word === "Unsafe");
  expect(unsafe.length).toBeGreaterThan(0);
  for (const badge of unsafe) expect(badge.contrast).toBeGreaterThanOrEqual(7);
  await expect(page.locator(".condition:not(:has(:checked))").filter({ visible: true })).toHaveCount(0);
});

test("history, notices and empty cards are not printed", async ({ as }) => {
  const page = await as("inspector");
  await visit(page, await addressOf(page, demo.draft));
  const left = page.locator(".inspection-aside, .note, .empty, .button").filter({ visible: true });
  expect(await left.count(), "they are on the screen").toBeGreaterThan(2);
  await page.emulateMedia({ media: "print" });
  await expect(left).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("list", { name: "Sections", exact: true })).toBeVisible();
});

/** Returns the printed badges and chosen conditions, with the contrast of their text on white. */
const printedBadges = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    const contrastOnWhite = (color: string) => {
      context.fillStyle = "white";
      context.fillRect(0, 0, 1, 1);
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
      // Relative luminance and contrast ratio as defined by WCAG 2.2.
      const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((it) => {
        const part = it / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 1.05 / (0.2126 * red! + 0.7152 * green! + 0.0722 * blue! + 0.05);
    };
    return [...document.querySelectorAll<HTMLElement>(".badge, .condition:has(:checked)")]
      .filter((it) => it.checkVisibility({ visibilityProperty: true }))
      .map((it) => {
        const style = getComputedStyle(it);
        return {
          word: it.textContent!.trim(),
          contrast: contrastOnWhite(style.color),
          border: parseFloat(style.borderTopWidth),
          background: style.backgroundColor,
          icon: it.querySelector(".icon")?.getBoundingClientRect().width ?? 0,
        };
      });
  });

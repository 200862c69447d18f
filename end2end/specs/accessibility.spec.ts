import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../support/test";
import { tour } from "../support/tour";

for (const stop of tour) {
  for (const scheme of ["light", "dark"] as const) {
    test(`${stop.name} is accessible, ${scheme}`, { tag: "@phone" }, async ({ as, page: signedOut, watch }) => {
      const page = stop.role ? await as(stop.role) : signedOut;
      if (stop.status) watch.expect(stop.status, /./);
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await stop.open(page);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      // What is being loaded anew is dimmed meanwhile.
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary?.split("\n")[1]?.trim()}`),
      );
      expect(found).toEqual([]);
    });
  }
}

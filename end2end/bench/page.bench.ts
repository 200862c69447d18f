import { test } from "../support/test";
import { seed, wholeHouse } from "../support/seed";
import { measure } from "./measure";

/** Largest blocking time in milliseconds, and largest sizes in kilobytes; `undefined` for those without a limit. */
interface Limits {
  blocking?: number;
  code?: number;
  html?: number;
}

const pages: { name: string; role: "inspector" | "reviewer"; path: string; limits: Limits }[] = [
  { name: "start page", role: "inspector", path: "/", limits: {} },
  { name: "list", role: "inspector", path: "/inspections", limits: {} },
  { name: "inspection", role: "inspector", path: "/inspections/HOUSE", limits: { blocking: 150, code: 450 } },
  { name: "history of 100 changes", role: "inspector", path: "/inspections/LONG/history", limits: { blocking: 200 } },
  { name: "dashboard", role: "reviewer", path: "/changes", limits: { html: 60 } },
];

test("pages on a processor slowed four times, hydrated in turns and at once", async ({ as, server }) => {
  // Three changes for each section, and one that starts the inspection.
  const sections = Array.from({ length: 33 }, (_, number) => ({
    title: `Room ${number + 1}`,
    condition: "good",
    notes: `The room shows normal wear, like the ${number} before it.`,
  }));
  const [house, long] = await seed(server, [
    { name: "House", ...wholeHouse },
    { name: "Long House", ...wholeHouse, sections },
  ]);
  for (const { name, role, path, limits } of pages) {
    for (const deferred of [true, false]) {
      const page = await as(role);
      await page.goto("/");
      await page.waitForSelector("html[data-live]", { state: "attached" });
      const found = await measure(page, path.replace("HOUSE", String(house.id)).replace("LONG", String(long.id)), deferred);
      const withLimit = (value: number, unit: string, limit?: number) =>
        `${Math.round(value)} ${unit}${limit === undefined ? "" : ` (limit ${limit}${value > limit ? ", exceeded" : ""})`}`;
      console.log(
        [
          `${name}, ${deferred ? "deferred hydration" : "hydration at once"}`.padEnd(44),
          `blocking ${withLimit(found.blocking, "ms", deferred ? limits.blocking : undefined)}`.padEnd(42),
          `longest task ${Math.round(found.longest)} ms`.padEnd(22),
          `live after ${Math.round(found.live)} ms`.padEnd(22),
          `code ${withLimit(found.code, "kB", limits.code)}`.padEnd(36),
          `HTML ${withLimit(found.html, "kB", limits.html)}`,
        ].join("  "),
      );
      await page.context().close();
    }
  }
});

import { test as base, expect, type Page } from "@playwright/test";
import { Inspection } from "./inspection";
import { kill, live, scripts, unique, visit } from "./page";
import { type Role, stateOf } from "./people";
import { seed, type SeedInspection, wholeHouse } from "./seed";
import { ServerClock } from "./server-clock";
import { Watch } from "./watch";
import { ownServer, type Worker } from "./worker";

interface Plumbline {
  /** Returns a page with that role signed in, each in a separate browser context. */
  as: (role: Role) => Promise<Page>;
  /** Creates an inspection with `plumbline seed`, with twelve sections by default, and opens it. */
  seeded: (page: Page, about?: Partial<SeedInspection>) => Promise<Inspection>;
  /** Clock of the server, which follows the system's again after the test. It requires `ownClock`. */
  serverClock: ServerClock;
  /** Fails the test on unexpected errors of its pages. */
  watch: Watch;
}

export const test = base.extend<Plumbline, Worker>({
  ownClock: [false, { option: true, scope: "worker" }],
  server: ownServer,
  baseURL: ({ server }, use) => use(server.url),
  seeded: ({ server }, use, info) =>
    use(async (page, about) => {
      info.skip(server.data === "", "It needs access to the database of the server.");
      const [{ id, name }] = await seed(server, [{ name: unique("Seeded House"), ...wholeHouse, ...about }]);
      return Inspection.open(page, name, `/inspections/${id}`);
    }),
  serverClock: async ({ server }, use, info) => {
    info.skip(server.data === "", "It needs a server whose clock can be set.");
    if (!server.clock) throw new Error("Write test.use({ ownClock: true }) at the top of the file.");
    const clock = new ServerClock(server.clock);
    await use(clock);
    await clock.reset();
  },
  watch: [
    async ({ context, server }, use, info) => {
      const watch = new Watch();
      watch.over(context);
      await use(watch);
      if (info.status !== info.expectedStatus) {
        await info.attach("server log", { body: server.log(), contentType: "text/plain" });
      }
      expect(watch.unexpected(), "nothing goes wrong behind the page").toEqual([]);
    },
    { auto: true },
  ],
  as: async ({ browser, baseURL, watch }, use) => {
    const contexts: Awaited<ReturnType<typeof browser.newContext>>[] = [];
    await use(async (role) => {
      const context = await browser.newContext({ baseURL, storageState: stateOf(role) });
      contexts.push(context);
      watch.over(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

export { expect, kill, live, scripts, unique, visit };
export type { Page };

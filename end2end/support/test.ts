import { test as base, expect, type Page } from "@playwright/test";
import { kill, live, scripts, unique, visit } from "./page";
import { type Role, stateOf } from "./people";
import { Watch } from "./watch";
import { ownServer, type Worker } from "./worker";

interface Plumbline {
  /** Returns a page with that role signed in, each in a separate browser context. */
  as: (role: Role) => Promise<Page>;
  /** Fails the test on unexpected errors of its pages. */
  watch: Watch;
}

export const test = base.extend<Plumbline, Worker>({
  server: ownServer,
  baseURL: ({ server }, use) => use(server.url),
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

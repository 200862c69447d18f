import { test as base, expect, type Page } from "@playwright/test";
import { type Role, stateOf } from "./people";
import { Watch } from "./watch";

interface Plumbline {
  /** A page on which that role is signed in; each in a browser of its own. */
  as: (role: Role) => Promise<Page>;
  /** Fails the test when something goes wrong behind its pages. */
  watch: Watch;
  /** Whether scripts run in this project. */
  js: boolean;
}

export const test = base.extend<Plumbline>({
  watch: [
    async ({ context }, use) => {
      const watch = new Watch();
      watch.over(context);
      await use(watch);
      expect(watch.unexpected(), "nothing goes wrong behind the page").toEqual([]);
    },
    { auto: true },
  ],
  as: async ({ browser, watch }, use) => {
    const contexts: Awaited<ReturnType<typeof browser.newContext>>[] = [];
    await use(async (role) => {
      const context = await browser.newContext({ storageState: stateOf(role) });
      contexts.push(context);
      watch.over(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
  js: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled ?? true),
});

export { expect };
export type { Page };

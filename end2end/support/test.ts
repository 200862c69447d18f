import { test as base, expect, type Page } from "@playwright/test";
import { type Role, stateOf } from "./people";
import { Watch } from "./watch";

interface Plumbline {
  /** A page on which that role is signed in; each in a browser of its own. */
  as: (role: Role) => Promise<Page>;
  /** Fails the test when something goes wrong behind its pages. */
  watch: Watch;
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
});

/** Whether scripts run in this project. */
export const scripts = () => test.info().project.use.javaScriptEnabled !== false;

/** Goes to a page and waits until it answers by itself. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await live(page);
}

/** Waits until the page answers by itself; without scripts it does from the start. */
export async function live(page: Page): Promise<void> {
  if (scripts()) await expect(page.locator("html")).toHaveAttribute("data-live");
}

let made = 0;

/** A name that no other test, project or earlier run has given to anything. */
export const unique = (what: string) =>
  `${what} ${Date.now().toString(36)}${process.pid.toString(36)}${(made++).toString(36)}`;

export { expect };
export type { Page };

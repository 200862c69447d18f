import { expect, type Page, test } from "@playwright/test";

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

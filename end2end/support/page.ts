import { expect, type Page, test } from "@playwright/test";

/** Returns whether JavaScript is enabled in this project. */
export const scripts = () => test.info().project.use.javaScriptEnabled !== false;

/** Opens a page and waits until it is hydrated. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await live(page);
}

/** Waits until the page is hydrated; without JavaScript it is ready from the start. */
export async function live(page: Page): Promise<void> {
  if (scripts()) await expect(page.locator("html")).toHaveAttribute("data-live");
}

let made = 0;

/** Returns a name that no other test, project or earlier run has used. */
export const unique = (what: string) =>
  `${what} ${Date.now().toString(36)}${process.pid.toString(36)}${(made++).toString(36)}`;

/**
 * Ends a page by a crash of its process, so that none of its code runs any more. Closing it would run its
 * listeners and end the emulation of a lost network, so that it might still send something.
 */
export async function kill(page: Page): Promise<void> {
  const crash = page.waitForEvent("crash");
  const session = await page.context().newCDPSession(page);
  // The command gets no answer, because the process is gone.
  session.send("Page.crash").catch(() => {});
  await crash;
  await page.close();
}

import { Inspection } from "./inspection";
import { expect, type Page, unique } from "./test";

/** The entries of the feed. */
export const entries = (page: Page) => page.locator("[data-entry]");

/** The line of an entry, which opens it and has the focus. */
export const line = (page: Page, at: number) => entries(page).nth(at).locator("summary").first();

/** What says these words in an entry. Playwright's search by text passes over what stands in a noscript. */
export const saying = (entry: ReturnType<typeof entries>, words: string) =>
  entry.locator("*", { hasText: words }).last();

/** A state's tab. */
export const tab = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "State" }).getByRole("link", { name });

/** Waits until a state's tab counts so many. */
export const count = (page: Page, name: string, number: number) =>
  expect(tab(page, name)).toHaveText(`${name}${number}`);

/** Where toasts appear. */
export const toast = (page: Page) => page.getByRole("region", { name: "Notices" });

/** What is done with the selection. */
export const bar = (page: Page) => page.getByRole("form", { name: "With the selection" });

/** The box above the feed that means everything that matches. */
export const everything = (page: Page, number: number) =>
  page.getByRole("checkbox", { name: `Select all ${number}` });

/** Opens a button that asks for words, or a menu. */
export const unfold = (within: Page | ReturnType<typeof entries>, word: string) =>
  within.locator("summary").filter({ hasText: word, visible: true }).first().click();

/** An inspection with so many sections, each added by itself. */
export async function sections(page: Page, number: number, name = "Reviewed House"): Promise<Inspection> {
  const inspection = await Inspection.start(page, { name: unique(name) });
  for (let at = 1; at <= number; at++) await inspection.addSection(`Part ${at}`);
  return inspection;
}

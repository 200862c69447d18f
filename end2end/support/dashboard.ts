import { Inspection } from "./inspection";
import { expect, type Page, unique } from "./test";

/** Entries of the feed: its list items that can be selected. */
export const entries = (page: Page) =>
  page.getByRole("listitem").filter({ has: page.getByRole("checkbox", { name: /^Select: / }) });

/** Line of an entry, which expands it and receives the focus. */
export const line = (page: Page, at: number) => entries(page).nth(at).locator("summary").first();

/** Element with this text in an entry. Playwright's own search by text skips the content of a noscript. */
export const saying = (entry: ReturnType<typeof entries>, words: string) =>
  entry.locator("*", { hasText: words }).last();

/** Tab of a review state. */
export const tab = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "State" }).getByRole("link", { name });

/** Waits until a state's tab shows this number. */
export const count = (page: Page, name: string, number: number) =>
  expect(tab(page, name)).toHaveText(`${name}${number}`);

/** Region of the toasts. */
export const toast = (page: Page) => page.getByRole("region", { name: "Notices" });

/** Bar with the actions for the selection. */
export const bar = (page: Page) => page.getByRole("form", { name: "With the selection" });

/** Checkbox above the feed that selects all matching changes. */
export const everything = (page: Page, number: number) =>
  page.getByRole("checkbox", { name: `Select all ${number}` });

/** Opens a menu or an inline form. */
export const unfold = (within: Page | ReturnType<typeof entries>, word: string) =>
  within.locator("summary").filter({ hasText: word, visible: true }).first().click();

/** Creates an inspection with this many sections, each added by a separate request. */
export async function sections(page: Page, number: number, name = "Reviewed House"): Promise<Inspection> {
  const inspection = await Inspection.start(page, { name: unique(name) });
  for (let at = 1; at <= number; at++) await inspection.addSection(`Part ${at}`);
  return inspection;
}

import { expect, type Page } from "@playwright/test";

/** Inspections of the demo that no test changes. */
export const demo = {
  /** Draft of the inspector, returned with a reason, with all kinds of contents. */
  draft: "Harbour Lane School",
  /** Inspection of the inspector in review. */
  review: "Mill Street Apartments",
  /** Completed inspection of the inspector, with reports. */
  complete: "Riverside House",
} as const;

/** Returns the address of an inspection, found by its name in the list. */
export async function addressOf(page: Page, name: string): Promise<string> {
  await page.goto(`/inspections?q=${encodeURIComponent(name)}`);
  const href = await page.getByRole("main").getByRole("link", { name }).first().getAttribute("href");
  expect(href).toMatch(/^\/inspections\/\d+$/);
  return href!;
}

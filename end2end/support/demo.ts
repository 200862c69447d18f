import { expect, type Page } from "@playwright/test";

/** Inspections of the demo that no test changes. */
export const demo = {
  /** Of the inspector, in draft, sent back with a reason, with everything in it. */
  draft: "Harbour Lane School",
  /** Of the inspector, in review. */
  review: "Mill Street Apartments",
  /** Of the inspector, complete, with reports. */
  complete: "Riverside House",
} as const;

/** The address of an inspection, found by its name the way a person would. */
export async function addressOf(page: Page, name: string): Promise<string> {
  await page.goto(`/inspections?q=${encodeURIComponent(name)}`);
  const href = await page.getByRole("main").getByRole("link", { name }).first().getAttribute("href");
  expect(href).toMatch(/^\/inspections\/\d+$/);
  return href!;
}

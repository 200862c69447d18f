import { join } from "node:path";
import { expect, type Page } from "@playwright/test";

/** Demo accounts, one for each role. */
export const people = {
  inspector: { email: "inspector@example.org", name: "Ines Lintel" },
  reviewer: { email: "reviewer@example.org", name: "Ruth Keystone" },
  admin: { email: "admin@example.org", name: "Ada Mortar" },
} as const;

/** Password of all demo accounts. */
export const password = "plumb-the-depths";

export type Role = keyof typeof people;
export const roles = Object.keys(people) as Role[];

/** Returns the file with the cookies of a role's session during a run. */
export const stateOf = (role: Role) => join(process.env.PLUMBLINE_PREPARED!, "states", `${role}.json`);

/** Signs in through the form. */
export async function signIn(page: Page, role: Role): Promise<void> {
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(people[role].email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/login/);
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
}

import { test } from "@playwright/test";
import { roles, signIn, stateOf } from "./people";

for (const role of roles) {
  test(`the ${role} signs in`, async ({ page }) => {
    await signIn(page, role);
    await page.context().storageState({ path: stateOf(role) });
  });
}

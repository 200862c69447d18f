import { test } from "@playwright/test";
import { roles, signIn, stateOf } from "./people";

// What is kept tells nothing of scripts, so that it serves those who run them and those who don't.
test.use({ javaScriptEnabled: false });

for (const role of roles) {
  test(`the ${role} signs in`, async ({ page }) => {
    await signIn(page, role);
    await page.context().storageState({ path: stateOf(role) });
  });
}

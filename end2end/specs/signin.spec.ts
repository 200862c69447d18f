import { password, people, signIn } from "../support/people";
import { expect, test } from "../support/test";

const asked = ["/", "/inspections", "/inspections/new", "/inspections/1", "/inspections/1/history", "/changes", "/users"];

test("every page asks for a sign-in first", { tag: "@nojs" }, async ({ page }) => {
  for (const path of asked) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/login/);
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  }
});

test("a wrong password keeps the e-mail address and says what to do", { tag: "@nojs" }, async ({ page, watch }) => {
  watch.expect(401, /\/login/);
  watch.expect(422, /\/login/);
  await page.goto("/login?next=%2Finspections");
  await page.getByLabel("E-mail").fill("nobody@example.org");
  await page.getByLabel("Password").fill("a wrong guess");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText(/password/i);
  await expect(page.getByLabel("E-mail")).toHaveValue("nobody@example.org");
  await expect(page.getByLabel("Password")).toHaveValue("");

  // After a failed attempt, the requested page is still remembered.
  await page.getByLabel("E-mail").fill(people.inspector.email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/inspections$/);
});

test("signing in leads to the page that was asked for, filters and all", { tag: "@nojs" }, async ({ page }) => {
  await page.goto("/inspections?q=school&status=draft");
  await page.getByLabel("E-mail").fill(people.inspector.email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/inspections\?q=school&status=draft$/);
});

for (const elsewhere of ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/"]) {
  test(`signing in never leads to ${elsewhere}`, { tag: "@nojs" }, async ({ page, baseURL }) => {
    await page.goto(`/login?next=${encodeURIComponent(elsewhere)}`);
    await page.getByLabel("E-mail").fill(people.reviewer.email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).not.toHaveURL(/login/);
    expect(new URL(page.url()).origin).toBe(new URL(baseURL!).origin);
  });
}

test("signing out ends the session on the server too", { tag: "@nojs" }, async ({ page, context }) => {
  await signIn(page, "inspector");
  const cookies = await context.cookies();
  const session = cookies.filter((cookie) => cookie.httpOnly);
  expect(session).toHaveLength(1);
  expect(session[0].sameSite).not.toBe("None");

  await page.getByText(people.inspector.name).first().click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/login/);

  // A copied cookie is no longer valid.
  await context.clearCookies();
  await context.addCookies(cookies);
  await page.goto("/inspections");
  await expect(page).toHaveURL(/\/login/);
});

test("the theme is chosen once and stays", { tag: "@nojs" }, async ({ as }) => {
  const page = await as("reviewer");
  await page.goto("/");
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.emulateMedia({ colorScheme: "light" });
  const light = await paper();
  await page.getByText(people.reviewer.name).first().click();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect.poll(paper).not.toBe(light);
  await page.reload();
  expect(await paper()).not.toBe(light);
});

test("a demo offers its accounts on the sign-in page", { tag: ["@phone", "@nojs"] }, async ({ page }) => {
  await page.goto("/login?next=%2Finspections");
  const accounts = page.getByRole("region", { name: "Demo accounts" });
  await expect(accounts.getByRole("button")).toHaveText(["Inspector: Ines Lintel", "Reviewer: Ruth Keystone", "Admin: Ada Mortar"]);
  await accounts.getByRole("button", { name: "Ines Lintel" }).click();
  await expect(page).toHaveURL(/\/inspections$/);
});

import { password } from "../support/people";
import { expect, live, type Page, test, unique, visit } from "../support/test";

const everywhere = { tag: ["@nojs"] };

/** Returns a unique e-mail address. */
const addressOf = (name: string) => `${name.replaceAll(" ", ".").toLowerCase()}@example.org`;

/** Adds an account through the form. */
async function add(page: Page, name: string, email: string, role = "Inspector"): Promise<void> {
  await visit(page, "/users");
  const form = page.getByRole("main");
  await form.getByText("Add a person").click();
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("E-mail").fill(email);
  await form.getByLabel("Role").selectOption(role);
  await form.getByLabel("Initial password").fill(password);
  await form.getByRole("button", { name: "Add", exact: true }).click();
}

async function tries(page: Page, email: string, secret: string): Promise<void> {
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("a person is added, signs in, is disabled and deleted", everywhere, async ({ as, page: newcomer, watch }) => {
  watch.expect(401, /\/login/);
  watch.expect(403, /\/login/);
  watch.expect(422, /\/login/);
  // The dashboard is open while its account is disabled, and may send another request or reconnect.
  watch.expect(401, /\/(api\/changes|live)/);
  const name = unique("New Person");
  const email = addressOf(name);
  const page = await as("admin");
  await add(page, name, email);
  await expect(page.getByRole("status").filter({ hasText: "added" })).toBeVisible();
  const row = page.getByRole("row", { name: new RegExp(name) });
  await expect(row).toContainText(email);
  await expect(row).toContainText("Never");

  await tries(newcomer, email, password);
  await expect(newcomer).toHaveURL(/\/$/);

  await row.getByRole("link", { name: `Change ${name}` }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await page.getByLabel("Role").selectOption("Reviewer");
  await page.getByRole("button", { name: "Save role" }).click();
  await expect(page.getByRole("status").filter({ hasText: `The role of ${name} was changed.` })).toBeVisible();
  await newcomer.goto("/changes");
  await expect(newcomer.getByRole("heading", { level: 1, name: "Changes" })).toBeVisible();

  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("status").filter({ hasText: `${name} is disabled and signed out.` })).toBeVisible();
  await newcomer.goto("/changes");
  await expect(newcomer).toHaveURL(/\/login/);
  await tries(newcomer, email, password);
  await expect(newcomer.getByRole("alert")).toBeVisible();

  await page.getByText("Delete this account…").click();
  await expect(page.getByRole("main")).toContainText(`Delete ${name}?`);
  await page.getByRole("button", { name: `Delete ${name}` }).click();
  await expect(page).toHaveURL(/\/users(\?|$)/);
  await expect(page.getByRole("row", { name: new RegExp(name) })).toHaveCount(0);
});

test("an account that cannot stand comes back as typed", everywhere, async ({ as, watch }) => {
  watch.expect(422, /\/users/);
  const page = await as("admin");
  const name = unique("Second Inspector");
  await add(page, name, "inspector@example.org", "Reviewer");
  const form = page.getByRole("main");
  await expect(form.getByLabel("E-mail")).toHaveAttribute("aria-invalid", "true");
  await expect(form.getByLabel("Name")).toHaveValue(name);
  await expect(form.getByLabel("E-mail")).toHaveValue("inspector@example.org");
  await expect(form.getByLabel("Role")).toHaveValue("reviewer");
  await expect(form.getByLabel("Initial password")).toHaveValue("");
});

test("nobody takes their own account away", everywhere, async ({ as }) => {
  const page = await as("admin");
  await visit(page, "/users");
  await page.getByRole("link", { name: "Change Ada Mortar" }).click();
  await expect(page.getByText("This is your own account.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^(Disable|Delete)/ })).toHaveCount(0);
  await expect(page.getByLabel("Role")).toBeDisabled();
});

test("somebody changes the password they were given", everywhere, async ({ as, page, browser, watch }) => {
  watch.expect(422, /\/(login|account)/);
  const name = unique("Given Password");
  const email = addressOf(name);
  const chosen = "chosen-by-themself";
  await add(await as("admin"), name, email);
  await tries(page, email, password);
  await expect(page).toHaveURL(/\/$/);
  const elsewhere = await browser.newContext({ javaScriptEnabled: false });
  const other = await elsewhere.newPage();
  await tries(other, email, password);
  await expect(other).toHaveURL(/\/$/);

  await page.getByText(name).first().click();
  await page.getByRole("link", { name: "Change password" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  await live(page);
  const form = page.getByRole("form", { name: "Change password" });
  const change = async (current: string) => {
    await form.getByLabel("Current password").fill(current);
    await form.getByLabel("New password").fill(chosen);
    await form.getByRole("button", { name: "Change password" }).click();
  };
  await change("a wrong guess");
  await expect(form.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
  await expect(form).toContainText("This is not the password that you have now.");
  await expect(form.getByLabel("New password")).toHaveValue("");

  await change(password);
  await expect(page.getByRole("status").filter({ hasText: "Your password was changed." })).toBeVisible();
  await other.goto("/inspections");
  await expect(other).toHaveURL(/\/login/);
  await tries(other, email, password);
  await expect(other.getByRole("alert")).toBeVisible();
  await tries(other, email, chosen);
  await expect(other).toHaveURL(/\/$/);
  await elsewhere.close();
});

for (const role of ["inspector", "reviewer"] as const) {
  test(`people are not for the ${role} to manage`, everywhere, async ({ as, watch }) => {
    watch.expect(403, /\/users/);
    const page = await as(role);
    expect((await page.goto("/users"))!.status()).toBe(403);
    await expect(page.getByRole("main")).toContainText("admin");
    await expect(page.getByRole("row")).toHaveCount(0);
  });
}

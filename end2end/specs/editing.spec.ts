import { Inspection } from "../support/inspection";
import { password, people, signIn } from "../support/people";
import { expect, live, type Page, test } from "../support/test";

/** Page whose animation frames run only on request. */
interface Frames {
  held: FrameRequestCallback[];
  draw: () => void;
}

/** Makes the page's edits fail as if by a server error. */
const failing = (page: Page) => page.route("**/api/perform*", (route) => route.fulfill({ status: 500, body: "" }));
const mended = (page: Page) => page.unroute("**/api/perform*");

test("what is typed is saved without being asked, and says so", { tag: "@phone" }, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  const { page, details } = inspection;
  await details.getByRole("button", { name: "Edit" }).click();
  await details.getByLabel("Summary").fill("Written, and then left alone.");
  await expect(details.getByText("Saved", { exact: true })).toBeVisible();
  await inspection.recorded("set the summary to Written, and then left alone.");

  await details.getByLabel("Address").fill("2 New Road");
  await details.getByLabel("Address").press("Enter");
  await inspection.recorded("set the address from 1 Old Road to 2 New Road");

  // Esc restores the stored value.
  await details.getByLabel("Client").fill("Nobody");
  await details.getByLabel("Client").press("Escape");
  await expect(details.getByLabel("Client")).toHaveValue("");
  await details.getByRole("button", { name: "Done" }).click();

  await page.reload();
  await expect(details).toContainText("Written, and then left alone.");
  await expect(details).toContainText("2 New Road");
  await expect(details).not.toContainText("Nobody");
});

test("what cannot stand says why and stays as typed", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { details } = inspection;
  await details.getByRole("button", { name: "Edit" }).click();
  await details.getByLabel("Name").fill("");
  await details.getByLabel("Name").press("Enter");
  await expect(details.getByText("Not saved. Enter a name.")).toBeVisible();
  await expect(details.getByLabel("Name")).toHaveValue("");
  await details.getByLabel("Name").fill("Named Again House");
  await details.getByLabel("Name").press("Enter");
  await expect(inspection.page.getByRole("heading", { level: 1, name: "Named Again House" })).toBeVisible();
  await inspection.recorded("to Named Again House");
});

test("without scripts, what cannot stand comes back as typed", { tag: "@nojs-only" }, async ({ as, watch }) => {
  watch.expect(422, /./);
  const inspection = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  const { details } = inspection;
  await details.getByRole("button", { name: "Edit" }).click();
  await details.getByLabel("Name").fill(" ");
  await details.getByLabel("Address").fill("2 New Road");
  await details.getByRole("button", { name: "Done" }).click();
  await expect(details.getByText("Enter a name.").first()).toBeVisible();
  await expect(details.getByLabel("Address")).toHaveValue("2 New Road");
});

test("without scripts, a long text comes back whole and never stands in the address", { tag: "@nojs-only" }, async ({ as, watch }) => {
  watch.expect(422, /\/inspections\/\d+$/);
  const inspection = await Inspection.start(await as("inspector"));
  const { details, page } = inspection;
  const long = "Größe äöü ".repeat(2000).trim();
  await details.getByRole("button", { name: "Edit" }).click();
  await details.getByLabel("Name").fill(" ");
  await details.getByLabel("Summary").fill(long);
  await details.getByRole("button", { name: "Done" }).click();
  await expect(details.getByText("Enter a name.").first()).toBeVisible();
  await expect(details.getByLabel("Summary")).toHaveValue(long);
  expect(new URL(page.url()).search).toBe("");
  expect(new URL(page.url()).pathname).toBe(inspection.path);
});

test("without scripts, what was typed too late is shown with why", { tag: "@nojs-only" }, async ({ as, watch }) => {
  watch.expect(403, /\/inspections\/\d+$/);
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.details.getByRole("button", { name: "Edit" }).click();
  await inspection.details.getByLabel("Address").fill("2 Late Road");
  const elsewhere = await inspection.on(await as("inspector"));
  await elsewhere.press("Send for review");
  await inspection.details.getByRole("button", { name: "Done" }).click();
  const note = inspection.page.getByRole("alert");
  await expect(note).toContainText("no longer a draft");
  await expect(note).toContainText("2 Late Road");
});

test("what is typed is sent when the page is left", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { details, page } = inspection;
  const other = await inspection.on(await as("inspector"));
  await details.getByRole("button", { name: "Edit" }).click();
  await details.getByLabel("Summary").fill("Left in a hurry.");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "New inspection" })).toBeVisible();
  await expect(async () => {
    await other.page.reload();
    await expect(other.details).toContainText("Left in a hurry.", { timeout: 1_000 });
  }).toPass();
});

test("what could not be saved is kept when the page is left, and leads back", async ({ as, watch }) => {
  watch.expect(500, /\/api\/perform/);
  const inspection = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  const { details, page } = inspection;
  await failing(page);
  await details.getByRole("button", { name: "Edit" }).click();
  await details.getByLabel("Address").fill("2 New Road");
  await details.getByLabel("Address").press("Enter");
  await expect(details.getByText(/Not saved\. Something went wrong/)).toBeVisible();
  // The heading also reports it.
  const heading = page.getByRole("status").filter({ hasText: "Not saved. See the field marked below." });
  await expect(heading).toBeVisible();

  await page.goBack();
  const notices = page.getByRole("region", { name: "Notices" });
  await expect(notices).toContainText(/Not saved: Address of BI-\d+-\d+\. Something went wrong/);
  await mended(page);
  await notices.getByRole("link", { name: "Open" }).click();
  await expect(details.getByLabel("Address")).toHaveValue("2 New Road");
  await details.getByRole("button", { name: "Try again" }).click();
  await inspection.recorded("set the address from 1 Old Road to 2 New Road");
  await expect(notices.getByRole("link")).toHaveCount(0);
});

test("what fails once the page is left is told where one is by then", async ({ as, watch }) => {
  watch.expect(500, /\/api\/perform/);
  const inspection = await Inspection.start(await as("inspector"));
  const { details, page } = inspection;
  await failing(page);
  await details.getByRole("button", { name: "Edit" }).click();
  await details.getByLabel("Client").fill("Somebody");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inspections" }).click();
  const notices = page.getByRole("region", { name: "Notices" });
  await expect(notices).toContainText(/Not saved: Client of BI-/);
  await mended(page);
  await notices.getByRole("link", { name: "Open" }).click();
  await expect(details.getByLabel("Client")).toHaveValue("Somebody");
});

test("the browser asks before it closes the tab while something is not saved", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  const { details, page } = inspection;
  await details.getByRole("button", { name: "Edit" }).click();
  // The text is typed, and the field is still focused.
  await details.getByLabel("Address").fill("2 New Road");
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.dismiss();

  await details.getByLabel("Address").press("Enter");
  await inspection.recorded("set the address from 1 Old Road to 2 New Road");
  await expect(details.getByText("Saved", { exact: true })).toBeVisible();
  let again = false;
  page.on("dialog", (dialog) => {
    again = true;
    void dialog.accept();
  });
  const closed = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await closed;
  expect(again, "nothing is left to ask about").toBe(false);
});

test("a session that ended meanwhile costs nothing that was typed", async ({ page, context, watch }) => {
  watch.expect(401, /\/api\//);
  await signIn(page, "inspector");
  const inspection = await Inspection.start(page, { address: "1 Old Road" });
  const { details } = inspection;
  await context.clearCookies();
  await details.getByRole("button", { name: "Edit" }).click();
  await details.getByLabel("Address").fill("2 New Road");
  await details.getByLabel("Address").press("Enter");
  await expect(details.getByText("Not saved. Your session has ended. Sign in to go on.")).toBeVisible();

  const opened = context.waitForEvent("page");
  await details.getByRole("link", { name: "Sign in" }).click();
  const elsewhere = await opened;
  await elsewhere.getByLabel("E-mail").fill(people.inspector.email);
  await elsewhere.getByLabel("Password").fill(password);
  await elsewhere.getByRole("button", { name: "Sign in" }).click();
  await expect(elsewhere).toHaveURL(new RegExp(`${inspection.path}$`));
  await live(elsewhere);
  await elsewhere.close();

  // It is sent automatically.
  await inspection.recorded("set the address from 1 Old Road to 2 New Road");
});

test("two at once: what touches nothing of the other's goes through", async ({ as }) => {
  const first = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  await first.addSection("Roof");
  await first.addSection("Cellar");
  const second = await first.on(await as("admin"));
  await second.page.getByRole("button", { name: "Add section", exact: true }).click();
  await second.question.getByLabel("Title").fill("Facade");
  await first.edit(first.details, "Address", "2 Faster Road");

  await second.question.getByRole("button", { name: "Add section", exact: true }).click();
  await expect(second.section("Facade")).toBeVisible();
  await expect(second.question).toBeHidden();
  await expect(second.details).toContainText("2 Faster Road");

  // The first page still shows the old state; its notes are saved, because they do not conflict.
  await first.edit(first.section("Roof"), "Notes", "Slates loose.");
  await first.recorded("set the notes of Roof to Slates loose.");
  const titles = second.page.getByRole("list", { name: "Sections" }).getByRole("heading", { level: 3 });
  await second.section("Cellar").getByRole("button", { name: "Move up" }).click();
  await expect(titles).toHaveText(["Cellar", "Roof", "Facade"]);
  await second.recorded("moved Cellar from place 2 to 1");
});

test("whoever types before the next frame is drawn goes on typing there", async ({ as }) => {
  const { page, details } = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  await page.evaluate(() => {
    const held: FrameRequestCallback[] = [];
    const draw = () => held.splice(0).forEach((frame) => frame(performance.now()));
    Object.assign(window, { held, draw, requestAnimationFrame: (frame: FrameRequestCallback) => held.push(frame) });
  });
  await details.getByRole("button", { name: "Edit" }).click();
  await details.getByLabel("Address").fill("2 Faster");
  await expect.poll(() => page.evaluate(() => (window as unknown as Frames).held.length)).toBeGreaterThan(0);
  await page.evaluate(() => (window as unknown as Frames).draw());
  await page.keyboard.type(" Road");
  await expect(details.getByLabel("Address")).toHaveValue("2 Faster Road");
});

test("two at once: the second is told who was faster, and keeps what was typed", async ({ as, watch }) => {
  watch.expect(409, /\/api\//);
  const first = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  const second = await first.on(await as("admin"));
  await second.details.getByRole("button", { name: "Edit" }).click();

  // The request with the second edit is delayed, because it is saved automatically.
  let release = () => {};
  const faster = new Promise<void>((resolve) => (release = resolve));
  await second.page.route("**/api/perform*", async (route) => {
    await faster;
    await route.continue();
  });
  await second.details.getByLabel("Address").fill("3 Slower Road");
  await second.details.getByLabel("Address").press("Enter");
  await first.edit(first.details, "Address", "2 Faster Road");
  release();
  await expect(second.details.getByText(/Ines Lintel changed the address while you were editing/)).toBeVisible();
  await expect(second.details.getByLabel("Address")).toHaveValue("3 Slower Road");

  const both = second.details.getByRole("group", { name: "Both texts" });
  await expect(both).toContainText(/2 .*Faster.* Road/);
  await expect(both).toContainText(/3 .*Slower.* Road/);
  await second.details.getByRole("button", { name: "Keep mine" }).click();
  await second.recorded("set the address from 2 Faster Road to 3 Slower Road");
  await expect(second.history).toContainText("set the address from 1 Old Road to 2 Faster Road");
});

test("sections are put in order with the keyboard", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  for (const title of ["Roof", "Facade", "Cellar"]) await inspection.addSection(title);
  const titles = page.getByRole("list", { name: "Sections" }).getByRole("heading", { level: 3 });
  await expect(titles).toHaveText(["Roof", "Facade", "Cellar"]);

  const up = inspection.section("Cellar").getByRole("button", { name: "Move up" });
  await up.focus();
  await page.keyboard.press("Enter");
  await expect(titles).toHaveText(["Roof", "Cellar", "Facade"]);
  await expect(up).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(titles).toHaveText(["Cellar", "Roof", "Facade"]);
  await expect(page.getByRole("status").filter({ hasText: "Cellar is now in place 1 of 3." })).toBeAttached();
  await expect(up).toBeDisabled();
  await page.reload();
  await expect(titles).toHaveText(["Cellar", "Roof", "Facade"]);
});

test("sections are put in order without scripts", { tag: "@nojs-only" }, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.addSection("Roof");
  await inspection.addSection("Cellar");
  await inspection.section("Cellar").getByRole("button", { name: "Move up" }).click();
  const titles = inspection.page.getByRole("list", { name: "Sections" }).getByRole("heading", { level: 3 });
  await expect(titles).toHaveText(["Cellar", "Roof"]);
});

test("a section is dragged to its place", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  for (const title of ["Roof", "Facade", "Cellar"]) await inspection.addSection(title);
  const grip = inspection.section("Cellar").getByTitle("Drag to another place");
  await grip.hover();
  await inspection.page.mouse.down();
  // The browser starts a drag once the mouse has moved under the handle, before the page scrolls.
  const { x, y } = (await grip.boundingBox())!;
  await inspection.page.mouse.move(x, y, { steps: 4 });
  for (const _ of [1, 2]) await inspection.section("Roof").getByRole("heading").hover();
  await inspection.page.mouse.up();
  const titles = inspection.page.getByRole("list", { name: "Sections" }).getByRole("heading", { level: 3 });
  await expect(titles).toHaveText(["Cellar", "Roof", "Facade"]);
  await inspection.recorded("moved Cellar from place 3 to 1");
});

test("a section that was removed comes back with all that was in it", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  for (const title of ["Roof", "Facade", "Cellar"]) await inspection.addSection(title);
  await inspection.rate("Facade", "Fair");
  await inspection.edit(inspection.section("Facade"), "Notes", "Pointing open.");
  await inspection.press("Remove section", inspection.section("Facade"));
  await expect(inspection.section("Facade")).toBeHidden();
  await expect(page.getByRole("heading", { level: 2, name: /^Sections/ })).toBeFocused();
  await page.getByRole("region", { name: "Notices" }).getByRole("button", { name: "Undo" }).click();
  await expect(inspection.section("Facade")).toContainText("Pointing open.");
  await expect(inspection.section("Facade")).toBeFocused();
  await expect(inspection.section("Facade").getByRole("radio", { name: "Fair" })).toBeChecked();
  const titles = page.getByRole("list", { name: "Sections" }).getByRole("heading", { level: 3 });
  await expect(titles).toHaveText(["Roof", "Facade", "Cellar"]);
});

test("equipment comes, changes and goes", { tag: ["@nojs", "@phone"] }, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.addEquipment("Boiler", "Example Heating", "EH 24");
  await inspection.recorded("added the equipment Boiler Example Heating EH 24");
  const boiler = inspection.thing("Boiler Example Heating EH 24");
  await boiler.getByRole("button", { name: "Edit", exact: true }).click();
  await boiler.getByLabel("Serial number").fill("EX-7");
  await boiler.getByRole("button", { name: "Done" }).click();
  await expect(boiler).toContainText("serial EX-7");
  await inspection.press("Remove", boiler);
  await expect(boiler).toBeHidden();
  await inspection.recorded("removed the equipment Boiler");
});

test("ready for review says what is unfinished, and can be thought over", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  await inspection.addSection("Roof");
  await page.getByRole("button", { name: "Send for review", exact: true }).filter({ visible: true }).first().click();
  await expect(inspection.question).toContainText("Roof is not inspected yet.");
  await page.keyboard.press("Escape");
  await expect(inspection.question).toBeHidden();
  await expect(page.getByRole("button", { name: "Add section", exact: true })).toBeVisible();

  await inspection.press("Send for review");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});

test("withdrawing from review wants a reason", { tag: "@nojs" }, async ({ as, watch }) => {
  watch.expect(422, /./);
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  await inspection.press("Send for review");
  await page.getByRole("button", { name: "Withdraw from review", exact: true }).filter({ visible: true }).first().click();
  await inspection.question.getByRole("button", { name: "Withdraw from review", exact: true }).click();
  await expect(inspection.question.getByText(/Say why it goes back to draft/)).toBeVisible();
  await inspection.question.getByLabel("Reason").fill("The roof is missing.");
  await inspection.question.getByRole("button", { name: "Withdraw from review", exact: true }).click();
  await inspection.recorded("reverted it to draft: The roof is missing.");
  await expect(page.getByRole("main").getByText("The roof is missing.").first()).toBeVisible();
});

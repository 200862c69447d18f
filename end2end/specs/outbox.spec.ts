import { Inspection } from "../support/inspection";
import { signIn } from "../support/people";
import { png } from "../support/pictures";
import { expect, kill, type Page, test, visit } from "../support/test";

/** Returns the banner about entries stored on this device. */
const banner = (page: Page) => page.getByRole("status").filter({ hasText: "You're offline." });

/** Counts the changes with this text in the history. */
const times = async (inspection: Inspection, sentence: string | RegExp) => {
  await visit(inspection.page, `${inspection.path}/history`);
  return inspection.page.getByRole("listitem").filter({ hasText: sentence }).count();
};

test("what is done without a network is recorded later, though the page was killed", { tag: "@phone" }, async ({ as, watch }) => {
  watch.offline();
  const first = await Inspection.start(await as("inspector"));
  await first.addSection("Roof");
  const context = first.page.context();
  await context.setOffline(true);
  await expect(banner(first.page)).toBeVisible({ timeout: 1_000 });

  const roof = first.section("Roof");
  await roof.getByText("Add notes…").click();
  await first.page.keyboard.type("Slates slipped at the ridge.");
  await roof.getByText("Poor", { exact: true }).click();
  await first.attach([png("north.png"), png("south.png", 60, 40)], "Roof");
  await expect(banner(first.page)).toContainText("2 changes and 2 photos kept on this device");
  await expect(roof.getByText("Kept on this device").first()).toBeVisible();
  await kill(first.page);

  await context.setOffline(false);
  const page = await context.newPage();
  const again = await first.on(page);
  await expect(again.section("Roof")).toContainText("Slates slipped at the ridge.");
  await expect(again.section("Roof").getByRole("radio", { name: "Poor" })).toBeChecked();
  await expect(again.thing("north.png")).toBeVisible();
  await expect(again.thing("south.png")).toBeVisible();
  expect(await times(again, "Slates slipped at the ridge.")).toBe(1);
  expect(await times(again, "attached the photo north.png")).toBe(1);
  expect(await times(again, "attached the photo south.png")).toBe(1);
});

test("a line typed just before the page is killed is not lost", async ({ as, watch }) => {
  watch.offline();
  const first = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  const context = first.page.context();
  await first.details.getByRole("button", { name: "Edit" }).click();
  await context.setOffline(true);
  // The field stays focused.
  await first.details.getByLabel("Address").fill("2 New Road");
  await expect(banner(first.page)).toContainText("1 change kept on this device", { timeout: 1_000 });
  await kill(first.page);

  await context.setOffline(false);
  const again = await first.on(await context.newPage());
  await again.recorded("set the address from 1 Old Road to 2 New Road");
});

test("what is typed without a network is sent once it is back, each once", async ({ as, watch }) => {
  watch.offline();
  const inspection = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  const { page, details } = inspection;
  await details.getByRole("button", { name: "Edit" }).click();
  await page.context().setOffline(true);
  const address = details.getByLabel("Address");
  for (const text of ["2 New Road", "3 Newer Road"]) {
    await address.fill(text);
    await address.press("Enter");
  }
  await details.getByLabel("Client").fill("Somebody");
  await details.getByRole("button", { name: "Done" }).click();
  await expect(details.getByLabel("Client")).toBeHidden();
  await expect(details).toContainText("3 Newer Road");
  await expect(banner(page)).toContainText("2 changes kept on this device");

  await page.context().setOffline(false);
  await expect(banner(page)).toBeHidden();
  await expect(inspection.history).toContainText("set the client to Somebody");
  expect(await times(inspection, "set the address from 1 Old Road to 3 Newer Road")).toBe(1);
  expect(await times(inspection, "set the client to Somebody")).toBe(1);
});

test("a change whose answer was lost is recorded once", async ({ as, watch }) => {
  watch.offline();
  const inspection = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  const { page, details } = inspection;
  await details.getByRole("button", { name: "Edit" }).click();
  let arrived = 0;
  await page.route("**/api/perform*", async (route) => {
    await route.fetch();
    arrived += 1;
    if (arrived === 1) return route.abort("internetdisconnected");
    return route.fallback();
  });
  await details.getByLabel("Address").fill("2 New Road");
  await details.getByLabel("Address").press("Enter");
  await expect(details.getByText("Kept on this device")).toBeVisible();
  await expect(details.getByText("Saved", { exact: true })).toBeVisible();
  expect(arrived).toBeGreaterThan(1);
  expect(await times(inspection, "set the address from 1 Old Road to 2 New Road")).toBe(1);
});

test("an answer of somebody else, such as of a hotel's network, counts for nothing", async ({ as, watch }) => {
  watch.offline();
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  let portal = true;
  await page.route("**/photos", (route) =>
    portal ? route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Welcome</h1>" }) : route.fallback(),
  );
  await inspection.attach(png("north.png"));
  await expect(page.getByRole("status").filter({ hasText: "can't be reached" })).toContainText("1 photo kept");
  portal = false;
  await expect(inspection.thing("north.png")).toBeVisible();
});

test("a link without a network answers at once", async ({ as, watch }) => {
  watch.offline();
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  await page.context().setOffline(true);
  await expect(banner(page)).toBeVisible({ timeout: 1_000 });
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inspections" }).click();
  const notice = page.getByRole("region", { name: "Notices" });
  await expect(notice).toContainText(/You're offline\. .*kept on this device/, { timeout: 300 });
  await expect(page).toHaveURL(new RegExp(`${inspection.path}$`));
});

test("another person's session sends nothing of it", async ({ page, context, watch }) => {
  watch.offline();
  await signIn(page, "inspector");
  const first = await Inspection.start(page, { address: "1 Old Road" });
  await first.details.getByRole("button", { name: "Edit" }).click();
  await context.setOffline(true);
  await first.details.getByLabel("Address").fill("2 New Road");
  await expect(banner(page)).toContainText("1 change kept");
  await kill(page);
  await context.setOffline(false);
  await context.clearCookies();

  const other = await context.newPage();
  await signIn(other, "admin");
  // Their own work is sent, and none of the pending work is.
  const theirs = await Inspection.start(other);
  await theirs.edit(theirs.details, "Client", "Somebody");
  await theirs.recorded("set the client to Somebody");
  const same = await first.on(other);
  await expect(same.details).toContainText("1 Old Road");

  await other.close();
  await context.clearCookies();
  const back = await context.newPage();
  await signIn(back, "inspector");
  const own = await first.on(back);
  await own.recorded("set the address from 1 Old Road to 2 New Road");
});

test("what somebody else changed meanwhile is decided at its field, though the page was killed", async ({ as, watch }) => {
  watch.offline();
  watch.expect(409, /\/api\//);
  const first = await Inspection.start(await as("inspector"), { summary: "The roof is dry." });
  const other = await first.on(await as("admin"));
  const context = first.page.context();
  await first.details.getByRole("button", { name: "Edit" }).click();
  await context.setOffline(true);
  await first.details.getByLabel("Summary").fill("The roof is wet.");
  await expect(banner(first.page)).toContainText("1 change kept on this device");
  await kill(first.page);
  await other.edit(other.details, "Summary", "The roof is gone.");

  await context.setOffline(false);
  const again = await first.on(await context.newPage());
  const summary = again.details.getByLabel("Summary");
  await expect(summary).toHaveValue("The roof is wet.");
  await expect(again.details.getByRole("group", { name: "Both texts" })).toContainText("gone");
  await again.details.getByRole("button", { name: "Edit both together" }).click();
  await expect(summary).toHaveValue(/The roof is wet\.\s+The roof is gone\./);
  await summary.fill("The roof is gone, the rest is wet.");
  await again.recorded("The roof is gone, the rest is wet.");
});

test("a page of the same person does not send what another tab is typing", async ({ as, watch }) => {
  watch.offline();
  const first = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  await first.details.getByRole("button", { name: "Edit" }).click();
  const address = first.details.getByLabel("Address");
  await address.fill("2 N");
  const second = await first.on(await first.page.context().newPage());
  await expect(second.details).toContainText("1 Old Road");
  await address.fill("2 New Road");
  await address.press("Enter");
  await first.recorded("set the address from 1 Old Road to 2 New Road");
  expect(await times(second, "2 N,")).toBe(0);
});

test("a browser that cannot store anything says so, and the work goes on", async ({ as, watch }) => {
  watch.offline();
  const page = await as("inspector");
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  const inspection = await Inspection.start(page, { address: "1 Old Road" });
  await inspection.details.getByRole("button", { name: "Edit" }).click();
  await page.context().setOffline(true);
  await inspection.details.getByLabel("Address").fill("2 New Road");
  await expect(banner(page)).toContainText("This browser cannot keep your work on this device");
  await inspection.details.getByLabel("Address").press("Enter");
  await page.context().setOffline(false);
  await inspection.recorded("set the address from 1 Old Road to 2 New Road");
});

test("an open page follows what others do, but for the field that is being typed in", async ({ as }) => {
  const first = await Inspection.start(await as("inspector"), { address: "1 Old Road", client: "Nobody" });
  const second = await first.on(await as("admin"));
  await second.details.getByRole("button", { name: "Edit" }).click();
  await second.details.getByLabel("Client").fill("Some");
  await first.addSection("Facade");
  await expect(second.section("Facade")).toBeVisible({ timeout: 2_000 });
  await first.edit(first.details, "Address", "2 New Road");
  await expect(second.details.getByLabel("Address")).toHaveValue("2 New Road", { timeout: 2_000 });
  await first.edit(first.details, "Client", "Everybody");
  await expect(second.history).toContainText("set the client from Nobody to Everybody", { timeout: 2_000 });
  await expect(second.details.getByLabel("Client")).toHaveValue("Some");
});

test("letters typed right after a press are not lost", { tag: "@phone" }, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.addSection("Roof");
  const notes = inspection.section("Roof").getByText("Add notes…");
  // Both happen in the same task, as with fast tapping.
  await notes.evaluate((it: HTMLElement) => {
    it.click();
    return Promise.resolve();
  });
  await inspection.page.keyboard.type("Dry");
  await expect(inspection.section("Roof").getByLabel("Notes")).toHaveValue("Dry");
});

test("a photo of too many pixels is made smaller instead of refused", async ({ as }) => {
  test.slow();
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.attach(png("plan.png", 9_000, 6_000));
  const photo = inspection.thing("plan.jpg");
  await expect(photo).toBeVisible({ timeout: 30_000 });
  await inspection.recorded("attached the photo plan.jpg");
});

test("a phone's own kind of photo that cannot be read says how to get a JPEG", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const buffer = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic\0\0\0\0mif1heic")]);
  await inspection.attach({ name: "IMG_1.HEIC", mimeType: "image/heic", buffer });
  await expect(inspection.page.getByText(/IMG_1\.HEIC is a HEIC photo.*JPEG/)).toBeVisible();
});

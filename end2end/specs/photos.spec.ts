import { Inspection } from "../support/inspection";
import { impostor, jpeg, png, turned } from "../support/pictures";
import { expect, type Page, scripts, test, visit } from "../support/test";

/** Holds photo uploads until the returned function is called. */
async function held(page: Page): Promise<() => void> {
  let release = () => {};
  const free = new Promise<void>((go) => (release = go));
  await page.route("**/photos", async (route) => {
    await free;
    await route.continue();
  });
  return release;
}

/** Opens the list without a full page load. */
async function leave(page: Page): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inspections" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Inspections" })).toBeVisible();
}

test("a photo is attached, captioned, looked at and removed", { tag: ["@phone", "@nojs"] }, async ({ as, browser }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  await inspection.addSection("Roof");
  await inspection.attached(await jpeg(browser, "ridge.jpg"), "Roof");
  const photo = inspection.thing("ridge.jpg");
  await expect(photo.getByRole("img")).toHaveAccessibleName("Photo ridge.jpg");

  await photo.getByRole("button", { name: "Edit", exact: true }).click();
  await photo.getByLabel("Caption").fill("The ridge from the east");
  await photo.getByRole("button", { name: "Done" }).click();
  await expect(photo.getByRole("img")).toHaveAccessibleName("The ridge from the east");
  await inspection.recorded("The ridge from the east");

  if (scripts()) {
    await photo.getByRole("link", { name: "The ridge from the east" }).click();
    const large = page.getByRole("dialog", { name: "ridge.jpg" });
    await expect(large.getByRole("img")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(large).toBeHidden();
  }
  await inspection.press("Remove", photo);
  await expect(photo).toBeHidden();
});

test("several photos at once, each with its progress", async ({ as, browser }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  const files = await Promise.all(
    ["one.jpg", "two.jpg", "three.jpg"].map((name, nth) => jpeg(browser, name, nth * 90, [1400, 1000])),
  );
  const release = await held(page);
  await inspection.attach(files);
  const sending = page.getByRole("list", { name: "Photos being sent" }).filter({ visible: true });
  for (const { name } of files) await expect(sending.getByText(`Sending ${name}`)).toBeVisible();
  await expect(sending.getByRole("progressbar")).toHaveCount(3);
  release();
  for (const { name } of files) await expect(inspection.thing(name)).toBeVisible();
  await expect(sending.getByRole("progressbar")).toHaveCount(0);

  await visit(page, inspection.path);
  for (const { name } of files) await expect(inspection.history).toContainText(`attached the photo ${name}`);
});

test("photos on their way arrive although the page is left", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  const other = await inspection.on(await as("inspector"));
  const files = [1, 2, 3, 4, 5].map((nth) => png(`north-${nth}.png`, 64, 48, [40 * nth, 90, 40]));
  const release = await held(page);
  await inspection.attach(files);
  await expect(page.getByRole("progressbar")).toHaveCount(5);
  await leave(page);
  release();
  await expect(async () => {
    await other.page.reload();
    for (const { name } of files) await expect(other.thing(name)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  // After returning, all photos are shown and none is pending.
  await page.goBack();
  for (const { name } of files) await expect(inspection.thing(name)).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveCount(0);
});

test("whoever comes back in time sees the photos still being sent", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  const release = await held(page);
  await inspection.attach([1, 2, 3].map((nth) => png(`south-${nth}.png`, 64, 48, [90, 40 * nth, 40])));
  await expect(page.getByRole("progressbar")).toHaveCount(3);
  await leave(page);
  await page.goBack();
  await expect(page.getByRole("progressbar")).toHaveCount(3);
  release();
  for (const nth of [1, 2, 3]) await expect(inspection.thing(`south-${nth}.png`)).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveCount(0);
});

test("a photo that is refused once the page is left is told of, and leads back", async ({ as, watch }) => {
  watch.expect(415, /\/photos$/);
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  const release = await held(page);
  await inspection.attach(impostor);
  await expect(page.getByRole("progressbar")).toHaveCount(1);
  await leave(page);
  release();
  const notices = page.getByRole("region", { name: "Notices" });
  await expect(notices).toContainText(new RegExp(`${impostor.name} was not attached to BI-.*JPEG, PNG or WebP`));
  await notices.getByRole("link", { name: "Open" }).click();
  await expect(page.getByText(`${impostor.name} was not attached.`)).toBeVisible();
  await page.getByRole("list", { name: "Photos being sent" }).getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByText(`${impostor.name} was not attached.`)).toBeHidden();
});

test("a photo that is attached but cannot be fetched stays in sight", async ({ as, watch }) => {
  watch.expect(500, /\/api\/news/);
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  await page.route("**/api/news*", (route) => route.fulfill({ status: 500, body: "" }));
  await inspection.attach(png("unseen.png"));
  const sending = page.getByRole("list", { name: "Photos being sent" }).filter({ hasText: "unseen.png" });
  await expect(sending).toContainText("unseen.png is attached, but cannot be shown yet.");
  await page.unroute("**/api/news*");
  await sending.getByRole("button", { name: "Try again" }).click();
  await expect(inspection.thing("unseen.png")).toBeVisible();
  await expect(sending).toHaveCount(0);
});

test("a photo is taken with the phone's camera", { tag: "@phone-only" }, async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const camera = inspection.page.getByRole("group", { name: "Quick actions" }).getByLabel("Take a photo");
  await expect(camera).toHaveAttribute("capture", "environment");
  await expect(camera).toHaveAttribute("accept", "image/jpeg,image/png,image/webp");
  await camera.setInputFiles(png("taken.png"));
  await expect(inspection.thing("taken.png")).toBeVisible();
  await inspection.recorded("attached the photo taken.png");
});

test("what is dropped on the page is attached", async ({ as }) => {
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  const file = png("dropped.png");
  const drop = await page.evaluateHandle(
    ([name, data]) => {
      const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type: "image/png" }));
      return transfer;
    },
    [file.name, file.buffer.toString("base64")] as const,
  );
  const place = page.getByRole("region", { name: /^General photos/ }).getByText("or drop them here");
  await place.dispatchEvent("dragover", { dataTransfer: drop });
  await place.dispatchEvent("drop", { dataTransfer: drop });
  await expect(inspection.thing("dropped.png")).toBeVisible();
  await inspection.recorded("attached the photo dropped.png");
});

test("a file is known by its content, whatever its name says", async ({ as, watch }) => {
  watch.expect(415, /\/photos$/);
  const inspection = await Inspection.start(await as("inspector"));
  const { page } = inspection;
  await inspection.attach([impostor, png("real.png")]);
  await expect(page.getByText(`${impostor.name} was not attached.`)).toBeVisible();
  await expect(page.getByText(/JPEG, PNG (or|and) WebP/).filter({ visible: true })).toBeVisible();
  // The other photo is attached.
  await expect(inspection.thing("real.png")).toBeVisible();
  await expect(inspection.history).not.toContainText(impostor.name);
});

test("without scripts, a refused file says why", { tag: "@nojs-only" }, async ({ as, watch }) => {
  watch.expect(422, /refused=unknown-kind/);
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.attach(impostor);
  await expect(inspection.page.getByText(/JPEG, PNG (or|and) WebP/).first()).toBeVisible();
  await visit(inspection.page, inspection.path);
  await expect(inspection.history).not.toContainText(impostor.name);
});

test("a photo that was held sideways stands upright", async ({ as, browser }) => {
  const inspection = await Inspection.start(await as("inspector"));
  await inspection.attached(turned(await jpeg(browser, "sideways.jpg", 30, [1200, 600])));
  const [width, height] = await inspection
    .thing("sideways.jpg")
    .getByRole("img")
    .evaluate((it: HTMLImageElement) => [it.naturalWidth, it.naturalHeight]);
  expect(height / width).toBeCloseTo(2, 1);
});

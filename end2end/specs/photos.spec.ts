import { Inspection } from "../support/inspection";
import { impostor, jpeg, png, turned } from "../support/pictures";
import { expect, scripts, test, visit } from "../support/test";

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
  // Held back, so that the progress can be seen.
  let release = () => {};
  const held = new Promise<void>((go) => (release = go));
  await page.route("**/photos", async (route) => {
    await held;
    await route.continue();
  });
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
  const place = page.getByRole("region", { name: /^Photos of the whole/ }).getByText("or drop them here");
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
  // The one beside it is not lost.
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

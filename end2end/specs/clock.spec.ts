import { Inspection } from "../support/inspection";
import { expect, test } from "../support/test";

test("how long ago something was is told by the server's clock, not the device's", async ({ as }) => {
  const page = await as("inspector");
  // The device's clock is a day ahead.
  await page.clock.install({ time: Date.now() + 24 * 3600 * 1000 });
  const inspection = await Inspection.start(page);
  const latest = inspection.history.getByRole("listitem").first();
  await expect(latest).toContainText("just now");
  await page.clock.runFor("02:00");
  await expect(latest).toContainText(/[12] min ago/);
});

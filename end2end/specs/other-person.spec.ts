import { expect, test } from "../support/test";
import { Inspection } from "../support/inspection";
import { signIn } from "../support/people";

test("text typed in the page of a person who is not signed in any more is not recorded as another's", async ({
  as,
  watch,
}) => {
  watch.expect(409, /\/api\//);
  const inspection = await Inspection.start(await as("inspector"), { address: "1 Old Road" });
  const { page, details } = inspection;
  await details.getByRole("button", { name: "Edit" }).click();

  const other = await page.context().newPage();
  // The inspector's session is not ended, because other tests use it.
  await page.context().clearCookies();
  await signIn(other, "admin");

  await details.getByLabel("Address").fill("2 New Road");
  await details.getByLabel("Address").press("Enter");
  await expect(page.getByText(/somebody else is signed in.*kept on this device/)).toBeVisible();
  await other.goto(new URL(page.url()).pathname);
  await expect(other.getByText("1 Old Road").first()).toBeVisible();
  await expect(other.getByText("2 New Road")).toBeHidden();
});

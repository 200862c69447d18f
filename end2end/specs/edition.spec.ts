import { entries, sections, tab } from "../support/dashboard";
import { expect, live, test, visit } from "../support/test";

test("a page of another build than the server's is loaded anew, once", async ({ as }) => {
  const inspection = await sections(await as("inspector"), 2);
  const page = await as("reviewer");
  const loads: string[] = [];
  page.on("load", () => loads.push(page.url()));
  await visit(page, `/changes?inspection=${inspection.id}&state=unreviewed`);
  await page.route("**/api/act", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, headers: { ...answer.headers(), "x-edition": "another" } });
  });

  await test.step("its answer is not read, and what was done shows on the new page", async () => {
    await entries(page).first().getByRole("button", { name: "Reviewed" }).click();
    await expect.poll(() => loads.length).toBe(2);
    await live(page);
    await expect(entries(page)).toHaveCount(2);
  });

  await test.step("a page that was loaded anew for that build goes on as it is", async () => {
    await entries(page).first().getByRole("button", { name: "Reviewed" }).click();
    await expect(entries(page)).toHaveCount(1);
    expect(loads).toHaveLength(2);
  });
});

test("server functions are at their names, whatever folder they were compiled in", async ({ as }) => {
  const page = await as("reviewer");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await visit(page, "/changes?state=");
  await tab(page, "Flagged").click();
  await expect.poll(() => asked.filter((path) => path.startsWith("/api/"))).toContain("/api/changes");
});

import { people } from "../support/people";
import { seed, wholeHouse } from "../support/seed";
import { expect, test, unique, visit } from "../support/test";

test.use({ ownClock: true });

// The first spec of the README.
test("a section's condition is recorded", async ({ as, seeded }) => {
  const page = await as("inspector"); // signed in already
  const house = await seeded(page); // an inspection of the test's own, with twelve sections
  await house.rate("Roof", "Poor");
  await expect(house.section("Roof").getByRole("radio", { name: "Poor" })).toBeChecked();
  await house.recorded(/set Roof from Good to Poor/i); // the newest change in its history
});

test("a seeded inspection has all its values, each recorded", async ({ as, seeded }) => {
  const page = await as("inspector");
  const house = await seeded(page, { client: "Seeded Client", equipment: [{ kind: "Boiler", make: "Acme", model: "X1" }] });
  await expect(page.getByRole("article")).toHaveCount(12);
  await expect(house.details).toContainText("Seeded Client");
  await expect(house.section("Cellar").getByRole("radio", { name: "Good" })).toBeChecked();
  await expect(house.section("Cellar")).toContainText("The cellar shows normal wear.");
  await expect(house.thing("Boiler Acme X1")).toBeVisible();
  await house.recorded("added the equipment Boiler Acme X1");
  await expect(house.history.getByRole("listitem").nth(1)).toContainText("added the section Garden");
});

test("several inspections are seeded at once, in review too", async ({ as, server }) => {
  test.skip(server.data === "", "It needs access to the database of the server.");
  const names = [unique("First"), unique("Second")];
  const made = await seed(server, names.map((name) => ({ ...wholeHouse, name, status: "review" })));
  expect(made.map((it) => it.name)).toEqual(names);
  const page = await as("reviewer");
  for (const { id, name } of made) {
    await visit(page, `/inspections/${id}`);
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page.getByRole("button", { name: "Complete", exact: true })).toBeVisible();
  }
});

test("the server's clock can be set", async ({ as, serverClock, seeded }) => {
  const noon = new Date("2026-01-15T12:00:00Z");
  await serverClock.set(noon);
  const page = await as("inspector");
  const house = await seeded(page, { sections: [] });
  await house.addSection("Roof");
  const latest = house.history.getByRole("listitem").first();
  await expect(latest.getByRole("time")).toHaveAttribute("datetime", /^2026-01-15T12:00:00/);
  await expect(latest).toContainText("just now");

  await serverClock.set(new Date(noon.getTime() + 3 * 3600 * 1000));
  await house.on(page);
  await expect(latest).toContainText("3 h ago");
  await expect(latest).toContainText(people.inspector.name);
});

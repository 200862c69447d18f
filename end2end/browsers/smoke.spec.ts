import { unique } from "../support/page";
import { password, people, type Role } from "../support/people";
import { test } from "./test";
import type { Window } from "./webdriver";

async function signIn(window: Window, role: Role): Promise<void> {
  await window.visit("/login");
  await window.fill("E-mail", people[role].email);
  await window.fill("Password", password);
  await window.press("button", "Sign in");
  await window.at(/^\/(?!login)/);
  await window.live();
}

test("an inspector starts an inspection, adds a section and rates it", async ({ window }) => {
  const name = unique("Smoke House");
  await signIn(window, "inspector");
  await window.visit("/inspections/new");
  await window.fill("Name", name);
  await window.press("button", "Start inspection");
  await window.at(/^\/inspections\/\d+$/);
  await window.live();
  await window.find("heading", name);

  await window.press("button", "Add section");
  await window.fill("Title", "Roof");
  await window.press("button", "Add section");
  await window.find("article", "Roof");
  await window.press("radio", "Poor");
  await window.sees(/set Roof from .* to Poor/i);

  await window.visit(await window.path());
  await window.find("article", "Roof");
  await window.sees(/set Roof from .* to Poor/i);
});

test("a reviewer reads the dashboard, filters it and marks an entry as reviewed", async ({ window }) => {
  await signIn(window, "reviewer");
  await window.visit("/changes?action=add-section");
  await window.sees(/added the section/);
  await window.press("button", /^Mark as reviewed|^Reviewed$/);
  await window.sees(/Undo/);
});

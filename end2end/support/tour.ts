import type { Page } from "@playwright/test";
import { addressOf, demo } from "./demo";
import type { Role } from "./people";

/** A page as one role meets it. */
export interface Stop {
  name: string;
  role?: Role;
  /** Goes there; the page is at rest afterwards. */
  open: (page: Page) => Promise<void>;
  /** The status that the page itself answers, where it is not 200. */
  status?: number;
}

const at = (path: string) => async (page: Page) => void (await page.goto(path, { waitUntil: "networkidle" }));
const inspection = (name: string, under = "") => async (page: Page) =>
  void (await page.goto((await addressOf(page, name)) + under, { waitUntil: "networkidle" }));

/** Every page there is, and each of the states that look different. */
export const tour: Stop[] = [
  { name: "sign-in", open: at("/login") },
  { name: "start, inspector", role: "inspector", open: at("/") },
  { name: "start, reviewer", role: "reviewer", open: at("/") },
  { name: "inspections", role: "inspector", open: at("/inspections") },
  { name: "inspections, all", role: "reviewer", open: at("/inspections") },
  { name: "inspections, none match", role: "inspector", open: at("/inspections?q=nothing-is-called-this") },
  { name: "new inspection", role: "inspector", open: at("/inspections/new") },
  { name: "inspection in draft", role: "inspector", open: inspection(demo.draft) },
  { name: "inspection in review", role: "inspector", open: inspection(demo.review) },
  { name: "inspection in review, reviewer", role: "reviewer", open: inspection(demo.review) },
  { name: "inspection complete", role: "inspector", open: inspection(demo.complete) },
  { name: "history", role: "inspector", open: inspection(demo.draft, "/history") },
  { name: "changes", role: "reviewer", open: at("/changes") },
  {
    name: "changes, rows open",
    role: "reviewer",
    open: async (page) => {
      await page.goto("/changes", { waitUntil: "networkidle" });
      const rows = page.getByRole("main").locator("details");
      await rows.evaluateAll((all) => all.forEach((it) => ((it as HTMLDetailsElement).open = true)));
    },
  },
  { name: "changes, none match", role: "reviewer", open: at("/changes?q=nothing-is-called-this") },
  { name: "changes, not for inspectors", role: "inspector", open: at("/changes"), status: 403 },
  { name: "users", role: "admin", open: at("/users") },
  { name: "nothing here", role: "inspector", open: at("/nothing-here"), status: 404 },
];

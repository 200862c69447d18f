import { test as base } from "@playwright/test";
import { ownServer, type Worker } from "../support/worker";
import { type BrowserName, Window } from "./webdriver";

interface Fixtures {
  /** Window of a separate browser, with nobody signed in. */
  window: Window;
}

interface Options {
  /** Browser to drive. */
  driven: BrowserName;
}

export const test = base.extend<Fixtures, Worker & Options>({
  driven: ["firefox", { option: true, scope: "worker" }],
  server: ownServer,
  window: async ({ driven, server }, use) => {
    const window = await Window.open(driven, server.url);
    await use(window);
    await window.close();
  },
});

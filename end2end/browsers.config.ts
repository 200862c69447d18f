import { defineConfig } from "@playwright/test";

/** Smoke tests in Firefox and WebKit, which Playwright runs but does not drive: `cargo xtask test --only browsers`. */
export default defineConfig<object, { driven: "firefox" | "webkit" }>({
  testDir: "browsers",
  outputDir: "test-results",
  globalSetup: "./support/prepare.ts",
  forbidOnly: !!process.env.CI,
  workers: 1,
  timeout: 120_000,
  reporter: [
    ["list"],
    ["html", { open: "never" }],
    ...(process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["json"] as ["json"]] : []),
  ],
  projects: [
    { name: "firefox", use: { driven: "firefox" } },
    { name: "webkit", use: { driven: "webkit" } },
  ],
});

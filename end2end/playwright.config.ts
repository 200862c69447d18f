import { existsSync } from "node:fs";
import { chromium, defineConfig, devices } from "@playwright/test";

/** Playwright's own browser where it is installed, else the system's. */
function browser(): string | undefined {
  if (process.env.PLUMBLINE_CHROMIUM) return process.env.PLUMBLINE_CHROMIUM;
  return existsSync(chromium.executablePath()) ? undefined : "/usr/bin/chromium";
}

const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: ".",
  outputDir: "test-results",
  globalSetup: "./support/server.ts",
  forbidOnly: !!process.env.CI,
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [
    ["list"],
    ...(process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["json"] as ["json"]] : []),
  ],
  use: {
    baseURL: process.env.PLUMBLINE_URL,
    actionTimeout: 15_000,
    // No trace of every test, for the time it takes: `-- --trace retain-on-failure` records when wanted.
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: browser(),
      args: process.getuid?.() === 0 ? ["--no-sandbox", ...quiet] : quiet,
    },
  },
  projects: [
    { name: "sign-in", testMatch: "support/sign-in.ts" },
    {
      name: "desktop",
      testMatch: "specs/*.spec.ts",
      grepInvert: /@nojs-only|@phone-only/,
      dependencies: ["sign-in"],
      use: { ...devices["Desktop Chrome"], viewport: { width: 1440, height: 900 } },
    },
    {
      name: "phone",
      testMatch: "specs/*.spec.ts",
      grep: /@phone/,
      dependencies: ["sign-in"],
      use: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } },
    },
    {
      name: "nojs",
      testMatch: "specs/*.spec.ts",
      grep: /@nojs/,
      dependencies: ["sign-in"],
      use: {
        ...devices["Desktop Chrome"],
        viewport: { width: 1440, height: 900 },
        javaScriptEnabled: false,
      },
    },
  ],
});

import { existsSync } from "node:fs";
import { chromium, defineConfig, devices } from "@playwright/test";

/** Returns Playwright's own browser if it is installed, otherwise the system's, without a window if none is asked for. */
function browser(): string | undefined {
  if (process.env.PLUMBLINE_CHROMIUM) return process.env.PLUMBLINE_CHROMIUM;
  if (existsSync(chromium.executablePath())) return undefined;
  const shell = "/usr/bin/chromium-headless-shell";
  const shown = process.argv.some((it) => ["--headed", "--debug"].includes(it) || it.startsWith("--ui"));
  // The variable tells it to the workers, which do not get the arguments.
  return (process.env.PLUMBLINE_CHROMIUM = existsSync(shell) && !shown ? shell : "/usr/bin/chromium");
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
  globalSetup: "./support/prepare.ts",
  forbidOnly: !!process.env.CI,
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [
    ["list"],
    ["html", { open: "never" }],
    ...(process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["json"] as ["json"]] : []),
  ],
  use: {
    actionTimeout: 15_000,
    // Screenshots of every frame are omitted, because they take the most time.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: true, sources: true },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: browser(),
      args: process.getuid?.() === 0 ? ["--no-sandbox", ...quiet] : quiet,
    },
  },
  projects: [
    {
      name: "desktop",
      testMatch: "specs/*.spec.ts",
      grepInvert: /@nojs-only|@phone-only/,
      use: { ...devices["Desktop Chrome"], viewport: { width: 1440, height: 900 } },
    },
    {
      name: "phone",
      testMatch: "specs/*.spec.ts",
      grep: /@phone/,
      use: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } },
    },
    {
      name: "nojs",
      testMatch: "specs/*.spec.ts",
      grep: /@nojs/,
      use: {
        ...devices["Desktop Chrome"],
        viewport: { width: 1440, height: 900 },
        javaScriptEnabled: false,
      },
    },
  ],
});

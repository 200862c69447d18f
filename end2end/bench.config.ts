import { defineConfig, devices } from "@playwright/test";
import tests from "./playwright.config";

/** Measurements of pages: `cargo xtask bench page`. They run one after the other, because they would slow each other. */
export default defineConfig({
  ...tests,
  testDir: "bench",
  fullyParallel: false,
  workers: 1,
  timeout: 600_000,
  reporter: [["list"]],
  use: { ...tests.use, trace: "off", screenshot: "off" },
  // Lighthouse's mobile screen.
  projects: [{ name: "phone", testMatch: "*.bench.ts", use: { ...devices["Moto G4"], viewport: { width: 412, height: 823 } } }],
});

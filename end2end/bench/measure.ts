import type { Page } from "../support/test";

/** Factor by which Lighthouse's mobile settings slow the processor. */
const SLOWED = 4;
/** Loads of each page; the median counts. */
const LOADS = 5;
/** Time in milliseconds after hydration in which a page may still load code and block. */
const QUIET = 1500;

/** Measured loads of a page: medians, in milliseconds and kilobytes. */
export interface Measured {
  /** Sum of what each task longer than 50 ms takes beyond those, after the first paint. */
  blocking: number;
  /** Longest task after the first paint. */
  longest: number;
  /** From the start of the navigation to the end of hydration. */
  live: number;
  /** JavaScript and WebAssembly as sent, compressed. */
  code: number;
  /** Document before compression. */
  html: number;
}

/** Collects long tasks and paints in each document. */
function observe() {
  const seen = { tasks: [] as { at: number; time: number }[], paint: Infinity };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const it of list.getEntries()) seen.tasks.push({ at: it.startTime, time: it.duration });
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const it of list.getEntriesByName("first-contentful-paint")) seen.paint = it.startTime;
  }).observe({ type: "paint", buffered: true });
}

/** Turns deferred hydration off: the queue has no time limit in a hidden tab. The page still waits for the first paint. */
function hydrateAtOnce() {
  let painted = false;
  new PerformanceObserver(() => (painted = true)).observe({ type: "paint", buffered: true });
  Object.defineProperty(Document.prototype, "hidden", { get: () => painted });
}

/** Loads a page several times, each with an empty cache of code, on a slowed processor. */
export async function measure(page: Page, path: string, deferred: boolean): Promise<Measured> {
  const browser = await page.context().newCDPSession(page);
  await browser.send("Network.enable");
  await browser.send("Network.setCacheDisabled", { cacheDisabled: true });
  await browser.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
  await page.addInitScript(observe);
  if (!deferred) await page.addInitScript(hydrateAtOnce);
  const code = new Set<string>();
  let sent = 0;
  browser.on("Network.responseReceived", ({ requestId, response }) => {
    if (/\/pkg\/.*\.(js|wasm)$/.test(response.url)) code.add(requestId);
  });
  browser.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (code.has(requestId)) sent += encodedDataLength;
  });
  const loads: Measured[] = [];
  for (let load = 0; load < LOADS; load++) {
    sent = 0;
    const answer = await page.goto(path, { waitUntil: "commit" });
    const html = (await answer!.body()).length;
    await page.waitForSelector("html[data-live]", { state: "attached", timeout: 60_000 });
    const live = await page.evaluate(() => performance.now());
    // A measurement covers a span of time; there is no condition to wait for.
    await page.waitForTimeout(QUIET);
    const { blocking, longest } = await page.evaluate(() => {
      const { tasks, paint } = (globalThis as unknown as { seen: { tasks: { at: number; time: number }[]; paint: number } }).seen;
      const times = tasks.filter(({ at }) => at >= paint).map(({ time }) => time);
      return { blocking: times.reduce((sum, time) => sum + Math.max(0, time - 50), 0), longest: Math.max(0, ...times) };
    });
    loads.push({ blocking, longest, live, code: sent / 1000, html: html / 1000 });
  }
  await browser.detach();
  const median = (of: keyof Measured) => loads.map((it) => it[of]).sort((a, b) => a - b)[LOADS >> 1];
  return { blocking: median("blocking"), longest: median("longest"), live: median("live"), code: median("code"), html: median("html") };
}

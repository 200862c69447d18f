import type { BrowserContext } from "@playwright/test";

/** Error that no page should cause. */
interface Problem {
  text: string;
  url: string;
  status?: number;
}

/**
 * Collector of page errors: script errors, console errors (which include violations of the content security
 * policy), and failed requests.
 */
export class Watch {
  private problems: Problem[] = [];
  private expected: { status: number; url: RegExp }[] = [];
  private cut = false;

  /** Expects error responses with this status, which are part of the test. */
  expect(status: number, url: RegExp): void {
    this.expected.push({ status, url });
  }

  /** Expects network errors, because the test takes the browser offline. */
  offline(): void {
    this.cut = true;
  }

  over(context: BrowserContext): void {
    context.on("weberror", (error) => {
      const { message, stack } = error.error();
      this.problems.push({ text: `script error: ${stack ?? message}`, url: error.page()?.url() ?? "" });
    });
    context.on("console", (message) => {
      const grave = message.type() === "error" || /hydrat|unreachable|panicked/i.test(message.text());
      if (!grave) return;
      const status = Number(/status of (\d{3})/.exec(message.text())?.[1]) || undefined;
      this.problems.push({ text: `console: ${message.text()}`, url: message.location().url, status });
    });
    context.on("response", (response) => {
      if (response.status() < 400) return;
      const text = `${response.request().method()} answered ${response.status()}`;
      this.problems.push({ text, url: response.url(), status: response.status() });
    });
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // Leaving a page aborts its open requests.
      if (why === "net::ERR_ABORTED") return;
      // Without JavaScript, the browser reports this for each script of the page; real policy violations are
      // also reported on the console.
      if (why === "csp") return;
      this.problems.push({ text: `request failed: ${why}`, url: request.url() });
    });
  }

  /** Returns the unexpected errors, one per line. */
  unexpected(): string[] {
    return this.problems
      .filter(({ text }) => !(this.cut && /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/.test(text)))
      .filter(({ status, url }) => !this.expected.some((it) => it.status === status && it.url.test(url)))
      .map(({ text, url }) => `${text} (${url})`);
  }
}

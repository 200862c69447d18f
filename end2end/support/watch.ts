import type { BrowserContext } from "@playwright/test";

/** Something that should not happen on any page. */
interface Problem {
  text: string;
  url: string;
  status?: number;
}

/**
 * Notes whatever goes wrong behind a page: script errors, console errors (which is also where a
 * browser reports what the Content-Security-Policy forbids), and requests that fail.
 */
export class Watch {
  private problems: Problem[] = [];
  private expected: { status: number; url: RegExp }[] = [];
  private cut = false;

  /** A refusal that the test is about. */
  expect(status: number, url: RegExp): void {
    this.expected.push({ status, url });
  }

  /** The test cuts the network: what fails for that reason is what it is about. */
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
      // A page that is left takes its open requests with it.
      if (why === "net::ERR_ABORTED") return;
      // A browser without scripts says so of each that the page would fetch; what the policy itself
      // forbids is on the console as well.
      if (why === "csp") return;
      this.problems.push({ text: `request failed: ${why}`, url: request.url() });
    });
  }

  /** What went wrong and was not expected, a line each. */
  unexpected(): string[] {
    return this.problems
      .filter(({ text }) => !(this.cut && /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/.test(text)))
      .filter(({ status, url }) => !this.expected.some((it) => it.status === status && it.url.test(url)))
      .map(({ text, url }) => `${text} (${url})`);
  }
}

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { freePort } from "../support/server";

/** Browser driven by the WebDriver protocol: https://www.w3.org/TR/webdriver2/. */
export type BrowserName = "firefox" | "webkit";

/** Key of an element in responses of the protocol. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Selectors of the elements that may have a role, before the browser is asked. */
const CANDIDATES: Record<string, string> = {
  article: "article,[role=article]",
  button: "button,summary,input[type=submit],[role=button]",
  heading: "h1,h2,h3,h4,[role=heading]",
  link: "a[href],[role=link]",
  listitem: "li,[role=listitem]",
  radio: "input[type=radio],[role=radio]",
  textbox: "input:not([type]),input[type=text],input[type=email],input[type=password],input[type=search],textarea",
};

const WAIT_MS = 15_000;
const PAUSE_MS = 100;

/** Driver of each browser, with the requested capabilities. */
const drivers = {
  firefox: {
    command: (port: number) => [process.env.PLUMBLINE_GECKODRIVER ?? "geckodriver", `--port=${port}`],
    capabilities: { "moz:firefoxOptions": { args: ["-headless"], binary: process.env.PLUMBLINE_FIREFOX } },
  },
  webkit: {
    // It has no headless mode.
    command: (port: number) => ["xvfb-run", "-a", "-s", "-screen 0 1440x900x24", "WebKitWebDriver", `--port=${port}`],
    capabilities: { "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] } },
  },
};

/** Returns the browser that comes with WebKitGTK, from the folder of the newest version in Debian. */
function miniBrowser(): string | undefined {
  if (process.env.PLUMBLINE_WEBKIT) return process.env.PLUMBLINE_WEBKIT;
  const folders = ["x86_64", "aarch64"].flatMap((machine) =>
    ["6.0", "4.1", "4.0"].map((version) =>
      version === "6.0" ? `/usr/lib/${machine}-linux-gnu/webkitgtk-6.0` : `/usr/lib/${machine}-linux-gnu/webkit2gtk-${version}`,
    ),
  );
  return folders.map((folder) => `${folder}/MiniBrowser`).find(existsSync);
}

/** Window of a browser. */
export class Window {
  private constructor(
    private readonly session: string,
    private readonly end: () => Promise<void>,
    /** Base address for paths. */
    private readonly site: string,
  ) {}

  /** Starts a browser with an empty profile. */
  static async open(name: BrowserName, site: string): Promise<Window> {
    const port = await freePort();
    const [program, ...args] = drivers[name].command(port);
    // The driver has its own process group, so that the browser can be ended with it.
    const driver = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    let said = "";
    for (const stream of [driver.stdout, driver.stderr]) {
      stream.on("data", (chunk) => {
        said = (said + chunk).slice(-5_000);
      });
    }
    let failure: string | undefined;
    driver.on("error", (error) => {
      failure = `${program} cannot be started: ${error.message}`;
    });
    const kill = async () => {
      const ended = new Promise((done) => driver.once("exit", done));
      if (driver.pid === undefined || driver.exitCode !== null) return;
      process.kill(-driver.pid);
      await ended;
    };
    const address = `http://127.0.0.1:${port}`;
    const alwaysMatch = { ...drivers[name].capabilities, acceptInsecureCerts: false };
    const created = await until(async () => {
      if (failure) throw new Error(`${failure}\n${said}`);
      return command(`${address}/session`, "POST", { capabilities: { alwaysMatch } }).catch((error) => {
        if (error instanceof WebDriverError) throw error;
        return undefined;
      });
    }, `${name} to start`).catch(async (error) => {
      await kill();
      throw error;
    });
    const session = `${address}/session/${(created as { sessionId: string }).sessionId}`;
    const end = async () => {
      await command(session, "DELETE").catch(() => {});
      await kill();
    };
    const window = new Window(session, end, site);
    await window.send("POST", "/window/rect", { x: 0, y: 0, width: 1440, height: 900 });
    return window;
  }

  /** Ends the browser. */
  close = () => this.end();

  /** Opens a page and waits until it is hydrated. */
  async visit(path: string): Promise<void> {
    await this.send("POST", "/url", { url: this.site + path });
    await this.live();
  }

  /** Waits until the page is hydrated. */
  live = () => this.waitFor("the page's scripts", () => this.evaluate("return 'live' in document.documentElement.dataset"));

  /** Returns the path and query of the page. */
  async path(): Promise<string> {
    const url = new URL(String(await this.send("GET", "/url")));
    return url.pathname + url.search;
  }

  /** Waits until the page's path matches. */
  at = (path: RegExp) => this.waitFor(`an address that fits ${path}`, async () => path.test(await this.path()));

  /** Waits for an element by its role and accessible name, as computed by the browser. */
  find(role: string, name: string | RegExp): Promise<string> {
    return this.waitFor(`the ${role} “${name}”`, async () => {
      for (const element of await this.candidates(role)) {
        const label = String(await this.send("GET", `/element/${element}/computedlabel`)).trim();
        if (typeof name === "string" ? label === name : name.test(label)) return element;
      }
      return undefined;
    });
  }

  /** Presses a button, a link or another element. */
  async press(role: string, name: string | RegExp): Promise<void> {
    await this.waitFor(`to press the ${role} “${name}”`, async () => {
      const found = { [ELEMENT]: await this.find(role, name) };
      // A radio button is hidden by its styled label, so the label is pressed.
      const script = `const pressed = arguments[0].type === "radio" ? arguments[0].labels[0] : arguments[0];
        pressed.scrollIntoView({ block: "center" });
        return pressed;`;
      const { [ELEMENT]: element } = (await this.evaluate(script, found)) as Record<string, string>;
      // The element may be covered for a moment, or may have been replaced.
      return this.send("POST", `/element/${element}/click`, {}).then(
        () => true,
        () => undefined,
      );
    });
  }

  /** Replaces the text of a field. */
  async fill(label: string, text: string): Promise<void> {
    const element = await this.find("textbox", label);
    await this.send("POST", `/element/${element}/clear`, {});
    await this.send("POST", `/element/${element}/value`, { text });
  }

  /** Waits until the page shows a text. */
  sees = (text: RegExp) =>
    this.waitFor(`the text ${text}`, async () => text.test(String(await this.evaluate("return document.body.innerText"))));

  private async candidates(role: string): Promise<string[]> {
    // Elements behind a modal dialog are inert.
    const script = `const within = document.querySelector("dialog:modal") ?? document;
      return [...within.querySelectorAll(arguments[0])].filter((it) => it.checkVisibility());`;
    const elements = (await this.evaluate(script, CANDIDATES[role])) as Record<string, string>[];
    return elements.map((it) => it[ELEMENT]);
  }

  private evaluate = (script: string, ...args: unknown[]) => this.send("POST", "/execute/sync", { script, args });

  private waitFor<T>(what: string, get: () => Promise<T | undefined>): Promise<T> {
    return until(async () => {
      try {
        return await get();
      } catch (error) {
        // The page was replaced during the search.
        if (error instanceof WebDriverError && /stale|no such|detached/.test(error.message)) return undefined;
        throw error;
      }
    }, what);
  }

  private send = (method: string, path: string, body?: unknown) => command(this.session + path, method, body);
}

/** Error response of the driver. */
class WebDriverError extends Error {}

async function command(url: string, method: string, body?: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const { value } = (await answer.json()) as { value: unknown };
  if (!answer.ok) {
    const { error, message } = value as { error: string; message: string };
    throw new WebDriverError(`${error}: ${message}`);
  }
  return value;
}

/** Polls until there is a value. */
async function until<T>(get: () => Promise<T | undefined>, what: string): Promise<T> {
  const latest = Date.now() + WAIT_MS;
  for (;;) {
    const got = await get();
    if (got) return got;
    if (Date.now() > latest) throw new Error(`waited in vain for ${what}`);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}

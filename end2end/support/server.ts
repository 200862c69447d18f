import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Running server. */
export interface Server {
  url: string;
  /** Data folder; empty for a server that this run did not start. */
  data: string;
  /** File that the server's clock follows, if it can be set. */
  clock?: string;
  /** Returns the end of the log. */
  log: () => string;
  stop: () => Promise<void>;
}

/** Returns the path of the binary under test. */
export const binary = () => resolve(process.env.PLUMBLINE_BIN ?? "../target/release/plumbline");

/** Returns the environment of the binary, with its data in that folder and, if given, a clock that follows that file. */
export const environment = ({ data, clock }: Pick<Server, "data" | "clock">): NodeJS.ProcessEnv => ({
  ...process.env,
  ...(clock && { PLUMBLINE_CLOCK: clock }),
  DATABASE_URL: `sqlite://${join(data, "plumbline.db")}`,
  PLUMBLINE_OBJECTS: join(data, "objects"),
  PLUMBLINE_CHECKPOINTS: join(data, "checkpoints"),
});

/** Creates a folder for a server's data. */
export const folder = () => mkdtemp(join(tmpdir(), "plumbline-end2end-"));

/** Starts the real binary on that port, with its data in that folder. An empty folder is filled with the demo. The clock follows the file, if one is given. */
export async function serve(data: string, port: number, clock?: string): Promise<Server> {
  const address = `127.0.0.1:${port}`;
  const server = spawn(binary(), ["serve", "--demo"], {
    // Any other files of the server are created there too, and never among the sources.
    cwd: data,
    env: { ...environment({ data, clock }), PLUMBLINE_ADDR: address },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (chunk) => {
      said = (said + chunk).slice(-20_000);
    });
  }
  let failure: string | undefined;
  server.on("error", (error) => {
    failure = `${binary()} cannot be started: ${error.message}. Build it: cargo xtask build`;
  });
  server.on("exit", (code) => {
    failure ??= `the server ended with code ${code}`;
  });
  const stop = async () => {
    if (server.exitCode === null && server.pid !== undefined) {
      const ended = new Promise((done) => server.once("exit", done));
      server.kill("SIGTERM");
      await ended;
    }
    if (process.env.PLUMBLINE_LOG) process.stdout.write(said);
  };

  const url = `http://${address}`;
  const latest = Date.now() + 120_000;
  while (!(await answers(`${url}/healthz`))) {
    if (failure || Date.now() > latest) {
      await stop();
      throw new Error(`${failure ?? "the server does not answer within two minutes"}\n${said}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return { url, data, clock, log: () => said, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** Returns a free port. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}

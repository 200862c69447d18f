import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Starts the real binary with the demo in it, on a free port and with a place of its own for its
 * data, and stops it afterwards. Where PLUMBLINE_URL names a server that runs already, that is used.
 */
export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.PLUMBLINE_URL) return undefined;

  const binary = resolve(process.env.PLUMBLINE_BIN ?? "../target/release/plumbline");
  const data = await mkdtemp(join(tmpdir(), "plumbline-end2end-"));
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(binary, ["serve", "--demo"], {
    // Whatever it may one day keep besides lands there too, and never among the sources.
    cwd: data,
    env: {
      ...process.env,
      DATABASE_URL: `sqlite://${join(data, "plumbline.db")}`,
      PLUMBLINE_OBJECTS: join(data, "objects"),
      PLUMBLINE_CHECKPOINTS: join(data, "checkpoints"),
      PLUMBLINE_ADDR: address,
    },
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
    failure = `${binary} cannot be started: ${error.message}. Build it: cargo xtask build`;
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
    await rm(data, { recursive: true, force: true });
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
  process.env.PLUMBLINE_URL = url;
  return stop;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}

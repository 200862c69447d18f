import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { folder, freePort, serve, type Server } from "./server";

interface Options {
  /**
   * Whether the clock of the server can be set, which `test.use({ ownClock: true })` chooses at the top of a
   * file. Such tests run in workers of their own, so that no other test sees their times.
   */
  ownClock: boolean;
}

export interface Worker extends Options {
  /** Server of the worker, with the demo in a separate database. */
  server: Server;
}

/** Starts a worker's server on a copy of the prepared database. */
async function start({ ownClock }: Options, use: (server: Server) => Promise<void>): Promise<void> {
  if (process.env.PLUMBLINE_URL) {
    return use({ url: process.env.PLUMBLINE_URL, data: "", log: () => "", stop: async () => {} });
  }
  const data = await folder();
  await cp(join(process.env.PLUMBLINE_PREPARED!, "data"), data, { recursive: true });
  const server = await serve(data, await freePort(), ownClock ? join(data, "clock") : undefined);
  await use(server);
  await server.stop();
  await rm(data, { recursive: true, force: true });
}

/** Fixture for that server. */
export const ownServer: [typeof start, { scope: "worker"; timeout: number }] = [start, { scope: "worker", timeout: 120_000 }];

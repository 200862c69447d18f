import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { password, people, type Role, roles, stateOf } from "./people";
import { folder, freePort, serve } from "./server";

/**
 * Fills a database with the demo and signs in each role, before all tests. Every worker starts a server on a
 * copy of it. With PLUMBLINE_URL, all workers use that server instead.
 */
export default async function prepare(): Promise<() => Promise<void>> {
  const prepared = await folder();
  process.env.PLUMBLINE_PREPARED = prepared;
  await mkdir(join(prepared, "states"));
  if (process.env.PLUMBLINE_URL) {
    await signInAll(process.env.PLUMBLINE_URL);
  } else {
    const data = join(prepared, "data");
    await mkdir(data);
    const server = await serve(data, await freePort());
    try {
      await signInAll(server.url);
    } finally {
      await server.stop();
    }
  }
  return () => rm(prepared, { recursive: true, force: true });
}

async function signInAll(url: string): Promise<void> {
  for (const role of roles) await writeFile(stateOf(role), JSON.stringify(await signInAt(url, role)));
}

/** Signs in a role and returns the cookies in the browser's format. */
async function signInAt(url: string, role: Role) {
  const answer = await fetch(`${url}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: url },
    body: new URLSearchParams({ email: people[role].email, password }),
  });
  if (answer.status !== 303) throw new Error(`the ${role} cannot sign in at ${url}: status ${answer.status}`);
  const cookies = answer.headers.getSetCookie().map((header) => {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(header)!;
    const { hostname: domain } = new URL(url);
    return { name, value, domain, path: "/", expires: -1, httpOnly: true, secure: false, sameSite: "Lax" };
  });
  return { cookies, origins: [] };
}

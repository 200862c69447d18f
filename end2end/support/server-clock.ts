import { rename, rm, writeFile } from "node:fs/promises";

/** The clock of a server, which follows a file. */
export class ServerClock {
  constructor(private readonly file: string) {}

  /** Stops the clock at a time. */
  async set(time: Date): Promise<void> {
    // The server never reads half of a time, because the file is replaced at once.
    await writeFile(`${this.file}.part`, time.toISOString());
    await rename(`${this.file}.part`, this.file);
  }

  /** Makes the clock follow the system's again. */
  reset = () => rm(this.file, { force: true });
}

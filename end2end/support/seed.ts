import { execFile } from "node:child_process";
import { people } from "./people";
import { binary, environment, type Server } from "./server";

/** An inspection in the format of `plumbline seed`: fields by name, all as text. */
export interface SeedInspection {
  name: string;
  /** E-mail address of the person who does all of it. */
  inspector: string;
  address?: string;
  building_type?: string;
  client?: string;
  scheduled_on?: string;
  summary?: string;
  sections?: { title: string; condition?: string; notes?: string }[];
  equipment?: Record<string, string>[];
  status?: "review";
}

/** Values of an inspection with twelve sections, all in good condition, of the demo's inspector. */
export const wholeHouse: Omit<SeedInspection, "name"> = {
  inspector: people.inspector.email,
  sections: [
    "Roof", "Chimney", "Gutters", "Facade", "Windows", "Doors", "Attic", "Stairs", "Cellar", "Heating", "Wiring", "Garden",
  ].map((title) => ({ title, condition: "good", notes: `The ${title.toLowerCase()} shows normal wear.` })),
};

/** Runs `plumbline seed` on the database of a server and returns the id of each inspection. */
export function seed(server: Server, inspections: SeedInspection[]): Promise<{ id: number; name: string }[]> {
  return new Promise((done, fail) => {
    const command = execFile(binary(), ["seed", "-"], { env: environment(server) }, (error, stdout, stderr) => {
      if (error) fail(new Error(`plumbline seed failed: ${stderr}`));
      else done(JSON.parse(stdout).inspections);
    });
    command.stdin!.end(JSON.stringify({ inspections }));
  });
}

import { expect, type Locator, type Page } from "@playwright/test";
import { live, scripts, unique, visit } from "./page";
import type { File } from "./pictures";

/** What a new inspection is asked for; the name is made up where none is given. */
export interface About {
  name?: string;
  address?: string;
  type?: string;
  client?: string;
  date?: string;
  summary?: string;
}

export type Condition = "Good" | "Fair" | "Poor" | "Unsafe" | "Not inspected";

/** An inspection's page, in the words of those who use it. They hold without scripts too. */
export class Inspection {
  private constructor(
    readonly page: Page,
    readonly name: string,
    readonly path: string,
  ) {}

  /** Starts one, through the form. */
  static async start(page: Page, about: About = {}): Promise<Inspection> {
    await visit(page, "/inspections/new");
    return Inspection.fillIn(page, about);
  }

  /** Opens one that is there already. */
  static async open(page: Page, name: string, path: string): Promise<Inspection> {
    await visit(page, path);
    return new Inspection(page, name, path);
  }

  /** Fills the form in and sends it. */
  static async fillIn(page: Page, about: About): Promise<Inspection> {
    const name = about.name ?? unique("Test House");
    const form = page.getByRole("main");
    await form.getByLabel("Name").fill(name);
    if (about.address) await form.getByLabel("Address").fill(about.address);
    if (about.type) await form.getByLabel("Building type").fill(about.type);
    if (about.client) await form.getByLabel("Client").fill(about.client);
    if (about.date) await form.getByLabel("Scheduled date").fill(about.date);
    if (about.summary) await form.getByLabel("Summary").fill(about.summary);
    await form.getByRole("button", { name: "Start inspection" }).click();
    await expect(page).toHaveURL(/\/inspections\/\d+$/);
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await live(page);
    return new Inspection(page, name, new URL(page.url()).pathname);
  }

  /** The same inspection on another page, such as another person's. */
  async on(page: Page): Promise<Inspection> {
    return Inspection.open(page, this.name, this.path);
  }

  get id(): string {
    return this.path.split("/").pop()!;
  }

  /** The inspection's own fields. */
  get details(): Locator {
    return this.page.getByRole("region", { name: "Details", exact: true });
  }

  /** One of its sections. */
  section(title: string): Locator {
    return this.page.getByRole("article", { name: title, exact: true });
  }

  /** A photo by the name of its file, or a piece of equipment by its kind, make and model. */
  thing(name: string): Locator {
    return this.page.getByRole("group", { name, exact: true });
  }

  /** The changes beside it, newest first. */
  get history(): Locator {
    return this.page.getByRole("list", { name: "Changes, newest first" });
  }

  /** The reports made of it. */
  get reports(): Locator {
    return this.page.getByRole("link", { name: "View / Download PDF" });
  }

  /** A question that is being asked: in a dialog, or on the page where there are no scripts. */
  get question(): Locator {
    if (scripts()) return this.page.getByRole("dialog");
    return this.page.getByRole("region").filter({ has: this.page.getByRole("link", { name: "Cancel" }) });
  }

  /** Waits until the newest change reads so. */
  async recorded(sentence: string | RegExp): Promise<void> {
    await expect(this.history.getByRole("listitem").first()).toContainText(sentence);
  }

  /** Completes it, and waits until that is recorded. Its final report is made after that, by the server. */
  async complete(): Promise<void> {
    await this.press("Complete");
    await expect(this.history.getByRole("listitem").filter({ hasText: "completed it" }).first()).toBeVisible();
  }

  /** Presses a button and says yes to the question that follows. */
  async press(button: string, within: Locator | Page = this.page, answer = button): Promise<void> {
    await within.getByRole("button", { name: button, exact: true }).filter({ visible: true }).first().click();
    await this.question.getByRole("button", { name: answer, exact: true }).click();
    await expect(this.question).toBeHidden();
    await live(this.page);
  }

  async addSection(title: string): Promise<void> {
    await this.page.getByRole("button", { name: "Add section", exact: true }).click();
    await this.question.getByLabel("Title").fill(title);
    await this.question.getByRole("button", { name: "Add section", exact: true }).click();
    await expect(this.section(title)).toBeVisible();
    await expect(this.question).toBeHidden();
  }

  async addEquipment(kind: string, make: string, model: string): Promise<void> {
    await this.page.getByRole("button", { name: "Add equipment", exact: true }).click();
    await this.question.getByLabel("Kind").fill(kind);
    await this.question.getByLabel("Make").fill(make);
    await this.question.getByLabel("Model").fill(model);
    await this.question.getByRole("button", { name: "Add equipment", exact: true }).click();
    await expect(this.thing(`${kind} ${make} ${model}`)).toBeVisible();
    await expect(this.question).toBeHidden();
  }

  /** Says how a section was found. */
  async rate(title: string, condition: Condition): Promise<void> {
    const section = this.section(title);
    await section.getByText(condition, { exact: true }).click();
    await expect(section.getByRole("radio", { name: condition, exact: true })).toBeChecked();
    if (!scripts()) await section.getByRole("button", { name: "Save the condition" }).click();
    await this.recorded(new RegExp(`set ${title} from .* to ${condition}`, "i"));
  }

  /** Edits one field of a part of the page, and waits until it is saved. */
  async edit(part: Locator, label: string, text: string): Promise<void> {
    await part.getByRole("button", { name: "Edit", exact: true }).click();
    await part.getByLabel(label).fill(text);
    await part.getByRole("button", { name: "Done" }).click();
    await expect(part.getByLabel(label)).toBeHidden();
    await expect(part).toContainText(text);
  }

  /** Attaches photos: to a section where one is named. They are sent at once where scripts run. */
  async attach(files: File | File[], section?: string): Promise<void> {
    const part = section
      ? this.section(section)
      : this.page.getByRole("region", { name: /^General photos/ });
    await part.getByLabel("Attach photo").setInputFiles(files);
    if (!scripts()) await part.getByRole("button", { name: "Send" }).click();
  }

  /** Attaches one photo and waits until it is there. */
  async attached(file: File, section?: string): Promise<void> {
    await this.attach(file, section);
    const picture = this.thing(file.name).getByRole("img");
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((it: HTMLImageElement) => it.naturalWidth)).toBeGreaterThan(0);
  }

  async createPdf(): Promise<void> {
    const before = await this.reports.count();
    await this.page.getByRole("button", { name: "Create PDF", exact: true }).click();
    await expect(this.reports).toHaveCount(before + 1, { timeout: 30_000 });
    await this.recorded("created the PDF");
  }

  /** Reads the latest report, as the link does. */
  async readPdf(): Promise<Buffer> {
    const href = await this.reports.first().getAttribute("href");
    const download = this.page.waitForEvent("download");
    await this.page.evaluate((href) => void Object.assign(document.createElement("a"), { href, download: "" }).click(), href!);
    const stream = await (await download).createReadStream();
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    return Buffer.concat(parts);
  }
}

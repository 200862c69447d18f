import { expect, type Locator, type Page } from "@playwright/test";
import { live, scripts, unique, visit } from "./page";
import type { File } from "./pictures";

/** Values of a new inspection; by default the name is generated. */
export interface About {
  name?: string;
  address?: string;
  type?: string;
  client?: string;
  date?: string;
  summary?: string;
}

export type Condition = "Good" | "Fair" | "Poor" | "Unsafe" | "Not inspected";

/** Page object of an inspection's page. It works with and without JavaScript. */
export class Inspection {
  private constructor(
    readonly page: Page,
    readonly name: string,
    readonly path: string,
  ) {}

  /** Creates an inspection through the form. */
  static async start(page: Page, about: About = {}): Promise<Inspection> {
    await visit(page, "/inspections/new");
    return Inspection.fillIn(page, about);
  }

  /** Opens an existing inspection. */
  static async open(page: Page, name: string, path: string): Promise<Inspection> {
    await visit(page, path);
    return new Inspection(page, name, path);
  }

  /** Fills in and submits the form. */
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

  /** Opens the same inspection on another page, such as another person's. */
  async on(page: Page): Promise<Inspection> {
    return Inspection.open(page, this.name, this.path);
  }

  get id(): string {
    return this.path.split("/").pop()!;
  }

  /** Card of the inspection's own fields. */
  get details(): Locator {
    return this.page.getByRole("region", { name: "Details", exact: true });
  }

  /** Section with this title. */
  section(title: string): Locator {
    return this.page.getByRole("article", { name: title, exact: true });
  }

  /** Photo by its file name, or equipment by kind, make and model. */
  thing(name: string): Locator {
    return this.page.getByRole("group", { name, exact: true });
  }

  /** List of changes on the page, newest first. */
  get history(): Locator {
    return this.page.getByRole("list", { name: "Changes, newest first" });
  }

  /** Links to the reports. */
  get reports(): Locator {
    return this.page.getByRole("link", { name: "View / Download PDF" });
  }

  /** Open confirmation: in a dialog, or on the page without JavaScript. */
  get question(): Locator {
    if (scripts()) return this.page.getByRole("dialog");
    return this.page.getByRole("region").filter({ has: this.page.getByRole("link", { name: "Cancel" }) });
  }

  /** Waits until the newest change has this text. */
  async recorded(sentence: string | RegExp): Promise<void> {
    await expect(this.history.getByRole("listitem").first()).toContainText(sentence);
  }

  /** Completes the inspection and waits for the record. The server creates the final report afterwards. */
  async complete(): Promise<void> {
    await this.press("Complete");
    await expect(this.history.getByRole("listitem").filter({ hasText: "completed it" }).first()).toBeVisible();
  }

  /** Presses a button and confirms. */
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

  /** Sets the condition of a section. */
  async rate(title: string, condition: Condition): Promise<void> {
    const section = this.section(title);
    await section.getByText(condition, { exact: true }).click();
    await expect(section.getByRole("radio", { name: condition, exact: true })).toBeChecked();
    if (!scripts()) await section.getByRole("button", { name: "Save the condition" }).click();
    await this.recorded(new RegExp(`set ${title} from .* to ${condition}`, "i"));
  }

  /** Edits one field of a part of the page and waits until it is saved. */
  async edit(part: Locator, label: string, text: string): Promise<void> {
    await part.getByRole("button", { name: "Edit", exact: true }).click();
    await part.getByLabel(label).fill(text);
    await part.getByRole("button", { name: "Done" }).click();
    await expect(part.getByLabel(label)).toBeHidden();
    await expect(part).toContainText(text);
  }

  /** Attaches photos, to a section if one is given. With JavaScript they are sent immediately. */
  async attach(files: File | File[], section?: string): Promise<void> {
    const part = section
      ? this.section(section)
      : this.page.getByRole("region", { name: /^General photos/ });
    await part.getByLabel("Attach photo").setInputFiles(files);
    if (!scripts()) await part.getByRole("button", { name: "Send" }).click();
  }

  /** Attaches one photo and waits until it is shown. */
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

  /** Downloads the latest report through its link. */
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

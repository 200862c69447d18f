import { expect, type Locator, type Page } from "@playwright/test";
import type { File } from "./pictures";
import { live, scripts, unique, visit } from "./test";

/** What a new inspection is asked for; the name is made up where none is given. */
export interface About {
  name?: string;
  address?: string;
  type?: string;
  client?: string;
  date?: string;
  summary?: string;
}

/** An inspection's page, in the words of those who use it. The same words hold without scripts. */
export class Inspection {
  private constructor(
    readonly page: Page,
    readonly name: string,
    readonly path: string,
  ) {}

  /** Starts one, through the form. */
  static async start(page: Page, about: About = {}): Promise<Inspection> {
    const name = about.name ?? unique("Test House");
    await visit(page, "/inspections/new");
    await page.getByLabel("Name").fill(name);
    if (about.address) await page.getByLabel("Address").fill(about.address);
    if (about.type) await page.getByLabel("Building type").fill(about.type);
    if (about.client) await page.getByLabel("Client").fill(about.client);
    if (about.date) await page.getByLabel("Scheduled date").fill(about.date);
    if (about.summary) await page.getByLabel("Summary").fill(about.summary);
    await page.getByRole("button", { name: "Start inspection" }).click();
    await expect(page).toHaveURL(/\/inspections\/\d+$/);
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    return Inspection.on(page, name);
  }

  /** The inspection whose page is open. */
  static async on(page: Page, name: string): Promise<Inspection> {
    await live(page);
    return new Inspection(page, name, new URL(page.url()).pathname);
  }

  /** The same inspection on another page, such as another person's. */
  async by(page: Page): Promise<Inspection> {
    await visit(page, this.path);
    return new Inspection(page, this.name, this.path);
  }

  get id(): string {
    return this.path.split("/").pop()!;
  }

  /** The part of the page about a section, a photo, or a piece of equipment. */
  part(title: string): Locator {
    return this.page.getByRole("group", { name: title, exact: true });
  }

  /** The history beside it. */
  get history(): Locator {
    return this.page.getByRole("list", { name: "Changes, newest first" });
  }

  /** A button of that name that belongs to the whole inspection, not to a part of it. */
  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Presses the button that a question ends with. */
  async answer(name: string): Promise<void> {
    const question = scripts() ? this.page.getByRole("dialog") : this.page.getByRole("main");
    await question.getByRole("button", { name, exact: true }).last().click();
    await live(this.page);
  }

  async addSection(title: string): Promise<void> {
    await this.button("Add Section").first().click();
    const question = scripts() ? this.page.getByRole("dialog") : this.page.getByRole("main");
    await question.getByLabel("Title").fill(title);
    await this.answer("Add Section");
    await expect(this.part(title)).toBeVisible();
  }

  /** Attaches photos: to a section where one is named. */
  async attach(files: File | File[], section?: string): Promise<void> {
    const where = section ? this.part(section) : this.page;
    await where.getByLabel("Attached Photo").first().setInputFiles(files);
  }

  /** Waits until the newest change reads so. */
  async recorded(sentence: string | RegExp): Promise<void> {
    await expect(this.history.getByRole("listitem").first()).toContainText(sentence);
  }
}

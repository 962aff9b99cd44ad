// A directory of people for a test: a real OpenLDAP on loopback, connected in the portal, with a group of it added.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { END2END } from "./env";
import { alive, button, dialog, field, link, main, row, send, visit } from "./portal";

const SCRIPT = `${END2END}/setup/ldap.sh`;

export class Directory {
  private readonly where = new Map<string, string>();

  constructor(private readonly instance: string) {
    for (const line of execFileSync(SCRIPT, ["start", instance], { encoding: "utf8" }).trim().split("\n")) {
      const [name, value] = line.split("=");
      this.where.set(name, value);
    }
  }

  stop() {
    execFileSync(SCRIPT, ["stop", this.instance]);
  }

  get(name: string): string {
    const value = this.where.get(name);
    if (!value) throw new Error(`the directory says no ${name}`);
    return value;
  }

  /** The fields of its dialog, which is open, right in everything. */
  async fill(page: Page, name: string) {
    const form = dialog(page);
    await field(form, "field-name").fill(name);
    await field(form, "field-servers").fill(`127.0.0.1:${this.get("LDAPS_PORT")}`);
    await field(form, "field-ca").fill(readFileSync(this.get("LDAP_CA"), "utf8"));
    await field(form, "field-base-dn").fill("dc=example,dc=org");
    await field(form, "field-bind-dn").fill("cn=reader,dc=example,dc=org");
    await field(form, "field-bind-password").fill("reader-secret");
  }

  async connect(page: Page, name: string) {
    await visit(page, "/directories/new");
    await this.fill(page, name);
    await send(page);
  }
}

/** Adds a group, or a user, of the directories. */
export async function addFromDirectory(page: Page, name: string) {
  await visit(page, "/users/add");
  await field(dialog(page), "users-add-find").or(dialog(page).getByRole("searchbox")).fill(name);
  await button(dialog(page), "users-add-search").click();
  // What was found is a page of its own.
  await alive(page);
  await dialog(page).getByRole("checkbox", { name: new RegExp(name) }).check();
  await send(page, "action-add-from-directory");
}

/** Takes a user or a group out of the users. */
export async function removeUser(page: Page, name: string) {
  await visit(page, "/users");
  await row(page, name).getByRole("link", { name, exact: true }).click();
  await link(main(page), "action-remove-user").click();
  await send(page, "action-remove-user");
}

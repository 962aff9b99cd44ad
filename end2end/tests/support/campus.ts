// People of a directory, and what they do in the VM portal.
import type { Browser, Page } from "@playwright/test";
import { expect } from "./fixture";
import { addFromDirectory, type Directory, removeUser } from "./ldap";
import { deed, dialog, field, link, main, row, send, signIn, stranger, visit } from "./portal";
import { admin } from "./server";
import { t } from "./texts";

export const NAME = "campus";
export const WORD = "a-herd-of-goats-77";

/** Signs in, as somebody of the directory or of the server's own, and comes to the VM portal. */
export async function enter(browser: Browser, user: string, options: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
  const page = await stranger(browser, options);
  await page.goto("/sign-in");
  await signIn(page, user.startsWith("u0") ? `secret-${user}` : WORD, user.startsWith("u0") ? `${user}@${NAME}` : user);
  await expect(page).toHaveURL(/\/portal$/);
  return page;
}

/** An account of the server's own. */
export const account = (name: string) => admin(`${WORD}\n`, "user", "add", name);

/** The machine's card on the first page. */
export const card = (page: Page, name: string) => main(page).getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });

/** Opens the machine's page from its card, or from its row. */
export async function open(page: Page, name: string) {
  await main(page).getByRole("link", { name, exact: true }).click();
  await page.waitForURL(MACHINE);
}

export const MACHINE = /\/portal\/vms\/[0-9a-f-]{36}$/;

export async function openCenter(page: Page) {
  await visit(page, "/data-centers");
  await row(page, "Default").getByRole("link", { name: "Default", exact: true }).click();
}

export async function give(page: Page, principal: string, role: string) {
  await link(main(page), "permissions-add").click();
  await field(dialog(page), "field-principal").fill(principal);
  await field(dialog(page), "field-role").selectOption({ label: role });
  await send(page, "permissions-add");
}

/** A group of a new directory, with what its people need to make machines. */
export async function setUp(page: Page, directory: Directory) {
  await directory.connect(page, NAME);
  await addFromDirectory(page, "operators");
  await openCenter(page);
  await link(main(page), "tab-permissions").click();
  await give(page, `operators@${NAME}`, "PowerUserRole");
}

export async function takeDown(page: Page, people: string[]) {
  for (const name of ["operators", ...people]) await removeUser(page, name);
  await visit(page, "/directories");
  await row(page, NAME).getByRole("link", { name: NAME, exact: true }).click();
  await deed(page, "action-remove-directory");
}

/** A step of the wizard onwards, or its end. */
export const step = (page: Page, key: string) => main(page).getByRole("button", { name: t(key), exact: true });

/** Goes through the wizard to its last step. */
export async function fillWizard(page: Page, name: string) {
  await visit(page, "/portal/vms/new");
  const form = main(page);
  await field(form, "field-name").fill(name);
  await field(form, "field-template").selectOption({ label: "Tiny Linux" });
  await field(form, "field-memory-size").fill("256");
  for (let n = 0; n < 3; n += 1) await step(page, "wizard-next").click();
  await expect(form.getByText(name, { exact: true })).toBeVisible();
}

// The portal as a person uses it: pages, fields and buttons by their words.
import type { Browser, BrowserContext, Locator, Page } from "@playwright/test";
import { ADMINISTRATOR, PASSWORD, SCREENS } from "./env";
import { expect } from "./fixture";
import { t } from "./texts";

/** Signed in to nothing. */
export const NOBODY = { cookies: [], origins: [] };
/** What a guest under emulation may take to do something. */
export const GUEST = { timeout: 90_000 };

type Scope = Page | Locator;

/** Goes there and waits until the page answers by itself. */
export async function visit(page: Page, path: string) {
  await page.goto(path);
  await alive(page);
}

export const alive = (page: Page) => expect(page.locator("html")).toHaveAttribute("data-alive", "");

/** A field by the key of its label. */
export function field(scope: Scope, key: string): Locator {
  const label = { name: t(key), exact: true };
  return scope.getByRole("textbox", label).or(scope.getByRole("combobox", label)).or(scope.getByRole("checkbox", label));
}

export const link = (scope: Scope, key: string) => scope.getByRole("link", { name: t(key), exact: true });
export const button = (scope: Scope, key: string) => scope.getByRole("button", { name: t(key), exact: true });
export const dialog = (page: Page) => page.getByRole("dialog");
export const main = (page: Page) => page.getByRole("main");

/** The row of a list by the name in it. */
export function row(page: Page, name: string): Locator {
  return main(page).getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** A word somewhere on an object's page, such as its state. */
export const word = (page: Page, text: string) => main(page).getByText(text, { exact: true }).first();

/** Sends the open dialog and waits until it is gone. */
export async function send(page: Page, key = "form-ok") {
  await button(dialog(page), key).click();
  await expect(dialog(page)).toHaveCount(0);
}

export async function signIn(page: Page, password = PASSWORD, user = ADMINISTRATOR) {
  await field(page, "sign-in-user").fill(user);
  await field(page, "sign-in-password").fill(password);
  await button(page, "sign-in-submit").click();
}

export interface NewVm {
  name: string;
  template?: string;
  network?: string;
  memory?: string;
}

/** Makes a VM in its dialog and waits until it is down; gives its id. */
export async function makeVm(page: Page, vm: NewVm): Promise<string> {
  await visit(page, "/vms/new");
  await fillVm(page, vm);
  await send(page);
  await page.waitForURL(/\/vms\/[0-9a-f-]{36}$/);
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  return page.url().split("/").pop()!;
}

export async function fillVm(page: Page, vm: NewVm) {
  const form = dialog(page);
  await field(form, "kind-cluster-title").selectOption({ label: "Lab" });
  if (vm.template) await field(form, "field-template").selectOption({ label: vm.template });
  if (vm.network) await field(form, "vm-nic").selectOption({ label: vm.network });
  await field(form, "field-name").fill(vm.name);
  if (vm.memory) {
    await form.getByRole("tab", { name: t("vm-tab-system") }).click();
    await field(form, "field-memory-size").fill(vm.memory);
  }
}

/** Starts the VM whose page is open and waits until it is up. */
export async function run(page: Page) {
  await button(main(page), "action-run").click();
  await expect(word(page, t("vm-status-up"))).toBeVisible(GUEST);
}

/** A deed of the object whose page is open, through its dialog. */
export async function deed(page: Page, key: string, reason?: string) {
  await link(main(page), key).click();
  if (reason) await field(dialog(page), "field-reason").fill(reason);
  await send(page, key);
}

/** Chooses a deed that is behind "More". */
export async function other(page: Page, key: string) {
  await main(page).getByText(t("action-others"), { exact: true }).first().click();
  await main(page).getByRole("menuitem", { name: t(key), exact: true }).click();
}

/** Powers the VM off, if it runs, and removes it. */
export async function discardVm(page: Page, id: string) {
  await visit(page, `/vms/${id}`);
  if (!(await word(page, t("vm-status-down")).isVisible())) {
    await deed(page, "action-power-off");
    await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  }
  await deed(page, "action-remove");
}

let pictures = 0;

/** A picture for people to look at. */
export async function picture(page: Page, name: string) {
  pictures += 1;
  await page.screenshot({ path: `${SCREENS}/${String(pictures).padStart(2, "0")}-${name}.png` });
}

/** A context with nobody signed in, and its page. */
export async function stranger(browser: Browser, options: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ ...options, storageState: NOBODY, ignoreHTTPSErrors: true });
  return context.newPage();
}

// The VM portal, as people from a directory use it: somebody provisions and uses a machine, meets the limit of the quota, asks
// for more of it, and is given that by an administrator.
import type { Browser, Page } from "@playwright/test";
import { addFromDirectory, Directory, removeUser } from "./support/ldap";
import { expect, test } from "./support/fixture";
import { look } from "./support/look";
import {
  button, deed, dialog, discardVm, field, GUEST, link, main, picture, row, send, signIn, stranger, visit, word,
} from "./support/portal";
import { admin } from "./support/server";
import { t } from "./support/texts";

const NAME = "campus";
const WORD = "a-herd-of-goats-77";
const QUOTA = "campus-quota";
let directory: Directory;

test.describe.configure({ mode: "serial" });
test.beforeAll(() => { directory = new Directory(`campus-${process.pid}`); });
test.afterAll(() => directory.stop());

async function enter(browser: Browser, user: string, options: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
  const page = await stranger(browser, options);
  await page.goto("/sign-in");
  await signIn(page, user.startsWith("u0") ? `secret-${user}` : WORD, user.startsWith("u0") ? `${user}@${NAME}` : user);
  await expect(page).toHaveURL(/\/portal$/);
  return page;
}

/** The machine's card on the first page. */
const card = (page: Page, name: string) => main(page).getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });

async function mode(page: Page, word: "disabled" | "enforced") {
  await visit(page, "/data-centers");
  await row(page, "Default").getByRole("link", { name: "Default", exact: true }).click();
  await link(main(page), "action-edit-data-center").click();
  await field(dialog(page), "field-quota-mode").selectOption({ label: t(`quota-mode-${word}`) });
  await send(page);
}

async function give(page: Page, principal: string, role: string) {
  await link(main(page), "permissions-add").click();
  await field(dialog(page), "field-principal").fill(principal);
  await field(dialog(page), "field-role").selectOption({ label: role });
  await send(page, "permissions-add");
}

/** Goes through the wizard; `keys` does without the mouse. */
async function create(page: Page, name: string, how: (page: Page, name: RegExp) => Promise<void> = press) {
  await visit(page, "/portal/vms/new");
  const form = main(page);
  await field(form, "field-name").fill(name);
  await field(form, "field-template").selectOption({ label: "Tiny Linux" });
  await field(form, "field-memory-size").fill("256");
  for (let step = 0; step < 3; step += 1) await how(page, new RegExp(`^${t("wizard-next")}$`));
  await expect(form.getByText(name, { exact: true })).toBeVisible();
}

const press = (page: Page, name: RegExp) => main(page).getByRole("button", { name }).click();

test("an administrator gives a group of the directory what it needs", async ({ page }) => {
  test.setTimeout(180_000);
  await directory.connect(page, NAME);
  await addFromDirectory(page, "operators");
  admin(`${WORD}\n`, "user", "add", "milo");
  await visit(page, "/quotas/new");
  await field(dialog(page), "kind-data-center-title").selectOption({ label: "Default" });
  await field(dialog(page), "field-name").fill(QUOTA);
  await field(dialog(page), "field-vcpus").fill("1");
  await dialog(page).getByRole("textbox", { name: t("quota-grace"), exact: true }).first().fill("0");
  await send(page);
  await row(page, QUOTA).getByRole("link", { name: QUOTA, exact: true }).click();
  await link(main(page), "quota-consumers").click();
  await link(main(page), "quota-consumers-edit").click();
  await field(dialog(page), "quota-consumer-name").fill(`operators@${NAME}`);
  await send(page);
  await visit(page, "/data-centers");
  await row(page, "Default").getByRole("link", { name: "Default", exact: true }).click();
  await link(main(page), "tab-permissions").click();
  await give(page, `operators@${NAME}`, "PowerUserRole");
  await mode(page, "enforced");
});

test("somebody makes a machine, uses it, and changes it in its place", async ({ browser }) => {
  test.setTimeout(400_000);
  const wrong: string[] = [];
  const page = await enter(browser, "u0001");
  await expect(main(page).getByText(t("portal-none"), { exact: true })).toBeVisible();
  wrong.push(...(await look(page, "portal-empty")));

  await create(page, "mine");
  await picture(page, "portal-review");
  await expect(main(page).getByText(/vCPUs: 100 % after this/)).toBeAttached();
  await press(page, new RegExp(`^${t("wizard-create")}$`));
  await page.waitForURL(/\/portal\/vms\/[0-9a-f-]{36}$/);
  await expect(word(page, t("vm-status-up")), "it was started once it was made").toBeVisible(GUEST);
  wrong.push(...(await look(page, "portal-machine-up")));

  const opened = page.waitForEvent("popup");
  await link(main(page), "action-console").first().click();
  const screen = await opened;
  await expect(screen).toHaveURL(/\/console$/);
  await screen.close();

  await page.getByRole("link", { name: t("portal-edit", { part: t("part-general") }) }).click();
  await field(main(page), "field-description").fill("for the course");
  await button(main(page), "form-save").click();
  await expect(main(page).getByText("for the course", { exact: true }).first()).toBeVisible();

  await visit(page, "/portal");
  await expect(card(page, "mine")).toContainText(t("vm-status-up"));
  wrong.push(...(await look(page, "portal-cards")));
  await visit(page, "/portal?view=table");
  await expect(row(page, "mine")).toBeVisible();
  wrong.push(...(await look(page, "portal-table")));
  await visit(page, "/portal?name=nothing&doing=off");
  await expect(main(page).getByText(t("portal-none-found"), { exact: true })).toBeVisible();
  await visit(page, "/portal/resources");
  await expect(main(page).getByText(/1 of 1/).first()).toBeVisible();
  wrong.push(...(await look(page, "portal-resources")));
  expect(wrong).toEqual([]);
  await page.context().close();
});

test("the quota has no room for another, and says so", async ({ browser }) => {
  test.setTimeout(180_000);
  const page = await enter(browser, "u0001");
  await create(page, "too-much");
  await field(main(page), "vm-start-once-made").uncheck();
  await press(page, new RegExp(`^${t("wizard-create")}$`));
  await page.waitForURL(/\/portal\/vms\/[0-9a-f-]{36}$/);
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await button(main(page), "action-run").click();
  await expect(main(page).getByText(new RegExp(`The quota ${QUOTA} has no room for too-much`))).toBeVisible();
  await expect(main(page).getByText(/mine \(1\)/)).toBeVisible();
  await expect(link(main(page), "action-ask-for-quota")).toBeVisible();
  expect(await look(page, "portal-quota-refused")).toEqual([]);

  await visit(page, "/portal/resources");
  await link(main(page), "action-ask-for-quota").click();
  const form = dialog(page);
  await field(form, "field-vcpus").fill("1");
  await button(form, "action-ask-for-quota").click();
  await expect(form.locator("input[name=until]"), "a day is needed, and nothing typed is lost").toHaveAttribute("aria-invalid", "true");
  await expect(field(form, "field-vcpus")).toHaveValue("1");
  await field(form, "field-request-reason").fill("the course needs two");
  await form.locator("input[name=until]").fill("2031-05-01");
  expect(await look(page, "portal-ask")).toEqual([]);
  await send(page, "action-ask-for-quota");
  await expect(main(page).getByText(t("request-state-asked"), { exact: true })).toBeVisible();
  expect(await look(page, "portal-asked")).toEqual([]);
  await page.context().close();
});

test("an administrator is told of it, and gives more until a day", async ({ page, browser }) => {
  test.setTimeout(240_000);
  await visit(page, "/quotas");
  await page.getByRole("banner").getByLabel(/alert/).first().click();
  await expect(page.getByRole("banner").getByText(new RegExp(QUOTA)).first()).toBeVisible();
  await row(page, QUOTA).getByRole("link", { name: QUOTA, exact: true }).click();
  await main(page).getByRole("link", { name: t("quota-requests"), exact: true }).click();
  await expect(main(page).getByText("the course needs two")).toBeVisible();
  expect(await look(page, "quota-requests")).toEqual([]);
  await main(page).getByRole("link", { name: t("action-answer-request") }).first().click();
  await field(dialog(page), "field-request-word").fill("until the course ends");
  expect(await look(page, "quota-answer")).toEqual([]);
  await send(page, "request-approve");
  await expect(main(page).getByText(t("request-state-approved"), { exact: true }).first()).toBeVisible();

  const user = await enter(browser, "u0001");
  await visit(user, "/portal/resources");
  await expect(main(user).getByText(t("request-state-approved"), { exact: true })).toBeVisible();
  await expect(main(user).getByText(/until the course ends/)).toBeVisible();
  await visit(user, "/portal");
  await card(user, "too-much").getByRole("link", { name: "too-much", exact: true }).click();
  await user.waitForURL(/\/portal\/vms\/[0-9a-f-]{36}$/);
  await button(main(user), "action-run").click();
  await expect(word(user, t("vm-status-up")), "there is room now").toBeVisible(GUEST);
  const path = new URL(user.url()).pathname;
  await visit(user, `${path}/power-off`);
  await send(user, "action-power-off");
  await expect(word(user, t("vm-status-down"))).toBeVisible(GUEST);
  await visit(user, `${path}/remove`);
  await send(user, "action-remove");
  await expect(user).toHaveURL(/\/portal$/);
  await user.context().close();
});

test("everything is taken out again", async ({ page }) => {
  test.setTimeout(240_000);
  await visit(page, "/vms");
  const machine = (await row(page, "mine").getByRole("link", { name: "mine", exact: true }).getAttribute("href"))!;
  await discardVm(page, machine.split("/").pop()!);
  await mode(page, "disabled");
  await expect(async () => {
    await visit(page, "/vms");
    await expect(row(page, "mine")).toHaveCount(0, { timeout: 3_000 });
    await expect(row(page, "too-much")).toHaveCount(0, { timeout: 3_000 });
  }).toPass(GUEST);
  await visit(page, "/quotas");
  await row(page, QUOTA).getByRole("link", { name: QUOTA, exact: true }).click();
  await deed(page, "action-remove-quota");
  for (const name of ["u0001", "operators", "milo"]) await removeUser(page, name);
  await visit(page, "/directories");
  await row(page, NAME).getByRole("link", { name: NAME, exact: true }).click();
  await deed(page, "action-remove-directory");
});

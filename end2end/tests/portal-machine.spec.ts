// A machine in the VM portal, from its making to its end: by the keyboard, on a telephone, without JavaScript, shared with somebody,
// with a lease, edited in two places, and removed under its page.
import type { Page } from "@playwright/test";
import { account, card, enter, fillWizard, give, MACHINE, open, openCenter, setUp, step, takeDown, WORD } from "./support/campus";
import { expect, test } from "./support/fixture";
import { press, reach, type } from "./support/keyboard";
import { Directory } from "./support/ldap";
import { look } from "./support/look";
import { alive, button, deed, dialog, field, GUEST, link, main, picture, row, send, signIn, stranger, visit, word } from "./support/portal";
import { t } from "./support/texts";

const NARROW = { width: 390, height: 844 };
const TEMPLATE = "Tiny Linux";
let directory: Directory;

test.describe.configure({ mode: "serial" });
test.beforeAll(() => { directory = new Directory(`machine-${process.pid}`); });
test.afterAll(() => directory.stop());

/** A part of a machine by its name. */
const part = (page: Page, name: string) => main(page).getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });

/** What may be done with the machine, behind its button. */
const deeds = (page: Page, name: string) => main(page).locator("summary").and(page.getByLabel(t("portal-deeds-of", { name }))).first();

const choose = (page: Page, key: string) => page.getByRole("menuitem", { name: t(key), exact: true });

/** How long what is made from the template is there; empty is for ever. */
async function lease(page: Page, days: string, extension: string, longest: string) {
  await visit(page, "/templates");
  await row(page, TEMPLATE).getByRole("link", { name: TEMPLATE, exact: true }).click();
  await link(main(page), "action-edit-template").click();
  await field(dialog(page), "lease-days").fill(days);
  await field(dialog(page), "lease-extension").fill(extension);
  await field(dialog(page), "lease-longest").fill(longest);
  await send(page);
}

test("a group of a directory may make machines, which expire", async ({ page }) => {
  test.setTimeout(120_000);
  await setUp(page, directory);
  account("milo");
  await lease(page, "30", "40", "60");
});

test("with the keyboard alone a machine is made and started", async ({ browser }) => {
  test.setTimeout(180_000);
  const page = await enter(browser, "u0001");
  await press(page, main(page).getByRole("link", { name: t("portal-create"), exact: true }).first());
  await page.waitForURL(/\/portal\/vms\/new$/);
  await type(page, field(main(page), "field-name"), "mine");
  await reach(page, field(main(page), "field-template"));
  await page.keyboard.type(TEMPLATE);
  await type(page, field(main(page), "field-memory-size"), "256");
  expect(await look(page, "portal-wizard")).toEqual([]);
  // The key that sends a form goes on to the next step.
  await reach(page, field(main(page), "field-memory-size"));
  for (const at of ["wizard-network", "wizard-storage", "wizard-review"]) {
    await page.keyboard.press("Enter");
    await expect(page.getByRole("link", { name: t(at) })).toHaveAttribute("aria-current", "step");
    if (at !== "wizard-review") await reach(page, step(page, "wizard-next"));
  }
  await press(page, step(page, "wizard-create"));
  await page.waitForURL(MACHINE);
  await expect(word(page, t("vm-status-up")), "it was started once it was made").toBeVisible(GUEST);
  await page.context().close();
});

test("a disk and an interface are added to it and taken out", async ({ browser }) => {
  test.setTimeout(240_000);
  const page = await enter(browser, "u0001");
  await open(page, "mine");
  await link(main(page), "action-add-disk").click();
  await field(dialog(page), "field-alias").fill("data");
  await dialog(page).locator("input[name=size]").fill("1");
  expect(await look(page, "portal-add-disk")).toEqual([]);
  await send(page);
  await expect(part(page, "data")).toContainText("1 GiB", GUEST);
  await link(main(page), "action-add-nic").click();
  await dialog(page).locator("select[name=network]").selectOption({ label: "mgmt" });
  expect(await look(page, "portal-add-nic")).toEqual([]);
  await send(page);
  await expect(part(page, "nic1")).toContainText("mgmt", GUEST);
  const remove = t("deed-title", { action: t("action-remove-nic"), name: "nic1" });
  await main(page).getByRole("link", { name: remove, exact: true }).click();
  await send(page, "action-remove-nic");
  await expect(part(page, "nic1")).toHaveCount(0, GUEST);
  await page.context().close();
});

test("the bell tells what happened before the page was opened, and what happens", async ({ browser }) => {
  test.setTimeout(120_000);
  const page = await enter(browser, "u0001");
  const bell = page.getByRole("banner").locator("summary").first();
  const told = page.getByRole("banner").getByRole("menuitem");
  await expect(bell, "nothing is new").toHaveAttribute("aria-label", "Messages");
  await bell.click();
  await expect(told.filter({ hasText: t("event-vm-created", { name: "mine" }) })).toBeVisible();
  expect(await look(page, "portal-bell")).toEqual([]);
  await choose(page, "portal-messages-clear").click();
  await bell.click();
  await expect(told, "what was cleared stays away").toHaveText([t("portal-messages-clear"), t("portal-messages-all")]);

  await open(page, "mine");
  await page.goto(`${new URL(page.url()).pathname}?edit=overview`);
  await alive(page);
  await field(main(page), "field-description").fill("Mine alone");
  await button(main(page), "form-save").click();
  await expect(bell).toHaveAttribute("aria-label", "1 new message", GUEST);
  await bell.click();
  await expect(told.first()).toContainText("mine");
  await expect(bell, "what is seen is not new").toHaveAttribute("aria-label", "Messages");
  await page.context().close();
});

test("it is shared with somebody, who may do what the role says and nothing else", async ({ browser }) => {
  test.setTimeout(180_000);
  const owner = await enter(browser, "u0001");
  await open(owner, "mine");
  await link(main(owner), "permissions-add").click();
  await field(dialog(owner), "field-principal").fill("u0001@campus");
  await field(dialog(owner), "field-role").selectOption({ label: "UserRole" });
  await button(dialog(owner), "permissions-add").click();
  const whom = dialog(owner).getByRole("combobox", { name: t("field-principal") });
  await expect(whom, "not with oneself").toHaveAttribute("aria-invalid", "true");
  await expect(whom).toHaveValue("u0001@campus");
  await whom.fill("milo@internal");
  await dialog(owner).locator("input[name=until]").fill("2031-05-01");
  expect(await look(owner, "portal-share")).toEqual([]);
  await send(owner, "permissions-add");
  await expect(main(owner).getByRole("row").filter({ hasText: "milo@internal" })).toBeVisible();

  const milo = await enter(browser, "milo@internal");
  await open(milo, "mine");
  await expect(word(milo, t("vm-status-up"))).toBeVisible();
  await expect(milo.getByRole("link", { name: t("portal-edit", { part: t("part-general") }) })).toHaveCount(0);
  await deeds(milo, "mine").click();
  await expect(choose(milo, "action-shutdown")).toBeVisible();
  await expect(choose(milo, "action-remove")).toHaveCount(0);
  await visit(milo, `${new URL(milo.url()).pathname}/remove`);
  await button(dialog(milo), "action-remove").click();
  await expect(dialog(milo).getByRole("alert")).toContainText(t("refusal-not-permitted", { action: t("action-remove") }));
  await milo.context().close();
  await owner.context().close();
});

test("its end is moved within the limit, and not beyond", async ({ browser }) => {
  const page = await enter(browser, "u0001");
  await open(page, "mine");
  const path = new URL(page.url()).pathname;
  await visit(page, `${path}/extend-lease`);
  const until = dialog(page).locator("input[name=until]");
  const possible = await until.inputValue();
  const beyond = `${Number(possible.slice(0, 4)) + 1}${possible.slice(4)}`;
  await until.fill(beyond);
  await button(dialog(page), "action-extend-lease").click();
  await expect(until).toHaveAttribute("aria-invalid", "true");
  await expect(until, "what was typed stays").toHaveValue(beyond);
  expect(await look(page, "portal-extend-refused")).toEqual([]);
  await until.fill(possible);
  await send(page, "action-extend-lease");
  await visit(page, `${path}/extend-lease`);
  await expect(until).toHaveValue(possible);
  await page.context().close();
});

test("edited in two places, the second is shown what the first one made", async ({ browser }) => {
  const page = await enter(browser, "u0001");
  await open(page, "mine");
  const path = new URL(page.url()).pathname;
  const other = await page.context().newPage();
  await visit(other, `${path}?edit=overview`);
  await visit(page, `${path}?edit=overview`);
  await field(main(page), "field-description").fill("the first");
  await button(main(page), "form-save").click();
  await expect(word(page, "the first")).toBeVisible();
  await field(main(other), "field-description").fill("the second");
  await button(main(other), "form-save").click();
  await expect(main(other).getByRole("alert")).toContainText(t("form-conflict", { who: "u0001@campus" }));
  await expect(field(main(other), "field-description")).toHaveValue("the second");
  expect(await look(other, "portal-conflict")).toEqual([]);
  await button(main(other), "form-keep-mine").click();
  await expect(word(other, "the second")).toBeVisible();
  await page.context().close();
});

test("a session that ends in the wizard takes nothing that was typed", async ({ browser }) => {
  const page = await enter(browser, "u0001");
  await fillWizard(page, "kept");
  await page.context().clearCookies();
  await step(page, "wizard-create").click();
  await expect(main(page).getByRole("alert")).toContainText(t("form-signed-out"));
  const opened = page.context().waitForEvent("page");
  await link(main(page), "form-sign-in-beside").click();
  const beside = await opened;
  await alive(beside);
  await signIn(beside, "secret-u0001", "u0001@campus");
  await expect(beside).not.toHaveURL(/sign-in/);
  await beside.close();
  await field(main(page), "vm-start-once-made").uncheck();
  await step(page, "wizard-create").click();
  await page.waitForURL(MACHINE);
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await page.context().close();
});

test("on a telephone it is switched off", async ({ browser }) => {
  test.setTimeout(120_000);
  const page = await enter(browser, "u0001");
  await page.setViewportSize(NARROW);
  await visit(page, "/portal");
  await card(page, "mine").getByRole("link", { name: "mine", exact: true }).click();
  await page.waitForURL(MACHINE);
  await deeds(page, "mine").click();
  await choose(page, "action-power-off").click();
  await send(page, "action-power-off");
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await visit(page, "/portal/vms/new");
  await expect(page.getByRole("link", { name: t("wizard-basic") })).toBeVisible();
  await picture(page, "portal-wizard-narrow");
  await page.context().close();
});

test("without JavaScript it is started, changed and found", async ({ browser }) => {
  test.setTimeout(180_000);
  const page = await enter(browser, "u0001", { javaScriptEnabled: false });
  await open(page, "mine");
  const path = new URL(page.url()).pathname;
  await button(main(page), "action-run").click();
  await expect(async () => {
    await page.goto(path);
    await expect(word(page, t("vm-status-up"))).toBeVisible({ timeout: 1_000 });
  }).toPass(GUEST);
  await page.goto(`${path}?edit=overview`);
  await field(main(page), "field-name").fill("");
  await button(main(page), "form-save").click();
  await expect(page.getByText(t("field-required")).first()).toBeVisible();
  await page.goto(`${path}?edit=overview`);
  await field(main(page), "field-name").fill("mine-too");
  await button(main(page), "form-save").click();
  await expect(main(page).getByRole("heading", { name: "mine-too" })).toBeVisible();
  await page.goto("/portal");
  await main(page).getByRole("searchbox", { name: t("field-name") }).fill("too");
  await button(main(page), "portal-apply").click();
  await expect(card(page, "mine-too")).toBeVisible();
  await expect(card(page, "kept")).toHaveCount(0);
  await page.context().close();
});

test("what is set for the portal holds, and its pages are fit to be seen", async ({ browser }) => {
  test.setTimeout(120_000);
  const wrong: string[] = [];
  const page = await enter(browser, "u0001");
  await visit(page, "/portal/settings");
  await field(main(page), "portal-layout").selectOption({ label: t("portal-as-table") });
  await field(main(page), "portal-quiet").selectOption({ label: t("portal-quiet-1h") });
  await button(main(page), "form-save").click();
  await expect(field(main(page), "portal-layout")).toHaveValue("table");
  wrong.push(...(await look(page, "portal-settings")));
  await visit(page, "/portal");
  await expect(row(page, "mine-too")).toBeVisible();
  for (const list of ["templates", "events"]) {
    await visit(page, `/portal/${list}`);
    wrong.push(...(await look(page, `portal-${list}`)));
  }
  await visit(page, "/portal");
  await open(page, "mine-too");
  const path = new URL(page.url()).pathname;
  for (const edit of ["?edit=overview", "?edit=hardware", "/remove", "/change-cd"]) {
    await visit(page, path + edit);
    wrong.push(...(await look(page, `portal-machine-${edit.replace(/\W+/g, "-")}`)));
  }
  expect(wrong).toEqual([]);
  await page.context().close();
});

test("a helpdesk gives a role on it and takes it, with the keyboard and on a telephone, and sees no more", async ({ page, browser }) => {
  test.setTimeout(120_000);
  account("lodge");
  await visit(page, "/roles/new");
  await field(dialog(page), "field-name").fill("Campus desk");
  await field(dialog(page), "field-role-admin").check();
  await dialog(page).getByText(t("area-users"), { exact: true }).click();
  for (const label of [t("role-group-admin", { group: t("group-500") }), t("group-502")]) {
    await dialog(page).getByRole("checkbox", { name: label, exact: true }).check();
  }
  await send(page);
  await openCenter(page);
  await link(main(page), "tab-permissions").click();
  await give(page, "lodge@internal", "Campus desk");

  const desk = await stranger(browser);
  await desk.setViewportSize(NARROW);
  await desk.goto("/sign-in");
  await signIn(desk, WORD, "lodge@internal");
  await expect(desk).not.toHaveURL(/sign-in/);
  await visit(desk, "/data-centers");
  await press(desk, row(desk, "Default").getByRole("link", { name: "Default", exact: true }));
  await press(desk, link(main(desk), "tab-permissions"));
  await press(desk, link(main(desk), "permissions-add"));
  await type(desk, dialog(desk).getByRole("combobox", { name: t("field-principal") }), "milo@internal");
  await reach(desk, field(dialog(desk), "field-role"));
  await desk.keyboard.type("UserRole");
  await press(desk, button(dialog(desk), "permissions-add"));
  const own = main(desk).getByRole("row").filter({ hasText: "milo@internal" });
  await expect(own).toBeVisible();
  await press(desk, own.getByRole("link", { name: t("permissions-remove-title", { role: "UserRole", principal: "milo@internal" }) }));
  await press(desk, button(dialog(desk), "action-remove-permission"));
  await expect(own).toHaveCount(0);
  await visit(desk, "/users");
  await expect(main(desk).getByRole("link", { name: "u0001", exact: true }), "whom it has nothing to do with").toHaveCount(0);
  await desk.context().close();
});

test("a machine that an administrator removes is gone from its page", async ({ page, browser }) => {
  test.setTimeout(240_000);
  const owner = await enter(browser, "u0001");
  await open(owner, "mine-too");
  const path = new URL(owner.url()).pathname.replace("/portal", "");
  await visit(page, path);
  await deed(page, "action-power-off");
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await deed(page, "action-remove");
  await expect(word(owner, t("frame-not-found"))).toBeVisible(GUEST);
  await visit(owner, "/portal");
  await open(owner, "kept");
  await visit(owner, `${new URL(owner.url()).pathname}/remove`);
  await send(owner, "action-remove");
  await expect(owner).toHaveURL(/\/portal$/);
  await owner.context().close();

  await lease(page, "", "", "");
  await openCenter(page);
  await link(main(page), "tab-permissions").click();
  const desk = main(page).getByRole("row").filter({ hasText: "lodge@internal" });
  await desk.getByRole("link", { name: t("permissions-remove-title", { role: "Campus desk", principal: "lodge@internal" }) }).click();
  await send(page, "action-remove-permission");
  await visit(page, "/roles");
  await row(page, "Campus desk").getByRole("link", { name: "Campus desk", exact: true }).click();
  await deed(page, "action-remove-role");
  await takeDown(page, ["u0001", "milo", "lodge"]);
});

// Roles and permissions: a role of one's own, given on a cluster; a helpdesk that gives and takes, and does nothing else.
import type { Browser, Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { look } from "./support/look";
import { button, dialog, field, link, main, row, send, signIn, stranger, visit } from "./support/portal";
import { admin } from "./support/server";
import { t } from "./support/texts";

const WORD = "a-herd-of-goats-77";

/** Accounts are made on the server's own machine. */
const account = (name: string) => admin(`${WORD}\n`, "user", "add", name);

async function as(browser: Browser, name: string): Promise<Page> {
  const page = await stranger(browser);
  await visit(page, "/sign-in");
  await signIn(page, WORD, name);
  await expect(page).not.toHaveURL(/sign-in/);
  return page;
}

/** Makes a role of these action groups, by their areas. */
async function makeRole(page: Page, name: string, administrative: boolean, groups: [area: string, label: string][]) {
  await visit(page, "/roles/new");
  await field(dialog(page), "field-name").fill(name);
  if (administrative) await field(dialog(page), "field-role-admin").check();
  for (const [area, label] of groups) {
    const box = dialog(page).getByRole("checkbox", { name: label, exact: true });
    if (!(await box.isVisible())) await dialog(page).getByText(t(area), { exact: true }).click();
    await box.check();
  }
  await send(page);
  await expect(page).toHaveURL(/\/roles\/[0-9a-f-]{36}$/);
}

async function give(page: Page, principal: string, role: string) {
  await link(main(page), "permissions-add").click();
  await field(dialog(page), "field-principal").fill(principal);
  await field(dialog(page), "field-role").selectOption({ label: role });
  await send(page, "permissions-add");
}

/** The line of a permission by whose it is. */
const line = (page: Page, principal: string, role: string) =>
  main(page).getByRole("row").filter({ hasText: principal }).filter({ hasText: role });

const admins = (label: string) => t("role-group-admin", { group: t(label) });

test("an administrator defines a role, gives it to a user on a cluster, and the user sees the cluster", async ({ page, browser }) => {
  account("ada");
  await makeRole(page, "Operators", false, [["area-vm", t("group-22")], ["area-vm", t("group-19")]]);
  expect(await look(page, "role")).toEqual([]);
  await visit(page, "/roles");
  expect(await look(page, "roles")).toEqual([]);
  const ada = await as(browser, "ada@internal");
  await visit(ada, "/clusters");
  await expect(row(ada, "Lab")).toHaveCount(0);

  await visit(page, "/clusters");
  await row(page, "Lab").getByRole("link", { name: "Lab", exact: true }).click();
  await link(page.getByRole("main"), "tab-permissions").click();
  await give(page, "ada", "Operators");
  await expect(line(page, "ada@internal", "Operators")).toBeVisible();
  expect(await look(page, "permissions")).toEqual([]);
  await visit(ada, "/clusters");
  await expect(row(ada, "Lab")).toBeVisible();

  await link(main(page), "permissions-explain").click();
  await field(dialog(page), "field-principal").fill("ada");
  await field(dialog(page), "field-action").selectOption({ index: 1 });
  await button(dialog(page), "permissions-explain-ask").click();
  await expect(dialog(page).getByText(t("explain-needed"), { exact: true })).toBeVisible();
  expect(await look(page, "explain")).toEqual([]);
  await link(dialog(page), "form-cancel").click();

  await visit(page, "/roles");
  await row(page, "Operators").getByRole("link", { name: "Operators", exact: true }).click();
  await link(main(page), "action-remove-role").click();
  await button(dialog(page), "action-remove-role").click();
  await expect(dialog(page).getByRole("alert")).toContainText("ada@internal");
});

test("a helpdesk gives and takes, and is refused all else", async ({ page, browser }) => {
  account("desk");
  account("eve");
  await makeRole(page, "Helpdesk", true, [["area-users", admins("group-500")], ["area-users", t("group-502")]]);
  await visit(page, "/permissions");
  await give(page, "desk@internal", "Helpdesk");
  expect(await look(page, "permissions-system")).toEqual([]);

  const desk = await as(browser, "desk@internal");
  await visit(desk, "/clusters");
  await row(desk, "Lab").getByRole("link", { name: "Lab", exact: true }).click();
  await link(main(desk), "tab-permissions").click();
  await link(main(desk), "permissions-add").click();
  await expect(field(dialog(desk), "field-role").getByRole("option", { name: "SuperUser", exact: true })).toHaveCount(0);
  await link(dialog(desk), "form-cancel").click();
  await give(desk, "eve", "UserRole");
  const own = line(desk, "eve@internal", "UserRole");
  await own.getByRole("link", { name: t("permissions-remove-title", { role: "UserRole", principal: "eve@internal" }) }).click();
  await send(desk, "action-remove-permission");
  await expect(own).toHaveCount(0);

  await link(main(desk), "action-edit-cluster").click();
  await button(dialog(desk), "form-ok").click();
  await expect(dialog(desk).getByRole("alert")).toContainText(t("refusal-not-permitted", { action: t("action-edit-cluster") }));
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a role is made, given and taken by plain forms", async ({ page }) => {
    await page.goto("/roles/new");
    await field(dialog(page), "field-name").fill("Plain");
    await button(dialog(page), "form-ok").click();
    await expect(dialog(page)).toContainText(t("role-no-groups"));
    await dialog(page).getByText(t("area-vm"), { exact: true }).click();
    await dialog(page).getByRole("checkbox", { name: t("group-22"), exact: true }).check();
    await send(page);
    await page.goto("/permissions");
    await give(page, "admin", "Plain");
    const own = line(page, "admin@internal", "Plain");
    await own.getByRole("link", { name: t("permissions-remove-title", { role: "Plain", principal: "admin@internal" }) }).click();
    await send(page, "action-remove-permission");
    await expect(own).toHaveCount(0);
    await expect(line(page, t("principal-everyone"), "UserProfileEditor")).toBeVisible();
  });
});

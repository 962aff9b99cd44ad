// A directory is connected with its test, a group of it is added, and a member signs in. The directory is a real OpenLDAP.
import { readFileSync } from "node:fs";
import { expect, test } from "./support/fixture";
import { alive, button, dialog, field, link, main, picture, row, send, signIn, stranger, visit } from "./support/portal";
import { Directory, removeUser } from "./support/ldap";
import { t } from "./support/texts";

let where: Directory;

test.describe.configure({ mode: "serial" });

test.beforeAll(() => { where = new Directory(`browser-${process.pid}`); });
test.afterAll(() => where.stop());

test("a directory is tested, mended, and kept", async ({ page }) => {
  await visit(page, "/directories/new");
  const form = dialog(page);
  await where.fill(page, "example.org");
  await field(form, "field-ca").fill(readFileSync(where.get("LDAP_OTHER_CA"), "utf8"));
  await button(form, "action-test-directory").click();
  await expect(form.getByText(/✗ Encryption/)).toBeVisible();
  await picture(page, "directory-test-refused");
  await field(form, "field-ca").fill(readFileSync(where.get("LDAP_CA"), "utf8"));
  await button(form, "action-test-directory").click();
  await expect(form.getByText(/u0001/)).toBeVisible();
  await picture(page, "directory-test-fine");
  await send(page);
  await expect(main(page).getByRole("heading", { name: "example.org" })).toBeVisible();
  await picture(page, "directory");
});

test("a group is added, and a member signs in", async ({ page, browser }) => {
  await visit(page, "/users");
  await link(main(page), "action-add-from-directory").click();
  await field(dialog(page), "users-add-find").or(dialog(page).getByRole("searchbox")).fill("operators");
  await button(dialog(page), "users-add-search").click();
  await alive(page);
  await dialog(page).getByRole("checkbox", { name: /operators/ }).check();
  await picture(page, "users-add");
  await send(page, "action-add-from-directory");
  await expect(row(page, "operators")).toContainText(t("value-group"));
  await picture(page, "users-and-groups");

  const other = await stranger(browser);
  await visit(other, "/sign-in");
  await field(other, "sign-in-directory").selectOption("example.org");
  await picture(other, "sign-in-directory");
  await signIn(other, "secret-u0001", "u0001");
  await expect(other, "who administers nothing comes to the VM portal").toHaveURL(/\/portal$/);
  await expect(other.getByRole("banner").getByText("u0001@example.org", { exact: true }).first()).toBeVisible();
  await other.context().close();

  await visit(page, "/users");
  await expect(row(page, "u0001")).toContainText("operators");
});

test("who was not added stays outside, without JavaScript too", async ({ browser }) => {
  const other = await stranger(browser, { javaScriptEnabled: false });
  await other.goto("/sign-in");
  await signIn(other, "secret-u0009", "u0009@example.org");
  await expect(other.getByText(/was not added here/)).toBeVisible();
  await signIn(other, "wrong", "u0001@example.org");
  await expect(other.getByText(t("refusal-sign-in"))).toBeVisible();
  await other.context().close();
});

test("users, the group and the directory are taken out again", async ({ page }) => {
  await visit(page, "/directories");
  await row(page, "example.org").getByRole("link", { name: "example.org", exact: true }).click();
  const directory = page.url();
  await link(main(page), "action-remove-directory").click();
  await button(dialog(page), "action-remove-directory").click();
  await expect(dialog(page).getByText(/still used/)).toBeVisible();
  for (const name of ["u0001", "operators"]) {
    await removeUser(page, name);
    await expect(row(page, name)).toHaveCount(0);
  }
  await visit(page, new URL(directory).pathname);
  await link(main(page), "action-remove-directory").click();
  await send(page, "action-remove-directory");
});

// An OpenID Connect provider is set up with its test, a group of it is given a role, and a member signs in over there and
// sees what the group sees. The provider is the certified oidc-provider of npm.
import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "@playwright/test";
import { END2END, URL_OF_SERVER } from "./support/env";
import { expect, test } from "./support/fixture";
import { look } from "./support/look";
import { alive, button, dialog, field, link, main, picture, row, send, stranger, visit } from "./support/portal";
import { t } from "./support/texts";

const BACK = `${URL_OF_SERVER}/sign-in/oidc/callback`;
const NAME = "id.example";
let provider: ChildProcess;
let issuer: string;

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  const script = resolve(END2END, "setup/openid.mjs");
  provider = spawn(process.execPath, [script, BACK], { stdio: ["pipe", "pipe", "inherit"] });
  for await (const line of createInterface({ input: provider.stdout! })) {
    issuer = line.replace("OPENID_ISSUER=", "");
    break;
  }
});

test.afterAll(() => {
  provider.stdin!.end();
});

const way = (page: Page) => page.getByRole("link", { name: t("sign-in-with", { name: NAME }) });

/** At the provider. */
async function signInThere(page: Page, name: string) {
  await expect(page.getByRole("heading", { name: "Provider" })).toBeVisible();
  await page.getByLabel("Login").fill(name);
  await page.getByLabel("Password").fill(`secret-${name}`);
  await page.getByRole("button", { name: "Continue" }).click();
}

test("a provider is tested, mended, and kept", async ({ page }) => {
  await visit(page, "/directories");
  await link(main(page), "action-add-provider").click();
  const form = dialog(page);
  await expect(form.getByText(BACK)).toBeVisible();
  await field(form, "field-name").fill(NAME);
  await field(form, "field-issuer").fill(`${issuer}/elsewhere`);
  await field(form, "field-client-id").fill("drover");
  await field(form, "field-client-secret").fill("secret-of-drover");
  await field(form, "field-scopes").fill("profile email groups");
  await button(form, "action-test-directory").click();
  await expect(form.getByText(new RegExp(`✗ ${t("directory-step-name-discovery")}`))).toBeVisible();
  await picture(page, "provider-test-refused");
  await field(form, "field-issuer").fill(issuer);
  await button(form, "action-test-directory").click();
  await expect(form.getByText("S256")).toBeVisible();
  expect(await look(page, "provider-new")).toEqual([]);
  await send(page);
  await expect(main(page).getByRole("heading", { name: NAME })).toBeVisible();
  await expect(main(page).getByText(issuer).first()).toBeVisible();
  expect(await look(page, "provider")).toEqual([]);
});

test("its group is given a role on a cluster", async ({ page }) => {
  await visit(page, "/clusters/new");
  await field(dialog(page), "field-name").fill("Branch");
  await send(page);
  await visit(page, "/directories");
  await row(page, NAME).getByRole("link", { name: NAME, exact: true }).click();
  await link(main(page), "action-add-groups").click();
  await field(dialog(page), "field-provider-groups").fill("operators\nnobody");
  await picture(page, "provider-groups");
  await send(page, "action-add-groups");
  await visit(page, "/clusters");
  await row(page, "Lab").getByRole("link", { name: "Lab", exact: true }).click();
  await link(main(page), "tab-permissions").click();
  await link(main(page), "permissions-add").click();
  await field(dialog(page), "field-principal").fill(`operators@${NAME}`);
  await field(dialog(page), "field-role").selectOption({ label: "UserRole" });
  await send(page, "permissions-add");
});

test("a member signs in over there and sees that cluster only, and nobody comes back twice", async ({ page, browser }) => {
  const ada = await stranger(browser);
  await visit(ada, "/clusters");
  expect(await look(ada, "sign-in-providers")).toEqual([]);
  const back = ada.waitForRequest((request) => request.url().startsWith(BACK));
  await way(ada).click();
  await signInThere(ada, "ada");
  await expect(ada, "the page that was asked for").toHaveURL(`${URL_OF_SERVER}/clusters`);
  await alive(ada);
  await expect(row(ada, "Lab")).toBeVisible();
  await expect(row(ada, "Branch")).toHaveCount(0);
  await expect(ada.getByText(`ada@${NAME}`, { exact: true }).first()).toBeVisible();
  await picture(ada, "signed-in-by-openid");
  const session = (await ada.context().cookies()).find((cookie) => cookie.name === "__Host-drover");

  const replayed = await ada.goto((await back).url());
  expect(replayed?.status()).toBe(403);
  await expect(ada.getByText(t("refusal-openid-state"))).toBeVisible();
  await alive(ada);
  expect(await look(ada, "openid-refused")).toEqual([]);
  const thief = await stranger(browser);
  expect((await thief.goto((await back).url()))?.status()).toBe(403);
  await thief.context().close();

  // The next time it is another session, and the same user.
  await ada.context().clearCookies({ name: "__Host-drover" });
  await visit(ada, "/sign-in");
  await way(ada).click();
  await expect(ada, "the provider still knows who it is").toHaveURL(`${URL_OF_SERVER}/vms`);
  const next = (await ada.context().cookies()).find((cookie) => cookie.name === "__Host-drover");
  expect(next?.value).not.toBe(session?.value);
  await ada.context().close();
  await visit(page, "/users");
  await expect(row(page, "ada").filter({ hasText: NAME })).toHaveCount(1);
  await expect(row(page, "ada").filter({ hasText: NAME })).toContainText("operators");
});

test("who is refused reads why, and has a way back, without JavaScript", async ({ browser }) => {
  const eve = await stranger(browser, { javaScriptEnabled: false });
  expect((await eve.goto("/sign-in/oidc/callback?code=x&state=y"))?.status()).toBe(403);
  await expect(eve.getByText(t("refusal-openid-state"))).toBeVisible();
  await eve.goto("/clusters");
  await way(eve).click();
  await eve.getByRole("button", { name: "Say no" }).click();
  await expect(eve.getByText(t("refusal-openid-denied", { directory: NAME }))).toBeVisible();
  // What was wanted is still known.
  await expect(way(eve)).toHaveAttribute("href", /next=%2Fclusters/);
  await way(eve).click();
  await signInThere(eve, "eve");
  await expect(eve.getByText(t("refusal-not-added", { user: `eve@${NAME}`, directory: NAME }))).toBeVisible();
  await eve.context().close();
});

test("users, groups and the provider are taken out again", async ({ page }) => {
  for (const name of ["ada", "operators", "nobody"]) {
    await visit(page, "/users");
    await row(page, name).filter({ hasText: NAME }).getByRole("link", { name, exact: true }).click();
    await link(main(page), "action-remove-user").click();
    await send(page, "action-remove-user");
  }
  await visit(page, "/directories");
  await row(page, NAME).getByRole("link", { name: NAME, exact: true }).click();
  await link(main(page), "action-remove-directory").click();
  await send(page, "action-remove-directory");
  await visit(page, "/sign-in");
  await expect(way(page)).toHaveCount(0);
  await visit(page, "/clusters");
  await row(page, "Branch").getByRole("link", { name: "Branch", exact: true }).click();
  await link(main(page), "action-remove-cluster").click();
  await send(page, "action-remove-cluster");
});

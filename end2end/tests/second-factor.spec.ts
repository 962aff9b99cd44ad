// The second factor, from the set-up to the loss of the device.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { look } from "./support/look";
import { alive, button, field, link, main, row, signIn, stranger, visit } from "./support/portal";
import { admin } from "./support/server";
import { t } from "./support/texts";
import { code } from "./support/totp";

const PASSWORD = "a-second-horse-21";

function add(name: string) {
  admin(`${PASSWORD}\n`, "user", "add", name);
  admin("", "user", "grant", name, "SuperUser");
}

/** Sets it up; gives the key and the recovery codes. */
async function setUp(page: Page): Promise<{ key: string; codes: string[] }> {
  await page.goto("/account");
  await button(main(page), "second-factor-set-up").click();
  await page.waitForURL(/\/account\/second-factor$/);
  await expect(page.getByRole("img", { name: t("second-factor-picture") })).toBeVisible();
  const key = await page.locator("code.dr-key").innerText();
  await field(page, "sign-in-code").fill("000000");
  await button(page, "second-factor-confirm").click();
  await expect(field(page, "sign-in-code")).toHaveAccessibleDescription(new RegExp(t("second-factor-wrong")));
  await field(page, "sign-in-code").fill(code(key));
  await button(page, "second-factor-confirm").click();
  await expect(page.getByText(t("second-factor-codes"))).toBeVisible();
  const codes = await page.locator("dd").allInnerTexts();
  expect(codes).toHaveLength(10);
  return { key, codes: codes.map((text) => text.trim()) };
}

async function signOut(page: Page) {
  await page.context().clearCookies();
  await page.goto("/sign-in");
}

test("a device is set up, asked for, and turned off", async ({ browser }) => {
  add("fay");
  const page = await stranger(browser);
  await visit(page, "/sign-in");
  await signIn(page, PASSWORD, "fay");
  await page.waitForURL(/\/vms$/);
  await visit(page, "/account");
  const found = await look(page, "account");
  await button(main(page), "second-factor-set-up").click();
  await page.waitForURL(/\/account\/second-factor$/);
  found.push(...(await look(page, "second-factor-key")));
  const { key } = await setUp(page);
  found.push(...(await look(page, "second-factor-codes")));
  await link(page, "second-factor-noted").click();
  await page.waitForURL(/\/account$/);
  await expect(page.getByText(t("second-factor-is-on"))).toBeVisible();

  await signOut(page);
  await alive(page);
  await signIn(page, PASSWORD, "fay");
  await page.waitForURL(/\/sign-in\/code/);
  found.push(...(await look(page, "sign-in-code-asked")));
  await page.goto("/hosts");
  await expect(page, "half a sign-in opens nothing").toHaveURL(/\/sign-in\?next=/);
  await visit(page, "/sign-in/code?next=%2Fhosts");
  await field(page, "sign-in-code").fill("000000");
  await button(page, "sign-in-submit").click();
  await expect(field(page, "sign-in-code")).toHaveAccessibleDescription(t("second-factor-wrong"));
  await field(page, "sign-in-code").fill(code(key, 30));
  await button(page, "sign-in-submit").click();
  await page.waitForURL(/\/hosts$/);

  await visit(page, "/account");
  await link(main(page), "second-factor-turn-off").click();
  await page.waitForURL(/\/off$/);
  found.push(...(await look(page, "second-factor-off-asked")));
  await field(page, "password-current").fill("not-this-horse-1");
  await button(page, "second-factor-turn-off").click();
  await expect(field(page, "password-current")).toHaveAccessibleDescription(t("password-wrong"));
  await field(page, "password-current").fill(PASSWORD);
  await button(page, "second-factor-turn-off").click();
  await page.waitForURL(/\/account$/);
  await expect(page.getByText(t("second-factor-is-off"))).toBeVisible();
  expect(found).toEqual([]);
  await page.context().close();
});

test("without JavaScript, too, and a recovery code opens once", async ({ browser, page: administrator }) => {
  add("gus");
  const page = await stranger(browser, { javaScriptEnabled: false });
  await page.goto("/sign-in");
  await signIn(page, PASSWORD, "gus");
  await page.waitForURL(/\/vms$/);
  const { codes } = await setUp(page);
  for (const [used, fits] of [[codes[0]!, true], [codes[0]!, false], [codes[1]!, true]] as const) {
    await signOut(page);
    await signIn(page, PASSWORD, "gus");
    await page.waitForURL(/\/sign-in\/code/);
    await field(page, "sign-in-code").fill(used);
    await button(page, "sign-in-submit").click();
    if (fits) await page.waitForURL(/\/vms$/);
    else await expect(field(page, "sign-in-code")).toHaveAccessibleDescription(t("second-factor-wrong"));
  }

  await visit(administrator, "/users");
  await row(administrator, "gus").getByRole("link", { name: "gus", exact: true }).click();
  await link(administrator, "part-sign-in").click();
  await administrator.waitForURL(/\/sign-in$/);
  expect(await look(administrator, "user-sign-in")).toEqual([]);
  await button(main(administrator), "users-second-factor-reset").click();
  await expect(administrator.getByText(t("users-second-factor-off"))).toBeVisible();
  await page.goto("/vms");
  await expect(page, "the sessions have ended").toHaveURL(/\/sign-in/);
  await signIn(page, PASSWORD, "gus");
  await page.waitForURL(/\/vms$/);
  await page.context().close();
});

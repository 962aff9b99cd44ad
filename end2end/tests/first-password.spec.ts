import { existsSync, readFileSync } from "node:fs";
import { data, PASSWORD, SESSION } from "./support/env";
import { expect, test } from "./support/fixture";
import { alive, button, field, NOBODY, signIn } from "./support/portal";
import { t } from "./support/texts";

const FILE = () => `${data()}/initial-admin-password`;

test.use({ storageState: NOBODY });

test("the first password must be changed, and then its file is gone", async ({ page, context }) => {
  const first = readFileSync(FILE(), "utf8").trim();
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/);
  await alive(page);
  await signIn(page, first);
  await page.waitForURL(/\/password/);

  await page.goto("/vms");
  await expect(page, "no page opens before").toHaveURL(/\/password/);
  await alive(page);
  await field(page, "password-current").fill(first);
  await field(page, "password-new").fill(PASSWORD);
  await field(page, "password-repeat").fill(`${PASSWORD}-`);
  await button(page, "password-submit").click();
  await expect(field(page, "password-repeat")).toHaveAccessibleDescription(t("password-mismatch"));
  await field(page, "password-repeat").fill(PASSWORD);
  await button(page, "password-submit").click();

  await page.waitForURL(/\/vms$/);
  await expect(page.getByRole("heading", { name: t("tab-vms"), exact: true })).toBeAttached();
  await expect.poll(() => existsSync(FILE())).toBe(false);
  await context.storageState({ path: SESSION });
});

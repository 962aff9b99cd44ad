// Sessions: one's own, an administrator's view of others', and an account that is locked.
import { expect, test } from "./support/fixture";
import { button, link, main, row, signIn, stranger, visit } from "./support/portal";
import { admin } from "./support/server";
import { like, t } from "./support/texts";

const PASSWORD = "a-third-horse-31";

test("one ends one's other session, and an administrator ends the last", async ({ browser, page: administrator }) => {
  admin(`${PASSWORD}\n`, "user", "add", "hal");
  const [here, there] = [await stranger(browser), await stranger(browser)];
  for (const page of [there, here]) {
    await visit(page, "/sign-in");
    await signIn(page, PASSWORD, "hal");
    await page.waitForURL(/\/portal$/);
  }
  await visit(here, "/account");
  const lines = main(here).getByRole("table", { name: t("account-sessions") }).locator("tbody tr");
  await expect(lines).toHaveCount(2);
  await expect(lines.filter({ hasText: t("account-this") })).toHaveCount(1);
  await button(lines, "account-end").click();
  await expect(lines).toHaveCount(1);
  // Nothing is being typed there: it goes to the sign-in by itself.
  await expect(there).toHaveURL(/\/sign-in/);

  await visit(administrator, "/users");
  await row(administrator, "hal").getByRole("link", { name: "hal", exact: true }).click();
  await link(administrator, "part-sign-in").click();
  await button(main(administrator), "users-terminate").click();
  await expect(button(main(administrator), "users-terminate")).toHaveCount(0);
  await here.goto("/vms");
  await expect(here).toHaveURL(/\/sign-in/);
  await here.context().close();
  await there.context().close();
});

test("wrong passwords lock an account, and an administrator opens it", async ({ browser, page: administrator }) => {
  admin(`${PASSWORD}\n`, "user", "add", "ivy");
  const page = await stranger(browser, { javaScriptEnabled: false });
  await page.goto("/sign-in");
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await signIn(page, "not-this-horse", "ivy");
    await expect(page.getByRole("alert")).toContainText(t("refusal-sign-in"));
  }
  await signIn(page, PASSWORD, "ivy");
  await expect(page.getByRole("alert")).toContainText(like("refusal-account-locked"));

  await visit(administrator, "/users");
  await row(administrator, "ivy").getByRole("link", { name: "ivy", exact: true }).click();
  await link(administrator, "part-sign-in").click();
  await button(main(administrator), "users-unlock").click();
  await expect(administrator.getByText(t("users-not-locked"))).toBeVisible();
  await signIn(page, PASSWORD, "ivy");
  await page.waitForURL(/\/portal$/);
  await page.context().close();
});

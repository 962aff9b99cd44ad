import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { button, dialog, field, row, send, visit } from "./support/portal";
import { t } from "./support/texts";

/** A mark that only a reload wipes away. */
const mark = (page: Page) => page.evaluate(() => void Object.assign(window, { marked: true }));
const marked = (page: Page) => page.evaluate(() => "marked" in window);

async function makeDataCenter(page: Page, name: string) {
  await visit(page, "/data-centers/new");
  await field(dialog(page), "field-name").fill(name);
  await send(page);
}

async function removeDataCenter(page: Page, name: string) {
  await row(page, name).getByRole("link", { name, exact: true }).click();
  await page.getByRole("main").getByRole("link", { name: t("action-remove-data-center"), exact: true }).click();
  await button(dialog(page), "action-remove-data-center").click();
  await expect(dialog(page)).toHaveCount(0);
}

test("what one tab changes, the other shows by itself", async ({ page, context }) => {
  const other = await context.newPage();
  await visit(other, "/data-centers");
  await mark(other);
  await makeDataCenter(page, "seen-at-once");
  await expect(row(other, "seen-at-once")).toHaveCount(1);
  await removeDataCenter(page, "seen-at-once");
  await expect(row(other, "seen-at-once")).toHaveCount(0);
  expect(await marked(other)).toBe(true);
});

test("a lost connection is said, and what was missed comes when it is back", async ({ page, context, browser, troubles }) => {
  troubles.allow("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED");
  await visit(page, "/data-centers");
  await mark(page);
  const lost = page.getByText(t("frame-connection-lost"));
  await context.setOffline(true);
  await expect(lost).toBeVisible({ timeout: 30_000 });
  const elsewhere = await browser.newContext({ storageState: await context.storageState(), ignoreHTTPSErrors: true });
  const other = await elsewhere.newPage();
  await makeDataCenter(other, "made-meanwhile");
  await context.setOffline(false);
  await expect(lost).toHaveCount(0, { timeout: 30_000 });
  await expect(row(page, "made-meanwhile")).toHaveCount(1);
  expect(await marked(page)).toBe(true);
  await removeDataCenter(other, "made-meanwhile");
  await elsewhere.close();
});

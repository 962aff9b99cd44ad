import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { button, dialog, field, row, send, visit } from "./support/portal";
import { admin, start, stop } from "./support/server";
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
  await expect(row(page, name)).toHaveCount(0);
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

test("a server that goes away is said so; when it is back, what was missed comes, and typed text is still there", async ({
  page, context, troubles,
}) => {
  troubles.allow("net::ERR_");
  const typing = await context.newPage();
  await visit(typing, "/data-centers/new");
  await field(dialog(typing), "field-name").fill("half-typed");
  await visit(page, "/data-centers");
  await mark(page);
  const lost = page.getByText(t("frame-connection-lost"));
  await stop();
  try {
    await expect(lost).toBeVisible({ timeout: 30_000 });
    await button(dialog(typing), "form-ok").click();
    await expect(dialog(typing).getByRole("alert")).toBeVisible();
    admin('[[data_center]]\nname = "made-meanwhile"\n', "apply", "-");
  } finally {
    await start();
  }
  await expect(lost).toHaveCount(0, { timeout: 30_000 });
  await expect(row(page, "made-meanwhile")).toHaveCount(1);
  expect(await marked(page)).toBe(true);
  await button(dialog(typing), "form-ok").click();
  await expect(dialog(typing)).toHaveCount(0);
  await expect(row(page, "half-typed")).toHaveCount(1);
  await typing.close();
  for (const name of ["made-meanwhile", "half-typed"]) await removeDataCenter(page, name);
});

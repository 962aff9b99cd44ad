// Events: two views of the list, one with everything that is known of it, and alerts that stand until somebody has
// seen them or their cause has gone.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { host } from "./support/lab";
import { look } from "./support/look";
import { button, dialog, discardVm, GUEST, link, main, makeVm, run, visit } from "./support/portal";
import { like, t } from "./support/texts";

/** The bell by how many alerts stand, as the catalogue's plurals say it. */
const bellOf = (page: Page, words: string) => page.getByRole("banner").locator(`summary[aria-label="${words}"]`);

test("a click leads to its job and to all that came of it", async ({ page }) => {
  test.setTimeout(300_000);
  const id = await makeVm(page, { name: "traced", template: "Tiny Linux" });
  await run(page);
  await visit(page, "/events");
  const heads = main(page).getByRole("columnheader");
  await expect(heads).toHaveText(["", t("field-severity"), t("field-time"), t("field-message"), t("list-deeds-column")]);
  await link(main(page), "list-advanced").click();
  await expect(page).toHaveURL(/view=advanced/);
  await expect(heads.filter({ hasText: t("field-origin") })).toBeVisible();
  const started = main(page).getByRole("row").filter({ hasText: like("event-vm-start-initiated") }).filter({ hasText: "traced" }).first();
  const correlation = started.getByRole("link", { name: /^[0-9a-f-]{36}$/ });
  const request = await correlation.innerText();
  await correlation.click();
  await expect(page).toHaveURL(new RegExp(`correlation=${request}`));
  const event = main(page).getByRole("link", { name: like("event-vm-started") }).first();
  await expect(event).toBeVisible();
  expect(await look(page, "events-advanced")).toEqual([]);

  // One event, its job, and the events of that.
  await event.click();
  await expect(main(page).getByText(t("origin-job"), { exact: true }).first()).toBeVisible();
  expect(await look(page, "event")).toEqual([]);
  await main(page).getByRole("link", { name: t("event-job"), exact: true }).click();
  await page.waitForURL(/\/jobs\//);
  await expect(main(page).getByRole("link", { name: request })).toBeVisible();
  await link(main(page), "tab-events").last().click();
  await expect(main(page).getByText(like("event-vm-started")).first()).toBeVisible();
  await discardVm(page, id);
});

test("an alert stands behind the bell until it is acknowledged or its cause has gone", async ({ page }) => {
  test.setTimeout(300_000);
  await visit(page, "/hosts");
  await host(3, "libvirtd", "stop");
  try {
    const bell = bellOf(page, "One alert");
    // By the live stream alone.
    await expect(bell).toBeVisible(GUEST);
    await bell.click();
    const alert = page.getByRole("menuitem", { name: like("event-host-non-responsive") });
    await expect(alert).toBeVisible();
    expect(await look(page, "alerts")).toEqual([]);
    await page.getByRole("menuitem", { name: t("alert-acknowledge"), exact: true }).click();
    await expect(bell).toHaveCount(0);
    await bellOf(page, "No alerts").click();
    await page.getByRole("menuitem", { name: t("alerts-restore"), exact: true }).click();
    await expect(bell).toBeVisible();
  } finally {
    await host(3, "libvirtd", "start");
  }
  await expect(bellOf(page, "One alert")).toHaveCount(0, GUEST);
});

test("several alerts are acknowledged at once, and each event has its answer", async ({ page }) => {
  test.setTimeout(300_000);
  await visit(page, "/hosts");
  for (const n of [1, 3]) await host(n, "libvirtd", "stop");
  try {
    await expect(bellOf(page, "2 alerts")).toBeVisible(GUEST);
    await visit(page, "/events");
    const rows = main(page).getByRole("row");
    // The newest stand first.
    const alerts = rows.filter({ hasText: like("event-host-non-responsive") });
    for (const one of [alerts.nth(0), alerts.nth(1), rows.filter({ hasText: like("event-signed-in") }).first()]) {
      await one.getByRole("checkbox").check();
    }
    await link(main(page), "action-manage-alerts").click();
    await expect(dialog(page)).toContainText(t("bulk-will"));
    await expect(dialog(page)).toContainText(t("bulk-wont"));
    await expect(dialog(page)).toContainText(t("refusal-no-alert"));
    expect(await look(page, "events-bulk")).toEqual([]);
    await button(dialog(page), "action-manage-alerts").click();
    await expect(dialog(page)).toContainText(t("bulk-done", { n: "2", all: "3" }));
    await link(dialog(page), "form-close").last().click();
    await expect(bellOf(page, "No alerts")).toBeVisible();
  } finally {
    for (const n of [1, 3]) await host(n, "libvirtd", "start");
  }
  await visit(page, "/hosts");
  await expect(main(page).getByText(t("host-status-up"), { exact: true })).toHaveCount(2, GUEST);
});

test("all columns are reached within the list, on a small screen and on a telephone", async ({ page }) => {
  await visit(page, "/events?view=advanced");
  const box = main(page).getByRole("region", { name: t("tab-events") });
  const last = main(page).getByRole("columnheader").last();
  for (const [width, height] of [[1280, 800], [390, 844]]) {
    await page.setViewportSize({ width, height });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await box.evaluate((element) => element.scrollTo({ left: element.scrollWidth }));
    await expect(last).toBeInViewport({ ratio: 0.9 });
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("both views, one event and the bell are whole", async ({ page }) => {
    await page.goto("/events");
    await link(main(page), "list-advanced").click();
    await expect(main(page).getByRole("columnheader").filter({ hasText: t("field-origin") })).toBeVisible();
    await link(main(page), "list-basic").click();
    await main(page).getByRole("row").nth(1).getByRole("link").first().click();
    await expect(main(page).getByText(t("field-code"), { exact: true })).toBeVisible();
    await bellOf(page, "No alerts").click();
    await page.getByRole("menuitem", { name: t("frame-alerts-all") }).click();
    await expect(page).toHaveURL(/sort=severity&order=desc/);
  });
});

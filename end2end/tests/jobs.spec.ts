// The page of a job: its log grows while one looks, and says what a person wants to know afterwards.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { host, hostOf } from "./support/lab";
import { look } from "./support/look";
import { button, dialog, discardVm, GUEST, link, main, makeVm, run, send, visit, word } from "./support/portal";
import { like, t } from "./support/texts";

const log = (page: Page) => main(page).getByRole("region", { name: t("job-log"), exact: true });

test("the page of a job tells what happened, while it happens", async ({ page }) => {
  test.setTimeout(300_000);
  const id = await makeVm(page, { name: "logged", template: "Tiny Linux" });
  const asked = page.waitForResponse((answer) => answer.url().endsWith("/run") && answer.ok());
  await button(main(page), "action-run").click();
  await asked;
  // The page of the job is opened while it runs: what is seen there later came by itself.
  await visit(page, "/jobs");
  await main(page).getByRole("link", { name: t("job-vm-start", { name: "logged" }), exact: true }).first().click();
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
  await expect(log(page)).toContainText(t("job-log-job-finished"), GUEST);
  const lines = await log(page).getByRole("row").allInnerTexts();
  const at = (text: string) => lines.findIndex((line) => line.includes(text));
  const order = [
    t("job-log-asked", { owner: "admin@internal" }),
    t("job-log-begun", { step: t("step-place") }),
    t("job-log-done", { step: t("step-place") }),
    t("job-log-begun", { step: t("step-launch") }),
    t("job-log-done", { step: t("step-settle") }),
    t("job-log-job-finished"),
  ].map(at);
  expect(order.every((line) => line > 0), lines.join("\n")).toBe(true);
  expect([...order].sort((a, b) => a - b)).toEqual(order);
  await expect(log(page).getByText(like("event-vm-start-initiated")).first()).toBeVisible();
  await expect(log(page).locator("time").first()).toHaveText(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} UTC$/);
  expect(await look(page, "job-log")).toEqual([]);
  await discardVm(page, id);
});

test("an attempt that is put off is told at once, and so is its end", async ({ page }) => {
  test.setTimeout(300_000);
  const id = await makeVm(page, { name: "put-off", template: "Tiny Linux" });
  await run(page);
  const n = await hostOf(id);
  await link(main(page), "action-power-off").click();
  await expect(button(dialog(page), "action-power-off")).toBeVisible();
  await host(n, "libvirtd", "stop");
  try {
    await send(page, "action-power-off");
    await visit(page, "/jobs");
    await main(page).getByRole("link", { name: t("job-vm-power-off", { name: "put-off" }), exact: true }).first().click();
    await expect(log(page)).toContainText(t("job-log-begun", { step: t("step-destroy") }));
    // From here on nothing but the live stream changes the page.
    await expect(log(page)).toContainText(like("job-log-put-off"), GUEST);
  } finally {
    await host(n, "libvirtd", "start");
  }
  await expect(log(page)).toContainText(t("job-log-job-finished"), GUEST);
  await expect(log(page)).toContainText(t("job-log-begun-again", { step: t("step-destroy"), n: 2 }));
  await discardVm(page, id);
});

test("the page of a host shows an hour of its use", async ({ page }) => {
  await visit(page, "/hosts");
  await main(page).getByRole("link", { name: "kvm1", exact: true }).click();
  await expect(word(page, t("part-use"))).toBeVisible();
  for (const label of ["field-cpu", "field-memory"]) {
    const curve = main(page).getByRole("img", { name: t(label), exact: true });
    await expect(curve).toBeVisible(GUEST);
  }
  expect(await look(page, "host-use")).toEqual([]);
});

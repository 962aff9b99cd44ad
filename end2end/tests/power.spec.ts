// Pausing, running again and resetting a VM, judged by its guest: what goes on has the same boot, what began anew another.
import { expect, test } from "./support/fixture";
import { bootId, domainState, hostOf } from "./support/lab";
import {
  button, dialog, discardVm, field, GUEST, link, main, makeVm, other, run, send, visit, word,
} from "./support/portal";
import { t } from "./support/texts";
import type { Page } from "@playwright/test";

/** A deed behind "More", with a reason. */
async function because(page: Page, key: string, reason: string) {
  await other(page, key);
  await field(dialog(page), "field-reason").fill(reason);
  await send(page, key);
}

test("a VM is paused and run again where it was, and reset it boots anew", async ({ page }) => {
  test.setTimeout(300_000);
  const id = await makeVm(page, { name: "paused-and-reset", template: "Tiny Linux", network: "mgmt" });
  await run(page);
  const n = await hostOf(id);
  const boot = await bootId(n, id);
  expect(boot).toBeTruthy();

  await because(page, "action-pause", "a closer look");
  await expect(word(page, t("vm-status-paused"))).toBeVisible(GUEST);
  expect(await domainState(n, id)).toBe("paused");
  await main(page).getByText(t("action-others"), { exact: true }).first().click();
  // Its name says why not, too.
  const again = main(page).getByRole("menuitem", { name: new RegExp(`^${t("action-pause")}`) });
  await expect(again).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Escape");
  await button(main(page), "action-run").click();
  await expect(word(page, t("vm-status-up"))).toBeVisible(GUEST);
  expect(await domainState(n, id)).toBe("running");
  await expect.poll(() => bootId(n, id), { ...GUEST, message: "the guest goes on" }).toBe(boot);

  await because(page, "action-reset", "it hangs");
  const other = expect.poll(() => bootId(n, id), { ...GUEST, message: "the guest has booted again" });
  await other.toMatch(new RegExp(`^(?!${boot})[0-9a-f-]{36}$`));
  await expect(word(page, t("vm-status-up"))).toBeVisible(GUEST);
  await link(main(page), "tab-events").last().click();
  for (const reason of ["a closer look", "it hangs"]) {
    await expect(main(page).getByText(new RegExp(reason)).first()).toBeVisible();
  }

  await visit(page, "/jobs");
  for (const job of ["job-vm-pause", "job-vm-resume", "job-vm-reset"]) {
    const line = main(page).getByRole("row").filter({ hasText: t(job, { name: "paused-and-reset" }) });
    await expect(line.getByText(t("job-status-finished"), { exact: true })).toBeVisible(GUEST);
  }
  await discardVm(page, id);
});

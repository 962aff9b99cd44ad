// The tabs of a VM's dialog beyond its hardware: where it runs, how available it is, what it boots from.
import { expect, test } from "./support/fixture";
import { qemu } from "./support/lab";
import {
  button, deed, dialog, discardVm, field, fillVm, GUEST, link, main, run, send, visit, word,
} from "./support/portal";
import { t } from "./support/texts";
import type { Page } from "@playwright/test";

const tab = (page: Page, key: string) => dialog(page).getByRole("tab", { name: t(key) }).click();

test("what contradicts itself is told at its field, on its tab", async ({ page }) => {
  await visit(page, "/vms/new");
  await fillVm(page, { name: "contradicts" });
  await tab(page, "vm-tab-host");
  await dialog(page).getByRole("checkbox", { name: "kvm1", exact: true }).check();
  await tab(page, "vm-tab-ha");
  await field(dialog(page), "field-ha").check();
  await tab(page, "vm-tab-boot");
  await field(dialog(page), "field-boot-second").selectOption({ label: t("boot-hd") });
  await field(dialog(page), "field-kernel-parameters").fill("quiet");
  await button(dialog(page), "form-ok").click();
  for (const [name, key, message] of [
    ["vm-tab-ha", "field-ha", "field-ha-pinned"],
    ["vm-tab-boot", "field-boot-second", "field-boot-twice"],
    ["vm-tab-boot", "field-kernel-parameters", "field-needs-kernel"],
  ] as const) {
    await expect(dialog(page).getByRole("tab", { name: t(name) })).toContainText(t("form-tab-wrong"));
    await tab(page, name);
    await expect(field(dialog(page), key)).toHaveAccessibleDescription(new RegExp(t(message).slice(0, 20)));
  }
  await tab(page, "vm-tab-host");
  await dialog(page).getByRole("checkbox", { name: "kvm3", exact: true }).check();
  await tab(page, "vm-tab-boot");
  await field(dialog(page), "field-boot-second").selectOption({ label: t("boot-network") });
  await field(dialog(page), "field-kernel-parameters").fill("");
  await send(page);
  await page.waitForURL(/\/vms\/[0-9a-f-]{36}$/);
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  for (const host of ["kvm1", "kvm3"]) await expect(main(page).getByRole("link", { name: host, exact: true })).toBeVisible();
  await expect(word(page, `${t("boot-hd")}, ${t("boot-network")}`)).toBeVisible();
  await deed(page, "action-remove");
});

test("a VM without a disk boots the disc in its drive on the host it is bound to; highly available, it comes back", async ({ page }) => {
  test.setTimeout(300_000);
  await visit(page, "/storage");
  await main(page).getByRole("link", { name: "data", exact: true }).click();
  await link(main(page), "part-images").click();
  await expect(async () => {
    await page.reload();
    await expect(main(page).getByRole("cell", { name: "tiny.iso", exact: true })).toBeVisible({ timeout: 3_000 });
  }, "the monitor finds the file").toPass(GUEST);

  await visit(page, "/vms/new");
  await fillVm(page, { name: "from-disc", network: "mgmt", memory: "256" });
  await tab(page, "vm-tab-host");
  for (const host of ["kvm1", "kvm3"]) await dialog(page).getByRole("checkbox", { name: host, exact: true }).check();
  await tab(page, "vm-tab-ha");
  await field(dialog(page), "field-ha").check();
  await field(dialog(page), "field-priority").selectOption({ label: t("priority-high") });
  await tab(page, "vm-tab-boot");
  await field(dialog(page), "field-boot-first").selectOption({ label: t("boot-cdrom") });
  await field(dialog(page), "field-cd").selectOption({ label: "tiny.iso" });
  await send(page);
  await page.waitForURL(/\/vms\/[0-9a-f-]{36}$/);
  const id = page.url().split("/").pop()!;
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await run(page);
  await expect(main(page).getByText(/\b10\.231\.\d+\.\d+\b/).first()).toBeVisible(GUEST);

  await qemu(id, "kill");
  await link(main(page), "tab-events").last().click();
  await expect(main(page).getByText(/has failed and is started again/).first()).toBeVisible(GUEST);
  await visit(page, `/vms/${id}`);
  await expect(word(page, t("vm-status-up"))).toBeVisible(GUEST);
  await discardVm(page, id);
});

test("a disk that a removed VM left behind can be removed, one that is in use cannot", async ({ page }) => {
  await visit(page, "/vms/new");
  await fillVm(page, { name: "leaves-a-disk", template: "Tiny Linux" });
  await send(page);
  await page.waitForURL(/\/vms\/[0-9a-f-]{36}$/);
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await link(main(page), "tab-disks").last().click();
  const disk = main(page).getByRole("link", { name: "leaves-a-disk_Disk1", exact: true });
  const address = (await disk.getAttribute("href"))!;
  await visit(page, address);
  await expect(link(main(page), "action-remove-disk")).toHaveAttribute("aria-disabled", "true");
  await visit(page, "/vms");
  await main(page).getByRole("link", { name: "leaves-a-disk", exact: true }).click();
  await link(main(page), "action-remove").click();
  await field(dialog(page), "vm-remove-disks").uncheck();
  await button(dialog(page), "action-remove").click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(main(page).getByRole("link", { name: "leaves-a-disk", exact: true })).toHaveCount(0, GUEST);
  await visit(page, address);
  await link(main(page), "action-remove-disk").click();
  await button(dialog(page), "action-remove-disk").click();
  await page.waitForURL(/\/disks$/);
  await expect(main(page).getByRole("link", { name: "leaves-a-disk_Disk1", exact: true })).toHaveCount(0, GUEST);
});

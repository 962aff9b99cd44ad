// A quota is set, tells beforehand what would be used, bites, and lets go again.
import { expect, test } from "./support/fixture";
import { look } from "./support/look";
import {
  button, deed, dialog, discardVm, field, fillVm, GUEST, link, main, row, run, send, visit, word,
} from "./support/portal";
import { t } from "./support/texts";
import type { Page } from "@playwright/test";

async function mode(page: Page, word: "disabled" | "enforced") {
  await visit(page, "/data-centers");
  await row(page, "Default").getByRole("link", { name: "Default", exact: true }).click();
  await link(main(page), "action-edit-data-center").click();
  await field(dialog(page), "field-quota-mode").selectOption({ label: t(`quota-mode-${word}`) });
  await send(page);
  await expect(main(page).getByText(t(`quota-mode-${word}`), { exact: true }).first()).toBeVisible();
}

async function found(page: Page, name: string): Promise<string> {
  await visit(page, "/quotas");
  await row(page, name).getByRole("link", { name, exact: true }).click();
  await page.waitForURL(/\/quotas\/[0-9a-f-]{36}$/);
  return page.url().split("/").pop()!;
}

test("a quota is made, seen to bite, and let go", async ({ page }) => {
  test.setTimeout(400_000);
  const wrong: string[] = [];
  await visit(page, "/quotas");
  await link(main(page), "action-create-quota").click();
  await field(dialog(page), "kind-data-center-title").selectOption({ label: "Default" });
  await field(dialog(page), "field-name").fill("one-vcpu");
  await field(dialog(page), "field-vcpus").fill("1");
  await field(dialog(page), "quota-per-domain").check();
  await dialog(page).getByRole("textbox", { name: /data$/ }).fill("100");
  await dialog(page).getByRole("textbox", { name: t("quota-grace"), exact: true }).first().fill("0");
  wrong.push(...(await look(page, "quotas-new")));
  await send(page);
  await expect(row(page, "one-vcpu")).toContainText("0 %");
  wrong.push(...(await look(page, "quotas")));
  await mode(page, "enforced");

  const ids: string[] = [];
  for (const name of ["within", "beyond"]) {
    await visit(page, "/vms/new");
    await fillVm(page, { name, template: "Tiny Linux", network: "mgmt", memory: "256" });
    await dialog(page).getByRole("tab", { name: t("part-general") }).click();
    await field(dialog(page), "kind-quota-title").selectOption({ label: "one-vcpu" });
    await expect(dialog(page).getByText(/vCPUs: 100 % after this/)).toBeVisible();
    if (name === "within") wrong.push(...(await look(page, "quotas-projection")));
    await send(page);
    await page.waitForURL(/\/vms\/[0-9a-f-]{36}$/);
    await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
    ids.push(page.url().split("/").pop()!);
  }
  await visit(page, `/vms/${ids[0]}`);
  await run(page);
  await visit(page, `/vms/${ids[1]}`);
  await button(main(page), "action-run").click();
  await expect(main(page).getByText(/The quota one-vcpu has no room for beyond/)).toBeVisible();
  await expect(main(page).getByText(/1 of 1 are used/)).toBeVisible();
  await expect(main(page).getByText(/within \(1\)/)).toBeVisible();
  wrong.push(...(await look(page, "quotas-refused")));

  const quota = await found(page, "one-vcpu");
  await expect(main(page).getByText("1 of 1", { exact: false }).first()).toBeVisible();
  wrong.push(...(await look(page, "quotas-one")));
  await link(main(page), "tab-vms").last().click();
  for (const name of ["within", "beyond"]) await expect(row(page, name)).toHaveCount(1);
  await link(main(page), "quota-consumers").click();
  await link(main(page), "quota-consumers-edit").click();
  await field(dialog(page), "quota-consumer-everyone").check();
  wrong.push(...(await look(page, "quotas-consumers-edit")));
  await send(page);
  await expect(main(page).getByText(t("everyone"), { exact: true })).toBeVisible();
  wrong.push(...(await look(page, "quotas-consumers")));

  await visit(page, `/quotas/${quota}/remove`);
  await button(dialog(page), "action-remove-quota").click();
  await expect(dialog(page).getByText(/within/).first()).toBeVisible();
  await visit(page, `/vms/${ids[0]}`);
  await deed(page, "action-power-off");
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await visit(page, `/vms/${ids[1]}`);
  await run(page);
  for (const id of ids) await discardVm(page, id);
  await mode(page, "disabled");
  await expect(async () => {
    await visit(page, "/vms");
    for (const name of ["within", "beyond"]) await expect(row(page, name)).toHaveCount(0, { timeout: 3_000 });
  }, "both are gone").toPass(GUEST);
  await found(page, "one-vcpu");
  await deed(page, "action-remove-quota");
  await expect(row(page, "one-vcpu")).toHaveCount(0);
  expect(wrong).toEqual([]);
});

test("a quota's dialog keeps what was typed when it is refused", async ({ page }) => {
  await visit(page, "/quotas/new");
  await field(dialog(page), "kind-data-center-title").selectOption({ label: "Default" });
  await field(dialog(page), "field-name").fill("default");
  await field(dialog(page), "quota-per-cluster").check();
  await dialog(page).getByRole("textbox", { name: t("quota-place", { what: t("field-vcpus"), place: "Lab" }) }).fill("many");
  await button(dialog(page), "form-ok").click();
  const typed = dialog(page).getByRole("textbox", { name: t("quota-place", { what: t("field-vcpus"), place: "Lab" }) });
  await expect(typed).toHaveValue("many");
  await expect(typed).toHaveAttribute("aria-invalid", "true");
  await link(dialog(page), "form-cancel").click();
});

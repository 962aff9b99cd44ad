import type { Page } from "@playwright/test";
import { lab } from "./support/env";
import { expect, test } from "./support/fixture";
import { labHost } from "./support/lab";
import {
  alive, button, deed, dialog, discardVm, field, link, main, makeVm, row, run, send, visit, word,
} from "./support/portal";
import { like, t } from "./support/texts";

interface Entity {
  list: string;
  fresh: string;
  edit: string;
  remove: string;
  /** Fields besides the name. */
  fill(page: Page): Promise<void>;
}

async function inDefault(page: Page) {
  await field(dialog(page), "kind-data-center-title").selectOption({ label: "Default" });
}

const ENTITIES: Record<string, Entity> = {
  "data center": {
    list: "/data-centers",
    fresh: "action-create-data-center",
    edit: "action-edit-data-center",
    remove: "action-remove-data-center",
    fill: async () => {},
  },
  cluster: {
    list: "/clusters",
    fresh: "action-create-cluster",
    edit: "action-edit-cluster",
    remove: "action-remove-cluster",
    fill: inDefault,
  },
  network: {
    list: "/networks",
    fresh: "action-create-network",
    edit: "action-edit-network",
    remove: "action-remove-network",
    fill: async (page) => {
      await inDefault(page);
      await field(dialog(page), "field-bridge").fill("br-test");
    },
  },
  "storage domain": {
    list: "/storage",
    fresh: "action-create-storage",
    edit: "action-edit-storage",
    remove: "action-remove-storage",
    fill: async (page) => {
      await inDefault(page);
      await field(dialog(page), "field-path-label").fill(`${lab("LAB_SMALL_PATH")}/${Date.now()}`);
    },
  },
};

for (const [kind, entity] of Object.entries(ENTITIES)) {
  test(`a ${kind} is made, refused a second time, changed and removed`, async ({ page }) => {
    const name = `test-${kind.replace(" ", "-")}`;
    await visit(page, entity.list);
    await make(page, entity, name);
    await send(page);
    await expect(row(page, name)).toHaveCount(1);

    await make(page, entity, name);
    await button(dialog(page), "form-ok").click();
    await expect(field(dialog(page), "field-name")).toHaveAccessibleDescription(like("refusal-name-taken"));
    await expect(field(dialog(page), "field-name")).toBeFocused();
    await link(dialog(page), "form-cancel").click();

    await row(page, name).getByRole("link", { name, exact: true }).click();
    await link(main(page), entity.edit).click();
    await field(dialog(page), "field-comment").fill("changed by a test");
    await send(page);
    await expect(word(page, "changed by a test")).toBeVisible();

    await deed(page, entity.remove);
    await expect(page).toHaveURL(new RegExp(`${entity.list}$`));
    await expect(row(page, name)).toHaveCount(0);
  });
}

async function make(page: Page, entity: Entity, name: string) {
  await link(main(page), entity.fresh).first().click();
  await expect(dialog(page)).toBeVisible();
  await entity.fill(page);
  await field(dialog(page), "field-name").fill(name);
}

const USED: [string, string, string, string][] = [
  ["/data-centers", "Default", "action-remove-data-center", "Lab"],
  ["/clusters", "Lab", "action-remove-cluster", "kvm1"],
  ["/storage", "data", "action-remove-storage", "Tiny Linux"],
];

for (const [list, name, remove, user] of USED) {
  test(`${list}: what is still used is not removed, and the refusal says by what`, async ({ page }) => {
    await visit(page, list);
    await row(page, name).getByRole("link", { name, exact: true }).click();
    await link(main(page), remove).click();
    await button(dialog(page), remove).click();
    const alert = dialog(page).getByRole("alert");
    await expect(alert).toContainText(t("refusal-in-use", { name }));
    await expect(alert.getByRole("listitem").filter({ hasText: user }).first()).toBeVisible();
    await link(dialog(page), "form-cancel").click();
    await expect(dialog(page)).toHaveCount(0);
  });
}

test("a host that nobody answers for: the test says why, it can be added all the same, and got rid of", async ({ page }) => {
  await visit(page, "/hosts/new");
  const form = dialog(page);
  await button(form, "form-ok").click();
  await expect(field(form, "field-name")).toHaveAccessibleDescription(t("field-required"));
  await field(form, "field-name").fill("nowhere");
  await field(form, "field-address-label").fill(lab("LAB_GATEWAY"));
  await button(form, "action-test-host").click();
  await expect(form.getByRole("alert")).toContainText(lab("LAB_GATEWAY"), { timeout: 40_000 });
  await send(page);
  await expect(row(page, "nowhere").getByText(t("host-status-non-responsive"), { exact: true })).toBeVisible({ timeout: 60_000 });

  await row(page, "nowhere").getByRole("link", { name: "nowhere", exact: true }).click();
  await deed(page, "action-maintenance", "it was never there");
  await expect(word(page, t("host-status-maintenance"))).toBeVisible({ timeout: 60_000 });
  await deed(page, "action-remove-host");
  await expect(row(page, "nowhere")).toHaveCount(0);
});

test("a host with running VMs does not go to maintenance; without, it does, and comes back", async ({ page }) => {
  test.setTimeout(240_000);
  const id = await makeVm(page, { name: "keeps-its-host", template: "Tiny Linux", network: "mgmt" });
  await run(page);
  const host = main(page).getByRole("link", { name: /^kvm\d$/ }).first();
  const name = await host.innerText();
  await host.click();
  await expect(page).toHaveURL(/\/hosts\//);
  await link(main(page), "action-maintenance").click();
  await button(dialog(page), "action-maintenance").click();
  await expect(dialog(page).getByRole("alert")).toContainText(t("refusal-host-vms", { name }));
  await link(dialog(page), "form-cancel").click();
  const there = page.url();

  await discardVm(page, id);
  await page.goto(there);
  await alive(page);
  await deed(page, "action-maintenance", "new memory");
  await expect(word(page, t("host-status-maintenance"))).toBeVisible({ timeout: 60_000 });
  await button(main(page), "action-activate").click();
  await expect(word(page, t("host-status-up"))).toBeVisible({ timeout: 60_000 });
});

test("a host's name and address are taken once", async ({ page }) => {
  await visit(page, "/hosts/new");
  const form = dialog(page);
  await field(form, "field-name").fill(labHost(1).name);
  await field(form, "field-address-label").fill("192.0.2.1");
  await button(form, "form-ok").click();
  await expect(field(form, "field-name")).toHaveAccessibleDescription(like("refusal-name-taken"));
  await field(form, "field-name").fill("another");
  await field(form, "field-address-label").fill(labHost(1).address);
  await button(form, "form-ok").click();
  await expect(field(form, "field-address-label")).toHaveAccessibleDescription(new RegExp(labHost(1).name));
});

// What a VM's administrator does beside power: suspend and go on elsewhere, change the CD, make templates and disks
// of what is there.
import { readFile } from "node:fs/promises";
import { expect, test } from "./support/fixture";
import { lab, storagePath } from "./support/env";
import { agent, guestHas, host, hostOf } from "./support/lab";
import {
  button, deed, dialog, discardVm, field, fillVm, GUEST, link, main, makeVm, other, picture, row, run, send, visit, word,
} from "./support/portal";
import { t } from "./support/texts";

const inDrive = async (id: string) => host(await hostOf(id), "virsh", "domblklist", `drover-${id}`);

test("a suspended VM goes on on another host when the first has lost its power", async ({ page }) => {
  test.setTimeout(400_000);
  const id = await makeVm(page, { name: "sleeper", template: "Tiny Linux", network: "mgmt", memory: "256" });
  await run(page);
  const first = await hostOf(id);
  const note = { path: "/bin/sh", arg: ["-c", "echo remembered > /run/note"] };
  await agent(first, id, { execute: "guest-exec", arguments: note });
  await expect.poll(() => guestHas(first, id, "/run/note"), GUEST).toBe(true);

  await link(main(page), "action-suspend").click();
  await expect(dialog(page)).toBeVisible();
  await picture(page, "vm-suspend");
  await send(page, "action-suspend");
  await expect(word(page, t("vm-status-suspended"))).toBeVisible(GUEST);
  await picture(page, "vm-suspended");
  await visit(page, "/disks");
  await expect(main(page).getByRole("row").filter({ hasText: "sleeper_memory" })).toContainText(t("disk-content-memory"));

  await host(first, "cut");
  try {
    await visit(page, `/vms/${id}`);
    // At once: a host that is lost, but not yet known to be, is left for another one.
    await button(main(page), "action-run").click();
    await expect(word(page, t("vm-status-up"))).toBeVisible(GUEST);
    const second = await hostOf(id);
    expect(second).not.toBe(first);
    expect(await guestHas(second, id, "/run/note"), "what only its memory had").toBe(true);
    await link(main(page), "tab-events").last().click();
    await expect(main(page).getByText(/goes on where it was suspended/).first()).toBeVisible();
  } finally {
    await host(first, "start");
  }
  await expect(async () => {
    await visit(page, "/hosts");
    await expect(row(page, `kvm${first}`)).toContainText(t("host-status-up"), { timeout: 3_000 });
  }, "the host is up again").toPass(GUEST);
  await discardVm(page, id);
});

test("a console file opens the screen with a fresh password, and each ends the one before", async ({ page, request }) => {
  const id = await makeVm(page, { name: "seen-from-afar", template: "Tiny Linux", network: "mgmt", memory: "256" });
  await run(page);
  await other(page, "action-viewer");
  await expect(dialog(page)).toBeVisible();
  await picture(page, "vm-viewer");
  const file = async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      dialog(page).getByRole("link", { name: new RegExp("VNC") }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("vnc.vv");
    const lines = (await readFile((await download.path())!, "utf8")).split("\n");
    return Object.fromEntries(lines.map((line) => line.split("=", 2))) as Record<string, string>;
  };
  const first = await file();
  expect(first).toMatchObject({ type: "vnc", title: "seen-from-afar", "delete-this-file": "1" });
  expect(first.password).toHaveLength(8);
  const second = await file();
  expect([second.host, second.port]).toEqual([first.host, first.port]);
  expect(second.password).not.toBe(first.password);
  const xml = await host(await hostOf(id), "virsh", "dumpxml", "--security-info", `drover-${id}`);
  expect(xml).toContain(`passwd='${second.password}' passwdValidTo='`);
  const far = await request.get(`/vms/${id}/viewer/vnc`, { headers: { "sec-fetch-site": "cross-site" } });
  expect(far.status()).toBe(403);
  await discardVm(page, id);
});

test("the CD of a running VM is changed and ejected; powering off a suspended one discards what was saved", async ({ page }) => {
  test.setTimeout(240_000);
  const id = await makeVm(page, { name: "has-a-drive", template: "Tiny Linux", network: "mgmt", memory: "256" });
  await run(page);
  await other(page, "action-change-cd");
  await field(dialog(page), "field-cd").selectOption({ label: "tiny.iso" });
  await picture(page, "vm-change-cd");
  await send(page);
  await expect.poll(() => inDrive(id), GUEST).toContain("tiny.iso");
  await expect(word(page, "tiny.iso")).toBeVisible(GUEST);
  await expect(main(page).getByText(t("vm-next-run"))).toHaveCount(0);
  await other(page, "action-change-cd");
  await field(dialog(page), "field-cd").selectOption({ label: t("cd-eject") });
  await send(page);
  await expect.poll(() => inDrive(id), GUEST).not.toContain("tiny.iso");

  await deed(page, "action-suspend", "for the night");
  await expect(word(page, t("vm-status-suspended"))).toBeVisible(GUEST);
  await deed(page, "action-power-off");
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await visit(page, "/disks");
  await expect(main(page).getByText("has-a-drive_memory")).toHaveCount(0, GUEST);
  await discardVm(page, id);
});

test("a template is made of a VM, and a clone of it needs it no more", async ({ page }) => {
  test.setTimeout(240_000);
  const id = await makeVm(page, { name: "golden", template: "Tiny Linux", network: "mgmt", memory: "256" });
  await other(page, "action-make-template");
  await field(dialog(page), "field-name").fill("Golden");
  await picture(page, "vm-make-template");
  await send(page);
  await page.waitForURL(/\/templates\/[0-9a-f-]{36}$/);
  const template = page.url();
  await expect(word(page, t("disk-status-ok"))).toBeVisible(GUEST);

  await visit(page, "/vms/new");
  await fillVm(page, { name: "cloned", template: "Golden", network: "mgmt" });
  await dialog(page).getByRole("tab", { name: t("part-general") }).click();
  await field(dialog(page), "field-clone").check();
  await picture(page, "vm-new-clone");
  await send(page);
  await page.waitForURL(/\/vms\/[0-9a-f-]{36}$/);
  const clone = page.url().split("/").pop()!;
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await expect(word(page, t("vm-blank"))).toBeVisible();
  await visit(page, template);
  await link(main(page), "action-remove-template").click();
  await button(dialog(page), "action-remove-template").click();
  await page.waitForURL(/\/templates$/);
  await visit(page, `/vms/${clone}`);
  await run(page);
  await discardVm(page, clone);
  await discardVm(page, id);
});

test("an image becomes a template, a disk and a VM", async ({ page }) => {
  test.setTimeout(240_000);
  const at = `${storagePath()}/tiny-image.qcow2`;
  await host(1, "exec", "cp", lab("LAB_GUEST_DISK"), at);
  await visit(page, "/storage");
  await main(page).getByRole("link", { name: "data", exact: true }).click();
  await link(main(page), "part-images").click();
  await button(main(page), "images-rescan").click();
  const image = main(page).getByRole("row").filter({ hasText: "tiny-image.qcow2" });
  await expect(image).toBeVisible(GUEST);
  await picture(page, "storage-images");

  const become = async (key: string) => {
    await image.getByText(/tiny-image/).first().waitFor();
    await image.locator("summary").click();
    await page.getByRole("menuitem", { name: t(key), exact: true }).click();
  };
  const images = page.url();
  await become("image-to-template");
  await expect(field(dialog(page), "field-name")).toHaveValue("tiny-image");
  await picture(page, "image-to-template");
  await send(page);
  await page.waitForURL(/\/templates\/[0-9a-f-]{36}$/);
  await expect(word(page, t("disk-status-ok"))).toBeVisible(GUEST);
  await deed(page, "action-remove-template");

  await visit(page, images);
  await become("image-to-disk");
  await picture(page, "image-to-disk");
  await send(page);
  await page.waitForURL(/\/disks\/[0-9a-f-]{36}$/);
  await expect(word(page, t("disk-status-ok"))).toBeVisible(GUEST);
  await deed(page, "action-remove-disk");

  await visit(page, "/vms/new");
  await fillVm(page, { name: "of-an-image", network: "mgmt", memory: "256" });
  await dialog(page).getByRole("tab", { name: t("part-general") }).click();
  await field(dialog(page), "field-image").selectOption({ label: "tiny-image.qcow2" });
  await send(page);
  await page.waitForURL(/\/vms\/[0-9a-f-]{36}$/);
  const id = page.url().split("/").pop()!;
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await host(1, "exec", "rm", at);
  await run(page);
  await discardVm(page, id);
});

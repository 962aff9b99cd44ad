// The way of an administrator from the sign-in to a VM's screen and back, with a picture of each step.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { domains, guestHas, hostOf, labHost } from "./support/lab";
import {
  alive, button, deed, dialog, field, fillVm, GUEST, link, main, NOBODY, picture, row, run, send, signIn, visit, word,
} from "./support/portal";
import { t } from "./support/texts";

test.use({ storageState: NOBODY });

const VM = "title-vm";
/** More than a cursor of a text screen. */
const MUCH = 400;

test("a host is added, a VM made, started, typed into, shut down and removed", async ({ page }) => {
  test.setTimeout(360_000);
  await page.goto("/");
  await alive(page);
  await picture(page, "sign-in");
  await signIn(page);
  await page.waitForURL(/\/vms$/);
  await alive(page);
  await picture(page, "signed-in");

  await addHost(page);
  const id = await makeVm(page);
  await run(page);
  await expect(main(page).getByText(/\b10\.231\.\d+\.\d+\b/).first()).toBeVisible(GUEST);
  await picture(page, "vm-up-with-its-address");
  await typeIntoConsole(page, id);

  await deed(page, "action-shutdown", "the test is over");
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await picture(page, "vm-down");
  await link(main(page), "action-remove").click();
  await expect(dialog(page)).toBeVisible();
  await picture(page, "vm-remove");
  await send(page, "action-remove");
  await expect(row(page, VM)).toHaveCount(0, GUEST);
  await picture(page, "vm-removed");
  for (const n of [1, 2, 3]) expect(await domains(n)).not.toContain(id);
});

async function addHost(page: Page) {
  const host = labHost(2);
  await visit(page, "/hosts");
  await link(main(page), "action-create-host").click();
  const form = dialog(page);
  await field(form, "field-name").fill(host.name);
  await form.getByRole("radio", { name: t("transport-tls"), exact: true }).check();
  await field(form, "field-address-label").fill(host.address);
  await field(form, "field-acceleration").selectOption({ label: t("acceleration-emulation") });
  await field(form, "field-memory-limit").fill("4096");
  await field(form, "field-cpu-limit").fill("2");
  await button(form, "action-test-host").click();
  await expect(form.getByText(t("host-test-fine")).first()).toBeVisible({ timeout: 30_000 });
  await picture(page, "host-tested");
  await send(page);
  await expect(row(page, host.name).getByText(t("host-status-up"), { exact: true })).toBeVisible({ timeout: 60_000 });
  await picture(page, "host-up");
}

async function makeVm(page: Page): Promise<string> {
  await visit(page, "/vms");
  await link(main(page), "action-create-vm").first().click();
  await fillVm(page, { name: VM, template: "Tiny Linux", network: "mgmt" });
  await picture(page, "vm-new");
  await send(page);
  await page.waitForURL(/\/vms\/[0-9a-f-]{36}$/);
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await picture(page, "vm-made");
  return page.url().split("/").pop()!;
}

async function typeIntoConsole(page: Page, id: string) {
  const file = `/tmp/typed-${Date.now().toString(36)}`;
  const opened = page.context().waitForEvent("page");
  await link(main(page), "action-console").click();
  const console = await opened;
  await expect(console.getByRole("status")).toHaveText(t("console-connected"), GUEST);
  const screen = console.getByRole("application");
  await expect.poll(() => lit(console), GUEST).toBeGreaterThan(MUCH);
  await picture(console, "console");
  await keep(console);
  await screen.click();
  await console.keyboard.type(`touch ${file}`, { delay: 40 });
  await console.keyboard.press("Enter");
  const n = await hostOf(id);
  await expect.poll(() => guestHas(n, id, file), { timeout: 60_000, message: "the guest has the file" }).toBe(true);
  expect(await changed(console), "pixels that differ").toBeGreaterThan(MUCH);
  await picture(console, "console-typed");
  await console.close();
}

/** How many pixels of the guest's screen are not black. */
function lit(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector("canvas");
    const data = canvas?.width ? canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data : undefined;
    let count = 0;
    for (let at = 0; data && at < data.length; at += 4) if (data[at]! + data[at + 1]! + data[at + 2]! > 30) count += 1;
    return count;
  });
}

/** Remembers the guest's screen in the page. */
function keep(page: Page) {
  return page.evaluate(() => {
    const canvas = document.querySelector("canvas")!;
    const kept = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data;
    (window as unknown as { kept: Uint8ClampedArray }).kept = kept;
  });
}

/** How many pixels differ from the remembered screen. */
function changed(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector("canvas")!;
    const now = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data;
    const before = (window as unknown as { kept: Uint8ClampedArray }).kept;
    let count = 0;
    for (let at = 0; at < now.length; at += 4) {
      const same = now[at] === before[at] && now[at + 1] === before[at + 1] && now[at + 2] === before[at + 2];
      if (!same) count += 1;
    }
    return count;
  });
}

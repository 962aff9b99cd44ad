import { expect, test } from "./support/fixture";
import { domains } from "./support/lab";
import {
  button, deed, dialog, discardVm, field, fillVm, GUEST, link, main, makeVm, row, run, signIn, stranger,
  visit, word,
} from "./support/portal";
import { like, t } from "./support/texts";

/** A wrong value for every field of New VM that takes one. */
const WRONG: [string, string][] = [
  ["field-name", "two words"],
  ["field-comment", "x".repeat(256)],
  ["vm-disk-size", "much"],
  ["field-memory-size", "0"],
  ["vm-total-vcpus", "none"],
  ["field-sockets", "x"],
  ["field-cores", "1.5"],
  ["field-threads", "-1"],
  ["field-cpu-model", "no such model"],
];
const FINE: [string, string] = ["field-description", "what was typed and is right"];

test("every field of New VM wrong: each says so at its place, and nothing is left behind", async ({ page }) => {
  await visit(page, "/vms");
  const before = await main(page).getByRole("row").count();
  await link(main(page), "action-create-vm").first().click();
  const form = dialog(page);
  await field(form, FINE[0]).fill(FINE[1]);
  await field(form, "kind-cluster-title").selectOption("");
  const system = form.getByRole("tab", { name: t("vm-tab-system") });
  for (const [label, value] of WRONG) {
    if (label === "field-memory-size") await system.click();
    await field(form, label).fill(value);
  }
  await button(form, "form-ok").click();

  await expect(form.getByRole("alert")).toContainText(t("form-invalid"));
  const general = form.getByRole("tab", { name: t("part-general") });
  await expect(general, "the first wrong tab comes up").toHaveAttribute("aria-selected", "true");
  await expect(general).toContainText(t("form-tab-wrong"));
  await expect(system).toContainText(t("form-tab-wrong"));
  await expect(form.getByRole("tab", { name: t("vm-tab-console") })).not.toContainText(t("form-tab-wrong"));
  await expect(field(form, "kind-cluster-title")).toBeFocused();
  await expect(field(form, "kind-cluster-title")).toHaveAttribute("aria-invalid", "true");
  await expect(field(form, FINE[0])).toHaveValue(FINE[1]);
  for (const [label, value] of WRONG) {
    if (label === "field-memory-size") await system.click();
    await expect(field(form, label)).toHaveAttribute("aria-invalid", "true");
    await expect(field(form, label)).toHaveAccessibleDescription(/./);
    await expect(field(form, label)).toHaveValue(value);
  }
  await link(form, "form-cancel").click();
  await expect(main(page).getByRole("row")).toHaveCount(before);
});

test("the same without JavaScript: 422, messages at the fields, and everything typed is still there", async ({ browser }) => {
  const page = await stranger(browser, { javaScriptEnabled: false });
  await page.goto("/sign-in?next=%2Fvms%2Fnew");
  await signIn(page);
  await page.waitForURL(/\/vms\/new$/);
  const form = dialog(page);
  await field(form, FINE[0]).fill(FINE[1]);
  for (const [label, value] of WRONG) await field(form, label).fill(value);
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await button(form, "form-ok").click();
  expect((await answer).status()).toBe(422);
  await expect(form.getByRole("alert")).toContainText(t("form-invalid"));
  await expect(field(form, FINE[0])).toHaveValue(FINE[1]);
  for (const [label, value] of WRONG) {
    await expect(field(form, label)).toHaveAttribute("aria-invalid", "true");
    await expect(field(form, label)).toHaveAccessibleDescription(/./);
    await expect(field(form, label)).toHaveValue(value);
  }
  await page.context().close();
});

test("memory beyond every host is refused at the memory, a name taken at the name", async ({ page }) => {
  const id = await makeVm(page, { name: "only-once" });
  await visit(page, "/vms/new");
  await fillVm(page, { name: "too-large", memory: String(64 * 1024) });
  await button(dialog(page), "form-ok").click();
  const memory = field(dialog(page), "field-memory-size");
  await expect(memory).toHaveAccessibleDescription(like("refusal-beyond-every-host"));
  await expect(memory).toBeFocused();

  await memory.fill("256");
  await dialog(page).getByRole("tab", { name: t("part-general") }).click();
  await field(dialog(page), "field-name").fill("only-once");
  await button(dialog(page), "form-ok").click();
  await expect(field(dialog(page), "field-name")).toHaveAccessibleDescription(like("refusal-name-taken"));
  await discardVm(page, id);
  await expect(row(page, "too-large")).toHaveCount(0);
});

test("a VM is run, rebooted and powered off; while it runs it cannot be removed; events tell the reasons", async ({ page }) => {
  test.setTimeout(300_000);
  const id = await makeVm(page, { name: "worked-with", template: "Tiny Linux", network: "mgmt" });
  await run(page);
  const remove = link(main(page), "action-remove");
  await expect(remove).toHaveAttribute("aria-disabled", "true");
  await expect(remove).toHaveAttribute("aria-description", t("refusal-vm-status", { action: t("action-remove"), status: t("vm-status-up") }));

  await deed(page, "action-reboot", "a new kernel");
  await visit(page, "/jobs");
  const job = main(page).getByRole("row").filter({ hasText: t("job-vm-reboot", { name: "worked-with" }) });
  await expect(job.getByText(t("job-status-finished"), { exact: true })).toBeVisible(GUEST);
  await visit(page, `/vms/${id}`);
  await expect(word(page, t("vm-status-up"))).toBeVisible(GUEST);
  await deed(page, "action-power-off", "no more use");
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await link(main(page), "tab-events").last().click();
  await expect(main(page).getByText(/a new kernel/).first()).toBeVisible();
  await expect(main(page).getByText(/no more use/).first()).toBeVisible();
  await discardVm(page, id);
  for (const n of [1, 2, 3]) await expect.poll(() => domains(n), GUEST).not.toContain(id);
});

test("an address of nothing says so, with the status of nothing", async ({ page }) => {
  const answer = await page.goto("/vms/00000000-0000-4000-8000-000000000000");
  expect(answer?.status()).toBe(404);
  await expect(main(page).getByText(t("frame-not-found"))).toBeVisible();
});

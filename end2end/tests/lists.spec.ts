// Lists: rows chosen over pages and orders, deeds on many, columns that are kept, and the whole result as a file.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { look } from "./support/look";
import { button, dialog, discardVm, field, GUEST, link, main, makeVm, row, visit, word } from "./support/portal";
import { t } from "./support/texts";

const box = (page: Page, name: string) => row(page, name).getByRole("checkbox");
const heads = (page: Page) => main(page).getByRole("columnheader").allInnerTexts();
const search = (name: string) => `/vms?search=${encodeURIComponent(`name = ${name}*`)}`;

/** The file that a link of the export's menu leads to. */
async function exported(page: Page, key: string): Promise<string> {
  await main(page).getByLabel(t("list-export"), { exact: true }).first().click();
  const coming = page.waitForEvent("download");
  await main(page).getByRole("menuitem", { name: t(key), exact: true }).click();
  return readFile(await (await coming).path(), "utf8");
}

test("several VMs are run and powered off at once, and each has its answer", async ({ page }) => {
  test.setTimeout(300_000);
  const ids = [];
  for (const name of ["many-a", "many-b"]) ids.push(await makeVm(page, { name, template: "Tiny Linux" }));
  await visit(page, search("many-"));
  await box(page, "many-a").check();
  await box(page, "many-b").check();
  await expect(word(page, t("list-selected", { n: "2" }))).toBeVisible();
  await main(page).getByRole("columnheader", { name: t("field-name"), exact: true }).getByRole("link").click();
  await expect(page).toHaveURL(/order=desc/);
  await expect(box(page, "many-a"), "another order leaves the choice").toBeChecked();

  await link(main(page), "action-run").click();
  await expect(dialog(page)).toContainText(t("bulk-will"));
  for (const name of ["many-a", "many-b"]) await expect(dialog(page)).toContainText(name);
  expect(await look(page, "bulk")).toEqual([]);
  await button(dialog(page), "action-run").click();
  await expect(dialog(page)).toContainText(t("bulk-all-done", { all: "2" }));
  await expect(link(dialog(page), "bulk-begun")).toHaveCount(2);
  await link(dialog(page), "form-close").last().click();
  for (const name of ["many-a", "many-b"]) {
    await expect(row(page, name).getByText(t("vm-status-up"), { exact: true })).toBeVisible(GUEST);
  }

  // One of them is down by itself: the other is done all the same.
  await link(main(page), "action-power-off").click();
  await field(dialog(page), "field-reason").fill("enough");
  await button(dialog(page), "action-power-off").click();
  await expect(dialog(page)).toContainText(t("bulk-all-done", { all: "2" }));
  await link(dialog(page), "form-close").last().click();
  for (const name of ["many-a", "many-b"]) {
    await expect(row(page, name).getByText(t("vm-status-down"), { exact: true })).toBeVisible(GUEST);
  }
  for (const id of ids) await discardVm(page, id);
});

test("what is refused is said before and after", async ({ page }) => {
  const id = await makeVm(page, { name: "refused-one" });
  await visit(page, `/vms/bulk?deed=shutdown&objects=${id}`);
  await expect(dialog(page)).toContainText(t("bulk-wont"));
  await expect(dialog(page)).toContainText("refused-one");
  await button(dialog(page), "action-shutdown").click();
  await expect(dialog(page)).toContainText(t("bulk-done", { n: "0", all: "1" }));
  await discardVm(page, id);
});

test("columns are chosen, kept over a reload, and go back", async ({ page }) => {
  await visit(page, "/hosts");
  const before = await heads(page);
  expect(before).not.toContain(t("field-id"));
  await link(main(page), "list-columns").click();
  await field(dialog(page), "field-id").check();
  await field(dialog(page), "field-comment").uncheck();
  await button(dialog(page), "form-ok").click();
  await expect(main(page).getByRole("columnheader", { name: t("field-id"), exact: true })).toBeVisible();
  await visit(page, "/hosts");
  const after = await heads(page);
  expect(after).toContain(t("field-id"));
  expect(after).not.toContain(t("field-comment"));
  await link(main(page), "list-columns").click();
  await button(dialog(page), "columns-reset").click();
  await expect(main(page).getByRole("columnheader", { name: t("field-id"), exact: true })).toHaveCount(0);
  expect(await heads(page)).toEqual(before);
});

test("every column of these lists sorts", async ({ page }) => {
  for (const path of ["/vms", "/disks", "/jobs"]) {
    await visit(page, path);
    // Without the boxes at the left and the menus at the right.
    const named = main(page).getByRole("columnheader").filter({ hasText: /./ });
    const sorting = await named.getByRole("link").allInnerTexts();
    expect((await named.allInnerTexts()).filter((title) => title !== t("list-deeds-column"))).toEqual(sorting);
  }
  await visit(page, "/disks");
  for (const key of ["field-attached-to", "field-creation-date", "field-description"]) {
    await main(page).getByRole("columnheader", { name: t(key), exact: true }).getByRole("link").click();
    await expect(main(page).getByRole("columnheader", { name: t(key), exact: true })).toHaveAttribute("aria-sort", "ascending");
  }
});

test("the whole result is a file", async ({ page }) => {
  await visit(page, "/hosts?sort=name&order=desc&size=25");
  const csv = (await exported(page, "list-export-csv")).trimEnd().split("\r\n");
  expect(csv[0]).toMatch(/^name,comment,address,/);
  expect(csv.slice(1).map((line) => line.split(",")[0])).toEqual(["kvm3", "kvm1"]);
  const json = JSON.parse(await exported(page, "list-export-json"));
  expect(json.map((host: { name: string }) => host.name)).toEqual(["kvm3", "kvm1"]);
  expect(json[0].cluster).toEqual({ id: expect.any(String), name: "Lab" });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("boxes and a form lead to the same dialog", async ({ page }) => {
    await page.goto("/hosts");
    await box(page, "kvm1").check();
    await box(page, "kvm3").check();
    await main(page).getByLabel(t("list-many")).selectOption({ label: t("action-remove-host") });
    await button(main(page), "list-many-go").click();
    await expect(dialog(page)).toContainText(t("bulk-wont"));
    await button(dialog(page), "action-remove-host").click();
    await expect(dialog(page)).toContainText(t("bulk-done", { n: "0", all: "2" }));
  });
});

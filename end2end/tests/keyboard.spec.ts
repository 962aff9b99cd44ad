// A VM made with the keyboard alone, and the focus where a person expects it.
import { expect, test } from "./support/fixture";
import { reach, replace } from "./support/keyboard";
import { dialog, discardVm, field, GUEST, link, main, visit, word, button } from "./support/portal";
import { t } from "./support/texts";

test("a VM is made with the keyboard alone, and the focus comes back to where it was", async ({ page }) => {
  await visit(page, "/vms");
  const create = link(main(page), "action-create-vm").first();
  await reach(page, create);
  await page.keyboard.press("Enter");
  const form = dialog(page);
  await expect(field(form, "field-name")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(form).toHaveCount(0);
  await expect(create).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(field(form, "field-name")).toBeFocused();
  await page.keyboard.type("by-keyboard");
  await reach(page, field(form, "kind-cluster-title"), "Shift+Tab");
  await page.keyboard.type("Lab");
  await expect(field(form, "kind-cluster-title").locator("option:checked")).toHaveText("Lab");

  const tabs = (key: string) => form.getByRole("tab", { name: t(key) });
  await reach(page, tabs("part-general"), "Shift+Tab");
  await page.keyboard.press("ArrowDown");
  await expect(tabs("vm-tab-system")).toBeFocused();
  await expect(tabs("vm-tab-system")).toHaveAttribute("aria-selected", "true");
  await reach(page, field(form, "field-memory-size"));
  await replace(page, "256");
  await reach(page, tabs("vm-tab-system"), "Shift+Tab");
  await page.keyboard.press("End");
  await expect(tabs("vm-tab-boot")).toBeFocused();
  await reach(page, field(form, "field-boot-menu"));
  await page.keyboard.press("Space");
  await expect(field(form, "field-boot-menu")).toBeChecked();
  await reach(page, tabs("vm-tab-boot"), "Shift+Tab");
  await page.keyboard.press("Home");
  await expect(tabs("part-general")).toHaveAttribute("aria-selected", "true");
  await reach(page, button(form, "form-ok"));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/vms\/[0-9a-f-]{36}$/);
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);

  const edit = link(main(page), "action-edit");
  await reach(page, edit);
  await page.keyboard.press("Enter");
  await expect(field(form, "field-name")).toBeFocused();
  await reach(page, tabs("part-general"), "Shift+Tab");
  await page.keyboard.press("ArrowDown");
  await expect(field(form, "field-memory-size")).toHaveValue("256");
  await reach(page, link(form, "form-cancel"));
  await page.keyboard.press("Enter");
  await expect(form).toHaveCount(0);
  await expect(edit).toBeFocused();
  await discardVm(page, page.url().split("/").pop()!);
});

test("an arrow key moves around the ends of the side tabs, and each shows its own fields", async ({ page }) => {
  await visit(page, "/vms/new");
  const form = dialog(page);
  const all = form.getByRole("tab");
  await reach(page, all.first(), "Shift+Tab");
  const count = await all.count();
  for (let n = 1; n <= count; n += 1) {
    await page.keyboard.press("ArrowDown");
    await expect(all.nth(n % count)).toBeFocused();
    await expect(form.getByRole("tabpanel")).toHaveCount(1);
  }
  await page.keyboard.press("ArrowUp");
  await expect(all.last()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(form).toHaveCount(0);
});

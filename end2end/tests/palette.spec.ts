// The command palette: anything by its name, and what can be done with it, by the keyboard alone.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { dialog, discardVm, field, main, makeVm, visit, word } from "./support/portal";
import { t } from "./support/texts";

const box = (page: Page) => page.getByRole("combobox", { name: t("palette-field") });
const line = (page: Page, name: string | RegExp) => dialog(page).getByRole("option", { name });
const current = (page: Page) => dialog(page).locator("[role=option][aria-selected=true]");

async function open(page: Page) {
  await page.keyboard.press("Control+K");
  await expect(box(page)).toBeFocused();
}

/** The lines' number as it is read out. */
const count = (n: number) => (n === 1 ? /One result/ : new RegExp(`^${n} results`));

test("a page is gone to by its name, and Escape and the key close", async ({ page }) => {
  await visit(page, "/vms");
  await open(page);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await open(page);
  await page.keyboard.press("Control+K");
  await expect(dialog(page)).toHaveCount(0);
  await page.getByRole("button", { name: t("palette"), exact: true }).click();
  await expect(box(page)).toBeFocused();
  await page.keyboard.type("new data");
  await expect(dialog(page).getByRole("status")).toHaveText(count(1));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/data-centers\/new$/);
  await expect(field(dialog(page), "field-name")).toBeFocused();
  // Over a form it does not come.
  await page.keyboard.press("Control+K");
  await expect(box(page)).toHaveCount(0);
});

test("a VM is found, started and remembered by the keyboard alone", async ({ page }) => {
  const id = await makeVm(page, { name: "palette-vm" });
  await visit(page, "/dashboard");
  await open(page);
  await page.keyboard.type("PALETTE");
  await expect(line(page, /palette-vm/).first()).toBeVisible();
  await expect(current(page)).toContainText("palette-vm");
  const active = await box(page).getAttribute("aria-activedescendant");
  expect(active).toBe(await current(page).getAttribute("id"));
  await page.keyboard.press("Tab");
  const deeds = page.getByRole("combobox", { name: /palette-vm/ });
  await expect(deeds).toBeFocused();
  const shutdown = line(page, new RegExp(`^${t("action-shutdown")}`));
  await expect(shutdown).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Escape");
  await expect(box(page)).toBeFocused();
  await page.keyboard.type("palette-vm");
  await expect(current(page)).toContainText("palette-vm");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/vms/${id}$`));
  await expect(word(page, t("vm-status-down"))).toBeVisible();

  await visit(page, "/hosts");
  await open(page);
  await expect(current(page)).toContainText("palette-vm");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type(t("action-remove"));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/vms/${id}/remove`));
  await expect(dialog(page)).toContainText("palette-vm");
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/hosts$/);
  await expect(main(page)).toBeVisible();
  await discardVm(page, id);
});

test("Enter pressed before the list is there waits for it", async ({ page }) => {
  const id = await makeVm(page, { name: "palette-late" });
  await visit(page, "/hosts");
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/fn/palette*", async (route) => {
    await answered;
    await route.continue();
  });
  await open(page);
  const asked = page.waitForRequest("**/fn/palette*");
  await page.keyboard.type("palette-late");
  await page.keyboard.press("Enter");
  await asked;
  await expect(page).toHaveURL(/\/hosts$/);
  answer();
  await expect(page).toHaveURL(new RegExp(`/vms/${id}$`));
  await discardVm(page, id);
});

test("what is typed while the palette is on its way is not lost", async ({ page }) => {
  const id = await makeVm(page, { name: "palette-early" });
  let answer = () => {};
  const begin = async () => {
    await page.unrouteAll();
    const answered = new Promise<void>((resolve) => (answer = resolve));
    await page.route(/split_palette/, async (route) => {
      await answered;
      await route.continue();
    });
    await visit(page, "/hosts");
    const asked = page.waitForRequest(/split_palette/);
    await page.keyboard.press("Control+K");
    await asked;
  };
  await begin();
  await page.keyboard.type("palette-earx");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("ly");
  await expect(box(page)).toHaveCount(0);
  answer();
  await expect(box(page)).toHaveValue("palette-early");
  await expect(current(page)).toContainText("palette-early");
  await page.keyboard.press("Backspace");
  await expect(box(page), "the caret is behind it").toHaveValue("palette-earl");

  // Enter goes to what comes.
  await begin();
  await page.keyboard.type("palette-early");
  await page.keyboard.press("Enter");
  answer();
  await expect(page).toHaveURL(new RegExp(`/vms/${id}$`));

  // Who has left again is not followed by it.
  await begin();
  await page.keyboard.press("Escape");
  const came = page.waitForResponse(/split_palette/);
  answer();
  await came;
  await open(page);
  await expect(box(page)).toHaveValue("");
  await discardVm(page, id);
});

test("nothing of it comes with the first visit", async ({ page }) => {
  const parts: string[] = [];
  page.on("request", (request) => {
    if (/split_palette/.test(request.url())) parts.push(request.url());
  });
  await visit(page, "/vms");
  expect(parts).toEqual([]);
  await open(page);
  expect(parts.length).toBe(1);
});

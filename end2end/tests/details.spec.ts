// The lower pane of a list: the details of the chosen row, in the address and at the height that it was given.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { link, main, visit } from "./support/portal";
import { t } from "./support/texts";

const pane = (page: Page) => main(page).getByRole("region", { name: t("list-below"), exact: true });
const bar = (page: Page) => main(page).getByRole("separator", { name: t("list-below-height"), exact: true });

/** A line of the list of hosts; the pane may name the host in lines of its own. */
function line(page: Page, name: string) {
  const list = main(page).getByRole("table", { name: t("tab-hosts"), exact: true });
  return list.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** Presses the line beside its link. */
const press = (page: Page, name: string) => line(page, name).getByRole("cell").nth(2).click();

test("a pressed row shows its details below the list, with its parts, and the address brings them back", async ({ page }) => {
  await visit(page, "/hosts");
  await press(page, "kvm1");
  await expect(pane(page).getByRole("heading", { name: "kvm1", exact: true })).toBeVisible();
  await link(pane(page), "tab-events").click();
  await expect(pane(page).getByRole("table", { name: t("tab-events") })).toBeVisible();
  await press(page, "kvm3");
  await expect(pane(page).getByRole("heading", { name: "kvm3", exact: true })).toBeVisible();
  await expect(pane(page).getByRole("table", { name: t("tab-events") }), "the part stays").toBeVisible();
  await expect(line(page, "kvm3")).toHaveAttribute("aria-current", "true");

  await page.reload();
  await expect(pane(page).getByRole("heading", { name: "kvm3", exact: true })).toBeVisible();
  await expect(link(pane(page), "tab-events")).toHaveAttribute("aria-current", "page");
  await link(pane(page), "list-below-close").click();
  await expect(pane(page)).toHaveCount(0);
  await expect(page).toHaveURL(/\/hosts$/);
});

test("the menu of a row shows them too, and arrow keys give the pane a height that stays", async ({ page }) => {
  await visit(page, "/hosts");
  await line(page, "kvm1").getByTitle(t("list-deeds", { name: "kvm1" }), { exact: true }).click();
  await page.getByRole("menuitem", { name: t("list-below"), exact: true }).click();
  await expect(pane(page)).toBeVisible();
  const before = (await pane(page).locator("..").boundingBox())!.height;
  for (let n = 0; n < 4; n += 1) await bar(page).press("ArrowUp");
  await expect.poll(async () => (await pane(page).locator("..").boundingBox())!.height).toBeGreaterThan(before + 20);
  const share = await bar(page).getAttribute("aria-valuenow");
  await page.reload();
  await expect(bar(page)).toHaveAttribute("aria-valuenow", share!);
});

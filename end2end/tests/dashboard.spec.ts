// The dashboard, and how the use of one object went.
import { expect, test } from "./support/fixture";
import { firstOf } from "./support/routes";
import { link, main, visit } from "./support/portal";
import { t } from "./support/texts";

test("it is the first tab, and tells how everything is", async ({ page }) => {
  await visit(page, "/vms");
  const tabs = page.getByRole("navigation", { name: t("frame-lists") });
  await tabs.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/dashboard$/);
  const status = main(page).getByRole("region", { name: t("dashboard-status") });
  await expect(status.getByRole("link", { name: new RegExp(`^${t("tab-hosts")} \\d+$`) })).toBeVisible();
  const use = main(page).getByRole("region", { name: t("dashboard-utilization") });
  await expect(use.getByRole("img", { name: new RegExp(`^${t("field-memory")}: \\d+ % ${t("dashboard-used")}$`) })).toBeVisible();
  await expect(use.getByText(t("dashboard-overcommit")).first()).toBeVisible();
  const heat = main(page).getByRole("region", { name: t("dashboard-heat") });
  await heat.getByRole("list", { name: t("dashboard-heat-cpu") }).getByRole("link", { name: "Lab" }).click();
  await expect(main(page).getByRole("heading", { name: "Lab", exact: true })).toBeVisible();
});

test("a number leads to the list of just these", async ({ page }) => {
  await visit(page, "/dashboard");
  const status = main(page).getByRole("region", { name: t("dashboard-status") });
  const up = status.getByRole("link", { name: new RegExp(`^\\d+ ${t("standing-up")}$`) });
  await expect(up.and(page.locator('[href="/hosts?search=status%20%3D%20up"]'))).toBeVisible();
});

test("the keyboard goes through all of it", async ({ page }) => {
  await visit(page, "/dashboard");
  const links = main(page).getByRole("region", { name: t("dashboard-status") }).getByRole("link");
  await links.first().focus();
  for (let n = 1; n < (await links.count()); n += 1) {
    await page.keyboard.press("Tab");
    await expect(links.nth(n)).toBeFocused();
  }
});

for (const list of ["hosts", "storage"]) {
  test(`one of ${list} tells its use over any time`, async ({ page }) => {
    test.setTimeout(240_000);
    const own = await firstOf(page, list);
    const spans = main(page).getByRole("navigation", { name: t("part-use-spans") });
    // There is a point each minute, and two make a line.
    await expect(async () => {
      await visit(page, `${own}/use`);
      await expect(link(spans, "span-day")).toHaveAttribute("aria-current", "page");
      await expect(main(page).getByRole("img", { name: new RegExp(`: ${t("span-day")}$`) }).first()).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 180_000 });
    await link(spans, "span-year").click();
    await expect(page).toHaveURL(/\/use\?span=year$/);
    await expect(link(spans, "span-year")).toHaveAttribute("aria-current", "page");
    await expect(main(page).getByText(t("use-none"))).toBeVisible();
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("all of it is in the page, and spans are links", async ({ page }) => {
    await page.goto("/dashboard");
    await expect(main(page).getByRole("region", { name: t("dashboard-top") })).toBeVisible();
    await page.goto(`${await firstOf(page, "hosts")}/use`);
    await link(main(page), "span-hour").click();
    await expect(main(page).getByRole("img", { name: new RegExp(`: ${t("span-hour")}$`) }).first()).toBeVisible();
  });
});

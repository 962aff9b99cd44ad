// The portal without JavaScript: pages, links, lists and forms are whole as they come from the server.
import { expect, test } from "./support/fixture";
import { button, dialog, field, link, main, row, send } from "./support/portal";
import { t } from "./support/texts";

test.use({ javaScriptEnabled: false });

test("every list is reached by its tab and shows what there is", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/vms$/);
  const tabs = page.getByRole("navigation", { name: t("frame-lists") }).or(page.getByLabel(t("frame-lists")));
  for (const tab of ["dashboard", "data-centers", "clusters", "hosts", "networks", "storage", "disks", "templates", "quotas", "users", "events", "jobs"]) {
    await tabs.first().getByRole("link", { name: t(`tab-${tab}`) }).click();
    await expect(page).toHaveURL(new RegExp(`/${tab}$`));
    await expect(main(page).getByRole("heading", { name: t(`tab-${tab}`), exact: true })).toBeAttached();
  }
  await page.goto("/hosts");
  await expect(row(page, "kvm1").getByText(t("host-status-up"), { exact: true })).toBeVisible();
});

test("a list sorts and pages by links", async ({ page }) => {
  await page.goto("/hosts");
  const head = main(page).getByRole("columnheader", { name: t("field-name"), exact: true });
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  await head.getByRole("link").click();
  await expect(page).toHaveURL(/order=desc/);
  await expect(head).toHaveAttribute("aria-sort", "descending");
  const names = await main(page).getByRole("link", { name: /^kvm\d$/ }).allInnerTexts();
  expect(names).toEqual([...names].sort().reverse());

  await page.goto("/events?size=25");
  const next = main(page).getByRole("link", { name: t("list-next") });
  await expect(next).toBeVisible();
});

test("an object is made, changed and removed by plain forms", async ({ page }) => {
  await page.goto("/data-centers");
  await link(main(page), "action-create-data-center").first().click();
  await button(dialog(page), "form-ok").click();
  await expect(field(dialog(page), "field-name")).toHaveAccessibleDescription(t("field-required"));
  await field(dialog(page), "field-name").fill("by-plain-forms");
  await send(page);
  await row(page, "by-plain-forms").getByRole("link", { name: "by-plain-forms", exact: true }).click();
  await link(main(page), "action-edit-data-center").click();
  await field(dialog(page), "field-description").fill("<b>not markup</b>");
  await send(page);
  await expect(main(page).getByText("<b>not markup</b>")).toBeVisible();
  await link(main(page), "action-remove-data-center").click();
  await send(page, "action-remove-data-center");
  await expect(row(page, "by-plain-forms")).toHaveCount(0);
});

test("the console says that it needs JavaScript", async ({ page }) => {
  await page.goto("/vms/00000000-0000-4000-8000-000000000000/console");
  await expect(page.getByText(t("frame-not-found"))).toBeVisible();
});

// Bookmarks: a list's search kept, gone to, changed, shared and removed.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { button, dialog, field, link, main, picture, row, send, visit } from "./support/portal";
import { t } from "./support/texts";

const pane = (page: Page) => page.getByRole("complementary", { name: t("frame-side"), exact: true });
const kept = (page: Page, name: string) => pane(page).getByRole("link", { name, exact: true });
const deed = (page: Page, key: string, name: string) => pane(page).getByRole("link", { name: t(key, { name }), exact: true });

async function open(page: Page, path: string) {
  await visit(page, path);
  await pane(page).getByRole("tab", { name: t("tab-bookmarks"), exact: true }).click();
}

test("the search of a list is kept in the left pane, leads back to it, and is changed and removed there", async ({ page, context }) => {
  await open(page, "/hosts?search=name%3Dkvm1");
  const second = await context.newPage();
  await open(second, "/vms");
  await link(pane(page), "action-create-bookmark").click();
  await expect(field(dialog(page), "field-search")).toHaveValue("Hosts: name=kvm1");
  await field(dialog(page), "field-search").fill("name=kvm1");
  await field(dialog(page), "field-name").fill("The first host");
  await button(dialog(page), "form-ok").click();
  await expect(field(dialog(page), "field-search")).toHaveAccessibleDescription(/^A search begins with what it searches/);
  await field(dialog(page), "field-search").fill("Hosts: name=kvm1");
  await send(page);
  await expect(page).toHaveURL(/\/hosts\?search=name%3Dkvm1$/);

  await kept(second, "The first host").click();
  await expect(second).toHaveURL(/\/hosts\?search=name%3Dkvm1$/);
  await picture(second, "bookmarks-pane");
  await deed(page, "bookmark-edit-one", "The first host").click();
  await field(dialog(page), "field-name").fill("Host one");
  await field(dialog(page), "field-shared").check();
  await send(page);
  await expect(kept(second, "Host one"), "the other tab follows").toBeVisible();
  await deed(page, "bookmark-remove-one", "Host one").click();
  await send(page, "action-remove-bookmark");
  await expect(kept(second, "Host one")).toHaveCount(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("bookmarks are made, followed and removed by plain forms", async ({ page }) => {
    await page.goto("/vms");
    await pane(page).getByRole("tab", { name: t("tab-bookmarks"), exact: true }).click();
    await expect(page).toHaveURL(/\/bookmarks$/);
    await link(main(page), "action-create-bookmark").first().click();
    await field(dialog(page), "field-name").fill("Everything that runs");
    await field(dialog(page), "field-search").fill("Vms: status = up");
    await send(page);
    const line = row(page, "Everything that runs");
    await line.getByRole("link", { name: "Vms: status = up", exact: true }).click();
    await expect(page).toHaveURL(/\/vms\?search=status\+%3D\+up$/);
    await page.goto("/bookmarks");
    await line.getByRole("link", { name: "Everything that runs", exact: true }).click();
    await link(main(page), "action-remove-bookmark").click();
    await send(page, "action-remove-bookmark");
    await expect(line).toHaveCount(0);
  });
});

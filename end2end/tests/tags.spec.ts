// Tags: made in the left pane, on objects, and as what a list is narrowed down by.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { button, dialog, field, link, main, other, picture, row, send, visit } from "./support/portal";
import { firstOf } from "./support/routes";
import { t } from "./support/texts";

const pane = (page: Page) => page.getByRole("complementary", { name: t("frame-side"), exact: true });
const tab = (page: Page, key: string) => pane(page).getByRole("tab", { name: t(key), exact: true });
const tag = (page: Page, name: string) => pane(page).getByRole("treeitem", { name: new RegExp(`^${name}\\b`) });

async function makeTag(page: Page, name: string, parent?: string) {
  await visit(page, "/tags/new");
  await field(dialog(page), "field-name").fill(name);
  if (parent) {
    const choice = field(dialog(page), "field-tag-parent").locator("option", { hasText: parent });
    await field(dialog(page), "field-tag-parent").selectOption((await choice.getAttribute("value"))!);
  }
  await send(page);
}

async function removeTag(page: Page, name: string) {
  await visit(page, "/tags");
  await row(page, name).getByRole("link", { name, exact: true }).click();
  await link(main(page), "action-remove-tag").click();
  await send(page, "action-remove-tag");
}

test("the left pane's tabs go by the arrow keys, and the one that was open is open again", async ({ page }) => {
  await visit(page, "/hosts");
  await tab(page, "frame-tree").focus();
  await page.keyboard.press("ArrowRight");
  await expect(tab(page, "tab-bookmarks")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(tab(page, "tab-tags")).toHaveAttribute("aria-selected", "true");
  await expect(pane(page).getByRole("heading", { name: t("tab-tags"), exact: true })).toBeVisible();
  await page.reload();
  await expect(tab(page, "tab-tags")).toHaveAttribute("aria-selected", "true");
  await tab(page, "tab-tags").press("Home");
  await expect(tab(page, "frame-tree")).toHaveAttribute("aria-selected", "true");
});

test("a tag is given to a host, narrows its list down, and is moved and removed", async ({ page, context }) => {
  await makeTag(page, "site");
  await makeTag(page, "cellar", "site");
  await page.goto(await firstOf(page, "hosts"));
  await other(page, "action-assign-tags");
  await dialog(page).getByRole("checkbox", { name: "cellar" }).check();
  await picture(page, "assign-tags");
  await send(page);
  await page.goto(await firstOf(page, "hosts"));
  await expect(main(page).getByRole("link", { name: "cellar", exact: true })).toHaveAttribute("href", "/hosts?search=tag%3Dcellar");

  await visit(page, "/hosts");
  await tab(page, "tab-tags").click();
  await expect(tag(page, "site")).toContainText("1");
  await tag(page, "site").click();
  await expect(page).toHaveURL(/search=tag%3Dsite/);
  await expect(tag(page, "site")).toHaveAttribute("aria-selected", "true");
  await picture(page, "tags-pane");
  await tag(page, "cellar").click();
  await expect(page).toHaveURL(/search=tag%3Dsite\+or\+tag%3Dcellar/);
  await tag(page, "site").click();
  await expect(page).toHaveURL(/search=tag%3Dcellar$/);

  // Below itself it cannot go; at the top it can, and another tab sees it there.
  const second = await context.newPage();
  await visit(second, "/tags");
  await link(pane(page), "action-edit-tag").click();
  const places = field(dialog(page), "field-tag-parent");
  await expect(places.locator("option", { hasText: "cellar" })).toHaveCount(0);
  await places.selectOption({ label: t("tag-top") });
  await send(page);
  await expect(page).toHaveURL(/\/hosts\?search=tag%3Dcellar$/);
  await expect(row(second, "cellar").getByRole("link", { name: "site", exact: true })).toHaveCount(0);

  await visit(page, "/tags");
  await row(page, "site").getByRole("link", { name: "site", exact: true }).click();
  await link(main(page), "action-edit-tag").click();
  await field(dialog(page), "field-name").fill("cellar");
  await button(dialog(page), "form-ok").click();
  await expect(field(dialog(page), "field-name")).toHaveAttribute("aria-invalid", "true");
  await removeTag(page, "cellar");
  await removeTag(page, "site");
});

test("several objects at once: what all carry is marked, what some carry can be taken off those", async ({ page }) => {
  await makeTag(page, "both");
  await makeTag(page, "some");
  await page.goto("/hosts");
  const links = main(page).getByRole("table").getByRole("link", { name: /^kvm\d$/ });
  const ids = await links.evaluateAll((all) => all.slice(0, 2).map((a) => a.getAttribute("href")!.split("/").pop()!));
  const dialogOf = (objects: string[]) => visit(page, `/tags/assign?kind=host&objects=${objects.join(",")}`);
  const box = (name: string | RegExp) => dialog(page).getByRole("checkbox", { name });
  await dialogOf([ids[0]!]);
  await box("some").check();
  await send(page);
  await dialogOf(ids);
  await expect(box(/^some$/)).not.toBeChecked();
  await box("both").check();
  await box(t("tags-partly", { name: "some", n: 1, all: 2 })).check();
  await picture(page, "assign-tags-many");
  await send(page);
  await dialogOf(ids);
  await expect(box("both")).toBeChecked();
  await expect(box(/^some/)).toHaveCount(1);
  await dialogOf([...ids, "00000000-0000-4000-8000-000000000000"]);
  await expect(box("both"), "what is not there is left out").toBeChecked();
  await removeTag(page, "both");
  await removeTag(page, "some");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the pane shows the tree, and leads to tags that are made and assigned by plain forms", async ({ page }) => {
    await page.goto("/hosts");
    await tab(page, "tab-tags").click();
    await expect(page).toHaveURL(/\/tags$/);
    await link(main(page), "action-create-tag").first().click();
    await field(dialog(page), "field-name").fill("two words");
    await button(dialog(page), "form-ok").click();
    await expect(field(dialog(page), "field-name")).toHaveAccessibleDescription(t("field-name-characters"));
    await field(dialog(page), "field-name").fill("plain");
    await send(page);
    await page.goto(`${await firstOf(page, "hosts")}/assign-tags`);
    await dialog(page).getByRole("checkbox", { name: "plain" }).check();
    await send(page);
    await page.goto(await firstOf(page, "hosts"));
    await main(page).getByRole("link", { name: "plain", exact: true }).click();
    await expect(page).toHaveURL(/search=tag%3Dplain$/);
    await page.goto("/tags");
    await row(page, "plain").getByRole("link", { name: "plain", exact: true }).click();
    await link(main(page), "action-remove-tag").click();
    await send(page, "action-remove-tag");
    await expect(row(page, "plain")).toHaveCount(0);
  });
});

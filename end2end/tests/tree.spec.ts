// The tree of the left pane: opened to what the page is about, moved through by the keyboard, and true without a reload.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { button, dialog, field, main, send, visit } from "./support/portal";
import { t } from "./support/texts";

const tree = (page: Page) => page.getByRole("tree", { name: t("frame-tree") });
const node = (page: Page, name: RegExp) => tree(page).getByRole("treeitem", { name });
const folder = (page: Page, key: string) => node(page, new RegExp(`^${t(key)}`));

async function make(page: Page, name: string) {
  await visit(page, "/data-centers/new");
  await field(dialog(page), "field-name").fill(name);
  await send(page);
  await main(page).getByRole("link", { name, exact: true }).first().click();
  await page.waitForURL(/\/data-centers\/[0-9a-f-]{36}$/);
  return page.url().split("/").pop()!;
}

async function discard(page: Page, id: string) {
  await visit(page, `/data-centers/${id}/remove`);
  await button(dialog(page), "action-remove-data-center").click();
  await expect(dialog(page)).toHaveCount(0);
}

test("the server renders the tree open to what the page is about", async ({ page, request }) => {
  await visit(page, "/clusters");
  const cluster = await main(page).getByRole("link", { name: "Lab", exact: true }).getAttribute("href");
  const html = await (await request.get(cluster!)).text();
  expect(html).toMatch(/role="treeitem"[^>]*aria-selected="true"/);
  await visit(page, cluster!);
  const chosen = tree(page).locator("[aria-selected=true]");
  await expect(chosen).toHaveCount(1);
  await expect(chosen).toHaveText(/^Lab/);
  await expect(chosen).toHaveAttribute("tabindex", "0");
});

test("the keyboard of the tree pattern", async ({ page }) => {
  await visit(page, "/vms");
  await button(page, "frame-tree-collapse").click();
  const system = folder(page, "tree-system");
  await system.focus();
  await page.keyboard.press("ArrowRight");
  const center = tree(page).locator(":focus");
  await expect(center).toHaveAttribute("aria-level", "2");
  await page.keyboard.press("*");
  await expect(center).toHaveAttribute("aria-expanded", "true");
  // All of a level open at once, and their parts come one by one.
  await expect(center.locator("xpath=following::*[@role='treeitem'][1]")).toHaveAttribute("aria-level", "3");
  await page.keyboard.press("ArrowRight");
  await expect(tree(page).locator(":focus")).toHaveAttribute("aria-level", "3");
  await page.keyboard.press("ArrowLeft");
  await expect(tree(page).locator(":focus")).toHaveAttribute("aria-level", "2");
  await page.keyboard.press("Home");
  await expect(system).toBeFocused();
  await page.keyboard.type(t("folder-network").slice(0, 3));
  await expect(folder(page, "folder-network").first()).toBeFocused();
  await page.keyboard.press("End");
  await expect(tree(page).getByRole("treeitem").last()).toBeFocused();
});

test("what comes, is renamed and goes is in the tree without a reload, and open nodes are remembered", async ({ page, context }) => {
  const other = await context.newPage();
  await visit(other, "/events");
  const id = await make(page, "in-the-tree");
  await expect(node(other, /^in-the-tree$/)).toBeVisible();
  await node(other, /^in-the-tree$/).focus();
  await other.keyboard.press("ArrowRight");
  await expect(node(other, /^in-the-tree$/)).toHaveAttribute("aria-expanded", "true");
  await visit(page, `/data-centers/${id}/edit`);
  await field(dialog(page), "field-name").fill("renamed-in-the-tree");
  await send(page);
  await expect(node(other, /^renamed-in-the-tree$/)).toBeVisible();
  await visit(other, "/events");
  await expect(node(other, /^renamed-in-the-tree$/)).toHaveAttribute("aria-expanded", "true");
  await discard(page, id);
  await expect(node(other, /^renamed-in-the-tree$/)).toHaveCount(0);
  await other.close();
});

test("the right mouse button shows what can be done with an object", async ({ page }) => {
  const id = await make(page, "tree-menu");
  await node(page, /^tree-menu$/).click({ button: "right" });
  const entry = page.getByRole("menuitem", { name: t("action-remove-data-center") });
  await expect(entry).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(entry).toHaveCount(0);
  await node(page, /^tree-menu$/).click({ button: "right" });
  await entry.click();
  await expect(page).toHaveURL(new RegExp(`/data-centers/${id}/remove`));
  await button(dialog(page), "action-remove-data-center").click();
  await expect(node(page, /^tree-menu$/)).toHaveCount(0);
});

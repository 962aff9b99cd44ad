// Parts of the WASM that a first visit does not need: they come when they are asked for, and one that does not come
// breaks nothing.
import type { Page, Request } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { dialog, link, main, visit } from "./support/portal";
import { t } from "./support/texts";

const PART = /\/pkg\/(split|chunk)_/;

function partsOf(page: Page): string[] {
  const parts: string[] = [];
  page.on("request", (request: Request) => {
    if (PART.test(request.url())) parts.push(request.url());
  });
  return parts;
}

test("the first page comes without the rest; a link that is pointed at fetches what it leads to", async ({ page }) => {
  const parts = partsOf(page);
  await visit(page, "/vms");
  expect(parts).toEqual([]);
  const came = page.waitForResponse(/\/pkg\/split_dialogs/);
  const create = link(main(page), "action-create-vm").first();
  await create.hover();
  await came;
  await create.click();
  await expect(dialog(page)).toBeVisible();
  expect(new Set(parts).size).toBe(parts.length);
});

test("a part that is gone is said in its place, and the page goes on", async ({ page, troubles }) => {
  troubles.allow("/pkg/", "WebAssembly");
  await visit(page, "/vms");
  await page.route(PART, (route) => route.fulfill({ status: 404 }));
  await link(main(page), "action-create-vm").first().click();
  await expect(page.getByText(t("fault-part-missing"))).toBeVisible();
  await page.unroute(PART);
  await link(page, "page-again").click();
  await expect(dialog(page)).toBeVisible();
});

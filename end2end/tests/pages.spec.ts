// Every page there is, in both themes: axe finds nothing wrong, no page is wider than a telephone, and a picture
// of each, wide and narrow, for people to look at.
import { expect, test } from "./support/fixture";
import { look } from "./support/look";
import { button, dialog, discardVm, field, NOBODY, visit } from "./support/portal";
import { routes } from "./support/routes";

test("nothing is wrong with any page of the portals, in both languages", async ({ page, browser }) => {
  test.setTimeout(2_100_000);
  const found: string[] = [];
  const all = await routes(page, "looked-at");
  const elsewhere = await browser.newContext({ locale: "de-DE", storageState: await page.context().storageState(), ignoreHTTPSErrors: true });
  const german = await elsewhere.newPage();
  for (const { name, path } of all) {
    await page.goto(path);
    found.push(...(await look(page, name)));
    await german.goto(path);
    await expect(german.locator("html")).toHaveAttribute("lang", "de");
    // Its words are others; its colours are not.
    found.push(...(await look(german, `${name}-de`, ["light"])));
  }
  await elsewhere.close();
  const id = all.find(({ name }) => name === "one-vms")!.path.split("/").pop()!;
  await discardVm(page, id);
  expect(found).toEqual([]);
});

test("nothing is wrong with any side tab of a VM's dialog, fine or refused", async ({ page }) => {
  test.setTimeout(300_000);
  const found: string[] = [];
  await visit(page, "/vms/new");
  const tabs = await dialog(page).getByRole("tab").all();
  expect(tabs.length).toBeGreaterThan(5);
  for (const tab of tabs) {
    await tab.click();
    found.push(...(await look(page, `vm-tab-${(await tab.getAttribute("id"))!.replace("tab-", "")}`)));
  }
  await tabs[1]!.click();
  await field(dialog(page), "field-memory-size").fill("much");
  await field(dialog(page), "field-sockets").fill("x");
  await button(dialog(page), "form-ok").click();
  await tabs[1]!.click();
  await expect(field(dialog(page), "field-memory-size")).toHaveAttribute("aria-invalid", "true");
  found.push(...(await look(page, "vm-tab-system-refused")));
  expect(found).toEqual([]);
});

test.describe("signed out", () => {
  test.use({ storageState: NOBODY });

  test("nothing is wrong with the sign-in", async ({ page }) => {
    await page.goto("/sign-in");
    expect(await look(page, "sign-in")).toEqual([]);
  });
});

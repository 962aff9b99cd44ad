// Every page there is, in both themes: axe finds nothing wrong, no page is wider than a telephone, and a picture
// of each, wide and narrow, for people to look at.
import { expect, test } from "./support/fixture";
import { look } from "./support/look";
import { discardVm, NOBODY } from "./support/portal";
import { routes } from "./support/routes";

test("nothing is wrong with any page of the portal", async ({ page }) => {
  test.setTimeout(600_000);
  const found: string[] = [];
  const all = await routes(page, "looked-at");
  for (const { name, path } of all) {
    await page.goto(path);
    found.push(...(await look(page, name)));
  }
  const id = all.find(({ name }) => name === "one-vms")!.path.split("/").pop()!;
  await discardVm(page, id);
  expect(found).toEqual([]);
});

test.describe("signed out", () => {
  test.use({ storageState: NOBODY });

  test("nothing is wrong with the sign-in", async ({ page }) => {
    await page.goto("/sign-in");
    expect(await look(page, "sign-in")).toEqual([]);
  });
});

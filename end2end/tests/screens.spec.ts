// A picture of every screen, wide and narrow, light and dark, for people to look at; and no page is wider than
// a telephone.
import { SCREENS } from "./support/env";
import { expect, test } from "./support/fixture";
import { alive, discardVm } from "./support/portal";
import { routes } from "./support/routes";

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

test("every screen has its picture, and none is wider than the window", async ({ page }) => {
  test.setTimeout(420_000);
  const all = await routes(page, "pictured");
  const tooWide: string[] = [];
  for (const { name, path } of all) {
    await page.goto(path);
    await alive(page);
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      for (const theme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: theme });
        await page.screenshot({ path: `${SCREENS}/screen-${name}-${size}-${theme}.png` });
      }
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > viewport.width) tooWide.push(`${path}: ${width} of ${viewport.width}`);
    }
  }
  await page.setViewportSize(SIZES.wide);
  const id = all.find(({ name }) => name === "one-vms")!.path.split("/").pop()!;
  await discardVm(page, id);
  expect(tooWide).toEqual([]);
});

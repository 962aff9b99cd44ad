// Nothing that axe can find is wrong on any page, in both themes.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { alive, discardVm, NOBODY } from "./support/portal";
import { routes } from "./support/routes";

type Theme = "light" | "dark";

async function wrong(page: Page, path: string, theme: Theme): Promise<string[]> {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate(async () => {
    const changes = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(changes.map((change) => change.finished));
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap((v) => v.nodes.map((node) => `${path} ${theme}: ${v.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

test("axe finds nothing on any page of the portal", async ({ page }) => {
  test.setTimeout(420_000);
  const found: string[] = [];
  const all = await routes(page, "looked-at-by-axe");
  for (const { path } of all) {
    await page.goto(path);
    await alive(page);
    for (const theme of ["light", "dark"] as const) found.push(...(await wrong(page, path, theme)));
  }
  const id = all.find(({ name }) => name === "one-vms")!.path.split("/").pop()!;
  await discardVm(page, id);
  expect(found).toEqual([]);
});

test.describe("signed out", () => {
  test.use({ storageState: NOBODY });

  test("axe finds nothing on the sign-in", async ({ page }) => {
    await page.goto("/sign-in");
    await alive(page);
    const found = [...(await wrong(page, "/sign-in", "light")), ...(await wrong(page, "/sign-in", "dark"))];
    expect(found).toEqual([]);
  });
});

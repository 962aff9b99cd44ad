// The search bar: what it proposes, what it finds, and what it says when it is typed wrongly.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { main, makeVm, picture, row, visit } from "./support/portal";
import { t } from "./support/texts";

const bar = (page: Page) => page.getByRole("search").getByRole("combobox");
const lines = (page: Page) => page.getByRole("listbox", { name: t("search-proposals") }).getByRole("option");

test("a search is typed with what is proposed, by the keyboard alone", async ({ page }) => {
  await makeVm(page, { name: "search-one" });
  await makeVm(page, { name: "search-two" });
  await visit(page, "/vms");
  await page.keyboard.press("/");
  await expect(bar(page)).toBeFocused();
  await expect(lines(page).first()).toBeVisible();
  await page.keyboard.type("sta");
  await expect(lines(page)).toHaveText(["status"]);
  await page.keyboard.press("ArrowDown");
  await expect(bar(page)).toHaveAttribute("aria-activedescendant", (await lines(page).first().getAttribute("id"))!);
  await page.keyboard.press("Enter");
  await expect(bar(page)).toHaveValue("status ");
  await page.keyboard.type("= do");
  await expect(lines(page)).toHaveText(["status = down"]);
  await picture(page, "search-proposals");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.type("and name = search-o*");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/vms\?search=status\+%3D\+down\+and\+name\+%3D\+search-o\*$/);
  await expect(row(page, "search-one")).toBeVisible();
  await expect(row(page, "search-two")).toHaveCount(0);
});

test("names of objects are proposed, and taken with the mouse", async ({ page }) => {
  await makeVm(page, { name: "search-three" });
  await visit(page, "/vms");
  await bar(page).fill("name = search-thr");
  await lines(page).filter({ hasText: "search-three" }).click();
  await expect(bar(page)).toHaveValue("name = search-three ");
  await expect(bar(page)).toBeFocused();
  await bar(page).press("Enter");
  await expect(row(page, "search-three")).toBeVisible();
});

test("what is wrong is red where it is, and told by the list as well", async ({ page }) => {
  await visit(page, "/vms");
  await bar(page).fill("status = asleep");
  await expect(lines(page)).toHaveCount(1);
  await expect(lines(page).first()).toContainText(t("search-error-value", { found: "asleep", place: "10", expected: "" }).slice(0, 40));
  await picture(page, "search-wrong");
  await bar(page).press("Enter");
  await expect(main(page)).toContainText("asleep");
  await bar(page).fill("name = nothing-like-this");
  await bar(page).press("Enter");
  await expect(main(page).getByText(t("search-none"))).toBeVisible();
  await main(page).getByRole("link", { name: t("search-clear") }).click();
  await expect(page).toHaveURL(/\/vms$/);
});

test("another list's word leads to that list, and the bar goes with the lists", async ({ page }) => {
  await visit(page, "/vms");
  await bar(page).fill("Hosts: status = up");
  await bar(page).press("Enter");
  await expect(page).toHaveURL(/\/hosts\?search=status\+%3D\+up$/);
  await expect(main(page).getByRole("row").nth(1)).toBeVisible();
  await visit(page, "/events");
  await bar(page).fill("severity >= warning and time > yesterday sortby time page 1");
  await bar(page).press("Enter");
  await expect(page).toHaveURL(/\/events\?search=/);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the bar is a form", async ({ page }) => {
    await page.goto("/hosts");
    await bar(page).fill("Hosts: status = up");
    await page.getByRole("search").getByRole("button", { name: t("search-run") }).click();
    await expect(page).toHaveURL(/\/hosts\?search=/);
    await expect(main(page).getByRole("row").nth(1)).toBeVisible();
  });
});

// Two people in one dialog: the second one sees what changed, and chooses.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { look } from "./support/look";
import { alive, button, dialog, discardVm, field, link, makeVm, send, signIn, stranger, visit, word } from "./support/portal";
import { firstOf } from "./support/routes";
import { t } from "./support/texts";

const tab = (page: Page, key: string) => dialog(page).getByRole("tab", { name: t(key) }).click();

/** The cells of the table of what differs, without its head. */
async function differences(page: Page): Promise<string[][]> {
  const lines = await dialog(page).getByRole("table").getByRole("row").all();
  const cells = await Promise.all(lines.map((line) => line.getByRole("cell").allInnerTexts()));
  return cells.filter((line) => line.length > 0);
}

/** The first person saves. */
async function overtake(page: Page, id: string) {
  await visit(page, `/vms/${id}/edit`);
  await field(dialog(page), "field-comment").fill("the first");
  await field(dialog(page), "field-description").fill("theirs alone");
  await tab(page, "vm-tab-ha");
  await field(dialog(page), "field-priority").selectOption({ label: t("priority-high") });
  await send(page);
}

/** The dialog in a page of its own, open before the first person saves. */
async function second(page: Page, id: string): Promise<Page> {
  const other = await page.context().newPage();
  await visit(other, `/vms/${id}/edit`);
  await overtake(page, id);
  return other;
}

/** What the second person is shown, who changed the comment and the memory. */
const SHOWN = [
  [t("field-description"), "theirs alone", t("form-conflict-left")],
  [t("field-comment"), "the first", "the second"],
  [t("field-memory-size"), t("value-mib", { n: "1024" }), t("value-mib", { n: "512" })],
  [t("field-priority"), t("priority-high"), t("form-conflict-left")],
];

async function told(page: Page) {
  await expect(dialog(page).getByRole("alert")).toContainText(t("form-conflict", { who: "admin@internal" }));
  await expect(dialog(page).getByRole("alert").locator("time")).toBeVisible();
  expect(await differences(page)).toEqual(SHOWN);
  await expect(field(dialog(page), "field-comment")).toHaveValue("the second");
  await expect(field(dialog(page), "field-description")).toHaveValue("theirs alone");
}

test("the second editor of a VM keeps what was typed, over what the first one made", async ({ page }) => {
  const id = await makeVm(page, { name: "edited-by-two" });
  const other = await second(page, id);
  await field(dialog(other), "field-comment").fill("the second");
  await tab(other, "vm-tab-system");
  await field(dialog(other), "field-memory-size").fill("512");
  await tab(other, "part-general");
  await button(dialog(other), "form-ok").click();
  await told(other);
  expect(await look(other, "conflict")).toEqual([]);
  await send(other, "form-keep-mine");
  await expect(word(other, "the second")).toBeVisible();
  await expect(word(other, "theirs alone")).toBeVisible();
  await visit(other, `/vms/${id}/edit`);
  await tab(other, "vm-tab-ha");
  await expect(field(dialog(other), "field-priority")).toHaveValue("high");
  await other.close();
  await discardVm(page, id);
});

test("the second editor of a VM takes what the first one made", async ({ page }) => {
  const id = await makeVm(page, { name: "edited-by-two" });
  const other = await second(page, id);
  await field(dialog(other), "field-comment").fill("the second");
  await button(dialog(other), "form-ok").click();
  await link(dialog(other), "form-take-theirs").click();
  await expect(field(dialog(other), "field-comment")).toHaveValue("the first");
  await alive(other);
  await expect(dialog(other).getByRole("alert")).toHaveCount(0);
  await field(dialog(other), "field-comment").fill("the second, again");
  await send(other);
  await expect(word(other, "the second, again")).toBeVisible();
  await other.close();
  await discardVm(page, id);
});

for (const list of ["data-centers", "clusters", "networks", "storage", "hosts"]) {
  test(`the second editor is told in the dialog of ${list} too`, async ({ page }) => {
    const edit = `${await firstOf(page, list)}/edit`;
    const other = await page.context().newPage();
    await visit(page, edit);
    await visit(other, edit);
    const before = await field(dialog(page), "field-comment").inputValue();
    await field(dialog(page), "field-comment").fill("the first");
    await send(page);
    await field(dialog(other), "field-comment").fill("the second");
    await button(dialog(other), "form-ok").click();
    await expect(dialog(other).getByRole("alert")).toContainText(t("form-conflict", { who: "admin@internal" }));
    expect(await differences(other)).toEqual([[t("field-comment"), "the first", "the second"]]);
    await send(other, "form-keep-mine");
    await visit(page, edit);
    await expect(field(dialog(page), "field-comment")).toHaveValue("the second");
    await field(dialog(page), "field-comment").fill(before);
    await send(page);
    await other.close();
  });
}

test("the same without JavaScript: 409, what differs, and both choices", async ({ page, browser }) => {
  const id = await makeVm(page, { name: "edited-by-two" });
  const other = await stranger(browser, { javaScriptEnabled: false });
  await other.goto(`/sign-in?next=${encodeURIComponent(`/vms/${id}/edit`)}`);
  await signIn(other);
  await other.waitForURL(/\/edit$/);
  await overtake(page, id);
  await field(dialog(other), "field-comment").fill("the second");
  await field(dialog(other), "field-memory-size").fill("512");
  const answer = other.waitForResponse((response) => response.request().method() === "POST");
  await button(dialog(other), "form-ok").click();
  expect((await answer).status()).toBe(409);
  await told(other);
  await expect(field(dialog(other), "field-priority")).toHaveValue("high");
  await link(dialog(other), "form-take-theirs").click();
  await expect(field(dialog(other), "field-comment")).toHaveValue("the first");

  await field(dialog(other), "field-comment").fill("the second");
  await overtake(page, id);
  await button(dialog(other), "form-ok").click();
  await button(dialog(other), "form-keep-mine").click();
  await expect(dialog(other)).toHaveCount(0);
  await expect(word(other, "the second")).toBeVisible();
  await other.context().close();
  await discardVm(page, id);
});

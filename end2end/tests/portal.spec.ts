// The VM portal, as people from a directory use it: somebody provisions and uses a machine, meets the limit of the quota, asks
// for more of it, and is given that by an administrator.
import type { Page } from "@playwright/test";
import { card, enter, fillWizard, MACHINE, openCenter, setUp, step, takeDown } from "./support/campus";
import { expect, test } from "./support/fixture";
import { press, type } from "./support/keyboard";
import { Directory } from "./support/ldap";
import { look } from "./support/look";
import { button, deed, dialog, discardVm, field, GUEST, link, main, picture, row, send, visit, word } from "./support/portal";
import { t } from "./support/texts";

const QUOTA = "campus-quota";
const NARROW = { width: 390, height: 844 };
let directory: Directory;

test.describe.configure({ mode: "serial" });
test.beforeAll(() => { directory = new Directory(`campus-${process.pid}`); });
test.afterAll(() => directory.stop());

async function mode(page: Page, word: "disabled" | "enforced") {
  await openCenter(page);
  await link(main(page), "action-edit-data-center").click();
  await field(dialog(page), "field-quota-mode").selectOption({ label: t(`quota-mode-${word}`) });
  await send(page);
}

test("an administrator gives a group of the directory what it needs", async ({ page }) => {
  test.setTimeout(180_000);
  await setUp(page, directory);
  await visit(page, "/quotas/new");
  await field(dialog(page), "kind-data-center-title").selectOption({ label: "Default" });
  await field(dialog(page), "field-name").fill(QUOTA);
  await field(dialog(page), "field-vcpus").fill("1");
  await dialog(page).getByRole("textbox", { name: t("quota-grace"), exact: true }).first().fill("0");
  await send(page);
  await row(page, QUOTA).getByRole("link", { name: QUOTA, exact: true }).click();
  await link(main(page), "quota-consumers").click();
  await link(main(page), "quota-consumers-edit").click();
  await field(dialog(page), "quota-consumer-name").fill("operators@campus");
  await send(page);
  await mode(page, "enforced");
});

test("somebody makes a machine, uses it, and changes it in its place", async ({ browser }) => {
  test.setTimeout(400_000);
  const wrong: string[] = [];
  const page = await enter(browser, "u0001");
  await expect(main(page).getByText(t("portal-none"), { exact: true })).toBeVisible();
  wrong.push(...(await look(page, "portal-empty")));

  await fillWizard(page, "mine");
  await picture(page, "portal-review");
  await expect(main(page).getByText(/vCPUs: 100 % after this/)).toBeAttached();
  await step(page, "wizard-create").click();
  await page.waitForURL(MACHINE);
  await expect(word(page, t("vm-status-up")), "it was started once it was made").toBeVisible(GUEST);
  wrong.push(...(await look(page, "portal-machine-up")));

  const opened = page.waitForEvent("popup");
  await link(main(page), "action-console").first().click();
  const screen = await opened;
  await expect(screen).toHaveURL(/\/console$/);
  await screen.close();

  await page.getByRole("link", { name: t("portal-edit", { part: t("part-general") }) }).click();
  await field(main(page), "field-description").fill("for the course");
  await button(main(page), "form-save").click();
  await expect(main(page).getByText("for the course", { exact: true }).first()).toBeVisible();

  await visit(page, "/portal");
  await expect(card(page, "mine")).toContainText(t("vm-status-up"));
  wrong.push(...(await look(page, "portal-cards")));
  await visit(page, "/portal?view=table");
  await expect(row(page, "mine")).toBeVisible();
  wrong.push(...(await look(page, "portal-table")));
  await visit(page, "/portal?name=nothing&doing=off");
  await expect(main(page).getByText(t("portal-none-found"), { exact: true })).toBeVisible();
  await visit(page, "/portal/resources");
  await expect(main(page).getByText(/1 of 1/).first()).toBeVisible();
  wrong.push(...(await look(page, "portal-resources")));
  expect(wrong).toEqual([]);
  await page.context().close();
});

test("the quota has no room for another, and says so", async ({ browser }) => {
  test.setTimeout(180_000);
  const page = await enter(browser, "u0001");
  await fillWizard(page, "too-much");
  await field(main(page), "vm-start-once-made").uncheck();
  await step(page, "wizard-create").click();
  await page.waitForURL(MACHINE);
  await expect(word(page, t("vm-status-down"))).toBeVisible(GUEST);
  await button(main(page), "action-run").click();
  await expect(main(page).getByText(new RegExp(`The quota ${QUOTA} has no room for too-much`))).toBeVisible();
  await expect(main(page).getByText(/mine \(1\)/)).toBeVisible();
  await expect(link(main(page), "action-ask-for-quota")).toBeVisible();
  expect(await look(page, "portal-quota-refused")).toEqual([]);

  await visit(page, "/portal/resources");
  await link(main(page), "action-ask-for-quota").click();
  const form = dialog(page);
  await field(form, "field-vcpus").fill("1");
  await button(form, "action-ask-for-quota").click();
  await expect(form.locator("input[name=until]"), "a day is needed, and nothing typed is lost").toHaveAttribute("aria-invalid", "true");
  await expect(field(form, "field-vcpus")).toHaveValue("1");
  await field(form, "field-request-reason").fill("the course needs two");
  await form.locator("input[name=until]").fill("2031-05-01");
  expect(await look(page, "portal-ask")).toEqual([]);
  await send(page, "action-ask-for-quota");
  await expect(main(page).getByText(t("request-state-asked"), { exact: true })).toBeVisible();
  expect(await look(page, "portal-asked")).toEqual([]);
  await page.context().close();
});

test("an administrator is told of it, and gives more until a day", async ({ page, browser }) => {
  test.setTimeout(240_000);
  await visit(page, "/quotas");
  await page.getByRole("banner").getByLabel(/alert/).first().click();
  await expect(page.getByRole("banner").getByText(new RegExp(QUOTA)).first()).toBeVisible();
  await row(page, QUOTA).getByRole("link", { name: QUOTA, exact: true }).click();
  await main(page).getByRole("link", { name: t("quota-requests"), exact: true }).click();
  await expect(main(page).getByText("the course needs two")).toBeVisible();
  expect(await look(page, "quota-requests")).toEqual([]);
  await main(page).getByRole("link", { name: t("action-answer-request") }).first().click();
  expect(await look(page, "quota-answer")).toEqual([]);
  await link(dialog(page), "form-cancel").click();
  // On a telephone's width, with the keyboard alone.
  await page.setViewportSize(NARROW);
  await press(page, main(page).getByRole("link", { name: t("action-answer-request") }).first());
  await type(page, field(dialog(page), "field-request-word"), "until the course ends");
  await press(page, button(dialog(page), "request-approve"));
  await expect(dialog(page)).toHaveCount(0);
  await expect(main(page).getByText(t("request-state-approved"), { exact: true }).first()).toBeVisible();

  const user = await enter(browser, "u0001");
  await visit(user, "/portal/resources");
  await expect(main(user).getByText(t("request-state-approved"), { exact: true })).toBeVisible();
  await expect(main(user).getByText(/until the course ends/)).toBeVisible();
  await visit(user, "/portal");
  await card(user, "too-much").getByRole("link", { name: "too-much", exact: true }).click();
  await user.waitForURL(MACHINE);
  await button(main(user), "action-run").click();
  await expect(word(user, t("vm-status-up")), "there is room now").toBeVisible(GUEST);
  const path = new URL(user.url()).pathname;
  await visit(user, `${path}/power-off`);
  await send(user, "action-power-off");
  await expect(word(user, t("vm-status-down"))).toBeVisible(GUEST);
  await visit(user, `${path}/remove`);
  await send(user, "action-remove");
  await expect(user).toHaveURL(/\/portal$/);
  await user.context().close();
});

test("everything is taken out again", async ({ page }) => {
  test.setTimeout(240_000);
  await visit(page, "/vms");
  const machine = (await row(page, "mine").getByRole("link", { name: "mine", exact: true }).getAttribute("href"))!;
  await discardVm(page, machine.split("/").pop()!);
  await mode(page, "disabled");
  await expect(async () => {
    await visit(page, "/vms");
    await expect(row(page, "mine")).toHaveCount(0, { timeout: 3_000 });
    await expect(row(page, "too-much")).toHaveCount(0, { timeout: 3_000 });
  }).toPass(GUEST);
  await visit(page, "/quotas");
  await row(page, QUOTA).getByRole("link", { name: QUOTA, exact: true }).click();
  await deed(page, "action-remove-quota");
  await takeDown(page, ["u0001"]);
});

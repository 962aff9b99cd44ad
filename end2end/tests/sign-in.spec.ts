import { expect, test } from "./support/fixture";
import { alive, button, dialog, field, link, NOBODY, signIn, stranger, visit } from "./support/portal";
import { PASSWORD } from "./support/env";
import { like, t } from "./support/texts";

test.use({ storageState: NOBODY });

test("a wrong password is refused without saying what was wrong, and the name stays", async ({ page }) => {
  await visit(page, "/sign-in");
  await signIn(page, "wrong-password", "somebody@internal");
  await expect(page.getByRole("alert")).toContainText(t("refusal-sign-in"));
  await expect(field(page, "sign-in-user")).toHaveValue("somebody@internal");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("nothing typed is told at the fields, and the first one has the focus", async ({ page }) => {
  await visit(page, "/sign-in");
  await button(page, "sign-in-submit").click();
  await expect(field(page, "sign-in-user")).toHaveAccessibleDescription(t("field-required"));
  await expect(field(page, "sign-in-password")).toHaveAccessibleDescription(t("field-required"));
  await expect(field(page, "sign-in-user")).toBeFocused();
});

test("too many wrong passwords lock the account for a while", async ({ page }) => {
  await visit(page, "/sign-in");
  const alert = page.getByRole("alert");
  for (let attempt = 0; attempt < 12 && !(await alert.getByText(like("refusal-account-locked")).isVisible()); attempt += 1) {
    const answer = page.waitForResponse((r) => r.request().method() === "POST");
    await signIn(page, `guess-${attempt}`, "guessed@internal");
    await answer;
    await expect(alert).toBeVisible();
  }
  await expect(alert).toContainText(like("refusal-account-locked"));
});

test("the sign-in leads to the page that was asked for, and never to another site", async ({ page }) => {
  await page.goto("/hosts?sort=name&order=desc");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await alive(page);
  await signIn(page);
  await page.waitForURL(/\/hosts\?sort=name&order=desc$/);

  await page.context().clearCookies();
  await visit(page, "/sign-in?next=https%3A%2F%2Fevil.example%2F");
  await signIn(page);
  await page.waitForURL(/localhost:\d+\/vms$/);
});

test("signing out ends the session", async ({ page }) => {
  await visit(page, "/sign-in");
  await signIn(page);
  await page.waitForURL(/\/vms$/);
  await alive(page);
  await page.getByRole("banner").getByText("admin@internal").first().click();
  await page.getByRole("menuitem", { name: t("frame-sign-out") }).click();
  await page.waitForURL(/\/sign-in/);
  await page.goto("/vms");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test("a session that ends in a form loses nothing that was typed", async ({ page, context }) => {
  await visit(page, "/sign-in?next=%2Fdata-centers%2Fnew");
  await signIn(page);
  await page.waitForURL(/\/data-centers\/new$/);
  await alive(page);
  await field(dialog(page), "field-name").fill("kept-when-signed-out");
  await field(dialog(page), "field-comment").fill("typed before");
  await context.clearCookies();
  await button(dialog(page), "form-ok").click();
  await expect(dialog(page).getByRole("alert")).toContainText(t("form-signed-out"));
  await expect(field(dialog(page), "field-comment")).toHaveValue("typed before");

  const opened = context.waitForEvent("page");
  await link(dialog(page), "form-sign-in-beside").click();
  const beside = await opened;
  await alive(beside);
  await signIn(beside);
  await beside.waitForURL(/\/vms$/);
  await beside.close();
  await button(dialog(page), "form-ok").click();
  await expect(page.getByRole("link", { name: "kept-when-signed-out", exact: true }).first()).toBeVisible();
});

test("without JavaScript, too, the form comes back after the sign-in with what was typed", async ({ browser }) => {
  const page = await stranger(browser, { javaScriptEnabled: false });
  await page.goto("/sign-in?next=%2Fdata-centers%2Fnew");
  await signIn(page);
  await page.waitForURL(/\/data-centers\/new$/);
  await field(dialog(page), "field-name").fill("kept-without-script");
  await field(dialog(page), "field-comment").fill("typed before");
  await page.context().clearCookies();
  await button(dialog(page), "form-ok").click();
  await expect(page.getByRole("alert")).toBeVisible();
  await signIn(page, PASSWORD);
  await expect(field(dialog(page), "field-name")).toHaveValue("kept-without-script");
  await expect(field(dialog(page), "field-comment")).toHaveValue("typed before");
  await page.context().close();
});

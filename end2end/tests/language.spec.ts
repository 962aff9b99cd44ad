// German beside English: whoever said it last and nearest is heard, and everything that a person reads is in that language,
// also what was written down before.
import type { Locator, Page } from "@playwright/test";
import { SESSION } from "./support/env";
import { expect, test } from "./support/fixture";
import { look } from "./support/look";
import { alive, dialog, main, NOBODY, row, send, visit } from "./support/portal";
import { de, t } from "./support/texts";

const html = (page: Page) => page.locator("html");
const heading = (page: Page, words: string) => main(page).getByRole("heading", { name: words, exact: true });
const press = (scope: Page | Locator, words: string) => scope.getByRole("button", { name: words, exact: true }).click();

/** Chooses a language in the menu of the person who is signed in. */
async function choose(page: Page, name: string, lang: string) {
  await page.getByRole("banner").getByText("admin@internal").first().click();
  await page.getByRole("menuitem", { name, exact: true }).click();
  await expect(html(page)).toHaveAttribute("lang", lang);
}

test.describe("a browser that likes German", () => {
  test.use({ locale: "de-DE" });

  test("gets German, and fetches no other words", async ({ page }) => {
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(request.url()));
    const answer = await page.goto("/hosts");
    await alive(page);
    expect(answer!.headers()).toMatchObject({ "content-language": "de", vary: expect.stringContaining("accept-language") });
    await expect(html(page)).toHaveAttribute("lang", "de");
    await expect(heading(page, de("tab-hosts"))).toBeAttached();
    await expect(main(page).getByText(de("host-status-up"), { exact: true }).first()).toBeVisible();
    const texts = fetched.filter((url) => url.includes("/pkg/texts."));
    expect(texts.every((url) => url.includes("texts.de."))).toBe(true);
    expect(texts.length).toBeGreaterThan(0);
  });

  test("goes on in German by links, where the browser makes the page", async ({ page }) => {
    await visit(page, "/vms");
    await page.getByRole("link", { name: de("tab-data-centers"), exact: true }).first().click();
    await expect(heading(page, de("tab-data-centers"))).toBeAttached();
    // The server words the names of columns, for whoever asks.
    await page.getByRole("link", { name: de("list-columns"), exact: true }).click();
    await expect(dialog(page).getByText(de("field-description"), { exact: true }).first()).toBeVisible();
  });

  test("the help is in English and says so", async ({ page }) => {
    await visit(page, "/help");
    await expect(html(page)).toHaveAttribute("lang", "de");
    await expect(main(page)).toHaveAttribute("lang", "en");
  });

  test("pages have nothing that axe finds wrong, and fit on a telephone", async ({ page }) => {
    test.setTimeout(240_000);
    const found: string[] = [];
    for (const path of ["/vms", "/vms/new", "/dashboard", "/hosts", "/storage", "/events", "/password"]) {
      await visit(page, path);
      found.push(...(await look(page, `german${path.replaceAll("/", "-")}`)));
    }
    expect(found).toEqual([]);
  });
});

test("an address that says German is heard, and so are the pages after it, in this browser alone", async ({ page, browser }) => {
  await visit(page, "/vms?locale=de");
  await expect(heading(page, de("tab-vms"))).toBeAttached();
  await visit(page, "/hosts");
  await expect(heading(page, de("tab-hosts"))).toBeAttached();
  await expect(html(page)).toHaveAttribute("lang", "de");

  const other = await browser.newContext({ storageState: SESSION });
  const elsewhere = await other.newPage();
  await elsewhere.goto("/vms");
  await expect(html(elsewhere)).toHaveAttribute("lang", "en");
  await other.close();
});

test("a language that there is none of says nothing", async ({ page }) => {
  await page.goto("/vms?locale=tlh");
  await expect(html(page)).toHaveAttribute("lang", "en");
});

test("what somebody chose goes along to every browser of theirs", async ({ page, browser }) => {
  await visit(page, "/hosts?sort=name&order=desc");
  await choose(page, "Deutsch", "de");
  try {
    await expect(page).toHaveURL(/\/hosts\?sort=name&order=desc$/);
    await expect(heading(page, de("tab-hosts"))).toBeAttached();

    const other = await browser.newContext({ storageState: SESSION });
    const elsewhere = await other.newPage();
    await visit(elsewhere, "/vms");
    await expect(heading(elsewhere, de("tab-vms"))).toBeAttached();
    await visit(elsewhere, "/vms?locale=en");
    await expect(heading(elsewhere, t("tab-vms"))).toBeAttached();
    await other.close();
  } finally {
    await visit(page, "/vms");
    await choose(page, de("frame-language-browser"), "en");
  }
});

test("a refusal and an event are in the language of whoever reads them", async ({ page }) => {
  await visit(page, "/data-centers/new?locale=de");
  const form = dialog(page);
  const name = form.getByRole("textbox", { name: de("field-name"), exact: true });
  await name.fill("zentrale");
  await press(form, de("form-ok"));
  await expect(form).toHaveCount(0);

  await visit(page, "/data-centers/new");
  await name.fill("zentrale");
  await press(form, de("form-ok"));
  await expect(name).toHaveAccessibleDescription(de("refusal-name-taken", { kind: de("kind-data-center"), name: "zentrale" }));

  const said = { user: "admin@internal", name: "zentrale" };
  await visit(page, "/events");
  await expect(main(page).getByText(de("event-data-center-added", said))).toBeVisible();
  await visit(page, "/events?locale=en");
  await expect(main(page).getByText(t("event-data-center-added", said))).toBeVisible();

  await visit(page, "/data-centers");
  await visit(page, `${await row(page, "zentrale").getByRole("link", { name: "zentrale", exact: true }).getAttribute("href")}/remove`);
  await send(page, "action-remove-data-center");
});

test("times are written as the reader writes them", async ({ page }) => {
  await visit(page, "/jobs?locale=de");
  const exact = main(page).locator("time[title]").first();
  await visit(page, "/events");
  await expect(exact).toHaveAttribute("title", /^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d UTC$/);
  await expect(exact).toHaveText(/^(gerade eben|vor .+)$/);
});

test.describe("nobody signed in", () => {
  test.use({ storageState: NOBODY });

  test("chooses at the foot of the sign-in, and is refused in German", async ({ page }) => {
    await visit(page, "/sign-in?next=%2Fhosts");
    await page.getByRole("link", { name: "Deutsch", exact: true }).click();
    await expect(page).toHaveURL(/next=%2Fhosts&locale=de$/);
    await expect(heading(page, de("sign-in-title"))).toBeVisible();
    await alive(page);
    expect(await look(page, "german-sign-in")).toEqual([]);
    await page.getByRole("textbox", { name: de("sign-in-user"), exact: true }).fill("niemand@internal");
    await page.getByRole("textbox", { name: de("sign-in-password"), exact: true }).fill("falsches-passwort");
    await press(page, de("sign-in-submit"));
    await expect(page.getByRole("alert")).toContainText(de("refusal-sign-in"));

    await visit(page, "/sign-in");
    await expect(heading(page, de("sign-in-title"))).toBeVisible();
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false, locale: "de-DE" });

  test("lists and refusals are in German", async ({ page }) => {
    await page.goto("/vms");
    await expect(heading(page, de("tab-vms"))).toBeAttached();
    await page.goto("/data-centers/new");
    await press(dialog(page), de("form-ok"));
    const name = dialog(page).getByRole("textbox", { name: de("field-name"), exact: true });
    await expect(name).toHaveAccessibleDescription(de("field-required"));
  });

  test("the language is chosen in the menu", async ({ page }) => {
    await page.goto("/hosts");
    await choose(page, "English", "en");
    try {
      await expect(heading(page, t("tab-hosts"))).toBeAttached();
    } finally {
      await choose(page, t("frame-language-browser"), "de");
    }
  });

  test.describe("nobody signed in", () => {
    test.use({ storageState: NOBODY, locale: "en-US" });

    test("the sign-in has its links", async ({ page }) => {
      await page.goto("/sign-in");
      await page.getByRole("link", { name: "Deutsch", exact: true }).click();
      await expect(heading(page, de("sign-in-title"))).toBeVisible();
    });
  });
});

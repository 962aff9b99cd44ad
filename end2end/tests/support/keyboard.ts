// The keyboard as the only way.
import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixture";

/** More stops than any page here has. */
const STOPS = 80;

const focused = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** Presses a key until the target has the focus. */
export async function reach(page: Page, target: Locator, key = "Tab") {
  for (let n = 0; n < STOPS && !(await focused(target)); n += 1) await page.keyboard.press(key);
  await expect(target).toBeFocused();
}

/** Goes to a link or a button and presses it. */
export async function press(page: Page, target: Locator) {
  await reach(page, target);
  await page.keyboard.press("Enter");
}

/** Types over what stands in the field that has the focus. */
export async function replace(page: Page, text: string) {
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

/** Goes to a field and types over what stands there. */
export async function type(page: Page, target: Locator, text: string) {
  await reach(page, target);
  await replace(page, text);
}

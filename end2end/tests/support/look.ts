// Looking at a page: axe in both themes, its width on a telephone, and pictures, wide and narrow, for people.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { SCREENS } from "./env";
import { alive } from "./portal";

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const THEMES = ["light", "dark"] as const;

/** Shows the page in a theme, and waits until the colours have arrived. */
async function wear(page: Page, theme: (typeof THEMES)[number]) {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    let changes: Animation[];
    do {
      // A change of colours begins with the frame after the next.
      await frame();
      await frame();
      changes = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
      await Promise.allSettled(changes.map((change) => change.finished));
    } while (changes.length > 0);
  });
}

/** Looks at the page that is open; gives what is wrong with it. */
export async function look(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  // The console has a script of its own, and no WASM.
  if (!page.url().endsWith("/console")) await alive(page);
  for (const theme of THEMES) {
    await page.setViewportSize(WIDE);
    await wear(page, theme);
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, nodes } of violations) {
      found.push(...nodes.map((node) => `${name}, ${theme}: ${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
    }
    await page.screenshot({ path: `${SCREENS}/page-${name}-wide-${theme}.png` });
    await page.setViewportSize(NARROW);
    await page.screenshot({ path: `${SCREENS}/page-${name}-narrow-${theme}.png` });
  }
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > NARROW.width) found.push(`${name}: ${width} wide in a window of ${NARROW.width}`);
  await page.setViewportSize(WIDE);
  return found;
}

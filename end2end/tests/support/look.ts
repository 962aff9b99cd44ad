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
  // A page that is behind another draws no frames.
  await page.bringToFront();
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const changing = (animation: Animation) => animation instanceof CSSTransition && animation.playState === "running";
    do {
      // A change of colours begins with the frame after the next. One that is called off never says that it is over.
      await frame();
      await frame();
    } while (document.getAnimations().some(changing));
  });
}

/** Where icons are that take no room: nobody sees them, and axe does not miss them. */
function unseenIcons(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const icons = Array.from(document.querySelectorAll("svg.pf-v6-svg"));
    const unseen = icons.filter((icon) => icon.checkVisibility() && icon.getBoundingClientRect().height < 8);
    return unseen.map((icon) => icon.closest("[class]:not(svg)")?.className ?? "");
  });
}

/** Looks at the page that is open; gives what is wrong with it. */
export async function look(page: Page, name: string, themes: readonly ("light" | "dark")[] = THEMES): Promise<string[]> {
  const found: string[] = [];
  // The console has a script of its own, and no WASM.
  if (!page.url().endsWith("/console")) await alive(page);
  for (const theme of themes) {
    await page.setViewportSize(WIDE);
    await wear(page, theme);
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, nodes } of violations) {
      found.push(...nodes.map((node) => `${name}, ${theme}: ${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
    }
    found.push(...(await unseenIcons(page)).map((where) => `${name}, ${theme}: an icon without size: ${where}`));
    await page.screenshot({ path: `${SCREENS}/page-${name}-wide-${theme}.png` });
    await page.setViewportSize(NARROW);
    await page.screenshot({ path: `${SCREENS}/page-${name}-narrow-${theme}.png` });
  }
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > NARROW.width) found.push(`${name}: ${width} wide in a window of ${NARROW.width}`);
  await page.setViewportSize(WIDE);
  return found;
}

// Every test fails on what a person would not see: errors in the console, refused scripts or styles, exceptions,
// assets that are not there.
import { test as base, expect, type BrowserContext } from "@playwright/test";

/** What a test brings about on purpose, by parts of the message. */
interface Watch {
  allow(...parts: string[]): void;
}

export const test = base.extend<{ troubles: Watch }>({
  troubles: [
    async ({ context }, use) => {
      const heard: string[] = [];
      const allowed: string[] = [];
      await watch(context, heard);
      await use({ allow: (...parts) => allowed.push(...parts) });
      const left = heard.filter((line) => !allowed.some((part) => line.includes(part)));
      expect(left, "what the browser complained about").toEqual([]);
    },
    { auto: true },
  ],
});

async function watch(context: BrowserContext, heard: string[]) {
  await context.exposeBinding("__refused", (_, what: string) => heard.push(`policy: ${what}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const told = (window as unknown as { __refused(what: string): void }).__refused;
      told(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  context.on("console", (message) => {
    const { url } = message.location();
    if (message.type() === "error" && !isRefusal(message.text(), url)) heard.push(`console: ${message.text()} (${url})`);
  });
  context.on("weberror", (error) => heard.push(`exception: ${error.error().stack ?? error.error().message}`));
  context.on("response", (response) => {
    if (response.status() === 404 && response.url().includes("/pkg/")) heard.push(`not found: ${response.url()}`);
  });
}

/** The browser reports every refused request; of a form or a page, a refusal is an answer like another. */
function isRefusal(text: string, url: string): boolean {
  const status = /the server responded with a status of (\d+)/.exec(text)?.[1];
  return !url.includes("/pkg/") && ["401", "403", "404", "409", "413", "422", "503"].includes(status ?? "");
}

export { expect };

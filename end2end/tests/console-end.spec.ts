// An open console ends with the session and with the permission: within five seconds, seen at its socket.
import type { Browser, Page, WebSocket } from "@playwright/test";
import { expect, test } from "./support/fixture";
import { discardVm, GUEST, makeVm, run, signIn, stranger, visit } from "./support/portal";
import { admin, sql } from "./support/server";
import { t } from "./support/texts";

const USER = "watcher";
const SECRET = "a-quiet-look-at-9";
const SOON = { timeout: 5_000 };
/** The server's words at the closing of the socket. */
const ENDED = "Your session has ended.";
const FORBIDDEN = "You may no longer use this console.";

const users = `(SELECT id FROM users WHERE name = '${USER}')`;

/** Signs the user in and opens the VM's screen; gives its page and its socket, which is open. */
async function watch(browser: Browser, id: string): Promise<{ page: Page; socket: WebSocket }> {
  const page = await stranger(browser);
  await page.goto(`/sign-in?next=${encodeURIComponent(`/vms/${id}/console`)}`);
  const opened = page.waitForEvent("websocket", { predicate: (socket) => socket.url().includes("/console/socket"), ...GUEST });
  await signIn(page, SECRET, USER);
  const socket = await opened;
  await expect(page.getByRole("status")).toHaveText(t("console-connected"), GUEST);
  expect(socket.isClosed()).toBe(false);
  return { page, socket };
}

/** Another tab of the same person, with the way out at hand. */
async function atTheDoor(viewer: Page): Promise<() => Promise<unknown>> {
  const other = await viewer.context().newPage();
  await visit(other, "/vms");
  await other.getByRole("banner").getByText(`${USER}@internal`).first().click();
  const leave = other.getByRole("menuitem", { name: t("frame-sign-out") });
  await expect(leave).toBeVisible();
  return () => leave.click();
}

const statement = (text: string) => () => Promise.resolve(() => Promise.resolve(sql(text)));

/** What ends a console, made ready first so that the deadline counts from the end itself, and what its page then says. */
const ENDS: { how: string; ready: (viewer: Page) => Promise<() => Promise<unknown>>; says: string }[] = [
  { how: "the person signs out in another tab", ready: atTheDoor, says: ENDED },
  { how: "the session runs out", ready: statement(`UPDATE sessions SET expires_at = now() WHERE user_id IN ${users}`), says: ENDED },
  { how: "the permission is taken away", ready: statement(`DELETE FROM permissions WHERE principal_id IN ${users}`), says: FORBIDDEN },
];

test("a console is closed when its viewer may not look any more", async ({ page, browser }) => {
  test.setTimeout(300_000);
  const id = await makeVm(page, { name: "watched", template: "Tiny Linux" });
  await run(page);
  admin(`${SECRET}\n`, "user", "add", USER);
  admin("", "user", "grant", USER, "UserVmManager", "--on", "vm/watched");
  for (const { how, ready, says } of ENDS) {
    await test.step(how, async () => {
      const { page: viewer, socket } = await watch(browser, id);
      const end = await ready(viewer);
      expect(socket.isClosed()).toBe(false);
      const closed = socket.waitForEvent("close", SOON);
      await end();
      await closed;
      await expect(viewer.getByRole("status")).toContainText(says);
      await viewer.context().close();
    });
  }
  await discardVm(page, id);
});

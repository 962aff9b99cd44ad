// Hosts that hang or cannot be reached, and a body that is far too large.
import { expect, test } from "./support/fixture";
import { host } from "./support/lab";
import { alive, row, visit } from "./support/portal";
import { t } from "./support/texts";

const FAULTS: [string, string[], string[]][] = [
  ["libvirt hangs", ["libvirtd", "freeze"], ["libvirtd", "thaw"]],
  ["the cable is out", ["link", "down"], ["link", "up"]],
];

for (const [what, begin, end] of FAULTS) {
  test(`${what}: the host is shown as not responsive, and comes back by itself`, async ({ page }) => {
    test.setTimeout(200_000);
    await visit(page, "/hosts");
    const kvm1 = row(page, "kvm1");
    await expect(kvm1.getByText(t("host-status-up"), { exact: true })).toBeVisible({ timeout: 60_000 });
    await host(1, ...begin);
    try {
      await expect(kvm1.getByText(t("host-status-non-responsive"), { exact: true })).toBeVisible({ timeout: 90_000 });
    } finally {
      await host(1, ...end);
    }
    await expect(kvm1.getByText(t("host-status-up"), { exact: true })).toBeVisible({ timeout: 90_000 });
  });
}

test("a body of 100 MB is refused in words, and the server goes on", async ({ page }) => {
  await visit(page, "/vms");
  const origin = new URL(page.url()).origin;
  const answer = await page.request.post("/vms/new", {
    headers: { Origin: origin, "Content-Type": "application/x-www-form-urlencoded" },
    data: Buffer.alloc(100 << 20, "x"),
  });
  expect(answer.status()).toBe(413);
  expect(await answer.text()).toMatch(/too large/);
  await page.reload();
  await alive(page);
});

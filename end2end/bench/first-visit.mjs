// The browser's part of P11: first-visit.mjs ADDRESS FIRST_PASSWORD. Signs in to a new server, makes some virtual
// machines, and visits their list several times with nothing cached. Prints the bench's lines.
import { chromium } from "@playwright/test";

const [, , server, firstPassword] = process.argv;
const PASSWORD = "a-first-visit-88";
const VMS = 25;
const VISITS = 5;
/** What the portal is made of, its texts among it; fonts and the page itself are not counted. */
const COUNTED = /\.(wasm|js|css|ftl)$/;

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  const session = await prepare();
  const visits = [];
  for (let n = 0; n < VISITS; n++) visits.push(await visit(session));
  print("first visit: compressed WASM, JavaScript, CSS and texts", median(visits.map((v) => v.bytes)) / 1024, "KiB", 700, 1);
  print(`first visit: largest contentful paint, median of ${VISITS}`, median(visits.map((v) => v.paint)) / 1000, "s", 1.5, 3);
} finally {
  await browser.close();
}

/** Gives the cookies of an administrator on a server with machines in its list. */
async function prepare() {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const send = async (path, fields) => {
    await page.goto(server + path);
    for (const [name, value] of Object.entries(fields)) await page.fill(`[name="${name}"]`, value);
    await Promise.all([page.waitForURL((url) => url.pathname !== path), page.click('button[type="submit"]')]);
  };
  await send("/sign-in", { user: "admin", password: firstPassword });
  await send("/password", { current: firstPassword, new: PASSWORD, repeat: PASSWORD });
  await page.goto(`${server}/vms/new`);
  const cluster = await page.locator('[name="cluster"] option', { hasText: "Lab" }).getAttribute("value");
  const form = await page.locator("dialog form").evaluate((form) => Object.fromEntries(new FormData(form)));
  for (let n = 1; n <= VMS; n++) {
    const fields = { ...form, cluster, name: `machine-${n}` };
    const answer = await context.request.post(`${server}/vms/new`, { form: fields, headers: { origin: server }, maxRedirects: 0 });
    if (answer.status() !== 303) throw new Error(`machine ${n} was not made: ${answer.status()}`);
  }
  const state = await context.storageState();
  await context.close();
  return state;
}

async function visit(storageState) {
  const context = await browser.newContext({ storageState, ignoreHTTPSErrors: true, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const bytes = await counter(page);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  await page.goto(`${server}/vms`);
  await page.waitForSelector("html[data-alive]");
  if ((await page.getByRole("row").count()) <= VMS) throw new Error("the list lacks machines");
  const paint = await page.evaluate(largestPaint);
  await context.close();
  if (wrong.length) throw new Error(`the page complained: ${wrong.join("; ")}`);
  return { bytes: bytes(), paint };
}

/** Counts what arrives over the network, as it is sent. */
async function counter(page) {
  const protocol = await page.context().newCDPSession(page);
  const counted = new Set();
  let sum = 0;
  protocol.on("Network.responseReceived", ({ requestId, response }) => {
    if (COUNTED.test(new URL(response.url).pathname)) counted.add(requestId);
  });
  protocol.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (counted.has(requestId)) sum += encodedDataLength;
  });
  await protocol.send("Network.enable");
  return () => sum;
}

/** Runs in the page. */
function largestPaint() {
  return new Promise((resolve) => {
    const seen = (list) => resolve(list.getEntries().at(-1).startTime);
    new PerformanceObserver(seen).observe({ type: "largest-contentful-paint", buffered: true });
  });
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function print(what, value, unit, limit, digits) {
  const line = { id: "P11", what, value: Number(value.toFixed(digits)), unit, compared: null, bar: `<= ${limit} ${unit}`, met: value <= limit };
  console.log(JSON.stringify(line));
}

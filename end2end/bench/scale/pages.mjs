// P6: pages.mjs SERVER SECONDS. Fifty clients each ask once a second, every one on a connection of its own; then eight
// ask again as soon as they are answered. Prints the bench's lines; what has no bar of its own is asked for shorter and
// held to the pages' bar too. ONLY names the kinds that are wanted, by a part of their words.
import http from "node:http";
import { ask, pause, print, quantile, signIn } from "./session.mjs";

const [, , server, seconds] = process.argv;
const CLIENTS = 50;
const BUSY = 8;
const SHORT = 15;
const SORTS = "name comment description status host cluster data_center memory vcpus memory_percent cpu_percent network uptime".split(" ");
const search = (list, text) => `/${list}?search=${encodeURIComponent(text)}`;

/** What is asked for, in turn, and by whom. A body makes it a call of a server function. */
const KINDS = [
  { what: "VM list page", paths: ["/vms"] },
  { what: "VM list searched by two conditions and sorted", paths: [search("vms", "name = vm1* and status = up sortby memory desc")] },
  { what: "completion of a name", bar: 10, paths: ["/fn/search/names"], bodies: ["vms", "hosts", "disks"].flatMap((of) => ["", "vm1", "host4"].map((begins) => `of=${of}&begins=${begins}`)) },
  { what: "VM list page of somebody with 50 VMs", user: "user0", short: true, paths: ["/vms"] },
  { what: "VM list page of somebody with 40 VMs, half of them through a group", user: "user22", short: true, paths: ["/vms"] },
  { what: "VM portal, home of somebody with 40 VMs", user: "user22", paths: ["/portal"] },
  { what: "VM list sorted by each column", short: true, paths: SORTS.flatMap((sort) => ["", "&order=desc"].map((order) => `/vms?sort=${sort}${order}`)) },
  { what: "VM list, deep", short: true, paths: ["/vms?page=90", "/vms?sort=memory_percent&page=50", "/vms?sort=host&order=desc&page=95"] },
  { what: "other lists, first page and deep", short: true, paths: ["/disks", "/hosts", "/disks?page=150", "/jobs", "/storage", "/clusters"] },
  { what: "other lists searched", short: true, paths: [search("hosts", "status = up sortby cpu_usage desc"), search("disks", "vm_names = vm12* sortby size desc")] },
  { what: "events, newest", short: true, paths: ["/events"] },
  { what: "events, deep", short: true, paths: ["/events?page=50", "/events?page=100"] },
  { what: "events searched", short: true, paths: [search("events", "severity >= error and time > yesterday")] },
  { what: "events of somebody with 50 VMs", user: "user0", short: true, paths: ["/events", search("events", "severity >= error and time > yesterday")] },
  { what: "dashboard", short: true, paths: ["/dashboard"] },
];

const only = process.env.ONLY;
for (const kind of KINDS.filter(({ what }) => !only || what.includes(only))) await measure(kind);

async function measure({ what, user = "bench", bar = 50, short, paths, bodies = [undefined] }) {
  const cookie = await signIn(server, user);
  const requests = paths.flatMap((path) => bodies.map((body) => ({ path, body, headers: headers(cookie, body) })));
  const agents = Array.from({ length: CLIENTS }, () => new http.Agent({ keepAlive: true, maxSockets: 1 }));
  // What is compiled and planned once is not in the figures.
  for (const request of requests) await answered(agents[0], request);
  const times = await steadily(agents, requests, short ? Math.min(seconds, SHORT) : seconds);
  const rate = await closely(agents.slice(0, BUSY), requests);
  agents.forEach((agent) => agent.destroy());
  const all = times.map(({ time }) => time);
  const median = quantile(all, 0.5).toFixed(1);
  print("P6", `${what}: p99 of ${all.length} (median ${median} ms; ${rate.toFixed(0)} a second by ${BUSY} at once)`, quantile(all, 0.99), bar);
  if (requests.length > 1) console.error(slowest(times));
}

function headers(cookie, body) {
  const form = { "content-type": "application/x-www-form-urlencoded", accept: "application/json", origin: server };
  return { cookie, "accept-encoding": "gzip, deflate, br", ...(body && form) };
}

/** Each client once a second, spread over it; a late answer delays the client's next question, and counts whole. */
async function steadily(agents, requests, rounds) {
  const times = [];
  const client = async (agent, n) => {
    await pause((1000 * n) / CLIENTS);
    for (let round = 0; round < rounds; round++) {
      const begun = performance.now();
      const request = requests[(n + round * 7) % requests.length];
      times.push({ request, time: await answered(agent, request) });
      await pause(1000 - (performance.now() - begun));
    }
  };
  await Promise.all(agents.map(client));
  return times;
}

/** How many are answered in a second when each asks again at once. */
async function closely(agents, requests) {
  const [begun, most] = [performance.now(), Math.min(seconds, 10) * 1000];
  let n = 0;
  const client = async (agent) => {
    while (performance.now() - begun < most) await answered(agent, requests[n++ % requests.length]);
  };
  await Promise.all(agents.map(client));
  return (n * 1000) / (performance.now() - begun);
}

/** How long it took; anything but a whole answer ends the run. */
async function answered(agent, { path, body, headers }) {
  const { status, time, bytes } = await ask(agent, server, path, headers, body);
  if (status !== 200 || bytes < (body ? 2 : 1000)) throw new Error(`${path} ${body ?? ""}: ${status} with ${bytes} bytes`);
  return time;
}

/** The three of a kind that took longest in the middle. */
function slowest(times) {
  const of = new Map();
  for (const { request, time } of times) of.set(request, [...(of.get(request) ?? []), time]);
  const medians = [...of].map(([request, own]) => [request, quantile(own, 0.5)]);
  const worst = medians.sort((a, b) => b[1] - a[1]).slice(0, 3);
  return worst.map(([{ path, body }, median]) => `  ${median.toFixed(1)} ms in the middle: ${path} ${body ?? ""}`).join("\n");
}

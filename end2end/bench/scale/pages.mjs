// P6: pages.mjs SERVER SECONDS. Fifty clients each ask once a second, every one on a connection of its own; then eight
// ask again as soon as they are answered. Prints the bench's lines.
import http from "node:http";
import { ask, print, quantile, signIn } from "./session.mjs";

const [, , server, seconds] = process.argv;
const CLIENTS = 50;
const BUSY = 8;
const SORTS = "name comment description status host cluster data_center memory vcpus memory_percent cpu_percent network uptime".split(" ");

/** What is asked for, in turn, and by whom; a page that is not there yet fails the run. */
const KINDS = [
  { what: "VM list page", user: "bench", bar: 50, paths: ["/vms"] },
  { what: "VM list page of somebody with 50 VMs", user: "user0", bar: 50, paths: ["/vms"] },
  {
    what: "VM list sorted by every column, first page and deep",
    user: "bench",
    bar: 50,
    paths: SORTS.flatMap((sort) => ["", "&page=90", "&order=desc"].map((more) => `/vms?sort=${sort}${more}`)),
  },
  {
    what: "VM list searched by two conditions and sorted",
    user: "bench",
    bar: 50,
    paths: ["/vms?search=name%3Dvm1*+and+status%3Dup+sortby+memory+desc"],
  },
  { what: "disks, hosts and events", user: "bench", bar: 50, paths: ["/disks", "/hosts", "/events", "/events?page=50", "/disks?page=150"] },
];

for (const kind of KINDS) {
  const headers = { cookie: await signIn(server, kind.user), "accept-encoding": "gzip, deflate, br" };
  const path = (n) => kind.paths[n % kind.paths.length];
  const agents = Array.from({ length: CLIENTS }, () => new http.Agent({ keepAlive: true, maxSockets: 1 }));
  for (const agent of agents.slice(0, 5)) await ask(agent, server, path(0), headers);
  const times = await steadily(agents, path, headers);
  const rate = await closely(agents.slice(0, BUSY), path, headers);
  agents.forEach((agent) => agent.destroy());
  const median = quantile(times, 0.5).toFixed(1);
  print("P6", `${kind.what}: p99 of ${times.length} (median ${median} ms; ${rate.toFixed(0)} a second by ${BUSY} at once)`, quantile(times, 0.99), kind.bar);
}

/** Each client once a second, spread over it, whether or not the answer before is there. */
async function steadily(agents, path, headers) {
  const times = [];
  const client = async (agent, n) => {
    await pause((1000 * n) / CLIENTS);
    for (let round = 0; round < seconds; round++) {
      const begun = performance.now();
      times.push(await asked(agent, path(n + round * 7), headers));
      await pause(Math.max(0, 1000 - (performance.now() - begun)));
    }
  };
  await Promise.all(agents.map(client));
  return times;
}

/** How many are answered in a second when each asks again at once. */
async function closely(agents, path, headers) {
  const [begun, most] = [performance.now(), Math.min(seconds, 10) * 1000];
  let answered = 0;
  const client = async (agent, n) => {
    for (let round = n; performance.now() - begun < most; round++, answered++) await asked(agent, path(round), headers);
  };
  await Promise.all(agents.map(client));
  return (answered * 1000) / (performance.now() - begun);
}

async function asked(agent, path, headers) {
  const { status, time, bytes } = await ask(agent, server, path, headers);
  if (status !== 200 || bytes < 1000) throw new Error(`${path}: ${status} with ${bytes} bytes`);
  return time;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

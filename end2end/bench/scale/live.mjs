// P10: live.mjs SERVER SECONDS DATABASE_URL. A thousand browsers listen to the live stream (HTTP/1.1, all of one
// administrator's session) while a VM's comment changes a hundred times a second, written by SQL as an operation would
// and told by the database's own triggers. The comment says when it was written; every twentieth stream reads that.
import { spawn } from "node:child_process";
import net from "node:net";
import { print, quantile, signIn } from "./session.mjs";

const [, , server, seconds, database] = process.argv;
const BROWSERS = 1000;
const READ_EACH = 20;
const PER_SECOND = 100;
const MARK = Buffer.from('"comment":"at ');

const cookie = await signIn(server, "bench");
const delays = [];
const heard = new Array(BROWSERS).fill(0);
const streams = await Promise.all(heard.map((_, n) => listen(n)));
const written = await write();
await pause(2000);
streams.forEach((stream) => stream.destroy());

const readers = Math.ceil(BROWSERS / READ_EACH);
const silent = heard.filter((bytes) => bytes < written * 100).length;
if (silent) throw new Error(`${silent} of ${BROWSERS} streams heard too little`);
const arrived = Math.round((100 * delays.length) / (written * readers));
const what = `from a change to the browser: p99, ${BROWSERS} browsers, ${Math.round(written / seconds)} changes a second (median ${quantile(delays, 0.5).toFixed(0)} ms; ${arrived} % arrived)`;
print("P10", what, quantile(delays, 0.99), 500);

/** Opens a stream, and notes what it brings. */
function listen(n) {
  const { hostname, port, host } = new URL(server);
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, hostname, () => {
      socket.write(`GET /live HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nAccept: text/event-stream\r\n\r\n`);
    });
    socket.on("error", reject);
    socket.once("data", (head) => {
      if (!head.includes("200 OK")) reject(new Error(head.toString("latin1").split("\r\n")[0]));
      resolve(socket);
    });
    socket.on("data", (chunk) => {
      heard[n] += chunk.length;
      if (n % READ_EACH === 0) read(chunk);
    });
  });
}

/** A mark that is cut by the end of a chunk is not counted, and says so by what "arrived". */
function read(chunk) {
  const now = Date.now();
  for (let at = chunk.indexOf(MARK); at >= 0; at = chunk.indexOf(MARK, at + 1)) {
    const time = Number(chunk.toString("latin1", at + MARK.length, at + MARK.length + 13));
    if (time > 0) delays.push(now - time);
  }
}

/** Changes one VM after the other; gives how many were changed. */
async function write() {
  const psql = spawn("psql", ["-qX", "-v", "ON_ERROR_STOP=1", database], { stdio: ["pipe", "inherit", "inherit"] });
  const [begun, all] = [Date.now(), PER_SECOND * seconds];
  for (let n = 0; n < all; n++) {
    await pause(begun + (1000 * n) / PER_SECOND - Date.now());
    psql.stdin.write(`UPDATE vms SET comment = 'at ${Date.now()}' WHERE id = bench_id('vm', ${n % 10000});\n`);
  }
  psql.stdin.end();
  await new Promise((resolve) => psql.on("exit", resolve));
  return all;
}

function pause(milliseconds) {
  return milliseconds <= 0 ? undefined : new Promise((resolve) => setTimeout(resolve, milliseconds));
}

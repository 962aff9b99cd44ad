// P10: live.mjs SERVER SECONDS DATABASE_URL. A thousand browsers listen to the live stream, each on a connection of its
// own (HTTP/1.1), as ten administrators' sessions, while a VM's comment changes a hundred times a second: written by SQL
// as an operation would, and told by the database's own triggers. The comment says when it was written; every twentieth
// stream reads that, and of all of them what they brought is counted. BROWSERS may name fewer, to look at one part.
import { spawn } from "node:child_process";
import net from "node:net";
import { pause, print, quantile, signIn } from "./session.mjs";

const [, , server, seconds, database] = process.argv;
const BROWSERS = Number(process.env.BROWSERS ?? 1000);
const SESSIONS = 10;
const READ_EACH = 20;
const PER_SECOND = 100;
/** The least that is said of a change. */
const SHORTEST = 100;
const MARK = '"comment":"at ';

const cookies = [];
for (let n = 0; n < SESSIONS; n++) cookies.push(await signIn(server, "bench"));
const delays = [];
const heard = new Array(BROWSERS).fill(0);
const streams = await Promise.all(heard.map((_, n) => listen(n)));
let ended = 0;
streams.forEach((stream) => stream.on("close", () => ended++));
const written = await write();
await pause(2000);
const lost = ended;
streams.forEach((stream) => stream.destroy());

const readers = Math.ceil(BROWSERS / READ_EACH);
const silent = heard.filter((bytes) => bytes < written * SHORTEST).length;
if (lost || silent) throw new Error(`of ${BROWSERS} streams ${lost} ended and ${silent} heard too little; ${delays.length} marks of ${written * readers} were read`);
const arrived = Math.round((100 * delays.length) / (written * readers));
const what = `from a change to the browser: p99, ${BROWSERS} browsers, ${Math.round(written / seconds)} changes a second (median ${quantile(delays, 0.5).toFixed(0)} ms; ${arrived} % arrived)`;
print("P10", what, quantile(delays, 0.99), 500);

/** Opens a stream, and notes what it brings. */
function listen(n) {
  const { hostname, port, host } = new URL(server);
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, hostname, () => {
      socket.write(`GET /live HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookies[n % SESSIONS]}\r\nAccept: text/event-stream\r\n\r\n`);
    });
    const read = n % READ_EACH === 0 ? reader() : () => {};
    socket.on("error", reject);
    socket.once("data", (head) => {
      if (!head.includes("200 OK")) reject(new Error(head.toString("latin1").split("\r\n")[0]));
      resolve(socket);
    });
    socket.on("data", (chunk) => {
      heard[n] += chunk.length;
      read(chunk);
    });
  });
}

/** Reads the marks in what it is given, one that is cut by the end of a chunk too. */
function reader() {
  const whole = MARK.length + 13;
  let kept = "";
  return (chunk) => {
    const [now, text] = [Date.now(), kept + chunk.toString("latin1")];
    let at = text.indexOf(MARK);
    for (; at >= 0 && at + whole <= text.length; at = text.indexOf(MARK, at + whole)) {
      delays.push(now - Number(text.slice(at + MARK.length, at + whole)));
    }
    kept = at >= 0 ? text.slice(at) : text.slice(-MARK.length + 1);
  };
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

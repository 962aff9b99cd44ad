// One `drover serve` for the whole run, with data of its own and the lab's certificate authority.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { data, END2END, lab, program, storagePath, TARGET, URL_OF_SERVER } from "./env";
import { host } from "./lab";

const PID = `${TARGET}/browser-server.pid`;
const LOG = `${TARGET}/browser-server.log`;

/** The server's own database, not the one that other tests are given. */
function environment(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, DROVER_DATABASE_URL: __, ...rest } = process.env;
  return { ...rest, DROVER_LOG: process.env.DROVER_LOG ?? "info,sqlx=warn" };
}

/** Everything of an earlier server goes; the certificates, which the hosts know, stay. */
function emptyData() {
  mkdirSync(data(), { recursive: true });
  for (const entry of readdirSync(data())) {
    if (entry !== "pki") rmSync(`${data()}/${entry}`, { recursive: true });
  }
}

/** A server without any past. */
export async function begin() {
  await stop();
  emptyData();
  rmSync(LOG, { force: true });
  await start();
}

export async function start() {
  const log = openSync(LOG, "a");
  // Every test begins with the cookie of the first sign-in, however long those before it took.
  const patient = ["--session-idle", "6h"];
  const options = ["serve", "--data", data(), "--listen", `127.0.0.1:${lab("LAB_PORT")}`, "--lab-allow-tcp", ...patient];
  const server = spawn(program(), options, { detached: true, stdio: ["ignore", log, log], env: environment() });
  writeFileSync(PID, String(server.pid));
  server.unref();
  await until(answers, 60_000, () => `the server did not start:\n${readFileSync(LOG, "utf8").slice(-3000)}`);
}

export async function stop() {
  const pid = running();
  if (pid) {
    process.kill(pid, "SIGTERM");
    await until(() => Promise.resolve(!running()), 20_000, () => "the server did not stop");
  }
  rmSync(PID, { force: true });
}

/** The server that an earlier start left, if it is one. */
function running(): number | undefined {
  try {
    const pid = Number(readFileSync(PID, "utf8"));
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return command.includes("serve") && command.includes(data()) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(`${URL_OF_SERVER}/healthz`, { rejectUnauthorized: false, timeout: 2000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on("error", () => resolve(false));
    asked.on("timeout", () => asked.destroy());
    asked.end();
  });
}

/** `drover admin …` with something on its standard input. */
export function admin(input: string, ...command: string[]): string {
  return execFileSync(program(), ["admin", ...command, "--data", data(), "--lab-allow-tcp"], {
    input,
    env: environment(),
    encoding: "utf8",
  });
}

/** A statement to the server's own database: what no one can do through the product, such as letting time pass. */
export function sql(text: string): string {
  const socket = readFileSync(`${data()}/postgres/postmaster.pid`, "utf8").split("\n")[4];
  const url = `postgres://drover@localhost/drover?host=${socket}`;
  return execFileSync("psql", ["-XAtc", text, url], { encoding: "utf8" }).trim();
}

/** The estate of the lab, but for one host: a test adds that one. */
export async function seed(without: string) {
  await host(1, "exec", "mkdir", "-p", storagePath());
  await host(1, "exec", "cp", lab("LAB_GUEST_ISO"), `${storagePath()}/tiny.iso`);
  const hosts = lab("LAB_HOSTS").split(" ").filter((name) => name !== without);
  const env = { ...environment(), LAB_DATA_PATH: storagePath(), LAB_HOSTS: hosts.join(" ") };
  admin(execFileSync(`${END2END}/lab/estate.sh`, { env, encoding: "utf8" }), "apply", "-");
}

async function until(done: () => Promise<boolean>, limit: number, otherwise: () => string) {
  const end = Date.now() + limit;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(otherwise());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

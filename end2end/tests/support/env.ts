// What surrounds the tests: the lab by its environment, the server's program, and where things are put.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const END2END = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const ROOT = dirname(END2END);
export const TARGET = process.env.CARGO_TARGET_DIR ?? `${ROOT}/target`;
export const SCREENS = `${ROOT}/target/screens`;
/** The signed-in session that the first test leaves. */
export const SESSION = `${TARGET}/browser-session.json`;

export const ADMINISTRATOR = "admin@internal";
/** What the first test changes the first password to. */
export const PASSWORD = "a-herd-of-three-88";

/** A name that `lab env` gives. */
export function lab(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run end2end/test.sh, or eval "$(end2end/lab/lab env DIR)"`);
  return value;
}

/** The server's data directory: its certificate authority is the one that the lab's hosts know. */
export const data = () => lab("LAB_DATA");
export const program = () => process.env.DROVER ?? `${TARGET}/debug/drover`;
export const URL_OF_SERVER = `https://localhost:${process.env.LAB_PORT ?? 0}`;
/** Seen by the lab's hosts only, and ours alone: other suites use the same lab. */
export const storagePath = () => `${lab("LAB_DATA_PATH")}/browser-${process.env.DROVER_RUN ?? "0"}`;

// Before all tests: a fresh server, filled with what the lab has.
import { mkdirSync, rmSync } from "node:fs";
import { SCREENS } from "./env";
import { labHost } from "./lab";
import { begin, seed } from "./server";

export default async function setup() {
  // Workers inherit it: a storage directory that no earlier run has used.
  process.env.DROVER_RUN = Date.now().toString(36);
  rmSync(SCREENS, { recursive: true, force: true });
  mkdirSync(SCREENS, { recursive: true });
  await begin();
  await seed(labHost(2).name);
}

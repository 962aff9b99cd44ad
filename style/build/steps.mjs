// A step runs when the contents of its inputs, or its outputs, are not those of the last run.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export function hashOf(...contents) {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return hash.digest("hex");
}

/** All files below a folder, in a fixed order. A file is itself. */
export function filesIn(path, keep = () => true) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path).sort();
  return entries.flatMap((name) => filesIn(join(path, name), keep)).filter(keep);
}

export class Steps {
  constructor(file) {
    this.file = file;
    this.stamps = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  }

  async run(name, inputs, outputs, work) {
    const stamp = hashOf(name, ...inputs.flatMap((path) => [path, readFileSync(path)]));
    // One stamp per output, so that the quick and the full form of a file replace each other.
    const key = outputs.join(" ");
    if (this.stamps[key] === stamp && outputs.every(existsSync)) return;
    const start = Date.now();
    await work();
    this.stamps[key] = stamp;
    writeFileSync(this.file, JSON.stringify(this.stamps, null, 1));
    console.log(`  ${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }
}

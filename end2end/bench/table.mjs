// Turns the lines of the measuring scripts into one table and one file: table.mjs LINES OUT_JSON
import { readFileSync, writeFileSync } from "node:fs";

const [, , lines, out] = process.argv;
const results = readFileSync(lines, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
writeFileSync(out, JSON.stringify(results, null, 2) + "\n");

const head = ["", "what", "measured", "compared with", "bar", ""];
const rows = results.map((r) => [
  r.id, r.what, `${r.value} ${r.unit}`, r.compared ?? "-", r.bar, r.met ? "met" : "NOT MET",
]);
const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
for (const row of [head, ...rows]) {
  console.log(row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd());
}
console.log(`\nwritten to ${out}`);

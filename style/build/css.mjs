// The style sheet: bundled, freed of what no Rust source uses, minified, its properties renamed. PatternFly is large because it has
// everything; a rule stays only if every PatternFly class in it stands somewhere in crates/ui or app.
import { readFileSync, writeFileSync } from "node:fs";
import { bundle, transform } from "lightningcss";
import { pruneRules, pruneVariables, shortenVariables } from "./prune.mjs";
import { repository, style } from "./paths.mjs";
import { filesIn } from "./steps.mjs";

const sources = ["crates/ui/src", "app/src"].map((path) => `${repository}/${path}`);
const fontFolder = `${style}/node_modules/@patternfly/patternfly/assets/fonts`;
// The last two and a half years of browsers.
const targets = { chrome: 120 << 16, firefox: 121 << 16, safari: (17 << 16) | (2 << 8) };

export function fontFiles() {
  return ["RedHatText/RedHatTextVF", "RedHatDisplay/RedHatDisplayVF", "RedHatMono/RedHatMonoVF"].map(
    (name) => `${fontFolder}/${name}.woff2`,
  );
}

export function styleInputs() {
  const own = [`${style}/main.css`, `${style}/package-lock.json`, `${style}/build/css.mjs`, `${style}/build/prune.mjs`];
  return [...own, ...filesIn(`${style}/drover`), ...rustFiles()];
}

function rustFiles() {
  return sources.flatMap((path) => filesIn(path, (file) => file.endsWith(".rs")));
}

export function buildStyle(output) {
  const { code } = bundle({ filename: `${style}/main.css`, minify: true, targets });
  const pruned = pruneVariables(pruneRules(code.toString(), "pf-", usedClasses()));
  // Once more: what was kept apart by dropped rules may now be joined.
  const joined = transform({ filename: "app.css", code: Buffer.from(pruned), minify: true, targets });
  writeFileSync(output, shortenVariables(joined.code.toString()));
}

function usedClasses() {
  const used = new Set();
  for (const file of rustFiles()) {
    for (const [name] of readFileSync(file, "utf8").matchAll(/pf-[a-z0-9]+(?:[-_]+[a-z0-9]+)*/g)) used.add(name);
  }
  return used;
}

// The browser's half of the program: cargo, wasm-split, wasm-bindgen, wasm-opt, and esbuild for the glue.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { partsOf } from "./parts.mjs";
import { parts, repository, style, target, work } from "./paths.mjs";
import { snip } from "./snip.mjs";

// Leptos brings a second way to hydrate every view, for pages that load parts of their WASM later. The page is
// hydrated by `hydrate_body`, at once; a view that takes the other way stops with `unreachable`.
// Names are as the compiler writes them: each word after its length.
const isDead = (name) => /13hydrate_async(28_\$u7b\$\$u7b\$closure\$u7d\$\$u7d\$)*17h[0-9a-f]{16}E$/.test(name);

// What rustc's wasm32-unknown-unknown emits; wasm-opt must be told.
const features = [
  "--enable-bulk-memory",
  "--enable-bulk-memory-opt",
  "--enable-call-indirect-overlong",
  "--enable-multivalue",
  "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int",
  "--enable-reference-types",
  "--enable-sign-ext",
];

function run(program, args) {
  execFileSync(program, args, { cwd: repository, stdio: ["ignore", "inherit", "inherit"] });
}

/** Lets cargo decide what is to be done; gives the compiled module. */
export function compileWasm(quick) {
  const cargo = process.env.CARGO || "cargo";
  const profile = quick ? "wasm" : "wasm-release";
  const what = ["-p", "frontend", "--lib", "--target", "wasm32-unknown-unknown", "--profile", profile];
  // By its relocations the module is taken apart.
  run(cargo, ["rustc", ...what, "--", "-Clink-arg=--emit-relocs"]);
  return `${target}/wasm32-unknown-unknown/${profile}/frontend.wasm`;
}

/** Cuts off what comes later (`app::later`), gives the rest its glue, and makes all of it small. */
export function buildWasm(wasm, quick) {
  const out = `${work}/bindgen`;
  rmSync(out, { recursive: true, force: true });
  rmSync(parts, { recursive: true, force: true });
  for (const folder of [out, parts]) mkdirSync(folder, { recursive: true });
  writeFileSync(`${out}/alive.wasm`, snip(readFileSync(wasm), isDead));
  run(process.env.WASM_SPLIT || "wasm-split-cli", [`${out}/alive.wasm`, `${out}/split`, "--target", "web", "--out-name", "app"]);
  const bindgen = process.env.WASM_BINDGEN || "wasm-bindgen";
  const names = ["--keep-lld-exports", "--no-demangle"];
  run(bindgen, ["--target", "web", "--no-typescript", ...names, "--out-dir", out, "--out-name", "app", `${out}/split/app.wasm`]);
  finish(`${out}/app_bg.wasm`, `${work}/app.wasm`, quick);
  for (const name of readdirSync(`${out}/split`)) {
    if (name.endsWith(".wasm") && name !== "app.wasm") finish(`${out}/split/${name}`, `${parts}/${name}`, quick);
  }
  copyFileSync(`${out}/split/__wasm_split.js`, `${out}/__wasm_split.js`);
  // One file: the glue, what fetches the parts, and the snippets of crates that wasm-bindgen puts beside it.
  buildSync({
    entryPoints: [`${out}/app.js`],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    outfile: `${work}/app.js`,
    logLevel: "warning",
    // wasm-bindgen names the script of the parts once for each of its functions.
    logOverride: { "duplicate-object-key": "silent" },
  });
  writeFileSync(`${parts}/parts.json`, JSON.stringify(partsOf(readFileSync(`${out}/__wasm_split.js`, "utf8"))));
}

function finish(from, to, quick) {
  if (quick) return copyFileSync(from, to);
  const opt = `${style}/node_modules/.bin/wasm-opt`;
  run(opt, ["-Oz", ...features, "--strip-debug", "--strip-producers", from, "-o", to]);
}

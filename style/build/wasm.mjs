// The browser's half of the program: cargo, wasm-bindgen, wasm-opt, and esbuild for the glue.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { repository, style, target, work } from "./paths.mjs";
import { snip } from "./snip.mjs";

// Leptos brings a second way to hydrate every view, for pages that load parts of their WASM later. The page is
// hydrated by `hydrate_body`, at once; a view that takes the other way stops with `unreachable`.
const isDead = (name) => /::hydrate_async(::\{\{closure\}\})*(::h[0-9a-f]{16})?$/.test(name);

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
  run(cargo, ["build", "-p", "frontend", "--target", "wasm32-unknown-unknown", "--profile", profile]);
  return `${target}/wasm32-unknown-unknown/${profile}/frontend.wasm`;
}

export function buildWasm(wasm, quick) {
  const out = `${work}/bindgen`;
  rmSync(out, { recursive: true, force: true });
  const bindgen = process.env.WASM_BINDGEN || "wasm-bindgen";
  run(bindgen, ["--target", "web", "--no-typescript", "--out-dir", out, "--out-name", "app", wasm]);
  const snipped = quick ? `${work}/app.wasm` : `${out}/snipped.wasm`;
  writeFileSync(snipped, snip(readFileSync(`${out}/app_bg.wasm`), isDead));
  if (!quick) {
    const opt = `${style}/node_modules/.bin/wasm-opt`;
    const strip = ["--strip-debug", "--strip-producers"];
    run(opt, ["-Oz", ...features, ...strip, snipped, "-o", `${work}/app.wasm`]);
  }
  // One file: wasm-bindgen may put snippets of its crates beside the glue.
  buildSync({
    entryPoints: [`${out}/app.js`],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    outfile: `${work}/app.js`,
    logLevel: "warning",
  });
}

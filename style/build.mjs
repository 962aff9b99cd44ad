// Builds everything a browser gets into <target>/site: the WASM in its parts and its glue, the style sheet, the fonts, noVNC
// and what lies in public/. Steps whose inputs did not change are skipped, so it may run before every build.
//
//   node build.mjs            all, as released
//   node build.mjs --quick    without wasm-opt, for the inner loop
//   node build.mjs --css      only what needs no Rust build (an older WASM stays as it is)
import { mkdirSync } from "node:fs";
import { buildStyle, fontFiles, styleInputs } from "./build/css.mjs";
import { buildNovnc, novncInputs } from "./build/novnc.mjs";
import { parts, repository, site, style, work } from "./build/paths.mjs";
import { publish } from "./build/publish.mjs";
import { Steps } from "./build/steps.mjs";
import { buildWasm, compileWasm } from "./build/wasm.mjs";

const quick = process.argv.includes("--quick");
const onlyCss = process.argv.includes("--css");

mkdirSync(work, { recursive: true });
const steps = new Steps(`${work}/stamps.json`);

const fonts = fontFiles();
await steps.run("style sheet", styleInputs(), [`${work}/app.css`], () => buildStyle(`${work}/app.css`, fonts));
await steps.run("noVNC", novncInputs(), [`${work}/novnc.js`], () => buildNovnc(`${work}/novnc.js`));
if (!onlyCss) {
  const wasm = compileWasm(quick);
  const sources = ["wasm", "parts", "snip"].map((name) => `${style}/build/${name}.mjs`);
  const outputs = [`${work}/app.js`, `${work}/app.wasm`, `${parts}/parts.json`];
  await steps.run(quick ? "WASM (quick)" : "WASM", [wasm, ...sources], outputs, () => buildWasm(wasm, quick));
}
await publish({ fonts, publicDir: `${repository}/public`, site });

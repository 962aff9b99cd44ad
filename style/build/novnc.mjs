// The console's script with noVNC in it, as one module.
import { buildSync } from "esbuild";
import { style } from "./paths.mjs";
import { filesIn } from "./steps.mjs";

const folder = `${style}/node_modules/@novnc/novnc`;

export function novncInputs() {
  return [`${style}/console.js`, `${folder}/package.json`, ...filesIn(`${folder}/core`), ...filesIn(`${folder}/vendor`)];
}

export function buildNovnc(output) {
  buildSync({
    entryPoints: [`${style}/console.js`],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "inline",
    outfile: output,
    logLevel: "warning",
  });
}

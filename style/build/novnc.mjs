// noVNC as one module; its default export is the RFB class, which ours names too.
import { buildSync } from "esbuild";
import { style } from "./paths.mjs";
import { filesIn } from "./steps.mjs";

const folder = `${style}/node_modules/@novnc/novnc`;

export function novncInputs() {
  return [`${folder}/package.json`, ...filesIn(`${folder}/core`), ...filesIn(`${folder}/vendor`)];
}

export function buildNovnc(output) {
  buildSync({
    stdin: { contents: `export { default, default as RFB } from "@novnc/novnc";`, resolveDir: style, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "inline",
    outfile: output,
    logLevel: "warning",
  });
}

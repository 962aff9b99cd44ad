// Gives every asset its hashed name, writes the manifest (logical name → path below the site) and puts the
// compressed forms beside the files. Files of public/ keep their names: others link to them.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { licenses } from "./licenses.mjs";
import { catalogues, languages, parts, work } from "./paths.mjs";
import { filesIn, hashOf } from "./steps.mjs";

const compressible = new Set([".css", ".ftl", ".html", ".js", ".json", ".md", ".svg", ".txt", ".wasm", ".webmanifest"]);

export async function publish({ fonts, publicDir, site }) {
  const out = new Output(site);
  const manifest = {};
  const add = (name, content) => (manifest[name] = out.hashed(name, content));
  for (const font of fonts) add(basename(font), readFileSync(font));
  add("app.css", withAssets(readFileSync(`${work}/app.css`, "utf8"), manifest));
  for (const language of languages) add(`texts.${language}.ftl`, texts(language));
  for (const name of ["app.wasm", "novnc.js"]) {
    if (existsSync(`${work}/${name}`)) add(name, readFileSync(`${work}/${name}`));
  }
  if (existsSync(`${parts}/parts.json`)) addGlue(add, manifest);
  for (const file of filesIn(publicDir)) out.file(relative(publicDir, file), readFileSync(file));
  out.file("licenses.txt", licenses());
  out.file("manifest.json", JSON.stringify(manifest, null, 1));
  out.sweep();
  report(site, manifest);
}

/** A catalogue, without what only those who write it read. */
function texts(language) {
  return readFileSync(`${catalogues}/${language}.ftl`, "utf8").replace(/^(#.*)?\n/gm, "");
}

/** The parts of the WASM, and the script that knows their names. */
function addGlue(add, manifest) {
  const of = JSON.parse(readFileSync(`${parts}/parts.json`, "utf8"));
  const names = new Set(Object.values(of).flat());
  for (const name of names) add(name, readFileSync(`${parts}/${name}`));
  for (const [part, files] of Object.entries(of)) manifest[`later ${part}`] = files.map((name) => manifest[name]).join(" ");
  const glue = readFileSync(`${work}/app.js`, "utf8");
  add("app.js", glue.replace(/"\.\/(\w+\.wasm)"/g, (whole, name) => (names.has(name) ? `"./${basename(manifest[name])}"` : whole)));
}

function withAssets(css, manifest) {
  return css.replace(/asset:([\w.-]+)/g, (_, name) => `/${manifest[name]}`);
}

class Output {
  constructor(site) {
    this.site = site;
    this.kept = new Set();
  }

  hashed(name, content) {
    const hash = hashOf(content).slice(0, 12);
    const extension = extname(name);
    const path = `pkg/${basename(name, extension)}.${hash}${extension}`;
    this.file(path, content);
    return path;
  }

  /** Writes the file and its compressed forms, unless it is there with the same content. */
  file(path, content) {
    const full = `${this.site}/${path}`;
    const bytes = Buffer.from(content);
    const packed = compressible.has(extname(path)) && bytes.length > 1024;
    for (const name of packed ? [path, `${path}.br`, `${path}.gz`] : [path]) this.kept.add(name);
    if (existsSync(full) && readFileSync(full).equals(bytes) && (!packed || existsSync(`${full}.gz`))) return;
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, bytes);
    if (!packed) return;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${full}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${full}.gz`, gzipSync(bytes, { level: 9 }));
  }

  /** Removes what an earlier build left. */
  sweep(folder = "") {
    for (const name of readdirSync(`${this.site}/${folder}`)) {
      const path = folder ? `${folder}/${name}` : name;
      if (statSync(`${this.site}/${path}`).isDirectory()) this.sweep(path);
      else if (!this.kept.has(path)) rmSync(`${this.site}/${path}`);
    }
  }
}

/** What goes over the line: a file that is hardly worth packing goes as it is. */
const carried = (path) => statSync(existsSync(`${path}.br`) ? `${path}.br` : path).size;

function report(site, manifest) {
  let sum = 0;
  for (const name of ["app.wasm", "app.js", "app.css", "texts.en.ftl", "texts.de.ftl"]) {
    if (!manifest[name]) continue;
    const size = carried(`${site}/${manifest[name]}`);
    // A page is in one language.
    if (name !== "texts.de.ftl") sum += size;
    console.log(`  ${name.padEnd(12)} ${(size / 1024).toFixed(1).padStart(7)} KiB compressed`);
  }
  for (const [name, path] of Object.entries(manifest)) {
    if (!/^(split|chunk)_/.test(name)) continue;
    const size = carried(`${site}/${path}`);
    console.log(`  later: ${name.padEnd(22)} ${(size / 1024).toFixed(1).padStart(7)} KiB`);
  }
  console.log(`  together     ${(sum / 1024).toFixed(1).padStart(7)} KiB of 700`);
}

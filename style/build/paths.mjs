// Where things are. Cargo's own target directory may lie anywhere; the site follows it.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const style = dirname(dirname(fileURLToPath(import.meta.url)));
export const repository = dirname(style);
export const target = resolve(repository, process.env.CARGO_TARGET_DIR || "target");
/** The texts of each language. */
export const catalogues = `${repository}/crates/model/texts`;
export const languages = ["en", "de"];
/** What is served, and embedded into the server. */
export const site = `${target}/site`;
/** Results of the steps, before they get their hashed names. */
export const work = `${target}/site-work`;
/** Parts of the WASM that a page fetches when it needs them. */
export const parts = `${work}/parts`;

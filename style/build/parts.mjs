// What wasm-split tells of the parts that it cut off: only the script that fetches them.

/** Name of a part → its files, in the order in which they are needed. A file may belong to several parts. */
export function partsOf(script) {
  const shared = new Map();
  const parts = {};
  for (const [, variable, part, fetched, others] of script.matchAll(LOADER)) {
    const own = Array.from(fetched.matchAll(/"\.\/(\w+\.wasm)"/g), ([, file]) => file);
    const before = others.split(", ").filter(Boolean);
    if (part) parts[part] = [...before.flatMap((other) => shared.get(other)), ...own];
    else shared.set(variable, own);
  }
  return parts;
}

// const __chunk_3 = makeLoad(() => …, []);
// export const __wasm_split_load_dialogs = wrapAsyncCb(makeLoad(() => …, [__chunk_3]));
const LOADER = /const (__chunk_\d+|__wasm_split_load_(\w+)) = ([^]*?), \[([\w, ]*)\]\)\)?;/g;

// node --test style/build
import assert from "node:assert/strict";
import test from "node:test";
import { partsOf } from "./parts.mjs";

const fetched = (file) => `() => {
    const src = fetch(new URL("./${file}", import.meta.url));
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
`;

test("a part consists of its own file and of what it shares", () => {
  const script = `const imports = {};
/* dialogs, entities */
const __chunk_3 = makeLoad(${fetched("chunk_3.wasm")}, []);
export const __wasm_split_load_entities = wrapAsyncCb(makeLoad(${fetched("split_entities.wasm")}, [__chunk_3]));
export const __wasm_split_load_empty = wrapAsyncCb(makeLoad(() => async (_imp) => ({}), [__chunk_3]));
export const __wasm_split_load_alone = wrapAsyncCb(makeLoad(${fetched("split_alone.wasm")}, []));
`;
  assert.deepEqual(partsOf(script), {
    entities: ["chunk_3.wasm", "split_entities.wasm"],
    empty: ["chunk_3.wasm"],
    alone: ["split_alone.wasm"],
  });
});

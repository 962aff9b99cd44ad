// node --test style/build
import assert from "node:assert/strict";
import test from "node:test";
import binaryen from "binaryen";
import { snip } from "./snip.mjs";

const text = `(module
  (import "env" "log" (func $log (param i32)))
  (func $kept (export "kept") (result i32) (call $log (i32.const 1)) (i32.const 7))
  (func $dead (export "dead") (result i32) (call $log (i32.const 2)) (i32.const 8)))`;

function assembled() {
  const module = binaryen.parseText(text);
  binaryen.setDebugInfo(true);
  return Buffer.from(module.emitBinary());
}

test("what is dead stops, the rest goes on", async () => {
  const said = [];
  const module = snip(assembled(), (name) => name === "dead");
  const { instance } = await WebAssembly.instantiate(module, { env: { log: (n) => said.push(n) } });
  assert.equal(instance.exports.kept(), 7);
  assert.throws(() => instance.exports.dead(), WebAssembly.RuntimeError);
  assert.deepEqual(said, [1]);
});

test("where nothing is dead, nothing changes", () => {
  const before = assembled();
  assert.deepEqual(Buffer.from(snip(before, () => false)), before);
});

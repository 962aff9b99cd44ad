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

test("what the linker noted in the code of the dead goes, and all else stays in its place", () => {
  const plain = assembled();
  const bodies = placesOf(plain);
  // Kind 0 has a place and an index, kind 4 something to add as well.
  const notes = [[0, bodies.kept + 1, 0], [4, bodies.kept + 2, 0, 9], [4, bodies.dead + 1, 0, 9], [0, bodies.dead + 2, 0]];
  const section = (notes) => {
    const content = Buffer.from([10, ...Buffer.from("reloc.CODE"), 3, notes.length, ...notes.flat()]);
    return Buffer.concat([Buffer.from([0, content.length]), content]);
  };
  const snipped = snip(Buffer.concat([plain, section(notes)]), (name) => name === "dead");
  const expected = Buffer.concat([snip(assembled(), (name) => name === "dead"), section(notes.slice(0, 2))]);
  assert.deepEqual(snipped, expected);
  assert.equal(snipped.length, plain.length + section(notes.slice(0, 2)).length);
});

/** Where the two functions begin in the code's section: a count, then each with its length. */
function placesOf(module) {
  for (let at = 8; ; ) {
    const [id, length] = [module[at], module[at + 1]];
    if (id === 10) return { kept: 2, dead: 2 + module[at + 3] + 1 };
    at += 2 + length;
  }
}

// Takes the bodies of functions that are never called out of a WASM module, so that wasm-opt drops what only they
// need. A compiler cannot: the functions stand in tables of pointers. Which they are, their names tell.

/** The module with `unreachable` for the body of each function whose name `isDead`. */
export function snip(wasm, isDead) {
  const sections = sectionsOf(wasm);
  const imported = importedFunctions(sections.find(({ id }) => id === 2)?.content ?? Buffer.alloc(1));
  const names = functionNames(sections);
  const parts = sections.map(({ id, content }) => {
    if (id !== 10) return section(id, content);
    const bodies = bodiesOf(content).map((body, at) => {
      return isDead(names.get(imported + at) ?? "") ? UNREACHABLE : body;
    });
    return section(id, Buffer.concat([leb(bodies.length), ...bodies.flatMap((body) => [leb(body.length), body])]));
  });
  return Buffer.concat([wasm.subarray(0, 8), ...parts]);
}

// No locals; unreachable; end.
const UNREACHABLE = Buffer.from([0x00, 0x00, 0x0b]);

/** Reads one thing after another. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get more() {
    return this.at < this.bytes.length;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  take() {
    const length = this.number();
    return this.bytes.subarray(this.at, (this.at += length));
  }
}

function sectionsOf(wasm) {
  const reader = new Reader(wasm);
  reader.at = 8;
  const sections = [];
  while (reader.more) sections.push({ id: reader.byte(), content: reader.take() });
  return sections;
}

function bodiesOf(code) {
  const reader = new Reader(code);
  return Array.from({ length: reader.number() }, () => reader.take());
}

/** Functions of the module itself are counted after these. */
function importedFunctions(imports) {
  const reader = new Reader(imports);
  const entries = Array.from({ length: reader.number() }, () => {
    const name = `${reader.take()}.${reader.take()}`;
    if (reader.byte() !== 0) throw new Error(`the import ${name} is no function`);
    return reader.number();
  });
  return entries.length;
}

function functionNames(sections) {
  for (const { id, content } of sections) {
    if (id !== 0) continue;
    const custom = new Reader(content);
    if (custom.take().toString() !== "name") continue;
    while (custom.more) {
      const kind = custom.byte();
      const table = new Reader(custom.take());
      if (kind === 1) return new Map(Array.from({ length: table.number() }, () => [table.number(), table.take().toString()]));
    }
  }
  throw new Error("the module has no names of functions");
}

function section(id, content) {
  return Buffer.concat([Buffer.from([id]), leb(content.length), content]);
}

function leb(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return Buffer.from([...bytes, value]);
}

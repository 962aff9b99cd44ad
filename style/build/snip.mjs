// Takes the bodies of functions that are never called out of a WASM module, so that wasm-opt drops what only they
// need. A compiler cannot: the functions stand in tables of pointers. Which they are, their names tell.

/**
 * The module with `unreachable` for the body of each function whose name `isDead`. Bodies keep their lengths, so that
 * the places that the linker noted in all others stay right; what it noted in these goes.
 */
export function snip(wasm, isDead) {
  const sections = sectionsOf(wasm);
  const imported = importedFunctions(sections.find(({ id }) => id === 2)?.content ?? Buffer.alloc(1));
  const names = functionNames(sections);
  const code = sections.find(({ id }) => id === 10).content;
  const dead = bodiesOf(code).filter((body, at) => body.length > 2 && isDead(names.get(imported + at) ?? ""));
  for (const body of dead) unmake(body);
  const gone = dead.map((body) => body.byteOffset - code.byteOffset);
  const isGone = (place) => gone.some((from, at) => place >= from && place < from + dead[at].length);
  const parts = sections.map(({ id, content }) => section(id, withoutPlaces(id, content, isGone)));
  return Buffer.concat([wasm.subarray(0, 8), ...parts]);
}

// No locals; unreachable.
const UNREACHABLE = [0x00, 0x00];
const NOP = 0x01;
const END = 0x0b;

function unmake(body) {
  body.fill(NOP);
  body.set(UNREACHABLE);
  body[body.length - 1] = END;
}

/** Of the linker's notes on the code (`--emit-relocs`), those whose place is not gone. */
function withoutPlaces(id, content, isGone) {
  const custom = new Reader(content);
  if (id !== 0 || custom.take().toString() !== "reloc.CODE") return content;
  custom.number();
  const head = content.subarray(0, custom.at);
  const kept = Array.from({ length: custom.number() }, () => note(custom)).filter(({ place }) => !isGone(place));
  return Buffer.concat([head, leb(kept.length), ...kept.map(({ bytes }) => bytes)]);
}

/** Kinds of notes that end with a number to add. */
const ADDING = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25]);

function note(reader) {
  const from = reader.at;
  const kind = reader.byte();
  const place = reader.number();
  reader.number();
  if (ADDING.has(kind)) reader.number();
  return { place, bytes: reader.bytes.subarray(from, reader.at) };
}

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

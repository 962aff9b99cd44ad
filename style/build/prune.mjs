// Frees minified CSS of rules that can match nothing and of custom properties that nothing reads, and shortens the
// names of the others. On text, because that needs only braces, commas and quotes: a block is either rules or
// declarations.

/** The style sheet without rules that need a class beginning with `prefix` which is not in `used`. */
export function pruneRules(css, prefix, used) {
  const needed = (selector) => {
    // What stands in :not() need not exist.
    const classes = withoutNot(selector).matchAll(/\.((?:[\w-]|\\.)+)/g);
    return [...classes].every(([, name]) => !name.startsWith(prefix) || used.has(name));
  };
  return eachBlock(css, (head, body, isRule) => {
    if (!isRule) return `${head}{${body}}`;
    const kept = splitTop(head, ",").filter((selector) => alternatives(selector).some(needed));
    return kept.length ? `${kept.join(",")}{${body}}` : "";
  });
}

/** The style sheet without `--pf-…` declarations that no `var()` reads; repeated until nothing falls. */
export function pruneVariables(css) {
  for (let size = Infinity; css.length < size; ) {
    size = css.length;
    const read = new Set([...css.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
    css = eachBlock(css, (head, body, isRule) => {
      if (!isRule) return `${head}{${body}}`;
      const dead = (declaration) => /^--pf-/.test(declaration) && !read.has(declaration.split(":", 1)[0]);
      const kept = splitTop(body, ";").filter((declaration) => declaration && !dead(declaration));
      return kept.length ? `${head}{${kept.join(";")}}` : "";
    });
  }
  return css;
}

/** The style sheet with short names for its `--pf-…` properties: they are most of its text, and none is named elsewhere. */
export function shortenVariables(css) {
  const short = new Map();
  return css.replace(/--pf-[\w-]+/g, (name) => {
    if (!short.has(name)) short.set(name, `--p${short.size.toString(36)}`);
    return short.get(name);
  });
}

/** Rebuilds the style sheet from the inside: `rebuild` gets each block's head and its rebuilt body. */
function eachBlock(css, rebuild) {
  let out = "";
  let start = 0;
  for (let at = 0; at < css.length; at++) {
    const char = css[at];
    if (char === '"' || char === "'") at = endOfString(css, at);
    else if (char === ";") {
      out += css.slice(start, at + 1);
      start = at + 1;
    } else if (char === "{") {
      const end = endOfBlock(css, at);
      const head = css.slice(start, at);
      const body = css.slice(at + 1, end);
      const groups = /^@(media|layer|supports|container|scope)\b/.test(head);
      const inner = groups ? eachBlock(body, rebuild) : body;
      const empty = groups && inner === "";
      if (!empty) out += rebuild(head, inner, !head.startsWith("@"));
      at = end;
      start = end + 1;
    }
  }
  return out + css.slice(start);
}

function endOfString(css, at) {
  const quote = css[at];
  for (let end = at + 1; end < css.length; end++) {
    if (css[end] === "\\") end++;
    else if (css[end] === quote) return end;
  }
  return css.length;
}

function endOfBlock(css, open) {
  let depth = 0;
  for (let at = open; at < css.length; at++) {
    const char = css[at];
    if (char === '"' || char === "'") at = endOfString(css, at);
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return at;
  }
  throw new Error("unbalanced braces in the style sheet");
}

/** Splits at `separator` outside of brackets and strings. */
export function splitTop(text, separator) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"' || char === "'") at = endOfString(text, at);
    else if ("([".includes(char)) depth++;
    else if (")]".includes(char)) depth--;
    else if (char === separator && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function functionEnd(text, open) {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return at;
  }
  return text.length;
}

function withoutNot(selector) {
  const at = selector.indexOf(":not(");
  if (at < 0) return selector;
  return selector.slice(0, at) + withoutNot(selector.slice(functionEnd(selector, at + 4) + 1));
}

/** `a:is(b,c)` as `ab` and `ac`: enough to see which classes one way of matching needs. */
function alternatives(selector) {
  const found = /:(?:is|where|has)\(/.exec(selector);
  if (!found) return [selector];
  const open = found.index + found[0].length - 1;
  const end = functionEnd(selector, open);
  // What stands in a :not() before it is no alternative.
  const choices = splitTop(selector.slice(open + 1, end), ",");
  return choices.flatMap((choice) =>
    alternatives(`${selector.slice(0, found.index)} ${choice} ${selector.slice(end + 1)}`),
  );
}

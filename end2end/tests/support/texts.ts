// The words of the portal, from the same catalogue that the product reads: tests find things as people do, by
// their words, and a better wording breaks no test.
import { readFileSync } from "node:fs";
import { ROOT } from "./env";

const catalogue = new Map<string, string>();
for (const line of readFileSync(`${ROOT}/crates/model/texts/en.ftl`, "utf8").split("\n")) {
  const entry = /^([a-z][a-z0-9-]*) = (.*)$/.exec(line);
  if (entry) catalogue.set(entry[1]!, entry[2]!);
}

/** The text with its arguments put in. */
export function t(key: string, args: Record<string, string | number> = {}): string {
  const text = catalogue.get(key);
  if (text === undefined) throw new Error(`there is no text ${key}`);
  return text.replace(/\{ ?\$([a-z]+) ?\}/g, (_, name: string) => {
    if (!(name in args)) throw new Error(`${key} needs ${name}`);
    return String(args[name]);
  });
}

/** The text with anything in place of its arguments. */
export function like(key: string): RegExp {
  const text = catalogue.get(key);
  if (text === undefined) throw new Error(`there is no text ${key}`);
  const parts = text.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join(".+"));
}

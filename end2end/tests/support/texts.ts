// The words of the portal, from the same catalogues that the product reads: tests find things as people do, by
// their words, and a better wording breaks no test.
import { readFileSync } from "node:fs";
import { ROOT } from "./env";

type Args = Record<string, string | number>;

function catalogue(language: "en" | "de"): Map<string, string> {
  const texts = new Map<string, string>();
  for (const line of readFileSync(`${ROOT}/crates/model/texts/${language}.ftl`, "utf8").split("\n")) {
    const entry = /^([a-z][a-z0-9-]*) = (.*)$/.exec(line);
    if (entry) texts.set(entry[1]!, entry[2]!);
  }
  return texts;
}

const english = catalogue("en");
const german = catalogue("de");

function words(catalogue: Map<string, string>, key: string, args: Args): string {
  const text = catalogue.get(key);
  if (text === undefined) throw new Error(`there is no text ${key}`);
  return text.replace(/\{ ?\$([a-z]+) ?\}/g, (_, name: string) => {
    if (!(name in args)) throw new Error(`${key} needs ${name}`);
    return String(args[name]);
  });
}

/** The text with its arguments put in. */
export const t = (key: string, args: Args = {}) => words(english, key, args);

/** The same in German. */
export const de = (key: string, args: Args = {}) => words(german, key, args);

/** The text with anything in place of its arguments. */
export function like(key: string): RegExp {
  const text = english.get(key);
  if (text === undefined) throw new Error(`there is no text ${key}`);
  const parts = text.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join(".+"));
}

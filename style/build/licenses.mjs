// What of others' work a browser gets, and under which licence. The texts are the packages' own where they bring
// one; the page links to the file.
import { existsSync, readFileSync } from "node:fs";
import { repository, style } from "./paths.mjs";

const parts = [
  { name: "PatternFly", from: "@patternfly/patternfly", what: "the style sheet", license: "MIT" },
  { name: "Red Hat Text, Display and Mono", from: "@patternfly/patternfly", what: "the fonts", license: "OFL-1.1" },
  { name: "noVNC", from: "@novnc/novnc", what: "the console", license: "MPL-2.0", text: "LICENSE.txt" },
  { name: "Lucide", what: "most icons", license: "ISC and MIT", text: `${repository}/crates/ui/src/icon/LICENSE-lucide.txt` },
];

export function licenses() {
  const chapters = parts.map(({ name, from, what, license, text }) => {
    const folder = from && `${style}/node_modules/${from}`;
    const about = folder ? JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) : {};
    const source = about.repository?.url ?? about.homepage;
    const head = [`${name}${about.version ? ` ${about.version}` : ""} - ${what}`, `License: ${license}`];
    if (source) head.push(`Source: ${source.replace(/^git\+/, "")}`);
    const file = text && (text.startsWith("/") ? text : `${folder}/${text}`);
    return [head.join("\n"), file && existsSync(file) ? readFileSync(file, "utf8").trim() : ""].filter(Boolean).join("\n\n");
  });
  return `${chapters.join(`\n\n${"-".repeat(78)}\n\n`)}\n`;
}

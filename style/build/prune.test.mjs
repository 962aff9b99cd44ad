// node --test style/build
import assert from "node:assert/strict";
import test from "node:test";
import { pruneRules, pruneVariables, shortenVariables, splitTop } from "./prune.mjs";

const used = new Set(["pf-c-a", "pf-m-on"]);
const prune = (css) => pruneRules(css, "pf-", used);

test("rules of classes that nobody uses go, the others stay", () => {
  assert.equal(prune(".pf-c-a{x:1}.pf-c-b{x:2}.dr-own{x:3}a{x:4}"), ".pf-c-a{x:1}.dr-own{x:3}a{x:4}");
  assert.equal(prune(".pf-c-a.pf-m-off{x:1}.pf-c-a.pf-m-on{x:2}"), ".pf-c-a.pf-m-on{x:2}");
});

test("of a list of selectors only the living ones stay", () => {
  assert.equal(prune(".pf-c-a,.pf-c-b{x:1}"), ".pf-c-a{x:1}");
});

test("a class in :not() need not exist, one in :is() must in one of its forms", () => {
  assert.equal(prune(".pf-c-a:not(.pf-m-off){x:1}"), ".pf-c-a:not(.pf-m-off){x:1}");
  assert.equal(prune(".pf-c-a:is(.pf-m-off,.pf-m-on){x:1}"), ".pf-c-a:is(.pf-m-off,.pf-m-on){x:1}");
  assert.equal(prune(":where(.pf-m-off,.pf-c-b) .pf-c-a{x:1}"), "");
  assert.equal(prune(":is(.pf-c-b:not(.pf-c-a),.pf-m-on) a{x:1}"), ":is(.pf-c-b:not(.pf-c-a),.pf-m-on) a{x:1}");
});

test("groups that become empty go with their rules", () => {
  assert.equal(prune("@layer x{@media (a){.pf-c-b{x:1}}}"), "");
  assert.equal(prune("@layer a,b;@media (a){.pf-c-a{x:1}.pf-c-b{x:2}}"), "@layer a,b;@media (a){.pf-c-a{x:1}}");
});

test("braces and commas in strings are no structure", () => {
  const css = '.pf-c-a:before{content:"},{;"}@font-face{src:url("a,b{}.woff2")}';
  assert.equal(prune(css), css);
});

test("variables that nobody reads go, in chains too", () => {
  const css = "a{--pf-a:var(--pf-b);--pf-b:1;--dr-own:2;color:red}b{--pf-c:3}c{top:var(--pf-d)}d{--pf-d:4}";
  assert.equal(pruneVariables(css), "a{--dr-own:2;color:red}c{top:var(--pf-d)}d{--pf-d:4}");
});

test("a property has one short name wherever it stands", () => {
  const css = "a{--pf-long:var(--pf-other-one);--dr-own:2}b{--pf-other-one:3;top:var(--pf-long)}.pf-c-a{x:1}";
  assert.equal(shortenVariables(css), "a{--p0:var(--p1);--dr-own:2}b{--p1:3;top:var(--p0)}.pf-c-a{x:1}");
});

test("splitting respects brackets", () => {
  assert.deepEqual(splitTop("a:is(b,c),[d='e,f'],g", ","), ["a:is(b,c)", "[d='e,f']", "g"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { curl, r } from "../src/snippets.ts";
import { permalink } from "../src/view.ts";
import { shorten, suggest, type Term } from "../src/terms.ts";

const terms: Term[] = [
  { name: "wg:Wijk", nl: "wijk", en: "neighbourhood", count: 13 },
  { name: "wg:Wijkaanpak", nl: "wijkaanpak", en: "neighbourhood approach", count: 9 },
  { name: "wg:Partijgroep", nl: "groep van partijen", en: "group of parties", count: 80 },
  { name: "schema:Place", nl: "", en: "", count: 0 },
];
const names = (typed: string) => suggest(terms, typed, "nl").map(({ text }) => text);

test("terms are found by name, by the part after the colon, and by a word of a label in either language", () => {
  assert.deepEqual(names("wg:Wij"), ["wg:Wijk", "wg:Wijkaanpak"]);
  assert.deepEqual(names("wijka"), ["wg:Wijkaanpak"]);
  assert.deepEqual(names("neighb"), ["wg:Wijk", "wg:Wijkaanpak"]);
  assert.deepEqual(names("partijen"), ["wg:Partijgroep"]);
  assert.deepEqual(names("wg:groep"), ["wg:Partijgroep"]);
  assert.deepEqual(names("iets"), []);
});

test("what was typed in full needs no suggestion, and a suggestion says what it is", () => {
  assert.deepEqual(names("schema:Place"), []);
  assert.equal(suggest(terms, "wg:Wijka", "en")[0]?.label, "neighbourhood approach · 9×");
});

test("the longest namespace that needs no escape makes the short name", () => {
  const prefixes = { b: "https://x/", wijk: "https://x/id/wijk/" };
  assert.equal(shorten("https://x/id/wijk/crabbehof", prefixes), "wijk:crabbehof");
  assert.equal(shorten("https://x/id/stad/utrecht", prefixes), "https://x/id/stad/utrecht");
  assert.equal(shorten("https://x/9.3.2", prefixes), "b:9.3.2");
});

test("texts to copy keep every character of the query", () => {
  const query = `SELECT * { ?s ?p "it's \\"quoted\\"" . # )-" """`;
  assert.ok(curl("http://h/sparql", query, "table").includes(`it'\\''s`));
  assert.ok(r("http://h/sparql", query, "table").startsWith('query <- r"--('));
});

test("a permanent link is read from the header and leads to this site", () => {
  const site = { base: "https://w3id.org/x/", root: "http://here/p/", prefixes: {} };
  const header = '<release>; rel="version-history", <https://w3id.org/x/release/1/sparql?query=ASK%7B%7D>; rel="cite-as"';
  assert.equal(permalink(header, site), "http://here/p/release/1/sparql?query=ASK%7B%7D");
  assert.equal(permalink('<https://elsewhere/>; rel="cite-as"', site), undefined);
  assert.equal(permalink("", site), undefined);
});

// Follow links from one IRI to the answer of a query: Comunica's link traversal, no endpoint, no index.
// Usage: node volg.mjs MODULES BASE [ACCEPT] < query; prints {"rows": [...], "visited": [...]}.
// It begins at the IRIs that the query names. ACCEPT replaces what Comunica asks for by itself.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, base, accept] = process.argv.slice(2);
const { QueryEngine } = createRequire(modules + "/")("@comunica/query-sparql-link-traversal");
const visited = [];

// What the guide links to elsewhere is left alone: this client stays on the server under test.
async function stay(input, init = {}) {
  const url = typeof input === "string" ? input : input.url;
  if (!url.startsWith(base)) {
    throw new Error(`elsewhere: ${url}`);
  }
  const headers = new Headers(init.headers);
  if (accept) {
    headers.set("accept", accept);
  }
  const response = await fetch(input, { ...init, headers });
  visited.push({ asked: url, status: response.status, url: response.url, type: response.headers.get("content-type") });
  return response;
}

const rows = await new QueryEngine().queryBindings(readFileSync(0, "utf8"), {
  lenient: true,
  fetch: stay,
});
const found = [];
for (const row of await rows.toArray()) {
  found.push(Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])));
}
console.log(JSON.stringify({ rows: found, visited }));

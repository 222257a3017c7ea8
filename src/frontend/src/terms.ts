// What the editor knows of our vocabulary: prefixes, classes and properties with their labels and how often they occur.

export interface Term {
  name: string;
  nl: string;
  en: string;
  count: number;
}

export interface Terms {
  prefixes: Record<string, string>;
  classes: Term[];
  properties: Term[];
}

/** A suggestion: what is put in the query, and what the reader sees beside it. */
export interface Suggestion {
  text: string;
  label: string;
}

const MOST = 40;

/** How well a term fits what was typed: 0 is best, Infinity is not at all. By name, by its last part, by a word of a label. */
export function distance(term: Term, typed: string): number {
  const wanted = typed.toLowerCase();
  const name = term.name.toLowerCase();
  const local = name.slice(name.indexOf(":") + 1);
  if (name.startsWith(wanted)) return 0;
  if (local.startsWith(wanted)) return 1;
  const labels = [term.nl.toLowerCase(), term.en.toLowerCase()];
  if (labels.some((label) => label.startsWith(wanted))) return 2;
  if (labels.some((label) => label.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted)))) return 3;
  const [prefix, rest] = wanted.split(":");
  if (rest && name.startsWith(prefix + ":") && labels.some((label) => label.includes(rest))) return 4;
  return Infinity;
}

/** The terms that fit, best first, then most used; nothing where the one that fits was typed in full. */
export function suggest(terms: readonly Term[], typed: string, language: "nl" | "en"): Suggestion[] {
  const found = terms
    .map((term) => ({ term, far: typed ? distance(term, typed) : 0 }))
    .filter(({ far }) => far < Infinity)
    .sort((one, other) => one.far - other.far || other.term.count - one.term.count || (one.term.name < other.term.name ? -1 : 1))
    .map(({ term }) => term);
  if (found.length === 1 && found[0]!.name === typed) return [];
  return found.slice(0, MOST).map((term) => ({ text: term.name, label: described(term, language) }));
}

function described(term: Term, language: "nl" | "en"): string {
  const label = term[language] || term.nl || term.en;
  const times = term.count ? `${term.count}×` : "";
  return [label, times].filter(Boolean).join(" · ");
}

/** An IRI by its prefix where that needs no escapes, else the IRI itself. */
export function shorten(iri: string, prefixes: Record<string, string>): string {
  let [best, length] = ["", 0];
  for (const [name, namespace] of Object.entries(prefixes)) {
    if (iri.startsWith(namespace) && namespace.length > length) [best, length] = [name, namespace.length];
  }
  const local = iri.slice(length);
  return length && /^[\w-](?:[\w.-]*[\w-])?$/.test(local) ? `${best}:${local}` : iri;
}

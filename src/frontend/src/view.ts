// What all views of an answer share: where things lead, and how a value reads.

import { el, short } from "./dom.ts";
import { labelColumn, ofKind, type Row, type Table, type Term } from "./results.ts";
import { shorten } from "./terms.ts";

/** Characters of a word that is broken where it does not fit. */
const LONG = 48;

/** What a view knows besides the answer. */
export interface Site {
  /** The address of the home page, with its last slash. */
  root: string;
  /** The base of our IRIs. */
  base: string;
  prefixes: Record<string, string>;
}

/** Where an IRI leads: our own to its page on this site, others to themselves; undefined where a browser had better not go. */
export function href(site: Site, iri: string): string | undefined {
  if (iri.startsWith(site.base)) {
    const rest = iri.slice(site.base.length);
    return new URL(rest.startsWith("id/") ? "doc/" + rest.slice(3) : rest, site.root).href;
  }
  return /^(https?|mailto):/.test(iri) ? iri : undefined;
}

/** The address on this site that a Link header says to cite; it is told under our base. */
export function permalink(header: string, site: Site): string | undefined {
  const found = /<([^>]*)>\s*;[^<]*\brel="?cite-as\b/.exec(header)?.[1];
  return found?.startsWith(site.base) ? new URL(found.slice(site.base.length), site.root).href : undefined;
}

/** A value of a table as the reader sees it. */
export function shown(site: Site, term: Term | undefined): Node | string {
  if (!term) return "";
  if (term.type === "uri") {
    const link = href(site, term.value);
    const text = shorten(term.value, site.prefixes);
    const name = text.length > LONG ? "long" : undefined;
    return link === undefined ? text : el("a", { href: link, title: term.value, class: name }, text);
  }
  if (term.type === "triple") return "<< >>";
  const tag = term["xml:lang"];
  const lang = tag && tag !== document.documentElement.lang ? tag : undefined;
  const long = term.value.split(/\s/).some((word) => word.length > LONG) ? "long" : undefined;
  return lang || long ? el("span", { lang, class: long }, term.value) : term.value;
}

/** The text of a value in a drawing. */
export function plain(site: Site, term: Term | undefined): string {
  if (!term) return "–";
  return term.type === "uri" ? shorten(term.value, site.prefixes) : term.value;
}

/** Where a drawing of a row leads: to the thing that its name is about, else (not `only`) the first thing of the row. */
export function linker(site: Site, table: Table, name: string | undefined, only = false): (row: Row) => string | undefined {
  const iris = ofKind(table, "iri");
  const about = iris.find((iri) => iri === name || labelColumn(table, iri) === name) ?? (only ? undefined : iris[0]);
  return (row) => {
    const term = about === undefined ? undefined : row[about];
    return term && href(site, term.value);
  };
}

/** A tall part of a page that scrolls by itself, also by keyboard. */
export function scrolling(label: string, ...children: Node[]): HTMLElement {
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, ...children);
}

/** Width of a text in the letters of a drawing (see .diagram in wijkengids.css), in px. */
export function textWidth(text: string): number {
  pen ??= document.createElement("canvas").getContext("2d")!;
  pen.font = "13px system-ui, sans-serif";
  return pen.measureText(text).width;
}

let pen: CanvasRenderingContext2D | undefined;

/** A text of at most so many px. */
export function fitting(text: string, width: number): string {
  let shown = text;
  while (shown.length > 2 && textWidth(shown) > width) shown = short(shown, shown.length - 1 - (shown.endsWith("…") ? 0 : 1));
  return shown;
}

/** Width for a drawing: what the page has, within reason, in px. */
export function room(): number {
  return Math.max(300, Math.min(860, document.getElementById("uitkomst")?.clientWidth ?? 0));
}

/** Width for the names at the left of a drawing. */
export function margin(names: string[]): number {
  return Math.min(room() * 0.38, 14 + Math.max(0, ...names.map(textWidth)));
}

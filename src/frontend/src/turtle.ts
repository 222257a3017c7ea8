// A graph as Turtle, coloured.

import { el } from "./dom.ts";
import { say, written } from "./texts.ts";
import { scrolling } from "./view.ts";

const TOKENS =
  /(?<comment>#[^\n]*)|(?<iri><[^<>\s]*>)|(?<text>"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*")|(?<word>@prefix|@base|\ba\b)|(?<name>[\w.-]*:[\w./%-]*\w|[\w-]+:)/g;
const MOST = 100_000;

/** The first part of a Turtle text, coloured by kind of token. */
export function turtleView(text: string): HTMLElement {
  const shown = text.length > MOST ? text.slice(0, text.lastIndexOf("\n", MOST)) : text;
  const code = el("code");
  let at = 0;
  for (const found of shown.matchAll(TOKENS)) {
    code.append(shown.slice(at, found.index));
    const kind = Object.entries(found.groups ?? {}).find(([, value]) => value !== undefined)?.[0] ?? "";
    code.append(el("span", { class: `t-${kind}` }, found[0]));
    at = found.index + found[0].length;
  }
  code.append(shown.slice(at));
  const lines = (part: string): string => written(part.split("\n").length);
  const note = shown.length < text.length ? el("p", { class: "note" }, say("first", lines(shown), lines(text))) : null;
  return el("div", {}, scrolling("Turtle", el("pre", {}, code)), note);
}

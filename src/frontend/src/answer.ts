// The part of the page that shows an answer: its views under tabs, or a graph, or yes and no, or what went wrong.

import { chartView } from "./chart.ts";
import { el } from "./dom.ts";
import { Problem } from "./endpoint.ts";
import { mapView } from "./map.ts";
import { read, type Table } from "./results.ts";
import type { Form } from "./snippets.ts";
import { tableView } from "./table.ts";
import { say, written } from "./texts.ts";
import { timelineView } from "./timeline.ts";
import { turtleView } from "./turtle.ts";
import { scrolling, type Site } from "./view.ts";

const RAW = 200_000;

export interface Answer {
  form: Form;
  count: number | undefined;
  element: HTMLElement;
}

/** Show the text of an answer of this media type. */
export function answer(type: string, text: string, site: Site): Answer {
  if (!type.includes("json")) return { form: "graph", count: undefined, element: turtleView(text) };
  const found = read(text);
  if (typeof found === "boolean") {
    return { form: "boolean", count: undefined, element: el("p", { class: "lead" }, say(found ? "yes" : "no")) };
  }
  const element = found.rows.length === 0 ? el("p", {}, say("none")) : tabs(found, text, site);
  return { form: "table", count: found.rows.length, element };
}

/** What went wrong, with a way to the place in the query. */
export function trouble(problem: Problem, goTo: (line: number, column: number) => void): HTMLElement {
  const { line, column = 1 } = problem;
  const button =
    line === undefined
      ? null
      : el("p", {}, el("button", { type: "button", class: "quiet", click: () => goTo(line, column) }, say("goto", line, column)));
  return el("div", { class: "trouble", role: "alert" }, el("h3", {}, say("failed")), el("p", {}, problem.message), button);
}

/** The views that fit the answer. Pictures are drawn when they are first looked at. */
function tabs(table: Table, text: string, site: Site): HTMLElement {
  const views: [string, () => HTMLElement | undefined][] = [
    [say("table"), () => tableView(table, site)],
    [say("chart"), () => chartView(table, site)],
    [say("map"), () => mapView(table, site)],
    [say("timeline"), () => timelineView(table, site)],
    [say("raw"), () => raw(text)],
  ];
  const panel = el("div", { role: "tabpanel", id: "beeld" });
  const made = new Map<number, HTMLElement>();
  // maps and timelines are there only for an answer with places or dates, so these are drawn at once
  for (const at of [2, 3]) {
    const view = views[at]![1]();
    if (view) made.set(at, view);
  }
  const buttons: HTMLButtonElement[] = [];
  const choose = (at: number, focus = false): void => {
    const view = made.get(at) ?? views[at]![1]();
    if (!view) return;
    made.set(at, view);
    panel.replaceChildren(view);
    for (const button of buttons) {
      const chosen = button.id === `beeld-${at}`;
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      if (chosen && focus) button.focus();
    }
    panel.setAttribute("aria-labelledby", `beeld-${at}`);
  };
  views.forEach(([label], at) => {
    if ((at === 2 || at === 3) && !made.has(at)) return;
    buttons.push(el("button", { type: "button", role: "tab", id: `beeld-${at}`, "aria-controls": "beeld", click: () => choose(at) }, label));
  });
  const list = el("div", { role: "tablist", class: "tabs", "aria-label": say("views"), keydown: (event) => walk(event as KeyboardEvent) }, ...buttons);
  const walk = (event: KeyboardEvent): void => {
    const now = buttons.findIndex((button) => button.getAttribute("aria-selected") === "true");
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(Number(buttons[(next + buttons.length) % buttons.length]!.id.slice("beeld-".length)), true);
  };
  choose(0);
  return el("div", {}, list, panel);
}

function raw(text: string): HTMLElement {
  const shown = text.slice(0, RAW);
  const note = shown.length < text.length ? el("p", { class: "note" }, say("first", written(shown.length), written(text.length))) : null;
  return el("div", {}, scrolling(say("raw"), el("pre", {}, shown)), note);
}

// The answer as bars in time.

import { spans, type Spans } from "./columns.ts";
import { cut, framed } from "./chart.ts";
import { choice, el, svg } from "./dom.ts";
import { ofKind, years, type Table } from "./results.ts";
import { ticks } from "./scale.ts";
import { say } from "./texts.ts";
import { fitting, linker, margin, plain, room, type Site } from "./view.ts";

const MOST = 200;
const ROW = 24;

/** The timeline of an answer, with choices of columns; undefined where no row has a date. */
export function timelineView(table: Table, site: Site): HTMLElement | undefined {
  const start = spans(table);
  if (!start) return undefined;
  const picture = el("div");
  let asked = start;
  const change = (changed: Partial<Spans>): void => picture.replaceChildren(draw(table, (asked = { ...asked, ...changed }), site));
  const dates = ofKind(table, "date").map((name): [string, string] => [name, name]);
  const names = table.names.map((name): [string, string] => [name, name]);
  change({});
  return el(
    "figure",
    { class: "picture" },
    el(
      "div",
      { class: "choices" },
      choice(say("begin"), dates, start.begin, (begin) => change({ begin })),
      choice(say("end"), [["", say("nothing")], ...dates], start.end ?? "", (end) => change({ end: end || undefined })),
      choice(say("name"), names, start.name ?? "", (name) => change({ name })),
    ),
    picture,
  );
}

/** When the last moment that a text means is over: 2010 ends where 2011 begins. */
function until(text: string): number {
  return years(text) + (/^-?\d{4}$/.test(text) ? 1 : 0);
}

function draw(table: Table, asked: Spans, site: Site): HTMLElement {
  const link = linker(site, table, asked.name);
  const all = table.rows
    .flatMap((row) => {
      const [begin, end] = [row[asked.begin]?.value, asked.end === undefined ? undefined : row[asked.end]?.value];
      const from = begin === undefined ? NaN : years(begin);
      // without a column of ends a row is a moment; with one, a row without an end goes on
      const to = end !== undefined ? until(end) : asked.end === undefined ? from : Infinity;
      const label = asked.name === undefined ? "" : plain(site, row[asked.name]);
      const said = `${label}: ${begin}${end === undefined ? (asked.end === undefined ? "" : " –") : ` – ${end}`}`;
      return Number.isFinite(from) ? [{ from, to: Math.max(from, to), label, said, href: link(row) }] : [];
    })
    .sort((one, other) => one.from - other.from);
  const shown = all.slice(0, MOST);
  if (shown.length === 0) return el("p", {}, say("noPicture"));
  const ends = shown.flatMap(({ from, to }) => (Number.isFinite(to) ? [from, to] : [from]));
  const marks = ticks(Math.floor(Math.min(...ends)), Math.ceil(Math.max(...ends)) || 1, room() < 500 ? 5 : 9).filter(Number.isInteger);
  const [low, high] = [marks[0]!, Math.max(marks.at(-1)!, marks[0]! + 1)];
  const [width, left] = [room(), margin(shown.map(({ label }) => label))];
  const at = (year: number): number => left + ((Math.min(year, high) - low) / (high - low)) * (width - left - 24);
  const height = shown.length * ROW + 26;
  const grid = marks.flatMap((mark) => [
    svg("line", { class: "grid", x1: at(mark), x2: at(mark), y1: 0, y2: height - 22 }),
    svg("text", { class: "mark", x: at(mark), y: height - 6, "text-anchor": "middle" }, String(mark)),
  ]);
  const drawn = shown.map(({ from, to, label, said, href }, index) => {
    const y = index * ROW;
    const name = svg("text", { x: left - 8, y: y + 17, "text-anchor": "end" }, fitting(label, left - 12));
    const open = to === Infinity;
    const mark =
      to === from
        ? svg("circle", { class: "dot", cx: at(from), cy: y + ROW / 2, r: 5 })
        : svg("rect", { class: open ? "bar open" : "bar", x: at(from), y: y + 5, width: Math.max(3, at(to) - at(from)), height: ROW - 10, rx: 3 });
    return svg("g", {}, svg("title", {}, said), href ? svg("a", { href }, name) : name, mark);
  });
  return framed(say("timelineSaid", shown.length), width, height, [...grid, ...drawn], cut(shown, all));
}

// The answer as bars or as a line, in SVG.

import { amounts, chart, COUNT, type Chart } from "./columns.ts";
import { choice, el, svg } from "./dom.ts";
import { kind, labelColumn, years, type Row, type Table } from "./results.ts";
import { extent, ticks } from "./scale.ts";
import { say, written } from "./texts.ts";
import { fitting, linker, margin, plain, room, scrolling, type Site } from "./view.ts";

const MOST_BARS = 60;
const MOST_POINTS = 2000;
const ROW = 26;

interface Bar {
  label: string;
  value: number;
  href: string | undefined;
}

/** The chart of an answer, with choices of columns. */
export function chartView(table: Table, site: Site): HTMLElement {
  const start = chart(table);
  if (!start) return el("p", {}, say("noPicture"));
  const picture = el("div");
  const draw = (asked: Chart): void => {
    picture.replaceChildren(asked.line ? line(table, asked) : bars(table, asked, site));
  };
  let asked = start;
  const change = (changed: Partial<Chart>): void => draw((asked = { ...asked, ...changed }));
  const columns = table.names.map((name): [string, string] => [name, name]);
  const numbers = amounts(table).map((name): [string, string] => [name, name]);
  const shapes: [string, string][] = [["", say("bars")], ["line", say("line")]];
  draw(start);
  return el(
    "figure",
    { class: "picture" },
    el(
      "div",
      { class: "choices" },
      choice(say("amount"), [...numbers, [COUNT, say("count")]], start.y, (y) => change({ y })),
      choice(say("category"), columns, start.x, (x) => change({ x })),
      choice(say("look"), shapes, start.line ? "line" : "", (shape) => change({ line: shape !== "" })),
    ),
    picture,
  );
}

function nameOf(y: string): string {
  return y === COUNT ? say("count") : y;
}

/** One bar a row; or one a value, by how many rows have it. */
function data(table: Table, { x, y }: Chart, site: Site): Bar[] {
  const shownIn = labelColumn(table, x);
  const label = (row: Row): string => plain(site, row[shownIn]);
  if (y !== COUNT) {
    const rows = table.rows.filter((row) => row[y] && Number.isFinite(Number(row[y].value)));
    const link = linker(site, table, shownIn);
    return rows.map((row) => ({ label: label(row), value: Number(row[y]!.value), href: link(row) }));
  }
  const groups = new Map<string, Bar>();
  const link = linker(site, table, shownIn, true);
  for (const row of table.rows) {
    const bar = groups.get(label(row)) ?? { label: label(row), value: 0, href: link(row) };
    bar.value += 1;
    groups.set(bar.label, bar);
  }
  return [...groups.values()].sort((one, other) => other.value - one.value);
}

function bars(table: Table, asked: Chart, site: Site): HTMLElement {
  const all = data(table, asked, site);
  const shown = all.slice(0, MOST_BARS);
  if (shown.length === 0) return el("p", {}, say("noPicture"));
  const [width, left] = [room(), margin(shown.map((bar) => bar.label))];
  const marks = ticks(Math.min(0, ...shown.map((bar) => bar.value)), Math.max(0, ...shown.map((bar) => bar.value)), width < 500 ? 4 : 6);
  const [low, high] = [marks[0]!, marks.at(-1)!];
  const at = (value: number): number => left + ((value - low) / (high - low)) * (width - left - 70);
  const height = shown.length * ROW + 26;
  const grid = marks.flatMap((mark) => [
    svg("line", { class: "grid", x1: at(mark), x2: at(mark), y1: 0, y2: height - 22 }),
    svg("text", { class: "mark", x: at(mark), y: height - 6, "text-anchor": "middle" }, written(mark)),
  ]);
  const drawn = shown.map((bar, index) => {
    const y = index * ROW;
    const [from, to] = [Math.min(at(0), at(bar.value)), Math.max(at(0), at(bar.value))];
    const name = svg("text", { x: left - 8, y: y + 18, "text-anchor": "end" }, fitting(bar.label, left - 12));
    return svg(
      "g",
      {},
      svg("title", {}, `${bar.label}: ${written(bar.value)}`),
      bar.href ? svg("a", { href: bar.href }, name) : name,
      svg("rect", { class: "bar", x: from, y: y + 5, width: Math.max(1, to - from), height: ROW - 9, rx: 2 }),
      svg("text", { class: "value", x: to + 6, y: y + 18 }, written(bar.value)),
    );
  });
  const said = say("chartSaid", nameOf(asked.y), asked.x);
  return framed(said, width, height, [...grid, ...drawn], cut(shown, all));
}

function line(table: Table, asked: Chart): HTMLElement {
  const dated = kind(table, asked.x) === "date";
  const all = table.rows
    .flatMap((row): [number, number, string][] => {
      const [x, y] = [row[asked.x]?.value, row[asked.y]?.value];
      return x === undefined || y === undefined ? [] : [[dated ? years(x) : Number(x), Number(y), x]];
    })
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
    .sort(([one], [other]) => one - other);
  const points = all.slice(0, MOST_POINTS);
  if (points.length < 2) return el("p", {}, say("noPicture"));
  const [first, last] = [points[0]![0], points.at(-1)![0]];
  const marks = ticks(...extent(points.map(([, y]) => y)));
  const [low, high] = [marks[0]!, marks.at(-1)!];
  const left = 24 + 7 * Math.max(...marks.map((mark) => written(mark).length));
  const [width, height, bottom] = [room(), 340, 310];
  const across = (x: number): number => left + ((x - first) / (last - first || 1)) * (width - left - 30);
  const up = (y: number): number => bottom - ((y - low) / (high - low || 1)) * (bottom - 16);
  const grid = marks.flatMap((mark) => [
    svg("line", { class: "grid", x1: left, x2: width - 30, y1: up(mark), y2: up(mark) }),
    svg("text", { class: "mark", x: left - 8, y: up(mark) + 4, "text-anchor": "end" }, written(mark)),
  ]);
  const years_ = ticks(first, last, width < 500 ? 5 : 8).filter((x) => x >= first && x <= last && (!dated || Number.isInteger(x)));
  const below = years_.map((x) =>
    svg("text", { class: "mark", x: across(x), y: height - 8, "text-anchor": "middle" }, dated ? String(x) : written(x)),
  );
  const path = points.map(([x, y]) => `${across(x).toFixed(1)},${up(y).toFixed(1)}`).join(" ");
  const dots = points.map(([x, y, text]) =>
    svg("circle", { class: "dot", cx: across(x), cy: up(y), r: 4 }, svg("title", {}, `${text}: ${written(y)}`)),
  );
  const said = say("chartSaid", nameOf(asked.y), asked.x);
  return framed(said, width, height, [...grid, ...below, svg("polyline", { class: "trend", points: path }), ...dots], cut(points, all));
}

/** How many of how many are shown, where not all are. */
export function cut(shown: unknown[], all: unknown[]): [number, number] | undefined {
  return all.length > shown.length ? [shown.length, all.length] : undefined;
}

/** A drawing with its name, that scrolls where the page is too narrow for it. */
export function framed(said: string, width: number, height: number, parts: Node[], part?: [number, number]): HTMLElement {
  const attributes = { class: "diagram", role: "group", "aria-label": said, viewBox: `0 0 ${width} ${height}`, width, height };
  const drawing = scrolling(said, svg("svg", attributes, ...parts));
  const note = part ? say("first", written(part[0]), written(part[1])) + " " : "";
  return el("div", {}, drawing, el("figcaption", { class: "note" }, note + said));
}

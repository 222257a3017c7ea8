// The answer on a map: our own outline of the country, no tiles from elsewhere.

import { places, type Places } from "./columns.ts";
import { el, svg } from "./dom.ts";
import outline from "./nederland.json";
import type { Row, Table } from "./results.ts";
import { extent } from "./scale.ts";
import { say, written } from "./texts.ts";
import { linker, plain, textWidth, type Site } from "./view.ts";
import { shape, type Point, type Shape } from "./wkt.ts";

/** Longitude shrinks with latitude; this is right at 52 degrees and near enough for a country of three degrees high. */
const NARROW = Math.cos((52 * Math.PI) / 180);
/** Units of the drawing in a degree of latitude. */
const UNIT = 200;
const MOST = 5000;

interface Place {
  shape: Shape;
  label: string;
  href: string | undefined;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The map of an answer; undefined where no row has a place. */
export function mapView(table: Table, site: Site): HTMLElement | undefined {
  const asked = places(table);
  const found = asked ? read(table, asked, site) : [];
  if (!asked || found.length === 0) return undefined;
  const shown = found.slice(0, MOST);
  const said = say("mapSaid", written(shown.length));
  const whole = around(shown.flatMap((place) => place.shape.parts.flat()).concat(onlyInside(shown)));
  const drawing = svg("svg", { class: "diagram map", role: "group", "aria-label": said });
  const rings = (outline as Point[][]).map((ring) => svg("path", { class: "land", d: path([ring], true) }));
  drawing.append(svg("g", {}, ...rings));
  drawing.append(...shown.map(drawn), ...(shown.length <= 40 ? names(shown, whole) : []));
  const note = found.length > shown.length ? say("first", written(shown.length), written(found.length)) + " " : "";
  return el(
    "figure",
    { class: "picture" },
    movable(drawing, whole),
    el("figcaption", { class: "note" }, `${note}${said} ${say("outline")}.`),
  );
}

function read(table: Table, asked: Places, site: Site): Place[] {
  const link = linker(site, table, asked.name);
  return table.rows.flatMap((row) => {
    const found = geometry(row, asked);
    if (!found) return [];
    const label = asked.name === undefined ? "" : plain(site, row[asked.name]);
    return [{ shape: found, label, href: link(row) }];
  });
}

function geometry(row: Row, { at }: Places): Shape | undefined {
  if (typeof at === "string") return row[at] && shape(row[at].value);
  const [latitude, longitude] = at.map((name) => Number(row[name]?.value ?? NaN)) as [number, number];
  return Number.isFinite(latitude + longitude) ? { type: "point", parts: [[[longitude, latitude]]] } : undefined;
}

/** The whole country too, where all places lie in it and are not close together. */
function onlyInside(found: Place[]): Point[] {
  const points = found.flatMap((place) => place.shape.parts.flat());
  const [west, east] = extent(points.map(([longitude]) => longitude));
  const [south, north] = extent(points.map(([, latitude]) => latitude));
  const far = Math.max(east - west, north - south) > 0.5;
  const inside = west > 3 && east < 7.5 && south > 50.5 && north < 53.8;
  return inside && (far || points.length < 2) ? (outline as Point[][]).flat() : [];
}

function project([longitude, latitude]: Point): Point {
  return [longitude * NARROW * UNIT, -latitude * UNIT];
}

function around(points: Point[]): Box {
  const flat = points.map(project);
  const [left, right] = extent(flat.map(([x]) => x));
  const [top, bottom] = extent(flat.map(([, y]) => y));
  const edge = Math.max(4, 0.06 * Math.max(right - left, bottom - top));
  return { x: left - edge, y: top - edge, width: right - left + 2 * edge, height: bottom - top + 2 * edge };
}

function path(parts: Point[][], closed: boolean): string {
  return parts.map((part) => "M" + part.map((point) => project(point).map((n) => n.toFixed(2)).join(" ")).join("L") + (closed ? "Z" : "")).join("");
}

function drawn({ shape: { type, parts }, label, href }: Place): SVGElement {
  const title = svg("title", {}, label);
  const points = type === "point" ? parts.flat().map(project) : [];
  const marks =
    type === "point"
      ? points.map(([x, y]) => svg("path", { class: "spot", d: `M${x} ${y}h0` })) // a stroke keeps its width when zoomed
      : [svg("path", { class: type === "area" ? "area" : "way", d: path(parts, type === "area") })];
  return href ? svg("a", { href, "aria-label": label }, title, ...marks) : svg("g", {}, title, ...marks);
}

/** Names beside the points, where there is room beside, above or below. */
function names(found: Place[], box: Box): SVGElement[] {
  const unit = box.height / 46;
  const spots = found.filter((place) => place.shape.type === "point").map((place) => [project(place.shape.parts[0]![0]!), place.label] as const);
  const taken = spots.map(([[x, y]]): Box => ({ x: x - unit * 0.6, y: y - unit * 0.6, width: unit * 1.2, height: unit * 1.2 }));
  return spots.flatMap(([[x, y], label]) => {
    const width = (textWidth(label) / 13) * unit * 1.1;
    const tries = [[x + unit, y + unit * 0.35], [x - unit - width, y + unit * 0.35], [x - width / 2, y - unit * 0.9], [x - width / 2, y + unit * 1.6]];
    for (const [left, base] of tries as [number, number][]) {
      const room = { x: left, y: base - unit, width, height: unit * 1.2 };
      const fits = left > box.x && left + width < box.x + box.width && !taken.some((other) => meet(room, other));
      if (fits) {
        taken.push(room);
        return [svg("text", { x: left, y: base, "font-size": unit * 1.1, "aria-hidden": "true" }, label)];
      }
    }
    return [];
  });
}

function meet(one: Box, other: Box): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
}

/** The drawing with buttons to zoom, and by pointer and arrow keys to move. */
function movable(drawing: SVGSVGElement, whole: Box): HTMLElement {
  let box = whole;
  const look = (next: Box): void => {
    box = next;
    drawing.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
  };
  const zoom = (times: number): void => {
    const [width, height] = [box.width * times, box.height * times];
    look({ x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height });
  };
  const move = (x: number, y: number): void => look({ ...box, x: box.x + x, y: box.y + y });
  const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  drawing.setAttribute("tabindex", "0");
  drawing.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (step) move(step[0] * box.width * 0.1, step[1] * box.height * 0.1);
    else if (event.key === "+" || event.key === "=") zoom(0.7);
    else if (event.key === "-") zoom(1 / 0.7);
    else return;
    event.preventDefault();
  });
  drawing.addEventListener("pointermove", (event) => {
    if (event.buttons !== 1 || event.pointerType === "touch") return;
    const scale = box.width / drawing.clientWidth;
    move(-event.movementX * scale, -event.movementY * scale);
  });
  look(whole);
  const button = (text: string, label: string, click: () => void): HTMLElement =>
    el("button", { type: "button", class: "quiet", "aria-label": label, title: label, click }, text);
  return el(
    "div",
    {},
    el(
      "div",
      { class: "choices" },
      button("+", say("zoomIn"), () => zoom(0.7)),
      button("−", say("zoomOut"), () => zoom(1 / 0.7)),
      button(say("whole"), say("whole"), () => look(whole)),
    ),
    drawing,
  );
}

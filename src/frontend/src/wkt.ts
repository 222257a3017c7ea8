// Geometries from WKT, as rings and points of [longitude, latitude].

export type Point = [number, number];

export interface Shape {
  type: "point" | "line" | "area";
  parts: Point[][];
}

const LATITUDE_FIRST = /\/EPSG\/[^/]*\/4326>?$/;
const KINDS: Record<string, Shape["type"]> = { POINT: "point", LINESTRING: "line", POLYGON: "area" };

/** Read a geometry; undefined for what is none, or is in a coordinate system that is not in degrees. */
export function shape(text: string): Shape | undefined {
  const found = /^\s*(?:<([^>]*)>\s*)?(MULTI)?(POINT|LINESTRING|POLYGON)\s*(?:Z|M|ZM)?\s*\((.*)\)\s*$/is.exec(text);
  if (!found) return undefined;
  const [, system = "", , kind = "", inside = ""] = found;
  const type = KINDS[kind.toUpperCase()]!;
  const turned = LATITUDE_FIRST.test(system);
  const rings = inside.includes("(") ? [...inside.matchAll(/\(([^()]*)\)/g)].map((part) => part[1]!) : [inside];
  const parts = rings.map((ring) => ring.split(",").map((pair) => point(pair, turned)));
  const right = parts.every((part) => part.every(([x, y]) => Math.abs(x) <= 180 && Math.abs(y) <= 90));
  return right && parts.length > 0 ? { type, parts } : undefined;
}

function point(pair: string, turned: boolean): Point {
  const [one = NaN, other = NaN] = pair.trim().split(/\s+/).map(Number);
  return turned ? [other, one] : [one, other];
}

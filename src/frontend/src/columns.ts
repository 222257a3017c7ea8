// Which columns of an answer a chart, a map or a timeline shows until the reader chooses others.

import { differs, kind, labelColumn, namingColumn, ofKind, type Table } from "./results.ts";

const LATITUDE = /^(lat|latitude|breedte(graad)?|wgs84_?lat)$/i;
const LONGITUDE = /^(lon|lng|long|longitude|lengte(graad)?|wgs84_?long?)$/i;
const BEGIN = /begin|start|van(af)?$|from|^sinds/i;
const END = /eind|end|tot|until|stop/i;

/** In place of a column of numbers: how many rows share a value. */
export const COUNT = "#";

export interface Chart {
  x: string;
  y: string;
  line: boolean;
}

export interface Places {
  /** The column of geometries; or latitude and longitude. */
  at: string | [string, string];
  name: string | undefined;
}

export interface Spans {
  begin: string;
  end: string | undefined;
  name: string | undefined;
}

/** Amounts: numbers that are no place, and no number of something in a list. */
export function amounts(table: Table): string[] {
  return ofKind(table, "number").filter((name) => !LATITUDE.test(name) && !LONGITUDE.test(name));
}

/** Bars of the first amount per name, a line where it goes by year; without amounts, how often each value of a column occurs. */
export function chart(table: Table): Chart | undefined {
  if (table.rows.length === 0 || table.names.length === 0) return undefined;
  const [y] = amounts(table);
  const dates = ofKind(table, "date").filter((name) => differs(table, name));
  if (y !== undefined) {
    if (dates[0] && table.rows.length > 2) return { x: dates[0], y, line: true };
    return { x: namingColumn(table, [y]) ?? y, y, line: false };
  }
  const grouped = table.names.filter((name) => ["text", "iri", "date"].includes(kind(table, name)));
  const labelled = grouped.filter((name) => labelColumn(table, name) === name);
  // what has a few values, each of several rows, says most
  const best = labelled.find((name) => !differs(table, name)) ?? labelled[0] ?? grouped[0];
  return best === undefined ? undefined : { x: best, y: COUNT, line: false };
}

/** The geometries of the rows, or their latitude and longitude; undefined where there are none. */
export function places(table: Table): Places | undefined {
  const [wkt] = ofKind(table, "place");
  const found = ofKind(table, "number");
  const latitude = found.find((name) => LATITUDE.test(name));
  const longitude = found.find((name) => LONGITUDE.test(name));
  if (wkt !== undefined) return { at: wkt, name: namingColumn(table, [wkt]) };
  if (latitude === undefined || longitude === undefined) return undefined;
  return { at: [latitude, longitude], name: namingColumn(table, [latitude, longitude]) };
}

/** The dates at which rows begin and end; undefined where there are none. */
export function spans(table: Table): Spans | undefined {
  const dates = ofKind(table, "date");
  const end = dates.length > 1 ? dates.find((name) => END.test(name)) : undefined;
  const begin = dates.find((name) => BEGIN.test(name) && name !== end) ?? dates.find((name) => name !== end);
  if (begin === undefined) return undefined;
  const left = dates.filter((name) => name !== begin);
  const last = end ?? (BEGIN.test(begin) ? left[0] : undefined);
  return { begin, end: last, name: namingColumn(table, dates) };
}

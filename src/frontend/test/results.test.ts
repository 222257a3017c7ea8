import assert from "node:assert/strict";
import { test } from "node:test";
import { chart, COUNT, places, spans } from "../src/columns.ts";
import { kind, namingColumn, read, sorted, years, type Row, type Table } from "../src/results.ts";
import { ticks } from "../src/scale.ts";
import { shape } from "../src/wkt.ts";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const iri = (value: string) => ({ type: "uri", value }) as const;
const text = (value: string, lang?: string) => ({ type: "literal", value, ...(lang ? { "xml:lang": lang } : {}) }) as const;
const typed = (value: string, name: string) => ({ type: "literal", value, datatype: XSD + name }) as const;

function table(...rows: Row[]): Table {
  return { names: [...new Set(rows.flatMap(Object.keys))], rows };
}

const districts = table(
  { wijk: iri("x:a"), wijkLabel: text("Overvecht", "nl"), stad: text("Utrecht"), inwoners: typed("34000", "integer") },
  { wijk: iri("x:b"), wijkLabel: text("Klarendal", "nl"), stad: text("Arnhem"), inwoners: typed("7500", "integer") },
  { wijk: iri("x:c"), wijkLabel: text("Presikhaaf", "nl"), stad: text("Arnhem"), inwoners: typed("15000", "integer") },
);

test("an answer is read as rows, or as yes or no", () => {
  assert.equal(read('{"head":{},"boolean":true}'), true);
  const answer = '{"head":{"vars":["a","b"]},"results":{"bindings":[{"a":{"type":"uri","value":"x:y"}}]}}';
  assert.deepEqual(read(answer), { names: ["a", "b"], rows: [{ a: iri("x:y") }] });
});

test("a column is of one kind, or it is text", () => {
  const mixed = table(
    { n: typed("1", "integer"), m: typed("1", "decimal"), when: typed("2010", "gYear"), jaar: text("2010"), point: text("POINT(5 52)") },
    { n: typed("2", "double"), m: text("veel"), when: typed("2011-02-01", "date"), jaar: text("2011"), point: text("POINT(4 51)") },
  );
  assert.deepEqual(mixed.names.map((name) => kind(mixed, name)), ["number", "text", "date", "date", "place"]);
  assert.equal(kind(table({ a: undefined }), "a"), "empty");
  assert.equal(kind(table({ code: text("12", "nl") }), "code"), "text");
});

test("a chart shows the first amount by the label that tells rows apart", () => {
  assert.deepEqual(chart(districts), { x: "wijkLabel", y: "inwoners", line: false });
});

test("an amount by year is a line", () => {
  const series = table(...["2019", "2020", "2021"].map((jaar, at) => ({ jaar: typed(jaar, "gYear"), n: typed(String(at), "integer") })));
  assert.deepEqual(chart(series), { x: "jaar", y: "n", line: true });
});

test("without amounts rows are counted by what repeats", () => {
  const rows = districts.rows.map(({ wijk, wijkLabel, stad }) => ({ wijk, wijkLabel, stad }));
  assert.deepEqual(chart(table(...rows)), { x: "stad", y: COUNT, line: false });
  assert.equal(chart({ names: ["a"], rows: [] }), undefined);
});

test("latitude and longitude are places, and no amounts", () => {
  const found = table({ naam: text("Utrecht"), lat: typed("52.1", "decimal"), long: typed("5.1", "decimal") });
  assert.deepEqual(places(found), { at: ["lat", "long"], name: "naam" });
  assert.equal(chart(found)?.y, COUNT);
  assert.equal(places(districts), undefined);
});

test("begin and end are found by their names", () => {
  const found = table(
    { einde: typed("2012-01-01", "date"), begin: typed("2008-01-01", "date"), naam: text("Een") },
    { einde: undefined, begin: typed("2009-01-01", "date"), naam: text("Twee") },
  );
  assert.deepEqual(spans(found), { begin: "begin", end: "einde", name: "naam" });
  assert.deepEqual(spans(table({ jaar: typed("2008", "gYear"), r: text("a") })), { begin: "jaar", end: undefined, name: "r" });
  assert.equal(spans(districts), undefined);
});

test("rows are sorted as numbers or as texts, with what is absent last", () => {
  const order = (name: string, down: boolean) => sorted(districts, name, down, "nl").map((row) => row["wijkLabel"]?.value[0]).join("");
  assert.equal(order("inwoners", false), "KPO");
  assert.equal(order("inwoners", true), "OPK");
  assert.equal(order("wijkLabel", false), "KOP");
  const gaps = table({ a: undefined }, { a: text("é") }, { a: text("f") }, { a: text("e") });
  assert.deepEqual(sorted(gaps, "a", true, "nl").map((row) => row["a"]?.value), ["f", "é", "e", undefined]);
});

test("the column of names falls back on what there is", () => {
  assert.equal(namingColumn(districts, ["wijkLabel"]), "stad");
  assert.equal(namingColumn(table({ x: iri("a:b") })), "x");
});

test("dates are years with a fraction", () => {
  assert.equal(years("2010"), 2010);
  assert.equal(years("2010-07"), 2010.5);
  assert.ok(Number.isNaN(years("vorig jaar")));
});

test("an axis has round numbers around its data", () => {
  assert.deepEqual(ticks(0, 44560), [0, 10000, 20000, 30000, 40000, 50000]);
  assert.deepEqual(ticks(0, 0.9), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  for (const [low, high] of [[-3, 7], [5, 5], [0, 0], [-0.002, 0.001]] as const) {
    const found = ticks(low, high);
    assert.ok(found[0]! <= low && found.at(-1)! >= high && found.length > 1, `${low} ${high} ${found}`);
  }
});

test("geometries are read with their coordinate system", () => {
  assert.deepEqual(shape("POINT(4.66 51.79)"), { type: "point", parts: [[[4.66, 51.79]]] });
  assert.deepEqual(shape("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(51.79 4.66)")?.parts, [[[4.66, 51.79]]]);
  assert.equal(shape("MULTIPOLYGON(((4 51, 5 51, 5 52, 4 51)), ((1 2, 3 4, 5 6, 1 2)))")?.parts.length, 2);
  assert.equal(shape("LINESTRING(4 51, 5 52)")?.type, "line");
  assert.equal(shape("POINT(155000 463000)"), undefined, "metres of the Dutch grid are no degrees");
  assert.equal(shape("POINT EMPTY"), undefined);
});

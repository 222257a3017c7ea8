// An answer as SPARQL 1.1 Query Results JSON has it, and what each of its columns holds.

export interface Term {
  type: "uri" | "literal" | "typed-literal" | "bnode" | "triple";
  value: string;
  datatype?: string;
  "xml:lang"?: string;
}

export type Row = Record<string, Term | undefined>;

export interface Table {
  names: string[];
  rows: Row[];
}

/** What every value of a column is: the views choose columns by it. */
export type Kind = "empty" | "iri" | "place" | "number" | "date" | "text";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral";
const NUMBERS = new Set(
  "integer decimal double float int long short byte nonNegativeInteger positiveInteger unsignedInt unsignedLong"
    .split(" ")
    .map((name) => XSD + name),
);
const DATES = new Set(["date", "dateTime", "gYear", "gYearMonth", "dateTimeStamp"].map((name) => XSD + name));
const SHAPE = /^\s*(<[^>]*>\s*)?(MULTI)?(POINT|LINESTRING|POLYGON)\s*Z?\s*\(/i;
const YEAR_NAMED = /(jaar|year)$|^(jaar|year)/i;

/** Read the JSON of an answer; an ASK gives a boolean. */
export function read(text: string): Table | boolean {
  const answer = JSON.parse(text) as {
    boolean?: boolean;
    head?: { vars?: string[] };
    results?: { bindings: Row[] };
  };
  if (typeof answer.boolean === "boolean") return answer.boolean;
  return { names: answer.head?.vars ?? [], rows: answer.results?.bindings ?? [] };
}

function kindOfTerm(term: Term): Kind {
  if (term.type === "uri") return "iri";
  if (term.datatype === WKT || SHAPE.test(term.value)) return "place";
  if (term.datatype && NUMBERS.has(term.datatype)) return "number";
  if (term.datatype && DATES.has(term.datatype)) return "date";
  // numbers written as text (an engine that drops types, or STR() in a query)
  if (!term["xml:lang"] && /^-?\d+([.]\d+)?$/.test(term.value)) return "number";
  return "text";
}

/** What a column holds: one kind where all its values are of it, else text. Whole numbers in a column called jaar are dates. */
export function kind(table: Table, name: string): Kind {
  const known = KNOWN.get(table) ?? new Map<string, Kind>();
  KNOWN.set(table, known);
  const found = known.get(name) ?? look(table, name);
  known.set(name, found);
  return found;
}

/** Every view asks for the kinds of all columns, and an answer can be large. */
const KNOWN = new WeakMap<Table, Map<string, Kind>>();

function look(table: Table, name: string): Kind {
  const kinds = new Set<Kind>();
  for (const row of table.rows) {
    const term = row[name];
    if (term) kinds.add(kindOfTerm(term));
  }
  if (kinds.size === 0) return "empty";
  if (kinds.size > 1) return "text";
  const [only] = kinds as Set<Kind>;
  if (only === "number" && YEAR_NAMED.test(name) && numbers(table, name).every((n) => Number.isInteger(n) && n > 999 && n < 2200)) {
    return "date";
  }
  return only!;
}

/** The numbers in a column. */
export function numbers(table: Table, name: string): number[] {
  return table.rows.flatMap((row) => (row[name] ? [Number(row[name].value)] : []));
}

/** Names of the columns of these kinds, in order. */
export function ofKind(table: Table, ...kinds: Kind[]): string[] {
  return table.names.filter((name) => kinds.includes(kind(table, name)));
}

/** The column that names what a column of IRIs holds (wijkLabel for wijk), or the column itself. */
export function labelColumn(table: Table, name: string): string {
  const candidates = [`${name}Label`, `${name}_label`, `${name}Naam`, `${name}Name`];
  return candidates.find((candidate) => table.names.includes(candidate)) ?? name;
}

/** The column that tells rows apart for a reader: a label whose values all differ, else the first text, else the first IRI. */
export function namingColumn(table: Table, except: readonly string[] = []): string | undefined {
  const rest = table.names.filter((name) => !except.includes(name));
  const texts = rest.filter((name) => kind(table, name) === "text");
  const iris = rest.filter((name) => kind(table, name) === "iri");
  return texts.find((name) => differs(table, name)) ?? texts[0] ?? (iris[0] && labelColumn(table, iris[0])) ?? rest[0];
}

/** Whether a column has another value in each row. */
export function differs(table: Table, name: string): boolean {
  const values = new Set(table.rows.map((row) => row[name]?.value));
  return values.size === table.rows.length && !values.has(undefined);
}

/** A date or a year as a number of years: 2010-07-02 is 2010.5. NaN for what is none. */
export function years(text: string): number {
  const found = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(text);
  if (!found) return NaN;
  const [, year, month, day] = found;
  return Number(year) + (month ? (Number(month) - 1) / 12 : 0) + (day ? (Number(day) - 1) / 366 : 0);
}

/** The rows sorted by a column: numbers as numbers, texts as a reader of the language expects; what is absent comes last. */
export function sorted(table: Table, name: string, descending: boolean, language: string): Row[] {
  const numeric = kind(table, name) === "number";
  const compare = new Intl.Collator(language, { numeric: true }).compare;
  const sign = descending ? -1 : 1;
  return [...table.rows].sort((one, other) => {
    const [a, b] = [one[name]?.value, other[name]?.value];
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    return sign * (numeric ? Number(a) - Number(b) : compare(a, b));
  });
}

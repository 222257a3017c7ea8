// What the workbench says, in Dutch and in English.

const TEXTS = {
  run: ["Vraag", "Run"],
  stop: ["Stop", "Stop"],
  running: ["Bezig…", "Running…"],
  stopped: ["Gestopt. De server is ook opgehouden.", "Stopped. The server has stopped too."],
  away: [
    "De server is niet bereikbaar. Kijk of er een verbinding is, en vraag het dan nog eens.",
    "The server cannot be reached. See whether there is a connection, then ask again.",
  ],
  broken: [
    "Het antwoord brak af. Vraag minder tegelijk (LIMIT), of probeer het nog eens.",
    "The answer broke off. Ask for less at a time (LIMIT), or try again.",
  ],
  failed: ["Dat lukte niet", "That did not work"],
  goto: ["Ga naar regel {0}, kolom {1}", "Go to line {0}, column {1}"],
  rows: ["{0} rijen in {1} s", "{0} rows in {1} s"],
  row: ["1 rij in {1} s", "1 row in {1} s"],
  none: ["Geen rijen: de gids zegt hier niets over.", "No rows: the guide says nothing about this."],
  first: ["Hier staan de eerste {0} van {1}; een download heeft alles.", "These are the first {0} of {1}; a download has them all."],
  more: ["Toon er {0} meer", "Show {0} more"],
  yes: ["Ja", "Yes"],
  no: ["Nee", "No"],
  table: ["Tabel", "Table"],
  chart: ["Grafiek", "Chart"],
  map: ["Kaart", "Map"],
  timeline: ["Tijdlijn", "Timeline"],
  raw: ["JSON", "JSON"],
  answer: ["Antwoord", "Answer"],
  views: ["Hoe het antwoord te zien is", "How to see the answer"],
  sort: ["Sorteer op {0}", "Sort by {0}"],
  category: ["Per", "Per"],
  amount: ["Getal", "Amount"],
  look: ["Vorm", "Shape"],
  bars: ["staven", "bars"],
  line: ["lijn", "line"],
  count: ["aantal rijen", "number of rows"],
  chartSaid: ["Grafiek: {0} per {1}. De tabel heeft alle rijen.", "Chart: {0} per {1}. The table has all rows."],
  mapSaid: ["Kaart met {0} plaatsen. De tabel heeft alle rijen.", "Map of {0} places. The table has all rows."],
  timelineSaid: ["Tijdlijn van de {0} rijen met een tijd. De tabel heeft ze alle.", "Timeline of the {0} rows with a time. The table has all."],
  noPicture: ["Hier is niets te tekenen: er is geen getal.", "There is nothing to draw here: there is no number."],
  zoomIn: ["Vergroot", "Zoom in"],
  zoomOut: ["Verklein", "Zoom out"],
  whole: ["Alles", "All"],
  outline: ["Omtrek van Nederland: Natural Earth (publiek domein)", "Outline of the Netherlands: Natural Earth (public domain)"],
  places: ["Plaatsen", "Places"],
  name: ["Naam", "Name"],
  begin: ["Begin", "Begin"],
  end: ["Einde", "End"],
  nothing: ["geen", "none"],
  download: ["Download", "Download"],
  share: ["Deel en kopieer", "Share and copy"],
  cite: ["Citeer", "Cite"],
  link: ["Link", "Link"],
  lasting: ["Vaste link: altijd deze uitgave", "Permanent link: always this release"],
  copy: ["Kopieer", "Copy"],
  copied: ["Gekopieerd", "Copied"],
  selected: ["Geselecteerd: kopieer met Ctrl-C", "Selected: copy with Ctrl-C"],
  fetching: ["{0} ophalen…", "Fetching {0}…"],
  saved: ["{0} is opgeslagen.", "{0} was saved."],
  editor: [
    "SPARQL-vraag. Ctrl-Enter vraagt, Ctrl-Spatie vult aan, Esc en dan Tab gaat verder.",
    "SPARQL query. Ctrl-Enter runs, Ctrl-Space completes, Esc and then Tab moves on.",
  ],
  keys: [
    "Ctrl-Enter: vraag · Ctrl-Spatie: vul aan, ook op label · Esc, dan Tab: het veld uit",
    "Ctrl-Enter: run · Ctrl-Space: complete, by label too · Esc, then Tab: leave the field",
  ],
  filter: ["Zoek een voorbeeld", "Find an example"],
  examples: ["Voorbeelden ({0})", "Examples ({0})"],
  noExample: ["Geen voorbeeld met dat woord.", "No example with that word."],
} as const satisfies Record<string, readonly [string, string]>;

export type Key = keyof typeof TEXTS;

/** The language of the page. */
export const language: "nl" | "en" =
  typeof document !== "undefined" && document.documentElement.lang === "en" ? "en" : "nl";

/** A text in the language of the page, with {0}, {1} filled in. */
export function say(key: Key, ...values: (string | number)[]): string {
  const text = TEXTS[key][language === "en" ? 1 : 0];
  return text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? ""));
}

/** A number as the reader writes it. */
export function written(number: number): string {
  return new Intl.NumberFormat(language, { maximumSignificantDigits: 6 }).format(number);
}

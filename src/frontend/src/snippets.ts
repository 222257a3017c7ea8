// The same query for other programs: texts that run as they stand.

export type Form = "table" | "boolean" | "graph";

/** A command for a POSIX shell. */
export function curl(endpoint: string, query: string, form: Form): string {
  const accept = { table: "text/csv", boolean: "application/sparql-results+json", graph: "text/turtle" }[form];
  return `curl --fail-with-body -sS -H 'Accept: ${accept}' ${shell(endpoint)} --data-urlencode ${shell("query=" + query)}\n`;
}

function shell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const ENDS: Record<Form, string> = {
  table: "table = pd.read_csv(io.BytesIO(sparql.queryAndConvert()))\nprint(table)\n",
  boolean: 'print(sparql.queryAndConvert()["boolean"])\n',
  graph: 'graph = Graph().parse(data=sparql.queryAndConvert(), format="turtle")\nprint(graph.serialize())\n',
};
const IMPORTS: Record<Form, [string, string, string]> = {
  table: ["SPARQLWrapper pandas", "import io\n\nimport pandas as pd\nfrom SPARQLWrapper import CSV, POST, SPARQLWrapper\n", "CSV"],
  boolean: ["SPARQLWrapper", "from SPARQLWrapper import JSON, POST, SPARQLWrapper\n", "JSON"],
  graph: ["SPARQLWrapper", "from rdflib import Graph\nfrom SPARQLWrapper import POST, TURTLE, SPARQLWrapper\n", "TURTLE"],
};

/** A script for Python with SPARQLWrapper; pandas for a table. */
export function python(endpoint: string, query: string, form: Form): string {
  const [packages, imports, format] = IMPORTS[form];
  const text = query.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"').replace(/"$/, '\\"');
  return `# pip install ${packages}
${imports}
sparql = SPARQLWrapper(${JSON.stringify(endpoint)}, returnFormat=${format})
sparql.setMethod(POST)
sparql.setQuery("""${text}""")
${ENDS[form]}`;
}

/** A script for R (4.0 or later) with nothing but base R. */
export function r(endpoint: string, query: string, form: Form): string {
  const accept = { table: "text/csv", boolean: "text/csv", graph: "text/turtle" }[form];
  let fence = "-";
  while (query.includes(`)${fence}"`)) fence += "-";
  const end =
    form === "table"
      ? 'tabel <- read.csv(antwoord, encoding = "UTF-8", check.names = FALSE)\nprint(tabel)\n'
      : 'cat(readLines(antwoord, encoding = "UTF-8"), sep = "\\n")\n';
  return `query <- r"${fence}(${query})${fence}"
adres <- paste0(${JSON.stringify(endpoint + "?query=")}, URLencode(enc2utf8(query), reserved = TRUE, repeated = TRUE))
antwoord <- url(adres, headers = c(Accept = "${accept}"))
${end}`;
}

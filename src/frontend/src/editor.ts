// The editor: Yasqe with our own completions. It asks nothing of anybody but this site and remembers nothing.

import Yasqe from "@zazuko/yasqe";
import { shorten, suggest, type Suggestion, type Terms } from "./terms.ts";
import { language, say } from "./texts.ts";

/** What of Yasqe is used here. */
interface Yasqe_ {
  getValue(): string;
  getDoc(): {
    getCursor(): { line: number; ch: number };
    setCursor(at: { line: number; ch: number }): void;
    replaceRange(text: string, from: object, to: object, origin: string): void;
    lastLine(): number;
    getLine(line: number): string;
  };
  getTokenAt(at: object): Token;
  getCompleteToken(): Token;
  getPreviousNonWsToken(line: number, token: Token): Token;
  autocomplete(): void;
  autoformat(): void;
  focus(): void;
  getInputField(): HTMLElement;
  state: { completionActive?: { close(): void } | null };
  addLineClass(line: number, where: string, name: string): void;
  removeLineClass(line: number, where: string, name: string): void;
  getPrefixesFromQuery(): Record<string, string>;
  on(event: string, handler: () => void): void;
}

interface Token {
  string: string;
  start: number;
  type: string | null;
  state: { possibleCurrent: string[]; lastProperty?: string };
}

interface Hint {
  text: string;
  displayText?: string;
  render?: (element: HTMLElement) => void;
}

/** Close the list of suggestions, also one that is being renewed; without one, leave the editor, so that Tab goes on. */
function leave(yasqe: Yasqe_): void {
  const open = yasqe.state.completionActive;
  if (open) open.close();
  else yasqe.getInputField().blur();
}

export interface Editor {
  text(): string;
  write(text: string): void;
  goTo(line: number, column: number): void;
  focus(): void;
}

export interface Wishes {
  text: string;
  terms: Promise<Terms>;
  /** Where things are found by label: a page of this site that answers with JSON. */
  search: string;
  run(): void;
  changed(): void;
}

/** Put an editor in the page. */
export function editor(parent: HTMLElement, wishes: Wishes): Editor {
  register(wishes);
  const run = (): void => wishes.run();
  Yasqe.defaults.autocompleters = ["own-prefixes", "variables", "own-terms"];
  const yasqe = new Yasqe(parent, {
    value: wishes.text,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: undefined,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    screenReaderLabel: say("editor"),
    extraKeys: { "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-S": () => undefined, Esc: leave },
  } as object) as unknown as Yasqe_;
  parent.querySelector(".yasqe_buttons")?.remove();
  let wrong: number | undefined;
  yasqe.on("change", () => {
    if (wrong !== undefined) yasqe.removeLineClass(wrong, "background", "wrong");
    wrong = undefined;
    wishes.changed();
  });
  return {
    text: () => yasqe.getValue(),
    write: (text) => {
      const doc = yasqe.getDoc();
      const last = doc.lastLine();
      doc.replaceRange(text, { line: 0, ch: 0 }, { line: last, ch: doc.getLine(last).length }, "+example"); // can be undone
      doc.setCursor({ line: 0, ch: 0 });
    },
    goTo: (line, column) => {
      wrong = line - 1;
      yasqe.addLineClass(wrong, "background", "wrong");
      yasqe.getDoc().setCursor({ line: line - 1, ch: column - 1 });
      yasqe.focus();
    },
    focus: () => yasqe.focus(),
  };
}

/** Replace Yasqe's completers that ask prefix.cc and Linked Open Vocabularies by ours. */
function register(wishes: Wishes): void {
  Yasqe.forkAutocompleter("prefixes", {
    name: "own-prefixes",
    bulk: false,
    persistenceId: null,
    get: async (_: unknown, token?: Token & { autocompletionString?: string }) => {
      const { prefixes } = await wishes.terms;
      const typed = token?.autocompletionString ?? token?.string.trim() ?? "";
      return Object.entries(prefixes)
        .map(([name, iri]) => `${name}: <${iri}>`)
        .filter((text) => text.startsWith(typed));
    },
  } as never);
  for (const name of ["prefixes", "property", "class"]) delete Yasqe.Autocompleters[name];
  let labels = new Map<string, string>();
  Yasqe.registerAutocompleter({
    name: "own-terms",
    bulk: false,
    autoShow: true,
    persistenceId: null,
    isValidCompletionPosition: (yasqe: Yasqe_) => position(yasqe) !== undefined,
    get: async (yasqe: Yasqe_, token: Token) => {
      const found = await completions(await wishes.terms, yasqe, token, wishes.search);
      labels = new Map(found.map(({ text, label }) => [text, label]));
      return found.map(({ text }) => text);
    },
    postProcessSuggestion: (_: unknown, __: unknown, text: string) => text,
    postprocessHints: (_: unknown, hints: Hint[]) =>
      hints.map((hint) => ({ ...hint, render: (element: HTMLElement) => draw(element, hint.text, labels.get(hint.text)) })),
  } as never);
}

function draw(element: HTMLElement, text: string, label: string | undefined): void {
  const note = document.createElement("span");
  note.className = "hint-label";
  note.textContent = label ?? "";
  element.append(text, " ", note);
}

const CLASSES_FOLLOW = new Set(["a", "rdf:type", "rdfs:domain", "rdfs:range", "rdfs:subClassOf"]);

type Position = "class" | "property" | "thing";

/** What can stand at the cursor; undefined where nothing of ours can, or nothing was typed yet. */
function position(yasqe: Yasqe_): Position | undefined {
  const token = yasqe.getCompleteToken();
  const text = token.string.trim();
  if (text.length < 2 || /^[?$"'<#@^\d]/.test(text) || token.type === "comment" || token.type === "string") return undefined;
  if (/^[A-Z]+$/.test(text)) return undefined; // a keyword, or it becomes one
  const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token);
  if (before.string.toUpperCase() === "PREFIX") return undefined;
  // a word that is not SPARQL (yet) is an error token, which knows what could have stood in its place
  const possible = token.state.possibleCurrent;
  if (possible.includes("a") || [";", "/", "|", "^"].includes(before.string)) return "property";
  if (!possible.includes("IRI_REF")) return undefined;
  return CLASSES_FOLLOW.has(token.state.lastProperty ?? "") ? "class" : "thing";
}

let searchable = true;

/** The terms that fit what was typed, and for a thing also what the site finds by its label. */
async function completions(terms: Terms, yasqe: Yasqe_, token: Token, search: string): Promise<Suggestion[]> {
  const typed = token.string.trim();
  const at = position(yasqe);
  if (at === "class") return suggest(terms.classes, typed, language);
  if (at === "property") return suggest(terms.properties, typed, language);
  const found = typed.includes(":") ? suggest([...terms.classes, ...terms.properties], typed, language) : [];
  return [...(await things(typed, search, terms.prefixes)), ...found];
}

interface Found {
  results: { iri: string; label: string; kindLabel?: string }[];
}

async function things(typed: string, search: string, prefixes: Record<string, string>): Promise<Suggestion[]> {
  const words = typed.slice(typed.indexOf(":") + 1);
  if (!searchable || words.length < 2) return [];
  const prefix = typed.includes(":") ? prefixes[typed.slice(0, typed.indexOf(":"))] : undefined;
  try {
    const address = `${search}?${new URLSearchParams({ q: words.replaceAll("-", " "), limit: prefix === undefined ? "10" : "50", lang: language })}`;
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (response.status === 404) searchable = false; // this site has no search
    if (!response.ok) return [];
    const { results } = (await response.json()) as Found;
    return results
      .filter(({ iri }) => prefix === undefined || iri.startsWith(prefix))
      .map(({ iri, label, kindLabel }) => {
        const name = shorten(iri, prefixes);
        return { text: name === iri ? `<${iri}>` : name, label: [label, kindLabel].filter(Boolean).join(" · ") };
      })
      .filter(({ text }) => text !== typed);
  } catch {
    return [];
  }
}

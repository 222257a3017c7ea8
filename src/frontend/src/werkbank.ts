// The page /sparql: the form becomes a workbench. Everything it needs to know stands in the page; see sparql.html.

import "./werkbank.css";
import { answer, trouble } from "./answer.ts";
import { el } from "./dom.ts";
import type { Editor } from "./editor.ts";
import { aborted, ask, Problem, whole } from "./endpoint.ts";
import { examples, type Example } from "./examples.ts";
import { menus, type Format } from "./menus.ts";
import type { Form } from "./snippets.ts";
import type { Terms } from "./terms.ts";
import { say, written } from "./texts.ts";
import { permalink, type Site } from "./view.ts";

interface Given {
  base: string;
  root: string;
  terms: string;
  search: string;
  tables: Format[];
  graphs: Format[];
  citations: Format[];
}

const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";

class Workbench {
  private readonly form = document.querySelector<HTMLFormElement>("#werkbank form")!;
  private readonly area = this.form.querySelector<HTMLTextAreaElement>("textarea")!;
  private readonly given = JSON.parse(document.getElementById("werkbank-gegevens")!.textContent!) as Given;
  private readonly endpoint = this.form.action.replace(/[?#].*/, "");
  private readonly result = document.getElementById("uitkomst")!;
  private readonly status = el("p", { class: "status", role: "status" });
  private readonly run = el("button", {}, say("run"));
  private readonly stop = el("button", { type: "button", class: "quiet", hidden: true }, say("stop"));
  private readonly terms = this.fetchTerms();
  private readonly examples: Example[];
  private editor: Editor | undefined;
  private running: AbortController | undefined;
  private asked = "";
  private shown: Form = "table";
  private lasting: string | undefined;

  constructor() {
    this.examples = examples(document.getElementById("voorbeelden")!, (example) => this.load(example.query, true));
    this.form.querySelector("p")!.replaceWith(
      el("p", { class: "run" }, this.run, this.stop),
      this.status,
      el("p", { class: "note keys" }, say("keys")),
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.ask(true);
    });
    this.stop.addEventListener("click", () => this.running?.abort());
    window.addEventListener("popstate", () => this.load(this.inAddress() ?? this.examples[0]?.query ?? "", false));
    document.getElementById("werkbank")!.classList.add("live");
    void this.edit();
    if (this.inAddress() !== null) void this.ask(false);
  }

  /** The query in the address of the page. */
  private inAddress(): string | null {
    return new URLSearchParams(location.search).get("query");
  }

  private async fetchTerms(): Promise<Terms> {
    const response = await fetch(this.given.terms, { headers: { Accept: "application/json" } });
    if (!response.ok) return { prefixes: {}, classes: [], properties: [] };
    return (await response.json()) as Terms;
  }

  /** Put the editor in the place of the field, once it has arrived. */
  private async edit(): Promise<void> {
    const { editor } = await import("./editor.ts");
    const place = el("div", { class: "editor" });
    this.area.before(place);
    this.editor = editor(place, {
      text: this.area.value,
      terms: this.terms,
      search: this.given.search,
      run: () => void this.ask(true),
      changed: () => (this.area.value = this.text()),
    });
    this.area.hidden = true;
    this.form.querySelector("label")?.addEventListener("click", () => this.editor?.focus());
  }

  private text(): string {
    return this.editor ? this.editor.text() : this.area.value;
  }

  /** Put a query in the editor and ask it. */
  private load(query: string, remember: boolean): void {
    this.area.value = query;
    this.editor?.write(query);
    void this.ask(remember);
  }

  /** Ask what stands in the editor, and show the answer; `remember` it in the address and in the history. */
  private async ask(remember: boolean): Promise<void> {
    this.running?.abort();
    const mine = (this.running = new AbortController());
    this.asked = this.text();
    if (remember && this.link() !== location.href) history.pushState(null, "", this.link());
    this.switchLinks();
    this.busy(true);
    const begun = performance.now();
    try {
      const response = await ask(this.endpoint, this.asked, ACCEPT, mine.signal);
      const text = await whole(response.text());
      const { prefixes } = await this.terms;
      const site: Site = { root: new URL(this.given.root, document.baseURI).href, base: this.given.base, prefixes };
      this.lasting = permalink(response.headers.get("Link") ?? "", site);
      this.show(answer(response.headers.get("Content-Type") ?? "", text, site), (performance.now() - begun) / 1000);
    } catch (error) {
      if (mine === this.running) this.failed(error);
    } finally {
      if (mine === this.running) this.busy(false);
    }
  }

  private busy(yes: boolean): void {
    this.stop.hidden = !yes;
    this.result.setAttribute("aria-busy", String(yes));
    if (yes) this.status.textContent = say("running");
  }

  private show({ form, count, element }: ReturnType<typeof answer>, seconds: number): void {
    this.shown = form;
    const time = written(Number(seconds.toPrecision(2)));
    this.status.textContent = count === undefined ? `${time} s` : say(count === 1 ? "row" : "rows", count === 1 ? time : written(count), time);
    const heading = el("h2", { id: "antwoord" }, say("answer"));
    this.result.replaceChildren(el("div", { class: "answer-head" }, heading, el("div", { class: "menus" }, ...this.menus())), element);
  }

  private menus(): HTMLElement[] {
    return menus({
      endpoint: this.endpoint,
      query: () => this.asked,
      link: () => this.link(),
      lasting: this.lasting,
      form: () => this.shown,
      formats: () => (this.shown === "graph" ? this.given.graphs : this.given.tables),
      citations: this.given.citations,
      name: () => this.examples.find(({ query }) => query === this.asked)?.name ?? "wijkengids-antwoord",
      say: (text) => (this.status.textContent = text),
      failed: (error) => this.failed(error),
    });
  }

  private failed(error: unknown): void {
    if (aborted(error)) {
      this.status.textContent = say("stopped");
      this.result.replaceChildren(); // what stands there belongs to another query
      this.run.focus(); // the button that had it is gone
      return;
    }
    this.status.textContent = "";
    const problem = error instanceof Problem ? error : new Problem(String(error));
    this.result.replaceChildren(trouble(problem, (line, column) => this.editor?.goTo(line, column)));
  }

  /** This page with the query in its address. */
  private link(): string {
    const language = new URLSearchParams(location.search).get("lang");
    const parameters = new URLSearchParams({ query: this.asked, ...(language ? { lang: language } : {}) });
    return `${location.origin}${location.pathname}?${parameters}`;
  }

  /** The page in the other language has the same query. */
  private switchLinks(): void {
    for (const link of document.querySelectorAll<HTMLAnchorElement>("header a[hreflang]")) {
      const parameters = new URLSearchParams({ query: this.asked, lang: link.hreflang });
      link.href = `${location.pathname}?${parameters}`;
    }
  }
}

new Workbench();

// What one can take along: downloads, a link, the query for other programs, a citation.

import { el } from "./dom.ts";
import { ask, whole } from "./endpoint.ts";
import { curl, python, r, type Form } from "./snippets.ts";
import { say, type Key } from "./texts.ts";

/** A form in which the endpoint answers. */
export interface Format {
  label: string;
  type: string;
  extension: string;
}

export interface Taking {
  endpoint: string;
  query(): string;
  /** The query as a link to this page. */
  link(): string;
  /** The link that keeps giving the answer of this release, where the server tells one. */
  lasting: string | undefined;
  form(): Form;
  formats(): Format[];
  citations: Format[];
  /** Name of a file, without an extension. */
  name(): string;
  say(text: string): void;
  failed(error: unknown): void;
}

/** The menus of an answer. */
export function menus(taking: Taking): HTMLElement[] {
  const made = [
    menu("download", () => [files(taking.formats(), taking)]),
    menu("share", () => snippets(taking)),
  ];
  if (taking.citations.length > 0) made.push(menu("cite", () => [files(taking.citations, taking)]));
  return made;
}

/** A menu that is filled when it opens, and closes with Escape or by a click elsewhere. */
function menu(name: Key, content: () => Node[]): HTMLElement {
  const inside = el("div", { class: "menu-inside" });
  const summary = el("summary", {}, say(name));
  const made = el("details", { class: "menu" }, summary, inside);
  made.addEventListener("toggle", () => {
    if (made.open) inside.replaceChildren(...content());
  });
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !made.open) return;
    made.open = false;
    summary.focus();
  });
  document.addEventListener("click", (event) => {
    if (!made.contains(event.target as Node)) made.open = false;
  });
  return made;
}

function files(formats: Format[], taking: Taking): HTMLElement {
  const items = formats.map((format) =>
    el("li", {}, el("button", { type: "button", class: "quiet", click: () => void save(format, taking) }, format.label)),
  );
  return el("ul", { class: "files" }, ...items);
}

async function save(format: Format, taking: Taking): Promise<void> {
  const file = `${taking.name()}.${format.extension}`;
  taking.say(say("fetching", format.label));
  try {
    const response = await ask(taking.endpoint, taking.query(), format.type);
    const address = URL.createObjectURL(await whole(response.blob()));
    el("a", { href: address, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    taking.say(say("saved", file));
  } catch (error) {
    taking.failed(error);
  }
}

function snippets(taking: Taking): Node[] {
  const [query, form] = [taking.query(), taking.form()];
  return [
    snippet(say("link"), taking.link()),
    ...(taking.lasting ? [snippet(say("lasting"), taking.lasting)] : []),
    snippet("curl", curl(taking.endpoint, query, form)),
    snippet("Python", python(taking.endpoint, query, form)),
    snippet("R", r(taking.endpoint, query, form)),
  ];
}

/** A text to copy: by the button, or by hand where the browser does not let pages copy. */
function snippet(title: string, text: string): HTMLElement {
  const area = el("textarea", { readonly: true, rows: Math.min(4, text.split("\n").length), "aria-label": title, spellcheck: "false" });
  area.value = text;
  const button = el("button", { type: "button", class: "quiet", "aria-label": `${say("copy")}: ${title}` }, say("copy"));
  button.addEventListener("click", () => {
    area.select();
    const copied = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error());
    copied.then(
      () => (button.textContent = say("copied")),
      () => (button.textContent = say("selected")),
    );
  });
  return el("div", { class: "snippet" }, el("p", {}, el("strong", {}, title), " ", button), area);
}

// The questions of the guide, from the list on the page: one click asks one.

import { el } from "./dom.ts";
import { say } from "./texts.ts";

export interface Example {
  title: string;
  name: string;
  query: string;
}

/** Turn the list of links into examples that are asked here, with a field to find one. */
export function examples(section: HTMLElement, chosen: (example: Example) => void): Example[] {
  const items = [...section.querySelectorAll<HTMLLIElement>("li")];
  const found = items.map((item) => {
    const link = item.querySelector("a")!;
    const query = new URL(link.href).searchParams.get("query") ?? "";
    const example = { title: link.textContent ?? "", name: item.dataset["name"] ?? "", query };
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in another tab
      event.preventDefault();
      chosen(example);
    });
    return example;
  });
  const none = el("p", { class: "note", hidden: true, role: "status" }, say("noExample"));
  const field = el("input", { type: "search", autocomplete: "off" });
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const item of items) {
      const text = `${item.textContent} ${item.dataset["other"] ?? ""}`.toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
    }
    none.hidden = items.some((item) => !item.hidden);
  });
  const summary = el("summary", {}, say("examples", items.length));
  const open = window.matchMedia("(min-width: 64rem)").matches;
  const details = el("details", { open }, summary, el("label", { class: "find" }, say("filter"), field), none);
  details.append(...section.querySelectorAll("ul"));
  section.replaceChildren(details);
  section.parentElement!.prepend(section); // so that from the editor the answer comes next
  return found;
}

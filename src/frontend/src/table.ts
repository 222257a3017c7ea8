// The answer as a table that can be sorted.

import { el } from "./dom.ts";
import { kind, sorted, type Table } from "./results.ts";
import { language, say, written } from "./texts.ts";
import { scrolling, shown, type Site } from "./view.ts";

const AT_ONCE = 1000;

/** A table of the first rows, with a button for more; a click on a heading sorts all rows by it. */
export function tableView(table: Table, site: Site): HTMLElement {
  const amounts = new Set(table.names.filter((name) => kind(table, name) === "number"));
  const body = el("tbody");
  const more = el("p", { class: "more" });
  let [rows, count] = [table.rows, 0];
  let order: { name: string; descending: boolean } | undefined;

  const add = (): void => {
    const next = rows.slice(count, count + AT_ONCE);
    for (const row of next) {
      const cells = table.names.map((name) => el("td", { class: amounts.has(name) ? "amount" : "" }, shown(site, row[name])));
      body.append(el("tr", {}, ...cells));
    }
    count += next.length;
    const left = Math.min(AT_ONCE, rows.length - count);
    more.replaceChildren();
    if (left > 0) {
      more.append(say("first", written(count), written(rows.length)), " ");
      more.append(el("button", { type: "button", class: "quiet", click: add }, say("more", written(left))));
    }
  };
  const heads = table.names.map((name) => {
    const button = el("button", { type: "button", class: "sort", title: say("sort", name) }, name);
    const head = el("th", { scope: "col", class: amounts.has(name) ? "amount" : "" }, button);
    button.addEventListener("click", () => {
      order = { name, descending: order?.name === name && !order.descending };
      rows = sorted(table, name, order.descending, language);
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
      body.replaceChildren();
      count = 0;
      add();
    });
    return head;
  });
  add();
  const whole = el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body);
  return el("div", {}, scrolling(say("table"), whole), more);
}

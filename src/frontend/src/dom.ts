// Elements, made in one expression.

type Child = Node | string | null | undefined;
type Attributes = Record<string, string | number | boolean | EventListener | undefined>;

const SVG = "http://www.w3.org/2000/svg";

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** An HTML element; a function as an attribute listens to the event of that name. */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(name), attributes, children);
}

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, name) as SVGElementTagNameMap[K], attributes, children);
}

/** A choice with its label. */
export function choice(
  label: string,
  options: [value: string, text: string][],
  value: string,
  chosen: (value: string) => void,
): HTMLElement {
  const made = options.map(([each, text]) => el("option", { value: each, selected: each === value }, text));
  const select = el("select", { change: () => chosen(select.value) }, ...made);
  return el("label", { class: "choice" }, label, " ", select);
}

/** A text no longer than so many characters. */
export function short(text: string, most: number): string {
  return text.length > most ? text.slice(0, most - 1).trimEnd() + "…" : text;
}

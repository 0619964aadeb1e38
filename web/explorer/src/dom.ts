// Makes elements; text is always a text node, so a name with markup in it is shown and never run.
// It must not know what is shown.

type Child = Node | string | number | null | undefined | false | Child[];
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: any) => void)>;

const WORDS = new Intl.Segmenter("zh", { granularity: "word" });
const WHOLE = new Set(["OPTION", "TEXTAREA", "TITLE", "STYLE"]);
const SVG = "http://www.w3.org/2000/svg";

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

/** A browser breaks a Chinese line anywhere: it is told where the words end. The text itself stays the same. */
function wrapping(parent: Element, text: string): (string | Element)[] {
  if (!/\p{Script=Han}{5}/u.test(text) || parent instanceof SVGElement || WHOLE.has(parent.tagName)) return [text];
  const parts: (string | Element)[] = [];
  let inWord = false;
  for (const { segment, isWordLike } of WORDS.segment(text)) {
    if (inWord && isWordLike) parts.push(document.createElement("wbr"));
    parts.push(segment);
    inWord = Boolean(isWordLike);
  }
  return parts;
}

export function append(parent: Element, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child instanceof Node) parent.append(child);
    else if (child !== null && child !== undefined && child !== false) parent.append(...wrapping(parent, String(child)));
  }
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag) as SVGElementTagNameMap[K], attributes, children);
}

export function button(label: string, click: (event: Event) => void, attributes: Attributes = {}): HTMLButtonElement {
  return h("button", { type: "button", click, ...attributes }, label);
}

export function show(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** A section with a heading and, where there is nothing, the word that says so. */
export function section(title: string, ...children: Child[]): HTMLElement {
  return h("section", {}, h("h2", {}, title), ...children);
}

export function table(heads: string[], rows: Child[][], caption?: string): HTMLElement {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption ?? heads.join(", ") },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, cell))))),
    ),
  );
}

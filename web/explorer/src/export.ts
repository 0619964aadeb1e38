// The picture as files: SVG, PNG at double size, CSV for Excel and Gephi, JSON that can be opened again.
// It must not ask the server for anything.

import { labelOf, titleOf } from "./draw";
import { h, s } from "./dom";
import { EMPTY, visible, type Scene } from "./scene";
import { t } from "./words";

export interface About {
  asOf: string;
  fromFile: boolean; // not what the server said just now: a file may hold anything
  left?: readonly string[]; // what is not on the picture, in words
}

const LEAST = 420; // px wide: the footer is read as well
const ROW = 14;
const STYLED = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight"];

export function download(name: string, type: string, content: string | Blob): void {
  const blob = typeof content === "string" ? new Blob([content], { type: `${type};charset=utf-8` }) : content;
  const url = URL.createObjectURL(blob);
  const anchor = h("a", { href: url, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A copy that carries its style with it, and a footer that says where it comes from. */
export function toSvg(svg: SVGSVGElement, viewport: SVGGElement, about: About): string {
  const hidden = svg.hasAttribute("hidden"); // beside its table; what is not laid out has no size
  svg.removeAttribute("hidden");
  const box = viewport.getBBox();
  svg.toggleAttribute("hidden", hidden);
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [originals, copies] = [svg.querySelectorAll("*"), copy.querySelectorAll("*")];
  originals.forEach((element, index) => {
    const style = getComputedStyle(element);
    copies[index].setAttribute("style", STYLED.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
    copies[index].removeAttribute("tabindex");
  });
  copy.querySelector("g")?.removeAttribute("transform");
  const width = Math.max(LEAST, box.width + 32);
  const said = [t(about.fromFile ? "footerFile" : "footer"), `${t("asOf")} ${about.asOf}`, ...(about.left ?? []), `${new Date().toISOString().slice(0, 16)}Z`].join(" · ");
  const footer = [...broken(said, width - 16), ...broken(location.href, width - 16)];
  const [x, y, height] = [box.x - 16, box.y - 16, box.height + 48 + ROW * footer.length];
  for (const [name, value] of Object.entries({ viewBox: `${x} ${y} ${width} ${height}`, width, height, xmlns: "http://www.w3.org/2000/svg" })) {
    copy.setAttribute(name, String(value));
  }
  copy.removeAttribute("hidden");
  const style = "font:11px system-ui,sans-serif;fill:#444";
  copy.prepend(s("rect", { x, y, width, height, fill: "#fff" }));
  copy.append(...footer.map((line, row) => s("text", { x: x + 8, y: y + height - 8 - ROW * (footer.length - 1 - row), style }, line)));
  return new XMLSerializer().serializeToString(copy);
}

/** In lines that fit: an ideograph is about twice as wide as a letter. */
export function broken(text: string, width: number): string[] {
  const lines = [""];
  let left = width;
  for (const letter of text) {
    const wide = letter > "\u2e7f" ? 11 : 6.5;
    if (wide > left) [left] = [width, lines.push("")];
    lines[lines.length - 1] += letter;
    left -= wide;
  }
  return lines;
}

export async function toPng(svg: SVGSVGElement, viewport: SVGGElement, about: About): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(toSvg(svg, viewport, about))}`;
  await image.decode();
  const canvas = h("canvas", { width: image.width * 2, height: image.height * 2 });
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("PNG"))), "image/png"));
}

/** A cell that a spreadsheet would take for a formula is told to be text. */
export function cell(value: string | null | undefined): string {
  const text = value ?? "";
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(rows: (string | null | undefined)[][]): string {
  return `\uFEFF${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Two files with the column names Gephi looks for. */
export function toCsv(scene: Scene): { nodes: string; edges: string } {
  const { nodes, edges } = visible(scene);
  return {
    nodes: csv([["Id", "Label", "Kind", "State"], ...nodes.map((node) => [node.id, titleOf(node), node.__typename, node.status ?? node.state ?? ""])]),
    edges: csv([
      ["Source", "Target", "Type", "Id", "Label", "Kind", "Share", "From", "Until"],
      ...edges.map((edge) => [edge.source, edge.target, "Directed", edge.id, labelOf(edge), edge.kind, edge.share, edge.validity?.from, edge.validity?.until]),
    ]),
  };
}

const FORMAT = "creditgraph-picture-1";

export function toJson(scene: Scene, asOf: string): string {
  const { nodes, edges, hidden, pinned } = scene;
  return JSON.stringify({ format: FORMAT, asOf, nodes, edges, hidden: [...hidden], pinned: [...pinned] }, null, 1);
}

/** The scene of an exported file; raises on anything else. */
export function fromJson(text: string): { scene: Scene; asOf: string } {
  const read = JSON.parse(text);
  const known = new Set((read.nodes ?? []).map((node: { id?: unknown }) => node.id));
  const right =
    read.format === FORMAT &&
    [...known].every((id) => typeof id === "string") &&
    (read.edges as { source: string; target: string }[]).every((edge) => known.has(edge.source) && known.has(edge.target));
  if (!right) throw new Error(t("badFile"));
  const { nodes, edges } = read;
  return { scene: { ...EMPTY, nodes, edges, hidden: new Set(read.hidden), pinned: new Map(read.pinned) }, asOf: String(read.asOf) };
}

// Draws a scene as SVG: boxes, lines, labels, light and dimness. Real elements, so that names can be read out.
// It must not know the questions; what is clicked it only tells.

import { s } from "./dom";
import { border, type Layout, type Point, type Wish } from "./layout";
import { visible, type Scene, type SceneEdge } from "./scene";
import type { Named } from "./types";
import { isSubject } from "./link";
import { percent, stateOf, t, v } from "./words";

const WIDTH = 176;
const LINE = 17;
const NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮";
const canvas = document.createElement("canvas").getContext("2d");
const widths = new Map<string, number>();

export function titleOf(node: Named): string {
  return node.name ?? node.documentNumber ?? node.summary ?? node.profession ?? v(node.__typename);
}

function measure(text: string): number {
  const known = widths.get(text);
  if (known !== undefined) return known;
  if (canvas) canvas.font = "14px system-ui, sans-serif";
  const width = canvas ? canvas.measureText(text).width : text.length * 14;
  widths.set(text, width);
  return width;
}

/** Lines of words (Chinese has them too), at most two, the second cut with «…»; the full name stays in the title. */
export function wrap(text: string, width = WIDTH - 20, most = 2, measured = measure): string[] {
  const words = [...new Intl.Segmenter("zh", { granularity: "word" }).segment(text)].map((each) => each.segment);
  const lines: string[] = [""];
  for (const word of words) {
    const last = lines.length - 1;
    if (lines[last] !== "" && measured(lines[last] + word) > width) lines.push(word.trimStart());
    else lines[last] += word;
  }
  if (lines.length <= most) return lines;
  let end = lines[most - 1] + lines[most];
  while (end.length > 1 && measured(`${end}…`) > width) end = end.slice(0, -1);
  return [...lines.slice(0, most - 1), `${end}…`];
}

export function labelOf(edge: SceneEdge): string {
  const said = edge.kind === "HOLDS" && edge.share ? percent(edge.share) : edge.label || v(edge.kind);
  const number = edge.number ? `${NUMBERS[edge.number - 1] ?? edge.number} ` : "";
  const change = edge.change === "began" ? "+ " : edge.change === "ended" ? "− " : "";
  return `${number}${change}${edge.failed ? `${t("failing")} ` : ""}${said}`;
}

export function wishOf(scene: Scene, direction: "TB" | "LR"): Wish {
  const { nodes, edges } = visible(scene);
  return {
    boxes: nodes.map((node) => ({ id: node.id, width: WIDTH, height: heightOf(node) })),
    lines: edges.map((edge) => ({
      id: edge.id, source: edge.source, target: edge.target, labelWidth: measure(labelOf(edge)) + 8,
    })),
    direction,
  };
}

const heightOf = (node: Named): number => 34 + wrap(titleOf(node)).length * LINE;

function shapeClass(node: Named): string {
  if (node.__typename === "Person") return "person";
  return isSubject(node.__typename) ? "organization" : "record";
}

/** Kind and, where it is not the usual one, state: what stands above the name, and what is read out first. */
function kindLine(node: Named): string {
  const state = node.status ?? node.state;
  return [v(node.recordKind ?? node.__typename), state && state !== "ACTIVE" ? stateOf(node) : "", node.note].filter(Boolean).join(" · ");
}

export function spoken(node: Named): string {
  const counts = (node.relationCounts ?? []).map((each) => `${each.label} ${each.count}${each.capped ? "+" : ""}`);
  return [kindLine(node), titleOf(node), ...counts].filter(Boolean).join(" ");
}

export interface Told {
  select(id: string): void;
  open(id: string): void;
}

export function draw(scene: Scene, layout: Layout, told: Told): SVGGElement {
  const { nodes, edges } = visible(scene);
  const boxes = new Map(
    nodes.map((node) => [node.id, { ...(layout.places.get(node.id) ?? { x: 0, y: 0 }), width: WIDTH, height: heightOf(node) }]),
  );
  const dim = (id: string): string => (scene.lit && !scene.lit.has(id) ? " dim" : "");
  return s(
    "g",
    {},
    s("g", { class: "lines", role: "list", "aria-label": t("lines") }, edges.map((edge) => drawLine(edge, layout, boxes, dim(edge.id), nodes))),
    s("g", { class: "boxes" }, nodes.map((node) => drawBox(node, boxes.get(node.id)!, scene, dim(node.id), told))),
  );
}

type Placed = Point & { width: number; height: number };

function drawLine(
  edge: SceneEdge, layout: Layout, boxes: Map<string, Placed>, dim: string, nodes: Named[],
): SVGGElement | null {
  const line = layout.lines.get(edge.id);
  const [source, target] = [boxes.get(edge.source), boxes.get(edge.target)];
  if (!line || !source || !target) return null;
  const inner = line.points.slice(1, -1);
  const points =
    edge.source === edge.target
      ? line.points
      : [border(source, inner[0] ?? target), ...inner, border(target, inner[inner.length - 1] ?? source)];
  const kinds = `line${dim}${edge.number ? " lit" : ""}${edge.failed ? " failed" : ""}${edge.change ? ` ${edge.change}` : ""}`;
  const share = Math.min(4, 1.2 + Number(edge.share ?? 0) / 40);
  const name = (id: string): string => titleOf(nodes.find((node) => node.id === id)!);
  const label = labelOf(edge);
  return s(
    "g",
    { class: kinds, role: "listitem", "data-edge": edge.id, "aria-label": `${name(edge.source)} → ${name(edge.target)}: ${label}` },
    s("path", { d: curve(points), "stroke-width": share, "marker-end": "url(#arrow)" }),
    s("text", { x: line.label.x, y: line.label.y + 4, "text-anchor": "middle" }, label),
  );
}

function curve(points: Point[]): string {
  const at = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  let path = `M ${at(points[0])}`;
  for (let index = 1; index < points.length - 1; index++) {
    const [here, next] = [points[index], points[index + 1]];
    path += ` Q ${at(here)} ${at({ x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 })}`;
  }
  return `${path} L ${at(points[points.length - 1])}`;
}

function drawBox(node: Named, box: Placed, scene: Scene, dim: string, told: Told): SVGGElement {
  const selected = scene.selected === node.id;
  const lines = wrap(titleOf(node));
  const shape = shapeClass(node);
  const label = `${scene.pinned.has(node.id) ? "📌 " : ""}${scene.marked.has(node.id) ? "◆ " : ""}${kindLine(node)}`;
  return s(
    "g",
    {
      class: `box ${shape}${selected ? " selected" : ""}${scene.marked.has(node.id) ? " marked" : ""}${dim}`,
      transform: `translate(${(box.x - WIDTH / 2).toFixed(1)} ${(box.y - box.height / 2).toFixed(1)})`,
      role: "button", "aria-label": `${spoken(node)}${scene.marked.has(node.id) ? ` (${t("marked")})` : ""}`, "aria-pressed": selected ? "true" : "false",
      tabindex: selected ? 0 : -1, "data-id": node.id,
      click: () => told.select(node.id), dblclick: () => told.open(node.id),
    },
    s("title", {}, titleOf(node)),
    s("rect", { width: WIDTH, height: box.height, rx: shape === "person" ? box.height / 2 : shape === "record" ? 0 : 6 }),
    shape === "record" ? s("path", { class: "fold", d: `M ${WIDTH - 14} 0 v 14 h 14` }) : null,
    s("text", { class: "kind", x: WIDTH / 2, y: 19, "text-anchor": "middle" }, `${label} `), // what is read and what is seen are one text
    lines.map((line, index) => s("text", { x: WIDTH / 2, y: 38 + index * LINE, "text-anchor": "middle" }, line)),
  );
}


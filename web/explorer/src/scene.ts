// What is on the picture, as plain values: every function takes a scene and gives a new one.
// It must not know how a scene is laid out or drawn, nor where its parts came from.

import type { Considered, Edge, Measure, Named, Step, Subgraph } from "./types";

export const VISIBLE = 300; // things on one picture; above it drawing is no longer smooth, and nobody can read it

export interface SceneEdge extends Edge {
  number?: number; // ①②③ of the path that is explained
  failed?: boolean; // the link on which a rule's condition failed
  change?: "began" | "ended";
}

export interface Scene {
  readonly nodes: readonly Named[];
  readonly edges: readonly SceneEdge[];
  readonly hidden: ReadonlySet<string>;
  readonly pinned: ReadonlyMap<string, { x: number; y: number }>;
  readonly marked: ReadonlySet<string>; // ends of a link that is looked for
  readonly lit: ReadonlySet<string> | null; // ids in the light; the others are dimmed; null: no explanation is shown
  readonly selected: string | null;
}

export const EMPTY: Scene = {
  nodes: [], edges: [], hidden: new Set(), pinned: new Map(), marked: new Set(), lit: null, selected: null,
};

export function merge(scene: Scene, graph: Pick<Subgraph, "nodes" | "edges">): Scene {
  const nodes = new Map(scene.nodes.map((node) => [node.id, node]));
  for (const node of graph.nodes) nodes.set(node.id, { ...nodes.get(node.id), ...node });
  const edges = new Map(scene.edges.map((edge) => [edge.id, edge]));
  for (const edge of graph.edges) edges.set(edge.id, { ...edges.get(edge.id), ...edge });
  return { ...scene, nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** How many new things a graph would bring. */
export function fresh(scene: Scene, graph: Pick<Subgraph, "nodes">): number {
  const known = new Set(scene.nodes.map((node) => node.id));
  return graph.nodes.filter((node) => !known.has(node.id)).length;
}

/** What is drawn, and what is not because a picture holds so many things: the explained, selected and marked ones come first. */
export function visible(scene: Scene): { nodes: Named[]; edges: SceneEdge[]; over: Named[] } {
  const kept = scene.nodes.filter((node) => !scene.hidden.has(node.id));
  const first = (id: string): boolean => scene.selected === id || scene.marked.has(id) || (scene.lit?.has(id) ?? false);
  const ordered = kept.length > VISIBLE ? [...kept.filter(({ id }) => first(id)), ...kept.filter(({ id }) => !first(id))] : kept;
  const shown = new Set(ordered.slice(0, VISIBLE).map((node) => node.id));
  return {
    nodes: kept.filter((node) => shown.has(node.id)),
    edges: scene.edges.filter((edge) => shown.has(edge.source) && shown.has(edge.target)),
    over: kept.filter((node) => !shown.has(node.id)),
  };
}

export function hiddenIn(scene: Scene): number {
  return scene.nodes.filter((each) => scene.hidden.has(each.id)).length;
}

/** Everything but a thing and its neighbours. */
export function othersThan(scene: Scene, id: string): string[] {
  const near = new Set([id]);
  for (const edge of scene.edges) {
    if (edge.source === id) near.add(edge.target);
    if (edge.target === id) near.add(edge.source);
  }
  return scene.nodes.map((node) => node.id).filter((each) => !near.has(each));
}

/** A path as a graph; a step without a stored line is one of its own. */
export function pathGraph(steps: readonly Step[]): { nodes: Named[]; edges: SceneEdge[] } {
  const nodes = new Map<string, Named>();
  for (const step of steps) for (const node of [step.start, step.end]) nodes.set(node.id, node);
  return { nodes: [...nodes.values()], edges: steps.map(edgeOf) };
}

/** The id of a step's line: the stored one, else one made of what it joins. */
export function edgeId(step: Step): string {
  const [source, target] = ends(step);
  return step.edge ?? `${source}>${step.relation}>${target}`;
}

function ends(step: Step): [string, string] {
  return step.forward ? [step.start.id, step.end.id] : [step.end.id, step.start.id];
}

function edgeOf(step: Step): SceneEdge {
  const [source, target] = ends(step);
  return {
    id: edgeId(step), kind: step.relation, source, target, label: "", share: step.share, validity: step.validity,
  };
}

/** The path of a measure numbered and lit, everything else dimmed. */
export function explain(scene: Scene, measure: Pick<Measure, "path" | "party">): Scene {
  return light(scene, measure.path, measure.party, false);
}

/** The path of a rule that was considered, its last line dashed: there the condition failed. */
export function explainNot(scene: Scene, considered: Pick<Considered, "path" | "party" | "cause">): Scene {
  const bare = considered.path.length === 0 && considered.cause.id !== considered.party.id;
  const found = light(scene, considered.path, considered.party, true);
  if (!bare) return found;
  const missing: SceneEdge = {
    id: `${considered.cause.id}>failed>${considered.party.id}`, kind: "", label: "", share: null, failed: true,
    source: considered.cause.id, target: considered.party.id, number: 1,
  };
  const merged = merge(found, { nodes: [considered.cause], edges: [missing] });
  return { ...merged, lit: new Set([...(found.lit ?? []), considered.cause.id, missing.id]) };
}

function light(scene: Scene, path: readonly Step[], party: Named, failed: boolean): Scene {
  const graph = pathGraph(path);
  const plain = clear(scene);
  const merged = merge(plain, { nodes: [...graph.nodes, party], edges: graph.edges });
  const numbers = new Map(path.map((step, index) => [edgeId(step), index + 1]));
  const last = path.length ? edgeId(path[path.length - 1]) : "";
  return {
    ...merged,
    edges: merged.edges.map((edge) => ({
      ...edge, number: numbers.get(edge.id), failed: failed && edge.id === last ? true : undefined,
    })),
    lit: new Set([...graph.nodes.map((node) => node.id), ...numbers.keys(), party.id]),
    selected: party.id,
  };
}

export function clear(scene: Scene): Scene {
  const edges = scene.edges
    .filter((edge) => !edge.id.includes(">failed>"))
    .map(({ number: _number, failed: _failed, ...edge }) => edge);
  return { ...scene, edges, lit: null };
}

/** Two days over one another: what ended is kept and marked, what began is marked. With days, of either side a part was read
 *  only: then a line is marked when its own period says so, for it may merely be beyond the part. */
export function compare(then: Pick<Subgraph, "nodes" | "edges">, now: Pick<Subgraph, "nodes" | "edges">, parts?: { earlier: string; later: string }): Scene {
  const began = (edge: SceneEdge): boolean => !parts || (edge.validity?.from ?? "") > parts.earlier;
  const ended = (edge: SceneEdge): boolean => !parts || (edge.validity?.until ?? "9999") < parts.later;
  const before = new Set(then.edges.map((edge) => edge.id));
  const after = new Set(now.edges.map((edge) => edge.id));
  const both = merge(merge(EMPTY, then), now);
  return {
    ...both,
    edges: both.edges.map((edge) => {
      if (!before.has(edge.id)) return began(edge) ? { ...edge, change: "began" as const } : edge;
      return after.has(edge.id) || !ended(edge) ? edge : { ...edge, change: "ended" as const };
    }),
  };
}

/** The next thing along the lines in the direction of an arrow key, by where things are drawn. */
export function towards(
  places: ReadonlyMap<string, { x: number; y: number }>, from: string, dx: number, dy: number,
): string | null {
  const here = places.get(from);
  if (!here) return null;
  let best: string | null = null;
  let shortest = Infinity;
  for (const [id, at] of places) {
    const along = (at.x - here.x) * dx + (at.y - here.y) * dy;
    const across = Math.abs((at.x - here.x) * dy) + Math.abs((at.y - here.y) * dx);
    if (id !== from && along > 1 && along + 2 * across < shortest) [best, shortest] = [id, along + 2 * across];
  }
  return best;
}

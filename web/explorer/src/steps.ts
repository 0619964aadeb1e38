// What a reader did to a picture (expanded, hid, pinned, marked): it stands in the link, and the picture is made again from it.
// It must not know how an answer is got nor how a scene is drawn.

import type { Place } from "./link";
import { merge, type Scene } from "./scene";
import type { Subgraph } from "./types";

export interface Expansion {
  readonly subject: string;
  readonly kinds: string; // of relations, joined by "-"; empty: all
  readonly first: number;
  readonly after: string; // a cursor; empty: from the beginning
  readonly only: readonly string[]; // those chosen of the page; empty: all of it
}

export interface Steps {
  readonly expansions: readonly Expansion[];
  readonly hidden: readonly string[];
  readonly pinned: ReadonlyMap<string, { x: number; y: number }>;
  readonly marked: readonly string[];
}

export interface Page {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  subgraph: Subgraph;
}

/** What of an expansion is not in the picture yet; `chosen` of those after the cursor are, and are not counted in `left`. */
export interface Rest {
  subject: string;
  kinds: string;
  after: string;
  left: number;
  chosen?: number;
}

export const NOTHING_DONE: Steps = { expansions: [], hidden: [], pinned: new Map(), marked: [] };

const EXPANSION = /^[a-z]+_\w+\.[A-Z_-]*\.\d{1,3}\.[\w-]*(\.[a-z]+_\w+)*$/;
const PIN = /^[a-z]+_\w+\.-?\d{1,6}\.-?\d{1,6}$/;
const ID = /^[a-z]+_\w+$/;
const items = (text: string | undefined, form: RegExp): string[] => (text ?? "").split("*").filter((each) => form.test(each));

export function readSteps(place: Place): Steps {
  return {
    expansions: items(place.x, EXPANSION).map((each) => {
      const [subject, kinds, first, after, ...only] = each.split(".");
      return { subject, kinds, first: Number(first), after, only };
    }),
    hidden: items(place.h, ID),
    pinned: new Map(items(place.pin, PIN).map((each) => {
      const [id, x, y] = each.split(".");
      return [id, { x: Number(x), y: Number(y) }];
    })),
    marked: items(place.mark, ID),
  };
}

/** Every key, so that an empty one takes its old value out of the link. */
export function writeSteps({ expansions, hidden, pinned, marked }: Steps): Record<"x" | "h" | "pin" | "mark", string> {
  return {
    x: expansions.map(keyOf).join("*"),
    h: hidden.join("*"),
    pin: [...pinned].map(([id, { x, y }]) => `${id}.${Math.round(x)}.${Math.round(y)}`).join("*"),
    mark: marked.join("*"),
  };
}

/** An expansion as it stands in the link; its answer is kept under it. */
export function keyOf({ subject, kinds, first, after, only }: Expansion): string {
  return [subject, kinds, first, after, ...only].join(".");
}

/** The scene a page starts from, and everything a reader did to it; an expansion without an answer is left out. */
export function replay(base: Scene, steps: Steps, answers: ReadonlyMap<string, Page>): Scene {
  let scene = base;
  for (const expansion of steps.expansions) {
    const answer = answers.get(keyOf(expansion));
    if (answer) scene = merge(scene, chosen(answer.subgraph, expansion));
  }
  return { ...scene, hidden: new Set(steps.hidden), pinned: steps.pinned, marked: new Set(steps.marked) };
}

/** Of a page only what was chosen, with the lines to the subject. */
export function chosen(graph: Subgraph, { subject, only }: Pick<Expansion, "subject" | "only">): Subgraph {
  if (!only.length) return graph;
  const kept = new Set([subject, ...only]);
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => kept.has(node.id)),
    edges: graph.edges.filter((edge) => kept.has(edge.source) && kept.has(edge.target)),
  };
}

/** What the page itself and each expansion left out; single ones that were chosen are counted no more, but stay in their list. */
export function restsOf(own: readonly Rest[], steps: Steps, answers: ReadonlyMap<string, Page>): Rest[] {
  const rests = new Map(own.map((rest) => [`${rest.subject} ${rest.kinds}`, rest]));
  const brought = new Map<string, Set<string>>(); // by whole pages
  const picked = new Map<string, Set<string>>(); // one by one
  for (const expansion of steps.expansions) {
    const answer = answers.get(keyOf(expansion));
    if (!answer) continue;
    const { subject, kinds, first, after, only } = expansion;
    const key = `${subject} ${kinds}`;
    note(only.length ? picked : brought, key, only.length ? only : answer.subgraph.nodes.map((node) => node.id));
    if (only.length) continue;
    const before = after ? (rests.get(key)?.left ?? answer.totalCount) : answer.totalCount;
    const { hasNextPage, endCursor } = answer.pageInfo;
    if (hasNextPage && endCursor) rests.set(key, { subject, kinds, after: endCursor, left: Math.max(1, before - first) });
    else rests.delete(key);
  }
  return [...rests].flatMap(([key, rest]) => {
    const chosen = [...(picked.get(key) ?? [])].filter((id) => !brought.get(key)?.has(id)).length;
    return !chosen ? [rest] : rest.left > chosen ? [{ ...rest, left: rest.left - chosen, chosen }] : [];
  });
}

function note(found: Map<string, Set<string>>, key: string, ids: readonly string[]): void {
  found.set(key, new Set([...(found.get(key) ?? []), ...ids]));
}

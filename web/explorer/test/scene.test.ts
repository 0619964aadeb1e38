import { describe, expect, test } from "vitest";
import {
  began, clear, compare, EMPTY, explain, explainNot, fresh, hide, hideOthers, merge, pin, redo, showAll, step, towards, undo, visible,
} from "../src/scene";
import type { Edge, Named, Step } from "../src/types";

const node = (id: string): Named => ({ __typename: "Enterprise", id, name: id });
const edge = (id: string, source: string, target: string): Edge => ({ id, kind: "HOLDS", source, target, label: "", share: null });
const walk = (position: number, start: string, end: string, stored: string | null, forward = true): Step => ({
  position, start: node(start), end: node(end), relation: "HOLDS", forward, post: null, share: null, proves: "", edge: stored,
  validity: { from: null, until: null }, provenance: { source: "" },
});
const graph = { nodes: [node("a"), node("b"), node("c")], edges: [edge("ab", "a", "b"), edge("bc", "b", "c")] };
const ids = (scene: { nodes: readonly { id: string }[] }): string[] => scene.nodes.map((each) => each.id);

describe("a scene", () => {
  test("merges without repeating and keeps what it knew", () => {
    const once = merge(EMPTY, graph);
    const twice = merge(once, { nodes: [{ ...node("b"), status: "ACTIVE" }, node("d")], edges: [edge("ab", "a", "b")] });
    expect(ids(twice)).toEqual(["a", "b", "c", "d"]);
    expect(twice.edges).toHaveLength(2);
    expect(twice.nodes[1]).toMatchObject({ name: "b", status: "ACTIVE" });
    expect(fresh(once, { nodes: [node("a"), node("x")] })).toBe(1);
  });

  test("hides a thing with its lines and shows it again", () => {
    const less = hide(merge(EMPTY, graph), ["b"]);
    expect([ids(visible(less)), visible(less).edges]).toEqual([["a", "c"], []]);
    expect(visible(showAll(less)).edges).toHaveLength(2);
    expect(ids(visible(hideOthers(merge(EMPTY, graph), "a")))).toEqual(["a", "b"]);
  });

  test("numbers the path of a measure, dims the rest, and forgets it again", () => {
    const path = [walk(1, "a", "b", "ab"), walk(2, "b", "c", null, false)];
    const lit = explain(merge(EMPTY, { ...graph, nodes: [...graph.nodes, node("d")] }), { path, party: node("c") });
    expect(lit.edges.map((each) => [each.id, each.number])).toEqual([["ab", 1], ["bc", undefined], ["c>HOLDS>b", 2]]);
    expect([...lit.lit!].sort()).toEqual(["a", "ab", "b", "c", "c>HOLDS>b"]);
    expect(clear(lit)).toMatchObject({ lit: null });
    expect(clear(lit).edges.every((each) => !("number" in each))).toBe(true);
  });

  test("marks the line on which a rule failed, also where no line leads there", () => {
    const path = [walk(1, "a", "b", "ab"), walk(2, "b", "c", "bc")];
    const along = explainNot(merge(EMPTY, graph), { path, party: node("c"), cause: node("a") });
    expect(along.edges.map((each) => each.failed)).toEqual([undefined, true]);
    const bare = explainNot(merge(EMPTY, graph), { path: [], party: node("c"), cause: node("a") });
    expect(bare.edges[2]).toMatchObject({ source: "a", target: "c", failed: true });
    expect(clear(bare).edges).toHaveLength(2);
  });

  test("lays two days over one another and loses nothing of either", () => {
    const later = { nodes: [node("a"), node("b"), node("d")], edges: [edge("ab", "a", "b"), edge("bd", "b", "d")] };
    expect(compare(graph, later).edges.map((each) => [each.id, each.change])).toEqual([["ab", undefined], ["bc", "ended"], ["bd", "began"]]);
  });

  test("goes back and forth, and a new step ends the forth", () => {
    const two = step(step(began(EMPTY), merge(EMPTY, graph)), hide(merge(EMPTY, graph), ["a"]));
    expect(redo(undo(two)).now).toBe(two.now);
    expect(undo(undo(undo(two))).now).toBe(EMPTY);
    expect(step(undo(two), EMPTY).future).toEqual([]);
  });

  test("pins and lets go; arrows go to the nearest thing in their direction", () => {
    const pinned = pin(EMPTY, "a", { x: 1, y: 2 });
    expect(pinned.pinned.get("a")).toEqual({ x: 1, y: 2 });
    expect(pin(pinned, "a", null).pinned.size).toBe(0);
    const places = new Map([["a", { x: 0, y: 0 }], ["b", { x: 100, y: 5 }], ["c", { x: 300, y: 0 }], ["d", { x: 0, y: 90 }]]);
    expect([towards(places, "a", 1, 0), towards(places, "a", 0, 1), towards(places, "a", -1, 0)]).toEqual(["b", "d", null]);
  });
});

import { describe, expect, test } from "vitest";
import { clear, compare, EMPTY, explain, explainNot, merge, othersThan, towards, visible, VISIBLE } from "../src/scene";
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
  });

  test("hides a thing with its lines; the neighbours of one thing are known", () => {
    const scene = merge(EMPTY, graph);
    const less = visible({ ...scene, hidden: new Set(["b"]) });
    expect([ids(less), less.edges, less.over]).toEqual([["a", "c"], [], []]);
    expect(othersThan(scene, "a")).toEqual(["c"]);
  });

  test("draws no more than a picture holds, the explained, selected and marked first, and says what is left over", () => {
    const many = Array.from({ length: VISIBLE + 30 }, (_, index) => node(`n${index}`));
    const scene = { ...merge(EMPTY, { nodes: many, edges: [edge("e", "n0", "n329")] }), selected: "n329", marked: new Set(["n328"]), lit: new Set(["n327"]) };
    const { nodes, edges, over } = visible(scene);
    expect([nodes.length, over.length, edges.map((each) => each.id)]).toEqual([VISIBLE, 30, ["e"]]);
    expect(ids({ nodes }).slice(-4)).toEqual(["n296", "n327", "n328", "n329"]);
    expect(ids({ nodes: over })).toEqual(many.slice(297, 327).map((each) => each.id));
    expect(visible({ ...scene, hidden: new Set(many.slice(0, 30).map((each) => each.id)) }).over).toEqual([]);
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

  test("of two days of which parts were read marks only what its own period says: the rest may lie beyond the part", () => {
    const dated = (id: string, from: string | null, until: string | null): Edge => ({ ...edge(id, "a", "b"), validity: { from, until } });
    const [then, now] = [[dated("1", null, "2020-05-01"), dated("2", null, null)], [dated("3", "2021-01-01", null), dated("4", null, null)]];
    const found = compare({ nodes: [], edges: then }, { nodes: [], edges: now }, { earlier: "2020-01-01", later: "2022-01-01" });
    expect(found.edges.map((each) => each.change)).toEqual(["ended", undefined, "began", undefined]);
  });

  test("lays two days over one another and loses nothing of either", () => {
    const later = { nodes: [node("a"), node("b"), node("d")], edges: [edge("ab", "a", "b"), edge("bd", "b", "d")] };
    expect(compare(graph, later).edges.map((each) => [each.id, each.change])).toEqual([["ab", undefined], ["bc", "ended"], ["bd", "began"]]);
  });

  test("arrows go to the nearest thing in their direction", () => {
    const places = new Map([["a", { x: 0, y: 0 }], ["b", { x: 100, y: 5 }], ["c", { x: 300, y: 0 }], ["d", { x: 0, y: 90 }]]);
    expect([towards(places, "a", 1, 0), towards(places, "a", 0, 1), towards(places, "a", -1, 0)]).toEqual(["b", "d", null]);
  });
});

// @vitest-environment node
import { expect, test } from "vitest";
import { sameQuestion } from "../src/link";
import { EMPTY, merge, visible } from "../src/scene";
import { chosen, keyOf, NOTHING_DONE, readSteps, replay, restsOf, writeSteps, type Expansion, type Page, type Steps } from "../src/steps";
import type { Edge, Named } from "../src/types";

const node = (id: string): Named => ({ __typename: "Enterprise", id, name: id });
const edge = (source: string, target: string): Edge => ({ id: `rel_${source}${target}`, kind: "HOLDS", source, target, label: "", share: null });
const page = (totalCount: number, endCursor: string | null, ...far: string[]): Page => ({
  totalCount, pageInfo: { hasNextPage: endCursor !== null, endCursor },
  subgraph: { nodes: [node("ent_a"), ...far.map(node)], edges: far.map((each) => edge(each, "ent_a")), truncated: null },
});
const expansion = (after = "", first = 2, ...only: string[]): Expansion => ({ subject: "ent_a", kinds: "HOLDS", first, after, only });
const done: Steps = {
  expansions: [expansion(), expansion("cur-1_", 50, "ent_d", "ent_e"), { subject: "per_9", kinds: "", first: 30, after: "", only: [] }],
  hidden: ["ent_b"],
  pinned: new Map([["ent_a", { x: -12, y: 340 }]]),
  marked: ["ent_a", "per_9"],
};

test("what was done stands in the link and is read from it as it was", () => {
  const written = writeSteps(done);
  expect(written).toEqual({
    x: "ent_a.HOLDS.2.*ent_a.HOLDS.50.cur-1_.ent_d.ent_e*per_9..30.", h: "ent_b", pin: "ent_a.-12.340", mark: "ent_a*per_9",
  });
  expect(readSteps(written)).toEqual(done);
  expect(readSteps(Object.fromEntries(new URLSearchParams(new URLSearchParams(written).toString())))).toEqual(done);
  expect(writeSteps(NOTHING_DONE)).toEqual({ x: "", h: "", pin: "", mark: "" });
});

test("a link with nonsense in it is read as far as it goes", () => {
  expect(readSteps({ x: "*ent_a.HOLDS.abc.*<b>.x.1.*ent_a.HOLDS.2.", h: "a b*ent_b", pin: "ent_a.1e9.2*ent_a.x.y", mark: "\"><script>" })).toEqual({
    ...NOTHING_DONE, expansions: [expansion()], hidden: ["ent_b"],
  });
});

test("the picture is made again from its base, the steps and the answers; one without an answer is left out", () => {
  const base = merge(EMPTY, { nodes: [node("ent_a")], edges: [] });
  const answers = new Map([[keyOf(done.expansions[0]), page(5, "cur-1_", "ent_b", "ent_c")], [keyOf(done.expansions[1]), page(5, null, "ent_d", "ent_e", "ent_f")]]);
  const scene = replay(base, done, answers);
  expect(scene.nodes.map((each) => each.id)).toEqual(["ent_a", "ent_b", "ent_c", "ent_d", "ent_e"]);
  expect(visible(scene).edges.map((each) => each.source)).toEqual(["ent_c", "ent_d", "ent_e"]);
  expect([scene.hidden, scene.pinned, scene.marked]).toEqual([new Set(["ent_b"]), done.pinned, new Set(["ent_a", "per_9"])]);
  expect(replay(base, NOTHING_DONE, answers)).toEqual(base);
});

test("what is left of each expansion is known, also of the page's own question; chosen ones stay in the list", () => {
  const own = [{ subject: "ent_a", kinds: "", after: "own", left: 7 }];
  const answers = new Map([[keyOf(expansion()), page(5, "cur-1_", "ent_b", "ent_c")], [keyOf(expansion("cur-1_")), page(5, "cur-2", "ent_d", "ent_e")], [keyOf(expansion("cur-2")), page(5, null, "ent_f")]]);
  const after = (...expansions: Expansion[]) => restsOf(own, { ...NOTHING_DONE, expansions }, answers);
  expect(after()).toEqual(own);
  expect(after(expansion())).toEqual([...own, { subject: "ent_a", kinds: "HOLDS", after: "cur-1_", left: 3 }]);
  expect(after(expansion(), expansion("cur-1_"))).toEqual([...own, { subject: "ent_a", kinds: "HOLDS", after: "cur-2", left: 1 }]);
  expect(after(expansion(), expansion("cur-1_"), expansion("cur-2"))).toEqual(own);
  const left = (count: number, cursor: string, chosen: number) => [...own, { subject: "ent_a", kinds: "HOLDS", after: cursor, left: count, chosen }];
  const one = expansion("cur-1_", 50, "ent_d"), far = expansion("cur-2", 50, "ent_f");
  answers.set(keyOf(one), page(5, null, "ent_d", "ent_e", "ent_f")).set(keyOf(far), page(5, null, "ent_f"));
  expect(after(expansion(), one)).toEqual(left(2, "cur-1_", 1));
  expect(after(expansion(), one, expansion("cur-1_"))).toEqual([...own, { subject: "ent_a", kinds: "HOLDS", after: "cur-2", left: 1 }]);
  expect(after(expansion(), expansion("cur-1_"), far)).toEqual(own);
});

test("of a page only what was chosen comes, with its lines to the subject", () => {
  const found = chosen(page(5, null, "ent_b", "ent_c").subgraph, { subject: "ent_a", only: ["ent_c"] });
  expect([found.nodes.map((each) => each.id), found.edges.map((each) => each.source)]).toEqual([["ent_a", "ent_c"], ["ent_c"]]);
});

test("steps are no other question; a day is, and today is the day of a link without one", () => {
  const place = { view: "picture", id: "ent_a" };
  expect(sameQuestion(place, { ...place, ...writeSteps(done), asOf: "2026-01-01" }, "2026-01-01")).toBe(true);
  expect(sameQuestion(place, { ...place, asOf: "2025-01-01" }, "2026-01-01")).toBe(false);
  expect(sameQuestion(place, { ...place, id: "ent_b" }, "2026-01-01")).toBe(false);
});

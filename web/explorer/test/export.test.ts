// @vitest-environment node
import { beforeAll, expect, test, vi } from "vitest";
import type { Scene } from "../src/scene";

let files: typeof import("../src/export");
let words: typeof import("../src/draw");
let scenes: typeof import("../src/scene");

beforeAll(async () => {
  // The modules measure text by a canvas when there is a page; here there is none, and none is needed.
  vi.stubGlobal("document", { createElement: () => ({ getContext: () => null }), documentElement: {} });
  [files, words, scenes] = await Promise.all([import("../src/export"), import("../src/draw"), import("../src/scene")]);
});

const scene = (): Scene => ({
  ...scenes.EMPTY,
  nodes: [{ __typename: "Person", id: "p", name: "=HYPERLINK(1)" }, { __typename: "Enterprise", id: "e", name: '甲,"乙"' }],
  edges: [{ id: "x", kind: "HOLDS", source: "p", target: "e", label: "", share: "51", validity: { from: "2020-01-01", until: null } }],
  hidden: new Set(["e"]),
  pinned: new Map([["p", { x: 1, y: 2 }]]),
});

test("a cell is never a formula, and quotes and commas survive", () => {
  expect(["=1", "+1", "-1", "@x", "a", 'a"b', "a,b", null].map((each) => files.cell(each))).toEqual(["'=1", "'+1", "'-1", "'@x", "a", '"a""b"', '"a,b"', ""]);
});

test("the files for spreadsheets and Gephi begin with a mark and name their columns", () => {
  const written = files.toCsv({ ...scene(), hidden: new Set() });
  expect(written.nodes).toBe('\uFEFFId,Label,Kind,State\r\np,\'=HYPERLINK(1),Person,\r\ne,"甲,""乙""",Enterprise,\r\n');
  expect(written.edges).toBe("\uFEFFSource,Target,Type,Id,Label,Kind,Share,From,Until\r\np,e,Directed,x,51 %,HOLDS,51,2020-01-01,\r\n");
});

test("what was saved opens as it was; anything else is refused", () => {
  expect(files.fromJson(files.toJson(scene(), "2025-06-01"))).toEqual({ scene: scene(), asOf: "2025-06-01" });
  for (const wrong of ["{}", "[]", '{"format":"creditgraph-picture-1","nodes":[],"edges":[{"source":"a","target":"b"}]}', "no"]) {
    expect(() => files.fromJson(wrong)).toThrow();
  }
});

test("Chinese wraps between words, and what is cut says so", () => {
  const width = (text: string): number => text.length;
  expect(words.wrap("杭州市人民政府国有资产监督管理委员会", 9, 3, width).join("")).toBe("杭州市人民政府国有资产监督管理委员会");
  expect(words.wrap("江门甲贸易有限公司开平分公司", 6, 2, width)[1].endsWith("…")).toBe(true);
});

test("a long line of the footer is broken, never cut; ideographs take the room of two letters", () => {
  expect(files.broken("abcdef", 20)).toEqual(["abc", "def"]);
  expect(files.broken("江门ab", 24)).toEqual(["江门", "ab"]);
  expect(files.broken("", 24)).toEqual([""]);
});

import { expect, test } from "vitest";
import { arrange } from "../src/arrange";
import { border, keep, withPins } from "../src/layout";

const box = (id: string) => ({ id, width: 100, height: 40 });
const line = (id: string, source: string, target: string) => ({ id, source, target, labelWidth: 30 });

test("holders stand above what they hold; parallel, returning and own lines all keep a route", () => {
  const lines = [line("1", "a", "b"), line("2", "a", "b"), line("3", "b", "a"), line("4", "b", "b")];
  const found = arrange({ boxes: [box("a"), box("b")], lines, direction: "TB" });
  expect(found.places.get("a")!.y).toBeLessThan(found.places.get("b")!.y);
  expect([...found.lines.keys()]).toEqual(["1", "2", "3", "4"]);
  for (const { points } of found.lines.values()) expect(points.length).toBeGreaterThan(1);
  expect(found.lines.get("1")!.label).not.toEqual(found.lines.get("2")!.label);
});

test("no two boxes overlap, and the clicked one stays where it was", () => {
  const boxes = Array.from({ length: 60 }, (_, index) => box(`n${index}`));
  const lines = boxes.slice(1).map((each, index) => line(each.id, `n${Math.floor(index / 3)}`, each.id));
  const found = keep(arrange({ boxes, lines, direction: "TB" }), "n7", { x: 5, y: 6 });
  expect(found.places.get("n7")).toEqual({ x: 5, y: 6 });
  const places = [...found.places.values()];
  for (const [index, a] of places.entries()) {
    for (const b of places.slice(index + 1)) expect(Math.abs(a.x - b.x) >= 100 || Math.abs(a.y - b.y) >= 40).toBe(true);
  }
});

for (const direction of ["TB", "LR"] as const) {
  test(`many that hang from one alone stand in rows, each with its own line and label (${direction})`, () => {
    const leaves = Array.from({ length: 30 }, (_, index) => box(`n${index}`));
    const boxes = [box("hub"), ...leaves, box("far")];
    const lines = [
      ...leaves.map((each, index) => (index < 10 ? line(each.id, each.id, "hub") : line(each.id, "hub", each.id))),
      line("twice", "n12", "hub"),
      line("far", "hub", "far"),
    ];
    const found = arrange({ boxes, lines, direction });
    expect([...found.places.keys()].sort()).toEqual(boxes.map((each) => each.id).sort());
    expect([...found.lines.keys()].sort()).toEqual(lines.map((each) => each.id).sort());
    const places = [...found.places.values()];
    for (const [index, a] of places.entries()) {
      for (const b of places.slice(index + 1)) expect(Math.abs(a.x - b.x) >= 100 || Math.abs(a.y - b.y) >= 40).toBe(true);
    }
    const along = (id: string): number => found.places.get(id)![direction === "TB" ? "y" : "x"];
    for (const [index, each] of leaves.entries()) expect(along(each.id) < along("hub")).toBe(index < 10);
    for (const { source, target, id } of lines) {
      const { points } = found.lines.get(id)!;
      expect([points[0], points.at(-1)]).toEqual(id === "far" ? [points[0], points.at(-1)] : [found.places.get(source), found.places.get(target)]);
    }
    const labels = lines.map(({ id }) => found.lines.get(id)!.label);
    for (const [index, a] of labels.entries()) {
      for (const b of labels.slice(index + 1)) expect(Math.abs(a.x - b.x) >= 30 || Math.abs(a.y - b.y) >= 18).toBe(true);
      for (const b of places) expect(Math.abs(a.x - b.x) >= 50 || Math.abs(a.y - b.y) >= 20).toBe(true);
    }
    expect(found.width / found.height).toBeGreaterThan(0.5);
    expect(found.width / found.height).toBeLessThan(3);
  });
}

test("a pinned box is where it was put, its lines with it", () => {
  const lines = [line("1", "a", "b")];
  const found = withPins(arrange({ boxes: [box("a"), box("b")], lines, direction: "LR" }), new Map([["b", { x: 900, y: 700 }]]), lines);
  expect(found.places.get("b")).toEqual({ x: 900, y: 700 });
  expect(found.lines.get("1")!.points.at(-1)).toEqual({ x: 900, y: 700 });
});

test("lines end at the border of a box", () => {
  expect(border({ x: 0, y: 0, width: 100, height: 40 }, { x: 0, y: 200 })).toEqual({ x: 0, y: 20 });
  expect(border({ x: 0, y: 0, width: 100, height: 40 }, { x: 500, y: 0 })).toEqual({ x: 50, y: 0 });
});

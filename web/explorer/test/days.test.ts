import { expect, test } from "vitest";
import { byKind } from "../src/counts";
import { dayFrom } from "../src/days";

test("the next day is that of the nearest change, and by one day where none is known", () => {
  const changes = ["2020-01-01", "2021-06-30"];
  expect([dayFrom("2020-06-01", 1, changes), dayFrom("2020-06-01", -1, changes)]).toEqual(["2021-06-30", "2020-01-01"]);
  expect([dayFrom("2021-06-30", 1, changes), dayFrom("2020-01-01", -1, changes)]).toEqual([null, null]);
  expect(dayFrom("2020-01-01", -1, changes, true)).toBe("2019-12-31"); // older changes are not known: there may be one
  expect([dayFrom("2024-02-28", 1, []), dayFrom("2024-03-01", -1, [])]).toEqual(["2024-02-29", "2024-02-29"]);
});

test("a kind of relation is one number, which is what opens", () => {
  const count = (kind: string, forward: boolean, label: string, many: number) => ({ kind, forward, label, count: many, capped: false });
  const counts = [count("HOLDS", true, "对外投资", 1), count("HOLDS", false, "股东", 2), count("ABOUT", false, "信用记录", 0)];
  expect(byKind(counts).map(({ kind, label, count: many }) => [kind, label, many])).toEqual([["HOLDS", "对外投资 / 股东", 3]]);
});

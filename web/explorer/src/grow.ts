// How a picture grows: what was there glides to its new place, what comes opens out of what was asked for (200 ms).
// It must not know why it grew. A reader who wants no motion sees none.

import type { Point } from "./layout";

const MILLISECONDS = 200;
const MOST = 150; // of more boxes a frame takes longer than 16 ms, and nobody follows them

export function grow(viewport: SVGElement, before: ReadonlyMap<string, Point>, after: ReadonlyMap<string, Point>, origin: Point): void {
  const boxes = [...viewport.querySelectorAll<SVGGElement>("[data-id]")];
  if (boxes.length > MOST || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const how = { duration: MILLISECONDS, easing: "ease-out" };
  for (const box of boxes) {
    const id = box.dataset.id ?? "";
    const [, x, y] = /translate\((\S+) (\S+)\)/.exec(box.getAttribute("transform") ?? "") ?? [];
    const now = after.get(id);
    if (!now || x === undefined) continue;
    const was = before.get(id);
    const from = was ?? origin;
    const shift = { x: from.x - now.x, y: from.y - now.y };
    if (was && Math.abs(shift.x) + Math.abs(shift.y) < 1) continue;
    const transform = [`translate(${Number(x) + shift.x}px, ${Number(y) + shift.y}px)`, `translate(${x}px, ${y}px)`];
    box.animate(was ? { transform } : { transform, opacity: [0, 1] }, how);
  }
  viewport.querySelector(".lines")?.animate({ opacity: [0, 1] }, how);
}

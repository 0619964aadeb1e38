// Where things stand and how lines run, as plain values, and what a reader's hand changes about it: the eye keeps its place.
// It must not know how a layout is found (arrange.ts, in a worker) nor drawn.

export interface Box {
  id: string;
  width: number;
  height: number;
}

export interface Line {
  id: string;
  source: string;
  target: string;
  labelWidth: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Layout {
  places: Map<string, Point>;
  lines: Map<string, { points: Point[]; label: Point }>;
  width: number;
  height: number;
}

export interface Wish {
  boxes: Box[];
  lines: Line[];
  direction: "TB" | "LR";
}

/** The layout moved so that one thing stays where it was: the eye keeps its place. */
export function keep(layout: Layout, id: string | null, before: Point | undefined): Layout {
  const now = id === null ? undefined : layout.places.get(id);
  if (!now || !before) return layout;
  const [dx, dy] = [before.x - now.x, before.y - now.y];
  const move = ({ x, y }: Point): Point => ({ x: x + dx, y: y + dy });
  return {
    ...layout,
    places: new Map([...layout.places].map(([key, at]) => [key, move(at)])),
    lines: new Map([...layout.lines].map(([key, line]) => [key, { points: line.points.map(move), label: move(line.label) }])),
  };
}

/** Pinned things where they were put; the lines that touch them run straight. */
export function withPins(layout: Layout, pins: ReadonlyMap<string, Point>, lines: readonly Line[]): Layout {
  if (!pins.size) return layout;
  const places = new Map(layout.places);
  for (const [id, at] of pins) if (places.has(id)) places.set(id, at);
  const routed = new Map(layout.lines);
  for (const { id, source, target } of lines) {
    const [from, to] = [places.get(source), places.get(target)];
    if (!from || !to || !(pins.has(source) || pins.has(target))) continue;
    routed.set(id, { points: [from, to], label: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 } });
  }
  return { ...layout, places, lines: routed };
}

/** From the centre of a box towards a point, where its border is crossed. */
export function border(box: Point & { width: number; height: number }, towards: Point): Point {
  const [dx, dy] = [towards.x - box.x, towards.y - box.y];
  if (dx === 0 && dy === 0) return { x: box.x, y: box.y };
  const scale = Math.min(
    dx === 0 ? Infinity : box.width / 2 / Math.abs(dx),
    dy === 0 ? Infinity : box.height / 2 / Math.abs(dy),
  );
  return { x: box.x + dx * Math.min(1, scale), y: box.y + dy * Math.min(1, scale) };
}

// Many things that hang from one alone stand in rows, as a block of their own: in one layer thirty of them are a strip that
// nobody can read. It must not know how all else is arranged, nor draw.

import type { Box, Layout, Line, Point, Wish } from "./layout";

const LAYER = 8; // so many beside each other can be read
const SHAPE = 1.6; // width to height of a block, about that of a screen
const GUTTER = 28; // between the boxes of a row: where the lines run
const LABEL = 18; // px, the height of one
const BEND = 20; // px a curve takes
const ROOM = 24; // px between a label and what is above and below it

/** `before`: above what they hang from (left of it, where layers go from left to right). */
interface Block {
  id: string;
  parent: string;
  before: boolean;
  leaves: Box[];
  across: number; // how many in a row
  box: Size; // the largest of them
  gap: number; // along the layers, for the labels of a row
}

/** Along the layers and across them: whichever way they go, all else is said in these. */
interface Size {
  across: number;
  along: number;
}

const swap = (direction: Wish["direction"], { x, y }: Point): Size => (direction === "TB" ? { across: x, along: y } : { across: y, along: x });
const back = (direction: Wish["direction"], { across, along }: Size): Point => (direction === "TB" ? { x: across, y: along } : { x: along, y: across });

/** The wish with a box for each block in place of what is in it, and the blocks. */
export function gather(wish: Wish): { wish: Wish; blocks: Block[] } {
  const of = lineLists(wish.lines);
  const groups = new Map<string, Box[]>();
  for (const box of wish.boxes) {
    const lines = of.get(box.id) ?? [];
    const ends = new Set(lines.map((line) => (line.source === box.id ? line.target : line.source)));
    const [parent] = ends;
    if (ends.size !== 1 || parent === box.id) continue;
    const key = JSON.stringify([parent, lines[0].source === box.id]);
    groups.set(key, [...(groups.get(key) ?? []), box]);
  }
  const blocks: Block[] = [];
  for (const [key, leaves] of groups) {
    if (leaves.length <= LAYER) continue;
    const [parent, before] = JSON.parse(key) as [string, boolean];
    const lines = leaves.map((leaf) => of.get(leaf.id)!);
    const sizes = leaves.map(({ width, height }) => swap(wish.direction, { x: width, y: height }));
    const box = { across: Math.max(...sizes.map((each) => each.across)), along: Math.max(...sizes.map((each) => each.along)) };
    const gap = ROOM + (wish.direction === "TB"
      ? LABEL * Math.max(...lines.map((each) => each.length))
      : Math.max(...lines.flat().map((each) => each.labelWidth)));
    const shape = (wish.direction === "TB" ? SHAPE : 1 / SHAPE) * (box.along + gap) / (box.across + GUTTER);
    blocks.push({ id: `block ${key}`, parent, before, leaves, across: Math.ceil(Math.sqrt(leaves.length * shape)), box, gap });
  }
  if (!blocks.length) return { wish, blocks };
  const taken = new Set(blocks.flatMap((block) => block.leaves.map((leaf) => leaf.id)));
  const boxes = blocks.map((block) => {
    const { x: width, y: height } = back(wish.direction, extent(block));
    return { id: block.id, width, height };
  });
  const lines = blocks.map(({ id, parent, before }) => ({ id, source: before ? id : parent, target: before ? parent : id, labelWidth: 1 }));
  return {
    wish: {
      ...wish,
      boxes: [...wish.boxes.filter((box) => !taken.has(box.id)), ...boxes],
      lines: [...wish.lines.filter((line) => !taken.has(line.source) && !taken.has(line.target)), ...lines],
    },
    blocks,
  };
}

/** The layout with the things of each block in place of its box, and their lines: down a gutter, then to the thing. */
export function spread(layout: Layout, blocks: readonly Block[], wish: Wish): Layout {
  if (!blocks.length) return layout;
  const [places, routes] = [new Map(layout.places), new Map(layout.lines)];
  const of = lineLists(wish.lines);
  for (const block of blocks) {
    const [whole, middle] = [extent(block), swap(wish.direction, layout.places.get(block.id)!)];
    const start = { across: middle.across - whole.across / 2, along: middle.along - whole.along / 2 };
    const away = block.before ? 1 : -1; // from a thing towards what it hangs from
    places.delete(block.id);
    routes.delete(block.id);
    for (const [index, leaf] of block.leaves.entries()) {
      const [row, place] = [Math.floor(index / block.across), index % block.across];
      const at = {
        across: start.across + GUTTER + place * (block.box.across + GUTTER) + block.box.across / 2,
        along: start.along + row * (block.box.along + block.gap) + (block.before ? 0 : block.gap) + block.box.along / 2,
      };
      places.set(leaf.id, back(wish.direction, at));
      const side = at.along + (away * block.box.along) / 2;
      for (const [turn, line] of of.get(leaf.id)!.entries()) {
        const gutter = at.across - (block.box.across + GUTTER) / 2 + turn * 4;
        const [enter, leave] = [side + away * (block.gap - ROOM / 2), block.before ? start.along + whole.along : start.along];
        const turning = away * Math.min(BEND, Math.abs(leave - enter) / 3); // a curve is straight between points of one gutter
        const bends = [enter, enter + turning, leave - turning, leave].map((along) => ({ across: gutter, along }));
        const points = [places.get(leaf.id)!, ...bends.map((each) => back(wish.direction, each)), layout.places.get(block.parent)!];
        const label = wish.direction === "TB"
          ? { across: at.across, along: side + away * (ROOM / 2 + LABEL * (turn + 0.5)) }
          : { across: at.across + LABEL * (turn - (of.get(leaf.id)!.length - 1) / 2), along: side + away * (block.gap / 2) };
        routes.set(line.id, { points: line.source === leaf.id ? points : points.reverse(), label: back(wish.direction, label) });
      }
    }
  }
  return { ...layout, places, lines: routes };
}

function extent({ leaves, across, box, gap }: Block): Size {
  return { across: across * (box.across + GUTTER) + GUTTER, along: Math.ceil(leaves.length / across) * (box.along + gap) };
}

function lineLists(lines: readonly Line[]): Map<string, Line[]> {
  const of = new Map<string, Line[]>();
  for (const line of lines) for (const id of new Set([line.source, line.target])) of.set(id, [...(of.get(id) ?? []), line]);
  return of;
}

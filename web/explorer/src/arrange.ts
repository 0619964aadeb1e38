// Finds a layout: dagre, layered, the lines routed around the boxes and their labels placed.
// It must not touch the page: it runs in a worker, so that the page goes on answering keys.

import { Graph, layout } from "@dagrejs/dagre";
import { gather, spread } from "./block";
import type { Layout, Point, Wish } from "./layout";

export function arrange(whole: Wish): Layout {
  const { wish, blocks } = gather(whole);
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: wish.direction, nodesep: 28, ranksep: 56, edgesep: 14, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of wish.boxes) graph.setNode(id, { width, height });
  for (const { id, source, target, labelWidth } of wish.lines) {
    graph.setEdge(source, target, { width: labelWidth, height: 18, labelpos: "c" }, id);
  }
  layout(graph);
  const places = new Map(wish.boxes.map(({ id }) => [id, { x: graph.node(id).x as number, y: graph.node(id).y as number }]));
  const lines = new Map(
    wish.lines.map(({ id, source, target }) => {
      const found = graph.edge(source, target, id) as { points: Point[]; x?: number; y?: number };
      const middle = found.points[Math.floor(found.points.length / 2)];
      return [id, { points: found.points, label: { x: found.x ?? middle.x, y: found.y ?? middle.y } }] as const;
    }),
  );
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return spread({ places, lines, width, height }, blocks, whole);
}

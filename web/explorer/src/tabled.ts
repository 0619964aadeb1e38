// The picture as tables: the same things and lines, for whoever reads better than he looks. It must not know the questions.

import { button, h, table } from "./dom";
import { labelOf, titleOf } from "./draw";
import { visible, type Scene } from "./scene";
import { span, stateOf, t, v } from "./words";

export function tabled(scene: Scene, open: (id: string) => void): HTMLElement {
  const { nodes, edges } = visible(scene);
  const names = new Map(nodes.map((node) => [node.id, titleOf(node)]));
  const openable = (id: string): HTMLElement => button(names.get(id) ?? id, () => open(id), { class: "link" });
  return h("div", {},
    h("h3", {}, `${t("lines")} (${edges.length})`),
    table([t("from"), t("relations"), t("to"), t("period")], edges.map((edge) => [openable(edge.source), labelOf(edge), openable(edge.target), span(edge.validity)]), t("lines")),
    h("h3", {}, `${t("nodes")} (${nodes.length})`),
    table([t("name"), t("kind"), t("state")], nodes.map((node) => [openable(node.id), v(node.recordKind ?? node.__typename), stateOf(node)]), t("nodes")));
}

// «另有 N 个…»: the rest of an expansion as a table to choose from, a page at a time. It must not know what is done with the chosen.

import { Problem } from "./api";
import { type Context, thing } from "./context";
import { button, h, show } from "./dom";
import { labelOf, titleOf } from "./draw";
import { EXPAND } from "./queries";
import { isSubject } from "./link";
import type { Expansion, Page, Rest } from "./steps";
import type { Edge, Named } from "./types";
import { language, others, span, t, v } from "./words";

const ROWS = 50; // of the rest that are read at once

export function expansionOf(rest: Rest, first: number): Expansion {
  return { subject: rest.subject, kinds: rest.kinds, first, after: rest.after, only: [] };
}

export async function askExpansion(context: Context, { subject, kinds, first, after }: Expansion): Promise<Page> {
  const variables = { id: subject, relations: kinds ? kinds.split("-") : null, first, after: after || null, asOf: context.asOf || null, lang: language() };
  const { data } = await context.ask<{ expand: Page | null }>(EXPAND, variables);
  if (!data.expand) throw new Problem("NOT_FOUND", t("notFound"));
  return data.expand;
}

/** A dialog with the rest; `take` is given what was chosen, page by page, and how it was answered. */
export async function chooseRest(context: Context, title: string, rest: Rest, room: number, take: (chosen: [Expansion, Page][]) => void): Promise<void> {
  const pages: [Expansion, Page][] = [];
  const chosen = new Set<string>();
  const rows = h("tbody");
  const left = h("p", { class: "muted", role: "status" });
  const limit = h("p", { class: "warning", role: "alert" });
  const add = button(t("addChosen"), () => {
    take(pages.map(([expansion, page]): [Expansion, Page] => {
      const only = page.subgraph.nodes.map((node) => node.id).filter((id) => id !== rest.subject && chosen.has(id));
      return [{ ...expansion, only }, page];
    }).filter(([expansion]) => expansion.only.length));
    dialog.close();
  }, { class: "primary", disabled: true });
  const more = button(t("more"), () => void next());
  const dialog = h("dialog", { class: "wide", "aria-labelledby": "rest-title" },
    h("h2", { id: "rest-title" }, title), left, limit,
    h("div", { class: "scroll rest", tabindex: 0, role: "region", "aria-label": title },
      h("table", {}, h("thead", {}, h("tr", {}, [t("inPicture"), t("name"), t("relations"), t("period")].map((head) => h("th", { scope: "col" }, head)))), rows)),
    h("p", { class: "actions" }, add, more, button(t("close"), () => dialog.close())));
  dialog.addEventListener("close", () => dialog.remove());
  const pick = (id: string, on: boolean): void => {
    if (on) chosen.add(id);
    else chosen.delete(id);
    limit.textContent = chosen.size > room ? `${t("limit")} (${Math.max(0, room)})` : "";
    add.disabled = chosen.size === 0 || chosen.size > room;
  };
  const row = (node: Named, edge: Edge): HTMLElement => {
    const box = h("input", { type: "checkbox", "aria-label": `${t("inPicture")}: ${titleOf(node)}`, change: () => pick(node.id, box.checked) });
    return h("tr", {}, h("td", {}, box), h("td", {}, thing(context, node)), h("td", {}, labelOf(edge)), h("td", {}, span(edge.validity)));
  };
  let after = rest.after;
  let unseen = rest.left + (rest.chosen ?? 0);
  const next = async (): Promise<void> => {
    const expansion = expansionOf({ ...rest, after }, ROWS);
    more.disabled = true;
    try {
      const page = await askExpansion(context, expansion);
      pages.push([expansion, page]);
      const nodes = new Map(page.subgraph.nodes.map((node) => [node.id, node]));
      for (const edge of page.subgraph.edges) {
        const far = nodes.get(edge.source === rest.subject ? edge.target : edge.source);
        if (far) rows.append(row(far, edge));
      }
      after = page.pageInfo.endCursor ?? "";
      unseen = Math.max(0, unseen - page.subgraph.edges.length);
      more.hidden = !page.pageInfo.hasNextPage;
      more.disabled = false;
      left.textContent = more.hidden ? "" : others(unseen);
    } catch (error) {
      dialog.close();
      context.fail(error);
    }
  };
  await next();
  if (!pages.length) return;
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if ((event.target as Element).closest("a")) dialog.close();
  });
  dialog.showModal();
}

/** What a picture is too small for, to open one by one. */
export function listOver(context: Context, over: readonly Named[]): void {
  const dialog = h("dialog", { class: "wide", "aria-labelledby": "over-title" });
  show(dialog, h("h2", { id: "over-title" }, others(over.length)), h("p", {}, t("limit")),
    h("ul", { class: "scroll rest", tabindex: 0 }, over.map((node) => h("li", {}, thing(context, node), h("span", { class: "badge" }, v(isSubject(node.__typename) ? node.__typename : node.recordKind ?? node.__typename))))),
    h("p", { class: "actions" }, button(t("close"), () => dialog.close())));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if ((event.target as Element).closest("a")) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
}

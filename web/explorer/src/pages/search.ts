// The first page and the list of what a search found.

import { type Context, cutNote, thing } from "../context";
import { button, h, section } from "../dom";
import { SEARCH, VIEWER } from "../queries";
import type { Named, Truncation } from "../types";
import { language, stateOf, t, v } from "../words";

interface Hit {
  matched: string;
  snippet: string | null;
  node: Named & { region?: Named | null };
}

interface Found {
  search: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    truncated: Truncation | null;
    edges: Hit[];
  };
}

export async function home(context: Context): Promise<Element[]> {
  await context.ask(VIEWER, {});
  const lead = h("p", { class: "lead" }, t("lead"));
  const links = (["bids", "links", "departments", "board"] as const).map((view) =>
    h("a", { class: "tile", href: context.href(view) }, view === "board" ? `${t("lists")} · ${t("groups")}` : t(view)),
  );
  return [h("div", { class: "home" }, h("h1", {}, t("title")), lead, h("nav", { class: "tiles", "aria-label": t("title") }, links))];
}

export async function results(context: Context): Promise<Element[]> {
  const text = context.place.q ?? "";
  const more = (after: string | null) =>
    context.ask<Found>(SEARCH, { text, first: 20, after, asOf: context.place.asOf || null, lang: language() });
  const { data } = await more(null);
  const { search } = data;
  if (!search.edges.length) {
    return [h("h1", {}, `${t("noResult")} «${text}»`), h("p", {}, t("noResultHint"))];
  }
  const list = h("ol", { class: "hits" }, search.edges.map((hit) => row(context, hit)));
  let { pageInfo } = search;
  const next = button(t("more"), () => {
    next.disabled = true;
    more(pageInfo.endCursor).then((answer) => {
      next.disabled = false;
      list.append(...answer.data.search.edges.map((hit) => row(context, hit)));
      pageInfo = answer.data.search.pageInfo;
      next.hidden = !pageInfo.hasNextPage;
    }, (error: unknown) => {
      next.disabled = false;
      context.fail(error);
    });
  });
  next.hidden = !pageInfo.hasNextPage;
  return [h("h1", {}, `${t("search")}: ${text}`), section(`${t("search")} (${search.totalCount})`, cutNote(search.truncated), list, next)];
}

function row(context: Context, hit: Hit): HTMLElement {
  const { node } = hit;
  return h(
    "li",
    {},
    h("div", { class: "hit" }, thing(context, node), h("span", { class: "badge" }, v(node.recordKind ?? node.__typename))),
    h("div", { class: "muted" }, [node.region?.name, node.status ? stateOf(node) : null, `${t("matched")}: ${v(hit.matched)}`, hit.snippet].filter(Boolean).join(" · ")),
  );
}

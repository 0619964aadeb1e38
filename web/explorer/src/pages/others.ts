// Pages of lists, key groups, regions, departments and of single relations: no id in any answer is a dead end.

import { Problem } from "../api";
import { type Context, thing } from "../context";
import { h, section } from "../dom";
import { paged, recordHeads, recordRow } from "../lists";
import { BOARD, DEPARTMENTS, NODE } from "../queries";
import type { Named, Page } from "../types";
import { language, percent, span, stateOf, t, v } from "../words";

export async function node(context: Context): Promise<Element[]> {
  const { id } = context.place;
  const page = async (after: string | null): Promise<any> => {
    const { data } = await context.ask<{ node: any }>(NODE, { id, first: 20, after, asOf: context.place.asOf || null, lang: language() });
    return data.node;
  };
  const found = await page(null);
  if (!found) throw new Problem("NOT_FOUND", t("notFound"));
  const facts: [string, any][] = [
    [t("owner"), found.owner && thing(context, found.owner)],
    [v("PART_OF"), found.parent && thing(context, found.parent)],
    [t("name"), found.person ? thing(context, found.person) : found.holder ? thing(context, found.holder) : null],
    [t("post"), v(found.post)],
    [t("share"), percent(found.share)],
    [t("party"), found.organization && thing(context, found.organization)],
    [t("period"), found.validity && span(found.validity)],
    [t("document"), found.number],
  ];
  const card = h(
    "section",
    { class: "card" },
    h("div", { class: "muted" }, v(found.polarity) || v(found.__typename)),
    h("h1", {}, found.name ?? found.profession ?? v(found.post ?? found.__typename)),
    h("dl", {}, facts.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
  );
  const entries = found.entries as Page<any> | undefined;
  const members = found.members as Page<Named> | undefined;
  const list = entries
    ? paged(context, { title: t("entries"), heads: [t("about"), ...recordHeads()], row: (each) => [each.subjects.map((one: Named) => thing(context, one)), ...recordRow(context, each)], more: async (after) => (await page(after)).entries }, entries)
    : members
      ? paged(context, { title: t("members"), heads: [t("name"), t("kind")], row: (each) => [thing(context, each), v(each.__typename)], more: async (after) => (await page(after)).members }, members)
      : null;
  return [card, ...(list ? [list] : [])];
}

export async function board(context: Context): Promise<Element[]> {
  type Board = { lists: (Named & { owner: Named | null })[]; keyGroups: Named[] };
  const { data } = await context.ask<Board>(BOARD, { asOf: context.place.asOf || null, lang: language() });
  const kinds = ["BLACK", "WATCH", "RED"].map((polarity) => {
    const lists = data.lists.filter((each) => each.polarity === polarity);
    return section(`${v(polarity)} (${lists.length})`, h("ul", {}, lists.map((each) => h("li", {}, thing(context, each), each.owner ? " · " : "", thing(context, each.owner)))));
  });
  const groups = section(`${t("groups")} (${data.keyGroups.length})`, h("ul", { class: "tight" }, data.keyGroups.map((each) => h("li", {}, thing(context, each)))));
  return [h("h1", {}, `${t("lists")} · ${t("groups")}`), h("div", { class: "columns" }, h("div", { class: "main" }, kinds), h("div", { class: "side" }, groups))];
}

export async function departments(context: Context): Promise<Element[]> {
  const page = async (after: string | null): Promise<Page<Named>> =>
    (await context.ask<{ departments: Page<Named> }>(DEPARTMENTS, { after, asOf: context.place.asOf || null, lang: language() })).data.departments;
  return [h("h1", {}, t("departments")), paged(context, { title: t("departments"), heads: [t("name"), t("state")], row: (each) => [thing(context, each), stateOf({ status: each.status })], more: page }, await page(null))];
}

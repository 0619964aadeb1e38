// The page of a record: what was decided, about whom, published when; whom it reaches, with the picture.

import { Problem } from "../api";
import { type Context, thing, things } from "../context";
import { h } from "../dom";
import { RECORD } from "../queries";
import type { Basis, Check, Named, Period, Subgraph } from "../types";
import { language, money, penalty, span, t, v } from "../words";
import { basisText } from "./findings";
import { explained } from "./why";

interface Found extends Named {
  decidedOn: string | null;
  effective: Period;
  offence: Period | null;
  published: Period | null;
  basis: Basis[];
  subjects: Named[];
  department: Named | null;
  responsible: { capacity: string; decidedOn: string | null; person: Named }[] | null;
  provenance: { source: string; recordedAt: string };
  withheld: string[];
  list?: Named;
  facts?: string | null;
  content?: string | null;
  reason?: string | null;
  fine?: string | null;
  types?: string[];
}

export async function record(context: Context): Promise<Element[]> {
  const { id } = context.place;
  type Reach = Omit<Check, "outcome"> & { subgraph: Subgraph };
  const { data } = await context.ask<{ record: Found | null; reach: Reach | null }>(RECORD, { id, asOf: context.place.asOf || null, lang: language() });
  const found = data.record;
  if (!found) throw new Problem("NOT_FOUND", t("notFound"));
  const ends: [string, unknown][] = [["REVOKED", found.revokedOn], ["SET_ASIDE", found.setAsideOn], ["LIFTED", found.liftedOn], ["REPAIRED", found.repairedOn]];
  const facts: [string, any][] = [
    [t("document"), found.documentNumber],
    [t("about"), things(context, found.subjects)],
    [t("department"), found.department ? thing(context, found.department) : null],
    [t("decided"), found.decidedOn],
    [t("period"), span(found.effective)],
    [t("published"), found.published ? span(found.published) : t("notPublished")],
    ...ends.map(([state, on]): [string, unknown] => [v(state), on]),
    [v("ListEntry"), found.list ? thing(context, found.list) : null],
    [t("offence"), found.offence ? span(found.offence) : null],
    [t("content"), [found.types?.map(penalty).join("、"), found.content, found.facts, found.reason, found.fine ? `${t("fine")} ${money(found.fine)}` : null, found.confiscated ? `${t("confiscated")} ${money(String(found.confiscated))}` : null].filter(Boolean).join("; ")],
    [t("basis"), basisText(found.basis)],
    [t("responsible"), found.responsible === null ? t("hiddenHere") : found.responsible.map((each) => h("div", {}, thing(context, each.person), ` ${v(each.capacity)} ${each.decidedOn ?? ""}`))],
    [t("source"), found.provenance.source],
    [t("withheld"), found.withheld.join(", ")],
  ];
  const card = h(
    "section",
    { class: "card" },
    h("div", { class: "muted" }, v(found.recordKind)),
    h("h1", {}, found.summary || found.documentNumber || v(found.recordKind)),
    h("p", {}, h("span", { class: `badge ${found.state}` }, v(found.state))),
    h("dl", {}, facts.filter(([, value]) => (Array.isArray(value) ? value.length : value)).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
  );
  const { reach } = data;
  if (!reach) return [card];
  const reaches = reach.measures.length || reach.potential?.length || context.place.n !== undefined;
  return [card, await explained(context, reach, reaches ? reach.subgraph : named(found), "record")];
}

/** Whom a record that reaches nobody names: the picture is not the record alone. */
function named(found: Found): Pick<Subgraph, "nodes" | "edges"> {
  const ends = [...found.subjects.map((each) => ["ABOUT", each] as const), ...(found.department ? [["ISSUED_BY", found.department] as const] : [])];
  const edges = ends.map(([kind, { id }]) => ({ id: `${kind} ${id}`, kind, source: found.id, target: id, label: "", share: null }));
  return { nodes: [found, ...ends.map(([, each]) => each)], edges };
}

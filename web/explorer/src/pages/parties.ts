// Names or codes that a person pastes, made into subjects once, when they are handed in: the link then holds their ids.
// What is not found or not unique is said, never guessed.

import type { Context } from "../context";
import { h, show } from "../dom";
import { RESOLVE, VIEWER } from "../queries";
import type { Named } from "../types";
import { language, t } from "../words";

interface Resolved {
  text: string;
  matched: Named[];
}

const MISSING = "-";
const SEVERAL = "--";

export interface Asked {
  ids: string[];
  notes: HTMLElement[];
}

export function texts(pasted: string): string[] {
  return [...new Set(pasted.split(/[\n\r;\uFF1B]+/).map((line) => line.trim()).filter(Boolean))];
}

async function resolved(context: Context, asked: string[]): Promise<string> {
  const { data } = await context.ask<{ resolve: Resolved[] }>(RESOLVE, { texts: asked, asOf: context.place.asOf || null, lang: language() });
  return data.resolve.map(({ matched }) => (matched.length === 1 ? matched[0].id : matched.length ? SEVERAL : MISSING)).join("*");
}

/** The subjects of the link, a line of the pasted text each; a link with texts alone has them resolved first. */
export async function parties(context: Context): Promise<Asked> {
  const asked = texts(context.place.p ?? "");
  if (asked.length < 2) {
    await context.ask(VIEWER, {}); // who asks, and which day it is, stand on an empty form too
    return { ids: [], notes: [] };
  }
  let ids = (context.place.ids ?? "").split("*");
  if (ids.length !== asked.length || ids.includes(MISSING) || ids.includes(SEVERAL)) { // who asks now may see more
    const found = await resolved(context, asked);
    context.note({ ids: found }, "replace");
    ids = found.split("*");
  }
  const notes = asked.flatMap((text, index) => {
    if (ids[index] === MISSING) return [h("p", { class: "warning" }, `${t("unresolved")}: ${text}`)];
    if (ids[index] !== SEVERAL) return [];
    return [h("p", { class: "warning" }, `${text}: ${t("ambiguous")} `, h("a", { href: context.href("search", { q: text }) }, t("search")))];
  });
  const same = [...new Set(ids)].filter((id) => id !== MISSING && id !== SEVERAL && ids.indexOf(id) !== ids.lastIndexOf(id));
  notes.push(...same.map((id) => h("p", { class: "warning" }, `${t("sameSubject")}: ${asked.filter((_, index) => ids[index] === id).join(" = ")}`)));
  return { ids: [...new Set(ids.filter((id) => id !== MISSING && id !== SEVERAL))], notes };
}

/** A text area and what follows from it; what was pasted stands in the address. */
export function pasteForm(context: Context, label: string, most: number, action: string, ...more: (HTMLElement | null)[]): HTMLFormElement {
  const area = h("textarea", { id: "parties", rows: 4, spellcheck: false }, context.place.p ?? "");
  const said = h("p", { class: "warning", role: "alert" });
  const form = h(
    "form",
    {
      class: "card form",
      submit: (event: Event) => {
        event.preventDefault();
        const asked = texts(area.value);
        show(said, asked.length > most ? `${t("tooMany").replace("50", String(most))} ${asked.length}` : asked.length < 2 ? t("twoAtLeast") : "");
        if (asked.length > most || asked.length < 2) return;
        const fields = Object.fromEntries([...new FormData(form).entries()].map(([name, value]) => [name, String(value)]));
        resolved(context, asked).then((ids) => context.go(context.place.view, { p: asked.join("\n"), ids, ...fields, ...joined(form) }), context.fail);
      },
    },
    h("p", {}, h("label", { for: "parties" }, label), area),
    more,
    said,
    h("p", {}, h("button", { type: "submit", class: "primary" }, action)),
  );
  return form;
}

function joined(form: HTMLFormElement): Record<string, string> {
  const kinds = new FormData(form).getAll("kinds");
  return kinds.length ? { kinds: kinds.join("-") } : {};
}

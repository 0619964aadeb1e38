// Names or codes that a person pastes, made into subjects; what is not found or not unique is said, never guessed.

import { type Context } from "../context";
import { h } from "../dom";
import { RESOLVE } from "../queries";
import type { Named } from "../types";
import { language, t } from "../words";

interface Resolved {
  text: string;
  matched: Named[];
}

export interface Parties {
  found: { text: string; subject: Named }[];
  notes: HTMLElement[];
}

export function texts(pasted: string): string[] {
  return [...new Set(pasted.split(/[\n\r;;]+/).map((line) => line.trim()).filter(Boolean))];
}

export async function parties(context: Context, asked: string[]): Promise<Parties> {
  const { data } = await context.ask<{ resolve: Resolved[] }>(RESOLVE, { texts: asked, asOf: context.asOf || null, lang: language() });
  const single = data.resolve.filter((each) => each.matched.length === 1);
  const missing = data.resolve.filter((each) => each.matched.length === 0);
  const several = data.resolve.filter((each) => each.matched.length > 1);
  return {
    found: single.map((each) => ({ text: each.text, subject: each.matched[0] })),
    notes: [
      ...missing.map((each) => h("p", { class: "warning" }, `${t("unresolved")}: ${each.text}`)),
      ...several.map((each) => h("p", { class: "warning" }, `${each.text}: ${t("ambiguous")} `, each.matched.map((one) => h("a", { href: context.href("subject", { id: one.id }) }, ` ${one.id}`)))),
    ],
  };
}

/** A text area and what follows from it; what was pasted stands in the address. */
export function pasteForm(context: Context, label: string, most: number, action: string): HTMLElement {
  const area = h("textarea", { id: "parties", rows: 4, spellcheck: false }, context.place.p ?? "");
  const said = h("p", { class: "warning", role: "alert" });
  return h(
    "form",
    {
      class: "card form",
      submit: (event: Event) => {
        event.preventDefault();
        const many = texts(area.value).length;
        if (many > most) said.textContent = `${t("tooMany").replace("50", String(most))} ${many}`;
        else if (many > 1) context.go(context.place.view, { p: texts(area.value).join("\n") });
      },
    },
    h("p", {}, h("label", { for: "parties" }, label), area),
    said,
    h("p", {}, h("button", { type: "submit", class: "primary" }, action)),
  );
}

// The buttons above a picture and the table of its keys, both from one list of what can be done. It must not know what is drawn.

import { button, h } from "./dom";
import { t } from "./words";

export interface Action {
  label: string;
  key?: string; // pressed while the picture has the focus
  run(): void;
  ofNode?: boolean; // stands with the chosen thing instead of above the picture
  subjectsOnly?: boolean;
  keyOnly?: boolean;
  pressed?(id: string): boolean;
}

const SIGNS: Record<string, string> = { "+": "+", "-": "−", "?": "?" };

export function toolbar(actions: readonly Action[]): HTMLElement {
  const made = (each: Action): HTMLElement =>
    button(SIGNS[each.key ?? ""] ?? each.label, each.run, { "aria-keyshortcuts": each.key, "aria-label": each.label, title: each.key ? `${each.label} (${each.key})` : each.label });
  const shown = actions.filter((each) => !each.ofNode && !each.keyOnly);
  return h("div", { class: "tools", role: "toolbar", "aria-label": t("tools") },
    shown.filter((each) => each.key && each.key !== "?").map(made), h("span", { class: "gap" }), shown.filter((each) => !each.key || each.key === "?").map(made));
}

export function keysDialog(actions: readonly Action[]): void {
  const fixed: [string, string][] = [["/", t("search")], ["← ↑ → ↓", t("move")]];
  const rows = [...fixed, ...actions.flatMap((each): [string, string][] => (each.key ? [[each.key, each.label]] : []))];
  const dialog = h("dialog", { "aria-labelledby": "keys-title" },
    h("h2", { id: "keys-title" }, t("keys")), h("p", { class: "muted" }, t("keysHint")),
    h("table", { class: "keys" }, h("tbody", {}, rows.map(([key, label]) => h("tr", {}, h("th", { scope: "row" }, h("kbd", {}, key)), h("td", {}, label))))),
    h("p", { class: "actions" }, button(t("close"), () => dialog.close(), { autofocus: true })));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

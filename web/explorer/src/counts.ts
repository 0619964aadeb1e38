// How many relations a thing has, as they are shown and opened: by kind. It must not know where they are shown.

import type { RelationCount } from "./types";

/** Both directions of a kind as one number, which is what opens when it is chosen; kinds without any are left out. */
export function byKind(counts: readonly RelationCount[]): RelationCount[] {
  const kinds = new Map<string, RelationCount>();
  for (const each of counts) {
    if (!each.count) continue;
    const known = kinds.get(each.kind);
    const label = known && known.label !== each.label ? `${known.label} / ${each.label}` : each.label;
    kinds.set(each.kind, { ...each, label, count: each.count + (known?.count ?? 0), capped: each.capped || (known?.capped ?? false) });
  }
  return [...kinds.values()];
}

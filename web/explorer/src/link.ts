// The state of the page in its address: everything that another person must see when he opens the same link.
// It must not know what a page shows; a token never gets here.

export type Place = Readonly<Record<string, string>>;

export function parse(search: string): Place {
  return Object.fromEntries(new URLSearchParams(search));
}

export function address(place: Place): string {
  const kept = Object.entries(place).filter(([, value]) => value !== "");
  return kept.length ? `?${new URLSearchParams(kept)}` : location.pathname;
}

// What a reader does to a picture, and which of its paths is lit: the page's own question is the same.
const SOFT = new Set(["x", "h", "pin", "mark", "at", "i", "t", "file"]);

/** Whether two addresses ask the server the same; no day is today. */
export function sameQuestion(one: Place, other: Place, today: string): boolean {
  const asked = (place: Place): string =>
    JSON.stringify(Object.entries({ ...place, asOf: place.asOf || today }).filter(([name, value]) => value && !SOFT.has(name)).sort());
  return asked(one) === asked(other);
}

/** Another page for the same date and language. */
export function to(place: Place, view: string, more: Place = {}): Place {
  const kept: Record<string, string> = { view };
  for (const name of ["asOf", "lang"]) if (place[name]) kept[name] = place[name];
  return { ...kept, ...more };
}

const VIEWS: Record<string, string> = { CreditList: "list", KeyGroup: "group", Region: "region" };
const SUBJECTS = new Set([
  "Enterprise", "Person", "PublicInstitution", "SocialOrganization", "GovernmentBody", "OtherOrganization",
]);
const LINES = new Set(["Post", "Holding", "Qualification"]);

export function viewOf(typename: string): string {
  if (VIEWS[typename]) return VIEWS[typename];
  if (SUBJECTS.has(typename)) return "subject";
  return LINES.has(typename) ? "node" : "record";
}

export function isSubject(typename: string): boolean {
  return SUBJECTS.has(typename);
}

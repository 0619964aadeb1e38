// What the pages read of the API's answers (docs/frontend.md); dates and decimals stay strings, as they come.

export interface Named {
  __typename: string;
  id: string;
  name?: string;
  summary?: string | null;
  documentNumber?: string | null;
  recordKind?: string;
  state?: string;
  status?: string | null;
  polarity?: string;
  certificate?: string;
  profession?: string;
  relationCounts?: RelationCount[];
  note?: string; // said beside its kind
  [field: string]: unknown;
}

export interface Period {
  from: string | null;
  until: string | null;
}

export interface RelationCount {
  kind: string;
  forward: boolean;
  label: string;
  count: number;
  capped: boolean;
}

export interface Step {
  position: number;
  start: Named;
  end: Named;
  relation: string;
  forward: boolean;
  post: string | null;
  share: string | null;
  proves: string;
  edge: string | null;
  validity: Period;
  provenance: { source: string };
}

export interface Basis {
  document: string;
  article: string | null;
}

export interface RuleNote {
  id: string;
  part: string | null;
  version: string;
  title: string;
  confidence: string;
  basis: Basis[];
}

export interface Measure {
  key: string;
  party: Named;
  definition: { code: string; title: string; effect: string };
  certainty: string;
  from: string;
  until: string | null;
  end: string;
  rule: RuleNote;
  basis: Basis[];
  path: Step[];
  gaps: { explanation: string }[];
  cause: Named;
}

export interface Considered {
  rule: RuleNote;
  party: Named;
  cause: Named;
  failed: string;
  explanation: string;
  path: Step[];
}

export interface Truncation {
  reason: string;
  omitted: number | null;
  lowerBound: boolean;
}

export interface Edge {
  id: string;
  kind: string;
  source: string;
  target: string;
  label: string;
  share: string | null;
  validity?: Period;
  derived?: boolean;
}

export interface Subgraph {
  nodes: Named[];
  edges: Edge[];
  truncated: Truncation | null;
}

export interface Warning {
  code: string;
  message: string;
}

export interface Check {
  outcome: string;
  complete: boolean;
  measures: Measure[];
  potential: Measure[] | null;
  considered: Considered[] | null;
  warnings: Warning[];
  truncated: Truncation | null;
}

export interface Page<T> {
  nodes: T[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

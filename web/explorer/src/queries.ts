// The page's GraphQL documents, one a view. They must fit the public's limits: 15 aliases, 2,000 tokens, a cost of 5,000.

// A name inherits the day from the field around it: with an argument it would conflict with names that take none.
const NAMES = `
fragment Thing on Node {
  __typename
  id
  ... on Subject { name status }
  ... on CreditRecord { summary(lang: $lang) documentNumber recordKind state }
  ... on CreditList { name polarity }
  ... on KeyGroup { name }
  ... on Region { name }
  ... on Qualification { profession number }
}`;

const STEPS = `
fragment Steps on PathStep {
  position relation forward post share edge
  proves(lang: $lang)
  validity { from until }
  provenance { source }
  start { ...Thing }
  end { ...Thing }
}`;

const RULE = `
fragment RuleNote on Rule { id part version confidence title(lang: $lang) basis { document article } }`;

const MEASURES = `
fragment Measures on Measure {
  key certainty from until end
  party { ...Thing }
  cause { ...Thing }
  definition { code effect title(lang: $lang) }
  rule { ...RuleNote }
  basis { document article }
  gaps { explanation(lang: $lang) }
  path { ...Steps }
}`;

const FOUND = `
  complete
  measures { ...Measures }
  potential { ...Measures }
  considered {
    failed
    explanation(lang: $lang)
    rule { ...RuleNote }
    party { ...Thing }
    cause { ...Thing }
    path { ...Steps }
  }
  warnings { code message(lang: $lang) }
  truncated { reason omitted lowerBound }`;

const GRAPH = `
fragment Graph on Subgraph {
  nodes { ...Thing ... on Subject { relationCounts(asOf: $asOf) { kind forward count capped label(lang: $lang) } } }
  edges { id kind source target share derived label(lang: $lang) validity { from until } }
  truncated { reason omitted lowerBound }
}`;

const RECORDS = `
fragment Records on CreditRecordConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes { ...Thing decidedOn published(asOf: $asOf) { from until } effective { from until } }
}`;

const POSTS = `
fragment Posts on PostConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes { id post validity { from until } person { ...Thing } organization { ...Thing } }
}`;

const HOLDINGS = `
fragment Holdings on HoldingConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes { id share validity { from until } holder { ...Thing } organization { ...Thing } }
}`;

const EVENTS = `
fragment Events on TimelineConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes { on kind summary(lang: $lang) node { ...Thing } }
}`;

const DATED = "$asOf: Date, $lang: Language!";

export const VIEWER = `query Viewer { viewer { role } }`;

export const SEARCH = `query Search(${DATED}, $text: String!, $first: Int!, $after: String) {
  viewer { role }
  search(text: $text, first: $first, after: $after, asOf: $asOf) {
    totalCount
    pageInfo { hasNextPage endCursor }
    truncated { reason omitted lowerBound }
    edges { matched snippet node { ...Thing ... on Subject { region(asOf: $asOf) { ...Thing } } } }
  }
}${NAMES}`;

export const SUGGEST = `query Suggest(${DATED}, $text: String!) {
  search(text: $text, first: 8, asOf: $asOf) { edges { matched snippet node { ...Thing } } }
}${NAMES}`;

export const SUBJECT = `query Subject(${DATED}, $id: String!, $subject: ID!) {
  viewer { role }
  check(subject: $subject, asOf: $asOf) { outcome ${FOUND} }
  subject(identifier: $id, asOf: $asOf) {
    ...Thing
    kind
    formerIds
    withheld
    region(asOf: $asOf) { ...Thing }
    identifiers(asOf: $asOf) { scheme value masked validity { from until } }
    formerNames { name validity { from until } }
    relationCounts(asOf: $asOf) { kind forward count capped label(lang: $lang) }
    possiblySame { reasons subject { ...Thing } }
    records(first: 10, orderBy: [{ field: DECIDED_ON, direction: DESC }], asOf: $asOf) { ...Records }
    investments(first: 10, asOf: $asOf) { ...Holdings }
    timeline(first: 20) { ...Events }
    ... on Organization {
      posts(first: 10, asOf: $asOf) { ...Posts }
      shareholders(first: 10, asOf: $asOf) { ...Holdings }
      branches(first: 10, asOf: $asOf) { totalCount pageInfo { hasNextPage endCursor } nodes { ...Thing } }
      parent(asOf: $asOf) { ...Thing }
    }
    ... on Person {
      posts(first: 10, asOf: $asOf) { ...Posts }
      keyGroups(asOf: $asOf) { ...Thing }
      qualifications(asOf: $asOf) { id profession validity { from until } }
    }
    ... on Enterprise { address(asOf: $asOf) registeredCapital(asOf: $asOf) established }
    ... on GovernmentBody { issued(first: 10, asOf: $asOf) { ...Records } }
  }
}${NAMES}${STEPS}${RULE}${MEASURES}${RECORDS}${POSTS}${HOLDINGS}${EVENTS}`;

const more = (selection: string, ...fragments: string[]): string => `query More(${DATED}, $id: String!, $after: String) {
  subject(identifier: $id, asOf: $asOf) { id ${selection} }
}${NAMES}${fragments.join("")}`;

/** The next page of each list of a subject. */
export const MORE_RECORDS = more("records(first: 20, after: $after, orderBy: [{ field: DECIDED_ON, direction: DESC }], asOf: $asOf) { ...Records }", RECORDS);
export const MORE_INVESTMENTS = more("investments(first: 20, after: $after, asOf: $asOf) { ...Holdings }", HOLDINGS);
export const MORE_EVENTS = more("timeline(first: 20, after: $after) { ...Events }", EVENTS);
export const MORE_POSTS = more("... on Organization { posts(first: 20, after: $after, asOf: $asOf) { ...Posts } } ... on Person { posts(first: 20, after: $after, asOf: $asOf) { ...Posts } }", POSTS);
export const MORE_SHAREHOLDERS = more("... on Organization { shareholders(first: 20, after: $after, asOf: $asOf) { ...Holdings } }", HOLDINGS);
export const MORE_BRANCHES = more("... on Organization { branches(first: 20, after: $after, asOf: $asOf) { totalCount pageInfo { hasNextPage endCursor } nodes { ...Thing } } }");
export const MORE_ISSUED = more("... on GovernmentBody { issued(first: 20, after: $after, asOf: $asOf) { ...Records } }", RECORDS);

export const RECORD = `query Record(${DATED}, $id: ID!) {
  viewer { role }
  record(id: $id, asOf: $asOf) {
    ...Thing
    decidedOn revokedOn setAsideOn liftedOn repairedOn circumstances withheld
    effective { from until }
    offence { from until }
    published(asOf: $asOf) { from until }
    basis { document article }
    subjects { ...Thing }
    department { ...Thing }
    responsible(asOf: $asOf) { capacity decidedOn person { ...Thing } }
    provenance { source recordedAt }
    ... on Penalty { types facts content fine confiscated }
    ... on ListEntry { reason list { ...Thing } }
  }
  reach(record: $id, asOf: $asOf) { ${FOUND} subgraph { ...Graph } }
}${NAMES}${STEPS}${RULE}${MEASURES}${GRAPH}`;

export const CHECK = `query Check(${DATED}, $id: ID!) {
  viewer { role }
  check(subject: $id, asOf: $asOf) { outcome subject { ...Thing } ${FOUND} }
}${NAMES}${STEPS}${RULE}${MEASURES}`;

export const NODE = `query Thing(${DATED}, $id: ID!, $first: Int!, $after: String) {
  viewer { role }
  node(id: $id, asOf: $asOf) {
    ...Thing
    ... on CreditList {
      owner { ...Thing }
      entries(first: $first, after: $after, asOf: $asOf) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { ...Thing decidedOn published(asOf: $asOf) { from until } effective { from until } subjects { ...Thing } }
      }
    }
    ... on KeyGroup {
      members(first: $first, after: $after, asOf: $asOf) { totalCount pageInfo { hasNextPage endCursor } nodes { ...Thing } }
    }
    ... on Region { code level parent { ...Thing } }
    ... on Post { post validity { from until } person { ...Thing } organization { ...Thing } }
    ... on Holding { share validity { from until } holder { ...Thing } organization { ...Thing } }
    ... on Qualification { validity { from until } person { ...Thing } }
  }
}${NAMES}`;

export const BOARD = `query Board($lang: Language!) { viewer { role } lists { ...Thing owner { ...Thing } } keyGroups { ...Thing } }${NAMES}`;

export const DEPARTMENTS = `query Departments(${DATED}, $after: String) {
  viewer { role }
  departments(first: 50, after: $after, asOf: $asOf) { totalCount pageInfo { hasNextPage endCursor } nodes { ...Thing } }
}${NAMES}`;

export const EXPAND = `query Expand(${DATED}, $id: ID!, $relations: [RelationKind!], $first: Int!, $after: String) {
  expand(subject: $id, relations: $relations, first: $first, after: $after, asOf: $asOf) {
    totalCount
    pageInfo { hasNextPage endCursor }
    subgraph { ...Graph }
  }
}${NAMES}${GRAPH}`;

export const AROUND = `query Around(${DATED}, $id: ID!, $identifier: String!, $relations: [RelationKind!], $first: Int!, $other: Date, $comparing: Boolean!) {
  viewer { role }
  subject(identifier: $identifier, asOf: $asOf) { ...Thing formerIds timeline(last: 100) { totalCount nodes { on } } }
  expand(subject: $id, relations: $relations, first: $first, asOf: $asOf) {
    totalCount
    pageInfo { hasNextPage endCursor }
    subgraph { ...Graph }
  }
  before: expand(subject: $id, relations: $relations, first: $first, asOf: $other) @include(if: $comparing) {
    pageInfo { hasNextPage }
    subgraph {
      nodes { ...Thing }
      edges { id kind source target share derived label(lang: $lang) validity { from until } }
    }
  }
}${NAMES}${GRAPH}`;

export const WHAT_IF = `query WhatIf(${DATED}, $id: String!, $subject: ID!, $changes: [HypothesisInput!]!, $supposing: Boolean!) {
  viewer { role }
  whatIf(subject: $subject, changes: $changes, asOf: $asOf) @include(if: $supposing) {
    before { outcome }
    after { outcome complete warnings { code message(lang: $lang) } }
    appeared { ...Measures }
    vanished { ...Measures }
  }
  subject(identifier: $id, asOf: $asOf) {
    ...Thing
    records(first: 50, asOf: $asOf) { ...Records }
    investments(first: 50, asOf: $asOf) { ...Holdings }
    ... on Organization { posts(first: 50, asOf: $asOf) { ...Posts } }
    ... on Person { posts(first: 50, asOf: $asOf) { ...Posts } }
  }
}${NAMES}${STEPS}${RULE}${MEASURES}${RECORDS}${HOLDINGS}${POSTS}`;

export const RESOLVE = `query Resolve(${DATED}, $texts: [String!]!) {
  resolve(texts: $texts, asOf: $asOf) { text by matched { ...Thing } }
}${NAMES}`;

export const OWNERSHIP = `query Ownership(${DATED}, $id: ID!, $identifier: String!) {
  viewer { role }
  subject(identifier: $identifier, asOf: $asOf) {
    id
    ... on Organization {
      controllers(asOf: $asOf) { basis voting ultimate subject { ...Thing } }
      beneficialOwners(asOf: $asOf) { basis integrated voting person { ...Thing } }
    }
  }
  ownership(subject: $id, asOf: $asOf) {
    subject { ...Thing }
    integrated { owner { ...Thing } owned { ...Thing } direct integrated voting }
    subgraph { ...Graph }
    warnings { code message(lang: $lang) }
  }
}${NAMES}${GRAPH}`;

export const LINKS = `query Links(${DATED}, $between: [ID!]!, $paths: Int!, $relations: [RelationKind!], $minShare: Decimal) {
  viewer { role }
  links(between: $between, paths: $paths, relations: $relations, minShare: $minShare, asOf: $asOf) {
    paths { from { ...Thing } to { ...Thing } length steps { ...Steps } }
    subgraph { ...Graph }
    warnings { code message(lang: $lang) }
  }
}${NAMES}${STEPS}${GRAPH}`;

export const BIDS = `query Bids(${DATED}, $bidders: [ID!]!) {
  viewer { role }
  bidders: nodes(ids: $bidders, asOf: $asOf) { ...Thing }
  bidConflicts(bidders: $bidders, asOf: $asOf) {
    certainty
    rule { ...RuleNote }
    bidders { ...Thing }
    path { ...Steps }
  }
}${NAMES}${STEPS}${RULE}`;

// Reads the demo world through the cache of docs/frontend.md and prints what that cache then answers, as JSON.
import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { cacheOf, clientOf } from './client.js';
import { firmOnDay } from './firm.js';
import { FirmOnDayDocument, FirmsDocument, MayHeBeAppointedDocument } from './gql/graphql.js';
import possible from './possible-types.js';

declare const process: { argv: string[] };
const [, , uri = '', token = ''] = process.argv;
const FIRM = '91440700YY00001677';
const DAYS = ['2020-01-01', '2026-01-01'];

let requests = 0;
const asked = globalThis.fetch;
globalThis.fetch = (...call) => {
  requests += 1;
  return asked(...call);
};

async function twoDates() {
  const client = clientOf(uri);
  for (const day of DAYS) await firmOnDay(client, FIRM, day);
  const before = requests;
  const firms = await Promise.all(DAYS.map((day) => firmOnDay(client, FIRM, day)));
  const kept = DAYS.map((asOf) => client.readQuery({ query: FirmOnDayDocument, variables: { identifier: FIRM, asOf } }));
  return {
    ids: new Set(firms.map((firm) => firm?.id)).size,
    names: firms.map((firm) => firm?.name),
    read: kept.map((each) => each?.enterprise?.name),
    representatives: firms.map((firm) => firm?.legalRepresentatives.edges.map(({ node }) => node.person.name)),
    requests: requests - before,
  };
}

// What the guide warns of: the date only around, not on the field.
async function withoutVariables() {
  const client = clientOf(uri);
  const query = gql`query ($identifier: String!, $asOf: Date) { enterprise(identifier: $identifier, asOf: $asOf) { id name } }`;
  for (const asOf of DAYS) await client.query({ query, variables: { identifier: FIRM, asOf } });
  return DAYS.map(
    (asOf) => client.readQuery<{ enterprise: { name: string } }>({ query, variables: { identifier: FIRM, asOf } })?.enterprise.name,
  );
}

async function pages(asOf: string, first: number) {
  const client = clientOf(uri);
  const query = { query: FirmsDocument, variables: { first, asOf } };
  let page = (await client.query(query)).data?.enterprises?.pageInfo;
  const watched = client.watchQuery(query);
  const stop = watched.subscribe(() => undefined);
  await watched.fetchMore({ variables: { after: page?.endCursor } }); // an impatient user: the second page twice
  let turned = 1;
  while (page?.hasNextPage) {
    page = (await watched.fetchMore({ variables: { after: page.endCursor } })).data?.enterprises?.pageInfo;
    turned += 1;
  }
  const other = await client.query({ query: FirmsDocument, variables: { first: 100, asOf: '2009-01-01' } });
  const merged = client.readQuery(query)?.enterprises;
  stop.unsubscribe();
  return {
    turned,
    names: merged?.edges.map(({ node }) => node.name),
    otherDay: other.data?.enterprises?.edges.map(({ node }) => node.name),
  };
}

async function rules(cache = cacheOf()) {
  const client = new ApolloClient({ link: clientOf(uri, token).link, cache });
  const variables = { subject: 'world:demo:sun', asOf: '2025-06-01' };
  await client.query({ query: MayHeBeAppointedDocument, variables });
  const check = client.readQuery({ query: MayHeBeAppointedDocument, variables })?.check;
  return {
    applied: check?.measures.map(({ rule }) => [rule.id, rule.version]),
    considered: check?.considered?.map(({ rule }) => [rule.id, rule.version]),
  };
}

console.log(
  JSON.stringify({
    twoDates: await twoDates(),
    withoutVariables: await withoutVariables(),
    pages: await pages('2026-01-01', 4),
    rules: await rules(),
    rulesAsEntities: await rules(new InMemoryCache({ possibleTypes: possible.possibleTypes })),
  }),
);

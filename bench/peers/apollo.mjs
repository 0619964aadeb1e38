// @neo4j/graphql behind Apollo Server as their guides show it, over the labels of our graph. It must not know our API.
// Bolt address, login and port come from the environment; "ready" is said on standard output.

import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { Neo4jGraphQL } from "@neo4j/graphql";
import neo4j from "neo4j-driver";

const { BOLT, LOGIN, PASSWORD, DATABASE, PORT } = process.env;

const typeDefs = `#graphql
  type Enterprise @node(labels: ["Entity", "Enterprise"]) {
    id: ID!
    name: String!
    nameFold: String
    status: String
    form: String
    established: String
    address: String
    snapFrom: String
    snapTo: String
    records: [Record!]! @relationship(type: "ABOUT", direction: IN)
    shareholders: [Party!]! @relationship(type: "HOLDS", direction: IN, properties: "Holding")
  }
  type Organization @node(labels: ["Organization"]) { id: ID! }
  type Department @node(labels: ["Department"]) { id: ID! }
  type Person @node(labels: ["Entity", "Person"]) { id: ID! }
  type Party @node(labels: ["Entity"]) {
    id: ID!
    name: String
    investments: [Party!]! @relationship(type: "HOLDS", direction: OUT, properties: "Holding")
  }
  type Holding @relationshipProperties { id: ID! share: Int from: String to: String }
  type Record @node(labels: ["Entity", "Record"]) {
    id: ID!
    kind: String!
    documentNumber: String
    decidedOn: String
    decidedOrder: String
    day: String
    publicFrom: String
    publicTo: String
    subjects: [Party!]! @relationship(type: "ABOUT", direction: OUT)
  }
  union Thing = Enterprise | Record | Person
`;

const driver = neo4j.driver(BOLT, neo4j.auth.basic(LOGIN, PASSWORD));
const features = { filters: { String: { LT: true, LTE: true, GT: true, GTE: true } } }; // our days are texts
const schema = await new Neo4jGraphQL({ typeDefs, driver, features }).getSchema();
const server = new ApolloServer({ schema, introspection: false });
await startStandaloneServer(server, {
  listen: { host: "127.0.0.1", port: Number(PORT) },
  context: async () => ({ sessionConfig: { database: DATABASE } }),
});
console.log("ready");

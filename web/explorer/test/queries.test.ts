// @vitest-environment node
import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { expect, test } from "vitest";
import * as queries from "../src/queries";

const schema = buildSchema(readFileSync(new URL("../../../schema/schema.graphql", import.meta.url), "utf-8"));
const lists = ["records", "investments", "timeline", "posts", "shareholders", "branches", "issued"];
const documents = [
  ...Object.entries(queries).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  ...lists.map((list): [string, string] => [list, queries.morePage(list)]),
];

test.each(documents)("%s is a document of the schema", (_, document) => {
  expect(validate(schema, parse(document)).map((error) => error.message)).toEqual([]);
});

test.each(documents)("%s fits what the public may send", (_, document) => {
  expect(document.length).toBeLessThan(15_000);
});

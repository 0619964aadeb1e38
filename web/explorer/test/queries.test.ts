// @vitest-environment node
import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { expect, test } from "vitest";
import * as queries from "../src/queries";

const schema = buildSchema(readFileSync(new URL("../../../schema/schema.graphql", import.meta.url), "utf-8"));
const documents = Object.entries(queries);

test.each(documents)("%s is a document of the schema", (_, document) => {
  expect(validate(schema, parse(document)).map((error) => error.message)).toEqual([]);
});

test.each(documents)("%s fits what the public may send", (_, document) => {
  expect(document.length).toBeLessThan(15_000);
});

test("every document asks one operation, and the names of operations differ but for pages", () => {
  const names = documents.map(([, document]) => {
    const operations = parse(document).definitions.filter((each) => each.kind === "OperationDefinition");
    expect(operations).toHaveLength(1);
    return operations[0].name?.value;
  });
  expect(names.filter((name) => name !== "More")).toEqual([...new Set(names)].filter((name) => name !== "More"));
});

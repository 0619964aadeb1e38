// The offline GraphiQL: it talks to /graphql of the server it came from and to nothing else.
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { createRoot } from "react-dom/client";

const EXAMPLE = `# 信用图谱 creditgraph: 谁被这项处罚波及,谁又没有? Who is reached by this penalty, and who is not?
# 在 Headers 中填写令牌 / paste a token under Headers: {"Authorization": "Bearer …"}
# 没有令牌即为公众 / without one you are the PUBLIC: published records only, no documentation pane.
query Reach {
  reach(record: "world:demo:r1") {
    complete
    measures {
      party { name }
      definition { title effect }
      certainty
      from
      until
      basis { document article }
      path { relation post proves }
    }
    considered { party { name } rule { id } failed explanation }
  }
}
`;

const root = document.getElementById("graphiql");
if (root === null) throw new Error("the page has no #graphiql");
createRoot(root).render(
  <GraphiQL fetcher={createGraphiQLFetcher({ url: "/graphql" })} defaultQuery={EXAMPLE} defaultHeaders="{}" defaultEditorToolsVisibility="headers" />,
);

// Starts GraphiQL with what the page says in its element #settings.
"use strict";

const settings = JSON.parse(document.getElementById("settings").textContent);

// GraphiQL's history has the headers of past requests, with their tokens: it lasts as long as the page.
const storage = GraphiQL.createLocalStorage({ namespace: "connectql" });
const keep = storage.setItem;
storage.setItem = (name, value) => {
  if (!/:(queries|favorites)$/.test(name)) {
    keep(name, value);
  }
};

const properties = {
  fetcher: GraphiQL.createFetcher({ url: settings.endpoint }),
  plugins: [GraphiQLPluginExplorer.explorerPlugin()],
  defaultQuery: "# Ctrl-Space completes, Ctrl-Enter runs.\n",
  defaultEditorToolsVisibility: "headers",
  storage,
  // For every tab, also for those that the browser remembers: it remembers them without their headers.
  defaultHeaders: settings.headers,
  shouldPersistHeaders: false,
};
if (settings.operations.length) {
  properties.defaultTabs = settings.operations.map((query) => ({ query }));
}

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, properties, React.createElement(GraphiQL.Logo, null, "ConnectQL")),
);

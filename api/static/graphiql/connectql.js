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

// For half a second after a change of tab GraphiQL still names the operation of the tab before.
const ask = GraphiQL.createFetcher({ url: settings.endpoint });
const fetcher = (params, options) => {
  const found = [...params.query.matchAll(/^\s*(?:query|mutation|subscription)\s+(\w+)/gm)];
  return ask(found.length === 1 ? { ...params, operationName: found[0][1] } : params, options);
};

const properties = {
  fetcher,
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

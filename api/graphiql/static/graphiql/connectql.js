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

const ask = GraphiQL.createFetcher({ url: settings.endpoint });
const fetcher = (params, { headers = {}, ...options }) => {
  // For half a second after a change of tab GraphiQL still names, and has parsed, the tab before: the text counts.
  const found = [...params.query.matchAll(/^\s*(query|mutation|subscription)\b\s*(\w*)/gm)];
  const [, kind, name] =
    found.length === 1 ? found[0] : (found.find(([, , name]) => name === params.operationName) ?? []);
  const chosen = name ? { ...params, operationName: name } : params;
  if (/\btext\/event-stream\b/.test(new Headers(headers).get("accept"))) {
    return watch(events(headers), chosen);
  }
  return kind === "subscription" ? watch(socket(headers), chosen) : ask(chosen, { headers, ...options });
};

// Each operation has a client of its own, and so the headers of the moment.
const watch = (client, params) => ({
  subscribe: (sink) => {
    const error = (problem) => sink.error(problem instanceof Event ? inWords(problem) : problem);
    return { unsubscribe: client.subscribe(params, { ...sink, error }) };
  },
});

// GraphiQL would show nothing of an event.
const inWords = ({ code, reason }) => ({ message: reason || "The WebSocket was refused or lost.", code });

// GraphiQL's own fetcher would try for a minute, in silence, to come back with a token that has expired.
const socket = (headers) =>
  graphqlWs.createClient({
    url: new URL(settings.endpoint, location.href).href.replace(/^http/, "ws"),
    connectionParams: headers,
    shouldRetry: ({ code }) => code === 1012, // the service restarts
  });

const events = (headers) =>
  graphqlSse.createClient({
    url: settings.endpoint,
    headers,
    fetchFn: async (...request) => {
      const answer = await fetch(...request);
      if (answer.ok) {
        return answer;
      }
      // A refusal is a result: this client would only try again.
      return new Response(`event: next\ndata: ${await answer.text()}\n\nevent: complete\n\n`);
    },
  });

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

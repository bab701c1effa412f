// Starts GraphiQL with the settings in the page's element #settings.
"use strict";

const settings = JSON.parse(document.getElementById("settings").textContent);

// GraphiQL's history contains request headers, which contain tokens, so it is not stored.
const storage = GraphiQL.createLocalStorage({ namespace: "connectql" });
const setItem = storage.setItem;
storage.setItem = (name, value) => {
  if (!/:(queries|favorites)$/.test(name)) {
    setItem(name, value);
  }
};

// The bar above GraphiQL shows how a visit to Stripe ended, and the link in the last answer.
const show = (text, url) => {
  const bar = document.getElementById("bar");
  bar.hidden = false;
  bar.replaceChildren(text);
  if (url) {
    const link = Object.assign(document.createElement("a"), { target: "_blank", rel: "noreferrer", href: url });
    link.textContent = new URL(url).host;
    bar.append(" ", link);
  }
  const close = Object.assign(document.createElement("button"), { textContent: "Close" });
  close.addEventListener("click", () => (bar.hidden = true));
  bar.append(close);
};

const arrived = new URLSearchParams(location.search);
const [merchant, status] = [arrived.get("merchant"), arrived.get("status")];
const inWebView = "Stripe's pages do not work in a web view. Open GraphiQL in a browser.";
const outcomes = {
  onboarding: {
    returned: status
      ? `Back from Stripe's form: ${merchant} is now ${status}. Run "MerchantStatus" for details.`
      : 'Back from Stripe\'s form. Run "MerchantStatus" to see the result.',
    expired: 'The onboarding link was used or has expired. Run "Onboard" for a new one.',
    web_view: inWebView,
  },
  dashboard: {
    expired: 'The link into the Dashboard was used or has expired. Run "OpenDashboard" for a new one.',
    web_view: inWebView,
  },
};
for (const [page, texts] of Object.entries(outcomes)) {
  if (Object.hasOwn(texts, arrived.get(page))) {
    show(texts[arrived.get(page)]);
    // A reload must not show the text again.
    history.replaceState(null, "", location.pathname);
  }
}

const request = GraphiQL.createFetcher({ url: settings.endpoint, enableIncrementalDelivery: false });
const ask = async (...parameters) => {
  const answer = await request(...parameters);
  const urls = Object.values(answer.data ?? {}).map((field) => field?.url ?? field?.loginUrl);
  const url = urls.find((one) => one);
  if (/^https?:\/\//.test(url)) {
    show("Open the link of this answer in a new tab:", url);
  }
  return answer;
};
const fetcher = (params, { headers = {}, ...options }) => {
  // For half a second after a change of tabs, GraphiQL still reports the operation of the previous tab.
  const operations = [...params.query.matchAll(/^\s*(query|mutation|subscription)\b\s*(\w*)/gm)];
  const [, kind, name] =
    operations.length === 1
      ? operations[0]
      : (operations.find(([, , name]) => name === params.operationName) ?? []);
  const chosen = name ? { ...params, operationName: name } : params;
  if (/\btext\/event-stream\b/.test(new Headers(headers).get("accept"))) {
    return watch(events(headers), chosen);
  }
  return kind === "subscription" ? watch(socket(headers), chosen) : ask(chosen, { headers, ...options });
};

// Each subscription uses a new client, and therefore the current headers.
const watch = (client, params) => ({
  subscribe: (sink) => {
    const error = (problem) => sink.error(problem instanceof Event ? describe(problem) : problem);
    return { unsubscribe: client.subscribe(params, { ...sink, error }) };
  },
});

// GraphiQL displays plain objects only.
const describe = ({ code, reason }) => ({ message: reason || "The WebSocket was refused or lost.", code });

// GraphiQL's own fetcher would silently retry with an expired token for a minute.
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
      // Otherwise the client would retry a refused request.
      return new Response(`event: next\ndata: ${await answer.text()}\n\nevent: complete\n\n`);
    },
  });

const properties = {
  fetcher,
  plugins: [GraphiQLPluginExplorer.explorerPlugin()],
  defaultQuery: "# Ctrl-Space completes, Ctrl-Enter runs.\n",
  defaultEditorToolsVisibility: "headers",
  storage,
  // Restored tabs are stored without headers, so they get these headers, too.
  defaultHeaders: settings.headers,
  shouldPersistHeaders: false,
};
if (settings.operations.length) {
  properties.defaultTabs = settings.operations.map((query) => ({ query }));
}

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, properties, React.createElement(GraphiQL.Logo, null, "ConnectQL")),
);

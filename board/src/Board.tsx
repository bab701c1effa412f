import { type LiveState, createConnection } from "@connectql/client";
import { Provider } from "@urql/preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Link, Route, Router, Switch, useLocation } from "wouter-preact";

import { PlatformDocument, PlatformLiveDocument, ViewerDocument } from "./__generated__/operations";
import { codeOf, createClient } from "./client";
import { Door } from "./Door";
import { Actions } from "./pages/Actions";
import { Disputes } from "./pages/Disputes";
import { Endpoints } from "./pages/Endpoints";
import { History } from "./pages/History";
import { Merchant } from "./pages/Merchant";
import { Merchants } from "./pages/Merchants";
import { Overview } from "./pages/Overview";
import { Payment } from "./pages/Payment";
import { Payments } from "./pages/Payments";
import { Payouts } from "./pages/Payouts";
import { Pipes } from "./pages/Pipes";
import { Notify } from "./parts/actions";
import { useInterval, useLive, useRead } from "./parts/live";
import { Mark } from "./parts/Mark";
import { Empty, Failure, Head, Loading } from "./parts/page";
import { Now, useClock } from "./parts/time";
import { PlatformContext, usePlatform } from "./platform";
import { type Session, SessionEnded, begin } from "./session";
import { settings } from "./settings";

/** Fields that announce no change are read at this interval, in seconds. */
const POLL_SECONDS = 20;

const PAGES = [
  ["/", "Overview"],
  ["/actions", "Who must act"],
  ["/merchants", "Merchants"],
  ["/payments", "Payments"],
  ["/disputes", "Disputes"],
  ["/payouts", "Payouts"],
  ["/pipes", "Pipes"],
  ["/endpoints", "Endpoints"],
  ["/history", "History"],
] as const;

const LIVE: Record<LiveState, string> = {
  idle: "Not live",
  connecting: "Connecting",
  live: "Live",
  lost: "Reconnecting",
};

export function Board({ session }: { session: Session }) {
  const connection = useMemo(createConnection, []);
  const client = useMemo(() => createClient(session.tokens, connection), [session]);
  const live = useSource(connection);
  const { error } = useSource(session.tokens);
  return (
    <Provider value={client}>
      <Now.Provider value={useClock()}>
        <Gate session={session} live={live} ended={error instanceof SessionEnded} />
      </Now.Provider>
    </Provider>
  );
}

/** The state of a source, which announces its changes. */
function useSource<State>(source: { state: () => State; subscribe: (listener: () => void) => () => void }): State {
  const [state, setState] = useState(source.state);
  useEffect(() => {
    const listen = () => setState(source.state);
    listen();
    return source.subscribe(listen);
  }, [source]);
  return state;
}

/** Shows the board, or the reason why the API does not let this caller see it. */
function Gate({ session, live, ended }: { session: Session; live: LiveState; ended: boolean }) {
  const [viewer] = useRead(ViewerDocument, {});
  const [{ data, error }, read] = useRead(PlatformDocument, {});
  useInterval(POLL_SECONDS, () => !ended && read());
  const signIn = () => void begin({ asSomeoneElse: true });
  const me = viewer.data?.viewer;

  if (codeOf(error) === "FORBIDDEN") {
    return (
      <Door title="Not allowed" action="Sign in as someone else" onAction={signIn}>
        <p>This board is for operators of the platform.</p>
        {me !== undefined && (
          <p>
            You are <strong>{me.subject}</strong>, and your role is <strong>{me.role.toLowerCase()}</strong>.
          </p>
        )}
      </Door>
    );
  }
  if (data === undefined && error !== undefined) {
    if (error.response?.status === 401) {
      return (
        <Door title="The API refuses your token" action="Sign in again" onAction={signIn}>
          <Failure error={error} />
        </Door>
      );
    }
    return (
      <main class="door">
        <Mark />
        <h1>No answer</h1>
        <Failure error={error} onRetry={read} />
      </main>
    );
  }
  if (data === undefined) {
    return (
      <main class="door">
        <Mark />
        <Loading />
      </main>
    );
  }
  return (
    <PlatformContext.Provider value={{ platform: data.platform, read }}>
      <Router base={settings.base}>
        <Frame
          who={me?.subject ?? ""}
          session={session}
          ended={ended}
          live={error === undefined ? live : "lost"}
        />
      </Router>
    </PlatformContext.Provider>
  );
}

function Frame(props: { who: string; session: Session; ended: boolean; live: LiveState }) {
  const { read } = usePlatform();
  useLive(PlatformLiveDocument, {}, read);
  const [notice, setNotice] = useState<{ text: string; failed: boolean } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const notify = useCallback((text: string, failed = false) => {
    clearTimeout(timer.current);
    setNotice({ text, failed });
    if (!failed) {
      timer.current = setTimeout(() => setNotice(null), 6_000);
    }
  }, []);
  useFocusOnNewPage();

  return (
    <Notify.Provider value={notify}>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <Menu {...props} />
      <main id="content" tabIndex={-1}>
        {props.ended && (
          <div class="bar" role="alert">
            <span>Your session has ended. The figures below no longer change.</span>
            <button type="button" class="primary" onClick={() => void begin()}>
              Sign in again
            </button>
          </div>
        )}
        <Switch>
          <Route path="/" component={Overview} />
          <Route path="/actions" component={Actions} />
          <Route path="/merchants" component={Merchants} />
          <Route path="/merchants/:externalId">
            {({ externalId }) => <Merchant key={externalId} externalId={externalId} />}
          </Route>
          <Route path="/payments" component={Payments} />
          <Route path="/payments/:id">{({ id }) => <Payment key={id} id={id} />}</Route>
          <Route path="/disputes" component={Disputes} />
          <Route path="/payouts" component={Payouts} />
          <Route path="/pipes" component={Pipes} />
          <Route path="/endpoints" component={Endpoints} />
          <Route path="/history" component={History} />
          <Route>
            <Head title="No such page" />
            <Empty>
              The board has no page with this address. <Link href="/">Overview</Link>
            </Empty>
          </Route>
        </Switch>
      </main>
      <div role="status">
        {notice !== null && (
          <div class={`notice ${notice.failed ? "failed" : ""}`}>
            <span>{notice.text}</span>
            <button type="button" aria-label="Close the message" onClick={() => setNotice(null)}>
              ×
            </button>
          </div>
        )}
      </div>
    </Notify.Provider>
  );
}

function Menu(props: { who: string; session: Session; live: LiveState; ended: boolean }) {
  const { platform } = usePlatform();
  const [path] = useLocation();
  const { signOut } = props.session;
  const counts: Record<string, number> = { "/": platform.problems.length, "/pipes": platform.webhooks.failed };
  return (
    <header class="menu">
      <Link href="/" class="name">
        <Mark />
        <span>ConnectQL</span>
      </Link>
      <nav aria-label="Pages of the board">
        {PAGES.map(([href, title]) => {
          const current = href === "/" ? path === "/" : path.startsWith(href);
          const number = counts[href] ?? 0;
          return (
            <Link key={href} href={href} aria-current={current ? "page" : undefined}>
              {title}
              {number > 0 && <span class="count">{number}</span>}
            </Link>
          );
        })}
      </nav>
      <div class="me">
        <span class={`connection ${props.ended ? "lost" : props.live}`} role="status">
          {props.ended ? "Ended" : LIVE[props.live]}
        </span>
        <span class="who" title={props.who}>
          {props.who}
        </span>
        {signOut !== null && (
          <button type="button" onClick={() => void signOut()}>
            Sign out
          </button>
        )}
      </div>
    </header>
  );
}

/** After a click on a link, the keyboard and screen readers begin at the new page's title. */
function useFocusOnNewPage(): void {
  const [path] = useLocation();
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    document.querySelector<HTMLElement>("main h1")?.focus();
  }, [path]);
}

import "./style.css";

import { render } from "preact";

import { Board } from "./Board";
import { Door } from "./Door";
import { type Session, SignedOut, begin, start } from "./session";

const root = document.getElementById("board") as HTMLElement;

function show(session: Session | null): void {
  if (session === null) {
    render(
      <Door title="Sign-in is not set up">
        <p>
          Set <code>CONNECTQL_BOARD_CLIENT_ID</code> to the id of this board at your identity provider. A
          development token is given only to a browser on the machine of the service.
        </p>
      </Door>,
      root,
    );
  } else {
    render(<Board session={session} />, root);
  }
}

function fail(error: unknown): void {
  if (error instanceof SignedOut) {
    render(
      <Door title="Signed out" action="Sign in" onAction={() => void begin().catch(fail)}>
        <p>Close the browser on a computer that others use.</p>
      </Door>,
      root,
    );
    return;
  }
  const reason = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof URLSearchParams ? error.cause : null;
  render(
    <Door title="Sign-in failed" action="Sign in" onAction={() => void begin().catch(fail)}>
      <p>The identity provider, or the connection to it, gave this reason:</p>
      <p class="reason">{cause?.get("error_description") ?? reason}</p>
    </Door>,
    root,
  );
}

start().then(show, fail);

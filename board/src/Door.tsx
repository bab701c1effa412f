import type { ComponentChildren } from "preact";

import { Mark } from "./parts/Mark";

/** A page in place of the board: sign-in failed, or the caller is not allowed. */
export function Door(props: {
  title: string;
  children: ComponentChildren;
  action?: string;
  onAction?: () => void;
}) {
  return (
    <main class="door">
      <Mark />
      <h1>{props.title}</h1>
      {props.children}
      {props.action !== undefined && (
        <button type="button" class="primary" onClick={props.onAction}>
          {props.action}
        </button>
      )}
    </main>
  );
}

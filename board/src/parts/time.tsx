import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

import { deadlineTone, exactTime, relativeTime } from "./words";

/** The current time. It advances twice a minute, so relative times stay true. */
export const Now = createContext(Date.now());

export function useClock(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** A relative time. Its exact time is shown on hover. */
export function Time({ at }: { at: string | null | undefined }) {
  // A time that has just been received may be later than the last tick.
  const now = Math.max(useContext(Now), Date.now());
  if (at == null) {
    return <span class="none">–</span>;
  }
  return (
    <time dateTime={at} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}

/** A time until which somebody must act. */
export function Deadline({ at }: { at: string | null | undefined }) {
  const now = useContext(Now);
  if (at == null) {
    return <span class="none">–</span>;
  }
  return (
    <span class={`deadline ${deadlineTone(at, now)}`}>
      <Time at={at} />
    </span>
  );
}

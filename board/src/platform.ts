import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { PlatformQuery } from "./__generated__/operations";

export type Platform = PlatformQuery["platform"];
export type Problem = Platform["problems"][number];

/** The state of the platform, and a function that reads it again. */
export const PlatformContext = createContext<{ platform: Platform; read: () => void } | null>(null);

export function usePlatform() {
  const value = useContext(PlatformContext);
  if (value === null) {
    throw new Error("The page is outside of the board.");
  }
  return value;
}

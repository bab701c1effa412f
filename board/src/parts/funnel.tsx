import { Link } from "wouter-preact";

import type { OnboardingStage } from "../__generated__/operations";
import { usePlatform } from "../platform";
import { Section } from "./page";
import { count, duration } from "./words";

/** The title of each stage, and the state of a merchant at it. */
export const stages: Record<OnboardingStage, [title: string, waits: string]> = {
  CREATED: ["Created", "no link yet"],
  LINK_ISSUED: ["Link issued", "not back from the form"],
  FORM_LEFT: ["Form left", "not submitted"],
  INFORMATION_NEEDED: ["More needed", "the merchant provides more"],
  IN_REVIEW: ["In review", "Stripe reviews"],
  ACTIVATED: ["Activated", "cards have worked"],
  STOPPED: ["Stopped", "cannot continue"],
};

/** A merchant is stuck after this number of days at a stage. The operation `Platform` counts them. */
export const STUCK_DAYS = 3;

/** The onboarding funnel: how many merchants are at each stage, and how many of them are stuck. */
export function Funnel() {
  const { onboardingFunnel } = usePlatform().platform;
  const most = Math.max(1, ...onboardingFunnel.stages.map((one) => one.count));
  return (
    <Section title="From created to active" note="merchants at each stage now, and the median time to it">
      <ol class="funnel">
        {onboardingFunnel.stages.map((one) => {
          const [title, waits] = stages[one.stage];
          return (
            <li key={one.stage} class={one.stage.toLowerCase()}>
              <div class="stage">
                <span class="name">{title}</span>
                <Link href={`/merchants?stage=${one.stage}`} class="value" aria-label={`${title}: ${one.count} merchants`}>
                  {count(one.count)}
                </Link>
              </div>
              <div class="track" aria-hidden="true">
                <div class="part" style={{ width: `${(100 * one.count) / most}%` }} />
              </div>
              <span class="note">
                {one.stuckCount > 0 ? (
                  <Link href={`/merchants?stage=${one.stage}&stuck=${STUCK_DAYS}`} class="stuck">
                    {count(one.stuckCount)} stuck for {STUCK_DAYS} d
                  </Link>
                ) : (
                  waits
                )}
                {one.medianSeconds !== null && <span class="median">{one.medianSeconds < 60 ? "at once" : duration(one.medianSeconds * 1000)}</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

import type {
  CapabilityStatus,
  CreationState,
  EventDeliveryState,
  EventState,
  Party,
  PayoutParty,
  RequirementUrgency,
  StatusTone,
} from "../__generated__/operations";

/** The colour of a pill. */
export type Tone = "positive" | "neutral" | "waiting" | "warning" | "critical";

/** AWAITING_CUSTOMER becomes "Awaiting customer". */
export function words(value: string): string {
  return capital(value.replaceAll("_", " ").toLowerCase());
}

export function toneOf(tone: StatusTone): Tone {
  return tone.toLowerCase() as Tone;
}

/** The acting party, in the middle of a sentence. */
const PARTIES: Record<Party | PayoutParty, string> = {
  MERCHANT: "the merchant",
  STRIPE: "Stripe",
  PLATFORM: "the platform",
  BANK: "the bank",
  UNKNOWN: "somebody else",
};

export function party(who: Party | PayoutParty): string {
  return PARTIES[who];
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const eventTones: Record<EventState, Tone> = {
  PENDING: "waiting",
  HANDLED: "positive",
  IGNORED: "neutral",
  FAILED: "critical",
};

export const deliveryTones: Record<EventDeliveryState, Tone> = {
  PENDING: "waiting",
  DELIVERED: "positive",
  FAILED: "critical",
};

export const creationTones: Record<CreationState, Tone> = {
  PENDING: "waiting",
  SUCCEEDED: "positive",
  REFUSED: "warning",
};

export const capabilityTones: Record<CapabilityStatus, Tone> = {
  ACTIVE: "positive",
  PENDING: "waiting",
  RESTRICTED: "warning",
  REJECTED: "critical",
  UNSUPPORTED: "neutral",
  UNKNOWN: "neutral",
};

export const urgencyTones: Record<RequirementUrgency, Tone> = {
  OVERDUE: "critical",
  NOW: "warning",
  SOON: "waiting",
  LATER: "neutral",
};

const numbers = new Intl.NumberFormat("en");

export function count(value: number): string {
  return numbers.format(value);
}

/** "1 event", "3 events" */
export function things(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const exact = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
});
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export function exactTime(at: string): string {
  return exact.format(new Date(at));
}

export function date(at: string): string {
  return day.format(new Date(at));
}

/** "3 h ago", "in 2 d", or the date of a time that is more than four weeks away. */
export function relativeTime(at: string, now: number): string {
  const distance = new Date(at).getTime() - now;
  const size = Math.abs(distance);
  if (size < MINUTE) {
    return distance <= 0 ? "just now" : "in a minute";
  }
  if (size > 28 * DAY) {
    return date(at);
  }
  const [unit, name] = size < HOUR ? [MINUTE, "min"] : size < 2 * DAY ? [HOUR, "h"] : [DAY, "d"];
  const number = Math.floor(size / (unit as number));
  return distance < 0 ? `${number} ${name} ago` : `in ${number} ${name}`;
}

/** "640 ms", "2.4 s", "3 min", "5 h", "12 d" */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) {
    return `${milliseconds} ms`;
  }
  if (milliseconds < MINUTE) {
    return `${(milliseconds / 1000).toFixed(1)} s`;
  }
  const [unit, name] =
    milliseconds < 2 * HOUR ? [MINUTE, "min"] : milliseconds < 2 * DAY ? [HOUR, "h"] : [DAY, "d"];
  return `${Math.round(milliseconds / (unit as number))} ${name}`;
}

/** The tone of a deadline: it has passed, or comes within three days. */
export function deadlineTone(at: string, now: number): Tone {
  const left = new Date(at).getTime() - now;
  return left < 0 ? "critical" : left < 3 * DAY ? "warning" : "neutral";
}

// When cached lists must change: after a creation, and after a message about a list.

/** The list that a mutation can add to. */
export const creators: Record<string, string> = {
  createMerchant: 'merchants',
  adoptMerchant: 'merchants',
  importMerchants: 'merchants',
  createCheckout: 'payments',
  createPaymentIntent: 'payments',
  createPayout: 'payouts',
}

/** The noun of each subscription to a list. */
export const listChanges: Record<string, string> = {
  merchantListChanged: 'merchant',
  paymentListChanged: 'payment',
  disputeListChanged: 'dispute',
  payoutListChanged: 'payout',
}

// Caches give results and arguments without their types.
export type Values = Record<string, any>

/** Whether a mutation's result tells that it created something. The result of an import has `results`. */
export const isCreation = (result: unknown): boolean => {
  const { created, results } = (result ?? {}) as Values
  return Boolean(created ?? results)
}

/** A change of a list: what became of the member with this key in a cache, such as `Merchant:…`. */
export interface ListChange {
  /** False after `READ`, when the lists must be read again. */
  member: string | false
  hasLeft: boolean
  list: string
  filter: Values
}

/** Read a message of a subscription to a list. */
export function readListChange(field: string, message: Values, filter: Values | null | undefined): ListChange {
  const noun = listChanges[field] as string
  const id = message[`${noun}Id`] as string | null
  return {
    member: id !== null && `${noun[0]!.toUpperCase()}${noun.slice(1)}:${id}`,
    hasLeft: message['change'] === 'LEFT',
    list: `${noun}s`,
    filter: filter ?? {},
  }
}

/** Whether two filters are the same: the order of names does not matter, and null stands for no condition. */
export const isSameFilter = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other)

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).filter(([, one]) => one != null).sort())
      : part,
  )

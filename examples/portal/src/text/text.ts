import { IntlMessageFormat } from 'intl-messageformat'
import type { MessagePartsFragment } from '../api/__generated__/documents.ts'
import en from './en.json'

export type Key = keyof typeof en
export type Values = Record<string, string | number>
/** The build has parsed the texts with parameters. */
type Messages = Record<string, ConstructorParameters<typeof IntlMessageFormat>[0]>

/** The languages of the app. Add a file with the same keys, and a line here. */
const CATALOGS: Record<string, () => Promise<Messages>> = {
  en: async () => en,
}

let messages: Messages = en

/** Loads the first of the reader's languages for which the app has texts. Returns its tag. */
export async function loadTexts(wanted: readonly string[]): Promise<string> {
  const locale = wanted.find((tag) => language(tag) in CATALOGS) ?? 'en'
  // A catalog can be a file of an older release that no longer exists.
  const loaded = await CATALOGS[language(locale)]?.().catch(() => null)
  messages = loaded ?? en
  text = createText(loaded ? locale : 'en')
  return text.locale
}

function language(tag: string): string {
  return tag.split('-')[0] ?? tag
}

/** The API can send values that are newer than this app: SOME_NEW_STATE reads "Some new state". */
function words(value: string): string {
  const text = value.toLowerCase().replaceAll('_', ' ')
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

export function isKey(key: string): key is Key {
  return key in messages
}

export interface Text {
  /** The text for a key of `en.json`. */
  t: (key: Key, values?: Values) => string
  /**
   * The API's own text, or its translation if the catalog has the key of the message, as `api.summary.active`. Where a
   * text has no message, pass a key with the code that belongs to it, as `obstacle.BALANCE_NEGATIVE`.
   */
  told: (text: string, message: MessagePartsFragment | string | null | undefined) => string
  locale: string
}

function createText(locale: string): Text {
  const formats = new Map<string, IntlMessageFormat>()

  function formatted(key: string, values: Values = {}): string {
    const message = messages[key] ?? ''
    if (typeof message === 'string') return message
    const format = formats.get(key) ?? new IntlMessageFormat(message, locale)
    formats.set(key, format)
    return String(format.format(values))
  }

  return {
    locale,
    t: (key, values) => (isKey(key) ? formatted(key, values) : words(String(key).split('.').at(-1) ?? key)),
    told: (text, message) => {
      if (!message) return text
      const { key, parameters } = typeof message === 'string' ? { key: message, parameters: [] } : message
      if (!isKey(`api.${key}`)) return text
      try {
        return formatted(`api.${key}`, Object.fromEntries(parameters.map(({ name, value }) => [name, value])))
      } catch {
        return text // the translation has a parameter that this message of the API does not have
      }
    },
  }
}

let text = createText('en')

/** The texts in the reader's language, which is loaded before the first page. */
export function useText(): Text {
  return text
}

import { i18n, type Messages } from '@lingui/core'
import { useLingui } from '@lingui/react'
import { useMemo } from 'react'
import type { MessagePartsFragment } from '../api/__generated__/documents.ts'
import en from './en.json'

export type Key = keyof typeof en
export type Values = Record<string, string | number>

/** The languages of the app. Add a file with the same keys, and a line here. */
const CATALOGS: Record<string, () => Promise<Messages>> = {
  en: async () => en,
}

/** Loads the first of the reader's languages for which the app has texts. */
export async function loadTexts(wanted: readonly string[]): Promise<string> {
  const locale = wanted.find((tag) => language(tag) in CATALOGS) ?? 'en'
  i18n.load(locale, (await CATALOGS[language(locale)]?.()) ?? en)
  i18n.activate(locale)
  return locale
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
  return key in i18n.messages
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

export function useText(): Text {
  const { i18n } = useLingui()
  const { locale } = i18n
  return useMemo(
    () => ({
      locale,
      t: (key, values) => (key in i18n.messages ? i18n._(key, values) : words(key.split('.').at(-1) ?? key)),
      told: (text, message) => {
        if (!message) return text
        const { key, parameters } = typeof message === 'string' ? { key: message, parameters: [] } : message
        if (!(`api.${key}` in i18n.messages)) return text
        return i18n._(`api.${key}`, Object.fromEntries(parameters.map(({ name, value }) => [name, value])))
      },
    }),
    [i18n, locale],
  )
}

import type { ReactNode } from 'react'
import { useText } from '../text/text.ts'
import { Button, Heading } from '../ui/parts.tsx'

/** Shown if the page's own server does not answer. */
export function Broken(): ReactNode {
  const { t } = useText()
  return (
    <main className="sign-in">
      <div className="head">
        <Heading>{t('broken.title')}</Heading>
        <p>{t('broken.body')}</p>
      </div>
      <div className="actions">
        <Button onClick={() => location.reload()}>{t('app.retry')}</Button>
      </div>
    </main>
  )
}

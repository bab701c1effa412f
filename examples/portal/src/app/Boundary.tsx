import { Component, type ReactNode } from 'react'
import { useText } from '../text/text.ts'
import { Button, Page } from '../ui/parts.tsx'

/** The errors of files that could not be loaded, such as those that a newer release has removed. */
const unloaded = new WeakSet<object>()
addEventListener('vite:preloadError', ({ payload }) => unloaded.add(payload))

interface BoundaryProps {
  /** Whether the boundary is around the whole app, so its page needs a frame. */
  outermost?: boolean
  children: ReactNode
}

/** Shows a page in place of a part of the app that threw an error. Another `key` tries again. */
export class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error: error ?? new Error('no reason') }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    const failed = <Failed error={error} />
    return this.props.outermost ? <main className="sign-in">{failed}</main> : failed
  }
}

function Failed({ error }: { error: unknown }): ReactNode {
  const { t } = useText()
  const kind =
    error instanceof Error && unloaded.has(error) ? (navigator.onLine ? 'old' : 'offline') : 'error'
  return (
    <Page title={t(`failed.${kind}.title`)} note={t(`failed.${kind}.body`)}>
      <div className="actions">
        <Button onClick={() => location.reload()}>{t('app.reload')}</Button>
        {kind === 'error' && (
          <a className="button button-plain" href={import.meta.env.BASE_URL}>
            {t('failed.home')}
          </a>
        )}
      </div>
      <details className="failed-details">
        <summary>{t('refusal.details')}</summary>
        <p className="code">
          {String(error)}
          <br />
          {location.pathname}
          <br />
          {new Date().toISOString()}
        </p>
      </details>
    </Page>
  )
}

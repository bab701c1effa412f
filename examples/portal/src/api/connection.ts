import type { Connection } from '@connectql/client'
import { useConnection as useLive } from '@connectql/client/react'
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react'

export const ConnectionContext = createContext<Connection | null>(null)

/** `live` while the page updates by itself. `starting` before that. */
export type Updates = 'starting' | 'live' | 'reconnecting' | 'offline'

/** Renewed tokens and short losses are not worth a word. */
const QUIET_MS = 2500

export function useConnection(): Updates {
  const connection = useContext(ConnectionContext)
  if (!connection) throw new Error('useConnection needs a ConnectionContext around it')
  const state = useLive(connection)
  const online = useSyncExternalStore(followOnline, () => navigator.onLine)
  const lost = state === 'lost' || !online
  const [told, setTold] = useState(false)
  useEffect(() => {
    if (!lost) {
      setTold(false)
      return undefined
    }
    const timer = setTimeout(() => setTold(true), QUIET_MS)
    return () => clearTimeout(timer)
  }, [lost])
  if (lost && told) return online ? 'reconnecting' : 'offline'
  return state === 'live' || state === 'lost' ? 'live' : 'starting'
}

function followOnline(changed: () => void): () => void {
  addEventListener('online', changed)
  addEventListener('offline', changed)
  return () => {
    removeEventListener('online', changed)
    removeEventListener('offline', changed)
  }
}

// A value that announces its changes, as hooks such as useSyncExternalStore need it.

export interface Source<State> {
  state(): State
  set(state: State): void
  subscribe(listener: () => void): () => void
}

export function createSource<State>(first: State): Source<State> {
  const listeners = new Set<() => void>()
  let current = first
  return {
    state: () => current,
    set(state) {
      if (state === current) return
      current = state
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

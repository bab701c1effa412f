import type { ReactNode } from 'react'

const PATHS = {
  overview: 'M4 11.5 12 4.5l8 7M6.5 9.5V19h11V9.5M10 19v-5h4v5',
  payments: 'M3.5 6.5h17v11h-17zM3.5 10h17M7 14.5h3',
  disputes:
    'M12 4v16M7.5 20h9M5 7.5h14M5 7.5l-2.5 6h5zM19 7.5l-2.5 6h5zM2.5 13.5a2.5 2.5 0 0 0 5 0M16.5 13.5a2.5 2.5 0 0 0 5 0',
  payouts: 'M3.5 9.5 12 4.5l8.5 5zM6 12v5M10 12v5M14 12v5M18 12v5M4 19.5h16',
  plan: 'M6.5 3.5h11v17l-2.75-1.75L12 20.5l-2.75-1.75L6.5 20.5zM9.5 8.5h5M9.5 12h5',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  alert: 'M12 4 2.75 19.5h18.5zM12 10v4.5M12 17v.01',
  info: 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 11v5M12 8v.01',
  clock: 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 7.5V12l3 2',
  next: 'm9.5 6 6 6-6 6',
  back: 'm14.5 6-6 6 6 6',
  down: 'm6 9.5 6 6 6-6',
  out: 'M9 6.5H5.5v12h12V15M12.5 5h6.5v6.5M18.5 5.5 11 13',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM15.5 15.5 20 20',
  close: 'm6 6 12 12M18 6 6 18',
  file: 'M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4',
  text: 'M5 6.5h14M5 10.5h14M5 14.5h9',
  switch: 'M8 4.5 4.5 8 8 11.5M4.5 8h13M16 12.5l3.5 3.5-3.5 3.5M19.5 16h-13',
  person:
    'M12 4.5a3.75 3.75 0 1 1 0 7.5 3.75 3.75 0 0 1 0-7.5ZM4.5 20c.75-3.75 3.75-5.5 7.5-5.5s6.75 1.75 7.5 5.5',
  bank: 'M3.5 9.5 12 4.5l8.5 5zM6 12v5M10 12v5M14 12v5M18 12v5M4 19.5h16',
  refund: 'M8.5 5 4.5 9l4 4M4.5 9h9.75a5 5 0 0 1 0 10H8',
  calendar: 'M4.5 6h15v13.5h-15zM4.5 10h15M8.5 3.5V7M15.5 3.5V7',
} as const

export type IconName = keyof typeof PATHS

/** A picture beside a text. It says nothing of its own to a screen reader. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }): ReactNode {
  return (
    <svg className={small ? 'icon icon-s' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}

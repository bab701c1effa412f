import type { ReactNode } from 'react'
import { useMerchant } from '../app/merchant.tsx'
import { useText } from '../text/text.ts'
import { Icon, type IconName } from '../ui/icons.tsx'
import { Out, Section, When } from '../ui/parts.tsx'

const ICONS: Record<string, IconName> = {
  COMPLETE_REQUIREMENTS: 'file',
  MANAGE_FINANCES: 'payments',
  RESPOND_TO_DISPUTES_AND_REFUNDS: 'disputes',
  SCHEDULE_PAYOUTS: 'calendar',
}

/** What the merchant does in its own Stripe Dashboard. */
export function DashboardTasks(): ReactNode {
  const { t, told } = useText()
  const { merchant } = useMerchant()
  const { available, unavailableReason, unavailableMessage, tasks } = merchant.dashboard
  return (
    <Section title={t('dashboard.title')}>
      {!available && unavailableReason && (
        <p className="soft">{told(unavailableReason, unavailableMessage)}</p>
      )}
      <ul className={available ? 'tasks sheet' : 'tasks sheet tasks-off'}>
        {tasks.map((task) => (
          <li key={task.kind} className="task">
            <Icon name={ICONS[task.kind] ?? 'info'} />
            <div className="task-body">
              <h3>
                {task.url ? (
                  <Out to={task.url} className="task-link">
                    {told(task.title, `task.${task.kind}`)}
                  </Out>
                ) : (
                  told(task.title, `task.${task.kind}`)
                )}
                {task.attention > 0 && (
                  <span className="badge">
                    <span aria-hidden="true">{task.attention}</span>
                    <span className="unseen">{t('nav.attention', { count: task.attention })}</span>
                  </span>
                )}
              </h3>
              {/* While the Dashboard is closed, each task would repeat the reason above. */}
              {available && <p>{told(task.explanation, task.message)}</p>}
              {task.deadline && (
                <p className="task-deadline">
                  {t('overview.deadline')} <When at={task.deadline} as="day" />
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}

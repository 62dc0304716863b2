// Problems of the catalogue that no report and no probe of ours can show, each with the reason. Together with the rules: complete.
import type { RuleId } from './ruleCatalogue.ts';

export const uncollectable = {
  'disk.sync_storm':
    'Counting sync() calls needs tracing in the kernel; the agent only reads files and runs ordinary commands.',
  'mail.spam_source':
    'Needs the number of messages sent and their sender from the mail log, which holds addresses of people; the agent leaves it alone.',
  'db.oom_score':
    'The score of each process is not in the report; which process the kernel would choose is seen only when it does.',
  'agent.counter_reset':
    'The reader leaves the sample out when a counter was reset; there is nothing that a person should do.',
} as const satisfies Partial<Record<RuleId, string>>;

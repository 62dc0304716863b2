// The three severities of a finding, worst first. `critical`: act now; `warning`: act today; `info`: good to know.
import { z } from 'zod';

export const severities = ['critical', 'warning', 'info'] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

/** Sort order: the smaller, the worse. */
export const severityRank: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

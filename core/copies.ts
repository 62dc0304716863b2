// A copy of a machine that reports with the original's token, which lies in its files: until a person decides, its reports are kept unread.

/** Decisions of a person about a copy, which is known by its boot. */
export const copyDecisions = ['same', 'own', 'refused'] as const;
export type CopyDecision = (typeof copyDecisions)[number];

/** Why a report of a copy is not taken for one of its server. It names the boot, by which the reports of one copy are found again. */
export function copyReason(bootId: string): string {
  return `Another machine reports with the token of this server: a copy, whose files hold the same token. Its boot is ${bootId}.`;
}

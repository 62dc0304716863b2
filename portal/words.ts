// Words that somebody types to find rows: each of them must be there, in any case of its letters.

export const wordsOf = (text = ''): string[] => text.split(/\s+/).filter(Boolean).slice(0, 10);

/** For a text of a row. Prisma hands the signs that LIKE has a meaning for to PostgreSQL as they are. */
export const contains = (text: string) => ({
  contains: text.replace(/[\\%_]/g, '\\$&'),
  mode: 'insensitive' as const,
});

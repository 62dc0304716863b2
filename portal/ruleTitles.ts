// The names of rules, for what only mentions them: the whole catalogue is too much for a page.
import { ruleCatalogue, type RuleId } from '#core/ruleCatalogue.ts';

/** Ids that are not known (any more) are left out. */
export function ruleTitles(ids: Iterable<string>): Record<string, string> {
  const titles: Record<string, string> = {};
  for (const id of ids) {
    const entry = ruleCatalogue[id as RuleId];
    if (entry) titles[id] = entry.title;
  }
  return titles;
}

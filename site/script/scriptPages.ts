// The script is more than one page may weigh. It is read in three steps anyway: what is sent and how often, how each of it is read,
// and how the report is made, sent and installed.
import type { ScriptBlock, ScriptPart } from './readScript.ts';

export interface ScriptPage {
  path: '/script/' | '/script/functions/' | '/script/sending/';
  parts: ScriptPart[];
}

/** The function that puts a report together: with it the last step begins. */
const maker = 'report';

/**
 * Parts and blocks stay in the order of the script. The second page begins with the first function behind the last list of sources.
 * Throws where the script has no such list, or no function that makes a report.
 */
export function scriptPages(parts: readonly ScriptPart[]): [ScriptPage, ScriptPage, ScriptPage] {
  const last = parts.findLastIndex(({ blocks }) => blocks.some(({ sources }) => sources.length > 0));
  const part = parts[last];
  if (!part) throw new Error('The script has no list of sources: minute(), hourly() or daily()');
  const indexFrom = (start: number, fits: (block: ScriptBlock) => boolean): number => {
    const found = part.blocks.findIndex((block, index) => index >= start && fits(block));
    if (found < 0) throw new Error(`The script has no function ${maker}() behind its lists of sources`);
    return found;
  };
  const lists = part.blocks.findLastIndex(({ sources }) => sources.length > 0);
  const readers = indexFrom(lists + 1, ({ functions }) => functions.length > 0);
  const sending = indexFrom(readers, ({ functions }) => functions.includes(maker));
  const cut = (id: string, title: string, from: number, to?: number): ScriptPart => ({
    id,
    title,
    blocks: part.blocks.slice(from, to),
  });
  return [
    { path: '/script/', parts: [...parts.slice(0, last), cut(part.id, part.title, 0, readers)] },
    { path: '/script/functions/', parts: [cut('part-functions', 'Functions', readers, sending)] },
    {
      path: '/script/sending/',
      parts: [cut('part-sending', 'Functions and start', sending), ...parts.slice(last + 1)],
    },
  ];
}

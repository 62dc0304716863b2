// `npm run kb:anchors`: writes the addresses of all headings into content/anchors.lock.json. Addresses are only ever added:
// alerts, emails and other sites link to them. A heading that is renamed keeps its old id in an `<a id="old"></a>` before it.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { anchorsOf } from './headings.ts';
import { articleFiles } from './articleFiles.ts';

const lockFile = new URL('../content/anchors.lock.json', import.meta.url);

/** Ids by slug, in the order in which they were first seen. */
export type AnchorLock = Record<string, string[]>;

export function readLock(): AnchorLock {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')) as AnchorLock;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** The ids that articles have now, by slug. */
export function currentAnchors(): AnchorLock {
  return Object.fromEntries(articleFiles().map(({ slug, body }) => [slug, anchorsOf(body)]));
}

/** The lock with what is new; nothing is ever taken out. */
export function extendLock(lock: AnchorLock, now: AnchorLock): AnchorLock {
  const slugs = [...new Set([...Object.keys(lock), ...Object.keys(now)])].sort();
  return Object.fromEntries(
    slugs.map((slug) => [slug, [...new Set([...(lock[slug] ?? []), ...(now[slug] ?? [])])]]),
  );
}

/** Ids that were promised and are gone, one sentence each. */
export function lostAnchors(lock: AnchorLock, now: AnchorLock): string[] {
  return Object.entries(lock).flatMap(([slug, ids]) =>
    ids
      .filter((id) => !now[slug]?.includes(id))
      .map(
        (id) =>
          `${slug}#${id} is gone: bring the heading back, or put <a id="${id}"></a> where its text is now`,
      ),
  );
}

const usage = `Usage: npm run kb:anchors
Writes the addresses of all headings into content/anchors.lock.json; none is ever taken out.
Exit code: 0 written, 1 an address is gone and nothing was written, 2 bad use.`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [asked] = process.argv.slice(2);
  const lock = readLock();
  const now = currentAnchors();
  const lost = lostAnchors(lock, now);
  if (asked === '--help' || asked === '-h') console.log(usage);
  else if (asked !== undefined) {
    console.error(`${asked} is not known\n${usage}`);
    process.exitCode = 2;
  } else if (lost.length > 0) {
    console.error(lost.join('\n'));
    process.exitCode = 1;
  } else {
    writeFileSync(lockFile, `${JSON.stringify(extendLock(lock, now), null, 1)}\n`);
  }
}

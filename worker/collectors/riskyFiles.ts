// Programs that run with the rights of their owner, and secrets that anyone may read: mode, owner, path.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, lines, nameIn, notUnderstood } from './lines.ts';

export const riskyFiles: Collector = {
  section: /^find \/ -xdev /,
  // find ends with 1 when a folder went away under it.
  anyExit: true,
  parse({ body }) {
    const setuid: string[] = [];
    const secrets: NonNullable<Facts['secrets']> = [];
    const left: string[] = [];
    for (const line of lines(body)) {
      const [mode, owner, path] = columns(line, 3);
      if (
        !/^[-dlcbps][rwxsStT-]{9}[.+@]?$/.test(mode ?? '') ||
        !owner ||
        !path?.startsWith('/') ||
        path.length > 4096
      )
        left.push(line);
      else if (/^...[sS]/.test(mode!)) setuid.push(path);
      else if (mode![7] === 'r' && !isNoSecret(path)) secrets.push({ path, mode: mode!.slice(0, 10), owner });
    }
    if (setuid.length + secrets.length === 0 && left.length > 0)
      throw new ParseError('No line has a mode, an owner and a path.');
    setuid.sort();
    return {
      facts: {
        setuid: { count: setuid.length, hash: hashOf(setuid), files: setuid.slice(0, 500) },
        secrets: secrets.slice(0, 200),
      },
      partial: notUnderstood(left),
    };
  },
};

/**
 * Keys that come with packages as samples and tests are no secrets, nor is whatever else has a name like one. What packages put under
 * /usr is on every machine; keys of repositories, DNSSEC's trust anchor and zone keys, and `public.key` are made to be read.
 */
const isNoSecret = (path: string) => {
  const name = nameIn(path);
  return (
    /\/usr\/(share|lib|lib64|libexec|src|include)\//.test(path) ||
    /\/(keyrings?|trusted\.gpg\.d|rpm-gpg|apt)\/[^/]{1,255}\.key$/.test(path) ||
    /^(root|trusted-key|K.{1,253}\.\+\d{3}\+\d{5})\.key$/.test(name) ||
    (name.endsWith('.key') && /(^|[-_.])pub(lic)?([-_.]|$)/.test(name.slice(0, -4))) ||
    /^id_(?!rsa|dsa|ecdsa|ed25519)/.test(name) ||
    /\/(tests?|testdata|examples?|samples?|dummyserver|doc|docs|site-packages|node_modules|third_party|vendor)\//.test(
      path,
    )
  );
};

/** FNV-1a of the names: two lists with the same hash are the same list, as far as anyone cares here. */
function hashOf(names: string[]): string {
  let hash = 0x811c9dc5;
  for (const name of names) {
    for (let index = 0; index < name.length; index++)
      hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193) >>> 0;
    hash = Math.imul(hash ^ 10, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}

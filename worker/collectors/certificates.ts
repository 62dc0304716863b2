// Certificates on disk that services use: the lines of `openssl x509` behind a line `file PATH`.
import type { Facts } from '#core/facts.ts';
import type { Report } from '#core/report.ts';
import { configLines } from './configLines.ts';
import { type Collector, ParseError } from './collector.ts';
import { lines } from './lines.ts';

type Certificate = NonNullable<Facts['certificates']>[number];

export const certificates: Collector = {
  section: 'openssl x509',
  // A file that is a key or a list of parameters makes openssl fail.
  anyExit: true,
  parse({ body }, report) {
    const uses = usersOf(report);
    const found = new Map<string, Certificate>();
    let current: string[] = [];
    let path = '';
    const close = () => {
      const one = path === '' ? undefined : read(path, current, uses);
      if (one) found.set(path, one);
    };
    for (const line of lines(body)) {
      if (line.startsWith('file /')) {
        close();
        [path, current] = [line.slice(5).trim(), []];
      } else current.push(line);
    }
    close();
    if (found.size === 0 && path === '' && body.trim() !== '') throw new ParseError('No line names a file.');
    return { facts: { certificates: [...found.values()].slice(0, 500) } };
  },
};

function read(path: string, rows: string[], uses: Map<string, string[]>): Certificate | undefined {
  const value = (pattern: RegExp) =>
    rows
      .map((row) => pattern.exec(row)?.[1])
      .find((text) => text !== undefined)
      ?.trim();
  const from = dateIn(value(/^notBefore=(.{1,60})$/));
  const until = dateIn(value(/^notAfter=(.{1,60})$/));
  const subject = value(/^subject ?=(.{0,500})$/);
  if (from === undefined || until === undefined || subject === undefined) return undefined;
  const names = rows
    .filter((row) => row.includes('DNS:') || row.includes('IP Address:'))
    .flatMap((row) =>
      [...row.slice(0, 8000).matchAll(/(?:DNS|IP Address):([^,\s]{1,255})/g)].map(([, name]) =>
        name!.toLowerCase(),
      ),
    );
  const serial = value(/^serial=([0-9A-Fa-f]{1,60})$/);
  const fingerprint = value(/Fingerprint=([0-9A-Fa-f:]{40,120})$/)
    ?.replaceAll(':', '')
    .toLowerCase();
  const bits = value(/Public-Key: \((\d{1,6}) bit/);
  const signature = value(/Signature Algorithm: (\S{1,60})/);
  return {
    path,
    subject: commonName(subject),
    issuer: issuerName(value(/^issuer ?=(.{0,500})$/) ?? ''),
    names: [...new Set(names)].slice(0, 200),
    notBefore: from,
    notAfter: until,
    ...(fingerprint ? { fingerprint } : {}),
    ...(serial ? { serial } : {}),
    ...(bits ? { keyBits: Number(bits) } : {}),
    ...(signature ? { signature } : {}),
    usedBy:
      uses.get(path) ??
      uses.get(path.replace(/\/cert\.pem$/, '/fullchain.pem')) ??
      uses.get(path.slice(0, path.lastIndexOf('/'))) ??
      [],
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Nov 23 08:11:16 2026 GMT` */
function dateIn(text: string | undefined): number | undefined {
  const found = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})/.exec(text ?? '');
  if (!found) return undefined;
  const [, month, day, hour, minute, second, year] = found;
  const number = months.indexOf(month!);
  return number < 0
    ? undefined
    : Date.UTC(Number(year), number, Number(day), Number(hour), Number(minute), Number(second)) / 1000;
}

/** `CN = example.org` (1.1), `CN=example.org` (3.2), `/C=DE/CN=example.org` (1.0): the common name, or the whole text. */
const commonName = (text: string) =>
  /(?:^|[,/ ])CN ?= ?([^,/]{1,200})/.exec(text)?.[1]?.trim() ?? text.trim();

function issuerName(text: string): string {
  const organization = /(?:^|[,/ ])O ?= ?("[^"]{1,200}"|[^,/]{1,200})/
    .exec(text)?.[1]
    ?.replaceAll('"', '')
    .trim();
  const name = commonName(text);
  return organization && organization !== name ? `${organization} ${name}` : name;
}

/** Which configuration files name a certificate, or the folder that it lies in: the site where there is one, otherwise the file. */
function usersOf(report: Report): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { path, text } of configLines(report)) {
    const files = text.slice(0, 2000).matchAll(/\/[^\s;:"'<>,]{1,300}\.(?:pem|crt|cer)\b/g);
    // HAProxy may be given a folder, all of whose certificates it serves.
    const folders = text.slice(0, 2000).matchAll(/\bcrt +(\/\S{1,300}?)\/?(?=\s|$)/g);
    for (const file of [...[...files].map(([name]) => name), ...[...folders].map(([, name]) => name!)]) {
      const list = users.get(file) ?? [];
      if (!list.includes(path) && list.length < 20) list.push(path);
      users.set(file, list);
    }
  }
  return users;
}

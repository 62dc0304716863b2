// Text as people write it into a form, and bytes as people can read them.
import { withoutSteering } from '#core/steering.ts';

const letters: Record<string, string> = { r: '\r', n: '\n', t: '\t', '0': '\0', '\\': '\\' };

/** Turns the written escapes \r \n \t \0 \\ and \xHH into what they stand for. */
export function unescape(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|([rnt0\\]))/g, (_, hex?: string, letter?: string) =>
    hex === undefined ? (letters[letter ?? ''] ?? '') : String.fromCharCode(parseInt(hex, 16)),
  );
}

/** Unprintable bytes become one middle dot each run. */
export function printable(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/[^\x20-\x7e\u00a0-\uffff]+/g, '·');
}

/** What a server sent, as one line for people: what would steer where it is shown becomes middle dots; tabs stay. */
export function plain(text: string): string {
  return withoutSteering(text, (run) => run.replace(/[^\t]+/g, '·'));
}

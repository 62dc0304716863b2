// How collectors take lines apart: in linear time, because a report comes from a machine that may send anything.
/** The lines of a body that are not empty. */
export function lines(body: string): string[] {
  return body.split('\n').filter((line) => line.trim() !== '');
}

/** Splits at white space into at most `count` columns; the last one takes the rest of the line, inner spaces kept. */
export function columns(line: string, count = Infinity): string[] {
  const found: string[] = [];
  const isSpace = (place: number) => {
    const code = line.charCodeAt(place);
    return code === 32 || code === 9;
  };
  let at = 0;
  const skip = () => {
    while (at < line.length && isSpace(at)) at++;
  };
  skip();
  while (at < line.length) {
    if (found.length === count - 1) {
      found.push(line.slice(at).trimEnd());
      break;
    }
    const from = at;
    while (at < line.length && !isSpace(at)) at++;
    found.push(line.slice(from, at));
    skip();
  }
  return found;
}

/** A whole number that is written as one, otherwise undefined. */
export function integer(text: string | undefined): number | undefined {
  if (text === undefined || !/^[+-]?\d{1,25}$/.test(text)) return undefined;
  return Number(text);
}

/** A number with a point, or with the comma of another language. */
export function decimal(text: string | undefined): number | undefined {
  if (text === undefined || !/^[+-]?\d{1,25}([.,]\d{1,25})?([eE][+-]?\d{1,3})?$/.test(text)) return undefined;
  return Number(text.replace(',', '.'));
}

/** `key: value` or `key=value` at the first separator; undefined when the line has none. */
export function pair(line: string, separator: string): [key: string, value: string] | undefined {
  const at = line.indexOf(separator);
  return at <= 0 ? undefined : [line.slice(0, at).trim(), line.slice(at + separator.length).trim()];
}

/** All pairs of a body, the first of a key wins. */
export function pairs(body: string, separator: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of body.split('\n')) {
    const one = pair(line, separator);
    if (one && !found.has(one[0])) found.set(one[0], one[1]);
  }
  return found;
}

/** '/var/log/mail.log' → 'mail.log'. */
export function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** One sentence about lines that could not be read, or none. */
export function notUnderstood(left: readonly string[]): string[] {
  const [first] = left;
  if (first === undefined) return [];
  const sample = first.trim().slice(0, 80);
  return [`${left.length === 1 ? 'One line was' : `${left.length} lines were`} not understood: “${sample}”.`];
}

/** Decodes the octal escapes of /proc/mounts and /etc/fstab: `\040` is a space. */
export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

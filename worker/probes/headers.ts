// Headers on their way into details and transcripts: bounded, and without anybody's credentials.
const secretHeader = /authorization|cookie|token|secret|password|api-?key|auth-?key|session|signature/i;

/** The value as it may be shown. */
export function shownHeader(name: string, value: string): string {
  if (/^set-cookie2?$/i.test(name)) return value.replace(/^([^=;]*)=[^;]*/, '$1=***');
  return secretHeader.test(name) ? '***' : value;
}

/** At most 60 headers of at most 500 characters each. */
export function shownHeaders(headers: Record<string, string>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const name of Object.keys(headers).slice(0, 60)) {
    const value = headers[name] ?? '';
    const lines = value.includes('\n') ? value.split('\n') : [value];
    shown[name] = lines
      .map((line) => shownHeader(name, line))
      .join('\n')
      .slice(0, 500);
  }
  return shown;
}

/** Node's flat list of names and values as a record in lower case; the values of repeated headers are joined. */
export function headersFromRaw(raw: string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    const value = raw[index + 1] as string;
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}${name === 'set-cookie' ? '\n' : ', '}${value}`;
  }
  return headers;
}

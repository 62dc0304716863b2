// What PostgreSQL can store of strangers' text: no NUL, and no half of a surrogate pair.

export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** JSON whose strings and keys PostgreSQL takes into jsonb. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // Both are written as escapes; nearly no text has one, and looking is cheaper than rebuilding the value.
  if (!/\\u(0000|d[89a-f])/.test(json)) return json;
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return storableText(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [storableText(key), one]));
  });
}

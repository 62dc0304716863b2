// Strings that are kept long, each once in memory. A piece of a longer string keeps all of it alive (V8 makes slices of 13 characters and
// more): a name out of a report would keep the report. And the servers of one house have most of their names in common.

const sliceLength = 13;
/** Longer strings are copied and not shared: they are rarely the same. */
const sharedLength = 200;
/** So many strings at most; then the table begins anew. */
const tableSize = 100_000;

let table = new Map<string, string>();
const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];

export function interned(text: string): string {
  if (text.length < sliceLength) return text;
  const known = table.get(text);
  if (known !== undefined) return known;
  const copy = decoder.decode(encoder.encode(text));
  if (text.length <= sharedLength) {
    if (table.size >= tableSize) table = new Map();
    table.set(copy, copy);
  }
  return copy;
}

/** Replaces the strings in a tree of plain objects and arrays, and returns the tree. What is frozen or shared must not be given. */
export function internStrings<T>(value: T): T {
  if (typeof value === 'string') return interned(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index];
      if (typeof item === 'string') value[index] = interned(item);
      else if (typeof item === 'object') internStrings(item);
    }
    return value;
  }
  const fields = value as Record<string, unknown>;
  for (const name in fields) {
    const item = fields[name];
    if (typeof item === 'string') {
      if (item.length >= sliceLength) fields[name] = interned(item);
    } else if (typeof item === 'object') internStrings(item);
  }
  return value;
}

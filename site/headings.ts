// The addresses inside an article, read from its source: headings with their ids, and ids of HTML written by hand.

export interface Heading {
  depth: number;
  title: string;
  /** The explicit id, `{#act-now}`; absent where the heading has none. */
  id?: string;
}

/** Markdown lines outside of code fences. Fences may be indented (in lists) and longer than three characters. */
function proseLines(markdown: string): string[] {
  const lines: string[] = [];
  let fence = '';
  for (const line of markdown.split('\n')) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === '' && mark) fence = mark;
    else if (fence !== '' && mark?.startsWith(fence) && line.trim() === mark) fence = '';
    else if (fence === '') lines.push(line);
  }
  return lines;
}

/** The ATX headings of an article without its frontmatter, in order. */
export function headingsOf(markdown: string): Heading[] {
  return proseLines(markdown).flatMap((line) => {
    const match = /^(#{1,6})\s+(.+?)\s*$/.exec(line);
    if (!match) return [];
    const [, marks = '', rest = ''] = match;
    const id = /\s*\{#([a-z0-9-]+)\}$/.exec(rest);
    const title = id ? rest.slice(0, id.index) : rest;
    return [{ depth: marks.length, title: title.replace(/[`*]/g, ''), ...(id?.[1] ? { id: id[1] } : {}) }];
  });
}

/** Every id that a link can reach: explicit ids of headings, and `id="…"` in HTML (the way to keep an old address alive). */
export function anchorsOf(markdown: string): string[] {
  const html = proseLines(markdown).flatMap((line) =>
    [...line.matchAll(/<[a-z][^>]*\sid="([a-z0-9-]+)"/gi)].map((match) => match[1] ?? ''),
  );
  return [...headingsOf(markdown).flatMap((heading) => heading.id ?? []), ...html];
}

/** Frontmatter (YAML, without its fences) and body of a file of content/. */
export function splitFrontmatter(source: string): { frontmatter: string; body: string } {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/.exec(source);
  return match
    ? { frontmatter: match[1] ?? '', body: source.slice(match[0].length) }
    : { frontmatter: '', body: source };
}

// The picture of an article as SVG, 1200 by 630: the title on the bands of continuous paper, kind and area above it, the mark below.
import { darkPalette as colour } from '#core/palette.ts';
import type { Article } from './articleSchema.ts';
import { areas, kinds } from './taxonomy.ts';

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Lines of at most `width` characters, at most `most` of them; the last one ends in … when words are left over. */
export function wrap(text: string, width: number, most: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '' || line.length + 1 + word.length <= width)
      lines[lines.length - 1] = line ? `${line} ${word}` : word;
    else lines.push(word);
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1]?.slice(0, width - 1)}…`];
}

export function articlePicture(article: Pick<Article, 'title' | 'kind' | 'area'>): string {
  const [name = '', ...gloss] = article.title.split(': ');
  const isMachine = article.kind === 'command' || article.kind === 'file';
  const face = isMachine ? ' font-family="DejaVu Sans Mono, Liberation Mono, monospace"' : '';
  const lines = [
    ...wrap(name, isMachine ? 26 : 28, 3).map((line) => ({
      line,
      style: `font-size="64" font-weight="700"${face}`,
    })),
    ...(gloss.length > 0 ? wrap(gloss.join(': '), 44, 2) : []).map((line) => ({
      line,
      style: `font-size="40" fill="${colour.inkMuted}"`,
    })),
  ];
  // Rows of 80 pixels; every second one is a band, and each line of text sits on one row.
  const row = (index: number) => 185 + index * 80;
  const text = lines.map(
    ({ line, style }, index) => `<text x="90" y="${row(index) + 60}" ${style}>${escape(line)}</text>`,
  );
  const bands = [-2, 0, 2, 4].map(
    (index) => `<rect y="${row(index)}" width="1200" height="80" fill="${colour.band}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" font-family="Open Sans, Noto Sans, DejaVu Sans, Liberation Sans, sans-serif" fill="${colour.ink}">
<rect width="1200" height="630" fill="${colour.paper}"/>${bands.join('')}
<text x="90" y="156" font-size="32" fill="${colour.accent}">${kinds[article.kind].one} · ${areas[article.area]}</text>${text.join('')}
<g transform="translate(1062 548) scale(3)" fill="none" stroke="${colour.accent}" stroke-width="1.8" stroke-linecap="round"><path d="M7.1 11.4V1.4M7.1 6.2c0-1.4.9-2.2 2.2-2.2h4.3M7.1 10.7c0-1.4.9-2.2 2.2-2.2h4.3"/><circle cx="4.9" cy="12.1" r="3.1" fill="${colour.accent}" stroke="none"/></g>
<text x="1054" y="584" font-size="32" font-weight="700" text-anchor="end">Rootnote</text></svg>`;
}

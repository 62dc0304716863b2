// One line of the script as HTML: every character of it, comments set apart, and links on the words that are explained somewhere.
import { escapeHtml } from '../escapeHtml.ts';
import type { ScriptLine } from './readScript.ts';
import type { ShellWord } from './shellWords.ts';

/** `linkOf`: the address behind a word, or undefined for one that leads nowhere. Words inside of comments are no links. */
export function lineHtml(
  { text, comment, words }: ScriptLine,
  linkOf: (word: ShellWord) => string | undefined,
): string {
  let html = '';
  let at = 0;
  for (const word of words) {
    const href = word.start >= at && word.end <= comment ? linkOf(word) : undefined;
    if (!href) continue;
    html += `${escapeHtml(text.slice(at, word.start))}<a href="${escapeHtml(href)}">${escapeHtml(text.slice(word.start, word.end))}</a>`;
    at = word.end;
  }
  html += escapeHtml(text.slice(at, comment));
  return comment < text.length ? `${html}<i>${escapeHtml(text.slice(comment))}</i>` : html;
}

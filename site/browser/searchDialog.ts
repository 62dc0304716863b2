// The search dialog: exact names first, then the full text; filtered by kind and area; all of it reachable by keyboard.
import { kinds, type Kind } from '../taxonomy.ts';
import { escapeHtml } from '../escapeHtml.ts';
import { prepareSearch, search, type Hit } from './search.ts';

const dialog = document.querySelector<HTMLDialogElement>('#rn-search')!;
const input = dialog.querySelector<HTMLInputElement>('input')!;
const list = dialog.querySelector('ul')!;
const status = dialog.querySelector('.status')!;
const areaSelect = dialog.querySelector<HTMLSelectElement>('[data-area]')!;
const kindButtons = [...dialog.querySelectorAll<HTMLButtonElement>('[data-kind]')];

let kind = '';
let latest = 0;

prepareSearch();

/** Searches for what stands in the field. */
export async function showAnswer(): Promise<void> {
  const query = input.value.trim();
  const turn = ++latest;
  if (query.length < 2) {
    list.replaceChildren();
    status.textContent = 'Paste an error message, or type what you see. Arrow keys move, Enter opens.';
    return;
  }
  const { hits, more, incomplete } = await search(query, { kind, area: areaSelect.value });
  if (turn !== latest) return;
  list.replaceChildren(...hits.flatMap(render));
  status.textContent =
    hits.length > 0
      ? `${hits.length}${more ? ' best' : ''} ${hits.length === 1 ? 'article' : 'articles'}`
      : incomplete
        ? 'The search index could not be loaded. Is the server reachable?'
        : 'Nothing found. Fewer words, or the name of the program, may help.';
  list.dataset['query'] = query;
}

function render({ url, title, kind: kindName, excerpt, summary, parts }: Hit): HTMLLIElement[] {
  return [
    item(url, title, kindName in kinds ? kinds[kindName as Kind].one : '', excerpt ?? escapeHtml(summary)),
    ...parts.map((part) => {
      const li = item(part.url, part.title, '', undefined);
      li.className = 'part';
      return li;
    }),
  ];
}

/** Excerpts are Pagefind's: text of our own pages, escaped, with `<mark>` around the words that were found. */
function item(url: string, title: string, what: string, excerpt: string | undefined): HTMLLIElement {
  const link = document.createElement('a');
  link.href = url;
  link.append(title);
  if (what)
    link.append(' ', Object.assign(document.createElement('span'), { className: 'what', textContent: what }));
  if (excerpt)
    link.append(Object.assign(document.createElement('span'), { className: 'excerpt', innerHTML: excerpt }));
  const li = document.createElement('li');
  li.append(link);
  return li;
}

/** Arrow keys go from the field through the results and back. */
function move(step: 1 | -1): void {
  const links = [...list.querySelectorAll('a')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = at + step;
  if (next < 0) input.focus();
  else links[Math.min(next, links.length - 1)]?.focus();
}

let timer = 0;
input.addEventListener('input', () => {
  clearTimeout(timer);
  timer = window.setTimeout(() => void showAnswer(), 60);
});
dialog.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    if (event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    move(event.key === 'ArrowDown' ? 1 : -1);
  } else if (event.key === 'Enter' && event.target === input) {
    event.preventDefault();
    list.querySelector('a')?.click();
  } else if (
    event.key.length === 1 &&
    event.target instanceof HTMLAnchorElement &&
    !event.ctrlKey &&
    !event.metaKey
  ) {
    input.focus();
  }
});
dialog.addEventListener('click', (event) => {
  const outside = event.target === dialog;
  if (outside || (event.target as Element).closest('#rn-search-results a')) dialog.close();
});
for (const button of kindButtons)
  button.addEventListener('click', () => {
    kind = kind === button.dataset['kind'] ? '' : (button.dataset['kind'] ?? '');
    for (const each of kindButtons) each.setAttribute('aria-pressed', String(each.dataset['kind'] === kind));
    void showAnswer();
  });
areaSelect.addEventListener('change', () => void showAnswer());

// The search dialog: exact names first, then the full text; filtered by kind and area; all of it reachable by keyboard.
import { kinds, type Kind } from '../taxonomy.ts';
import { escapeHtml } from '../escapeHtml.ts';
import type { OwnServer } from './ownServers.ts';
import { isPagefindLoaded } from './pagefind.ts';
import { prepareSearch, search, searchNames, type Answer, type Hit } from './search.ts';

const dialog = document.querySelector<HTMLDialogElement>('#rn-search')!;
const input = dialog.querySelector<HTMLInputElement>('input')!;
const list = dialog.querySelector('ul')!;
const status = dialog.querySelector('.status')!;
const areaSelect = dialog.querySelector<HTMLSelectElement>('[data-area]')!;
const kindButtons = [...dialog.querySelectorAll<HTMLButtonElement>('[data-kind]')];

let kind = '';
let latest = 0;
let timer = 0;

prepareSearch();

const hint = 'Paste an error message, or type what you see. Arrow keys move, Enter opens.';
/** Where to go on when nothing is found. */
const ways = [
  { url: '/howto/first-five-minutes/', title: 'First five minutes on a sick server' },
  { url: '/', title: 'What do you see? Choose by symptom' },
  { url: '/alerts/', title: 'Every alert, by name' },
];

/** Searches for what stands in the field. While the full text is still being loaded, what the names alone say is shown first. */
export async function showAnswer(): Promise<void> {
  const query = input.value.trim();
  const turn = ++latest;
  if (query.length < 2) {
    list.replaceChildren();
    delete list.dataset['query'];
    status.textContent = hint;
    return;
  }
  const filters = { kind, area: areaSelect.value };
  const asked = serversFor(query);
  if (!isPagefindLoaded()) {
    status.textContent = 'Loading the search …';
    const [{ hits }, servers] = await Promise.all([searchNames(query, filters), asked]);
    if (turn !== latest) return;
    list.replaceChildren(...servers.map(serverItem), ...hits.flatMap(render));
    if (list.firstChild) list.dataset['named'] = query;
  }
  const [answer, servers] = await Promise.all([search(query, filters), asked]);
  if (turn !== latest) return;
  // Whoever has already moved into the list keeps it as it is.
  if (!list.contains(document.activeElement))
    list.replaceChildren(...servers.map(serverItem), ...itemsOf(answer));
  status.textContent = (servers.length ? `${counted(servers.length, 'server')}. ` : '') + statusOf(answer);
  list.dataset['query'] = query;
}

const serverItem = ({ id, hostname }: OwnServer) =>
  item(`/portal/servers/${id}/`, hostname, 'Server', undefined);

const itemsOf = ({ hits }: Answer): HTMLLIElement[] =>
  hits.length > 0 ? hits.flatMap(render) : ways.map(({ url, title }) => item(url, title, '', undefined));

/** Whose page has servers of its own: the portal. A chosen kind or area is one of articles. */
async function serversFor(query: string): Promise<OwnServer[]> {
  if (!('servers' in dialog.dataset) || kind || areaSelect.value) return [];
  return (await import('./ownServers.ts')).findServers(query);
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

function statusOf({ hits, more, incomplete }: Answer): string {
  if (hits.length > 0) return more ? `${hits.length} best articles` : counted(hits.length, 'article');
  if (incomplete) return 'The search index could not be loaded. Is the server reachable?';
  return kind || areaSelect.value
    ? 'Nothing found here. Without the filters there may be more. Or:'
    : 'Nothing found. Try fewer words, the name of the program, or the message as it was printed. Or:';
}

/** Opens the first result of what stands in the field, searching for it first where that has not been done yet. */
export async function openFirst(): Promise<void> {
  const query = input.value.trim();
  if (list.dataset['query'] !== query && list.dataset['named'] !== query) {
    clearTimeout(timer);
    await showAnswer();
  }
  if (input.value.trim() === query) list.querySelector('a')?.click();
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

input.addEventListener('input', () => {
  delete list.dataset['named'];
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
    void openFirst();
  } else if (event.key === 'Escape') {
    // In a field for searching the browser would only empty it.
    event.preventDefault();
    dialog.close();
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

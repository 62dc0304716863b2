// The search dialog: exact names first, then the full text; filtered by kind and area; all of it reachable by keyboard.
import { kinds, type Kind } from '../taxonomy.ts';
import { lookUp, type Found, type LookupEntry } from '../lookup.ts';
import { loadPagefind, type PagefindData, type PagefindResult } from './pagefind.ts';

const dialog = document.querySelector<HTMLDialogElement>('#rn-search')!;
const input = dialog.querySelector<HTMLInputElement>('input')!;
const list = dialog.querySelector('ul')!;
const status = dialog.querySelector('.status')!;
const areaSelect = dialog.querySelector<HTMLSelectElement>('[data-area]')!;
const kindButtons = [...dialog.querySelectorAll<HTMLButtonElement>('[data-kind]')];

let names: Promise<LookupEntry[]> | undefined;
let kind = '';
let latest = 0;

/** Opens the dialog, filled with a query when there is one. */
export function openSearchDialog(query: string): void {
  if (!dialog.open) dialog.showModal();
  if (query) input.value = query.slice(0, 300);
  input.focus();
  input.select();
  void loadNames();
  void loadPagefind().catch(() => undefined);
  void search();
}

function loadNames(): Promise<LookupEntry[]> {
  names ??= fetch('/lookup.json').then((response) =>
    response.ok ? (response.json() as Promise<LookupEntry[]>) : [],
  );
  names.catch(() => (names = undefined));
  return names;
}

async function search(): Promise<void> {
  const query = input.value.trim();
  const turn = ++latest;
  if (query.length < 2) {
    list.replaceChildren();
    status.textContent = 'Paste an error message, or type what you see. Arrow keys move, Enter opens.';
    return;
  }
  const filters = { ...(kind ? { kind } : {}), ...(areaSelect.value ? { area: areaSelect.value } : {}) };
  const [found, full] = await Promise.all([
    loadNames().then(
      (entries) =>
        lookUp(
          entries.filter((entry) => matches(entry)),
          query,
        ),
      () => [],
    ),
    loadPagefind().then(
      (pagefind) => pagefind.search(query, { filters }).then(({ results }) => results),
      () => undefined,
    ),
  ]);
  if (turn !== latest) return;
  await show(found, full, turn);
}

const matches = (entry: LookupEntry) =>
  (!kind || entry.kind === kind) && (!areaSelect.value || entry.area === areaSelect.value);

interface Hit {
  url: string;
  score: number;
  name?: LookupEntry;
  data?: PagefindData;
}

async function show(found: Found[], full: PagefindResult[] | undefined, turn: number): Promise<void> {
  const top = (full ?? []).slice(0, 12);
  const best = top[0]?.score ?? 1;
  const loaded = await Promise.all(top.map(async (result) => ({ result, data: await result.data() })));
  if (turn !== latest) return;
  const hits = new Map<string, Hit>();
  for (const { entry, score } of found)
    hits.set(entry.url, { url: entry.url, score: score * 1.2, name: entry });
  for (const { result, data } of loaded) {
    const url = new URL(data.url, location.href).pathname;
    const hit = hits.get(url) ?? { url, score: 0 };
    hits.set(url, { ...hit, score: hit.score + 0.6 * (result.score / best), data });
  }
  const sorted = [...hits.values()].sort((a, b) => b.score - a.score).slice(0, 12);
  list.replaceChildren(...sorted.flatMap(render));
  status.textContent =
    sorted.length > 0
      ? `${sorted.length}${(full?.length ?? 0) > 12 ? ' best' : ''} ${sorted.length === 1 ? 'article' : 'articles'}`
      : full === undefined
        ? 'The search index could not be loaded. Is the server reachable?'
        : 'Nothing found. Fewer words, or the name of the program, may help.';
}

function render(hit: Hit): HTMLLIElement[] {
  const title = hit.name?.title ?? hit.data?.meta.title ?? hit.url;
  const kindName = hit.name?.kind ?? hit.data?.meta.kind ?? '';
  const main = item(hit.url, title, kindName in kinds ? kinds[kindName as Kind].one : '', hit.data?.excerpt);
  const parts = (hit.data?.sub_results ?? [])
    .filter((part) => part.url.includes('#') && !part.url.endsWith('#_top'))
    .slice(0, 3)
    .map((part) => {
      const li = item(part.url, part.title, '', undefined);
      li.className = 'part';
      return li;
    });
  return [main, ...parts];
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
  timer = window.setTimeout(() => void search(), 60);
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
    void search();
  });
areaSelect.addEventListener('change', () => void search());

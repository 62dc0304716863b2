// What every page of the knowledge base does in the browser: open the search, copy commands, keep pages for offline. Kept small;
// the search itself is loaded when it is first opened.

/** Starts the page: call once. */
export function startPage(): void {
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest('[data-search-open]')) void openSearch('');
    const copy = target?.closest<HTMLButtonElement>('.fence .copy');
    if (copy) void copyFence(copy);
    const helpful = target?.closest<HTMLButtonElement>('[data-helpful]');
    if (helpful) void import('./feedback.ts').then(({ giveFeedback }) => giveFeedback(helpful));
  });
  document.addEventListener('keydown', (event) => {
    const wanted =
      (event.key === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !isTyping(event));
    if (!wanted || event.isComposing) return;
    event.preventDefault();
    void openSearch('');
  });
  const query = new URLSearchParams(location.search).get('q');
  if (query) void openSearch(query);
  const alert = alertOfAddress();
  if (alert)
    void import('./incidentPanel.ts').then(({ showIncident }) =>
      showIncident(alert.token, alert.heading, () => sessionStorage.removeItem(alert.kept)),
    );
  if ('serviceWorker' in navigator && import.meta.env.PROD)
    addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined));
}

/**
 * The token of an alert's link, `#act-now~TOKEN`: taken out of the address bar at once, so that it is neither bookmarked nor passed
 * on, and kept for this page of this tab, so that it survives a reload.
 */
function alertOfAddress(): { token: string; heading: string; kept: string } | undefined {
  const kept = `rootnote-alert ${location.pathname}`;
  const match = /^#([\w-]*)~([a-z0-9.]+)$/.exec(location.hash);
  if (match) {
    const [, heading = '', token = ''] = match;
    history.replaceState(history.state, '', location.pathname + location.search);
    sessionStorage.setItem(kept, `${token} ${heading}`);
  }
  const [token, heading = ''] = sessionStorage.getItem(kept)?.split(' ') ?? [];
  return token ? { token, heading, kept } : undefined;
}

function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  return (
    event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]')
  );
}

/** The dialog opens at once, so that no key is lost while the search is loaded. */
async function openSearch(query: string): Promise<void> {
  const dialog = document.querySelector<HTMLDialogElement>('#rn-search');
  const input = dialog?.querySelector('input');
  if (!dialog || !input) return;
  if (!dialog.open) dialog.showModal();
  if (query) input.value = query;
  input.focus();
  input.select();
  // Until the search is there, Enter would close the dialog: it counts once the answer is.
  let entered = false;
  const remember = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    entered = true;
  };
  input.addEventListener('keydown', remember);
  const { openFirst, showAnswer } = await import('./searchDialog.ts');
  input.removeEventListener('keydown', remember);
  await (entered ? openFirst() : showAnswer());
}

/** Commands without prompts and without output; of other code, everything. */
function textOfFence(fence: Element): string {
  const lines = [...fence.querySelectorAll('.ec-line')];
  const commands = lines.filter((line) => line.classList.contains('cmd'));
  return (commands.length > 0 ? commands : lines)
    .map((line) => {
      const code = line.querySelector('.code')?.textContent?.replace(/\n$/, '') ?? '';
      return commands.length > 0 ? code.slice(2) : code;
    })
    .join('\n');
}

async function copyFence(button: HTMLButtonElement): Promise<void> {
  const fence = button.closest('.fence');
  if (!fence) return;
  const done = await navigator.clipboard?.writeText(textOfFence(fence)).then(
    () => true,
    () => false,
  );
  button.textContent = done ? 'Copied' : 'Select and copy by hand';
  button.setAttribute('aria-live', 'polite');
  setTimeout(() => (button.textContent = 'Copy'), 2000);
}

// What the frame of the portal does in the browser: the choice of colours, `g` shortcuts between its pages, and the list of them.

export function startFrame(): void {
  const select = document.querySelector<HTMLSelectElement>('#theme');
  if (select) startTheme(select);
  const keys = document.querySelector<HTMLDialogElement>('#shortcuts');
  const showKeys = () => {
    if (!document.querySelector('dialog[open]')) keys?.showModal();
  };
  document.querySelector('[data-keys-open]')?.addEventListener('click', showKeys);
  // Beside the dialog: its box is all of its own area.
  keys?.addEventListener('click', (event) => {
    if (event.target === keys) keys.close();
  });
  let afterG = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (event.key === '?') return showKeys();
    if (document.querySelector('dialog[open]')) return;
    if (event.key === 'g') {
      afterG = event.timeStamp;
      return;
    }
    if (event.timeStamp - afterG > 1500) return;
    afterG = 0;
    document
      .querySelector<HTMLAnchorElement>(`nav a[aria-keyshortcuts="g ${CSS.escape(event.key)}"]`)
      ?.click();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}

/** The knowledge base keeps the choice under the same name. */
function startTheme(select: HTMLSelectElement): void {
  const key = 'starlight-theme';
  try {
    select.value = localStorage.getItem(key) ?? '';
  } catch {
    select.disabled = true;
  }
  select.addEventListener('change', () => {
    localStorage.setItem(key, select.value);
    if (select.value) document.documentElement.dataset.theme = select.value;
    else delete document.documentElement.dataset.theme;
  });
}

// How it stands, where it can be seen from another tab: the title, the icon, and a number beside "Incidents".
import type { Standing } from '#portal/routers/incidents.ts';

export function openOf({ critical, warning }: Standing): number {
  return critical + warning;
}

/** "(3) web1 · Rootnote"; a number that the title had before is replaced. */
export function titleOf(title: string, standing: Standing): string {
  const plain = title.replace(/^\(\d+\) /, '');
  const open = openOf(standing);
  return open ? `(${open}) ${plain}` : plain;
}

export function iconOf({ critical, warning }: Standing): string {
  return critical ? '/favicon-critical.svg' : warning ? '/favicon-warning.svg' : '/favicon.svg';
}

/** Beside "Incidents", where there is little room. */
export function badgeOf(standing: Standing): string {
  const open = openOf(standing);
  return open > 99 ? '99+' : String(open);
}

/** As the server drew it; null on a page that shows none. */
export function shownStanding(document: Document): Standing | null {
  const text = document.querySelector<HTMLElement>('[data-standing]')?.dataset['standing'];
  return text ? (JSON.parse(text) as Standing) : null;
}

export function showStanding(document: Document, standing: Standing): void {
  document.title = titleOf(document.title, standing);
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (icon && icon.getAttribute('href') !== iconOf(standing)) icon.href = iconOf(standing);
  const badge = document.querySelector<HTMLElement>('[data-standing]');
  if (!badge) return;
  badge.hidden = openOf(standing) === 0;
  badge.dataset['standing'] = JSON.stringify(standing);
  badge.firstElementChild!.textContent = badgeOf(standing);
}

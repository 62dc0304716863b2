// Your server in the article: above the text what the alert saw, in the commands your own values, and a button that looks again.
// Loaded only when the address carried the token of an alert.
import { formatDuration } from '#core/format.ts';
import type { IncidentPanel } from '#core/incidentPanel.ts';
import { fillCommands } from './fillCommands.ts';
// As text: a style sheet that is imported would be loaded by every page.
import styles from './incidentPanel.css?inline';

/** How often, and for how long, the page asks whether a look is done. */
const pollSeconds = 3;
const patienceSeconds = 150;

type Answer = { ok: true; panel: IncidentPanel } | { ok: false; message: string; gone: boolean };

/** `heading`: the id that the link leads to, or ''. `forget` is called when the token is of no use any more. */
export async function showIncident(token: string, heading: string, forget: () => void): Promise<void> {
  const content = document.querySelector('.sl-markdown-content');
  if (!content) return;
  document.head.append(element('style', { textContent: styles }));
  const box = element('section', { className: 'incident not-content', ariaLabel: 'Your server' });
  box.append(element('p', { textContent: 'Reading your values…' }));
  content.prepend(box);
  const first = await ask(token, false);
  if (!first.ok) {
    if (first.gone) forget();
    box.replaceChildren(element('p', { className: 'refused', textContent: first.message }));
    return;
  }
  const close = (): void => {
    forget();
    location.reload();
  };
  const filled = fillCommands(content, first.panel.values, samplesOfPage());
  const status = element('p', { className: 'status', role: 'status' });
  const draw = (panel: IncidentPanel, busy: boolean): void => {
    const again = element('button', { type: 'button', textContent: 'Check again', disabled: busy });
    again.addEventListener('click', () => void lookAgain(token, status, draw));
    const end = element('button', { type: 'button', textContent: 'Show the plain article' });
    end.addEventListener('click', close);
    const target = heading && document.getElementById(heading);
    const actions = element('p', { className: 'actions' });
    if (target)
      actions.append(link(`#${heading}`, `Go on at: ${target.textContent?.trim() ?? 'what to do'}`, 'main'));
    if (panel.state === 'open') actions.append(again);
    actions.append(link(panel.incidentUrl, 'Incident in the portal'), end);
    box.replaceChildren(...summary(panel, filled), actions, status);
    if (document.activeElement === document.body && busy) status.focus();
  };
  draw(first.panel, false);
}

async function ask(token: string, again: boolean): Promise<Answer> {
  try {
    const response = await fetch('/api/incident', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, again }),
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      credentials: 'omit',
      signal: AbortSignal.timeout(15_000),
    });
    const body = (await response.json()) as IncidentPanel & { message: string };
    if (response.ok) return { ok: true, panel: body };
    return { ok: false, message: body.message, gone: [403, 404, 410].includes(response.status) };
  } catch {
    return { ok: false, message: 'Rootnote does not answer. The article below is the same.', gone: false };
  }
}

/** Asks for a look, then asks for its outcome until it is there. */
async function lookAgain(
  token: string,
  status: HTMLElement,
  draw: (panel: IncidentPanel, busy: boolean) => void,
): Promise<void> {
  const asked = await ask(token, true);
  if (!asked.ok) {
    status.textContent = asked.message;
    return;
  }
  const begin = asked.panel;
  draw(begin, true);
  for (let waited = 0; waited < patienceSeconds; waited += pollSeconds) {
    if (waited === 0 || begin.look.by === 'report') status.textContent = waiting(begin, waited);
    await new Promise((done) => setTimeout(done, pollSeconds * 1000));
    const answer = await ask(token, false);
    if (!answer.ok) {
      status.textContent = answer.message;
      return draw(begin, false);
    }
    const { panel } = answer;
    if (panel.state === 'open' && !isNewer(panel, begin)) continue;
    // A look that disagrees with the state is confirmed by a second one, some seconds later.
    const isSettled = panel.state === 'resolved' || !disagrees(panel);
    draw(panel, !isSettled);
    status.textContent = outcome(panel);
    if (isSettled) return;
  }
  draw(begin, false);
  status.textContent = 'Nothing new so far. Is the agent running, and the worker that probes?';
}

function waiting({ look, now }: IncidentPanel, waited: number): string {
  if (look.by === 'probe') return 'Looking again…';
  if (look.nextAt === null) return 'Waiting for a report of the agent…';
  const left = Math.round(look.nextAt - now - waited);
  return left > 0
    ? `The next report is due in ${left} s; this updates when it came.`
    : 'The next report is due now…';
}

/** Whether everything was looked at since `begin`. */
function isNewer({ look }: IncidentPanel, begin: IncidentPanel): boolean {
  if (look.by === 'probe')
    return look.monitors.length > 0 && look.monitors.every(({ checkedAt }) => (checkedAt ?? 0) > begin.now);
  return begin.look.by === 'report' && (look.lastAt ?? 0) > (begin.look.lastAt ?? 0);
}

function disagrees({ look }: IncidentPanel): boolean {
  return look.by === 'probe' && look.monitors.some(({ ok, state }) => ok !== null && ok !== (state === 'up'));
}

function outcome({ state, look }: IncidentPanel): string {
  const at = new Date().toLocaleTimeString();
  if (state === 'resolved') return `Checked at ${at}: it is resolved.`;
  if (look.by === 'report') return `A new report came at ${at}; the problem is still there.`;
  const bad = look.monitors.filter(({ ok }) => ok === false);
  if (bad.length > 0)
    return `Checked at ${at}: ${bad.map(({ name, says }) => `${name}: ${says}`).join('; ')}`;
  return look.monitors.every((monitor) => monitor.state === 'up')
    ? `Checked at ${at}: it answers again, and a second look agrees.`
    : `Checked at ${at}: it answers again. A second look will confirm it…`;
}

function summary(panel: IncidentPanel, filled: number): HTMLElement[] {
  const title = element('p', { className: 'what' });
  title.append(
    element('span', {
      className: `state ${panel.state === 'open' ? panel.severity : 'resolved'}`,
      textContent: panel.state === 'open' ? panel.severity : 'resolved',
    }),
    ` ${panel.title}`,
  );
  const list = element('dl');
  const since = formatDuration(Math.max(0, (panel.resolvedAt ?? panel.now) - panel.since));
  const rows = [
    // The site is in its address already.
    ...Object.entries(panel.values).filter(([name]) => name !== 'site'),
    [panel.state === 'open' ? 'since' : 'lasted', since] as const,
  ];
  for (const [name, value] of rows) {
    const row = element('div');
    row.append(element('dt', { textContent: name }), element('dd', { textContent: value }));
    list.append(row);
  }
  const parts = [title, list];
  if (panel.evidence.length > 0) {
    const table = element('table');
    const body = table.createTBody();
    for (const { what, value, normal } of panel.evidence) {
      const row = body.insertRow();
      row.append(element('th', { scope: 'row', textContent: what }));
      row.insertCell().textContent = value;
      row.insertCell().textContent = normal ? `normal: ${normal}` : '';
    }
    parts.push(table);
  }
  if (filled > 0)
    parts.push(
      element('p', {
        className: 'filled',
        textContent: `${filled} places in the commands below show your own values, with a line below them. Read a command before you paste it.`,
      }),
    );
  return parts;
}

/** What of this article stands for what: `yours` of its frontmatter. */
function samplesOfPage(): Record<string, string> {
  const text = document.querySelector<HTMLElement>('[data-yours]')?.dataset['yours'];
  return text ? (JSON.parse(text) as Record<string, string>) : {};
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(name), properties);
}

function link(href: string, textContent: string, className = ''): HTMLAnchorElement {
  return element('a', { href, textContent, className });
}

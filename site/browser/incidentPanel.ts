// Your server in the article: above the text what the alert saw, in the commands your own values, and a button that looks again.
// Loaded only when the address carried the token of an alert.
import { formatDuration } from '#core/format.ts';
import type { IncidentPanel } from '#core/incidentPanel.ts';
import { fillCommands } from './fillCommands.ts';
import './incidentPanel.css';

/** How often, and for how long, the page asks whether a look is done. */
const pollSeconds = 3;
const patienceSeconds = 150;

type Answer = { ok: true; panel: IncidentPanel } | { ok: false; message: string; gone: boolean };

/** `heading`: the id that the link leads to, or ''. `forget` is called when the token is of no use any more. */
export async function showIncident(token: string, heading: string, forget: () => void): Promise<void> {
  const content = document.querySelector('.sl-markdown-content');
  if (!content) return;
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
    status.textContent = waiting(begin, waited);
    await new Promise((done) => setTimeout(done, pollSeconds * 1000));
    const answer = await ask(token, false);
    if (!answer.ok) {
      status.textContent = answer.message;
      return draw(begin, false);
    }
    if (answer.panel.state === 'resolved' || isNewer(answer.panel, begin)) {
      draw(answer.panel, false);
      status.textContent = outcome(answer.panel);
      return;
    }
  }
  draw(begin, false);
  status.textContent = 'No answer yet. Is the agent, or the worker that probes, running?';
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

function outcome({ state, look }: IncidentPanel): string {
  const at = new Date().toLocaleTimeString();
  if (state === 'resolved') return `Checked at ${at}: it is resolved.`;
  if (look.by === 'report') return `A new report came at ${at}; the problem is still there.`;
  const bad = look.monitors.filter((monitor) => monitor.state !== 'up');
  return bad.length > 0
    ? `Checked at ${at}: ${bad.map(({ name, summary: words }) => `${name} ${words || 'fails'}`).join('; ')}`
    : `Checked at ${at}: it answers again. The incident ends when the next looks agree.`;
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
    ...Object.entries(panel.values),
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
        textContent: `${filled} places in the commands below show your own values, marked like this one. Read a command before you paste it.`,
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

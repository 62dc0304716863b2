// A state as icon and word, never by colour alone.

export type Tone = 'critical' | 'warning' | 'info' | 'ok' | 'unknown';
type Shape = 'cross' | 'triangle' | 'dot' | 'check' | 'dots' | 'bars' | 'silent' | 'copy';

const looks: Record<string, { word: string; tone: Tone; shape: Shape }> = {
  // Servers
  critical: { word: 'Critical', tone: 'critical', shape: 'cross' },
  warning: { word: 'Warning', tone: 'warning', shape: 'triangle' },
  info: { word: 'Good to know', tone: 'info', shape: 'dot' },
  healthy: { word: 'Healthy', tone: 'ok', shape: 'check' },
  silent: { word: 'Silent', tone: 'critical', shape: 'silent' },
  waiting: { word: 'Waiting', tone: 'unknown', shape: 'dots' },
  clone: { word: 'A copy?', tone: 'warning', shape: 'copy' },
  revoked: { word: 'Revoked', tone: 'unknown', shape: 'bars' },
  // Monitors
  up: { word: 'Up', tone: 'ok', shape: 'check' },
  degraded: { word: 'Degraded', tone: 'warning', shape: 'triangle' },
  down: { word: 'Down', tone: 'critical', shape: 'cross' },
  pending: { word: 'Pending', tone: 'unknown', shape: 'dots' },
  paused: { word: 'Paused', tone: 'unknown', shape: 'bars' },
  // Incidents
  open: { word: 'Open', tone: 'critical', shape: 'cross' },
  resolved: { word: 'Resolved', tone: 'ok', shape: 'check' },
  // Maintenance
  'maintenance-active': { word: 'In progress', tone: 'info', shape: 'bars' },
  'maintenance-planned': { word: 'Planned', tone: 'unknown', shape: 'dots' },
  'maintenance-over': { word: 'Over', tone: 'unknown', shape: 'check' },
  // Messages
  sent: { word: 'Sent', tone: 'ok', shape: 'check' },
  queued: { word: 'On its way', tone: 'unknown', shape: 'dots' },
  failed: { word: 'Failed', tone: 'critical', shape: 'cross' },
};

export function State({ is, word }: { is: string; word?: string }) {
  const look = looks[is] ?? { word: is, tone: 'unknown' as const, shape: 'dot' as const };
  return (
    <span className="state" data-tone={look.tone}>
      <Icon shape={look.shape} />
      <span>{word ?? look.word}</span>
    </span>
  );
}

const shapes: Record<Shape, string> = {
  cross: 'M4.5 4.5l7 7m0-7l-7 7',
  triangle: 'M8 2.5l6 11H2z M8 7v2.6 M8 11.4v.1',
  dot: 'M8 7.2v4 M8 4.6v.1 M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4',
  check: 'M3 8.6l3.3 3.4L13 4.6',
  dots: 'M3.4 8v.1 M8 8v.1 M12.6 8v.1',
  bars: 'M5.5 3.5v9 M10.5 3.5v9',
  silent: 'M2 8h2.6 M6.7 8h2.6 M11.4 8H14',
  copy: 'M5.5 5.5h8v8h-8z M10.5 5.5v-3h-8v8h3',
};

function Icon({ shape }: { shape: Shape }) {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path
        d={shapes[shape]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

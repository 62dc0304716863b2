// Response times of the last looks, as a line in a line. Failed looks are ticks at the bottom.
import { height, linePath, width } from './chartShape.ts';

export function Sparkline({ values, label }: { values: (number | null)[]; label: string }) {
  if (values.length < 2) return <span className="spark" />;
  const known = values.filter((value) => value !== null);
  const top = Math.max(1, ...known) * 1.15;
  const failed = values
    .map((value, index) => (value === null ? `M${(index / (values.length - 1)) * width} ${height}v-30` : ''))
    .join('');
  const text = known.length
    ? `${label}: ${Math.round(Math.min(...known))} to ${Math.round(Math.max(...known))} ms in the last ${values.length} looks`
    : `${label}: no look succeeded`;
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text}
    >
      <path className="line" d={linePath(values, top)} />
      {failed && <path className="failed" d={failed} />}
    </svg>
  );
}

// A share as a thin bar with its number; full is bad.
import { formatPercent } from '#core/format.ts';

export function Meter({
  percent,
  label,
  detail,
}: {
  percent: number | null;
  label: string;
  detail?: string;
}) {
  const known = percent !== null && Number.isFinite(percent);
  const width = known ? Math.min(100, Math.max(0, percent)) : 0;
  return (
    <div
      className="meter"
      data-full={known && percent >= 90 ? 'very' : known && percent >= 80 ? 'rather' : undefined}
    >
      <span className="meter-label">{label}</span>
      <span className="meter-bar" aria-hidden="true">
        <span style={{ width: `${width}%` }} />
      </span>
      <span className="meter-value" title={detail}>
        {known ? formatPercent(Math.round(percent)) : 'unknown'}
        {detail && <small> {detail}</small>}
      </span>
    </div>
  );
}

// A chart of series over time, drawn as SVG. Its legend is its readout: values at the pointer, or the newest. By keyboard the
// arrows move through time; for screen readers it is a slider that says the moment and the values.
import { type KeyboardEvent, memo, type PointerEvent } from 'react';
import { areaPath, axisEnd, height, linePath, stack, timeTicks, type Values, width } from './chartShape.ts';
import { useClock } from './Now.tsx';
import { axisText, dateText } from './timeText.ts';

export interface Line {
  label: string;
  values: Values;
  /** Least and most within each point, drawn as a band. */
  least?: Values;
  most?: Values;
  /** 1 to 6: which of the chart colours. */
  tone: number;
}

export interface Mark {
  /** Epoch seconds. */
  at: number;
  label: string;
}

interface Props {
  title: string;
  lines: Line[];
  /** Epoch seconds of the first point; seconds between two. */
  start: number;
  step: number;
  points: number;
  stacked?: boolean;
  /** End of the axis; left out: from the values. */
  top?: number;
  binary?: boolean;
  format: (value: number) => string;
  marks?: Mark[];
  /** Index of the point that the reader looks at, shared by the charts of a page; null for the newest. */
  cursor: number | null;
  onCursor: (index: number | null) => void;
}

export function Chart(props: Props) {
  const { title, lines, start, step, points, stacked, binary = false, format, cursor, onCursor } = props;
  const { mounted } = useClock();
  const end = start + (points - 1) * step;
  const top = props.top ?? axisEnd(largest(lines, stacked ?? false), binary);
  const shown = cursor ?? newest(lines);
  const offset = mounted ? -new Date(end * 1000).getTimezoneOffset() * 60 : 0;
  // A label at the very edge would be cut off.
  const margin = (end - start) * 0.04;
  const ticks = timeTicks(start, end, offset).filter((at) => at > start + margin && at < end - margin);
  const left = (at: number) => `${((at - start) / Math.max(1, end - start)) * 100}%`;
  const value = (line: Line) => {
    const at = shown === null ? null : line.values[shown];
    return at == null ? '–' : format(at);
  };
  const spoken =
    shown === null
      ? 'no values in this time'
      : `${dateText(start + shown * step, mounted)}: ${lines.map((line) => `${line.label} ${value(line)}`).join(', ')}`;

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const { left: edge, width: wide } = event.currentTarget.getBoundingClientRect();
    onCursor(clamp(Math.round(((event.clientX - edge) / wide) * (points - 1)), points));
  };
  const move = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    const to = { Home: 0, End: points - 1 }[event.key];
    if (event.key === 'Escape') onCursor(null);
    else if (by !== undefined) onCursor(clamp((shown ?? points - 1) + by, points));
    else if (to !== undefined) onCursor(to);
    else return;
    event.preventDefault();
  };

  return (
    <figure className="chart" data-chart={title}>
      <figcaption>
        <h3>{title}</h3>
        <Legend lines={lines} value={value} />
      </figcaption>
      <div
        className="plot"
        role="slider"
        tabIndex={0}
        aria-label={`${title} over time`}
        aria-valuemin={0}
        aria-valuemax={points - 1}
        aria-valuenow={shown ?? points - 1}
        aria-valuetext={spoken}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => onCursor(null)}
        onKeyDown={move}
        onBlur={() => onCursor(null)}
      >
        <Drawing lines={lines} top={top} stacked={stacked ?? false} />
        {shown === null && (
          <span className="none" aria-hidden="true">
            no values in this time
          </span>
        )}
        {(shown === null ? [] : [1, 0.5]).map((share) => (
          <span key={share} className="y" style={{ bottom: `${share * 100}%` }} aria-hidden="true">
            {format(top * share)}
          </span>
        ))}
        <Marks marks={props.marks?.filter(({ at }) => at >= start && at <= end) ?? []} left={left} />
        {cursor !== null && (
          <span className="cursor" style={{ left: left(start + cursor * step) }} aria-hidden="true">
            <span data-side={cursor > points / 2 ? 'left' : 'right'}>
              {dateText(start + cursor * step, mounted)}
            </span>
          </span>
        )}
      </div>
      <div className="x" aria-hidden="true">
        {ticks.map((at) => (
          <span key={at} style={{ left: left(at) }}>
            {axisText(at, end - start, mounted)}
          </span>
        ))}
      </div>
    </figure>
  );
}

function Legend({ lines, value }: { lines: Line[]; value: (line: Line) => string }) {
  return (
    <ul className="legend" aria-hidden="true">
      {lines.map((line) => (
        <li key={line.label}>
          <span className="swatch" data-tone={line.tone} />
          {line.label} <b>{value(line)}</b>
        </li>
      ))}
    </ul>
  );
}

function Marks({ marks, left }: { marks: Mark[]; left: (at: number) => string }) {
  return marks.map(({ at, label }) => (
    <span
      key={`${at} ${label}`}
      className="mark"
      style={{ left: left(at) }}
      title={label}
      aria-hidden="true"
    />
  ));
}

/** Apart from the rest and remembered: moving the pointer must not draw it again. */
const Drawing = memo(function Drawing({
  lines,
  top,
  stacked,
}: {
  lines: Line[];
  top: number;
  stacked: boolean;
}) {
  const layers = stacked ? stack(lines.map(({ values }) => values)) : [];
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="grid" d={`M0 0H${width}M0 ${height / 2}H${width}M0 ${height}H${width}`} />
      {lines.map((line, index) => {
        const layer = layers[index];
        return (
          <g key={line.label} data-tone={line.tone}>
            {layer && <path className="area" d={areaPath(layer.low, layer.high, top)} />}
            {!layer && line.least && line.most && (
              <path className="band" d={areaPath(line.least, line.most, top)} />
            )}
            <path className="line" d={linePath(layer ? layer.high : line.values, top)} />
          </g>
        );
      })}
    </svg>
  );
});

function largest(lines: Line[], stacked: boolean): number {
  const edges = stacked
    ? stack(lines.map(({ values }) => values)).map(({ high }) => high)
    : lines.map((line) => line.most ?? line.values);
  return Math.max(0, ...edges.flatMap((values) => values.filter((value) => value !== null)));
}

function newest(lines: Line[]): number | null {
  const last = Math.max(-1, ...lines.map(({ values }) => values.findLastIndex((value) => value !== null)));
  return last < 0 ? null : last;
}

function clamp(index: number, points: number): number {
  return Math.min(points - 1, Math.max(0, index));
}

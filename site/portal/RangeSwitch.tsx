// The choice of a range of time; it stays in the address, so that a link shows the same.
import { useState } from 'react';
import { ranges } from './ranges.ts';

export function RangeSwitch({ seconds, onChange }: { seconds: number; onChange: (seconds: number) => void }) {
  return (
    <div className="ranges" role="group" aria-label="Range of time">
      {ranges.map((range) => (
        <button
          key={range.name}
          type="button"
          aria-pressed={range.seconds === seconds}
          title={range.words}
          onClick={() => onChange(range.seconds)}
        >
          {range.name}
        </button>
      ))}
    </div>
  );
}

export function useRange(first: number): [number, (seconds: number) => void] {
  const [seconds, setSeconds] = useState(first);
  const choose = (next: number) => {
    setSeconds(next);
    const url = new URL(location.href);
    url.searchParams.set('range', ranges.find((range) => range.seconds === next)!.name);
    history.replaceState(history.state, '', url);
  };
  return [seconds, choose];
}

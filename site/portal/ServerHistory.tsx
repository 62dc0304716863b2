// The charts of a server, with one range of time and one pointer for all of them.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Chart, type Mark } from './Chart.tsx';
import { type Answers, useTRPC } from './client.ts';
import { RangeSwitch, useRange } from './RangeSwitch.tsx';
import { Section } from './Section.tsx';
import { serverCharts, wantedSeries } from './serverCharts.ts';

interface Props {
  serverId: string;
  cores: number | undefined;
  first: { seconds: number; history: Answers['series']['history'] };
  marks: Mark[];
}

export function ServerHistory({ serverId, cores, first, marks }: Props) {
  const trpc = useTRPC();
  const [seconds, setSeconds] = useRange(first.seconds);
  const [cursor, setCursor] = useState<number | null>(null);
  const { data: history = first.history } = useQuery({
    ...trpc.series.history.queryOptions(
      { serverId, series: wantedSeries, seconds },
      seconds === first.seconds ? { initialData: first.history } : undefined,
    ),
    placeholderData: keepPreviousData,
  });
  const charts = useMemo(() => serverCharts(history, cores), [history, cores]);
  return (
    <Section id="history" title="Over time" tools={<RangeSwitch seconds={seconds} onChange={setSeconds} />}>
      <div className="charts">
        {charts.map((chart) => (
          <Chart
            key={chart.title}
            {...chart}
            start={history.start}
            step={history.step}
            points={history.points}
            marks={marks}
            cursor={cursor}
            onCursor={setCursor}
          />
        ))}
      </div>
    </Section>
  );
}

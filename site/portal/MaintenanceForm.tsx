// Planning maintenance: what is done, for what, when, how often.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { weekdays } from '#core/recurrence.ts';
import { useTRPC } from './client.ts';
import { localTime, type Repeat, repeats, ruleOf, type Weekday, weekdayNames } from './maintenanceWords.ts';
import { useClock } from './Now.tsx';
import { Trouble } from './Trouble.tsx';

export interface Scope {
  servers: { id: string; hostname: string }[];
  /** Of the chosen server; or the chosen monitor alone, which belongs to none. */
  monitors: { id: string; name: string }[];
  /** Chosen by the page that led here. */
  serverId: string | null;
  monitorId: string | null;
}

/** Choice of a monitor that belongs to no server. */
const alone = 'alone';

export function MaintenanceForm({ scope }: { scope: Scope }) {
  const trpc = useTRPC();
  const id = useId();
  const { now } = useClock();
  const [title, setTitle] = useState('');
  const [serverId, setServerId] = useState(scope.serverId ?? '');
  const [monitorId, setMonitorId] = useState(scope.monitorId ?? '');
  const [start, setStart] = useState('');
  const [minutes, setMinutes] = useState('60');
  const [repeat, setRepeat] = useState<Repeat>('once');
  const [days, setDays] = useState<Weekday[]>([]);
  const [own, setOwn] = useState('FREQ=MONTHLY;BYDAY=1SU');
  const [timeZone, setTimeZone] = useState('UTC');
  const [zones, setZones] = useState<string[]>([]);
  useEffect(() => {
    // The reader's own zone is known in the browser only.
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    setTimeZone(zone);
    setZones(Intl.supportedValuesOf('timeZone'));
    setStart((typed) => typed || localTime(now, zone));
  }, []);
  const chosen = useQuery(
    trpc.maintenance.scope.queryOptions(
      { serverId },
      { enabled: serverId !== '' && serverId !== scope.serverId },
    ),
  );
  const monitors = serverId === (scope.serverId ?? '') ? scope.monitors : (chosen.data?.monitors ?? []);
  const [loose] = scope.serverId === null ? scope.monitors : [];
  const create = useMutation(trpc.maintenance.create.mutationOptions({ onSuccess: () => setTitle('') }));
  return (
    <form
      className="fields panel"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate({
          title,
          start,
          minutes: Number(minutes),
          timeZone,
          rule: ruleOf(repeat, days, own),
          ...(monitorId ? { monitorId } : serverId ? { serverId } : {}),
        });
      }}
    >
      <div className="field">
        <label htmlFor={`${id}-title`}>What is done</label>
        <input
          id={`${id}-title`}
          required
          maxLength={200}
          placeholder="New disk, kernel update"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-server`}>For</label>
        <select
          id={`${id}-server`}
          value={serverId === '' && monitorId !== '' ? alone : serverId}
          onChange={({ target: { value } }) => {
            setServerId(value === alone ? '' : value);
            setMonitorId(value === alone && loose ? loose.id : '');
          }}
        >
          <option value="">everything</option>
          {loose && <option value={alone}>{loose.name}</option>}
          {scope.servers.map((each) => (
            <option key={each.id} value={each.id}>
              {each.hostname}
            </option>
          ))}
        </select>
      </div>
      {serverId && (
        <div className="field">
          <label htmlFor={`${id}-monitor`}>Of it</label>
          <select
            id={`${id}-monitor`}
            value={monitorId}
            onChange={(event) => setMonitorId(event.target.value)}
          >
            <option value="">the whole server</option>
            {monitors.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="pair">
        <div className="field">
          <label htmlFor={`${id}-start`}>Begins</label>
          <input
            id={`${id}-start`}
            type="datetime-local"
            required
            value={start}
            onChange={(event) => setStart(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-minutes`}>Lasts (minutes)</label>
          <input
            id={`${id}-minutes`}
            type="number"
            min={1}
            max={10_080}
            required
            value={minutes}
            onChange={(event) => setMinutes(event.target.value)}
          />
        </div>
      </div>
      <div className="pair">
        <div className="field">
          <label htmlFor={`${id}-zone`}>By the clock of</label>
          <input
            id={`${id}-zone`}
            list={`${id}-zones`}
            required
            maxLength={64}
            value={timeZone}
            onChange={(event) => setTimeZone(event.target.value)}
          />
          <datalist id={`${id}-zones`}>
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </div>
        <div className="field">
          <label htmlFor={`${id}-repeat`}>Repeats</label>
          <select
            id={`${id}-repeat`}
            value={repeat}
            onChange={(event) => setRepeat(event.target.value as Repeat)}
          >
            {Object.entries(repeats).map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </div>
      </div>
      {repeat === 'weekly' && <Days days={days} onChange={setDays} />}
      {repeat === 'rule' && (
        <div className="field">
          <label htmlFor={`${id}-rule`}>
            Rule<small> FREQ, INTERVAL, BYDAY, BYMONTHDAY, UNTIL</small>
          </label>
          <input
            id={`${id}-rule`}
            required
            maxLength={300}
            spellCheck={false}
            value={own}
            onChange={(event) => setOwn(event.target.value)}
          />
        </div>
      )}
      <Trouble error={create.error} />
      <div className="row">
        <button type="submit" className="button main" disabled={create.isPending}>
          Plan it
        </button>
        <span role="status">{create.isSuccess && 'Planned.'}</span>
      </div>
    </form>
  );
}

function Days({ days, onChange }: { days: Weekday[]; onChange: (days: Weekday[]) => void }) {
  return (
    <fieldset className="days">
      <legend>On</legend>
      {weekdays.map((day) => (
        <label key={day}>
          <input
            type="checkbox"
            checked={days.includes(day)}
            onChange={(event) =>
              onChange(event.target.checked ? [...days, day] : days.filter((each) => each !== day))
            }
          />
          {weekdayNames[day].slice(0, 3)}
        </label>
      ))}
    </fieldset>
  );
}

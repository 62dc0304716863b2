// Planning maintenance: what is done, for what, when, how often.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { weekdays } from '#core/recurrence.ts';
import { useTRPC } from './client.ts';
import { Labelled } from './Labelled.tsx';
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

/** What is typed so far. */
interface Plan {
  title: string;
  /** Empty: everything, or a monitor that belongs to no server. */
  serverId: string;
  monitorId: string;
  start: string;
  minutes: string;
  timeZone: string;
  repeat: Repeat;
  days: Weekday[];
  /** The rule as typed, when none of the usual ones will do. */
  rule: string;
}

interface PartProps {
  plan: Plan;
  change: (changed: Partial<Plan>) => void;
}

export function MaintenanceForm({ scope }: { scope: Scope }) {
  const trpc = useTRPC();
  const { now } = useClock();
  const [plan, setPlan] = useState<Plan>({
    title: '',
    serverId: scope.serverId ?? '',
    monitorId: scope.monitorId ?? '',
    start: '',
    minutes: '60',
    timeZone: 'UTC',
    repeat: 'once',
    days: [],
    rule: 'FREQ=MONTHLY;BYDAY=1SU',
  });
  const change = (changed: Partial<Plan>) => setPlan((typed) => ({ ...typed, ...changed }));
  useEffect(() => {
    // The reader's own zone is known in the browser only.
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    setPlan((typed) => ({ ...typed, timeZone, start: typed.start || localTime(now, timeZone) }));
  }, []);
  const create = useMutation(
    trpc.maintenance.create.mutationOptions({ onSuccess: () => change({ title: '' }) }),
  );
  return (
    <form
      className="fields panel"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate(asked(plan));
      }}
    >
      <Labelled label="What is done">
        {(id) => (
          <input
            id={id}
            required
            maxLength={200}
            placeholder="New disk, kernel update"
            value={plan.title}
            onChange={(event) => change({ title: event.target.value })}
          />
        )}
      </Labelled>
      <What scope={scope} plan={plan} change={change} />
      <When plan={plan} change={change} />
      <HowOften plan={plan} change={change} />
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

function asked({ title, serverId, monitorId, start, minutes, timeZone, repeat, days, rule }: Plan) {
  return {
    title,
    start,
    minutes: Number(minutes),
    timeZone,
    rule: ruleOf(repeat, days, rule),
    ...(monitorId ? { monitorId } : serverId ? { serverId } : {}),
  };
}

/** Choice of a monitor that belongs to no server. */
const alone = 'alone';

function What({ scope, plan: { serverId, monitorId }, change }: PartProps & { scope: Scope }) {
  const trpc = useTRPC();
  const chosen = useQuery(
    trpc.maintenance.scope.queryOptions(
      { serverId },
      { enabled: serverId !== '' && serverId !== scope.serverId },
    ),
  );
  const monitors = serverId === (scope.serverId ?? '') ? scope.monitors : (chosen.data?.monitors ?? []);
  const [loose] = scope.serverId === null ? scope.monitors : [];
  return (
    <>
      <Labelled label="For">
        {(id) => (
          <select
            id={id}
            value={serverId === '' && monitorId !== '' ? alone : serverId}
            onChange={({ target: { value } }) =>
              change(
                value === alone
                  ? { serverId: '', monitorId: loose?.id ?? '' }
                  : { serverId: value, monitorId: '' },
              )
            }
          >
            <option value="">everything</option>
            {loose && <option value={alone}>{loose.name}</option>}
            {scope.servers.map((each) => (
              <option key={each.id} value={each.id}>
                {each.hostname}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {serverId && (
        <Labelled label="Of it">
          {(id) => (
            <select id={id} value={monitorId} onChange={(event) => change({ monitorId: event.target.value })}>
              <option value="">the whole server</option>
              {monitors.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      )}
    </>
  );
}

function When({ plan, change }: PartProps) {
  return (
    <div className="pair">
      <Labelled label="Begins">
        {(id) => (
          <input
            id={id}
            type="datetime-local"
            required
            value={plan.start}
            onChange={(event) => change({ start: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled label="Lasts (minutes)">
        {(id) => (
          <input
            id={id}
            type="number"
            min={1}
            max={10_080}
            required
            value={plan.minutes}
            onChange={(event) => change({ minutes: event.target.value })}
          />
        )}
      </Labelled>
    </div>
  );
}

function HowOften({ plan, change }: PartProps) {
  return (
    <>
      <div className="pair">
        <TimeZone value={plan.timeZone} onChange={(timeZone) => change({ timeZone })} />
        <Labelled label="Repeats">
          {(id) => (
            <select
              id={id}
              value={plan.repeat}
              onChange={(event) => change({ repeat: event.target.value as Repeat })}
            >
              {Object.entries(repeats).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      </div>
      {plan.repeat === 'weekly' && <Days days={plan.days} onChange={(days) => change({ days })} />}
      {plan.repeat === 'rule' && (
        <Labelled label="Rule" note="FREQ, INTERVAL, BYDAY, BYMONTHDAY, UNTIL">
          {(id) => (
            <input
              id={id}
              required
              maxLength={300}
              spellCheck={false}
              value={plan.rule}
              onChange={(event) => change({ rule: event.target.value })}
            />
          )}
        </Labelled>
      )}
    </>
  );
}

function TimeZone({ value, onChange }: { value: string; onChange: (zone: string) => void }) {
  const [zones, setZones] = useState<string[]>([]);
  useEffect(() => setZones(Intl.supportedValuesOf('timeZone')), []);
  return (
    <Labelled label="By the clock of">
      {(id) => (
        <>
          <input
            id={id}
            list={`${id}-zones`}
            required
            maxLength={64}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          <datalist id={`${id}-zones`}>
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </Labelled>
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

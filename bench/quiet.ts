// npm run bench:quiet -- [--step SECONDS] [--weeks N] [NAME...]   What quiet servers would have said: incidents and insights a server-week.
import { formatTime } from '#core/format.ts';
import { askedOf } from './askedOf.ts';
import { newcomers } from './quiet/newcomers.ts';
import { quietServers } from './quiet/servers.ts';
import { strangers } from './quiet/strangers.ts';
import { quietWeeks } from './quiet/weeks.ts';

const { values, words } = askedOf(import.meta, { step: '60', weeks: '2' });
const step = Number(values.step);
const weeks = Number(values.weeks);
if (!(step >= 10 && step <= 3600 && weeks > 0 && weeks <= 60))
  throw new Error('A step is 10 to 3600 seconds, and weeks are 1 to 60.');

const groups = { 'the first kinds': quietServers, 'the later ones': strangers, 'the newest': newcomers };
const chosen = Object.entries(groups)
  .flatMap(([group, servers]) => servers.map((server) => ({ server, group })))
  .map((one, i) => ({ ...one, seed: i + 1 }))
  .filter(({ server }) => words.length === 0 || words.some((part) => server.name.includes(part)));
console.log(`${chosen.length} servers, ${weeks} weeks each, a report every ${step} s\n`);
console.log('incidents (back within half an hour)  insights  without the limit of one a week');
let [incidents, again, insights, unlimited, reports] = [0, 0, 0, 0, 0];
const ofGroup = new Map<string, { servers: number; incidents: number }>();
const before = process.cpuUsage();
for (const { server, group, seed } of chosen) {
  const played = quietWeeks(server, seed, weeks, step);
  incidents += played.incidents.length;
  again += played.again;
  insights += played.insights.length;
  unlimited += played.unlimited;
  const sum = ofGroup.get(group) ?? { servers: 0, incidents: 0 };
  ofGroup.set(group, { servers: sum.servers + 1, incidents: sum.incidents + played.incidents.length });
  reports += played.reports;
  const cells = [played.incidents.length, played.again, played.insights.length, played.unlimited];
  console.log(`${cells.map((n, i) => String(n).padStart([9, 6, 8, 8][i]!)).join('  ')}  ${server.name}`);
  const roots = Map.groupBy(played.incidents, ({ root }) => root);
  for (const [root, times] of roots)
    console.log(`             ${root}: ${times.length}, first at ${formatTime(times[0]!.at)}`);
  for (const { title, body } of played.insights)
    console.log(`             ${title} ${body.before[0] ? `After: ${body.before[0]}` : ''}`);
}
const { user, system } = process.cpuUsage(before);
const all = chosen.length * weeks;
for (const [group, of] of ofGroup)
  console.log(
    `${group}: ${of.incidents} in ${of.servers * weeks} server-weeks, ${(of.incidents / of.servers / weeks).toFixed(2)} each`,
  );
console.log(`
a server-week: ${(incidents / all).toFixed(2)} false incidents (goal 0.2), ${(again / all).toFixed(2)} times one of them came back, ${(insights / all).toFixed(2)} insights (goal 1; ${(unlimited / all).toFixed(2)} without the limit)
${reports} reports, ${((user + system) / 1000 / reports).toFixed(2)} ms CPU each to write, read, judge and learn`);

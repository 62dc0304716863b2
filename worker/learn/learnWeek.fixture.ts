// A process that learns a server quarter of a day by quarter of a day, to be killed by a test: DATABASE SERVER START END.
import { openDatabase } from '#prisma';
import { learnServer } from './learn.ts';

const [url, id, start, end] = process.argv.slice(2) as [string, string, string, string];
const step = 21_600;
const db = openDatabase(url, 2);
for (let at = Number(start) + step; at <= Number(end); at += step) {
  await db.server.update({ where: { id }, data: { lastReportAt: new Date((at - 1) * 1000) } });
  await learnServer(db, id);
}
await db.$disconnect();

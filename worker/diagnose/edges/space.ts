// Edges of space: what fills a filesystem.
import { formatBytes } from '#core/format.ts';
import { storageFilesystems } from '#worker/rules/filesystems.ts';
import { type Edge, type EdgeTest, held } from './edge.ts';
import { day, edge, hour, notCollected, pathOnMount, sameSubject } from './evidence.ts';

/**
 * The WAL that a slot keeps lies where the data directory is. Where nobody said which that is: in one of its usual places, or on the
 * only filesystem that holds as much as the slot keeps.
 */
const walOnMount: EdgeTest = (context) => {
  const { picture, effect } = context;
  const told = picture.facts.postgresql?.['data_directory'];
  const kept = Number(picture.facts.postgresql?.['inactive_slot_bytes'] ?? 0);
  const roomy = storageFilesystems(picture).filter((fs) => kept > 10 ** 9 && fs.used >= kept);
  if (told === undefined && roomy.length === 1 && roomy[0]!.mount === effect.subject.name)
    return held(
      `The slot keeps ${formatBytes(kept)} of WAL, and no filesystem but ${effect.subject.name} holds as much.`,
    );
  const paths = told === undefined ? ['/var/lib/postgresql', '/var/lib/pgsql', '/var/lib/postgres'] : [told];
  return pathOnMount(
    () => paths.map(String),
    (path, mount) => `The WAL that is kept lies in ${path} on ${mount}.`,
    0.8,
  )(context);
};

export const spaceEdges: Edge[] = [
  // Space
  ...(['disk.full', 'disk.fill_forecast'] as const).flatMap((effect) => [
    edge(
      'sys.logrotate_failed',
      effect,
      'strong',
      30 * day,
      pathOnMount(
        ({ logs }, { cause }) => [
          cause.subject.name.startsWith('/')
            ? cause.subject.name
            : (logs?.largest?.find((f) => !/\/journal\//.test(f.path))?.path ?? '/var/log'),
        ],
        (path, mount) => `${path} grows on ${mount} and is not rotated.`,
      ),
    ),
    edge('sys.journal_big', effect, 'strong', 30 * day, ({ picture, effect: full }) => {
      const fs = picture.facts.filesystems?.find((f) => f.mount === full.subject.name);
      const logs = Math.max(picture.facts.logs?.varLogBytes ?? 0, picture.facts.logs?.journalBytes ?? 0);
      const here = (picture.facts.filesystems ?? [])
        .filter((f) => '/var/log/'.startsWith(f.mount === '/' ? '/' : `${f.mount}/`))
        .sort((a, b) => b.mount.length - a.mount.length)[0];
      return fs && here?.mount === fs.mount && logs >= 0.3 * fs.used
        ? held(`Logs hold ${formatBytes(logs)} of the ${formatBytes(fs.used)} used on ${fs.mount}.`)
        : 'logs hold less than a third of what is used there';
    }),
    edge('disk.deleted_open', effect, 'strong', day, ({ picture, cause, effect: full, matchEntities }) => {
      const held0 = (picture.facts.deletedFiles ?? [])
        .filter((f) => f.mount === full.subject.name && f.process === cause.subject.name)
        .reduce((s, f) => s + f.size, 0);
      const fs = picture.facts.filesystems?.find((f) => f.mount === full.subject.name);
      const shortage = fs ? Math.max(0, 0.13 * (fs.used + fs.available) - fs.available) : 0;
      return (held0 > 0 && held0 >= 0.5 * shortage) || !matchEntities
        ? held(
            `${cause.subject.name} holds ${formatBytes(held0)} of deleted files on ${full.subject.name}: du does not show them, df counts them.`,
          )
        : `deleted files hold ${formatBytes(held0)} there, too little`;
    }),
    edge('db.pg_slot', effect, 'strong', 7 * day, walOnMount),
  ]),
  edge('disk.fill_forecast', 'disk.full', 'weak', day, sameSubject('The growth had been seen before.')),
  edge(
    'disk.inode_forecast',
    'disk.inodes_full',
    'weak',
    day,
    sameSubject('The growth had been seen before.'),
  ),
  edge(
    'mail.queue',
    'disk.inodes_full',
    'strong',
    day,
    pathOnMount(
      () => ['/var/spool'],
      (path, mount) => `Every message in ${path} is a file on ${mount}.`,
    ),
  ),
  edge('mail.spam_source', 'mail.queue', 'strong', hour, notCollected('the sender of the messages')),
];

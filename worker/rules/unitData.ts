// Where a service keeps its data, told by its name: what it loses with a filesystem.

/** Folders under which data lies in general: their names belong to no service. */
const common = /^(srv|var|lib|data|mnt|opt|home|media|export|exports|volumes?|local|usr|disk\d*)$/;

const otherNames: readonly (readonly [unit: RegExp, names: readonly string[]])[] = [
  [/^(maria|percona)/, ['mysql']],
  [/^(postgres|postmaster)/, ['postgresql', 'pgsql', 'postgres']],
  [/^mongo/, ['mongodb', 'mongo']],
  [/^(valkey|redis)/, ['redis', 'valkey']],
  [/^(crio|kubelet)/, ['containers', 'kubelet']],
  [/^(nginx|apache2|httpd|php.*fpm)/, ['www', 'html']],
  [/^mysqld?$/, ['mysql']],
];

/** `redis-server@cache.service` is known as redis-server, redis and valkey. */
function namesOf(unit: string): string[] {
  const stem = unit.toLowerCase().replace(/(@.*)?\.service$|@.*$/, '');
  const others = otherNames.flatMap(([pattern, names]) => (pattern.test(stem) ? names : []));
  return [...new Set([stem, stem.replace(/[-_]?(server|daemon)$|\d+$/, ''), ...others])].filter(
    (n) => n !== '',
  );
}

/** The folders of /var/lib that a unit of that name uses. */
export const dataOf = (unit: string): string[] => namesOf(unit).map((name) => `/var/lib/${name}`);

/** Whether that mount is named for what the unit serves: /srv/git for gitea.service, /var/lib/pgsql for postgresql-15.service. */
export function isNamedFor(mount: string, unit: string): boolean {
  const names = namesOf(unit);
  return mount
    .toLowerCase()
    .split('/')
    .filter((part) => part.length >= 3 && !common.test(part))
    .some((part) => names.some((name) => name.startsWith(part) || part.startsWith(name)));
}

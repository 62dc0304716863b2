// Whether a file or package is of a service, told by their names.

/** The name of a unit without its instance and kind: `postgresql@15-main.service` is postgresql, `php8.2-fpm.service` php8.2-fpm. */
export const unitStem = (unit: string): string => unit.replace(/(@.*)?\.(service|timer)$/, '');

const others: readonly (readonly [unit: RegExp, changes: RegExp])[] = [
  [/^(mariadb|mysql)/, /mysql|mariadb/],
  [/^(apache2|httpd|http)/, /apache|httpd|php/],
  [/^ssh/, /ssh/],
  [/^postgresql/, /postgres/],
  [/^nginx/, /nginx/],
  [/^(redis|valkey)/, /redis|valkey/],
  // Debian calls the unit named, its folder bind, and its package bind9.
  [/^(named?|bind)/, /named|(^|\/)bind/],
];

/** Of several versions of PHP side by side each has its own folder and packages; where there is one, they have no number. */
function belongsToPhp(change: string, stem: string): boolean {
  const version = /^php-?(\d\.\d+)/.exec(stem)?.[1];
  if (!/(^|\/)php/.test(change) || /\/(cli|apache2)\//.test(change)) return false;
  return (
    version === undefined ||
    !/php[/-]?\d/.test(change) ||
    change.replace('php/', 'php').includes(`php${version}`)
  );
}

/** The unit's name and the path or package of a change have a word in common. */
export function belongsTo(change: string, unit: string): boolean {
  const stem = unitStem(unit).replace(/d$/, '');
  if (/^php/.test(stem)) return belongsToPhp(change, stem);
  const known = others.find(([name]) => name.test(stem))?.[1];
  return known ? known.test(change) : stem.length > 2 && change.toLowerCase().includes(stem.toLowerCase());
}

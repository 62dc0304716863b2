// Whether a file or package is of a service, told by their names.

/** The name of a unit without its instance and kind: `postgresql@15-main.service` is postgresql, `php8.2-fpm.service` php8.2-fpm. */
export const unitStem = (unit: string): string => unit.replace(/(@.*)?\.(service|timer)$/, '');

const others: readonly (readonly [unit: RegExp, changes: RegExp])[] = [
  [/^(mariadb|mysql)/, /mysql|mariadb/],
  [/^(apache2|httpd|http)/, /apache|httpd|php/],
  [/^ssh/, /ssh/],
  [/^postgresql/, /postgres/],
  [/^nginx/, /nginx/],
];

/** The unit's name and the path or package of a change have a word in common. */
export function belongsTo(change: string, unit: string): boolean {
  const stem = unitStem(unit).replace(/d$/, '');
  const known = others.find(([name]) => name.test(stem))?.[1];
  return known ? known.test(change) : stem.length > 2 && change.toLowerCase().includes(stem.toLowerCase());
}

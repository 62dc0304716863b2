import { expect, it } from 'vitest';
import { lastDayOf } from './endOfLife.ts';

it.each([
  ['ubuntu', 'Ubuntu 20.04.6 LTS', '20.04', '2025-05-29'],
  ['debian', 'Debian GNU/Linux 13 (trixie)', '13', '2030-06-30'],
  ['raspbian', 'Raspbian GNU/Linux 11 (bullseye)', '11', '2026-08-31'],
  ['alpine', 'Alpine Linux v3.18', '3.18.4', '2025-05-09'],
  ['rocky', 'Rocky Linux 9.5 (Blue Onyx)', '9.5', '2032-05-31'],
  ['ol', 'Oracle Linux Server 8.10', '8.10', '2029-07-31'],
  ['amzn', 'Amazon Linux 2', '2', '2026-06-30'],
  ['amzn', 'Amazon Linux 2023.6.20241010', '2023', '2029-06-30'],
  ['amzn', 'Amazon Linux AMI 2018.03', '2018.03', '2023-12-31'],
  ['centos', 'CentOS Linux 8', '8', '2021-12-31'],
  ['centos', 'CentOS Stream 8', '8', '2024-05-31'],
  ['opensuse-leap', 'openSUSE Leap 15.6', '15.6', '2026-04-30'],
  ['sles', 'SUSE Linux Enterprise Server 15 SP7', '15.7', '2031-07-31'],
  ['arch', 'Arch Linux', undefined, undefined],
  ['debian', 'Debian GNU/Linux trixie/sid', undefined, undefined],
])('%s: %s (%s) ends on %s', (id, name, version, date) => {
  expect(lastDayOf({ id, name, ...(version === undefined ? {} : { version }) })).toBe(date);
});

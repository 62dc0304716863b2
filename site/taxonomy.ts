// The two ways in which articles are ordered: by kind (what sort of page it is) and by area (what part of a server it is about).

export const kinds = {
  problem: {
    folder: 'problems',
    one: 'Problem',
    many: 'Problems',
    about: 'Something is wrong. Check that it is real, stop the damage, find the cause, repair it, prove it.',
  },
  command: {
    folder: 'commands',
    one: 'Command',
    many: 'Commands',
    about: 'What each column means, which value means trouble, and the examples worth keeping.',
  },
  file: {
    folder: 'files',
    one: 'File',
    many: 'Files',
    about: 'Who writes it, what each field says, and how to change it without locking yourself out.',
  },
  concept: {
    folder: 'concepts',
    one: 'Concept',
    many: 'Concepts',
    about: 'How the part of Linux behind an alert works, seen on your own machine.',
  },
  application: {
    folder: 'apps',
    one: 'Application',
    many: 'Applications',
    about: 'Is it healthy, where are its files and logs, how large may it grow, how to change it safely.',
  },
  howto: {
    folder: 'howto',
    one: 'How-to',
    many: 'How-tos',
    about: 'One task from start to proof, with the way back.',
  },
} as const;

export type Kind = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as Kind[];

export const areas = {
  cpu: 'CPU and load',
  memory: 'Memory and swap',
  storage: 'Disks and filesystems',
  'raid-lvm': 'RAID and LVM',
  network: 'Network',
  dns: 'DNS',
  tls: 'TLS and certificates',
  firewall: 'Firewall',
  web: 'Web servers',
  database: 'Databases',
  'cache-queue': 'Caches and queues',
  runtimes: 'Language runtimes',
  mail: 'Mail',
  containers: 'Containers',
  virtualization: 'Virtual machines',
  processes: 'Processes',
  systemd: 'Services and systemd',
  boot: 'Boot and kernel',
  time: 'Time',
  logs: 'Logs',
  packages: 'Packages and updates',
  users: 'Users and logins',
  security: 'Security',
  backup: 'Backup',
  hardware: 'Hardware',
  performance: 'Performance',
  monitoring: 'Monitoring',
  shell: 'Shell',
} as const;

export type Area = keyof typeof areas;
export const areaNames = Object.keys(areas) as Area[];

/** What a reader sees, in their words, and the areas whose problems answer it. The start page shows them in this order. */
export const symptoms: readonly { see: string; areas: readonly Area[] }[] = [
  { see: 'The website or an application is down', areas: ['web', 'runtimes'] },
  { see: 'The server is slow', areas: ['cpu', 'performance'] },
  { see: 'Memory runs out', areas: ['memory'] },
  { see: 'A disk is full, slow or failing', areas: ['storage', 'raid-lvm', 'backup'] },
  {
    see: 'A service stopped or a program fails',
    areas: ['systemd', 'processes', 'boot', 'packages', 'logs', 'shell'],
  },
  { see: 'Connections fail or time out', areas: ['network', 'dns', 'firewall', 'virtualization'] },
  { see: 'A certificate or the clock is wrong', areas: ['tls', 'time'] },
  { see: 'The database or a queue misbehaves', areas: ['database', 'cache-queue'] },
  { see: 'Mail does not arrive', areas: ['mail'] },
  { see: 'A container is restarted or cut off', areas: ['containers'] },
  { see: 'Someone may have got in', areas: ['security', 'users'] },
  { see: 'The hardware complains', areas: ['hardware'] },
  { see: 'An alert looks wrong, or none comes', areas: ['monitoring'] },
];

// Where the knowledge base tells the conditions of a rule: a page for each group of problems, an anchor for each rule.

/** Pages below /alerts/thresholds/, with the first words of the ids that they hold. */
export const thresholdPages = {
  cpu: { title: 'CPU and processes', layers: ['cpu', 'proc', 'job'] },
  memory: { title: 'Memory', layers: ['mem', 'virt'] },
  disks: { title: 'Disks, RAID and backups', layers: ['disk', 'smart', 'raid', 'backup'] },
  network: { title: 'Network and names', layers: ['net', 'dns', 'agent'] },
  services: { title: 'Services, websites and databases', layers: ['svc', 'web', 'db', 'mail'] },
  system: {
    title: 'System, hardware and security',
    layers: ['time', 'hw', 'sys', 'sec', 'tls', 'change'],
  },
} as const satisfies Record<string, { title: string; layers: readonly string[] }>;
export type ThresholdPage = keyof typeof thresholdPages;

/** The page that tells when a rule begins and ends; undefined for an id of no known layer. */
export function thresholdPageOf(id: string): ThresholdPage | undefined {
  const [layer] = id.split('.');
  const pages = Object.entries(thresholdPages) as [ThresholdPage, { layers: readonly string[] }][];
  return pages.find(([, { layers }]) => layers.includes(layer!))?.[0];
}

export const thresholdAnchor = (id: string) => id.replaceAll(/[._]/g, '-');

/** Path and anchor; the overview for an id that is no more. */
export function thresholdOf(id: string): string {
  const page = thresholdPageOf(id);
  return page ? `/alerts/thresholds/${page}/#${thresholdAnchor(id)}` : '/alerts/thresholds/';
}

/** Names of values that an article may show a sample of (`yours` in its frontmatter) and the link of an alert fills in. */
export const valueNames = [
  'host',
  'device',
  'mount',
  'interface',
  'unit',
  'process',
  'pid',
  'port',
  'container',
  'cgroup',
  'array',
  'user',
  'file',
  'certificate',
  'domain',
  'database',
  'pool',
  'peer',
  'package',
  'url',
  'site',
] as const;
export type ValueName = (typeof valueNames)[number];

/** What may stand in a command that somebody pastes into a root shell: no blanks, no quotes, nothing that a shell reads. */
export const harmlessValue = /^[A-Za-z0-9/][\w@.:/+-]{0,199}$/;

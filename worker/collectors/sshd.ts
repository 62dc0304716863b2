// `sshd -T`: how sshd really behaves, with all defaults. Names are in small letters; a setting may come several times. What its files say
// in Match blocks of some users, groups or addresses only is no part of that: for whom there are such blocks is told beside it.
import { type Collector, ParseError } from './collector.ts';
import { configFiles } from './configLines.ts';
import { columns, lines } from './lines.ts';

const wanted = new Set([
  'port',
  'listenaddress',
  'permitrootlogin',
  'passwordauthentication',
  'kbdinteractiveauthentication',
  'challengeresponseauthentication',
  'permitemptypasswords',
  'pubkeyauthentication',
  'x11forwarding',
  'maxauthtries',
  'maxstartups',
  'allowusers',
  'allowgroups',
  'denyusers',
  'usepam',
  'logingracetime',
  'allowtcpforwarding',
  'gatewayports',
  'usedns',
  'ciphers',
  'macs',
  'kexalgorithms',
  'authenticationmethods',
  'permituserenvironment',
]);

export const sshd: Collector = {
  section: 'sshd -T',
  parse({ body }, report) {
    const settings: Record<string, string> = {};
    for (const line of lines(body)) {
      const [name = '', value = ''] = columns(line, 2);
      if (!wanted.has(name.toLowerCase())) continue;
      const key = name.toLowerCase();
      settings[key] = key in settings ? `${settings[key]} ${value}` : value;
    }
    if (Object.keys(settings).length === 0) throw new ParseError('None of the known settings is there.');
    const blocks = configFiles(report, /^\/etc\/ssh\/sshd_config(\.d\/[^/]+\.conf)?$/)
      .flatMap(([, found]) => found)
      .flatMap((line) => /^match\s+(.{1,200})$/i.exec(line)?.[1] ?? []);
    if (blocks.length > 0) settings['match'] = blocks.slice(0, 20).join('; ');
    return { facts: { sshd: settings } };
  },
};

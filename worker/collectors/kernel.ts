// The kernel: release, architecture, boot parameters, taint, and which kernels are installed.
import { type Collector, ParseError } from './collector.ts';
import { lines } from './lines.ts';
import { fileOf, numberIn, sectionOf } from './lookup.ts';

const installed = /^ls .*(\/boot|\/lib\/modules)/;

export const kernel: Collector = {
  section: 'cat /proc/version',
  with: ['cat /proc/cmdline', 'lscpu', /^uname /, installed],
  // Containers have no modules: ls ends with 2.
  anyExit: true,
  parse(_section, report) {
    const version = fileOf(report, '/proc/version') ?? '';
    const uname =
      sectionOf(report, /^uname /)
        ?.body.trim()
        .split(/\s+/) ?? [];
    const release = /^Linux version (\S+)/.exec(version)?.[1] ?? uname.find((word) => /^\d+\.\d+/.test(word));
    if (!release) throw new ParseError('There is no "Linux version".');
    const architecture = [
      ...uname,
      /^Architecture: +(\S+)$/m.exec(sectionOf(report, 'lscpu')?.body ?? '')?.[1] ?? '',
    ].findLast((word) =>
      /^(x86_64|i[3-6]86|aarch64|armv\w+|ppc64(le)?|s390x|riscv64|mips\w*|loongarch64)$/.test(word),
    );
    const commandLine = sectionOf(report, 'cat /proc/cmdline')?.body.trim();
    const tainted = numberIn(report, '/proc/sys/kernel/tainted');
    const names = lines(sectionOf(report, installed)?.body ?? '')
      .map((line) => /(?:^|\/|vmlinuz-)(\d+\.\d+[\w.+~-]*)\/?:?$/.exec(line.trim())?.[1])
      .filter((name) => name !== undefined);
    return {
      facts: {
        kernel: {
          release,
          ...(architecture ? { architecture } : {}),
          ...(commandLine ? { commandLine: commandLine.slice(0, 4000) } : {}),
          ...(tainted === undefined ? {} : { tainted }),
          ...(names.length > 0 ? { installed: [...new Set(names)] } : {}),
        },
      },
    };
  },
};

import { expect, it } from 'vitest';
import { splitReport } from '#core/report.ts';
import { fileOf, filesOf, numberIn, withSingleFiles } from './lookup.ts';
import { reportText } from './sections.fixture.ts';

const report = (sections: Record<string, string>) => withSingleFiles(splitReport(reportText(sections)));

it('finds a small file in a section of its own and in a list', () => {
  const both = report({
    'cat /proc/sys/fs/file-nr': '1\t0\t9',
    'grep -r . /sys/block': '/sys/block/sda/size:100\n/sys/block/sda/device/model:WDC: Red',
  });
  expect(fileOf(both, '/proc/sys/fs/file-nr')).toBe('1\t0\t9');
  expect(numberIn(both, '/sys/block/sda/size')).toBe(100);
  expect(fileOf(both, '/sys/block/sda/device/model')).toBe('WDC: Red');
  expect(both.sections.map(({ name }) => name)).not.toContain('grep -r . /sys/block');
});

it('knows where a path with colons ends', () => {
  const found = report({
    'grep -r . /sys':
      '/sys/bus/pci/devices/0000:00:1f.2/vendor:0x8086\n/sys/fs/cgroup/a:b:c/memory.current:12\n/sys/class/net/eth0/address:52:54:00:aa:bb:cc',
  });
  expect(filesOf(found, /^\/sys\//)).toEqual([
    ['/sys/bus/pci/devices/0000:00:1f.2/vendor', '0x8086'],
    ['/sys/fs/cgroup/a:b:c/memory.current', '12'],
    ['/sys/class/net/eth0/address', '52:54:00:aa:bb:cc'],
  ]);
});

it('keeps several lines of one file together, and leaves lines of configuration as they are', () => {
  const found = report({
    'grep -r . /sys/fs/cgroup': '/sys/fs/cgroup/x/cpu.stat:a 1\n/sys/fs/cgroup/x/cpu.stat:b 2',
    'grep -r . /etc': '/etc/my.cnf:[mysqld]',
  });
  expect(fileOf(found, '/sys/fs/cgroup/x/cpu.stat')).toBe('a 1\nb 2');
  expect(found.sections.find(({ name }) => name === 'grep -r . /etc')?.body).toBe('/etc/my.cnf:[mysqld]');
});

it('a list that failed stays as a section, so that it is named', () => {
  expect(report({ 'grep -r . /sys/block': '=!= exit 124' }).sections).toMatchObject([
    { name: 'grep -r . /sys/block', failure: { kind: 'exit', code: 124 } },
  ]);
});

import { expect, it } from 'vitest';
import { complaints, read, value } from './sections.fixture.ts';

it('reads the list of units, with marks and spaces, and leaves out what is not installed', () => {
  const snapshot = read({
    'systemctl list-units --all --no-legend --plain --no-pager --full': `nginx.service loaded active running A high performance web server
● backup.service loaded failed failed Nächtliche Sicherung: täglich
dev-disk-by\\x2dlabel-data.device loaded active plugged data
exim.service not-found inactive dead exim.service`,
  });
  expect(snapshot.facts.units).toEqual([
    { name: 'nginx.service', active: 'active', sub: 'running', description: 'A high performance web server' },
    { name: 'backup.service', active: 'failed', sub: 'failed', description: 'Nächtliche Sicherung: täglich' },
    { name: 'dev-disk-by-label-data.device', active: 'active', sub: 'plugged', description: 'data' },
  ]);
});

it('reads what systemctl show says of failed and running units', () => {
  const snapshot = read({
    'systemctl show --no-pager -p Id *.service': `Id=app.service
LoadState=loaded
ActiveState=failed
SubState=failed
UnitFileState=enabled
Result=oom-kill
NRestarts=5
ExecMainStatus=9
ExecMainCode=2
MainPID=0
ActiveEnterTimestamp=Tue 2023-11-14 21:00:00 UTC
MemoryMax=536870912
TasksMax=infinity

Id=nginx.service
ActiveState=active
SubState=running
Result=success
NRestarts=0
MainPID=12
MemoryMax=18446744073709551615
TasksMax=4915

Id=gone.service
LoadState=not-found
ActiveState=inactive
SubState=dead`,
  });
  expect(snapshot.facts.units).toEqual([
    {
      name: 'app.service',
      active: 'failed',
      sub: 'failed',
      enabled: 'enabled',
      result: 'oom-kill',
      restarts: 5,
      exitStatus: 9,
      exitCode: 'killed',
      startedAt: 1_699_995_600,
      memoryMax: 536_870_912,
    },
    {
      name: 'nginx.service',
      active: 'active',
      sub: 'running',
      result: 'success',
      restarts: 0,
      mainPid: 12,
      tasksMax: 4915,
    },
  ]);
  expect(value(snapshot, 'unit.restarts', 'app.service')).toBe(5);
});

it('names what is no list', () => {
  expect(complaints(read({ 'systemctl list-units --all': 'Failed to connect to bus' }))).toEqual([
    'systemctl list-units --all: Not understood. No line looks like a unit.',
  ]);
});

it('reads the failed units that a short run shows, and that none are left', () => {
  const section = 'systemctl show --no-pager -p Id --state=failed *.service';
  const list = 'systemctl list-units --type=service --state=running,failed,activating --no-legend --plain';
  const failed =
    'Id=app.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\nExecMainStatus=9\nExecMainCode=2';
  const snapshot = read({
    [list]: 'app.service loaded failed failed App\nssh.service loaded active running SSH',
    [section]: failed,
  });
  expect(snapshot.facts.units).toMatchObject([
    { name: 'ssh.service', active: 'active' },
    { name: 'app.service', exitStatus: 9, exitCode: 'killed', description: 'App' },
  ]);
  const none = read({ [list]: 'ssh.service loaded active running SSH', [section]: '' });
  expect(none.facts.units).toHaveLength(1);
  expect(none.partial).toEqual([]);
});

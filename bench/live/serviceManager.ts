// A small service manager for the lab's machine, where systemd cannot be the first process: it starts a real program again and again as a
// unit says, and answers `systemctl show` and `systemctl list-units` in systemd's words of what really happened to it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { own } from './programs.ts';

export interface Unit {
  name: string;
  command: readonly string[];
  /** Seconds from an end to the next start, as RestartSec; left out: it is not started again. */
  restartSeconds?: number;
}

const systemctl = (units: string) => `#!/bin/sh
cd ${units} || exit 1
only=''; case "$*" in *--state=failed*) only=failed ;; esac
case $1 in
show) first=1; for f in *.show; do [ -e "$f" ] || continue
    [ -z "$only" ] || grep -q '^ActiveState=failed' "$f" || continue
    [ $first = 1 ] || echo; first=0; cat "$f"; done ;;
list-units) for f in *.show; do [ -e "$f" ] || continue
    awk -F= '{ v[$1] = $2 } END { print v["Id"], "loaded", v["ActiveState"], v["SubState"], v["Id"] }' "$f"; done ;;
esac
`;

const keeper = `use POSIX; $| = 1; my ($units, $unit, $pause, @command) = @ARGV; $0 = 'systemd';
my ($restarts, $code, $status, $again, $entered, $left) = (0, 0, 0, 0, '', '');
my $now = sub { POSIX::strftime('%a %Y-%m-%d %H:%M:%S UTC', gmtime) };
my $tell = sub { my ($active, $sub, $result, $pid) = @_; open my $f, '>', "$units/.$unit"; print $f "Id=$unit\\nActiveState=$active\\nSubState=$sub\\nResult=$result\\nNRestarts=$restarts\\nExecMainStatus=$status\\nExecMainCode=$code\\nMainPID=$pid\\nActiveEnterTimestamp=$entered\\nInactiveEnterTimestamp=$left\\nMemoryMax=infinity\\nTasksMax=28891\\n"; close $f; rename "$units/.$unit", "$units/$unit.show" };
my $pid = 0; $SIG{USR1} = sub { $again = 1; kill 'TERM', $pid if $pid };
while (1) { $pid = fork; if (!$pid) { $SIG{USR1} = 'DEFAULT'; exec { $command[0] } @command or POSIX::_exit(203) }
  $entered = $now->(); ($code, $status) = (0, 0); $tell->('active', 'running', 'success', $pid);
  1 while waitpid($pid, 0) != $pid; $left = $now->();
  if ($again) { $again = 0; next }
  ($code, $status) = $? & 127 ? (2, $? & 127) : (1, $? >> 8);
  my $result = $code == 2 ? 'signal' : $status ? 'exit-code' : 'success';
  if ($pause eq '') { $tell->($result eq 'success' ? ('inactive', 'dead') : ('failed', 'failed'), $result, 0); sleep 3600 while 1 }
  $tell->('activating', 'auto-restart', $result, 0); select undef, undef, undef, $pause; $restarts++ }
`;

export function serviceManager(lab: Lab): void {
  const units = join(lab.directory, 'units');
  mkdirSync(units);
  own(lab, '/run/systemd');
  lab.run(['mkdir', '/run/systemd/system']);
  const program = join(lab.directory, 'systemctl');
  writeFileSync(program, systemctl(units), { mode: 0o755 });
  lab.over(program, '/usr/bin/systemctl');
  writeFileSync(join(lab.directory, 'keeper.pl'), keeper);
}

/** Starts a unit, or starts it anew where its last run has ended. */
export function runUnit(lab: Lab, { name, command, restartSeconds }: Unit): void {
  const folder = lab.directory;
  const begin = `echo $$ > ${folder}/${name}.pid; exec perl ${folder}/keeper.pl ${folder}/units "$@"`;
  lab.start(['sh', '-c', begin, 'sh', name, String(restartSeconds ?? ''), ...command], { unit: name });
  lab.host(['sleep', '1']);
}

/** As `systemctl restart` by hand: not one of the restarts that are counted. */
export const restartUnit = (lab: Lab, name: string) =>
  void lab.run(['sh', '-c', `kill -USR1 $(cat ${lab.directory}/${name}.pid)`]);

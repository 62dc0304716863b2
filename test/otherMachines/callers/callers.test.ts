// The live round of callers, replayed from its recordings.
import { checkRound } from '../checkRound.ts';
import { callers } from './index.ts';

checkRound('callers', callers, {
  faults: 33,
  controls: 10,
  // Some tools of the machine have no daemon to ask; its systemd is not the first process.
  excused:
    /^(redis-cli|psql|psql -l|apt-get|chronyc -n -c tracking|systemctl|systemd-detect-virt|timedatectl|sshd -T)/,
});

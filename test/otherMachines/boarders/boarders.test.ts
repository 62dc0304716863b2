// The live round of boarders, replayed from its recordings.
import { checkRound } from '../checkRound.ts';
import { boarders } from './index.ts';

checkRound('boarders', boarders, {
  faults: 36,
  controls: 8,
  // Some tools of the machine have no daemon to ask; its systemd is not the first process; a mount that hangs does not answer.
  excused:
    /^(redis-cli|mysql$|df -PTk \/srv\/pictures|psql|psql -l|apt-get|chronyc -n -c tracking|systemctl|systemd-detect-virt|timedatectl|sshd -T)/,
});

// The blind round, a part of it recorded on a real kernel.
import { checkRound } from '../checkRound.ts';
import { strangers } from './index.ts';

checkRound('strangers', strangers, {
  faults: 74,
  controls: 24,
  // The agent of one has no root; of the recorded ones some tools of the machine have no daemon to ask.
  excused: /^(dmesg -r|redis-cli|psql -l|chronyc -n -c tracking|apt-get .*)$/,
});

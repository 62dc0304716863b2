// The round of trees, replayed from the reports that the agent made of them (node test/trees/record.ts).
import { checkRound } from '../otherMachines/checkRound.ts';
import { treeMachines } from './round.ts';

checkRound('machines as trees, read by the agent', treeMachines, {
  faults: 70,
  controls: 12,
  // Programs that these machines do not have.
  excused: /^(chronyc|smartctl|du|lastb?|dpkg|apt-get|dnf|zypper|busybox|dmesg|cat|lsblk|nft|docker)\b/,
});

// The trees of other lands, replayed from the reports that the agent made of them (node test/trees/record.ts).
import { checkRound } from '../../otherMachines/checkRound.ts';
import { treesAbroad } from '../round.ts';

checkRound('machines of other lands as trees, read by the agent', treesAbroad, {
  faults: 100,
  controls: 20,
  // Programs and files that these machines do not have.
  excused:
    /^(chronyc|smartctl|du|lastb?|dpkg|apt-get|dnf|zypper|busybox|dmesg|cat|lsblk|nft|iptables|docker|mysql|redis-cli|dmsetup|btrfs|zpool|ssh-keygen)\b/,
});

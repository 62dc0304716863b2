// The trees of the catalogue's thirds, replayed from the reports that the agent made of them (node test/trees/record.ts).
import { checkRound } from '../../otherMachines/checkRound.ts';
import { treesOfThirds } from '../round.ts';

checkRound('machines of every third problem as trees, read by the agent', treesOfThirds, {
  faults: 84,
  controls: 29,
  // Programs and files that these machines do not have.
  excused:
    /^(chronyc|smartctl|du|lastb?|dpkg|apt-get|dnf|zypper|busybox|dmesg|cat|lsblk|nft|iptables|docker|mysql|redis-cli|dmsetup|btrfs|zpool|ssh-keygen|systemctl list-units|df -PTk|perccli64)\b/,
});

// The third round of trees, replayed from the reports that the agent made of them (node test/trees/record.ts).
import { checkRound } from '../../otherMachines/checkRound.ts';
import { treesElsewhere } from '../round.ts';

checkRound('ordinary troubles of systems old and new as trees, read by the agent', treesElsewhere, {
  faults: 95,
  controls: 15,
  // Programs and files that these machines do not have.
  excused:
    /^(chronyc|smartctl|du|lastb?|dpkg|apt-get|dnf|zypper|busybox|dmesg|cat|lsblk|nft|iptables|docker|mysql|psql|redis-cli|dmsetup|btrfs|zpool|ssh-keygen|systemctl list-units|storcli64|df -PTk \/mnt\/cad)\b/,
});

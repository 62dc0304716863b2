// Programs that are meant to take the CPU: work that ends, builds where builds are run, what somebody does who sits before the machine.
import { limitsOf } from '#core/conditions/index.ts';
import type { ProcessGroup } from '#core/facts.ts';
import { isOfBatch } from '#worker/picture/residents.ts';
import type { Picture } from './rule.ts';

/** Work that is meant to be heavy and to end: housekeeping, compilers, packers. Saturation names them when they take long. */
const batch =
  /^(apt.*|dpkg.*|unattended-upgr.*|dnf|yum|rpm|zypper|pacman|updatedb.*|mandb|man-db|logrotate|fstrim|e2scrub.*|aide|rkhunter|freshclam|certbot|needrestart|gzip|pigz|xz|zstd|bzip2|lz4|tar|rsync|borg|restic|mysqldump|mariadb-dump|pg_dump|duplicity|cc1(plus)?|javac|kotlinc?|scalac|swiftc?|ghc|tsc|esbuild|webpack|bazel|ld|gcc|g\+\+|clang|rustc|cargo|go|compile|make|ninja|node-gyp|dkms|update-initramf.*|depmod|ksoftirqd|kswapd|kcompactd|migration|rcu.*|rootnote.*)$/;

/**
 * Work that ends, too, but has no claim to the whole machine: scanners, packers of people, what makes films and pictures smaller, reads and
 * prints pages, learns what spam is, indexes mail.
 */
const patient =
  /^(clamscan|zip|7z[ar]?|git|ffmpeg|ffprobe|HandBrakeCLI|x26[45]|Plex Transcoder|convert-im\d.*|mogrify-im\d.*|magick|gs|pdftoppm|tesseract|ocrmypdf|sa-learn|indexer-worker)$/;

/** Who installs a runner of builds lends the machine to what it starts. */
const runners =
  /^(gitlab-runner|Runner\.(Listener|Worker)|buildkite-agent|buildkitd|drone-runner.*|woodpecker-agen.*|act_runner|concourse)$/;
/** Whether programs come to this machine to build: a runner of builds is there. */
export function buildsHere(picture: Picture): boolean {
  return (picture.facts.processGroups ?? []).some(({ name }) => runners.test(name));
}

/** The daemon of a batch system: who installs it lends the whole machine to its jobs. */
const batchSystems = /^(slurmd|slurmstepd|pbs_mom|sge_execd|condor_startd|sbatchd)$/;

/** Whether a program is of a job of a batch system that runs here. */
function isComputing(picture: Picture, name: string): boolean {
  const groups = picture.facts.processGroups ?? [];
  const { cgroup } = groups.find((group) => group.name === name) ?? picture.seen?.get(name)?.group ?? {};
  if (batchSystems.test(name)) return false;
  return cgroup !== undefined && isOfBatch(cgroup) && groups.some((group) => batchSystems.test(group.name));
}

/** Work that is meant to be heavy and to end, by its name, as a job of a batch system, or because it came lately where builds are run. */
export function isBatch(picture: Picture, name: string): boolean {
  if (batch.test(name) || isComputing(picture, name)) return true;
  const first = picture.seen?.get(name)?.first;
  const { builds } = limitsOf('cpu.saturated');
  return first !== undefined && first > picture.from && picture.at - first < builds && buildsHere(picture);
}

const desktops =
  /^(gnome-shell|plasmashell|kwin_(x11|wayland)|Xorg|Xwayland|sway|Hyprland|xfce4-session|cinnamon)$/;

/** Whether somebody sits before the machine, and it is a program of theirs: they see what it does. */
export function ofDesk(picture: Picture, group: ProcessGroup): boolean {
  return (
    /^\/?user\.slice\//.test(group.cgroup ?? '') &&
    (picture.facts.processGroups ?? []).some(({ name }) => desktops.test(name))
  );
}

/** Whether a timer or the crontab starts it, and it began not long ago: each night it may take hours. */
function isScheduled(picture: Picture, { name, cgroup, startedAt }: ProcessGroup): boolean {
  if (startedAt === undefined || picture.at - startedAt > limitsOf('proc.runaway').job) return false;
  const { timers = [], cronJobs = [] } = picture.facts;
  return (
    timers.some(({ unit }) => unit !== '' && cgroup?.split('/').includes(unit)) ||
    cronJobs.some(({ command }) => command.split(/\s/)[0]!.split('/').at(-1)!.slice(0, 15) === name)
  );
}

/** Whether a program may take a part of the machine: for as long as it likes, or for the hours of a job. */
export function mayTakePart(picture: Picture, group: ProcessGroup): boolean {
  return patient.test(group.name) || ofDesk(picture, group) || isScheduled(picture, group);
}

#!/bin/sh
# The throw-away machine in which the examples of the knowledge base run: this machine's root, read-only below an overlay.
# Run by sandbox.ts:  sandbox.sh enter ID BASE BOUNDS [WORD…]    words: systemd net dmesg
# BOUNDS: the capabilities to give up, as setpriv(1) takes them
#   enter   (outside) puts itself into a control group with limits, then into new namespaces
#   inside  (inside)  builds the root, hides what belongs to the machine outside, says "ready", becomes PID 1
# Everything lives in memory and in namespaces: when PID 1 ends, nothing of it is left.
set -eu
cg=/sys/fs/cgroup
v1='memory pids cpu cpuacct blkio devices freezer systemd'
here=$(readlink -f "$0")

limit() { [ ! -e "$1" ] || printf '%s\n' "$2" >"$1"; }

enter() {
  id=$1
  if [ -e $cg/cgroup.controllers ]; then
    mkdir -p "$cg/$id/in"
    limit "$cg/$id/memory.max" 3G
    limit "$cg/$id/pids.max" 2000
    echo $$ >"$cg/$id/in/cgroup.procs"
  else
    for c in $v1; do
      [ -d "$cg/$c" ] || continue
      mkdir -p "$cg/$c/$id"
      case $c in
        memory) limit "$cg/$c/$id/memory.limit_in_bytes" 3G ;;
        pids) limit "$cg/$c/$id/pids.max" 2000 ;;
        devices) # the disks of this machine cannot be opened, loop devices can
          limit "$cg/$c/$id/devices.deny" a
          for d in 'c *:* rwm' 'b *:* m' 'b 7:* rw'; do limit "$cg/$c/$id/devices.allow" "$d"; done ;;
      esac
      mkdir "$cg/$c/$id/in" # limits first: a group with children does not take them
      echo $$ >"$cg/$c/$id/in/cgroup.procs"
    done
  fi
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin unshare --mount --propagation private --pid --fork --kill-child \
    --uts --ipc --net --cgroup sh "$here" inside "$@"
}

inside() {
  id=$1 base=$2 bounds=$3; shift 3
  words=" $* "
  mount -t tmpfs -o size=2g,mode=755 tmpfs "$base"
  mkdir "$base/up" "$base/work" "$base/root"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$base/up,workdir=$base/work" "$base/root"
  r=$base/root
  [ "$(stat -f -c %T "$r")" = overlayfs ] || { echo 'the root is not an overlay' >&2; exit 1; }

  mount -t proc -o nosuid,nodev,noexec proc "$r/proc"
  for p in sys sysrq-trigger irq; do
    [ -e "$r/proc/$p" ] || continue
    mount --bind "$r/proc/$p" "$r/proc/$p"
    mount -o remount,bind,ro "$r/proc/$p"
  done
  mount --bind "$r/proc/sys/net" "$r/proc/sys/net" # belongs to the network namespace: may change
  mount -o remount,bind,rw "$r/proc/sys/net"
  mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$r/sys"
  devices
  control_groups
  for d in /tmp /var/tmp /dev/shm; do mount -t tmpfs -o mode=1777 tmpfs "$r$d"; done
  for d in /root /run /home /srv /mnt /media /opt /work; do
    [ ! -d "$r$d" ] || mount -t tmpfs -o mode=755 tmpfs "$r$d"
  done
  mkdir -m 1777 "$r/run/lock"
  identity
  helpers
  case $words in *' systemd '*) units ;; esac
  hostname web1
  ip link set lo up

  cd "$r"
  mkdir .old
  pivot_root . .old
  umount -l /.old
  rmdir /.old
  case $words in *' net '*) world ;; esac
  echo ready
  case $words in
    *' systemd '*)
      container=rootnote SYSTEMD_PROC_CMDLINE='systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1' \
        exec setpriv --bounding-set "$bounds" \
        /lib/systemd/systemd --show-status=0 </dev/null >/dev/null 2>&1 ;;
    *)
      # dash collects the orphans that it inherits while it waits
      exec setpriv --bounding-set "$bounds" \
        dash -c 'trap : TERM; while :; do sleep 600 & wait; done' </dev/null >/dev/null 2>&1 ;;
  esac
}

devices() {
  mount -t tmpfs -o mode=755,nosuid tmpfs "$r/dev"
  for d in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0 loop-control:10:237; do
    n=${d#*:}
    mknod -m 666 "$r/dev/${d%%:*}" c "${n%:*}" "${n#*:}"
  done
  n=0
  while [ $n -lt 64 ]; do mknod -m 660 "$r/dev/loop$n" b 7 $n; n=$((n + 1)); done
  mkdir "$r/dev/pts" "$r/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$r/dev/pts"
  ln -s pts/ptmx "$r/dev/ptmx"
  ln -s /proc/self/fd "$r/dev/fd"
  for n in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${n%:*}" "$r/dev/${n#*:}"; done
}

control_groups() {
  if [ -e $cg/cgroup.controllers ]; then
    mount -t cgroup2 cgroup2 "$r$cg"
    return
  fi
  mount -t tmpfs -o mode=755 tmpfs "$r$cg"
  for c in $v1; do
    if [ ! -d "$cg/$c" ] || [ "$c" = devices ]; then continue; fi
    mkdir "$r$cg/$c"
    case $c in systemd) o=none,name=systemd ;; *) o=$c ;; esac
    mount -t cgroup -o "$o" cgroup "$r$cg/$c"
  done
}

# a neutral machine: web1, no keys, no logs, no history, one user
identity() {
  echo web1 >"$r/etc/hostname"
  printf '127.0.0.1\tlocalhost\n127.0.1.1\tweb1.example.org web1\n::1\tlocalhost ip6-localhost ip6-loopback\n' >"$r/etc/hosts"
  rm -f "$r/etc/resolv.conf"
  echo 'nameserver 192.0.2.53' >"$r/etc/resolv.conf"
  echo 3f1c5ad0e7b94c28a6d1f04b9c52e871 >"$r/etc/machine-id"
  : >"$r/etc/fstab"
  rm -f "$r/etc/localtime"
  ln -s /usr/share/zoneinfo/UTC "$r/etc/localtime"
  echo Etc/UTC >"$r/etc/timezone"
  rm -rf "$r/usr/local/sbin/"* "$r/usr/sbin/policy-rc.d" "$r/etc/profile.d/"*
  find "$r/var/log" "$r/var/mail" "$r/var/spool/cron" -type f -delete 2>/dev/null || :
  [ ! -x "$r/usr/bin/mawk" ] || ln -sf /usr/bin/mawk "$r/etc/alternatives/awk" # Debian's default
  cp -r "$r/etc/skel/." "$r/root/"
  rm -f "$r/.dockerenv" "$r/etc/motd"
  grep -q '^admin:' "$r/etc/passwd" || chroot "$r" useradd --uid 1000 --create-home --shell /bin/bash admin 2>/dev/null ||
    chroot "$r" useradd --create-home --shell /bin/bash admin
}

# what the setup of an article can build devices with
helpers() {
  mkdir -p "$r/usr/local/lib"
  cp -r "$(dirname "$here")/devices" "$r/usr/local/lib/kb"
  echo "$id" >"$r/usr/local/lib/kb/id"
}

# a network that ends in this sandbox: web1 has 192.0.2.10, its gateway 192.0.2.1 lives in the namespace "world",
# where 198.51.100.7 and 203.0.113.9 answer as strangers
world() {
  ip netns add world
  ip link add eth0 type veth peer name port0 netns world
  ip addr add 192.0.2.10/24 dev eth0
  ip addr add 2001:db8::10/64 dev eth0 nodad
  ip -n world addr add 192.0.2.1/24 dev port0
  ip -n world addr add 2001:db8::1/64 dev port0 nodad
  for a in 198.51.100.7 203.0.113.9; do ip -n world addr add $a/32 dev lo; done
  ip -n world link set lo up
  ip -n world link set port0 up
  ip link set eth0 address 52:54:00:12:34:56
  ip link set eth0 up
  # cubic, as Debian has it, whatever the machine outside uses
  ip route replace 192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10 congctl cubic
  ip route add default via 192.0.2.1 congctl cubic
  ip -6 route add default via 2001:db8::1
}

# systemd starts with what every server has, and none of the services that happen to be installed outside
units() {
  rm -f "$r"/etc/systemd/system/*.wants/*
  mkdir -p "$r/etc/systemd/system-generators"
  ln -s /dev/null "$r/etc/systemd/system-generators/systemd-sysv-generator"
  for u in systemd-sysctl.service systemd-modules-load.service systemd-timesyncd.service systemd-remount-fs.service \
    systemd-udevd.service systemd-udev-trigger.service systemd-logind.service getty.target console-getty.service \
    systemd-update-utmp.service apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer \
    dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount proc-sys-fs-binfmt_misc.automount; do
    ln -sf /dev/null "$r/etc/systemd/system/$u"
  done
  mkdir -p "$r/etc/systemd/system.conf.d"
  printf '[Manager]\nDefaultCPUAccounting=yes\n' >"$r/etc/systemd/system.conf.d/50-kb.conf"
  mkdir -p "$r/var/log/journal"
  mount -t tmpfs tmpfs "$r/var/log/journal"
  ln -sf multi-user.target "$r/etc/systemd/system/default.target"
}

"$@"

#!/bin/sh
# rootnote.sh - the agent of Rootnote. It reads the state of this Linux server and sends it as plain text.
# It only reads. It judges nothing, takes no orders and downloads nothing. See it: sh rootnote.sh --print
#
# The report:
#   rootnote 1 agent=0.1.0 sha256=… rhythm=minute euid=0 epoch=1700000000    first line, key=value pairs
#   === cat /proc/meminfo        a section: "=== " and the command that an admin would type to see the same
#   === grep . /proc/pressure/*  several small files in one section: each line is path:line
#   === cat /proc/stat #2        counters are read twice, about a second apart; " #2" is the second reading;
#                                "=== cat /proc/uptime" before each of the two groups is its time
#   =!= exit 1                   a section's last line when its command failed; 124 = it hit the time limit
#   =!= missing smartctl         the command is not here      =!= needs root    not allowed for this user
#   =!= cut                      the section was longer than its bound; the rest was left out
#   === end                      the last line. A content line that starts with === or =!= gets a space in front
# Rhythms: minute sections always; hourly and daily ones when an hour or a day has gone by.
# A line that starts with ## says what the sections under it show and why: --explain-sections prints those.
set -u
version=0.1.0
LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 077
R=${ROOT:-} R=${R%/}                 # ROOT=/some/tree reads /proc, /sys, /etc from there; commands come from PATH
nl='
'
tab=$(printf '\t')

# --- how a section is made -------------------------------------------------------------------------------------
# The report is collected in a file; a header starts with a random mark, so that no content can imitate one.
begin() { printf '%s=== %s\n' "$mark" "$1"; }
fault() { printf '%s=!= %s\n' "$mark" "$1"; }

# limited COMMAND…: runs it, and kills it (and what it started) after about $limit seconds. Exit 124 then.
# A watchdog signals this shell every 2 s; so one process guards all commands, and one that can not be killed
# (a dead disk) is left behind instead of waited for.
limited() {
  [ "$ticks" -lt "$total" ] || return 124
  due=$((ticks + (limit + 3) / 2)) late=0
  "$@" 2>/dev/null </dev/null &
  child=$!
  while :; do
    wait "$child"; rc=$?
    [ $late = 1 ] && return 124
    [ $rc -gt 128 ] && kill -0 "$child" 2>/dev/null && continue
    child='' ; return $rc
  done
}
tick() { ticks=$((ticks + 1)); [ -z "$child" ] || [ "$ticks" -lt "$due" ] || { late=1; slay "$child"; }; }
slay() {
  for kin in $(grep -ls "^PPid:$tab$1\$" /proc/[0-9]*/status); do kin=${kin#/proc/}; slay "${kin%/status}"; done
  kill -9 "$1" 2>/dev/null
}

# show HEADER COMMAND…: one section with the output of one command
show() {
  begin "$1"; shift
  command -v "$1" >/dev/null 2>&1 || { fault "missing $1"; return 0; }
  limited "$@" || fault "exit $?"
}
# root HEADER COMMAND…: the same for what only root may see
root() { if [ "$euid" = 0 ]; then show "$@"; else begin "$1"; fault 'needs root'; fi; }
# files PATH…: a section each, `cat PATH`.    group HEADER PATH…: one section, lines path:line
files() { printf '%sfiles\n' "$mark"; existing "$@"; readall; }
group() { begin "$1"; shift; existing "$@"; readall; }
readall() { [ -z "$list" ] || { IFS=$nl; set -f; limited grep -sH '' $list; set +f; unset IFS; }; }
existing() {
  list=
  for f; do
    for p in $R$f; do
      if [ -r "$p" ]; then list=$list$p$nl; elif [ -e "$p" ]; then begin "cat ${p#"$R"}"; fault 'needs root'; fi
    done
  done
}
# finish: the marks become headers, content can not start like one, long sections are cut
finish() {
  awk -v m="$mark" -v r="$R" -v s="$again" '
    index($0, m) == 1 { $0 = substr($0, length(m) + 1); n = 0; f = ($0 == "files"); p = ""; if (!f) print; next }
    { if (r != "") while (i = index($0, r "/")) $0 = substr($0, 1, i - 1) substr($0, i + length(r)) }
    f { i = index($0, ":"); if (p != substr($0, 1, i)) { p = substr($0, 1, i); n = 0
        print "=== cat " substr(p, 1, i - 1) (seen[p]++ ? " #2" : "") }; $0 = substr($0, i + 1) }
    ++n > 4000 { if (n == 4001) print "=!= cut"; next }
    /^=[=!]=/ { $0 = " " $0 }
    { print substr($0, 1, 8000) }
    END { print "=== end" }'
}

# --- every minute ------------------------------------------------------------------------------------------------
counters() {
  ## CPU time by kind, paging, disk and network counters: read twice, so that one report has rates
  files /proc/uptime /proc/stat /proc/vmstat /proc/diskstats /proc/net/dev /proc/net/snmp /proc/net/netstat
  ## processes: CPU ticks, memory, swap, threads, state; names only, no arguments
  begin "cat /proc/[0-9]*/stat$again"
  limited processes || fault "exit $?"
}
processes() {
  cat "$R"/proc/[0-9]*/stat "$R"/proc/[0-9]*/status 2>/dev/null | awk -v again="$again" '
    /^[A-Za-z_]+:\t/ {
      if ($1 == "Pid:") pid = $2; else if ($1 == "Uid:") uid[pid] = $3; else if ($1 == "VmSwap:") swap[pid] = $2
      else if ($1 == "FDSize:") fds[pid] = $2
      next }
    { line = hold $0; hold = ""; i = index(line, "("); j = length(line)
      while (j > i && substr(line, j, 1) != ")") j--
      c = split(substr(line, j + 2), v, " ")
      if (c < 30) { hold = line "?"; next }
      pid = substr(line, 1, i - 2); order[++k] = pid; name[pid] = substr(line, i + 1, j - i - 1)
      row[pid] = v[2] "\t%s\t" v[1] "\t" v[12] "\t" v[13] "\t" v[10] "\t" v[18] "\t" v[22] * 4 "\t%d\t%d\t" v[20] }
    END { print "pid\tppid\tuid\tstate\tutime\tstime\tmajflt\tthreads\trss_kb\tswap_kb\tfdsize\tstart\tname"
      for (i = 1; i <= k; i++) { pid = order[i]
        printf "%s\t" row[pid] "\t%s\n", pid, uid[pid], swap[pid], fds[pid], name[pid] } }'
}
minute() {
  counters
  ## who this is
  files /proc/sys/kernel/hostname /etc/machine-id /proc/sys/kernel/random/boot_id /proc/version
  ## load, memory, handles, sockets, kernel packet backlog, arrays, mounts, routes, neighbours
  files /proc/loadavg /proc/meminfo /proc/sys/fs/file-nr /proc/net/sockstat /proc/net/sockstat6 \
    /proc/net/softnet_stat /proc/softirqs /proc/swaps /proc/mdstat /proc/mounts /proc/net/route /proc/net/arp
  ## pressure stall information: share of time in which tasks waited for CPU, memory, I/O
  group 'grep . /proc/pressure/*' '/proc/pressure/*'
  ## link state and speed of each interface
  group 'grep . /sys/class/net/*/*' '/sys/class/net/*/operstate' '/sys/class/net/*/carrier_changes' \
    '/sys/class/net/*/speed' '/sys/class/net/*/duplex' '/sys/class/net/*/mtu' '/sys/class/net/*/address'
  ## kernel limits and the small counters that rules need: connection tracking, memory errors, heat, raid
  group 'grep . /proc/sys /sys' '/proc/sys/kernel/pid_max' '/proc/sys/kernel/threads-max' \
    '/proc/sys/net/netfilter/nf_conntrack_count' '/proc/sys/net/netfilter/nf_conntrack_max' \
    '/proc/sys/kernel/random/entropy_avail' '/sys/devices/system/edac/mc/mc*/*_count' \
    '/sys/devices/system/cpu/cpu*/thermal_throttle/*_throttle_count' '/sys/class/thermal/thermal_zone*/temp' \
    '/sys/block/md*/md/degraded' '/sys/block/md*/md/sync_action' '/sys/block/md*/md/mismatch_cnt'
  ## what each service uses and where its limits bite (cgroups, version 2 or 1)
  begin 'grep -r . /sys/fs/cgroup'
  limited cgroups
  ## space and inodes of local filesystems; network filesystems are asked hourly, each under its own limit
  local_mounts
  show 'df -PTk' df -PTk $local
  show 'df -Pi' df -Pi $local
  ## who listens; the processes behind follow hourly
  listeners
  ## kernel messages since the last run: out of memory, I/O errors, hung tasks
  begin 'dmesg'
  limited kernel_log || fault "exit $?"
  ## services that failed or restart
  [ ! -d "$R/run/systemd/system" ] || show 'systemctl list-units --all --type=service' \
    systemctl list-units --all --type=service --no-legend --plain --no-pager --full
}
cgroups() {
  c=$R/sys/fs/cgroup
  grep -sH . "$c"/*.slice/cpu.stat "$c"/*/*/cpu.stat "$c"/*/*/memory.current "$c"/*/*/memory.max \
    "$c"/*/*/memory.events "$c"/*/*/pids.current "$c"/*/*/pids.max "$c"/memory/*/*/memory.usage_in_bytes \
    "$c"/memory/*/*/memory.limit_in_bytes "$c"/memory/*/*/memory.failcnt "$c"/cpu,cpuacct/*/*/cpuacct.usage \
    "$c"/cpu,cpuacct/*/*/cpu.stat "$c"/pids/*/*/pids.current "$c"/pids/*/*/pids.max |
    grep -v ':max$\|9223372036854771712$\| 0$'
  :
}
local_mounts() {
  local=$(awk '$3 !~ /^(nfs|cifs|smb|fuse\.|9p|ceph|gluster|afs|autofs|proc|sysfs|cgroup|devpts|mqueue|debugfs)/ &&
    $3 !~ /^(tracefs|securityfs|pstore|bpf|configfs|hugetlbfs|binfmt_misc|nsfs|fusectl|rpc_pipefs|squashfs|efivarfs)/ &&
    $2 !~ /\\/ && !seen[$2]++ { print $2 }' "$R/proc/mounts")
}
listeners() {
  if command -v ss >/dev/null; then show 'ss -Hltnu' ss -Hltnu
  else
    begin 'cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6'
    limited awk '$4 == "0A" || $4 == "07" { print FILENAME ":" $2, $4, $5, $8, $10 }' "$R"/proc/net/[tu][cd]p*
  fi
}
kernel_log() { dmesg -r | awk -v since="${last_up:-0}" '{ t = $0; sub(/^[^[]*\[ */, "", t) } t + 0 >= since' | tail -n 300; }

# --- hourly --------------------------------------------------------------------------------------------------------
hourly() {
  ## addresses, routes and neighbours
  show 'ip -o addr' ip -o addr
  show 'ip route show table all' ip route show table all
  show 'ip neigh' ip neigh
  ## listening sockets with their process
  show 'ss -Hltnup' ss -Hltnup
  ## all units of systemd with what diagnosis needs
  [ ! -d "$R/run/systemd/system" ] || { show 'systemctl show *' systemctl show --no-pager \
    -p Id,LoadState,ActiveState,SubState,UnitFileState,NRestarts,Result,ExecMainStatus,ExecMainCode,MainPID \
    -p ActiveEnterTimestamp,MemoryMax,TasksMax,CPUQuotaPerSecUSec,LimitNOFILE,FragmentPath '*.service'
    show 'systemctl list-timers --all' systemctl list-timers --all --no-legend --no-pager --full; }
  ## clock synchronisation
  show 'timedatectl show' timedatectl show
  show 'chronyc -n -c tracking' chronyc -n -c tracking
  ## resolver and names
  files /etc/resolv.conf /etc/hosts /etc/os-release /proc/cmdline /proc/cpuinfo /proc/interrupts /etc/fstab
  ## deleted files that are still open hold their space
  root 'find /proc/[0-9]*/fd -lname "*(deleted)"' deleted_open
  ## disks: model, scheduler, size
  group 'grep . /sys/block/*/*' '/sys/block/*/size' '/sys/block/*/ro' '/sys/block/*/queue/scheduler' \
    '/sys/block/*/queue/rotational' '/sys/block/*/device/model' '/sys/block/*/device/serial'
}
deleted_open() { find "$R"/proc/[0-9]*/fd -lname '* (deleted)' -printf '%p %s %l\n' | head -n 300; }

# --- daily -----------------------------------------------------------------------------------------------------------
daily() {
  ## the machine: product, serials, virtualisation
  group 'grep . /sys/class/dmi/id/*' '/sys/class/dmi/id/[bcps]*[a-z]'
  show 'systemd-detect-virt' systemd-detect-virt
  ## accounts and groups, without any password hash
  files /etc/passwd /etc/group
  ## SMART values; a disk in standby is not woken
  for d in "$R"/sys/block/[shv]d* "$R"/sys/block/nvme*; do
    [ ! -e "$d" ] || root "smartctl --json -n standby -a /dev/${d##*/}" smartctl --json -n standby -a "/dev/${d##*/}"
  done
}

# --- the run -----------------------------------------------------------------------------------------------------------
report() {
  read -r up _ <"$R/proc/uptime"
  set -- $(date '+%s %Y-%m-%dT%H:%M:%S%z %Z'); epoch=$1
  printf '%srootnote 1 agent=%s sha256=%s rhythm=%s euid=%s epoch=%s\n' \
    "$mark" "$version" "$(sha256sum "$0" | cut -c1-12)" "$rhythm" "$euid" "$epoch"
  begin 'date +%FT%T%z'; echo "$2 $3"
  minute
  case $rhythm in hourly | daily) hourly ;; esac
  case $rhythm in daily) daily ;; esac
  sleep 1
  again=' #2'
  counters
}
euid=$(id -u) again='' child='' ticks=0 total=20 limit=5 rhythm=daily
read -r mark </proc/sys/kernel/random/uuid
( trap 'kill $!; exit' TERM; while sleep 2 & wait $!; do kill -USR1 $$; done ) >/dev/null 2>&1 &
dog=$!
trap tick USR1
case ${2:-} in --rhythm=*) rhythm=${2#*=} ;; esac
report >/tmp/rootnote.$$
kill $dog
again='' finish </tmp/rootnote.$$
rm -f /tmp/rootnote.$$

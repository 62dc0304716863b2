#!/bin/sh
# rootnote.sh - the agent of Rootnote: it reads the state of this Linux server and sends it as plain text.
# It only reads. It judges nothing, downloads nothing and takes no orders from the server. ROOT=/some/tree: files come from there.
#   sh rootnote.sh --print [--rhythm minute|hourly|daily]   what would be sent; sends and keeps nothing
#   sh rootnote.sh --url URL --token TOKEN (or --key KEY)   sends one full report now; installs nothing
#   also: --explain-sections, install [--url URL --key KEY] [--yes], upgrade, uninstall, checksum, --version, --with-arguments
# === cat /proc/stat: a section, headed by what an admin would type to see the same; with #2: the second reading
# =!= exit 1: why one ends early (124: time limit); missing smartctl, needs root, cut, later
# shellcheck disable=SC2013,SC2015,SC2035,SC2044,SC2046,SC2048,SC2086,SC2125,SC3013,SC3045 # set -f: no globs
export LC_ALL=C PATH="${PATH:-}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
set -uf; umask 077; version=0.1.0 R=${ROOT:+$(readlink -f "$ROOT" || echo "$ROOT")} R=${R%/} mounts=mounts nl='
' deep=${R:+r} follow=${R:+-P} floods=0 P=$R/proc/[0-9]*; say() { echo "rootnote: $*" >&2; }; die() { say "$*"; exit 1; }
no() { [ ! "$1" ]; }; here() { for f; do [ ! -e "$R$f" ] || return 0; done; return 1; }
begin() { echo "$mark=== $*"; }; fault() { echo "$mark=!= $*"; }; have() { command -v "$1" >/dev/null 2>&1; }
# limited COMMAND...: killed after about $limit s with what it started: exit 124; after $total ticks at once
limited() { rc=124 late=0 due=$((ticks + (limit + 3) / 2)); [ "$ticks" -lt "$total" ] || return 124
  "$@" 2>/dev/null </dev/null & child=$!; while wait "$child"; rc=$?; [ $late = 0 ] && [ $rc -gt 128 ] &&
    kill -0 "$child" 2>/dev/null; do :; done; [ $late$rc != 0138 ] || { wait "$child"; rc=$?; }; child=''
    rc=$((late ? 124 : rc)); case $rc in 153 | 281) floods=$((floods + 1)); exec >"$work.raw$floods" ;; esac; return $rc; }
watchdog() { trap 'kill $!; exit' TERM; while sleep 2 & wait $!; do kill -USR1 $$ || exit; done; }
tick() { ticks=$((ticks + 1)); no "$child" || [ "$ticks" -lt "$due" ] || { late=1; slay "$child"; }; }
slay() { for kid in $(set +f; grep -lsE "^PPid:[[:space:]]$1\$" /proc/[0-9]*/status; kill -9 "$1"); do
    kid=${kid#/proc/}; slay "${kid%/status}"; done; }; systemd() { ! here $booted || show "$@"; }
# show COMMAND: a section; maybe: if it exists; root: by root; call HEADER COMMAND; collect DIRECTORY FILE...: for readall, search
show() { if have "$1"; then call "$*" "$@"; else begin "$@"; fault "missing $1"; fi; }
maybe() { ! have "$1" || show "$@"; }; call() { begin "$1"; shift; limited "$@" || fault "exit $rc"; list=; }
over() { IFS=$nl; no "$list" || call "$1" $2 $list; unset IFS; }; root() { ! have "$1" ||
  if [ "$euid" = 0 ]; then show "$@"; else begin "$@"; fault needs root; fi; }
collect() { set +f; for name; do case $name in /*) dir=$R$name ;; *) for f in $dir/$name; do no "$R" || { [ ! -L "$f" ] &&
    case $(cd -P "${f%/*}" 2>/dev/null && pwd)/ in "$R"/*) ;; *) false ;; esac; } || f=$(inside "$f"); if [ -r "$f" ]
    then list=$list$f$nl; elif [ -e "$f" ]; then begin cat "${f#"$R"}"; fault needs root; fi; done ;; esac; done; set -f; }
inside() { # under ROOT a link is followed within it and read under its own name, and never leads out
  to=$1; for n in 1 2 3 4 5 6 7 8 9; do [ ! -L "$to" ] || { l=$(readlink "$to"); case $l in /*) to=$R$l ;; *) to=${to%/*}/$l; esac; }
  done; case $(readlink -f "$to") in "$R"/*) ;; *) return ;; esac; [ "$to" = "$1" ] || { mkdir -p "$work.link${1%/*}"
    cp -R "$to" "$work.link$1"; set -- "$work.link$1"; }; echo "$1"; }
readall() { echo "${mark}files$again"; search '' "$@"; [ $late = 0 ] || fault exit 124; }
search() { re=$1; shift; IFS=$nl; set +f; limited grep -asHE "$re" $list $*; set -f; unset IFS; list=; }
counters() { collect /proc uptime stat vmstat diskstats net/dev net/snmp net/netstat; } # CPU, disks, net
minute() { signs; f=/proc/spl/kstat/zfs/arcstats; ! here $f || call "cat $f" grep -E '^(size|c_min) ' "$R$f"; counters # cache of ZFS
  collect /proc loadavg meminfo swaps mdstat $mounts softirqs pressure/* # load, memory, RAID, waiting (PSI)
  collect /proc/net sockstat sockstat6 softnet_stat arp udp udp6 rpc/nfs bonding/* # sockets, neighbours
  collect /etc machine-id resolv.conf /proc/sys kernel/hostname kernel/random/[be]* fs/file-nr kernel/pid_max \
    kernel/threads-max net/ipv4/tcp_mem net/ipv4/tcp_max_orphans net/ipv4/ip_lo*e net/netfilter/nf_conntrack_[cm][oa]* # limits
  collect /sys/class/thermal/th* temp /sys/class/net/* operstate carrier_changes speed duplex mtu address # links
  sensors; collect /sys/devices/system/edac/mc/mc* [cu]e_count dimm*/*[cu]e_count # fans; memory errors
  collect /sys/devices/system/cpu/cpu?/th* *_count /sys/fs/ext4/* errors_count last_error_t* # errors
  collect /sys/block/* dm/name device/ioerr_cnt md/degraded md/sync_a* md/mism* md/dev-*/state # disks, RAID
  cgroups; readall $each $groups # processes; what each service uses, where its limits bite
  ! no "$each" || { begin 'cat /proc/[0-9]*/stat'; fault later; } # of a crowd each fifth minute, see signs
  no "$more" || call 'ls /proc/[0-9]*/fd | wc -l' open_files # process, open files, limit
  space df -PTk; space df -Pi # space, inodes (network filesystems hourly); if short: deleted, but held open
  no "$each" || { [ $rhythm = minute ] && ! tight; } || call 'ls -lL /proc/[0-9]*/fd' deleted_open
  if ! have ss; then collect /proc/net tcp tcp6; echo "${mark}files"; search ' st |: [^ ]+ [^ ]+ 0A '; else
  h='ss -tn state listening'; call "$h" $h state syn-recv $est; [ "$rc$est" != 0 ] || fault later; fi # ports
  systemd systemctl list-units --type=service --state=running,failed,activating --no-legend --plain # units
  root dmesg -r; engine docker /run/docker.sock # what the kernel said since the last run; containers
  collect /var/log/[anh]* *access*log; over 'stat /var/log/*/access.log' requests # asked of web servers
  collect /var/log/[anh]* *error*log /var/log php*fpm.log php-fpm/*error.log; unread
  over 'tail -n 300 /var/log/*/error.log' complaints # what they and PHP could not do: when and which
  databases; ! here /sys/module/wireguard || call 'wg show all dump' wireguard # what needs no password; peers
  ! have upsc || { [ "$rhythm" = minute ] && [ -e "$run/ups" ] || limited upsc -l >"$run/ups"
    while read -r u; do show upsc "$u"; done <"$run/ups"; }; } # UPS
hourly() { limit=10 total=40 m=/opt/MegaRAID; PATH=$PATH:$m/storcli:$m/perccli:$m/MegaCli:/usr/Arcconf
  collect /etc hosts fstab os-release /run reboot-required* /proc cmdline version partitions # names, mounts, OS
  collect /proc interrupts sys/vm/overcommit_m* sys/vm/swapp* sys/net/core/somax* /sys/kernel/mm/tran*ge enabled # kernel
  collect /sys/block/* size ro queue/scheduler queue/rotational device/model device/serial; readall # disks
  show date +%FT%T%z_%Z; systemd timedatectl; here $booted || [ "$R" ] || maybe busybox adjtimex # the clock
  maybe chronyc -n -c tracking; maybe ntpq -pn; show ip -o addr; show ip route; show ip -6 route # and network
  show ip neigh; show ss -tlnup; maybe lsblk -P -o NAME,KNAME,PKNAME,TYPE,SIZE,MOUNTPOINT # and disks
  systemd systemctl show --no-pager -p $facts *.service # results, restarts, limits of units
  call 'nft list ruleset' firewall; systemd systemctl list-timers --all --no-legend --no-pager --full # timers
  collect /etc crontab cron.d/* /var/spool/cron crontabs/* [!c]*; call 'cat /etc/crontab' cron # jobs
  for d in $(set +f; ls -d "$R"/sys/block/[sh]d* "$R"/sys/block/nvme*n* 2>/dev/null); do d=/dev/${d##*/}
    root smartctl ${json=--json} -n standby -a $d # health; a disk in standby is not woken. Version 6: no JSON
    [ "$rc$json" != 1--json ] || { json=''; root smartctl -n standby -a $d; }; done
  engine podman /run/libpod/alive; ! here /proc/spl || { root zpool status; root zpool list -Hp; } # pools
  for c in storcli64 storcli perccli64; do root $c /call show all; root $c /call/eall/sall show all; done
  root ssacli ctrl all show config; root ssacli ctrl all show status; root arcconf getconfig 1 al nologs
  for c in '-LDInfo -Lall' -PDList '-AdpBbuCmd -GetBbuStatus'; do root MegaCli64 $c -aALL -NoLog; done # RAID
  ! here /sys/block/dm-0 || root dmsetup status; ! here /dev/ipmi0 || root ipmitool sdr elist # volumes; fans
  for m in $(filesystems '^btrfs'); do root btrfs device stats "$m"; root btrfs filesystem usage -b "$m"; done
  for m in $(filesystems "$net"); do show df -PTk "$m"; done # network filesystems, each by itself
  call 'ls -l /proc/[0-9]*/exe' executables; call 'grep -l deleted /proc/[0-9]*/maps' old_libraries # in use
  call 'du -xk -d 1 /var/log' logs; ! here $pg || [ -e "$run/no.psql" ] || call 'psql -l' tables # dead rows
  configs; collect /etc ssh/sshd_config ssh/sshd_config.d; all=$list; call 'grep -r . /etc' settings # ports
  list=$all; collect /etc crontab sysctl.conf sysctl.d fstab sudoers; call 'sha256sum /etc/*' fingerprints
  collect /var/spool postfix/[aim]* postfix/deferred exim*/input *mqueue; call 'find /var/spool' mail # waits
  collect /var backups/* backups/*/* cache/rsnapshot/* /root/.cache restic/*/snapshots borg/* duplicity/*/*.man* # backups
  collect /var/lib vz/dump/* auto*backup/daily/* pgbackrest/backup/*/backup.info barman/*/base/* ba*/*.state
  collect /var/log *backup* rsnapshot* borg* restic*; over 'stat /var/backups/*' "stat$nl-c$nl%Y:%s:%n" # age
  collect /var/log dpkg.log dnf.rpm.log dnf5.log yum.log pacman.log zypp/history apk.log # packages of late
  over 'tail -n 100 /var/log/dpkg.log' changes; maybe last -i -F -n 30; root lastb -i -F -n 400 # who came in
  ! here /run/sshd /usr/share/empty.sshd || root sshd -T; have lastb || root journalctl -t sshd; } # logins
daily() { limit=40 total=120; collect /sys/class/dmi/id *_name *_vendor *_serial *_uuid bios_* # model
  have lscpu || collect /proc cpuinfo; readall; maybe systemd-detect-virt; maybe lscpu # machine and CPU
  collect /etc shadow passwd group; call 'cat /etc/passwd' users # no passwords, only who has an empty one
  collect /etc sudoers sudoers.d/*; over 'cat /etc/sudoers' rules # who may become root
  collect /root .ssh/authorized_keys /home */.ssh/authorized_keys; call 'ssh-keygen -lf' ssh_keys # who may in
  configs; call 'openssl x509' certificates; o='-o Dir::Cache::' # names, issuer, dates of those in use
  call 'find / -xdev -perm -4000' risky_files; maybe apk version -l '<'; maybe pacman -Qu # secrets; packages
  ! here /lib/modules || call 'ls /lib/modules' ls "$R/lib/modules"; root dpkg --audit; ulimit -Sf unlimited
  maybe apt-get -s -o Debug::NoLocking=1 -o Dir::Log::Planner= ${o}pkgcache= ${o}srcpkgcache= dist-upgrade
  have apt-get || maybe dnf -C -q updateinfo list updates; maybe zypper --no-refresh -n list-updates; }
net='^(nfs|cifs|smb|fuse\.|9p|ceph|gluster|afs)' row='{{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}'
restarts='{{.Id}}|{{.Name}}|{{.RestartCount}}|{{.State.OOMKilled}}|{{.State.ExitCode}}|{{.State.StartedAt}}'
facts=Id,ActiveState,SubState,Result,NRestarts,ExecMainStatus,MainPID,ActiveEnterTimestamp,MemoryMax,TasksMax
facts=$facts,InactiveEnterTimestamp,ExecMainCode pg=/run/postgresql/.s.PGSQL.5432 booted=/run/systemd/system
# signs: while tasks wait (PSI memory 1 %, I/O 5 %), more is read of each process. A crowd (300, or 1000 TCP)
# comes whole at w: hourly, each 5th minute, while not calm (c) and 3 more. t tasks, k TCP, v memory, x a pid
signs() { w='' c='' n='' t0='' k0='' v0='' x0='' l='' a='' t='' x='' v='' k='' more='' each=1 twice=1 est='state established'
  read -r l _ a t x <$R/proc/loadavg; t=${t#*/}; { read -r _; read -r _; read -r _ v _; } <$R/proc/meminfo
  { read -r _; read -r _ _ _ _ _ _ _ _ k _; } <$R/proc/net/sockstat; read -r w c n t0 k0 v0 x0 <"$run/seen"
  for f in memory io cpu; do p=''; read -r _ _ p _ <$R/proc/pressure/$f; case $f$p in
    memory | io | cpu* | m*=0.* | i*=[0-4].*) ;; *) more=1 ;; esac; done
  case $w$c$n$t0$k0$v0$x0$l$a$t$x$v$k in *[!0-9.]*) v=0 v0=0; false ;; # no text into $((...)): it could run
    *) (calm) ;; esac || { c=$epoch; ! no "$p" || more=1; }; [ $rhythm = minute ] || more=1 v0=0 # no PSI
  [ $rhythm = minute ] && [ $((epoch - c)) -gt 200 ] && [ $((epoch - w)) -lt 600 ] || w=0; [ $w = 0 ] ||
    [ $n -lt 300 ] || twice=''; [ "$v" -lt "$v0" ] || v0=$v # CPU: of minutes, not of a second
  if [ $((epoch - w)) -lt 270 ]; then each=$twice; [ $k0 -lt 1000 ] || est=''; else w=$epoch t0=$t k0=$k; fi
  no "$each" || { set +f; set -- $P/stat; set -f; n=$# IFS=$nl each=$*; unset IFS; }
  echo "$w $c $n $t0 $k0 $v0 $x" >"$run/seen"; no "$more" || { echo "${mark}files" # no arguments, no environment
    re='^(Uid|VmSwap|[rw][a-z]*_bytes):.*[1-9]|^FDSize:.[0-9]{4}|^(0:|.*systemd):/.|^[a-z_0-9]+$'
    for f in status io cgroup wchan; do search "$re" "$P/$f"; done; }; }
calm() { # CPU PSI below 30 %; no rise of load, tasks, sockets, starts; no fall of memory. No number: no calm
  case $more$p in 1* | *=[3-9]?.* | *=1??.*) return 1 ;; esac; [ "$w" -le $epoch ] && [ "$c" -le $epoch ] &&
    [ $((${l%.*}00 + 1${l#*.} - ${a%.*}00 - 1${a#*.})) -lt $((${a%.*}*25+40)) ] && [ $((x - x0)) -lt 3000 ] &&
    [ $((10 * t)) -le $((11 * t0)) ] && [ $((5 * k)) -le $((6*k0+500)) ] && [ $((10 * v)) -ge $((9 * v0)) ]; }
timedatectl() { command timedatectl show || command timedatectl status; } # systemd before 239 has no show
sensors() { ! here /sys/class/hwmon || for f in $(set +f; grep -Lx drivetemp $R/sys/class/hwmon/*/name)
  do f=${f%/name}; collect "${f#"$R"}" name *_label *_input *_max *_min *_crit *_alarm; done; }
cgroups() { c=$R/sys/fs/cgroup groups='' n='cpu.stat memory.current memory.max pids.current'
  n="$n${more:+ pids.max cpu.max io.stat io.max memory.swap.current blkio.throttle.*_bps_device}"
  here /sys/fs/cgroup/cgroup.controllers || { c="$c/memory/ $c/pids/ $c/cpu/ $c/cpuacct/ $c/blkio/"
    n="$n memory.usage_in_bytes memory.limit_in_bytes cpuacct.usage blkio.throttle.io_service_bytes"; }
  for d in $(find $c -mindepth 1 -maxdepth 3 -type d); do all=''; for f in $n; do all="$all $d/$f"; done
    groups=$groups$all; { read -r m <"$d/memory.max" || read -r m <"$d/memory.limit_in_bytes"; } && case $m in
      max | 9223*) ;; *) for f in stat events oom_control pressure; do groups="$groups $d/memory.$f"; done ;; esac; done; }
open_files() { set +f; for f in $(grep -ao '^.*/status:FDS' "$work.raw"
    grep -lE '^Max open files +[0-9]{1,3} ' $P/limits); do f=${f%/*}; set -- $f/fd/*; [ ! -e $1 ] ||
    while read -r _ w _ n _; do [ $w != open ] || echo ${f##*/} $# $n; done <$f/limits; done; }
filesystems() { awk -v t="$1" -v no="${2:-0}" '$2 !~ /\\|^\/proc\// && ($3 ~ t) != no { print $2 }' "$R/proc/$mounts"; }
space() { # -l: local. busybox does not know it: there the mounts are named
  begin "$*"; limited "$@" -l || { [ $rc = 1 ] && limited "$@" $(filesystems $net 1); } || fault "exit $rc"; }
# Of a running statement the database itself tells verb and table, up to what may be a value or a comment: no more of it leaves it
databases() { verb='^[[:space:](]*(select|insert|update|delete|replace|call|copy|load|create|alter|truncate|vacuum|commit)'
  ! here /run/mysqld/mysqld.sock /var/lib/mysql/mysql.sock || signin mysql ask_mysql; ! here "$pg" || signin psql ask_postgres
  ! here /run/redis /run/redis.sock /run/valkey || signin redis-cli ask_redis; }
ask_redis() { c=redis-cli; have $c || c=valkey-cli; $c info all | grep -avE '^(error|latency_p)'; }
ask_mysql() { m=mysql; have $m || m=mariadb; w='where variable_name regexp' r='status\G show' i=information_schema
  $m -fBe "show all slaves $r slave $r replica status\G show global status $w '^threads_|max_used|slow_q|^questions|uptime$|
    |row_lock|buffer_pool_[rw]|^rows_sent|^com_(sel|ins|upd|del|repl|comm|rollb|load|call)|^select_(scan|full_j)|rnd_next$|
    |merge_p|tmp_disk'; show global variables $w '^datadir$|buffer_(pool_)?s|max_conn|^version$|_stack'
    ; select 'now' as 'a b', time, replace(concat(state, ifnull(trx_state, '')), ' ', '_'), regexp_substr(info, '$verb'),
    regexp_substr(regexp_substr(info, '^[^-''\"#/\$]*'), '(from|into|update|table)[[:space:]]+[\`a-z_][\`a-z0-9_.]*') from
    $i.processlist left join $i.innodb_trx on trx_mysql_thread_id = id where info > '' and id != connection_id() limit 200" |
    sed -E '/^Variable_name	Value$/,$!{/^ *[LRS][A-Za-z_]+: (Yes|No|Connecting|Preparing|NULL|[0-9]+)$/!d;}' |
    grep -E '^[^: ]+	|(Running|Errno|L_Delay|Behind_.*): '; } # the error of a replica quotes a statement, in lines of their own
ask_postgres() { as_postgres -c "select datname, age(datfrozenxid), xact_rollback, tup_returned, tup_fetched, temp_bytes,
    deadlocks from pg_database join pg_stat_database using (datname)" -c "select state, count(*), max(now() - xact_start)
    from pg_stat_activity where datname > '' group by 1" -c "select name, setting, unit from pg_settings where name ~
    '^(max_conn|shared_buf|work_mem|data_dir)'" -c "select 'now', extract(epoch from now() - state_change)::int,
    concat(state, wait_event_type), substring(query from '(?i)$verb'), substring(substring(query from '^[^-''\$/]*')
    from '(?i)(?:from|into|update|table|copy|vacuum)[[:space:]]+(?:only +)?([a-z_\"][a-z0-9_.\"]*)') from pg_stat_activity
    where state ~ '^active|^idle in' and pid != pg_backend_pid() limit 200" -c 'select slot_name, active, pg_wal_lsn_diff(
    case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, restart_lsn)
    from pg_replication_slots'; }; as_postgres() { setpriv --reuid postgres --regid postgres --clear-groups psql -XAtw "$@"; }
tables() { for d in $(as_postgres -c 'select datname from pg_database where datallowconn'|grep -x '\w*'); do
    as_postgres -d "$d" -c "select 'rows', current_database(), relname, n_live_tup, n_dead_tup
      from pg_stat_user_tables order by 5 desc limit 2"; done; }
signin() { no=$run/no.$1; [ "$rhythm" != minute ] || [ ! -e "$no" ] || return 0 # if it failed: each hour
  begin "$1"; shift; limited "$@" || { fault "exit $rc"; echo >"$no"; return; }; [ ! -e "$no" ] || rm "$no"; }
wireguard() { wg show all dump | awk '{ if (NF == 5) $2 = "-"; else $3 = "-"; print }'; }
firewall() { (! here /sys/module/nf_tables || nft list ruleset; ! here /sys/module/ip_tables || iptables -S) |
    awk '/hook|^-P/; /accept|drop|reject|^-A/ {n++} END {print "rules", n + 0}'; } # asking loads it
cron() { s='[A-Za-z0-9_]+=("[^"]*"|\047[^\047]*\047|[^"\047 \t])*[ \t]+'; search '^[[:space:]]*[0-9*@]' |
    awk -v s="$s" '{ sub(/:[ \t]+/, ":"); gsub(s, ""); n = (/^[^:]*:@/ ? 2 : 6) + !/^[^:]*spool/
      for (i = 2; i <= n; i++) $1 = $1 " " $i; print $1 }'; }
rules() { sed -E '/^#/d; :a; /\\$/{N;s/\\\n//;ba;}; s~(/[^ 	,]*)[ 	]([^,\\]|\\.)*~\1 ***~g' "$@"; }
engine() { here $2 && have $1 && show $1 ps -a --no-trunc --format $row && call "$1 inspect" containers $1; }
containers() { ids=$($1 ps -aq); no "$ids" || $1 inspect -f "$restarts" $ids; }
requests() { stat -Lc 'size %s' "$@"; echo; exec tail -qc 2000 $(find -L "$@" -mmin -5); } # finish() only counts these lines
unread() { new=''; for f in $list; do [ "$run/read" -nt "$f" ] || new=$new$f$nl; done; list=$new
  no "$new" || echo >"$run/read"; } # of these logs those that were written to since
complaints() { t='(upstream timed out|worker_connections are|MaxRequestWorkers|1[:)] ?Connection refused|PHP Fatal)'
  tail -qc 16000 "$@" | sed -nE "s/^(.{24,34}).*$t.*/\\1 \\2/p; t; s/^(.{22}).*(\\[pool [^]]*\\]).*(max_children).*/\\1 \\2 \\3/p; t
    s/^(.*)(\\[emerg\\]|AH00526: Syntax error|AH00072: )(.{0,200}).*/\\1\\2\\3/p"; }
old_libraries() { grep -lE '/lib.*\.so[.0-9]* \(deleted\)$' $(set +f; echo $P/maps); :; }
logs() { du -xk -d 1 $R/var/log; find $R/var/log -xdev -type f -size +500000k -exec du -k {} +; }
executables() { find $(set +f; echo $P/exe) -printf '%h %l\n'; :; }; deleted_open() {
  find $(set +f; echo $P/fd) -lname '/*(deleted)' ! -lname '/memfd:*' ! -lname '/dev/*' -printf '%p %l\n' |
    head -n 300 | while read -r f name; do echo "$(stat -Lc '%s %b %d:%i' "$f") $f $name"; done; }
configs() { collect /etc nginx apache2 httpd my* redis* postgresql php php-fpm.d php[78]* named* bind nsd \
    knot p*ns haproxy dovecot postfix/main.cf letsencrypt/live docker/daemon.json ../var/lib/pgsql/data/p*f
  no "$R" || no "$list" || for f in $(find $list -type l); do list=$list$(inside "$f")$nl; done; }
settings() { w='[sS]erver(_?[nN]ame|Alias)?|[lL]isten[_a-z]*|root|([pP]roxy|fastcgi)_?[pP]ass|port|user|dir'
  w="$w|</?VirtualHost.*|DocumentRoot|(SSL|(smtpd_)?tls|ssl(_server)?)[-_]?[cC](ert|ha)[-_A-Za-z]*|work_mem"
  w="$w|[a-z_-]*buffer.*|[mM]ax[A-z_-]*|bind([-_]address)?|pm[.a-z_]*|prot.*|requirepass|my[a-z]+|type"
  w="$w|worker_[pc].*|[rv].*_domains|zone|Match|\\{?\"(log-|max-|storage-|live-|hosts).*"; no "$list" ||
    grep -${deep:-R}asHE "^[[:space:]]*(location.*\\{ *)?(\\[.*|(name:|- domain:|zone:|relayhost|$w)([[:space:]=].*)?)$" $list |
  sed -E 's|//[^/ ]*@|//***@|g; s/(requirepass|secret:|user[[:space:]]+[^[:space:]]+[[:space:]]).*/\1 ***/'; }
fingerprints() { no "$list" || find ${follow:--L} $list -type f -size -200k ! -name '*key*' -exec sha256sum {} +; }
certificates() { for f in $(no "$list" || { grep -${deep:-R}ahosE '/[^ ;:"<]+\.(pem|crt|cer)' $list | sort -u
    find $list -type f -name cert.pem -o -path '*haproxy*.pem'; }); do f=${f#"$R"}; echo "file $f"; f=$R$f
    no "$R" || f=$(inside "$f"); openssl x509 -noout -subject -issuer -dates -serial -text -in "$f" |
      grep -E '^(subject|issuer|not|serial)|DNS:|Public-Key|Signature Algorithm'; done; :; }
mail() { for q in $list; do echo $q $(find $q -type f | wc -l) $(find $q -type f -mtime +0 | wc -l); done; }
changes() { x='^\( *[0-9]+/.*|. at [-0-9: ]{19}$|.*RPM callback (transaction start|(un)?install stop).*'
  for f; do case $f in *apk.log | *dnf5.log) tail -c 1000000 "$f" | grep -aoE "$x" | tail -n 300 ;;
    *) tail -n 100 "$f" ;; esac; done; } # of apk the times and packages, not its arguments
journalctl() { x='(Failed [pk][ae][^ ]*|Accepted [^ ]+) for (invalid user )?([^ |]*).* from ([^ ]+) port '
  { here $booted && command journalctl -rqo short-iso -n 5000 --since=-24h "$@" -t sshd-session|grep -a . || {
    collect /var/log messages.0 messages auth.log secure; tail -qc 300000 $list | tac; }; } | sed -nE \
    "s/^(.{15}|[0-9T:.+-]{19,32}) [^ ]+ [a-z0-9. ]*sshd[a-z-]*\[[0-9]+]: ${x}[0-9]+ ssh2.*/\2 \4 \5|\1/p" |
    awk -F'|' '{ if (!n[$1]++) at[$1] = $2 } END { for (k in n) print k, n[k], at[k] }'; }
users() { awk -F: -v OFS=: 'FILENAME~/shadow/{e[$1]=$2=="";next} $2!="" {$2=e[$1]?"":"x"} 1' $list; }
ssh_keys() { for f in $list; do ssh-keygen -lf "$f" | awk -v f="$f" '{ print f ":" $2, $NF }'; done; }
risky_files() { QUOTING_STYLE=escape find "$R/" -xdev -type f \( -perm -4000 -o -perm -004 \( -name .env -o \
    -name '*.key' -o -name 'id_[red]*[!b]' -o -name wp-config.php \) \) -exec ls -ld {} + |
    awk '{ print $1, $3, substr($0, index($0, " /") + 1) }'; }
arguments() { ps -eo pid,args | sed -E 's|//[^/ ]*@|//***@|g; s/ (-[pPaAuU]) ?[^ -][^ ]*/ \1***/g
    s/(bearer|basic) //gI; s/([^ ]*(pass|pwd|secret|token|key|auth|cred)[^ =:]*[=: ] *)[^ ]*/\1***/gI'; }
tight() { grep -qE '^[^ ]+ +[^so0-9-][^ ]* .* (9.|100)% /' "$work.raw"; } # a full filesystem; no image
report() { echo "$mark"rootnote 1 agent=$version sha256=$sha rhythm=$rhythm euid=$euid epoch=$epoch zone=$zone; minute
  if [ $rhythm != minute ]; then hourly; elif grep -q ' loaded *failed ' "$work.raw"; then
    systemd systemctl show -p $facts --state=failed *.service; fi; [ $rhythm != daily ] || daily; read -r now _ </proc/uptime
  left=$((100 + ${up%.*}${up#*.} - ${now%.*}${now#*.})); [ $left -lt 10 ] || sleep "0.$((left > 99 ? 99 : left))" 2>/dev/null ||
    sleep 1; again=' #2'; counters; readall ${twice:+$each}; no "$arguments" || call 'ps -eo pid,args' arguments; }
finish() { # marks become headers, /proc/PID files a table; content can't look like a header; bounds hold
  set +f; exec awk -v T="\t" -v m="$mark" -v root="$R" -v link="${R:+$work.link}" -v since="$since" -v page="$page" '
    function without(t, s, i) { if (i = index($0, t)) $0 = substr($0, 1, i - 1) s substr($0, i + length(t)); return i }
    function out(l) { if (hold) kept[++held] = l; else print l } function head(h) { out("=== " h); sect = h; n = 0 }
    function flush(i) { for (hold = i = 0; i < held; ) print kept[++i]; held = 0 } function put(l) {
      if (l ~ /^=[=!]=/) l = " " l; if (++n <= 4000) out(n < 4000 ? substr(l, 1, 16000) : "=!= cut") }
    function veil(l) { gsub(/(\/\/|csi:)[^\/ ]*@/, "***@", l) # passwords in addresses and options
    gsub(/[-.0-z]*(pass|pwd|cred|secret|token|key|PASS|SECRET|TOKEN)[-.0-z]*=[^ ,]*/, "***", l); return l }
    function ended(  i, c, p, v, j, row, name) { # a section, or a table of processes
    if (sect ~ /access/) put(sprintf("%.0f %d %d %d", size, ends, width, bad)); if (sect ~ /ss -tn/ && !/=!= [^l]/) {
    head("ss -Htan"); for (j in at) if (at[j] > 1) put(at[j] " " j) }
    row = "pid utime stime majflt" (again ? "" : columns); gsub(/ /, T, row); if (k) { head("cat /proc/[0-9]*/stat" again); put(row) }
    for (i = 1; i <= k; i++) { p = order[i]; if (again && raw[p] == old[p]) continue; t = substr(old[p] = raw[p], 1, 260)
    j = match(t, /\(.*\)/); name = substr(t, j+1, RLENGTH-2); split(substr(t, j+RLENGTH+1, 170), v); row = p T v[12] T v[13] T v[10]
    if (again) { if (row != seen[p]) put(row); continue } if ((v[2] == 2 || k > 3000) && v[1] ~ /S|I/ && v[12] + v[13] < 100) {
    cut += v[2] != 2; continue } seen[p] = row; row = row T v[2] T v[1] T v[18] T v[20] T v[22] * page
    if (known) for (c = 1; c <= 6; c++) row = row T (c == 1 && a[p, "Uid"] == "" ? 0 : a[p, key[c]])
    gsub(/\t/, "?", name); put(row (known ? "" : gap) T (v[1] == "D" ? a[p, "an"] : "") T name) }
    if (cut && k && !again) print "=!= cut"; k = 0 }
    BEGIN { r = length(root); split("Uid VmSwap FDSize read_bytes write_bytes up", key); gap = T T T T T T
    columns = " ppid state threads start rss_kb uid swap_kb fdsize read_bytes write_bytes cgroup wchan name"
    re = "^/(proc/(pressure|net/bonding|sys/(vm|net/[^/]+))|sys/(block(/md[^/]+/md)?|[c-k][^/]+/[^/]+))/" }
    link { without(link, "") } files && substr($0, 1, 1) == "/" && !index($0, m) { i = index($0, ":"); rest = substr($0, i + 1)
    p = substr($0, 1, i - 1); if (p != path) { path = p; p = substr(p, r + 1); pid = substr(p, 7) + 0; kind = ""; hold = 0; if (pid &&
    p !~ /mounts/) kind = substr(p, length(p) - 1); else if (match(p, re)) { kind = 1; p = "grep -r . " substr(p, 1, RLENGTH - 1)
    if (p != sect) head(p) } else { hold = !again && p ~ /^.proc.(uptime|.*stat.?|net.(dev|snmp))$/
    sub("/1/mounts", "/mounts", p); head("cat " p again); kind = p ~ /net.(tcp|udp)/ ? "net" : "" } if (kind == "at") { raw[pid] = ""
    order[++k] = pid } } if (!kind || kind == "net" && $4$5 ~ /st|0[7A]$|:003501/) put(p ~ /fstab|mounts|cmdline/ ? veil(rest) : rest)
    else if (kind == 1) { if (!/cgroup.*([: ](0|max|92233.*)$|:(user|system)_u)/) put(substr($0, r + 1)) }
    else if (kind == "at") raw[pid] = raw[pid] (raw[pid] == "" ? "" : "?") rest
    else if (kind ~ /up|an/) { sub(/^[^:]*:[^:]*:/, "", rest); if (rest > a[pid, kind]) a[pid, kind] = rest }
    else { split(rest, v, /:?[ \t]+/); a[pid, v[1]] = v[v[1] == "Uid" ? 3 : 2]; known = 1 }; next } i = index($0, m) {
    hold = 0; ended(); if (i > 1 && !/=!= exit 124$/) put(substr($0, 1, i - 1)); $0 = substr($0, i + length(m)); sect = ""
    if (files = sub(/^files/, "")) { again = $0; path = ""; if (again) flush() } else if (sub(/^=== /, "")) head($0); else {
    print } next } n < 4000 { while (r && without(root "/", "/")) { } if (sect ~ /^ss -tn/ && $1 != "LISTEN") { sub(/.*:/, "", $4)
    at[$1 " " $4]++; next } if (sect == "dmesg -r" && (i = index($0, "[")) && ((c = substr($0, i+1) + 0) < since || !since && /^</ &&
    !/^<[0-4]>|oom-kill:|nfs: server /)) next; if (sect !~ /access/) put($0); else if (!tail && sub(/^size /, "")) size += $0; else
    if (tail++) { ends++; bad += /" 5.. /; width += length+1 } } END { hold = 0; ended(); flush(); print "=== end" }' "$work".raw*; }
post() { # post FILE ADDRESS: sets $code. The token goes through a file, so that no process list shows it
  file=$1 to=$2/api/report limit=30 q='' o="-O $work.body -o $work.log"; ! have curl || q='"'
  set -- "Authorization: Bearer ${token:-$key}" 'Content-Type: text/plain; charset=utf-8' \
    "Content-Encoding: $encoding" "X-Rootnote-Agent: $version" "X-Rootnote-Time: ${1##*/}"
  printf "header = $q%s$q\n" "$@" >"$work.http"; echo >"$work.log"; if ! no "$q"; then
    limited curl -qsSm 25 -K "$work.http" --data-binary "@$file" -o "$work.body" -w '%{http_code}\n' $to >"$work.log"
    read -r code <"$work.log"; return; elif [ "${pack#tr}" = "$pack" ]; then # else busybox shows the token
    limited wget --config="$work.http" -ST 20 -t 1 --max-redirect=0 --post-file="$file" $o "$to"
  else for h; do shift; set -- "$@" --header "$h"; done; limited wget -S "$@" --post-file "$file" $o "$to"; fi
  code=$(awk '/^ *HTTP\// { c = $2 } END { print c }' "$work.log"); }
nearest() { case $urls in *' '*) for u in $urls; do t=$(curl -qsfIm5 -o/dev/null "$u/agent" -w '%{time_total}') &&
    echo "$t $u"; done | sort | sed 's/.* //' ;; esac; } # the fastest of them first
deliver() { for u in $used $urls; do post "$1" "${u%/}"; case $code in 20[0-2]) used=$u gone="$gone $1"
      ! no "$token" || adopt; return 0 ;; 401 | 403) say "$u does not accept the token (HTTP $code): revoked?"
      return 1 ;; 400 | 41[35] | 422) say "$u can't use a report (HTTP $code): dropped"; gone="$gone $1"
      return 0 ;; *) say "$u did not take the report (HTTP ${code:-000})" ;; esac; done; return 1; }
adopt() { token=$(grep -m 1 -xE 'token [A-Za-z0-9_-]{20,80}' "$work.body") token=${token#token }; no "$token" || { key=''; save; }; }
save() { set -- "url=$urls$nl${token:+token=$token$nl}${key:+key=$key$nl}${arguments:+arguments=yes$nl}"
  mkdir -p "${conf%/*}"; printf '%s' "$1" >"$conf.new"; mv "$conf.new" "$conf"; }
keep() { q=$state/queue failed=1; { [ -s "$1" ] && mv "$1" "$q/"; } || rm -f "$1" "$q/${1##*/}"
  while set -- $(ls "$q"); [ $# -gt 300 ] || [ "$(du -sk "$q" | cut -f1)" -gt 5000 ]; do rm "$q/$1"; done; }
changed() { # settings or packages since the last full run: what may be the cause of trouble is told at once
  collect /etc hosts fstab crontab /var/log dpkg.log pacman.log apk.log ../lib/rpm/[Pr]*[es]; configs
  ${list:+limited find ${follow:--L} $list -mmin "-$((s / 60 + 1))"} >"$work.raw"; list=''; [ -s "$work.raw" ]; }
run() { [ -n "${INVOCATION_ID:-}" ] || { renice -n 10 $$; ionice -c 3 -p $$; } >/dev/null 2>&1
  [ -d "$run" ] && [ -d "$state/queue" ] || mkdir -p "$run" "$state/queue" || die "can't write to $state"
  for try in 1 2; do { set -C; echo $$ >"$run/lock"; } 2>/dev/null && break; p=$(cat "$run/lock"); [ $try = 1 ] &&
    ! tr '\0' '\n' 2>/dev/null <"/proc/$p/cmdline" | grep -Eq '(^|/)rootnote(\.sh)?$' || die "another run goes on, or $run is full"
    rm -f "$run/lock"; done; set +C; trap 'kill $dog; set +f; rm -rf "$temp" "$run/lock" "$work".* $gone' EXIT
  [ ! -r "$run/last" ] || read -r hour day since page sha used <"$run/last"; case " $urls " in *" $used "*) ;; *) used='' ;; esac
  case $hour$day in *[!0-9]*) day='' ;; esac; [ ${#hour}${#day} = 1010 ] && [ $hour -le $epoch ] || day=0 hour=0
  r=minute s=$((epoch - hour)); [ $s -lt 300 ] || { [ $s -lt 3600 ] && ! changed >/dev/null; } || r=hourly
  if [ $day$once = 0 ]; then day=1000000000 r=hourly # the first report is soon there, the daily one a minute later
  elif [ $((epoch - day)) -ge 86400 ]; then r=daily; fi; rhythm=${rhythm:-$r}; read -r mark </proc/sys/kernel/random/uuid
  [ "$rhythm" = minute ] && ! no "$sha" || { page=$(getconf PAGESIZE) page=$((${page:-4096} / 1024))
    sha=$(sha256sum "$0") sha=${sha%"${sha#????????????}"}; sha=${sha:--}; } 2>/dev/null
  [ ! -r "$R/proc/1/mounts" ] || mounts=1/mounts; read -r up _ </proc/uptime; report >"$work.raw" 2>/dev/null
  [ "$act" != print ] || { (finish); return; }; finish | $pack >"$run/$epoch"; total=$((ticks + 60))
  [ $rhythm = minute ] || hour=$epoch used=$(nearest); [ $rhythm != daily ] || day=$epoch
  for f in $(set +f; echo "$state"/queue/[0-9]*) "$run/$epoch"; do
    [ ! -e "$f" ] || deliver "$f" || { keep "$run/$epoch"; break; }; done
  echo "$hour $day ${up%.*} $page $sha $used" >"$run/last"; return $failed; }
agree() { echo "$* [y/N]"; ${yes:+:} read -r yes; case $yes in [yY]*) ;; *) die 'nothing changed' ;; esac; }
install() { ! no "$urls" && ! no "$token$key" || die 'install needs --url and --key (or --token)'
  sec=$(($$ % 50)) timer=$cron; [ ! -e "$alpine" ] || timer="a line in $alpine" # its cron reads no other file
  [ ! -d "$D/run/systemd/system" ] || timer="$unit.service and $unit.timer"
  agree "This will write $bin, $conf (address and token; readable by root only) and $timer (every minute)."
  (umask 022; mkdir -p "${bin%/*}"; cp "$0" "$bin.new" && chmod 755 "$bin.new" && mv "$bin.new" "$bin"); save
  minutely="sleep $sec; ${bin#"$D"} run >/dev/null 2>&1"; case $timer in "$unit"*) mkdir -p "${unit%/*}" ;;
    a*) forget; echo "* * * * * $minutely" >>"$alpine"; return ;;
    *) mkdir -p "${cron%/*}"; echo "* * * * * root $minutely" >"$cron"; return ;; esac
  printf '%s\n' '[Service]' Type=oneshot "ExecStart=${bin#"$D"} run" Nice=10 IOSchedulingClass=idle NoNewPrivileges=yes \
    ProtectSystem=full StateDirectory=rootnote RuntimeDirectory=rootnote RuntimeDirectoryPreserve=yes \
    ReadWritePaths=/etc/rootnote TimeoutStartSec=300 >"$unit.service"
  printf '[Timer]\nOnCalendar=*:*:%s\nAccuracySec=1\n[Install]\nWantedBy=timers.target\n' $sec >"$unit.timer"
  ! no "$D" || { systemctl daemon-reload && systemctl enable --now rootnote.timer; }; }
forget() { [ ! -e "$alpine" ] || sed -i '/rootnote run/d' "$alpine"; }
uninstall() { agree "This will remove $bin, ${conf%/*}, its timer or cron line, $D/{run,var/lib}/rootnote."
  ! no "$D" || [ ! -e "$unit.timer" ] || systemctl disable --now rootnote.timer; forget
  rm -rf "$bin" "${conf%/*}" "$unit.service" "$unit.timer" "$cron" "$D/var/lib/rootnote" "$D/run/rootnote"; }
explain() { awk '/^[^ ]/ { r = 0 } /^(counters|minute|hourly|daily)\(\)/ { r = $1; sub(/\(.*/, "", r) }
    r { if (/.# /) { why = $0; sub(/.*# /, "", why); sub(/ # .*/, ""); print r ": " why }; print }' "$0"; }
again='' list='' child='' ticks=0 total=10 limit=5 failed=0 hour=0 day=0 since=0 page=4 sha='' used='' gone=''
urls=${ROOTNOTE_URL:-} token=${ROOTNOTE_TOKEN:-} key='' arguments='' rhythm='' D=${DESTDIR:-} temp=''
bin=$D/usr/local/sbin/rootnote unit=$D/etc/systemd/system/rootnote cron=$D/etc/cron.d/rootnote
alpine=$D/etc/crontabs/root conf=${ROOTNOTE_CONF:-$D/etc/rootnote/agent.conf} epoch=$(date '+%s %z')
act=run once='' yes='' mark='' pack='gzip -c' encoding=gzip; have gzip || pack=cat encoding=identity
[ ! -r "$conf" ] || while IFS='=' read -r name value; do case $name in url) urls=${urls:-$value} ;;
  token) token=${token:-$value} ;; key) key=$value ;; arguments) arguments=$value ;; esac; done <"$conf"
while [ $# -gt 0 ]; do option=${1%%=*} value=${1#*=}; case $1 in --url | --token | --key | --rhythm) value=${2?"$1 needs a value"}
    shift ;; esac; case $option in --url) urls=$value ;; --token) token=$value key='' once=1 ;; --key) key=$value token='' once=1 ;;
    --rhythm) rhythm=$value ;; --print) act=print once=1 ;; --yes) yes=y ;; --with-arguments) arguments=yes ;; upgrade) act=install ;;
    run | install | uninstall) act=$1 ;; checksum) sha256sum "$0"; exit ;; --version) echo "$version"; exit ;;
    --explain-sections) explain; exit ;; --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit ;;
    *) die "unknown option $1; see --help" ;; esac; shift; done; run=/run/rootnote state=/var/lib/rootnote
case $token$key in *[!A-Za-z0-9._~+/=-]*) die 'a token has only letters, digits and . _ ~ + / = -' ;; esac
case $rhythm in '' | minute | hourly | daily) ;; *) die '--rhythm is minute, hourly or daily' ;; esac
while read -r name _ euid _; do [ "$name" != Uid: ] || break; done </proc/self/status
[ "$euid" = 0 ] || state=${HOME:-/nonexistent}/.local/state/rootnote run=$state; run=${ROOTNOTE_STATE:-$run}
state=${ROOTNOTE_STATE:-$state}; case $act in install | uninstall) $act && echo "rootnote: ${act}ed"; exit ;; esac
have curl || wget --help 2>&1 | grep -q -e --config= || pack='tr -d \000' encoding=identity
[ "$act" = print ] || { ! no "$urls" && ! no "$token$key"; } || die 'no address or token; see --help'
no "$once" || { temp=$(mktemp -d) && state=$temp run=$temp; } || die 'no room for temporary files'
work=$run/$$ zone=${epoch#* } epoch=${epoch% *}; trap tick USR1; trap 'exit 1' HUP INT TERM
watchdog >/dev/null 2>&1 & dog=$!; trap 'kill $dog' EXIT; trap : XFSZ; ulimit -Sf 65536 2>/dev/null; run

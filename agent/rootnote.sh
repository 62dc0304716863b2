#!/bin/sh
# rootnote.sh - the agent of Rootnote. It reads the state of this Linux server and sends it as plain text.
# It only reads. It judges nothing, downloads nothing and takes no orders from the server.
#
#   sh rootnote.sh --print [--rhythm minute|hourly|daily]   show what would be sent; send and keep nothing
#   sh rootnote.sh --explain-sections                       each section, its source and why
#   sh rootnote.sh --url URL --token TOKEN (or --key KEY)   send one full report now; install nothing
#   sh rootnote.sh install [--url URL --key KEY] [--yes]    also: upgrade, uninstall, checksum, --version
# --with-arguments adds the arguments of processes, passwords masked. ROOT=/some/tree reads /proc, /sys and /etc
# from there; commands come from PATH.
#
#   rootnote 1 agent=0.1.0 sha256=... rhythm=minute euid=0 epoch=1700000000   first line: key=value pairs
#   === cat /proc/meminfo          a section: the command that an admin would type to see the same
#   === grep -r . /proc/pressure   chosen small files, or chosen lines of files, each as path:line
#   === cat /proc/stat #2          counters are read twice, a second apart; "#2" is the second reading, and
#                                  "=== cat /proc/uptime" before each of the two groups is its time
#   =!= exit 1                     last line of a section whose command failed; 124: it hit its time limit
#   =!= missing smartctl           no such command     =!= needs root   not allowed     =!= cut   too long
#   === end                        the last line. Content that looks like such a line gets a space in front
set -uf # no globbing, but where set +f says so
umask 077
version=0.1.0
LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
R=${ROOT:-} R=${R%/} P=$R/proc/[0-9]* nl='
'
say() { echo "rootnote: $*" >&2; }
die() { say "$*"; exit 1; }

# --- how a section is made ----------------------------------------------------------------------------------
# A header starts with a random mark, so that no content can imitate one; finish() takes the marks out.
begin() { echo "$mark=== $*"; }
fault() { echo "$mark=!= $*"; }
have() { command -v "$1" >/dev/null 2>&1; }

# limited COMMAND...: kills it, and what it started, after about $limit seconds: exit 124. A watchdog signals
# this shell every 2 s, so one process guards all commands, and one that can't be killed (a dead disk) is left
# behind instead of waited for. After $total ticks the rest of the run is skipped.
limited() {
  rc=124 late=0 due=$((ticks + (limit + 3) / 2))
  [ "$ticks" -lt "$total" ] || return 124
  "$@" 2>/dev/null </dev/null &
  child=$!
  while wait "$child"; rc=$?; [ $late = 0 ] && [ $rc -gt 128 ] && kill -0 "$child" 2>/dev/null; do :; done
  [ $late = 0 ] || rc=124
  child=''
  return $rc
}
watchdog() { trap 'kill $!; exit' TERM; while sleep 2 & wait $!; do kill -USR1 $$ || exit; done; }
tick() { ticks=$((ticks + 1)); [ -z "$child" ] || [ "$ticks" -lt "$due" ] || { late=1; slay "$child"; }; }
slay() {
  kids=$(set +f; grep -lsE "^PPid:[[:space:]]$1\$" /proc/[0-9]*/status)
  kill -9 "$1" 2>/dev/null
  for kid in $kids; do kid=${kid#/proc/}; slay "${kid%/status}"; done
}

# show COMMAND...: a section.   maybe: only where the command exists.   root: and only root may see it.
# call HEADER COMMAND...: a section with another header.   collect DIRECTORY FILE...: adds files to the list for
# readall: a section a file, or path:line;   search REGEX: the matching lines;   over HEADER COMMAND
show() { if have "$1"; then call "$*" "$@"; else begin "$@"; fault "missing $1"; fi; }
call() { begin "$1"; shift; limited "$@" || fault "exit $rc"; list=; }
maybe() { ! have "$1" || show "$@"; }
root() { ! have "$1" || if [ "$euid" = 0 ]; then show "$@"; else begin "$@"; fault needs root; fi; }
over() { [ -z "$list" ] || call "$1" $2 $list; }
collect() {
  dir=$1; shift; set +f
  for name; do for f in $R$dir/$name; do
    if [ -r "$f" ]; then list=$list$f$nl; elif [ -e "$f" ]; then begin cat "${f#"$R"}"; fault needs root; fi
  done; done
  set -f
}
readall() { echo "${mark}files$again"; search '' "$@"; }
search() { regex=$1; shift; IFS=$nl; set +f; limited grep -asHE "$regex" $list $*; set -f; unset IFS; list=; }

# --- the sections; the comment behind each says what it shows -----------------------------------------------
counters() { collect /proc uptime stat vmstat diskstats net/dev net/snmp net/netstat; } # twice, for rates
minute() {
  search '^(Uid|VmRSS|VmSwap|FDSize|(read|write)_bytes):|^0::|name=systemd' "$P/status" "$P/io" "$P/cgroup" \
    >"$work.status" # of each process: name, state, CPU, memory, I/O, cgroup; no arguments
  counters # CPU time by kind, paging, disks, network: read twice, so that one report has rates
  collect /proc loadavg meminfo swaps mdstat "$mounts" softirqs pressure/* # load, memory, waiting (PSI)
  collect /proc/net sockstat sockstat6 softnet_stat arp udp udp6 rpc/nfs bonding/* # sockets, neighbours
  collect /proc/sys kernel/hostname kernel/random/boot_id kernel/pid_max kernel/threads-max fs/file-nr
  collect /proc/sys/net/netfilter nf_conntrack_count nf_conntrack_max; collect /etc machine-id # which machine
  collect /sys/class/net/* operstate carrier_changes speed duplex mtu address # links
  collect /sys/class/thermal/thermal_zone* temp; sensors *_input *_alarm # temperatures, fans, voltages
  collect /sys/devices/system cpu/cpu[0-9]/thermal_throttle/*_count edac/mc/mc*/[cu]e_count # memory errors
  collect /sys/block md*/md/degraded md*/md/sync_action md*/md/mismatch_cnt md*/md/dev-*/state # RAID members
  [ "$rhythm" = minute ] || settled
  cgroups; readall "$P/stat" $groups # what each service uses, where its limits bite
  call 'ls /proc/[0-9]*/fd | wc -l' open_files # process, open files, limit; where there are many
  call 'df -PTk' space -PTk; call 'df -Pi' space -Pi # space, inodes; network filesystems follow hourly
  if have ss; then show ss -Htn state listening; else collect /proc/net tcp tcp6; readall; fi # ports
  show dmesg -r # kernel messages since the last run: out of memory, I/O errors, hung tasks
  systemd systemctl list-units --all --no-legend --plain --no-pager --full # units and their state
  ! here /run/docker.sock || maybe docker ps -a --no-trunc --format '{{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}|{{.Ports}}' # containers
  databases # connections, load, memory settings; only where root needs no password
  ! have wg || call 'wg show all dump' wireguard # peers: public keys and times, no other key
  for u in $(! have upsc || upsc -l 2>/dev/null); do show upsc "$u"; done # is the UPS on battery
}
settled() { # hourly
  sensors name *_label *_max *_crit *_min # what the sensors are, and their limits
  collect /sys/block/* size ro queue/scheduler queue/rotational device/model device/serial # disks
  collect /sys/kernel/mm/transparent_hugepage enabled; collect /proc/sys/kernel/random entropy_avail
  collect /proc/sys/vm overcommit_memory overcommit_ratio swappiness # kernel settings that explain problems
  collect /proc/sys/net core/somaxconn ipv4/tcp_mem ipv4/tcp_max_orphans ipv4/ip_local_port_range
  collect /proc cmdline version interrupts partitions # boot parameters, interrupts by device
  collect /etc resolv.conf hosts fstab os-release # names, what should be mounted, which system
  collect /run reboot-required reboot-required.pkgs
}
hourly() {
  show date +%FT%T%z_%Z; systemd timedatectl show; maybe chronyc -n -c tracking; maybe ntpq -pn # is the clock right
  show ip -o addr; show ip route; show ip -6 route; show ip neigh # addresses, routes, neighbours
  show ss -Htlnup; call 'ss -Htan' socket_states # who listens, with its process; how many in which state
  call 'nft list ruleset' firewall # are there rules, what is the default
  systemd systemctl show --no-pager -p "$unit_facts" '*.service' # results, restarts, limits of units
  systemd systemctl list-timers --all --no-legend --no-pager --full # when timers ran last
  collect /etc crontab cron.d/*; collect /var/spool/cron crontabs/* [!c]* # when, who, which program:
  call 'cat /etc/crontab' cron_jobs # not its arguments
  maybe lsblk -P -o NAME,PKNAME,TYPE,SIZE,MOUNTPOINT; disks # what stands on which disk; SMART, NVMe
  for c in 'dmsetup status' 'zpool status' 'zpool list -Hp' 'storcli64 /call show all' 'ipmitool sdr' \
    'perccli64 /call show all' 'ssacli ctrl all show config' 'sshd -T'; do root $c; done # pools, RAID, sshd
  for m in $(filesystems '^btrfs'); do root btrfs device stats "$m"; done # errors that btrfs has counted
  for m in $(filesystems "$network"); do show df -PTk "$m"; done # network filesystems, each by itself
  call 'ls -l /proc/[0-9]*/exe' executables # which program each process runs; deleted ones too
  call 'ls -lL /proc/[0-9]*/fd' deleted_open # deleted files that are still open hold their space
  configs; call 'grep -r . /etc' settings # of web servers, databases, PHP: names, ports, memory
  configs; collect /etc ssh/sshd_config ssh/sshd_config.d/* crontab sysctl.conf sysctl.d/* fstab sudoers
  over 'sha256sum /etc/*' sha256sum # did a config file change
  collect /var/spool postfix/deferred postfix/active postfix/incoming postfix/maildrop exim4/input mqueue
  call 'find /var/spool -type f' mail_queue # mail that waits: queue, messages, those older than a day
  collect / var/backups/* root/.cache/restic/* root/.cache/borg/* var/cache/rsnapshot/* # traces of
  collect /var/log *backup* rsnapshot* borg* restic*; over 'stat /var/backups/*' 'stat -c %Y:%s:%n' # backups
  collect /var/log dpkg.log dnf.rpm.log yum.log pacman.log zypp/history # packages changed lately
  over 'tail -n 100 /var/log/dpkg.log' 'tail -qn 100'
  collect /var/log nginx/error.log */error[._]log php*fpm.log # complaints of web servers:
  call 'tail -n 300 /var/log/*/error.log' complaints # time and phrase, no address
  show last -i -F -n 30; call lastb failed_logins # who logged in; failures by source
}
daily() {
  collect /sys/class/dmi/id *_name *_vendor *_serial *_uuid bios_*; readall # the machine; a clone differs
  maybe systemd-detect-virt; show lscpu # virtual or hardware; CPU model, cores, flaws
  call 'cat /etc/passwd' accounts; call 'cat /etc/group' sed 's/:[^:]*:/:x:/' "$R/etc/group" # no passwords
  collect /etc sudoers sudoers.d/*; over 'cat /etc/sudoers' 'grep -hv ^#' # who may become root
  collect / root/.ssh/authorized_keys home/*/.ssh/authorized_keys # which keys may log in: fingerprint and kind
  call 'ssh-keygen -lf authorized_keys' ssh_keys
  configs; collect /etc/letsencrypt/live */cert.pem; call 'openssl x509' certificates # names, issuer, dates
  call 'find / -xdev -perm -4000' risky_files # setuid programs, secrets that anyone can read
  ! here /lib/modules || call 'ls /lib/modules' ls "$R/lib/modules"; root dpkg --audit # kernels; packages that are half installed
  maybe apt-get -s -o Debug::NoLocking=1 dist-upgrade; maybe dnf -C -q updateinfo list updates # updates
  maybe zypper --no-refresh -n list-updates; maybe apk version -l '<'; maybe pacman -Qu # without network
}

# --- how the less obvious ones are made ---------------------------------------------------------------------
network='^(nfs|cifs|smb|fuse\.|9p|ceph|gluster|afs|autofs)'
unit_facts=Id,LoadState,ActiveState,SubState,UnitFileState,Result,NRestarts,ExecMainStatus,MainPID,\
ActiveEnterTimestamp,MemoryMax,TasksMax,CPUQuotaPerSecUSec
configs() {
  collect /etc nginx/nginx.conf nginx/*.d/*.conf nginx/sites-enabled/* apache2/*.conf httpd/conf*/*.conf \
    apache2/*-enabled/*.conf my.cnf my.cnf.d/*.cnf mysql/*.cnf mysql/*.d/*.cnf redis.conf redis/*.conf \
    postgresql/*/*/postgresql.conf ../var/lib/pgsql/data/postgresql.conf php/*/fpm/pool.d/*.conf \
    php*/php-fpm.d/*.conf php-fpm.d/*.conf postfix/main.cf dovecot/conf.d/10-ssl.conf
}
here() { for f; do [ ! -e "$R$f" ] || return 0; done; return 1; } # is one of these files there
systemd() { ! here /run/systemd/system || show "$@"; }
sensors() { # not those of drives: asking one can keep it from going to sleep
  for hw in $(set +f; grep -Lsx drivetemp "$R"/sys/class/hwmon/*/name); do
    hw=${hw%/name}; collect "${hw#"$R"}" "$@"
  done
}
cgroups() { # version 2 and 1; memory.stat and pressure are dear to read: only where there is a limit
  c=$R/sys/fs/cgroup groups=
  [ -e "$c/cgroup.controllers" ] || c="$c/memory $c/pids $c/blkio $c/cpu $c/cpuacct"
  for d in $c; do for d in "$d/*" "$d/*/*" "$d/kubepods*/*/*"; do
    for f in cpu.stat cpuacct.usage memory.current memory.usage_in_bytes memory.limit_in_bytes \
      memory.oom_control pids.current pids.max io.stat io.max blkio.throttle.io_service_bytes; do
      groups="$groups $d/$f"
    done
    for f in $(set +f; echo $d/memory.max); do
      { read -r max <"$f"; } 2>/dev/null && [ "$max" != max ] || continue
      groups="$groups $f ${f%max}stat ${f%max}events ${f%max}pressure ${f%memory.max}io.pressure"
    done
  done; done
}
open_files() {
  for f in $(grep -E 'FDSize:[^0-9]*[0-9]{4}' "$work.status" | grep -o '^.*/proc/[0-9]*' | head -n 30); do
    awk -v p="${f##*/}" -v n="$(find "$f/fd" | wc -l)" '/^Max open files/ { print p, n - 1, $4 }' "$f/limits"
  done
}
filesystems() { awk -v t="$1" -v no="${2:-0}" '$2 !~ /\\/ && ($3 ~ t) != no { print $2 }' "$R/proc/$mounts"; }
space() { df "$1" -l || [ $? != 1 ] || df "$1" $(filesystems "$network" 1); } # busybox has no -l
databases() {
  ! here /run/mysqld/mysqld.sock /var/lib/mysql/mysql.sock || signin mysql -fBNe 'show global status; show global variables; show slave status\G'
  ! here /run/postgresql/.s.PGSQL.5432 || signin psql -XAtwU postgres -c "select name, setting, unit from pg_settings where name ~ '^(max_c|shared_b|work_)'" \
    -c 'select state, count(*), max(now() - xact_start) from pg_stat_activity group by 1' \
    -c 'select datname, age(datfrozenxid) from pg_database' -c 'select slot_name, active from pg_replication_slots'
  ! here /run/redis /var/run/redis.pid || signin redis-cli info
}
signin() { # one that failed is tried again after an hour, for each is a line in the log of that server
  have "$1" && { [ "$rhythm" != minute ] || [ ! -e "$run/no.$1" ]; } || return 0
  begin "$1"
  if limited "$@"; then rm -f "$run/no.$1"; else fault "exit $rc"; [ "$act" = print ] || echo >"$run/no.$1"; fi
}
wireguard() { wg show all dump | awk '{ if (NF == 5) $2 = "-"; else $3 = "-"; print }'; }
socket_states() { ss -Htan | awk '{ n[$1]++ } END { for (i in n) print n[i], i }'; }
firewall() { # defaults and number of rules; only where it is loaded already, for asking loads it
  [ ! -d /sys/module/nf_tables ] || nft list ruleset | awk '/hook/; /accept|drop/ { n++ } END { print "nft", +n }'
  [ ! -d /sys/module/ip_tables ] || iptables -S | awk '/^-P/; /^-A/ { n++ } END { print "iptables", +n }'
}
cron_jobs() { # system tables name the user, then the program; a user's own table the program only
  search '^[[:space:]]*[0-9*@]' | awk '{ print $1, $2, $3, $4, $5, $6, /^[^:]*spool/ ? "" : $7 }'
}
disks() { # a disk in standby is not woken
  for d in $(set +f; ls -d "$R"/sys/block/[sh]d* "$R"/sys/block/nvme*n* 2>/dev/null); do
    root smartctl --json -n standby -a "/dev/${d##*/}"
  done
}
executables() { find $(set +f; echo $P/exe) -printf '%h %l\n'; :; }
deleted_open() { # size, blocks, device:inode, path, former name
  find $(set +f; echo $P/fd) -lname '/*(deleted)' ! -lname '/memfd:*' ! -lname '/dev/*' -printf '%p %l\n' |
    head -n 300 | while read -r f name; do echo "$(stat -Lc '%s %b %d:%i' "$f") $f $name"; done
}
settings() {
  w='server|listen|server_name|root|(proxy|fastcgi)_pass|ssl_certificate|worker_(processes|connections)|bind'
  w="$w|</?VirtualHost.*|Listen|Server(Name|Alias)|DocumentRoot|ProxyPass|SSLCertificateFile|MaxRequestWorkers"
  w="$w|[a-z_]+_buffers?(_(pool_)?size)?|max_connections|bind-address|port|datadir|work_mem|listen_addresses"
  w="$w|pm[.a-z_]*|maxmemory[a-z-]*|requirepass|protected-mode|mynetworks|inet_interfaces"
  search "^[[:space:]]*(\\[.*|($w)([[:space:]=].*)?)$" | sed 's|//[^/@ ]*@|//***@|; s/\(requirepass\).*/\1 ***/'
}
complaints() {
  tail -qn 300 $list |
    sed -nE 's/^(.{34}).*(upstream timed out|worker_connections are|max_children|MaxRequestWorkers).*/\1 \2/p'
}
certificates() { # those that a config file names, and those of Let's Encrypt
  for f in $(echo "$list" | grep '/live/'; search '' | grep -oE '/[^ ;:"<]+\.(pem|crt|cer)' | sort -u); do
    echo "file ${f#"$R"}"; openssl x509 -noout -subject -issuer -dates -serial -text -in "$R${f#"$R"}" |
      grep -E '^(subject|issuer|not|serial)|DNS:|Public-Key|Signature Algorithm'
  done
}
mail_queue() { for q in $list; do echo "$q $(find "$q" -type f | wc -l) $(find "$q" -type f -mtime +0 | wc -l)"; done; }
failed_logins() { lastb -i -n 5000 | awk 'NF > 6 { n[$3]++ } END { for (i in n) print n[i], i }'; }
accounts() { # field 2 is x for any password, and empty where there is none
  awk -F: -v OFS=: 'FILENAME ~ /shadow/ { if ($2 == "") empty[$1] = 1; next }
    { if ($2 != "") $2 = ($1 in empty) ? "" : "x"; print }' $(ls "$R/etc/shadow") "$R/etc/passwd"
}
ssh_keys() { for f in $list; do ssh-keygen -lf "$f" | awk -v f="$f" '{ print f ":" $2, $NF }'; done; }
risky_files() {
  find "$R/" -xdev -type f \( -perm -4000 -o -perm -004 \( -name .env -o -name 'id_[red]*[!b]' -o -name '*.key' \
    -o -name wp-config.php \) \) -exec ls -ld {} + | awk '{ print $1, $3, $9 }'
}
with_arguments() { # only when asked for; what looks like a secret is masked
  ps -eo pid,args | awk '{ for (i = 3; i <= NF; i++) { w = tolower($i)
    if (hide || w ~ /^-p./ || w ~ /:\/\/[^\/]*@/) { $i = "***"; hide = 0; continue }
    hide = w ~ /(pass|pwd|secret|token|key|auth|cred)/; if (hide && sub(/=.*/, "=***", $i)) hide = 0 }
    hide = 0; print }'
}

# --- the report ---------------------------------------------------------------------------------------------
report() {
  echo "${mark}rootnote 1 agent=$version sha256=$sha rhythm=$rhythm euid=$euid epoch=$epoch"
  minute
  [ "$rhythm" = minute ] || { limit=10 total=40; hourly; }
  [ "$rhythm" != daily ] || { limit=40 total=120; daily; }
  [ -z "$arguments" ] || call 'ps -eo pid,args' with_arguments
  read -r now _ </proc/uptime
  left=$((100 + ${up%.*}${up#*.} - ${now%.*}${now#*.}))
  [ $left -lt 10 ] || sleep "0.$((left > 99 ? 99 : left))" 2>/dev/null || sleep 1
  again=' #2'; counters; readall "$P/stat"
}
finish() { # marks become headers and /proc/PID files a table; content can't look like a header; bounds hold
  awk -v m="$mark" -v root="$R" -v since="$since" '
    function head(h) { print "=== " h; section = h; n = 0 }
    function put(l) { if (++n <= 4000) print (l ~ /^=[=!]=/ ? " " : "") substr(l, 1, 16000); else if (n == 4001) print "=!= cut" }
    function table(  i, p, v, j, cpu, name) {
      if (k) head("cat /proc/[0-9]*/stat" again)
      if (k) put(again ? "pid\tutime\tstime\tmajflt" : "pid\tppid\tuid\tstate\tutime\tstime\tmajflt\tthreads\trss_kb\t" \
        "swap_kb\tfdsize\tstart\tread_bytes\twrite_bytes\tcgroup\tname")
      for (i = 1; i <= k; i++) {
        p = order[i]; match(raw[p], /.*\)/); split(substr(raw[p], RLENGTH + 2), v, " "); j = index(raw[p], "(")
        cpu = v[12] "\t" v[13] "\t" v[10]
        if (again) { if (seen[p] != cpu) put(p "\t" cpu); continue }
        seen[p] = cpu; name = substr(raw[p], j + 1, RLENGTH - j - 1); gsub(/\t/, "?", name)
        put(p "\t" v[2] "\t" a[p, "Uid"] "\t" v[1] "\t" cpu "\t" v[18] "\t" a[p, "VmRSS"] "\t" a[p, "VmSwap"] "\t" \
          a[p, "FDSize"] "\t" v[20] "\t" a[p, "read_bytes"] "\t" a[p, "write_bytes"] "\t" a[p, "cgroup"] "\t" name)
      }
      k = 0
    }
    BEGIN { small = "^/(proc/(pressure|sys/(vm|net/[a-z0-9]+)|net/bonding)|sys/(block|(class|fs|devices|kernel)/[a-z_]+))/" }
    stage == 1 { pid = substr($0, length(root) + 7) + 0; split($0, w, ":"); split(w[3], x, " ")
      if (w[1] !~ /cgroup$/) a[pid, w[2]] = x[w[2] == "Uid" ? 2 : 1]
      else if (sub(/^[^:]*:[^:]*:[^:]*:/, "") && length(a[pid, "cgroup"]) < length($0)) a[pid, "cgroup"] = $0
      next }
    i = index($0, m) { table(); if (i > 1) put(substr($0, 1, i - 1)); $0 = substr($0, i + length(m))
      if (files = sub(/^files/, "")) { again = $0; path = section = "" } else if (sub(/^=== /, "")) head($0); else print
      next }
    files { i = index($0, ":"); p = substr($0, 1, i - 1); rest = substr($0, i + 1)
      if (p != path) { path = p; p = substr(p, length(root) + 1); group = 0
        if (process = (p ~ /^\/proc\/[0-9]+\/stat$/)) { pid = order[++k] = substr(p, 7) + 0; raw[pid] = "" }
        else if (group = match(p, small)) { g = "grep -r . " substr(p, 1, RLENGTH - 1); if (g != section) head(g) }
        else { sub("/1/mounts", "/mounts", p); head("cat " p again) } }
      if (process) raw[pid] = raw[pid] (raw[pid] == "" ? "" : "?") rest
      else if (group ? !/cgroup.*[: ](0|max|9223372036854771712)$/ : path !~ /net\/(tcp|udp)/ || $5 ~ /st|07|0A/)
        put(group ? substr($0, length(root) + 1) : rest)
      next }
    section == "dmesg -r" { t = $0; sub(/^[^[]*\[ */, "", t); if (t + 0 < since || (!since && !/^<[0-4]>/)) next }
    { while (root != "" && (i = index($0, root "/"))) $0 = substr($0, 1, i - 1) substr($0, i + length(root)); put($0) }
    END { table(); print "=== end" }' stage=1 "$work.status" stage=2 "$work.raw"
}

# --- sending ------------------------------------------------------------------------------------------------
post() { # post FILE ADDRESS: sets $code. The token goes through a file, so that no process list shows it
  f=${1##*/} file=$1 to=$2/api/report code=000 limit=30
  set -- "Authorization: Bearer ${token:-$key}" "X-Rootnote-Agent: $version" "X-Rootnote-Time: ${f%%.*}" \
    'Content-Type: text/plain; charset=utf-8'
  [ "$f" = "${f%.gz}" ] || set -- "$@" 'Content-Encoding: gzip'
  if have curl; then
    printf 'header = "%s"\n' "$@" >"$work.http"
    limited curl -qsS -m 25 -K "$work.http" --data-binary "@$file" -o "$work.answer" -w '%{http_code}\n' "$to" >"$work.code"
  else
    printf 'header = %s\n' "$@" >"$work.http"
    limited wget --config="$work.http" -S -T 20 -t 1 --max-redirect=0 --post-file="$file" -O "$work.answer" -o "$work.log" "$to"
    awk '/^ *HTTP\// { c = $2 } END { print c }' "$work.log" >"$work.code"
  fi
  read -r code <"$work.code" || code=000
}
deliver() { # deliver FILE: to the address that worked last, or to the next one
  for u in $used $urls; do
    post "$1" "${u%/}"
    case $code in
      200 | 201 | 202) used=$u; rm -f "$1"; adopt; return 0 ;;
      400 | 413 | 415 | 422) say "$u can't use the report (HTTP $code); it is dropped"; rm -f "$1"; return 0 ;;
      401 | 403) say "$u does not accept the token (HTTP $code): mistyped, or revoked?"; return 1 ;;
      *) say "$u did not take the report (HTTP $code)" ;;
    esac
  done
  return 1
}
adopt() { # the one thing that is taken from an answer, after an enrolment: the token of this machine
  [ -n "$token" ] || while read -r word value _; do
    case $value in *[!A-Za-z0-9_-]*) continue ;; esac
    [ "$word" = token ] && [ ${#value} -ge 20 ] && [ ${#value} -le 80 ] && token=$value && save
  done <"$work.answer"
}
save() { # the config file, which only root may read
  mkdir -p "${conf%/*}"
  printf '%s\n' "url=$urls" "${token:+token=$token}" "${key:+key=$key}" "${arguments:+arguments=yes}" >"$conf.new"
  mv "$conf.new" "$conf"
}
build() { # the report, in $work.txt
  read -r mark </proc/sys/kernel/random/uuid
  read -r up _ </proc/uptime
  sha=$(sha256sum "$0" 2>/dev/null) sha=${sha%"${sha#????????????}"}
  mounts=mounts; [ ! -r "$R/proc/1/mounts" ] || mounts=1/mounts
  report >"$work.raw" 2>/dev/null
  finish >"$work.txt"
}
run() {
  mkdir -p "$run" "$state/queue" || die "can't write to $state"
  until { set -C; echo $$ >"$run/lock"; } 2>/dev/null; do
    read -r pid <"$run/lock" && grep -qs rootnote "/proc/$pid/cmdline" && die "process $pid is still at it"
    rm -f "$run/lock"
  done
  set +C
  trap 'rm -f "$run/lock" "$work".*; kill $dog' EXIT
  [ -n "$once" ] || [ ! -r "$run/last" ] || read -r hour day since used <"$run/last"
  if [ -n "$rhythm" ]; then :; elif [ $((epoch - day)) -ge 86400 ]; then rhythm=daily
  elif [ $((epoch - hour)) -ge 3600 ]; then rhythm=hourly; else rhythm=minute; fi
  build
  case $rhythm in daily) day=$epoch hour=$epoch ;; hourly) hour=$epoch ;; esac
  new=$work.$epoch.txt
  if have gzip; then new=$work.$epoch.gz; gzip -c "$work.txt" >"$new"; else mv "$work.txt" "$new"; fi
  [ -n "$once" ] || for old in $(set +f; ls "$state/queue"); do # in order: what was kept from earlier runs first
    deliver "$state/queue/$old" || { keep; break; }
  done
  [ ! -e "$new" ] || deliver "$new" || keep
  [ -n "$once" ] || echo "$hour $day ${up%.*} $used" >"$run/last"
  return $failed
}
keep() { # at most 300 reports and 5 MB; the oldest goes first
  failed=1
  [ -z "$once" ] || return 0
  mv "$new" "$state/queue/$epoch.${new##*.}"
  while set -- $(ls "$state/queue") && [ $# -gt 300 -o "$(du -sk "$state/queue" | cut -f1)" -gt 5000 ]; do
    rm -f "$state/queue/$1"
  done
}

# --- install, options ---------------------------------------------------------------------------------------
agree() { # shows what will be done, and asks
  printf '%s\n' "$@" ''
  [ -n "$yes" ] || { printf 'Go on? [y/N] '; read -r answer && case $answer in [yY]*) ;; *) die 'nothing was changed' ;; esac; }
}
install() {
  [ -n "$urls$token$key" ] || die 'install needs --url and --key (or --token)'
  if [ -d "$D/run/systemd/system" ]; then timing="$unit.service and $unit.timer (every minute)"; else timing="$cron (every minute)"; fi
  agree 'This will be written:' "  $bin" "  $conf (address and token; readable by root only)" "  $timing" \
    'Reports that wait are kept in /var/lib/rootnote. "rootnote uninstall" removes all of it.'
  mkdir -p "${bin%/*}" "${unit%/*}" "${cron%/*}"
  cp "$0" "$bin" && chmod 755 "$bin" && save
  if [ -d "$D/run/systemd/system" ]; then
    printf '%s\n' '[Unit]' 'Description=Rootnote agent: reports the state of this server' '[Service]' Type=oneshot \
      "ExecStart=${bin#"$D"} run" Nice=10 IOSchedulingClass=idle TimeoutStartSec=300 NoNewPrivileges=yes \
      ProtectSystem=strict RuntimeDirectory=rootnote RuntimeDirectoryPreserve=yes StateDirectory=rootnote \
      "ReadWritePaths=${conf%/*}" RestrictSUIDSGID=yes LockPersonality=yes >"$unit.service"
    printf '%s\n' '[Unit]' 'Description=Rootnote agent, every minute' '[Timer]' OnBootSec=30 OnUnitActiveSec=60 \
      AccuracySec=1 '[Install]' WantedBy=timers.target >"$unit.timer"
    [ -n "$D" ] || { systemctl daemon-reload && systemctl enable --now rootnote.timer; }
  else
    echo "* * * * * root sleep $(($$ % 50)); nice ${bin#"$D"} run >/dev/null 2>&1" >"$cron"; chmod 644 "$cron"
  fi
}
uninstall() {
  agree "This will be removed: $bin, ${conf%/*}, $unit.*, $cron, $D/var/lib/rootnote"
  [ -n "$D" ] || [ ! -e "$unit.timer" ] || systemctl disable --now rootnote.timer
  rm -rf "$bin" "${conf%/*}" "$unit.service" "$unit.timer" "$cron" "$D/var/lib/rootnote" "$D/run/rootnote"
}
explain() {
  awk '/^(counters|minute|hourly|daily)\(\)/ { r = $1; sub(/\(.*/, "", r) } /^}/ { r = "" }
    r != "" && /#/ { why = $0; sub(/.*# /, "", why); sub(/ # .*/, ""); sub(/^ +/, ""); print r ": " why "\n    " $0 }' "$0"
}
again='' list='' child='' dog='' ticks=0 total=10 limit=5 failed=0 hour=0 day=0 since=0 used=''
act=run once='' yes='' urls=${ROOTNOTE_URL:-} token=${ROOTNOTE_TOKEN:-} key='' arguments='' rhythm='' D=${DESTDIR:-}
bin=$D/usr/local/sbin/rootnote unit=$D/etc/systemd/system/rootnote cron=$D/etc/cron.d/rootnote
conf=${ROOTNOTE_CONF:-$D/etc/rootnote/agent.conf}
[ ! -r "$conf" ] || while IFS='=' read -r name value; do
  case $name in url) urls=${urls:-$value} ;; token) token=${token:-$value} ;; key) key=$value ;; arguments) arguments=$value ;; esac
done <"$conf"
while [ $# -gt 0 ]; do
  option=${1%%=*} value=${1#*=}
  case $1 in --url | --token | --key | --rhythm) [ $# -gt 1 ] || die "$1 needs a value"; value=$2; shift ;; esac
  case $option in
    --url) urls=$value ;; --token) token=$value once=1 ;; --key) key=$value token='' once=1 ;;
    --rhythm) rhythm=$value ;; --yes) yes=1 ;; --with-arguments) arguments=yes ;; --print) act=print ;;
    run | install | upgrade | uninstall) act=$1 ;;
    checksum) sha256sum "$0"; exit ;; --version) echo "$version"; exit ;; --explain-sections) explain; exit ;;
    --help) sed -n '2,20s/^# \{0,1\}//p' "$0"; exit ;; *) die "unknown option $1; see --help" ;;
  esac
  shift
done
case $rhythm in '' | minute | hourly | daily) ;; *) die "--rhythm is minute, hourly or daily" ;; esac
case $token$key in *[!A-Za-z0-9._~+/=-]*) die 'a token has only letters, digits and . _ ~ + / = -' ;; esac
while read -r name _ euid _; do [ "$name" != Uid: ] || break; done </proc/self/status
epoch=$(date +%s) state=/var/lib/rootnote run=/run/rootnote
[ "$euid" = 0 ] || state=${XDG_STATE_HOME:-${HOME:-/nonexistent}/.local/state}/rootnote run=$state
state=${ROOTNOTE_STATE:-$state} run=${ROOTNOTE_STATE:-$run}
[ "$act" != print ] || run=$(mktemp -d) || die 'no room for a temporary file'
work=$run/$$
case $act in
  install | uninstall) $act ;;
  upgrade) agree "This will be written: $bin"; cp "$0" "$bin" && chmod 755 "$bin" ;;
  *)
    trap tick USR1
    watchdog >/dev/null 2>&1 &
    dog=$!
    if [ "$act" = print ]; then
      trap 'rm -rf "$run"; kill $dog' EXIT
      rhythm=${rhythm:-daily}; build; cat "$work.txt"
    else
      [ -n "$urls" ] && [ -n "$token$key" ] || die 'no address or token: see --help, or run install'
      [ -z "$once" ] || rhythm=${rhythm:-daily}
      run
    fi ;;
esac

// What people say for what articles say: words that mean nearly the same on a server, and turns of phrase that stand for one word.
import { stem } from './words.ts';

/** Words of one line mean nearly the same. A word may stand in several lines. */
const related = `
slow sluggish latency lag laggy delay crawl unresponsive
slow performance tune
hang freeze frozen stuck stall block unresponsive wait
full fill exhausted space enospc 100
space size room usage
shrink smaller drop
big large huge grow size bigger
grow increase rise climb leak
grow enlarge extend resize expand bigger larger increase
die dead kill crash vanish gone missing disappear exit
crash segfault panic oops core
stop fail down dead broken
fail error broken failure failing
broken corrupt damage
corruption corrupt damage checksum
repair fix recover rescue fsck
box machine host computer
hack compromise breach intruder attacker attack malware backdoor infected
attack flood ddos bruteforce brute
miner cryptominer mining xmrig malware
login logged logon signin sign access
locked lockout blocked refused denied
refuse reject deny denied decline
permission access denied forbidden rights
password passwd credential passphrase
user account person employee colleague
administrator admin sudo root superuser
delete remove erase purge rm
clean free cleanup purge
disk drive hdd ssd hard storage volume
disk filesystem partition mount
raid array mdadm md mirror
disk block device
failing dying weak smart
memory ram heap
memory oom
swap swapping thrash paging pagefile
cpu processor core
busy saturated load usage high
load loadavg
hot heat temperature overheat thermal
fan cooling
noise loud fan
site website web page http homepage shop
website 502 503 504 500 5xx
certificate cert tls ssl https x509
expire expired expiry expiration
renew renewal certbot acme
certbot letsencrypt acme
domain registrar registration
dns name resolve resolver resolution lookup nameserver
ip address
network internet connection connectivity link
interface nic eth0 card adapter
gateway router route
bandwidth throughput traffic network
traffic visitor request hit
drop lost lose packet loss
timeout timed unreachable
unreachable reach reachable down
firewall iptables nftables nft ufw firewalld
port listen listening socket
open exposed public internet
reboot restart boot uptime
boot start startup
restart respawn loop relaunch
service daemon unit systemd
job cron crontab cronjob schedule scheduled timer
night nightly midnight overnight 3am
container docker podman
image layer
kill signal sigkill sigterm terminate
process program task application app pid
thread process
time clock ntp chrony timesync
drift skew off wrong
log logfile logs journal syslog
journal journald journalctl
rotate logrotate rotation
backup dump archive snapshot restore
restore recover
old stale outdated
update upgrade patch package
package apt dpkg yum dnf rpm install
release distribution distro version
database db mysql mariadb postgresql postgres sql
mysql mariadb innodb
postgresql postgres pg psql
redis valkey cache
query select statement
lock deadlock
replica replication slave standby secondary
primary master
connection client
php fpm
nginx upstream proxy
apache httpd apache2
proxy upstream backend gateway
mail email smtp postfix message
mail queue deferred bounce
spam relay blacklist blocklist
kernel linux
vm virtual guest hypervisor cloud vps
steal neighbour hypervisor overcommitted
console kvm ipmi serial vnc
rescue live recovery livecd
ssh sshd remote
key publickey authorized
limit quota restrict cap maximum max
restrict limit
file document
directory folder
owner ownership chown
inode file
write writing fsync writeback flush
read iops
io iowait wait
copy cp rsync transfer
transfer download upload
change changed modify edit alter
compare difference diff
random entropy
battery bbu ups power
power psu outage electricity
vpn wireguard tunnel
encrypt encrypted
bad defective broken faulty
cable cabling crc
speed mbit gbit duplex
idle unused sleep
zombie defunct
orphan zombie
duplicate conflict twice
secret key credential token
strange suspicious unknown unusual weird
show list display view print
find search locate
count number
measure monitor watch
explain meaning mean
silent quiet
suid setuid
alert alarm notification
healthy health
check verify test
huge hugepage
overlap parallel simultaneously
warn warning
`;

/** Turns of phrase, each with the words that are meant. The longest that fits counts. */
const phrases: Record<string, string> = {
  'run out of space': 'full space',
  'ran out of space': 'full space',
  'out of space': 'full space',
  'no space': 'full space',
  'no room': 'full space',
  'runs out': 'expire exhaust',
  'run out': 'expire exhaust',
  'ran out': 'expire exhaust',
  'running out': 'expire exhaust full',
  'used up': 'exhaust full',
  'kicked out': 'locked lockout',
  'shut out': 'locked lockout',
  'locked out': 'locked lockout',
  'locked myself out': 'locked lockout',
  'lock myself out': 'locked lockout',
  'get back in': 'locked regain access',
  'cannot log in': 'login refused',
  'cant log in': 'login refused',
  'cannot login': 'login refused',
  'log in': 'login',
  'logs in': 'login',
  'logged in': 'login logged',
  'logging in': 'login',
  'logged on': 'login logged',
  'sign in': 'login',
  'broke in': 'compromise intruder',
  'break in': 'compromise intruder',
  'broken into': 'compromise intruder',
  'not running': 'missing down',
  'isnt running': 'missing down',
  'not reachable': 'unreachable down',
  'cannot reach': 'unreachable',
  'cant reach': 'unreachable',
  'does not answer': 'unreachable down',
  'doesnt answer': 'unreachable down',
  'not responding': 'unreachable hang responding',
  'does not respond': 'unreachable hang',
  'wont start': 'start fail',
  'will not start': 'start fail',
  'does not start': 'start fail',
  'doesnt start': 'start fail',
  'cant start': 'start fail',
  'wont boot': 'boot emergency',
  'does not boot': 'boot emergency',
  'doesnt boot': 'boot emergency',
  'come up': 'start boot',
  'comes up': 'start boot',
  'goes down': 'down stop',
  'by itself': 'unexpected own',
  'on its own': 'unexpected own',
  'out of nowhere': 'unexpected',
  'for no reason': 'unexpected',
  'bad gateway': '502 gateway',
  'gateway timeout': '504 gateway',
  'gateway time out': '504 gateway',
  'service unavailable': '503 unavailable',
  'internal server error': '500 error',
  'brute force': 'bruteforce brute',
  'lets encrypt': 'letsencrypt acme',
  'let s encrypt': 'letsencrypt acme',
  'hard drive': 'disk',
  'hard disk': 'disk',
  'name server': 'dns nameserver',
  'name servers': 'dns nameserver',
  'ip address': 'address ip',
  'other customers': 'steal neighbour',
  'noisy neighbour': 'steal neighbour',
  'noisy neighbor': 'steal neighbour',
  'too old': 'stale old',
  'out of date': 'stale old',
  'takes forever': 'slow',
  'takes ages': 'slow',
  'takes long': 'slow',
  'takes too long': 'slow',
  'taking forever': 'slow',
  'taking ages': 'slow',
  'taking too long': 'slow',
  'took forever': 'slow',
  'took ages': 'slow',
  'came back up': 'reboot restart',
  'came up again': 'reboot restart',
  'nobody touched': 'unexpected own',
  'no one touched': 'unexpected own',
  'security warning': 'certificate warning browser',
  'security warnings': 'certificate warning browser',
  'browser warning': 'certificate warning browser',
  'privacy error': 'certificate browser',
  'peak hour': 'busy load',
  'peak hours': 'busy load',
  'rush hour': 'busy load',
  'on fire': 'sick alerts',
  'where do i start': 'first sick',
  'where to start': 'first sick',
  'where do i begin': 'first sick',
  'where to begin': 'first sick',
  'security fixes': 'security updates support',
  'security patches': 'security updates',
  'no longer supported': 'support life eol',
  'end of life': 'support life eol',
  'out of memory': 'oom memory out',
  'ran out of memory': 'oom memory out',
  'runs out of memory': 'oom memory out',
  'not enough memory': 'oom memory out',
  'all the time': 'again loop',
  'over and over': 'again loop',
  'again and again': 'again loop',
  'keeps restarting': 'restart loop',
  'keeps crashing': 'restart loop crash',
  'keeps dying': 'restart loop missing',
  'will not die': 'unkillable kill uninterruptible',
  'wont die': 'unkillable kill uninterruptible',
  'falls behind': 'lag',
  'far behind': 'lag',
  'is behind': 'lag',
  'does not keep up': 'lag',
  'half open': 'syn',
  'works from': 'firewall blocks',
};

const relatives = new Map<string, Set<string>>();
for (const line of related.trim().split('\n')) {
  const words = line.split(' ').map(stem);
  for (const word of words)
    for (const other of words)
      if (other !== word) relatives.set(word, (relatives.get(word) ?? new Set()).add(other));
}
const phraseWords = new Map(
  Object.entries(phrases).map(([phrase, words]) => [phrase, words.split(' ').map(stem)]),
);
const longestPhrase = Math.max(...[...phraseWords.keys()].map((phrase) => phrase.split(' ').length));

const none: ReadonlySet<string> = new Set();
/** Words that mean nearly the same as a stemmed one. */
export const relativesOf = (word: string): ReadonlySet<string> => relatives.get(word) ?? none;

/** The turn of phrase that begins at a place of the words (as typed, lower case): how many words it has, and what it means. */
export function phraseAt(
  words: readonly string[],
  at: number,
): { length: number; means: string[] } | undefined {
  for (let length = Math.min(longestPhrase, words.length - at); length > 1; length--) {
    const means = phraseWords.get(words.slice(at, at + length).join(' '));
    if (means) return { length, means };
  }
  return undefined;
}

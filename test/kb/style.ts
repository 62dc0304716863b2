// Our own style, sentence by sentence of prose: one name for a thing, spelled as its makers do, and nothing twice. `code` stands for a code span.

interface StyleRule {
  pattern: RegExp;
  /** What to do instead. */
  say: (found: string) => string;
}

const instead = (word: string) => (found: string) => `say "${word}", not "${found}"`;

const styleRules: readonly StyleRule[] = [
  { pattern: /\bfile systems?\b/i, say: instead('filesystem') },
  { pattern: /\be-mails?\b/i, say: instead('email') },
  { pattern: /\bweb ?site's homepage\b/i, say: instead('homepage') },
  { pattern: /\b(?:Nginx|NGINX|NginX)\b/, say: instead('nginx') },
  { pattern: /(?<![.!?] |^)\bSystemd\b/, say: instead('systemd') },
  { pattern: /\b(?:Mysql|MySql)\b/, say: instead('MySQL') },
  { pattern: /\b(?:MariaDb|Mariadb)\b/, say: instead('MariaDB') },
  { pattern: /\b(?:Postgresql|PostgreSql|Postgres)\b(?!-)/, say: instead('PostgreSQL') },
  { pattern: /\b(?:Lets Encrypt|LetsEncrypt|Letsencrypt)\b/, say: instead("Let's Encrypt") },
  { pattern: /\b(?:OpenSsh|Openssh)\b/, say: instead('OpenSSH') },
  { pattern: /\b(?:Wireguard)\b/, say: instead('WireGuard') },
  { pattern: /\bin order to\b/i, say: instead('to') },
  { pattern: /\bdue to the fact that\b/i, say: instead('because') },
  { pattern: /\b(?:i\.e\.|e\.g\.)/i, say: instead('that is, or for example') },
  { pattern: /\b(?!that\b|had\b|code\b)([a-z]{2,}) \1\b/i, say: (found) => `"${found}" stands twice` },
  { pattern: /\w ,|\w {2,}[a-z]|\( | \)/, say: (found) => `a blank too many at "${found.trim()}"` },
];

/** One sentence for each rule that a text breaks. */
export function styleFaults(text: string): string[] {
  return styleRules.flatMap(({ pattern, say }) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [say(found)];
  });
}

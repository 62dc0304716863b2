// Certificates outside web and mail: each name that a service presents on a port that begins with TLS.
import type { Facts, Listener } from '#core/facts.ts';
import { hostName } from './hostName.ts';
import { aboutListener, listens, pinned, preferred, reachableListeners } from './listening.ts';
import type { Recipe } from './recipe.ts';

/** DNS over TLS, LDAPS, FTPS, SIP, MQTT, IRC, XMPP, RabbitMQ, the Kubernetes API, Cockpit. */
const tlsPorts = new Set([443, 8443, 9443, 853, 636, 990, 5061, 8883, 6697, 5223, 5671, 6443, 9090]);

export const certificate: Recipe = {
  id: 'certificate',
  propose(facts, context) {
    const listeners = reachableListeners(facts, context).filter(({ listener }) =>
      tlsPorts.has(listener.port),
    );
    return (facts.certificates ?? []).flatMap((one) =>
      listeners
        .filter(({ listener }) => presents(one, listener))
        .flatMap(({ listener, addresses }) =>
          one.names
            .flatMap((name) => hostName(name) ?? [])
            .slice(0, 100)
            .map((host) => ({
              key: `tls ${host}:${listener.port}`,
              kind: 'tls' as const,
              settings: {
                host,
                port: listener.port,
                servername: host,
                ...pinned(host, preferred(addresses)),
              },
              name: `Certificate of ${host}${listener.port === 443 ? '' : `:${listener.port}`}`,
              reason: `${listens(listener)} and uses ${one.path}, which names ${host}`,
              interval: 3600,
              about: { ...aboutListener(listener, facts, host), certificate: one.path },
            })),
        ),
    );
  },
};

/** `usedBy` holds programs or their configuration files: /etc/nginx/sites-enabled/web1, dovecot, haproxy.service. */
function presents(one: NonNullable<Facts['certificates']>[number], { process }: Listener): boolean {
  if (!process) return false;
  const word = process === 'httpd' || process === 'apache2' ? /apache|httpd/ : undefined;
  return one.usedBy.some((user) => (word ? word.test(user) : user.includes(process)));
}

// Test help: a local certificate authority made with openssl, with every kind of good and broken certificate.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Issued {
  key: string;
  /** The certificate alone. */
  cert: string;
  /** The certificate and what leads to the root, without the root. */
  chain: string;
  certFile: string;
  chainFile: string;
  keyFile: string;
}

export interface IssueOptions {
  names?: string[];
  /** Days from now; the past is negative. */
  fromDays?: number;
  toDays?: number;
  issuer?: 'root' | 'intermediate' | 'self' | 'stranger';
  key?: 'ec' | 'rsa1024' | 'rsa2048';
  digest?: 'sha256' | 'sha1';
  client?: boolean;
  mustStaple?: boolean;
  /** Where the certificate of the issuer can be fetched. */
  issuerUrl?: string;
  ocspUrl?: string;
  crlUrl?: string;
}

export interface Authority {
  folder: string;
  root: string;
  rootFile: string;
  intermediate: string;
  intermediateFile: string;
  issue(name: string, options?: IssueOptions): Issued;
  /** What the intermediate says of its certificates, these ones revoked: the answer to an OCSP question, and its list. */
  ocsp(question: Buffer, revoked: Issued[]): Buffer;
  crl(revoked: Issued[]): Buffer;
  remove(): void;
}

/** Throws an Error that names the Debian package when openssl is not there. */
export function makeAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'rootnote-ca-'));
  const path = (name: string): string => join(folder, name);
  const authorities = { root: 'Test Root', stranger: 'Stranger Root', intermediate: 'Test Intermediate' };

  const newKey = (name: string, kind: IssueOptions['key'] = 'ec'): string => {
    const file = path(`${name}.key`);
    if (kind === 'ec') openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file);
    else openssl('genrsa', '-out', file, kind.slice(3));
    return file;
  };
  const sign = (
    name: string,
    subject: string,
    issuer: string,
    extensions: string,
    options: IssueOptions,
  ): string => {
    const key = newKey(name, options.key);
    const request = path(`${name}.csr`);
    const cert = path(`${name}.crt`);
    openssl('req', '-new', '-key', key, '-subj', `/CN=${subject}`, '-out', request);
    mkdirSync(path(`db-${name}`));
    writeFileSync(path(`db-${name}/index`), '');
    writeFileSync(path(`db-${name}/index.attr`), 'unique_subject = no\n');
    const config = path(`${name}.cnf`);
    writeFileSync(config, caConfig(path(`db-${name}`), options.digest ?? 'sha256', extensions));
    const signer =
      issuer === name
        ? ['-selfsign', '-keyfile', key]
        : ['-cert', path(`${issuer}.crt`), '-keyfile', path(`${issuer}.key`)];
    const dates = ['-startdate', stamp(options.fromDays ?? -1), '-enddate', stamp(options.toDays ?? 90)];
    openssl(
      'ca',
      '-batch',
      '-notext',
      '-rand_serial',
      '-config',
      config,
      '-in',
      request,
      '-out',
      cert,
      ...signer,
      ...dates,
    );
    return cert;
  };

  const caExtensions =
    'basicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\nsubjectKeyIdentifier = hash\n';
  sign('root', authorities.root, 'root', caExtensions, { fromDays: -100, toDays: 3650 });
  sign('stranger', authorities.stranger, 'stranger', caExtensions, { fromDays: -100, toDays: 3650 });
  sign('intermediate', authorities.intermediate, 'root', caExtensions, { fromDays: -100, toDays: 1000 });

  const read = (name: string): string => readFileSync(path(name), 'utf8');
  let count = 0;
  return {
    folder,
    root: read('root.crt'),
    rootFile: path('root.crt'),
    intermediate: read('intermediate.crt'),
    intermediateFile: path('intermediate.crt'),
    issue(name, options = {}) {
      const stem = `leaf${(count += 1)}`;
      const issuer = options.issuer === 'self' ? stem : (options.issuer ?? 'intermediate');
      sign(stem, name, issuer, leafExtensions(options.names ?? [name], options), options);
      const cert = read(`${stem}.crt`);
      const chain = issuer === 'intermediate' ? cert + read('intermediate.crt') : cert;
      writeFileSync(path(`${stem}.chain`), chain);
      return {
        key: read(`${stem}.key`),
        cert,
        chain,
        certFile: path(`${stem}.crt`),
        chainFile: path(`${stem}.chain`),
        keyFile: path(`${stem}.key`),
      };
    },
    ocsp(question, revoked) {
      writeFileSync(path('question.der'), question);
      writeFileSync(path('ocsp.index'), revoked.map((one) => indexLine(one)).join(''));
      const signer = [
        '-CA',
        path('intermediate.crt'),
        '-rsigner',
        path('intermediate.crt'),
        '-rkey',
        path('intermediate.key'),
      ];
      openssl(
        'ocsp',
        '-index',
        path('ocsp.index'),
        ...signer,
        '-reqin',
        path('question.der'),
        '-respout',
        path('answer.der'),
        '-ndays',
        '3',
      );
      return readFileSync(path('answer.der'));
    },
    crl(revoked) {
      const database = path('db-crl');
      mkdirSync(database, { recursive: true });
      writeFileSync(join(database, 'index'), revoked.map((one) => indexLine(one)).join(''));
      writeFileSync(path('crl.cnf'), caConfig(database, 'sha256', ''));
      const signer = ['-cert', path('intermediate.crt'), '-keyfile', path('intermediate.key')];
      openssl(
        'ca',
        '-gencrl',
        '-config',
        path('crl.cnf'),
        ...signer,
        '-crldays',
        '3',
        '-out',
        path('crl.pem'),
      );
      openssl('crl', '-in', path('crl.pem'), '-outform', 'DER', '-out', path('crl.der'));
      return readFileSync(path('crl.der'));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One line of openssl's database of certificates. */
function indexLine({ cert }: Issued): string {
  const serial = new X509Certificate(cert).serialNumber;
  return `R\t490101000000Z\t260102030405Z\t${serial}\tunknown\t/CN=revoked\n`;
}

function leafExtensions(names: string[], options: IssueOptions): string {
  const access = [
    options.issuerUrl ? `caIssuers;URI:${options.issuerUrl}` : '',
    options.ocspUrl ? `OCSP;URI:${options.ocspUrl}` : '',
  ].filter((part) => part !== '');
  const alternative = names.map((name) => `${/^[\d.]+$|:/.test(name) ? 'IP' : 'DNS'}:${name}`).join(',');
  return [
    'basicConstraints = CA:FALSE',
    `subjectAltName = ${alternative}`,
    `extendedKeyUsage = ${options.client ? 'clientAuth' : 'serverAuth'}`,
    options.mustStaple ? 'tlsfeature = status_request' : '',
    access.length > 0 ? `authorityInfoAccess = ${access.join(',')}` : '',
    options.crlUrl ? `crlDistributionPoints = URI:${options.crlUrl}` : '',
  ].join('\n');
}

function caConfig(database: string, digest: string, extensions: string): string {
  return `[ca]
default_ca = here
[here]
database = ${database}/index
serial = ${database}/serial
new_certs_dir = ${database}
default_md = ${digest}
policy = anything
x509_extensions = extensions
email_in_dn = no
[anything]
commonName = supplied
[extensions]
${extensions}
`;
}

function stamp(days: number): string {
  const text = new Date(Date.now() + days * 86_400_000).toISOString();
  return `${text.slice(0, 19).replace(/[-:T]/g, '')}Z`;
}

function openssl(...args: string[]): void {
  try {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Error('This test needs the program openssl: apt-get install openssl');
    }
    throw error;
  }
}

// A ClientHello by hand. It finds out which old protocol versions and weak ciphers a server would take, also those that our own
// TLS library cannot speak any more, and costs neither side any cryptography.
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';

export type OldVersion = 'SSLv3' | 'TLSv1' | 'TLSv1.1' | 'TLSv1.2';

const versionNumbers: Record<OldVersion, number> = {
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
};

/** What servers of the last twenty years would choose from. */
export const commonCiphers = [
  0xc02f, 0xc030, 0xc02b, 0xc02c, 0xcca8, 0xcca9, 0x009e, 0x009f, 0xc027, 0xc028, 0xc023, 0xc024, 0xc013,
  0xc014, 0xc009, 0xc00a, 0x0033, 0x0039, 0x0067, 0x006b, 0x009c, 0x009d, 0x003c, 0x003d, 0x002f, 0x0035,
  0x000a, 0xc012, 0xc008, 0x0016, 0x0005, 0x0004,
];

/** Broken or without encryption or without authentication, by RFC 7465, RFC 9325 and SWEET32. */
export const weakCiphers: Record<number, string> = {
  0x0001: 'NULL-MD5',
  0x0002: 'NULL-SHA',
  0x003b: 'NULL-SHA256',
  0xc006: 'ECDHE-ECDSA-NULL-SHA',
  0xc010: 'ECDHE-RSA-NULL-SHA',
  0x0003: 'EXP-RC4-MD5',
  0x0006: 'EXP-RC2-CBC-MD5',
  0x0008: 'EXP-DES-CBC-SHA',
  0x0014: 'EXP-DHE-RSA-DES-CBC-SHA',
  0x0004: 'RC4-MD5',
  0x0005: 'RC4-SHA',
  0xc007: 'ECDHE-ECDSA-RC4-SHA',
  0xc011: 'ECDHE-RSA-RC4-SHA',
  0x0009: 'DES-CBC-SHA',
  0x0015: 'DHE-RSA-DES-CBC-SHA',
  0x000a: 'DES-CBC3-SHA',
  0x0016: 'DHE-RSA-DES-CBC3-SHA',
  0xc008: 'ECDHE-ECDSA-DES-CBC3-SHA',
  0xc012: 'ECDHE-RSA-DES-CBC3-SHA',
  0x0018: 'ADH-RC4-MD5',
  0x001b: 'ADH-DES-CBC3-SHA',
  0x0034: 'ADH-AES128-SHA',
  0x003a: 'ADH-AES256-SHA',
  0x006c: 'ADH-AES128-SHA256',
  0x006d: 'ADH-AES256-SHA256',
  0x00a6: 'ADH-AES128-GCM-SHA256',
  0x00a7: 'ADH-AES256-GCM-SHA384',
  0xc015: 'AECDH-NULL-SHA',
  0xc017: 'AECDH-DES-CBC3-SHA',
  0xc018: 'AECDH-AES128-SHA',
  0xc019: 'AECDH-AES256-SHA',
};

const short = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const counted = (content: Buffer): Buffer => Buffer.concat([short(content.length), content]);
const extension = (type: number, content: Buffer): Buffer => Buffer.concat([short(type), counted(content)]);
const shorts = (values: number[]): Buffer => Buffer.concat(values.map(short));

/** The bytes to send. SSLv3 knows no extensions, so none go along there. */
export function clientHello(version: OldVersion, ciphers: number[], servername: string): Buffer {
  const number = versionNumbers[version];
  const name = Buffer.from(servername, 'latin1');
  const extensions = [
    isIP(servername) === 0
      ? extension(0, counted(Buffer.concat([Buffer.from([0]), counted(name)])))
      : Buffer.alloc(0),
    extension(10, counted(shorts([0x001d, 0x0017, 0x0018, 0x0019]))),
    extension(11, Buffer.from([1, 0])),
    version === 'TLSv1.2'
      ? extension(
          13,
          counted(
            shorts([0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201]),
          ),
        )
      : Buffer.alloc(0),
  ];
  const body = Buffer.concat([
    short(number),
    randomBytes(32),
    Buffer.from([0]),
    // 0x00ff says that renegotiation is done safely; some servers insist.
    counted(shorts([...ciphers, 0x00ff])),
    Buffer.from([1, 0]),
    version === 'SSLv3' ? Buffer.alloc(0) : counted(Buffer.concat(extensions)),
  ]);
  const handshake = Buffer.concat([Buffer.from([1, 0]), counted(body)]);
  // The outer version is the oldest, as all clients send it, because some servers drop what looks too new.
  return Buffer.concat([Buffer.from([22]), short(Math.min(number, 0x0301)), counted(handshake)]);
}

/** What the server said: the version and cipher it chose, or undefined when it refused. `need` asks for more bytes. */
export function readServerHello(bytes: Buffer): { version: number; cipher: number } | 'refused' | 'need' {
  if (bytes.length < 1) return 'need';
  if (bytes[0] !== 22) return 'refused';
  if (bytes.length < 9 + 35) return 'need';
  if (bytes[5] !== 2) return 'refused';
  const version = bytes.readUInt16BE(9);
  const sessionLength = bytes[43] ?? 0;
  const at = 44 + sessionLength;
  if (bytes.length < at + 2) return 'need';
  return { version, cipher: bytes.readUInt16BE(at) };
}

export function versionNumber(version: OldVersion): number {
  return versionNumbers[version];
}

// Addresses of sockets as ss and the kernel's own tables write them.

/** `0.0.0.0:80`, `[::]:80`, `:::80`, `*:80`, `127.0.0.53%lo:53`, `[fe80::1%eth0]:546`, `[fe80::1]%eth0:546`; `*` stays for the caller to decide. */
export function socketAddress(text: string): { address: string; port: number } | undefined {
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  if (colon < 0 || !/^\d{1,5}$/.test(text.slice(colon + 1)) || port > 65535) return undefined;
  const address = text
    .slice(0, colon)
    .split('%', 1)[0]!
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:(?=\d+\.)/i, '');
  return { address: address === '' ? '*' : address, port };
}

/** `0100007F:1F90` and the 32 digits of IPv6: four words, each in the byte order of a little-endian machine. */
export function hexAddress(text: string): { address: string; port: number } | undefined {
  const [hex = '', portHex = ''] = text.split(':');
  if (!/^([0-9A-Fa-f]{8}|[0-9A-Fa-f]{32})$/.test(hex) || !/^[0-9A-Fa-f]{4}$/.test(portHex)) return undefined;
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (let byte = 6; byte >= 0; byte -= 2)
      bytes.push(Number.parseInt(hex.slice(word + byte, word + byte + 2), 16));
  }
  const port = Number.parseInt(portHex, 16);
  if (bytes.length === 4) return { address: bytes.join('.'), port };
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return { address: mapped ? bytes.slice(12).join('.') : ipv6(bytes), port };
}

/** The short form of RFC 5952: the longest run of two or more zero groups becomes `::`. */
function ipv6(bytes: number[]): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes[2 * index]! * 256 + bytes[2 * index + 1]!);
  let best = { from: 0, length: 1 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (groups[from + length] === 0) length++;
    if (length > best.length) best = { from, length };
  }
  const hex = (list: number[]) => list.map((group) => group.toString(16)).join(':');
  return best.length < 2
    ? hex(groups)
    : `${hex(groups.slice(0, best.from))}::${hex(groups.slice(best.from + best.length))}`;
}

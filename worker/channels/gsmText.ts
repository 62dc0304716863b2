// The 7-bit alphabet of SMS (3GPP TS 23.038). One character outside it turns the whole message into UCS-2 and halves its room.
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** These take two septets each: an escape and the character. */
const extended = new Set('^{}\\[~]|€');
const alike: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '→': '->',
  '←': '<-',
  '≥': '>=',
  '≤': '<=',
  '×': 'x',
  '·': '-',
  '•': '-',
  '°': ' deg',
  '\u00a0': ' ',
  '\u202f': ' ',
  '`': "'",
  '\t': ' ',
};

/** The text in the alphabet of SMS: likenesses where there are some, letters without their accents, '?' for the rest. */
export function gsmText(text: string): string {
  let result = '';
  for (const character of text) {
    const plain = alike[character] ?? character;
    const kept = [...plain].every((one) => basic.has(one) || extended.has(one));
    const bare = character.normalize('NFD').replace(/\p{M}/gu, '');
    result += kept ? plain : bare !== '' && [...bare].every((one) => basic.has(one)) ? bare : '?';
  }
  return result;
}

/** How much room a text of this alphabet takes. One SMS has 160 septets, each part of a longer one 153. */
export function septets(text: string): number {
  let count = 0;
  for (const character of text) count += extended.has(character) ? 2 : 1;
  return count;
}

// The colours of Rootnote as constants, for what cannot read CSS: emails and pictures. The same stand in site/styles/tokens.css;
// a test holds the two together and checks the contrast of each pair.

/** `…Soft` is the tint behind text of the same name. `band` is the bar behind every second line of machine output. */
export interface Palette {
  paper: string;
  surface: string;
  band: string;
  line: string;
  lineStrong: string;
  ink: string;
  inkMuted: string;
  accent: string;
  accentInk: string;
  accentSoft: string;
  critical: string;
  criticalSoft: string;
  warning: string;
  warningSoft: string;
  info: string;
  infoSoft: string;
  ok: string;
  okSoft: string;
  unknown: string;
  unknownSoft: string;
  chart1: string;
  chart2: string;
  chart3: string;
  chart4: string;
  chart5: string;
  chart6: string;
}

export const lightPalette: Palette = {
  paper: '#f7f9f7',
  surface: '#ffffff',
  band: '#eaf2ec',
  line: '#d3ddd6',
  lineStrong: '#7d8d84',
  ink: '#16201b',
  inkMuted: '#4d5c54',
  accent: '#0b5f66',
  accentInk: '#ffffff',
  accentSoft: '#dceef0',
  critical: '#b3201b',
  criticalSoft: '#fcebe9',
  warning: '#855000',
  warningSoft: '#fcf1dc',
  info: '#2b54ae',
  infoSoft: '#e8eefb',
  ok: '#1d6b31',
  okSoft: '#e2f3e5',
  unknown: '#59636b',
  unknownSoft: '#edf0f1',
  chart1: '#0f7d86',
  chart2: '#a8641a',
  chart3: '#5b54b8',
  chart4: '#a83a6b',
  chart5: '#54791d',
  chart6: '#66737b',
};

export const darkPalette: Palette = {
  paper: '#0f1412',
  surface: '#161d1a',
  band: '#1b2521',
  line: '#2c3833',
  lineStrong: '#6f7f77',
  ink: '#d9e2dc',
  inkMuted: '#9baba2',
  accent: '#6ec6c9',
  accentInk: '#0b1a1b',
  accentSoft: '#143033',
  critical: '#ff9387',
  criticalSoft: '#3a1917',
  warning: '#efb552',
  warningSoft: '#33260f',
  info: '#9abbff',
  infoSoft: '#1a2744',
  ok: '#7fd08e',
  okSoft: '#16301d',
  unknown: '#a3aeb4',
  unknownSoft: '#232a2d',
  chart1: '#4fb6bb',
  chart2: '#dc9a4d',
  chart3: '#a39df2',
  chart4: '#e685b0',
  chart5: '#9cc45c',
  chart6: '#9aa6ad',
};

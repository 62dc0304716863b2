// Two quiet themes for code: five colours out of the palette, so that the eye goes to the words and not to the paint.
import { ExpressiveCodeTheme } from '@astrojs/starlight/expressive-code';
import { darkPalette, lightPalette, type Palette } from '#core/palette.ts';

function codeTheme(type: 'light' | 'dark', palette: Palette): ExpressiveCodeTheme {
  const rule = (scope: string[], foreground: string, fontStyle?: string) => ({
    scope,
    settings: { foreground, ...(fontStyle ? { fontStyle } : {}) },
  });
  return new ExpressiveCodeTheme({
    name: `rootnote-${type}`,
    type,
    colors: { 'editor.background': palette.surface, 'editor.foreground': palette.ink },
    tokenColors: [
      rule(['comment', 'punctuation.definition.comment'], palette.inkMuted, 'italic'),
      rule(['string'], palette.warning),
      rule(['constant.numeric', 'constant.language', 'variable.other', 'variable.parameter'], palette.info),
      rule(
        ['entity.name.tag', 'entity.name.section', 'support.type.property-name', 'keyword.other.definition'],
        palette.accent,
      ),
      rule(['keyword.control', 'storage.type', 'keyword.directive'], palette.accent),
      // Output of a command is told apart by its bands, not by colour.
      rule(
        ['meta.output', 'string.unquoted', 'variable.other.assignment', 'constant.other.option'],
        palette.ink,
      ),
    ],
  });
}

export const codeThemes = [codeTheme('dark', darkPalette), codeTheme('light', lightPalette)];

// How code looks and copies: a frame with an optional title, a copy button that takes commands and leaves prompts and output,
// output on the bands of continuous paper, and one line below an example that was not executed.
import {
  definePlugin,
  ExpressiveCodeAnnotation,
  type AnnotationRenderOptions,
  type ExpressiveCodePlugin,
} from '@astrojs/starlight/expressive-code';
import { addClassName, h, setProperty, type Parents } from '@astrojs/starlight/expressive-code/hast';
import { promptOf, showPlaceholders } from '../fence.ts';
import { fenceStyles } from './fenceStyles.ts';

/** The two characters of a prompt: seen and read, not selected. */
class PromptAnnotation extends ExpressiveCodeAnnotation {
  constructor() {
    super({ inlineRange: { columnStart: 0, columnEnd: 2 }, renderPhase: 'latest' });
  }
  render({ nodesToTransform }: AnnotationRenderOptions): Parents[] {
    return nodesToTransform.map((node) => h('span', { className: 'prompt' }, [node]) as Parents);
  }
}

const shells = new Set(['console', 'shellsession']);

/** The Expressive Code plugin of the knowledge base; it takes the place of the stock frames. */
export function fencePlugin(): ExpressiveCodePlugin {
  return definePlugin({
    name: 'Rootnote fences',
    baseStyles: fenceStyles,
    hooks: {
      preprocessCode: ({ codeBlock }) => {
        for (const line of codeBlock.getLines()) {
          const shown = showPlaceholders(line.text);
          if (shown !== line.text) line.editText(0, line.text.length, shown);
        }
      },
      annotateCode: ({ codeBlock }) => {
        if (!shells.has(codeBlock.language)) return;
        for (const line of codeBlock.getLines())
          if (promptOf(line.text)) line.addAnnotation(new PromptAnnotation());
      },
      postprocessRenderedLine: ({ codeBlock, line, lineIndex, renderData }) => {
        if (!shells.has(codeBlock.language)) return;
        if (promptOf(line.text)) return addClassName(renderData.lineAst, 'cmd');
        const before = codeBlock.getLines(0, lineIndex).map((each) => Boolean(promptOf(each.text)));
        const sinceCommand = lineIndex - 1 - before.lastIndexOf(true);
        addClassName(renderData.lineAst, 'out');
        if (sinceCommand % 2 === 0) addClassName(renderData.lineAst, 'band');
      },
      postprocessRenderedBlock: ({ codeBlock, renderData }) => {
        const title = codeBlock.metaOptions.getString('title');
        const skip = codeBlock.metaOptions.getString('skip');
        const worthCopying = shells.has(codeBlock.language)
          ? codeBlock.getLines().some((line) => promptOf(line.text))
          : codeBlock.language !== 'text';
        // Reachable by keyboard where it scrolls sideways. Expressive Code's script would also call each one a region.
        setProperty(renderData.blockAst, 'tabindex', '0');
        renderData.blockAst = h('figure', { className: 'fence' }, [
          ...(title ? [h('figcaption', { className: 'title' }, title)] : []),
          renderData.blockAst,
          ...(worthCopying
            ? [h('button', { type: 'button', className: 'copy', 'data-pagefind-ignore': '' }, 'Copy')]
            : []),
          ...(skip
            ? [h('p', { className: 'skipped', 'data-pagefind-ignore': '' }, `Not executed: ${skip}`)]
            : []),
        ]);
      },
    },
  });
}

// Takes fences that only prepare the sandbox of the examples out of the page.
import { isSetup } from './fence.ts';

interface CodeNode {
  meta?: string | null | undefined;
}

/** A plug-in for Sätteri: removes each fence marked `setup`. */
export const hideSetup = {
  name: 'hide-setup-fences',
  code(node: Readonly<CodeNode>, context: { removeNode(node: Readonly<CodeNode>): void }): void {
    if (isSetup(node.meta)) context.removeNode(node);
  },
};

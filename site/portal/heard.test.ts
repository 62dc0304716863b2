import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { makeClient, TRPCProvider } from './client.ts';
import { Heard, type HeardAnswer } from './Heard.tsx';

function draw(heard: HeardAnswer, owner = true): string {
  const queryClient = new QueryClient();
  const page = createElement(TRPCProvider, {
    trpcClient: makeClient(),
    queryClient,
    children: createElement(Heard, { heard, owner }),
  });
  return renderToStaticMarkup(createElement(QueryClientProvider, { client: queryClient }, page)).replaceAll(
    /<[^>]*>/g,
    '',
  );
}

test('who is not told of incidents is said where they are shown, and who can change it', () => {
  expect(draw({ channels: 0, failing: [], unsent: [] })).toBe(
    'Nobody is told of incidents: no channel is set up. Choose how to hear of them',
  );
  expect(draw({ channels: 2, failing: ['Ops'], unsent: ['Mail'] }, false)).toBe(
    'The last message could not be delivered through Ops. An owner sees to it under Channels.',
  );
  expect(draw({ channels: 2, failing: [], unsent: ['Mail'] })).toBe(
    'Nobody gets the mail of Mail: no mail server is set up. See why',
  );
  expect(draw({ channels: 1, failing: [], unsent: [] })).toBe('');
});

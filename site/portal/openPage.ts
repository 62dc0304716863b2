// The way into every page of the portal, on the server: who asks, and the API to fill the first paint with.
import { TRPCError } from '@trpc/server';
import type { APIContext } from 'astro';
import { createCaller } from '#portal/appRouter.ts';
import type { Member } from '#portal/member.ts';
import type { Standing } from '#portal/routers/incidents.ts';
import { contextOf } from '#portal/request.ts';
import { plainPage } from './plainPage.ts';

export interface OpenPage {
  member: Member;
  api: ReturnType<typeof createCaller>;
  /** Epoch seconds: the time that this page was made at. */
  now: number;
}

export interface Frame {
  member: Member;
  /** What is open, for the tab and the bar. */
  standing: Standing;
}

/** The page's data, or the answer to give instead: to sign-in, "there is no such thing", or that the database is away. */
export async function openPage<T>(
  { request, response, url }: Pick<APIContext, 'request' | 'url'> & { response: { headers: Headers } },
  load: (page: OpenPage) => Promise<T>,
): Promise<Response | (OpenPage & { data: T; frame: Frame })> {
  try {
    const context = await contextOf(request);
    if (!context.member) {
      const next = url.pathname + url.search;
      const location = next === '/portal/' ? '/signin/' : `/signin/?next=${encodeURIComponent(next)}`;
      return new Response(null, { status: 302, headers: { location, 'cache-control': 'no-store' } });
    }
    const page = { member: context.member, api: createCaller(context), now: Date.now() / 1000 };
    const [data, standing] = await Promise.all([load(page), page.api.incidents.standing()]);
    response.headers.set('cache-control', 'no-store');
    return { ...page, data, frame: { member: page.member, standing } };
  } catch (error) {
    if (error instanceof TRPCError && error.code === 'NOT_FOUND') {
      return plainPage(404, 'There is nothing here (any more)', error.message);
    }
    if (error instanceof TRPCError && error.code === 'FORBIDDEN') {
      return plainPage(403, 'This page is not for you', error.message);
    }
    console.error(error);
    return plainPage(
      503,
      'The portal cannot reach its database',
      'Agents keep their reports and send them later. The knowledge base works as always.',
    );
  }
}

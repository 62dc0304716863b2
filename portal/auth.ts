// Sign-in by a link in a mail, with Auth.js: database sessions, secure cookies, and only for people who are known or invited.
import { Auth, type AuthConfig, skipCSRFCheck } from '@auth/core';
import { z } from 'zod';
import { acceptInvitations, mayEnter } from './access.ts';
import { AttemptLimit } from './attemptLimit.ts';
import type { Services } from './context.ts';
import { sessionCookieName, sessionSeconds } from './member.ts';
import { sessionAdapter } from './sessionAdapter.ts';
import { emailProviderId, linkSeconds, normalizeEmail } from './signInLink.ts';
import { sendSignInMail } from './mail.ts';

const basePath = '/api/auth';
const sentPath = `${basePath}/verify-request?provider=${emailProviderId}&type=email`;
const tooManyPath = '/signin/?error=TooMany';

/** Mails are what a stranger could flood somebody with, so they are counted by address and by sender. */
export interface SignInLimits {
  address: AttemptLimit;
  sender: AttemptLimit;
}
export const newSignInLimits = (): SignInLimits => ({
  address: new AttemptLimit(4, 15 * 60),
  sender: new AttemptLimit(20, 15 * 60),
});
const processLimits = newSignInLimits();

export function usesSecureCookies(services: Services): boolean {
  return services.baseUrl.startsWith('https:');
}

/** Answers everything below /api/auth. `sender` is the address of whoever asks, for the limit. */
export async function handleAuth(
  services: Services,
  request: Request,
  sender: string,
  limits = processLimits,
): Promise<Response> {
  return answer(services, request, authConfig(services, sender, limits));
}

export type SignInAnswer = 'sent' | 'invalid' | 'too-many' | 'failed';

/** Asks for a link that leads to `next`, a page of the portal. The answer for a stranger is the same as for a member: `sent`. */
export async function requestSignIn(
  services: Services,
  typed: string,
  sender: string,
  next = '/portal/',
  limits = processLimits,
): Promise<SignInAnswer> {
  const email = z.email().max(254).safeParse(normalizeEmail(typed));
  if (!email.success) return 'invalid';
  const request = new Request(`${services.baseUrl}${basePath}/signin/${emailProviderId}`, {
    method: 'POST',
    body: new URLSearchParams({
      email: email.data,
      callbackUrl: next.startsWith('/portal/') ? next : '/portal/',
    }),
  });
  const config: AuthConfig = { ...authConfig(services, sender, limits), skipCSRFCheck };
  const location = (await answer(services, request, config)).headers.get('location') ?? '';
  if (location === sentPath) return 'sent';
  return location === tooManyPath ? 'too-many' : 'failed';
}

/** Ends the session of a request; the answer clears its cookie and leads to the sign-in page. The caller has checked the origin. */
export async function signOut(services: Services, request: Request): Promise<Response> {
  const post = new Request(`${services.baseUrl}${basePath}/signout`, {
    method: 'POST',
    headers: { cookie: request.headers.get('cookie') ?? '' },
    body: new URLSearchParams({ callbackUrl: '/signin/' }),
  });
  return answer(services, post, {
    ...authConfig(services, '', processLimits),
    skipCSRFCheck,
  });
}

function authConfig(services: Services, sender: string, limits: SignInLimits): AuthConfig {
  const { db, environment, secret } = services;
  const secure = usesSecureCookies(services);
  return {
    adapter: sessionAdapter(db),
    basePath,
    secret,
    trustHost: true,
    useSecureCookies: secure,
    session: { strategy: 'database', maxAge: sessionSeconds },
    cookies: {
      sessionToken: {
        name: sessionCookieName(secure),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure },
      },
    },
    pages: { signIn: '/signin/', verifyRequest: '/signin/?sent=1', error: '/signin/' },
    providers: [
      {
        id: emailProviderId,
        type: 'email',
        name: 'Email',
        from: environment.MAIL_FROM,
        maxAge: linkSeconds,
        // Not awaited: how long the mail server takes would tell a stranger which addresses are known.
        async sendVerificationRequest({ identifier, url }) {
          void sendSignInMail(identifier, url, environment).catch((error: unknown) => {
            console.error(`The sign-in mail could not be sent: ${String(error)}`);
          });
        },
        options: {},
      },
    ],
    callbacks: {
      async signIn({ user, email }) {
        const address = normalizeEmail(user.email ?? '');
        if (!email?.verificationRequest) return mayEnter(db, address);
        if (!limits.sender.take(sender) || !limits.address.take(address)) return tooManyPath;
        return (await mayEnter(db, address)) || sentPath;
      },
    },
    events: {
      async signIn({ user }) {
        if (user.id && user.email) await acceptInvitations(db, user.id, normalizeEmail(user.email));
      },
    },
    logger: {
      error(error) {
        if (!ofTheVisitor.has(error.name)) console.error(error);
      },
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}

/** A used link, a stranger, a made-up request: no fault of ours, and nobody may fill our log with them. The page tells the person. */
const ofTheVisitor = new Set(['Verification', 'AccessDenied', 'MissingCSRF', 'UnknownAction']);

/**
 * Auth.js builds addresses from the request; a forged Host header must not get into a mail, so the request is moved to our own
 * address first. Redirects to ourselves become paths, so that they work under every name this server is reached by.
 */
async function answer(services: Services, request: Request, config: AuthConfig): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const response = await Auth(new Request(`${services.baseUrl}${pathname}${search}`, request), config);
  const headers = new Headers(response.headers);
  headers.set('cache-control', 'no-store');
  headers.set('referrer-policy', 'no-referrer');
  const location = headers.get('location');
  if (location) {
    const target = new URL(location, services.baseUrl);
    if (target.origin === new URL(services.baseUrl).origin) {
      headers.set('location', target.pathname + target.search);
    }
  }
  return new Response(response.body, { status: response.status, headers });
}

// Signing out: posted by the form in the bar of the portal.
import type { APIRoute } from 'astro';
import { signOut } from '#portal/auth.ts';
import { services } from '#portal/context.ts';

export const prerender = false;

export const POST: APIRoute = ({ request }) => signOut(services(), request);

import { expect, test } from 'vitest';
import { policyOf, withPolicy } from './contentSecurity.ts';

const html =
  '<html><head><meta charset="utf-8"/></head><script>alert(1)</script><script type="module">x()</script><script src="/a.js"></script><script type="application/ld+json">{}</script></html>';

test('inline scripts are allowed by their hash, data and files are not hashed', () => {
  const policy = policyOf(html);
  expect(policy.match(/'sha256-/g)).toHaveLength(2);
  // echo -n 'alert(1)' | openssl dgst -sha256 -binary | base64
  expect(policy).toContain("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='");
  expect(policy).not.toContain('http');
});

test('the policy comes before anything that it rules', () => {
  expect(withPolicy(html)).toMatch(
    /^<html><head><meta charset="utf-8"\/><meta http-equiv="Content-Security-Policy" content="default-src 'none'; /,
  );
});

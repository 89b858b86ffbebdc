import { expect, it } from 'vitest';
import { judgeLeaks } from './leaks.js';
import type { Leak } from './leaks.js';

const leak = (kind: Leak['kind'], where = 'the page at /callback', isForeign = false): Leak => ({
  kind,
  where,
  isForeign,
});

it('none is nothing to be said', () => {
  expect(judgeLeaks([], 'shown')).toBeNull();
});

it('a token is a failure, told once for each place', () => {
  const found = judgeLeaks([leak('an access token'), leak('an access token'), leak('an id_token')], 'shown');
  expect(found).toEqual({
    finding: 'failed',
    expected: 'no secret of the run',
    actual: 'an access token in the page at /callback, an id_token in the page at /callback',
  });
});

it('a code that is shown again is a warning, in a log worth knowing, at another origin a failure', () => {
  expect(judgeLeaks([leak('an authorization code')], 'shown')?.finding).toBe('warning');
  expect(judgeLeaks([leak('an authorization code', 'the output')], 'written')?.finding).toBe('info');
  expect(judgeLeaks([leak('an authorization code', 'the redirect from /callback', true)], 'shown')?.finding).toBe(
    'failed',
  );
});

it('many places are counted', () => {
  const places = ['/a', '/b', '/c', '/d', '/e'].map((path) => leak('a refresh token', `the page at ${path}`));
  expect(judgeLeaks(places, 'shown')).toMatchObject({ actual: expect.stringMatching(/ and 2 more$/) as string });
});

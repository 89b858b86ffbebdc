import { expect, it } from 'vitest';
import { separationOf } from './people.js';

it('an attacker with a session or a login of their own is somebody else', () => {
  expect(separationOf('nobody', 'http', ['sid'])).toBe('sessions');
  expect(separationOf('new-users', 'http', ['sid'])).toBe('sessions');
  expect(separationOf('users-in-turn', 'http', ['sid'])).toBe('sessions');
  expect(separationOf('users-in-turn', 'browser', [])).toBe('sessions');
});

it('nothing tells an attacker apart where no cookie keeps who it is', () => {
  expect(separationOf('nobody', 'http', [])).toBe('none');
  expect(separationOf('nobody', 'browser', [])).toBe('none');
  expect(separationOf('new-users', 'http', [])).toBe('none');
});

import { describe, expect, it } from 'vitest';
import { browserProxyOf, proxyVariableOf } from './proxy-variables.js';

describe('the variables of a proxy', () => {
  it.each(['synthetic:secret@127.0.0.1:3128', '127.0.0.1:3128', 'socks5://127.0.0.1:1080'])(
    'are named where they name none, and not repeated: %s',
    (value) => {
      const read = (): unknown => proxyVariableOf({ HTTPS_PROXY: value });
      expect(read).toThrow(/^HTTPS_PROXY: expected the address of a proxy/);
      expect(read).not.toThrow(value);
    },
  );

  it('count as none when they are empty', () => {
    expect(browserProxyOf({ HTTPS_PROXY: '', http_proxy: '' })).toBeNull();
  });

  it('give a browser user and password beside the address', () => {
    const environment = { https_proxy: 'http://u%40x:p%3Aw@proxy.example:3128', NO_PROXY: 'localhost' };
    expect(browserProxyOf(environment)).toEqual({
      server: 'http://proxy.example:3128',
      username: 'u@x',
      password: 'p:w',
      bypass: 'localhost',
    });
  });
});

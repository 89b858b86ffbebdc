import { describe, expect, test } from 'vitest';
import { addressBytes, confinementOf, hostNames, isLoopbackHost } from './host-names.js';

describe('host names', () => {
  test('are sorted into names and addresses, each once, as URLs write them', () => {
    expect(hostNames(['Mock.Example', '[::1]', '::1', '127.0.0.1', 'mock.example'])).toEqual({
      dns: ['mock.example'],
      ip: ['::1', '127.0.0.1'],
    });
  });

  test.each([
    ['127.0.0.1', '7f000001'],
    ['::1', '00000000000000000000000000000001'],
    ['::', '00000000000000000000000000000000'],
    ['2001:db8::7', '20010db8000000000000000000000007'],
    ['2001:DB8:1:2:3:4:5:6', '20010db8000100020003000400050006'],
    ['fe80::', 'fe800000000000000000000000000000'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
  ])('%s is the bytes %s', (address, hex) => {
    expect(Buffer.from(addressBytes(address)).toString('hex')).toBe(hex);
  });

  test.each([
    [['localhost', '127.0.0.1', '127.0.0.2'], ['7f000000ff000000'], []],
    [['192.0.2.7'], ['c0000207ffffffff'], []],
    [['::1'], [`${'00'.repeat(15)}01${'ff'.repeat(16)}`], []],
    [['id.banco.example'], [], ['00'.repeat(8), '00'.repeat(32)]],
  ])('%j are confined to the ranges %j, without %j', (hosts, ranges, excluded) => {
    const { ip, excludedIp } = confinementOf(hostNames(hosts));
    expect(ip.map((range) => Buffer.from(range).toString('hex'))).toEqual(ranges);
    expect(excludedIp.map((range) => Buffer.from(range).toString('hex'))).toEqual(excluded);
  });

  test('of this machine are told from others', () => {
    expect(['localhost', 'app.localhost', '127.9.9.9', '[::1]', 'LOCALHOST'].every(isLoopbackHost)).toBe(true);
    expect(['localhost.example', '128.0.0.1', '::2', '127.0.0.1.example', '0.0.0.0'].some(isLoopbackHost)).toBe(false);
  });
});

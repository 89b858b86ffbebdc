import { expect } from 'vitest';
import { toInProcessResponse } from '../http-delivery.js';
import { MockApplication } from '../mock-application.js';
import { createTenantHandle } from '../tenant-handle.js';
import type { TenantHandle } from '../tenant-handle.js';
import { TenantRegistry } from '../tenants/tenant-registry.js';
import type { Caller } from './access-control.js';
import { createControlApplication } from './control-application.js';
import type { ControlApplication } from './control-application.js';
import { describeTenant } from './tenant-description.js';

export const origin = 'http://127.0.0.1:4010';
export const tenantPath = '/_mock/tenants/default';

/** What a call of a test got. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the body is not JSON. */
  readonly body: unknown;
}

/** A mock without a socket, and short words for what tests do with it. */
export interface World {
  readonly registry: TenantRegistry;
  readonly control: ControlApplication;
  readonly tenant: TenantHandle;
  /** Calls the control API in the process; a string body is sent as it is. */
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Got>;
  readonly send: (request: Request, caller?: Caller) => Promise<Got>;
  /** Sends a request to a bank. */
  readonly bank: (url: string, init?: RequestInit) => Promise<Response>;
}

export function createWorld(options: { controlToken?: string | null; publicOrigin?: string } = {}): World {
  const publicOrigin = options.publicOrigin ?? origin;
  const origins = {
    publicOrigin,
    internalOrigin: publicOrigin,
    listenOrigin: origin,
    rootOrigins: { bs2: null, btg: null },
  };
  const registry = new TenantRegistry({}, origins);
  const controlToken = options.controlToken ?? null;
  const control = createControlApplication({ registry, version: '9.9.9', controlToken });
  const created = registry.create({ id: 'default' });
  const none = async (): Promise<Response> => new Response(null, { status: 404 });
  const application = new MockApplication(registry, { control: none, dashboard: none });
  const send = async (request: Request, caller: Caller = { kind: 'in-process' }): Promise<Got> => {
    const response = await control.fetch(request, caller);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  };
  return {
    registry,
    control,
    tenant: createTenantHandle(
      (request) => control.fetch(request, { kind: 'in-process' }),
      describeTenant(created, registry),
    ),
    send,
    call: (method, path, body, headers = {}) => {
      const json = method === 'GET' || method === 'DELETE' ? {} : { 'content-type': 'application/json' };
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const init = { method, headers: { ...json, ...headers }, ...(text === undefined ? {} : { body: text }) };
      return send(new Request(`${origin}${path}`, init));
    },
    bank: async (url, init) => {
      const handled = await application.handle(
        new Request(url, { redirect: 'manual', ...init }),
        { kind: 'main' },
        { address: null },
      );
      return handled.kind === 'response' ? handled.response : toInProcessResponse(handled.delivery);
    },
  };
}

/** A token request with Basic. */
export function tokenRequest(
  client: { readonly id: string; readonly secret: string | null },
  parameters: Record<string, string>,
): RequestInit {
  const basic = Buffer.from(`${client.id}:${client.secret ?? ''}`).toString('base64');
  return {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A string that matches, as an expectation without a type. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

/** A string that contains another, as an expectation without a type. */
export function containing(part: string): unknown {
  return expect.stringContaining(part);
}

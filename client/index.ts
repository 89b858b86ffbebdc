/**
 * `homologa/client`: the reference client for Banco BS2 and BTG Pactual Empresas (BTG Id).
 *
 * Start with {@link createBankClient} for one consent, {@link createTokenManager} for many grants over time, and
 * {@link walkConsent} to play the user. Building a request and judging its answer are separate, pure functions, for
 * those who send requests their own way.
 *
 * @module
 */
export * from './authorization-request.js';
export * from './authorization-response-error.js';
export * from './authorization-response.js';
export * from './backend-authorization.js';
export * from './bank-client.js';
export * from './banks/bank-profile.js';
export * from './banks/bs2.js';
export * from './banks/btg.js';
export * from './bearer-call.js';
export * from './client-authentication.js';
export * from './client-registration.js';
export * from './clock.js';
export * from './configuration-error.js';
export * from './create-bank-client.js';
export * from './file-token-store.js';
export * from './grant-record.js';
export * from './http-answer.js';
export * from './http-transport.js';
export * from './id-token-error.js';
export * from './id-token-key.js';
export * from './id-token.js';
export * from './memory-token-store.js';
export * from './rate-budget.js';
export * from './refresh-schedule.js';
export * from './revocation.js';
export * from './safe-text.js';
export * from './token-endpoint-error.js';
export * from './token-manager-error.js';
export * from './token-manager.js';
export * from './token-request.js';
export * from './token-response.js';
export * from './token-set.js';
export * from './token-store.js';
export * from './transaction-store.js';
export * from './transport-error.js';
export * from './user-agent/consent-steps.js';
export * from './user-agent/consent-walk-error.js';
export * from './user-agent/consent-walk.js';
export * from './user-agent/cookie-jar.js';
export * from './user-agent/form-roles.js';
export * from './user-agent/form-submission.js';
export * from './user-agent/html-form.js';
export * from './user-agent/http-user-agent.js';
export * from './user-agent/same-site.js';
export { HomologaError } from '../foundation/homologa-error.js';

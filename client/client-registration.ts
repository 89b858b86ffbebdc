/** The partner's application as registered at a bank. BS2 calls these API Key and API Secret. */
export interface ClientRegistration {
  readonly id: string;
  /** Absent for a public client (RFC 6749 2.1), which must then use PKCE. */
  readonly secret?: string | undefined;
}

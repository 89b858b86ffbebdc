/** The bank said no, or said nothing; `kind` is what the caller must know. */
export class BankFailure extends Error {
  /**
   * @param kind `refused`: this code or refresh token is over · `rate-limited` · `unavailable`: the answer is lost or
   * the bank is down · `unusable`: tokens came that must not be used · `misconfigured`
   */
  constructor(kind, message, retryAfterMs = null) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Only the customer can help, by a new consent. */
export class ConsentRequired extends Error {}

/** The callback is not an answer to a consent that this customer started here. */
export class CallbackRefused extends Error {}

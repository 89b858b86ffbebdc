@bank:bs2
Feature: BS2 exchanges the authorization code for tokens
  The client posts the code with its API Key and API Secret and gets an access token and a refresh token.

  Rule: The client that a code was given to gets tokens for it

    @id:bs2-code-exchange @req:BS2-code-a @req:BS2-code-b @req:RFC6749-5.1-a @req:RFC6749-2.3.1-a @req:BS2-tokens-d @req:BS2-code-d @kind:positive @sandbox-safe
    Scenario: The client redeems the code
      Given the client holds a code
      When the client redeems the code
      Then the bank knows the client and the grant type
      And the bank gives tokens
      And a refresh token comes with them
      And the access token is to be sent as Bearer
      And the answer names the scope that was granted
      And the access token is announced for 420 seconds

    @id:bs2-token-answer-not-cached @req:RFC6749-5.1-b @kind:positive @sandbox-safe
    Scenario: No cache keeps the tokens
      Given the client holds a code
      When the client redeems the code
      Then no cache may keep the answer

    @id:bs2-token-answer-shape @req:BS2-code-d @kind:positive
    Scenario: The answer has the shape that was recorded
      Given the client holds a code
      When the client redeems the code
      Then the answer is the gateway's pretty-printed JSON with its members in order

    @id:bs2-token-answer-headers @req:BS2-code-j @kind:positive
    Scenario: The answer has the headers that were recorded
      Given the client holds a code
      When the client redeems the code
      Then the answer has the gateway's recorded headers

    @id:bs2-token-types @req:RFC6749-5.1-a @req:BS2-tokens-d @kind:positive @sandbox-safe
    Scenario: The lifetime is a number
      Given the client holds a code
      When the client redeems the code
      Then every member of the answer has its type

    @id:bs2-token-form @req:BS2-code-k @kind:positive @sandbox-safe
    Scenario: Tokens are GUIDs
      Given the client holds a code
      When the client redeems the code
      Then access token and refresh token are GUIDs

    @id:bs2-no-id-token @req:BS2-openid-a @kind:positive @sandbox-safe
    Scenario: The answer says nothing of who the user is
      Given the client holds a code
      When the client redeems the code
      Then the answer identifies nobody

    @id:bs2-code-exchange-variants @req:BS2-grants-d @req:RFC7617-2-a @req:RFC6749-3.1-b @kind:positive @sandbox-safe
    Scenario Outline: The client redeems the code <way>
      Given the client holds a code
      When the client redeems the code <way>
      Then the bank gives tokens all the same

      Examples:
        | way                                          |
        | with its credentials in the body             |
        | with the scheme in lower case                |
        | with a parameter that the bank does not know |

  Rule: A code works once, for a short time, and for its own client and redirect URI

    @id:bs2-code-reuse @req:RFC6749-4.1.2-c @req:RFC6749-5.2-c @req:BS2-error-b @kind:negative @sandbox-safe
    Scenario: The code is redeemed again
      Given the client redeemed a code
      When the client redeems the code again
      Then the bank refuses the code

    @id:bs2-code-reuse-revokes @req:RFC6749-4.1.2-d @kind:negative @sandbox-safe
    Scenario: The replay of a code ends the tokens that it gave
      Given the client redeemed a code
      When the client redeems the code again
      Then the tokens that the code gave stop working

    @id:bs2-code-lifetime @req:BS2-code-c @req:RFC6749-4.1.2-a @req:RFC6749-5.2-c @kind:edge @needs:clock
    Scenario Outline: The code lives for 10 minutes: <moment>
      Given the client holds a code
      When the client redeems the code <moment> 10 minutes have passed
      Then the bank <answer>

      Examples:
        | moment             | answer           |
        | one second before  | gives tokens     |
        | at the very moment | refuses the code |
        | one second after   | refuses the code |

    @id:bs2-code-other-client @req:RFC6749-4.1.2-e @req:RFC6749-4.1.3-b @req:RFC6749-5.2-c @kind:negative @needs:second-client @sandbox-safe
    Scenario: Another client redeems the code
      Given the client holds a code
      When another client redeems the code
      Then the bank refuses the code

    @id:bs2-code-other-redirect-uri @req:RFC6749-4.1.3-c @req:RFC6749-4.1.2-e @req:RFC6749-5.2-c @kind:negative @sandbox-safe
    Scenario: The redirect URI differs from the request's
      Given the client holds a code
      When the client redeems the code with another redirect URI
      Then the bank refuses the code

    @id:bs2-code-unknown @req:RFC6749-5.2-c @req:BS2-error-b @kind:negative @sandbox-safe
    Scenario: The bank never gave the code
      Given the client holds a code
      When the client redeems the code with a code that the bank never gave
      Then the bank refuses the code

    @id:bs2-code-unknown-answer @req:BS2-error-b @kind:record @sandbox-safe
    Scenario: What an unknown code is answered
      Given the client holds a code
      When the client redeems the code with a code that the bank never gave
      Then the answer is recorded

    @id:bs2-code-no-redirect-uri @req:BS2-code-i @req:RFC6749-4.1.3-c @req:BS2-code-a @req:BS2-error-c @req:RFC6749-5.2-a @kind:negative @sandbox-safe
    Scenario: The redirect URI is left out
      Given the client holds a code
      When the client redeems the code without a redirect URI
      Then the bank refuses the request

  Rule: A request that is not complete gets an error that a program can read

    @id:bs2-code-incomplete @req:BS2-code-f @req:BS2-error-c @req:RFC6749-5.2-a @kind:negative @sandbox-safe
    Scenario Outline: The client redeems the code <fault>
      Given the client holds a code
      When the client redeems the code <fault>
      Then the bank refuses the request
      And the error is JSON in the allowed characters

      Examples:
        | fault                   |
        | without the code itself |
        | with an empty code      |
        | without a grant type    |

    @id:bs2-code-repeated @req:RFC6749-3.1-c @req:BS2-error-c @req:RFC6749-5.2-a @kind:negative @sandbox-safe
    Scenario: The code comes twice
      Given the client holds a code
      When the client redeems the code with the code sent twice
      Then the bank refuses the request

    @id:bs2-code-json @req:BS2-grants-e @req:RFC6749-5.2-a @req:BS2-error-c @kind:negative
    Scenario: The request is JSON
      Given the client holds a code
      When the client redeems the code as JSON
      Then the bank refuses the request

    @id:bs2-grant-type-unknown @req:BS2-error-e @req:RFC6749-5.2-a @kind:negative @sandbox-safe
    Scenario: The grant type is unknown
      Given the client holds a code
      When the client redeems the code by an unknown grant type
      Then the bank refuses the grant type
      And the error is JSON in the allowed characters

    @id:bs2-error-status @req:BS2-error-f @req:RFC6749-5.2-a @req:RFC6749-5.2-c @kind:negative @sandbox-safe
    Scenario: An unknown code gets one of the documented statuses
      Given the client holds a code
      When the client redeems the code with a code that the bank never gave
      Then the error is JSON in the allowed characters

    @id:bs2-gateway-codes @req:BS2-error-h @kind:negative
    Scenario Outline: The gateway's code for a request <fault>
      Given the client holds a code
      When the client redeems the code <fault>
      Then the answer carries the gateway's code <code>

      Examples:
        | fault                                | code    |
        | without the code itself              | 3003103 |
        | with a code that the bank never gave | 3003113 |
        | by an unknown grant type             | 3003119 |
        | by the grant type password           | 3003202 |

  Rule: Nobody gets tokens in the client's name

    @id:bs2-wrong-client @req:BS2-error-a @req:RFC6749-5.2-b @req:RFC6749-4.1.3-b @kind:negative @sandbox-safe
    Scenario: The API Secret is wrong
      Given the client holds a code
      When the client redeems the code with a wrong secret
      Then the bank refuses the client
      And the answer carries the gateway's code 3003201

    @id:bs2-credentials-in-address @req:BS2-code-e @req:RFC6749-5.2-b @kind:negative @sandbox-safe
    Scenario: Credentials in the address do not count
      Given the client holds a code
      When the client redeems the code with its credentials in the address only
      Then the bank refuses the client

    @id:bs2-no-credentials @req:BS2-code-h @req:RFC6749-4.1.3-b @req:RFC6749-5.2-b @kind:negative @sandbox-safe
    Scenario: The client says not who it is
      Given the client holds a code
      When the client redeems the code with no credentials
      Then the bank refuses the client

  Rule: Other products get their tokens by other grants

    @id:bs2-client-credentials @req:BS2-grants-a @kind:positive @needs:control
    Scenario: The client asks for a token of its own
      When the client asks for a token of its own
      Then the bank knows the grant type
      And the bank gives an access token and nothing to refresh or identify

    @id:bs2-password-grant @req:BS2-grants-b @kind:positive @needs:control
    Scenario: The client asks with the user's password
      When the client asks for tokens with the user's password
      Then the bank knows the grant type
      And the bank gives tokens

    @id:bs2-password-grant-lifetime @req:BS2-grants-c @req:RFC6749-5.2-c @kind:edge @needs:clock @needs:control
    Scenario Outline: Such a refresh token lives for 10 minutes: <moment>
      Given the client holds tokens that it got with the user's password
      When the client refreshes <moment> 10 minutes have passed
      Then the bank <answer>

      Examples:
        | moment             | answer                    |
        | one second before  | gives new tokens          |
        | at the very moment | refuses the refresh token |

  Rule: There is no PKCE

    @id:bs2-pkce @req:BS2-pkce-a @kind:record @sandbox-safe
    Scenario: What a challenge does at a bank that documents none
      Given the client holds a code that it asked for with PKCE
      When the client redeems the code with no verifier
      Then the answer is recorded

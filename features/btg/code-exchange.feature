@bank:btg
Feature: BTG exchanges the authorization code for tokens
  The client posts the code with its id and secret and gets an access token, a refresh token and an id_token.

  Rule: The client that a code was given to gets tokens for it

    @id:btg-code-exchange @req:BTG-token-a @req:RFC6749-5.1-a @req:OIDCC-3.1.3.3-a @req:RFC6749-2.3.1-a @kind:positive @sandbox-safe
    Scenario: The client redeems the code
      Given the client holds a code
      When the client redeems the code
      Then the bank knows the client and the grant type
      And the bank gives tokens
      And a refresh token comes with them
      And the access token is to be sent as Bearer
      And an id_token comes with them
      And the answer names the scope that was granted
      And the access token is announced for 86400 seconds

    @id:btg-token-answer-not-cached @req:RFC6749-5.1-b @req:OIDCC-3.1.3.3-a @kind:positive @sandbox-safe
    Scenario: No cache keeps the tokens
      Given the client holds a code
      When the client redeems the code
      Then no cache may keep the answer

    @id:btg-token-answer-shape @req:BTG-token-f @req:BTG-token-e @kind:positive @sandbox-safe
    Scenario: The answer has the documented members
      Given the client holds a code
      When the client redeems the code
      Then the answer is JSON with the documented members in order

    @id:btg-token-types @req:RFC6749-5.1-a @req:BTG-token-a @kind:positive @sandbox-safe
    Scenario: The lifetime is a number
      Given the client holds a code
      When the client redeems the code
      Then every member of the answer has its type

    @id:btg-token-form @req:BTG-refresh-j @kind:positive @sandbox-safe
    Scenario: The refresh token says nothing
      Given the client holds a code
      When the client redeems the code
      Then the refresh token is opaque

    @id:btg-token-length @req:RFC6749-10.10-a @kind:positive @sandbox-safe
    Scenario: Nobody guesses a code or a token
      Given the client holds a code
      When the client redeems the code
      Then code and tokens are too long to be guessed

    @id:btg-code-exchange-variants @req:RFC7617-2-a @req:RFC6749-3.1-b @kind:positive @sandbox-safe
    Scenario Outline: The client redeems the code <way>
      Given the client holds a code
      When the client redeems the code <way>
      Then the bank gives tokens all the same

      Examples:
        | way                                          |
        | with the scheme in lower case                |
        | with a parameter that the bank does not know |

    @id:btg-body-credentials @req:BTG-token-h @kind:record @sandbox-safe
    Scenario: What credentials in the body do
      Given the client holds a code
      When the client redeems the code with its credentials in the body
      Then the answer is recorded

  Rule: A code works once, for a short time, and for its own client and redirect URI

    @id:btg-code-reuse @req:RFC6749-4.1.2-c @req:RFC6749-5.2-c @kind:negative @sandbox-safe
    Scenario: The code is redeemed again
      Given the client redeemed a code
      When the client redeems the code again
      Then the bank refuses the code

    @id:btg-code-reuse-revokes @req:RFC6749-4.1.2-d @kind:negative @sandbox-safe
    Scenario: The replay of a code ends the tokens that it gave
      Given the client redeemed a code
      When the client redeems the code again
      Then the tokens that the code gave stop working

    @id:btg-code-lifetime @req:BTG-token-c @req:RFC6749-4.1.2-a @req:RFC6749-5.2-c @kind:edge @needs:clock
    Scenario Outline: The code lives for 10 minutes: <moment>
      Given the client holds a code
      When the client redeems the code <moment> 10 minutes have passed
      Then the bank <answer>

      Examples:
        | moment             | answer           |
        | one second before  | gives tokens     |
        | at the very moment | refuses the code |
        | one second after   | refuses the code |

    @id:btg-code-other-client @req:RFC6749-4.1.2-e @req:RFC6749-4.1.3-b @req:RFC6749-5.2-c @kind:negative @needs:second-client @sandbox-safe
    Scenario: Another client redeems the code
      Given the client holds a code
      When another client redeems the code
      Then the bank refuses the code

    @id:btg-code-other-redirect-uri @req:RFC6749-4.1.3-c @req:RFC6749-4.1.2-e @req:RFC6749-5.2-c @kind:negative @sandbox-safe
    Scenario: The redirect URI differs from the request's
      Given the client holds a code
      When the client redeems the code with another redirect URI
      Then the bank refuses the code

    @id:btg-code-no-redirect-uri @req:RFC6749-4.1.3-c @req:RFC6749-5.2-a @kind:negative @sandbox-safe
    Scenario: The redirect URI is left out
      Given the client holds a code
      When the client redeems the code without a redirect URI
      Then the bank refuses the request

    @id:btg-code-unknown @req:BTG-token-b @req:RFC6749-5.2-c @kind:negative @sandbox-safe
    Scenario: The bank never gave the code
      Given the client holds a code
      When the client redeems the code with a code that the bank never gave
      Then the bank refuses the code

    @id:btg-code-unknown-answer @req:BTG-error-c @kind:record @sandbox-safe
    Scenario: What an unknown code is answered
      Given the client holds a code
      When the client redeems the code with a code that the bank never gave
      Then the answer is recorded

  Rule: A request that is not complete gets an error that a program can read

    @id:btg-code-incomplete @req:BTG-error-c @req:RFC6749-5.2-a @kind:negative @sandbox-safe
    Scenario Outline: The client redeems the code <fault>
      Given the client holds a code
      When the client redeems the code <fault>
      Then the bank refuses the request
      And the error is JSON in the allowed characters
      And the error says in words what is wrong

      Examples:
        | fault                   |
        | without the code itself |
        | with an empty code      |
        | without a grant type    |

    @id:btg-code-repeated @req:RFC6749-3.1-c @req:RFC6749-5.2-a @kind:negative @sandbox-safe
    Scenario: The code comes twice
      Given the client holds a code
      When the client redeems the code with the code sent twice
      Then the bank refuses the request

    @id:btg-code-json @req:BTG-token-e @req:RFC6749-5.2-a @kind:negative
    Scenario: The request is JSON
      Given the client holds a code
      When the client redeems the code as JSON
      Then the bank refuses the request

    @id:btg-grant-type @req:BTG-client-c @req:RFC9700-2.4-a @req:RFC6749-5.2-a @kind:negative @sandbox-safe
    Scenario Outline: The client redeems the code <fault>
      Given the client holds a code
      When the client redeems the code <fault>
      Then the bank refuses the grant type

      Examples:
        | fault                      |
        | by an unknown grant type   |
        | by the grant type password |

  Rule: Nobody gets tokens in the client's name

    @id:btg-wrong-client @req:BTG-error-a @req:RFC6749-5.2-b @req:RFC6749-4.1.3-b @kind:negative @sandbox-safe
    Scenario: The secret is wrong
      Given the client holds a code
      When the client redeems the code with a wrong secret
      Then the bank refuses the client

    @id:btg-no-credentials @req:RFC6749-4.1.3-b @req:OIDCC-3.1.3.2-a @req:RFC6749-5.2-b @kind:negative @sandbox-safe
    Scenario: The client says not who it is
      Given the client holds a code
      When the client redeems the code with no credentials
      Then the bank refuses the client

    @id:btg-no-secret @req:RFC6749-4.1.3-b @req:RFC6749-5.2-b @kind:negative @sandbox-safe
    Scenario: The client says who it is and proves nothing
      Given the client holds a code
      When the client redeems the code with its id and no secret
      Then the bank gives no tokens

    @id:btg-credentials-in-address @req:BTG-token-j @kind:negative @needs:control
    Scenario: Credentials in the address do not count
      Given the client holds a code
      When the client redeems the code with its credentials in the address only
      Then the bank gives no tokens

    @id:btg-app-not-found @req:BTG-error-b @req:RFC6749-5.2-b @kind:negative @sandbox-safe
    Scenario: The client is unknown in this environment
      Given the client holds a code
      When an unknown client redeems the code
      Then the bank refuses the client
      And the answer says app-not-found

  Rule: A client without a user gets no banking

    @id:btg-client-credentials @req:BTG-client-a @kind:positive @needs:control
    Scenario: The client asks for a token of its own
      When the client asks for a token of its own
      Then the bank knows the grant type
      And the bank gives an access token and nothing to refresh or identify

    @id:btg-client-credentials-no-banking @req:BTG-client-b @kind:negative @needs:control
    Scenario: The client's own token opens no account
      Given the client holds a token of its own
      When the client calls the API
      Then the API forbids the call

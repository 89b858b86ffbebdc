@bank:bs2
Feature: BS2 exchanges the authorization code for tokens
  The client posts the code with its API Key and API Secret and gets an access token and a refresh token.

  Rule: The client that a code was given to gets tokens for it

    @id:bs2-code-exchange @req:BS2-code-a @req:BS2-code-b @req:RFC6749-5.1-a @req:RFC6749-2.3.1-a @kind:positive @sandbox-safe
    Scenario: The client redeems the code
      Given the client holds a code
      When the client redeems the code
      Then the bank gives tokens
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

    @id:bs2-code-lifetime @req:BS2-code-c @req:RFC6749-4.1.2-a @kind:edge @needs:clock
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

    @id:bs2-code-other-redirect-uri @req:RFC6749-4.1.3-c @req:RFC6749-4.1.2-e @kind:negative @sandbox-safe
    Scenario: The redirect URI differs from the request's
      Given the client holds a code
      When the client redeems the code with another redirect URI
      Then the bank refuses the code

    @id:bs2-code-no-redirect-uri @req:RFC6749-4.1.3-c @req:BS2-code-a @req:BS2-error-c @kind:negative @sandbox-safe
    Scenario: The redirect URI is left out
      Given the client holds a code
      When the client redeems the code without a redirect URI
      Then the bank refuses the request

  Rule: Nobody gets tokens in the client's name

    @id:bs2-wrong-client @req:BS2-error-a @req:RFC6749-5.2-b @req:RFC6749-4.1.3-b @kind:negative @sandbox-safe
    Scenario: The API Secret is wrong
      Given the client holds a code
      When the client redeems the code with a wrong secret
      Then the bank refuses the client
      And the answer carries the gateway's code 3003201

    @id:bs2-credentials-in-address @req:BS2-code-e @kind:negative @sandbox-safe
    Scenario: Credentials in the address do not count
      Given the client holds a code
      When the client redeems the code with its credentials in the address only
      Then the bank refuses the client

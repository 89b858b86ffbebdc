@bank:bs2
Feature: BS2 refreshes tokens
  The refresh token lives for 30 days. Each refresh gives a new pair and ends the old one.

  Rule: A refresh gives a new pair of tokens and ends the old pair

    @id:bs2-refresh @req:BS2-tokens-c @req:BS2-tokens-e @req:RFC6749-6-e @req:BS2-tokens-d @kind:positive @sandbox-safe @grant:kept
    Scenario: The client refreshes
      Given the client holds tokens
      When the client refreshes
      Then the bank knows the grant type
      And the bank gives new tokens
      And the refresh token is a new one
      And the new tokens work
      And the granted scope is unchanged
      And the access token is announced for 420 seconds

    @id:bs2-refresh-old-access-token @req:BS2-tokens-g @kind:negative @sandbox-safe @grant:kept
    Scenario: The old access token dies at once
      Given the client refreshed its tokens
      When the client calls the API with the access token from before the refresh
      Then the API refuses the access token

    @id:bs2-second-grant-access-token @req:BS2-tokens-l @kind:record @needs:control
    Scenario: What a second consent of the same user does to the first one's access token
      Given the client holds tokens
      And the same user consented once more
      When the client calls the API with the older access token
      Then the API's answer is recorded

    @id:bs2-refresh-reuse @req:BS2-tokens-h @req:RFC9700-4.14.2-b @req:RFC6749-5.2-c @kind:negative @sandbox-safe
    Scenario: A refresh token works once
      Given the client refreshed its tokens
      When the client refreshes with the refresh token that it already used
      Then the bank refuses the refresh token

    @id:bs2-refresh-reuse-answer @req:BS2-tokens-h @kind:record @sandbox-safe
    Scenario: What a used refresh token is answered
      Given the client refreshed its tokens
      When the client refreshes with the refresh token that it already used
      Then the answer is recorded

    @id:bs2-refresh-reuse-aftermath @req:BS2-tokens-j @kind:record @sandbox-safe
    Scenario: What the replay of a refresh token does to the newest one
      Given the client refreshed its tokens
      And the used refresh token was tried again
      When the client refreshes
      Then the answer is recorded

    @id:bs2-refresh-simultaneous @req:BS2-tokens-h @req:RFC9700-4.14.2-b @req:RFC6749-5.2-c @kind:negative
    Scenario: Of simultaneous refreshes one wins
      Given the client holds tokens
      When the client refreshes 5 times at once with the same refresh token
      Then exactly one refresh gets tokens
      And the winner's tokens work

  Rule: A refresh needs the scope, and no more than was granted

    @id:bs2-refresh-without-scope @req:BS2-refresh-b @req:BS2-error-c @req:RFC6749-5.2-a @kind:negative @sandbox-safe @grant:run
    Scenario: The scope is left out
      Given the client holds tokens
      When the client refreshes without a scope
      Then the bank refuses the request

    @id:bs2-refresh-narrower-scope @req:RFC6749-3.3-a @kind:positive @sandbox-safe
    Scenario: The client asks for less than was granted
      Given the client holds tokens
      When the client refreshes for a part of its scope
      Then the answer names no more than that part of the scope

    @id:bs2-refresh-scope-kept @req:RFC6749-6-e @kind:positive @sandbox-safe
    Scenario: Asking for less once loses nothing for good
      Given the client refreshed for a part of its scope
      When the client refreshes with its whole scope
      Then the bank gives new tokens
      And the granted scope is unchanged

    @id:bs2-refresh-foreign-scope @req:BS2-error-d @req:RFC6749-5.2-a @kind:negative @sandbox-safe @grant:run
    Scenario: The client asks for a scope that it did not register
      Given the client holds tokens
      When the client refreshes for a scope of nobody
      Then the bank refuses the scope

    @id:bs2-refresh-wider-scope @req:RFC9700-4.14.2-a @req:RFC6749-5.2-a @kind:negative @sandbox-safe
    Scenario: The client asks for more than was granted
      Given the client holds tokens for a part of its scope
      When the client refreshes with its whole scope
      Then the bank refuses the scope

  Rule: A refresh token is its own client's

    @id:bs2-refresh-wrong-client @req:BS2-refresh-a @req:RFC6749-6-c @req:RFC6749-5.2-b @kind:negative @sandbox-safe @grant:run
    Scenario: The API Secret is wrong
      Given the client holds tokens
      When the client refreshes with a wrong secret
      Then the bank refuses the client

    @id:bs2-refresh-no-credentials @req:BS2-refresh-a @req:RFC6749-6-c @req:RFC6749-5.2-b @kind:negative @sandbox-safe @grant:run
    Scenario: The client says not who it is
      Given the client holds tokens
      When the client refreshes with no credentials
      Then the bank refuses the client

    @id:bs2-refresh-incomplete @req:BS2-refresh-d @req:BS2-error-c @req:RFC6749-5.2-a @req:RFC6749-3.1-c @kind:negative @sandbox-safe @grant:run
    Scenario Outline: The client refreshes <fault>
      Given the client holds tokens
      When the client refreshes <fault>
      Then the bank refuses the request

      Examples:
        | fault                             |
        | without the refresh token itself  |
        | with the refresh token sent twice |

    @id:bs2-refresh-other-value @req:RFC6749-5.2-c @req:BS2-error-b @kind:negative @sandbox-safe
    Scenario Outline: The client refreshes <fault>
      Given the client holds tokens
      When the client refreshes <fault>
      Then the bank refuses the refresh token

      @grant:run
      Examples:
        | fault                                         |
        | with a refresh token that the bank never gave |
        | with the access token in its place            |

      Examples:
        | fault                            |
        | with the spent code in its place |

    @id:bs2-refresh-other-client @req:RFC6749-6-c @req:RFC6749-5.2-c @kind:negative @needs:second-client @sandbox-safe @grant:run
    Scenario: Another client refreshes
      Given the client holds tokens
      When another client refreshes with that refresh token
      Then the bank refuses the refresh token

  Rule: Tokens live as long as documented, to the second

    @id:bs2-refresh-lifetime @req:BS2-tokens-a @req:RFC9700-4.14.2-c @req:RFC6749-5.2-c @kind:edge @needs:clock
    Scenario Outline: The refresh token lives for 30 days: <moment>
      Given the client holds tokens
      When the client refreshes <moment> 30 days have passed
      Then the bank <answer>

      Examples:
        | moment             | answer                    |
        | one second before  | gives new tokens          |
        | at the very moment | refuses the refresh token |
        | one second after   | refuses the refresh token |

    @id:bs2-refresh-lifetime-restarts @req:BS2-tokens-i @req:RFC6749-5.2-c @kind:edge @needs:clock
    Scenario Outline: Each refresh starts a new 30 days: <moment>
      Given the client holds tokens that were refreshed after 20 days
      When the client refreshes <moment> 30 days have passed
      Then the bank <answer>

      Examples:
        | moment             | answer                    |
        | one second before  | gives new tokens          |
        | at the very moment | refuses the refresh token |

    @id:bs2-access-token-lifetime @req:BS2-tokens-d @kind:edge @needs:clock
    Scenario Outline: The access token lives for 420 seconds: <moment>
      Given the client holds tokens
      When the client calls the API <moment> 420 seconds have passed
      Then the API <answer>

      Examples:
        | moment             | answer                           |
        | one second before  | lets the client in               |
        | at the very moment | refuses the access token         |
        | one second after   | refuses the access token         |

    @id:bs2-refresh-after-access-token @req:BS2-tokens-b @kind:edge @needs:clock
    Scenario: An expired access token does not stop the refresh token
      Given the client holds tokens
      When the client refreshes one second after 420 seconds have passed
      Then the bank gives new tokens

    @id:bs2-refresh-slides @req:BS2-tokens-i @kind:record @needs:clock
    Scenario: Whether the 30 days start anew with each refresh
      Given the client holds tokens that were refreshed after 29 days
      When the client refreshes one second after 2 days have passed
      Then the answer is recorded

    @id:bs2-refresh-expired-consent @req:BS2-tokens-p @req:RFC9700-4.14.2-c @kind:edge @needs:clock
    Scenario: After that a new consent is needed, and works
      Given the client holds tokens of which the refresh token has expired
      When the client redeems the code of a new consent
      Then the bank gives tokens
      And the new access token opens the account

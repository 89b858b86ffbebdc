@bank:btg
Feature: BTG refreshes tokens
  The refresh token lives for 10 days and is renewable.

  Rule: A refresh gives new tokens of the same grant

    @id:btg-refresh @req:BTG-refresh-h @req:BTG-refresh-a @req:RFC6749-6-e @kind:positive @sandbox-safe @grant:kept
    Scenario: The client refreshes
      Given the client holds tokens
      When the client refreshes
      Then the bank knows the grant type
      And the bank gives new tokens
      And the new tokens work
      And the granted scope is unchanged

    @id:btg-refresh-rotation @req:BTG-refresh-c @kind:positive @sandbox-safe @grant:kept
    Scenario: The refresh token rotates
      Given the client holds tokens
      When the client refreshes
      Then the refresh token is a new one

    @id:btg-refresh-reuse @req:BTG-refresh-d @req:RFC9700-4.14.2-b @req:RFC6749-5.2-c @kind:negative @sandbox-safe
    Scenario: A refresh token works once
      Given the client refreshed its tokens
      When the client refreshes with the refresh token that it already used
      Then the bank refuses the refresh token

    @id:btg-refresh-reuse-answer @req:BTG-refresh-d @kind:record @sandbox-safe
    Scenario: What a used refresh token is answered
      Given the client refreshed its tokens
      When the client refreshes with the refresh token that it already used
      Then the answer is recorded

    @id:btg-refresh-reuse-aftermath @req:BTG-refresh-k @kind:record @sandbox-safe
    Scenario: What the replay of a refresh token does to the newest one
      Given the client refreshed its tokens
      And the used refresh token was tried again
      When the client refreshes
      Then the answer is recorded

    @id:btg-refresh-id-token @req:BTG-refresh-i @req:OIDCC-12.2-a @kind:positive @needs:clock
    Scenario: The refreshed id_token is of the same login
      Given the client holds tokens of a login an hour ago
      When the client refreshes
      Then an id_token comes again
      And the refreshed id_token keeps issuer, user, client and time of login
      And the refreshed id_token is newly made and carries no nonce

    @id:btg-old-access-token @req:BTG-refresh-e @kind:record @sandbox-safe @grant:kept
    Scenario: What becomes of the old access token
      Given the client refreshed its tokens
      When the client calls the API with the access token from before the refresh
      Then the API's answer is recorded

    @id:btg-refresh-simultaneous @req:BTG-refresh-d @req:RFC9700-4.14.2-b @req:RFC6749-5.2-c @kind:negative @needs:control
    Scenario: Of simultaneous refreshes one wins
      Given the client holds tokens
      When the client refreshes 5 times at once with the same refresh token
      Then exactly one refresh gets tokens
      And the winner's tokens work

  Rule: A refresh token is its own client's, and for no more than was granted

    @id:btg-refresh-other-client @req:RFC6749-6-c @req:OIDCC-12.1-a @req:RFC6749-5.2-c @kind:negative @needs:second-client @sandbox-safe @grant:run
    Scenario: Another client refreshes
      Given the client holds tokens
      When another client refreshes with that refresh token
      Then the bank refuses the refresh token

    @id:btg-refresh-wrong-client @req:BTG-refresh-a @req:RFC6749-6-c @req:RFC6749-5.2-b @kind:negative @sandbox-safe @grant:run
    Scenario: The secret is wrong
      Given the client holds tokens
      When the client refreshes with a wrong secret
      Then the bank refuses the client

    @id:btg-refresh-no-secret @req:RFC6749-6-c @kind:negative @sandbox-safe @grant:run
    Scenario: The client says who it is and proves nothing
      Given the client holds tokens
      When the client refreshes with its id and no secret
      Then the bank gives no tokens

    @id:btg-refresh-incomplete @req:BTG-error-c @req:RFC6749-3.1-c @req:RFC6749-5.2-a @kind:negative @sandbox-safe @grant:run
    Scenario Outline: The client refreshes <fault>
      Given the client holds tokens
      When the client refreshes <fault>
      Then the bank refuses the request

      Examples:
        | fault                             |
        | without the refresh token itself  |
        | with the refresh token sent twice |

    @id:btg-refresh-other-value @req:RFC6749-5.2-c @kind:negative @sandbox-safe
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

    @id:btg-refresh-narrower-scope @req:RFC6749-3.3-a @kind:positive @sandbox-safe
    Scenario: The client asks for less than was granted
      Given the client holds tokens
      When the client refreshes for a part of its scope
      Then the answer names no more than that part of the scope

    @id:btg-refresh-scope-kept @req:RFC6749-6-e @kind:positive @sandbox-safe
    Scenario: Asking for less once loses nothing for good
      Given the client refreshed for a part of its scope
      When the client refreshes with its whole scope
      Then the bank gives new tokens
      And the granted scope is unchanged

    @id:btg-refresh-wider-scope @req:RFC9700-4.14.2-a @req:RFC6749-5.2-a @kind:negative @sandbox-safe
    Scenario: The client asks for more than was granted
      Given the client holds tokens for a part of its scope
      When the client refreshes with its whole scope
      Then the bank refuses the scope

  Rule: Tokens live as long as documented, to the second

    @id:btg-refresh-lifetime @req:BTG-refresh-b @req:RFC9700-4.14.2-c @req:RFC6749-5.2-c @kind:edge @needs:clock
    Scenario Outline: The refresh token lives for 10 days: <moment>
      Given the client holds tokens
      When the client refreshes <moment> 10 days have passed
      Then the bank <answer>

      Examples:
        | moment             | answer                    |
        | one second before  | gives new tokens          |
        | at the very moment | refuses the refresh token |
        | one second after   | refuses the refresh token |

    @id:btg-refresh-lifetime-restarts @req:BTG-refresh-f @req:RFC6749-5.2-c @kind:edge @needs:clock
    Scenario Outline: Each refresh starts a new 10 days: <moment>
      Given the client holds tokens that were refreshed after 5 days
      When the client refreshes <moment> 10 days have passed
      Then the bank <answer>

      Examples:
        | moment             | answer                    |
        | one second before  | gives new tokens          |
        | at the very moment | refuses the refresh token |

    @id:btg-access-token-lifetime @req:BTG-access-token-d @kind:edge @needs:clock
    Scenario Outline: The access token lives for 24 hours: <moment>
      Given the client holds tokens
      When the client calls the API <moment> 24 hours have passed
      Then the API <answer>

      Examples:
        | moment             | answer                           |
        | one second before  | lets the client in               |
        | at the very moment | refuses the access token         |
        | one second after   | refuses the access token         |

    @id:btg-refresh-slides @req:BTG-refresh-f @kind:record @needs:clock
    Scenario: Whether the 10 days start anew with each refresh
      Given the client holds tokens that were refreshed after 9 days
      When the client refreshes one second after 2 days have passed
      Then the answer is recorded

    @id:btg-refresh-expired-consent @req:BTG-refresh-l @req:RFC9700-4.14.2-c @kind:edge @needs:clock
    Scenario: After that a new consent is needed, and works
      Given the client holds tokens of which the refresh token has expired
      When the client redeems the code of a new consent
      Then the bank gives tokens
      And the new access token opens the account

  Rule: Refreshing too often hits a quota

    @id:btg-refresh-quota @req:BTG-refresh-g @kind:negative @needs:control @needs:clock
    Scenario: The quota of an hour is used up
      Given the bank limits refreshes to 3 an hour
      And the client made 3 refreshes
      When the client refreshes
      Then the bank refuses it for coming too often

    @id:btg-refresh-quota-answer @req:BTG-refresh-g @kind:record @needs:control @needs:clock
    Scenario: What the bank answers over the quota
      Given the bank limits refreshes to 3 an hour
      And the client made 3 refreshes
      When the client refreshes
      Then the answer is recorded

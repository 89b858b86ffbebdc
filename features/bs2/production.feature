@bank:bs2
Feature: BS2 asks more of a client in production
  What works in homologação can fail on the day of go-live: shorter tokens, a code in the User-Agent, a list of
  addresses.

  Rule: In production access tokens live for 300 seconds

    @id:bs2-production-token @req:BS2-tokens-q @kind:positive @needs:control
    Scenario: The client redeems the code
      Given the bank is in production, and the client sends the code that it was given
      And the client holds a code
      When the client redeems the code
      Then the bank gives tokens
      And the access token is announced for 300 seconds

    @id:bs2-production-token-lifetime @req:BS2-tokens-q @kind:edge @needs:clock @needs:control
    Scenario Outline: The access token lives for 300 seconds: <moment>
      Given the bank is in production, and the client sends the code that it was given
      And the client holds tokens
      When the client calls the API <moment> 300 seconds have passed
      Then the API <answer>

      Examples:
        | moment             | answer                           |
        | one second before  | lets the client in               |
        | at the very moment | refuses the access token         |

  Rule: The gateway lets in only whom the bank expects

    @id:bs2-user-agent-code @req:BS2-production-a @kind:negative @needs:control
    Scenario: The User-Agent lacks the bank's code
      Given the bank is in production, and the client sends the code that it was given
      And the client holds tokens
      And the client forgets the code of the User-Agent
      When the client calls the API and the token endpoint
      Then the gateway lets neither through

@bank:bs2
Feature: BS2 limits token requests
  A client may make 10 token requests a minute, of whatever grant. The API itself has no limit while a token is valid.

  Rule: The eleventh token request of a minute is refused

    @id:bs2-rate-limit @req:BS2-limit-a @kind:negative @needs:clock @needs:control
    Scenario: The client sends one too many
      Given the bank limits token requests to 10 a minute
      When the client makes 11 token requests
      Then the bank gives tokens 10 times
      And the bank refuses the last for coming too often

    @id:bs2-rate-limit-window @req:BS2-limit-c @kind:edge @needs:clock @needs:control
    Scenario Outline: The minute slides: <moment>
      Given the bank limits token requests to 10 a minute
      And the client made 10 token requests
      When the client refreshes <moment> 60 seconds have passed
      Then the bank <answer>

      Examples:
        | moment             | answer                          |
        | one second before  | refuses it for coming too often |
        | at the very moment | gives new tokens                |
        | one second after   | gives new tokens                |

    @id:bs2-rate-limit-refused @req:BS2-limit-f @kind:edge @needs:clock @needs:control
    Scenario: Requests that were too many do not prolong the wait
      Given the bank limits token requests to 10 a minute
      And the client made 10 token requests, and half a minute later 10 too many
      When the client refreshes at the very moment 30 seconds have passed
      Then the bank gives new tokens

    @id:bs2-rate-limit-other-client @req:BS2-limit-e @kind:positive @needs:clock @needs:control @needs:second-client
    Scenario: Each client has its own ten
      Given the bank limits token requests to 10 a minute
      And the client made 10 token requests
      When another client asks for tokens
      Then the bank gives tokens

    @id:bs2-rate-limit-strangers @req:BS2-limit-d @kind:negative @needs:clock @needs:control
    Scenario: A stranger without the API Secret cannot use up the client's requests
      Given the bank limits token requests to 10 a minute
      And the client holds tokens
      And someone made 20 token requests with a wrong secret
      When the client refreshes
      Then the bank gives new tokens

    @id:bs2-rate-limit-answer @req:BS2-limit-b @kind:record @needs:clock @needs:control
    Scenario: What the bank answers over the limit
      Given the bank limits token requests to 10 a minute
      And the client made 10 token requests
      When the client makes one more token request
      Then the answer is recorded

  Rule: The API has no limit while the token is valid

    @id:bs2-rate-limit-form @req:BS2-limit-b @kind:negative @needs:clock @needs:control
    Scenario: The bank says when to come again, and no more
      Given the bank limits token requests to 10 a minute
      And the client made 10 token requests
      When the client makes one more token request
      Then the answer is 429 with Retry-After and an empty body

    @id:bs2-api-no-limit @req:BS2-tokens-f @kind:positive @needs:control
    Scenario: The client calls the API again and again
      Given the bank limits token requests to 10 a minute
      And the client holds tokens
      When the client calls the API 30 times
      Then the API answers every time

@bank:bs2
Feature: BS2 guards the accounts
  An access token opens the account of the user who consented, and no other.

  Rule: A valid access token opens the user's own account

    @id:bs2-balance @req:BS2-resource-a @req:RFC6750-2.1-a @kind:positive @sandbox-safe @grant:kept
    Scenario: The client reads the balance
      Given the client holds tokens
      When the client calls the API
      Then the API answers with the user's own data

    @id:bs2-balance-older @req:BS2-resource-k @kind:positive
    Scenario: The client reads the balance at its older address
      Given the client holds tokens
      When the client calls the older balance
      Then the API answers with the user's own data

    @id:bs2-balance-of-day @req:BS2-resource-j @kind:positive
    Scenario: The client reads the balance of a day
      Given the client holds tokens
      When the client calls the balance of a day
      Then the API answers with the user's own data

    @id:bs2-statement @req:BS2-resource-i @kind:positive
    Scenario Outline: The client reads <resource>
      Given the client holds tokens
      When the client calls <resource>
      Then the API answers with a statement of the recorded form

      Examples:
        | resource            |
        | the statement       |
        | the older statement |

    @id:bs2-business-error @req:BS2-resource-h @kind:negative
    Scenario: A call that makes no sense gets a business error
      Given the client holds tokens
      When the client calls the balance of no day
      Then the API answers with a list of tag and descricao

    @id:bs2-two-users @req:BS2-resource-e @kind:positive @needs:control
    Scenario: Two users are kept apart
      Given the client holds the tokens of two users
      When the client calls the API for each of them
      Then each answer shows that user's account and no other

    @id:bs2-two-users-refresh @req:BS2-tokens-k @kind:positive @needs:control
    Scenario: A refresh for one user leaves the other's tokens alone
      Given the client holds the tokens of two users
      When the client refreshes the tokens of the first user
      Then the tokens of the second user still work

  Rule: Any other token is refused

    @id:bs2-bearer @req:BS2-resource-b @req:RFC6750-3.1-a @kind:negative @sandbox-safe
    Scenario Outline: The client sends <token>
      Given the client holds tokens
      When the client calls the API with <token>
      Then the API answers as to an invalid token

      @grant:kept
      Examples:
        | token                    |
        | an unknown token         |
        | a shortened access token |

      @grant:run
      Examples:
        | token             |
        | the refresh token |

    @id:bs2-bearer-elsewhere @req:BS2-resource-b @req:BS2-resource-f @req:RFC6750-3.1-a @kind:negative @sandbox-safe @grant:kept
    Scenario Outline: The client sends <token>
      Given the client holds tokens
      When the client calls the API with <token>
      Then the API refuses the call with 401

      Examples:
        | token                           |
        | the access token in the address |
        | the access token under Basic    |

    @id:bs2-bearer-challenge @req:RFC6750-3-a @req:RFC6750-3.1-a @kind:negative @sandbox-safe @grant:kept
    Scenario: The refusal says that the token is invalid
      Given the client holds tokens
      When the client calls the API with an unknown token
      Then the API says that the token is invalid

    @id:bs2-resources-need-token @req:BS2-resource-f @req:RFC6750-3-a @req:RFC6750-3-b @kind:negative
    Scenario Outline: The client calls <resource> with no token
      When the client calls <resource> without a token
      Then the API asks for a token and names no error

      Examples:
        | resource            |
        | the balance         |
        | the older balance   |
        | the statement       |
        | the older statement |

    @id:bs2-bearer-missing @req:RFC6750-3-a @req:RFC6750-3-b @kind:negative @sandbox-safe
    Scenario: The client sends no token
      When the client calls the API with no token
      Then the API asks for a token and names no error

    @id:bs2-scope-of-resource @req:BS2-resource-d @kind:negative @sandbox-safe
    Scenario: The token is not for this feature
      Given the client holds tokens for another feature
      When the client calls the API
      Then the API forbids the call

    @id:bs2-not-provisioned @req:BS2-resource-c @kind:negative @needs:control
    Scenario: The bank has not bound the client to an account yet
      Given a client that the bank has not provisioned holds tokens
      When the client calls the API
      Then the API forbids the call with an empty body

@bank:btg
Feature: BTG guards the accounts
  An access token opens the accounts of the company that the user consented for, and no other.

  Rule: A valid access token opens the company's accounts

    @id:btg-accounts @req:BTG-resource-a @req:RFC6750-2.1-a @kind:positive @sandbox-safe @grant:kept
    Scenario: The client lists the accounts
      Given the client holds tokens
      When the client calls the API
      Then the API answers with the user's own data

    @id:btg-account-ids @req:BTG-resource-a @kind:positive @sandbox-safe @grant:kept
    Scenario: The ids of accounts are made as they were seen
      Given the client holds tokens
      When the client calls the accounts
      Then each accountId is made of CNPJ, 208, branch and number

    @id:btg-account-members @req:BTG-resource-h @kind:positive @sandbox-safe @grant:kept
    Scenario: The accounts have the members that were seen
      Given the client holds tokens
      When the client calls the accounts
      Then each account has accountId, branchCode and number

    @id:btg-balances @req:BTG-resource-g @kind:positive @sandbox-safe @grant:kept
    Scenario: The client reads the balances of an account
      Given the client holds tokens
      When the client calls the balances of an account
      Then the API answers with the available and the blocked amount

    @id:btg-two-users @req:BTG-resource-d @kind:positive @needs:control
    Scenario: Two users are kept apart
      Given the bank is in production, where users consent for their own companies
      And the client holds the tokens of two users
      When the client calls the API for each of them
      Then each answer shows that user's account and no other

    @id:btg-two-companies @req:BTG-resource-d @kind:negative @needs:control
    Scenario: A token of one company does not open another of the same user
      Given the bank is in production, where users consent for their own companies
      And the client holds tokens for the first company of a user with two
      When the client calls the API of the second company
      Then the API forbids the call

    @id:btg-other-company-in-sandbox @req:BTG-resource-e @kind:negative @sandbox-safe @grant:kept
    Scenario: The sandbox knows one company only
      Given the client holds tokens
      When the client calls the API of a company that is not the sandbox's
      Then the API does not find it

  Rule: Any other token is refused

    @id:btg-bearer @req:BTG-resource-b @req:RFC6750-3.1-a @kind:negative @sandbox-safe
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

      Examples:
        | token        |
        | the id_token |

      @grant:kept
      Examples:
        | token                                  |
        | the access token with an altered claim |
        | the access token unsigned              |
        | the access token in the address        |
        | the access token under Basic           |

    @id:btg-bearer-challenge @req:RFC6750-3-a @req:RFC6750-3.1-a @kind:negative @sandbox-safe @grant:kept
    Scenario: The refusal says that the token is invalid
      Given the client holds tokens
      When the client calls the API with an unknown token
      Then the API says that the token is invalid

    @id:btg-resources-need-token @req:BTG-resource-b @req:RFC6750-3-a @req:RFC6750-3-b @kind:negative
    Scenario Outline: The client calls <resource> with no token
      When the client calls <resource> without a token
      Then the API asks for a token and names no error

      Examples:
        | resource                   |
        | the accounts               |
        | the balances of an account |

    @id:btg-bearer-missing @req:RFC6750-3-a @req:RFC6750-3-b @kind:negative @sandbox-safe
    Scenario: The client sends no token
      When the client calls the API with no token
      Then the API asks for a token and names no error

    @id:btg-scope-of-resource @req:BTG-scope-a @req:BTG-resource-c @req:RFC6750-3.1-a @kind:negative @sandbox-safe
    Scenario: The token lacks the scope
      Given the client holds tokens for another feature
      When the client calls the API
      Then the API forbids the call and lists the scopes that would do

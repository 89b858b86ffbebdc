@bank:btg
Feature: BTG ends a grant that the client gives up
  The client revokes its refresh token when a user disconnects.

  Rule: A revoked grant is over

    @id:btg-revoke @req:BTG-revoke-a @kind:positive @sandbox-safe
    Scenario: The client revokes its refresh token
      Given the client holds tokens
      When the client revokes its refresh token
      Then the bank confirms the revocation

    @id:btg-revoke-refresh-token @req:BTG-revoke-a @req:RFC6749-5.2-c @kind:negative @sandbox-safe
    Scenario: The revoked refresh token is dead
      Given the client revoked its refresh token
      When the client refreshes
      Then the bank refuses the refresh token

    @id:btg-revoke-access-token @req:RFC7009-2.1-c @req:BTG-revoke-b @kind:negative @sandbox-safe
    Scenario: The access token dies with the refresh token
      Given the client revoked its refresh token
      When the client calls the API
      Then the API refuses the access token

    @id:btg-revoke-unknown @req:RFC7009-2.2-a @req:BTG-revoke-c @kind:positive @sandbox-safe
    Scenario: An unknown token counts as revoked
      When the client revokes a token that the bank does not know
      Then the bank confirms the revocation

    @id:btg-revoke-twice @req:RFC7009-2.2-a @kind:positive @sandbox-safe
    Scenario: The client revokes twice
      Given the client revoked its refresh token
      When the client revokes its refresh token
      Then the bank confirms the revocation

    @id:btg-revoke-hint @req:RFC7009-2.1-d @kind:positive @sandbox-safe
    Scenario: A hint that says nothing does no harm
      Given the client holds tokens
      When the client revokes its refresh token under a hint that the bank does not know
      Then the bank takes the revocation

    @id:btg-revoke-nothing @req:RFC7009-2.2.1-a @req:RFC6749-5.2-a @kind:negative @sandbox-safe
    Scenario: The token is left out
      When the client revokes no token
      Then the bank refuses the request

    @id:btg-revoke-access-token-only @req:BTG-revoke-e @kind:record @sandbox-safe
    Scenario: What the revocation of an access token leaves alive
      Given the client revoked its access token
      When the client refreshes
      Then the answer is recorded

  Rule: A client ends its own grants only

    @id:btg-revoke-other-client @req:RFC7009-2.1-b @req:BTG-revoke-d @kind:negative @needs:second-client @sandbox-safe @grant:run
    Scenario: Another client revokes the refresh token
      Given another client tried to revoke the client's refresh token
      When the client refreshes
      Then the bank gives new tokens

    @id:btg-revoke-wrong-secret @req:RFC7009-2.1-a @req:BTG-revoke-d @req:RFC6749-5.2-b @kind:negative @sandbox-safe @grant:run
    Scenario: The secret is wrong
      Given the client holds tokens
      When the client revokes its refresh token with a wrong secret
      Then the bank refuses the client

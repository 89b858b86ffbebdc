@bank:btg
Feature: BTG's tokens say whose they are
  The id_token proves to the client who logged in; the access token is a signed JWT.

  Rule: The id_token is for this client, from this bank, about this login

    @id:btg-id-token @req:BTG-id-token-a @req:OIDCC-2-a @req:OIDCC-2-b @kind:positive @sandbox-safe
    Scenario: The client gets an id_token
      Given the client holds a code
      When the client redeems the code
      Then the id_token is signed with HS256 and the client's secret
      And the id_token is for this client and from this bank
      And the id_token is new and not expired

    @id:btg-id-token-nonce @req:OIDCC-2-a @req:BTG-id-token-b @kind:positive @sandbox-safe
    Scenario: The id_token answers this login
      Given the client holds a code that it asked for with a nonce
      When the client redeems the code
      Then the id_token carries the nonce that was sent

    @id:btg-id-token-header @req:BTG-id-token-c @req:OIDCC-2-c @kind:positive @sandbox-safe
    Scenario: The header names the algorithm and nothing to fetch
      Given the client holds a code
      When the client redeems the code
      Then the id_token's header is exactly alg HS256

  Rule: The access token is a JWT with the documented contents

    @id:btg-access-token @req:OIDCC-10.1-a @req:BTG-access-token-a @kind:positive @sandbox-safe
    Scenario: The access token has the documented form
      Given the client holds a code
      When the client redeems the code
      Then the access token is an RS256 JWT of type at+jwt
      And its first claims are sub, scope, iss, exp, iat, client_id and jti
      And it has no audience

    @id:btg-access-token-content @req:BTG-access-token-b @kind:positive @sandbox-safe
    Scenario: The access token is of this user, client and time
      Given the client holds a code
      When the client redeems the code
      Then the access token names this client and this bank
      And the access token names a person by CPF
      And the access token expires 86400 seconds after it was made

    @id:btg-access-token-company @req:BTG-access-token-c @kind:positive @sandbox-safe
    Scenario: The access token names the company
      Given the client holds a code
      When the client redeems the code
      Then the access token names the company that the user chose

  Rule: What the bank says of itself is complete

    @id:btg-metadata @req:BTG-metadata-a @kind:record @sandbox-safe
    Scenario: Whether the bank publishes metadata
      When a client looks for the metadata
      Then whether there are any is recorded

    @id:btg-metadata-complete @req:OIDCD-3-a @req:OIDCD-4.2-a @req:RFC9207-2.3-a @kind:positive @needs:control
    Scenario: Where it does, they are complete
      Given the bank publishes its metadata
      When a client looks for the metadata
      Then they have every required member and say that iss comes with the redirect

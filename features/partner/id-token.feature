@bank:btg
Feature: The application believes no id_token that it should not believe

  With the tokens BTG gives an id_token, signed with HS256 and the client's secret. An application that sends a nonce
  relies on it, and uses no token of an answer whose id_token does not fit. OpenID Connect lets an application go without
  verifying the signature where the id_token comes straight from the token endpoint over TLS, as it does here.

  Background:
    Given an application that connects a customer and calls the bank
    And it believes id_tokens

  Rule: It comes from the bank that was asked

    @id:partner.id-token.iss-wrong @req:OIDCC-3.1.3.7-2 @req:RFC8725-3.8-a @kind:negative
    Scenario: The issuer is another
      When the code is answered with an id_token of another issuer
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.iss-missing @req:OIDCC-3.1.3.7-2 @req:OIDCC-2-a @kind:negative
    Scenario: There is no issuer
      When the code is answered with an id_token without iss
      Then no token of that answer is used
      And the customer can connect again

  Rule: It is for this application

    @id:partner.id-token.aud-wrong @req:OIDCC-3.1.3.7-3 @req:RFC8725-3.9-a @kind:negative
    Scenario: The audience is another
      When the code is answered with an id_token for another client
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.aud-missing @req:OIDCC-3.1.3.7-3 @req:RFC8725-3.9-a @req:OIDCC-2-a @kind:negative
    Scenario: There is no audience
      When the code is answered with an id_token without aud
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.aud-extra @req:OIDCC-3.1.3.7-3 @kind:negative
    Scenario: The audience includes a stranger
      When the code is answered with an id_token for this client and a stranger
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.aud-array @req:OIDCC-3.1.3.7-3 @kind:positive
    Scenario: The audience is a list of one
      When the code is answered with an id_token whose aud is a list of this client alone
      Then the tokens serve the customer

  Rule: It says who logged in

    @id:partner.id-token.sub-missing @req:OIDCC-2-a @kind:negative
    Scenario: There is no sub
      When the code is answered with an id_token without sub
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.missing @req:OIDCC-3.1.3.3-a @req:RFC9700-4.5.3.2-a @kind:negative
    Scenario: There is no id_token
      When the code is answered with no id_token
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.access-token @req:RFC8725-3.12-a @kind:negative
    Scenario: The access token takes its place
      When the code is answered with the access token in place of the id_token
      Then no token of that answer is used
      And the customer can connect again

  Rule: It is of this login

    @id:partner.id-token.nonce-wrong @req:OIDCC-3.1.3.7-11 @req:RFC9700-4.5.3.2-a @kind:negative
    Scenario: The nonce is another
      Given it sends a nonce
      When the code is answered with an id_token with another nonce
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.nonce-missing @req:OIDCC-3.1.3.7-11 @req:RFC9700-4.5.3.2-a @kind:negative
    Scenario: There is no nonce
      Given it sends a nonce
      When the code is answered with an id_token without nonce
      Then no token of that answer is used
      And the customer can connect again

  Rule: It is valid now

    @id:partner.id-token.exp-past @req:OIDCC-3.1.3.7-9 @kind:negative
    Scenario: It has expired
      When the code is answered with an id_token that expired an hour ago
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.exp-missing @req:OIDCC-3.1.3.7-9 @req:OIDCC-2-a @kind:negative
    Scenario: There is no expiry
      When the code is answered with an id_token without exp
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.iat-missing @req:OIDCC-2-a @kind:negative
    Scenario: There is no time of issue
      When the code is answered with an id_token without iat
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.iat-week-old @req:OIDCC-3.1.3.7-10 @kind:negative
    Scenario: It was issued a week ago
      When the code is answered with an id_token that was issued a week ago
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.clock-skew @req:OIDCC-3.1.3.7-9 @req:OIDCC-3.1.3.7-10 @kind:record
    Scenario: The clocks of bank and application differ
      When id_tokens come whose times are off by seconds, minutes and an hour
      Then clocks that differ by more than 10 minutes are not tolerated

  Rule: Its signature is the bank's

    @id:partner.id-token.signature-bad @req:OIDCC-3.1.3.7-6 @req:RFC8725-3.3-a @kind:negative
    Scenario: The signature is wrong
      When the code is answered with an id_token with a wrong signature
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.alg-none @req:RFC8725-3.2-a @req:OIDCC-2-b @kind:negative
    Scenario: It is not signed
      Given it verifies the signatures of id_tokens
      When the code is answered with an id_token that is not signed
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.alg-other @req:OIDCC-3.1.3.7-7 @req:RFC8725-3.1-a @kind:negative
    Scenario: It is signed with another algorithm
      Given it verifies the signatures of id_tokens
      When codes are answered with id_tokens of other algorithms
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.hs256-public-key @req:RFC8725-3.1-a @kind:negative
    Scenario: It is keyed with what everybody knows
      Given it verifies the signatures of id_tokens
      When the code is answered with an id_token keyed with the bank's public key
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.jku-header @req:RFC8725-3.10-a @req:OIDCC-2-c @kind:negative
    Scenario: Its header says where keys are
      When the code is answered with an id_token whose header says where keys are
      Then nobody asks for keys there
      And the customer can connect again

  Rule: After a refresh it is still the same

    @id:partner.id-token.refreshed-iss @req:OIDCC-12.2-b @kind:negative
    Scenario: A refresh comes from another issuer
      When a refresh is answered with an id_token of another issuer
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.refreshed-sub @req:OIDCC-12.2-b @kind:negative
    Scenario: A refresh is about another person
      When a refresh is answered with an id_token about another person
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.refreshed-aud @req:OIDCC-12.2-b @kind:negative
    Scenario: A refresh is for another client
      When a refresh is answered with an id_token for another client
      Then no token of that answer is used
      And the customer can connect again

    @id:partner.id-token.refreshed-nonce @req:OIDCC-12.2-a @kind:negative
    Scenario: A refresh has a nonce of nobody
      Given it sends a nonce
      When a refresh is answered with an id_token with a nonce of nobody
      Then no token of that answer is used
      And the customer can connect again

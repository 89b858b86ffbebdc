@bank:bs2 @bank:btg
Feature: The application reads the bank's token answer

  A good answer may be written otherwise than yesterday. What is no token answer is no success, whatever its status.

  Background:
    Given an application that connects a customer and calls the bank

  Rule: An answer that is right in other words is used

    @id:partner.token-response.unknown-members @req:RFC6749-5.1-c @kind:positive
    Scenario: The answer has members that nobody knows
      Given a customer who is on the way back from the bank
      When the token answer has members that nobody knows
      Then the application serves the customer with its tokens

    @id:partner.token-response.token-type-case @req:RFC6749-5.1-d @kind:positive
    Scenario: The token type is written bEARER
      Given a customer who is on the way back from the bank
      When the token answer spells the type bEARER
      Then the application serves the customer with its tokens

    @id:partner.token-response.scope-missing @req:RFC6749-3.3-b @kind:positive
    Scenario: The answer does not repeat the scope
      Given a customer who is on the way back from the bank
      When the token answer lacks scope
      Then the application serves the customer with its tokens

    @id:partner.token-response.expires-in-missing @req:RFC6749-5.1-c @kind:edge
    Scenario: The answer does not say how long the token lives
      Given a customer who is on the way back from the bank
      When the token answer lacks expires_in
      Then the application had better serve the customer with its tokens

  Rule: What is no answer with Bearer tokens is not used as one

    @id:partner.token-response.token-type-unknown @req:RFC6749-5.1-d @kind:negative
    Scenario: The token is of a type that the application does not know
      Given a customer who is on the way back from the bank
      When the token answer names the type mac
      Then the application had better not use its tokens
      And the customer can connect once more

    @id:partner.token-response.html @req:RFC6749-5.1-e @kind:negative
    Scenario: A page comes in the place of the tokens
      Given a customer who is on the way back from the bank
      When the token answer is a page
      Then the application takes nothing in it for a token
      And the customer can connect once more

    @id:partner.token-response.empty @req:RFC6749-5.1-e @kind:negative
    Scenario: Nothing comes in the place of the tokens
      Given a customer who is on the way back from the bank
      When the token answer is empty
      Then the application takes nothing in it for a token
      And the customer can connect once more

    @id:partner.token-response.truncated @req:RFC6749-5.1-e @kind:negative
    Scenario: Half of the tokens come
      Given a customer who is on the way back from the bank
      When the token answer is cut in half
      Then the application takes nothing in it for a token
      And the customer can connect once more

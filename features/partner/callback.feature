@bank:bs2 @bank:btg
Feature: The application takes the bank's answer to its authorization request

  The customer comes back with a code or an error. Only the answer to the request that this customer's session began
  may lead to tokens.

  Background:
    Given an application that connects a customer and calls the bank

  Rule: An answer that does not belong to the session leads to nothing

    @id:partner.callback.attacker-session @req:RFC6749-10.12-a @req:RFC9700-2.1-c @kind:negative
    Scenario: An attacker's answer arrives in a session that waits for its own
      Given a customer who is on the way back from the bank
      And an attacker who has an authorization response of their own
      When the attacker's response is brought to the application by the customer
      Then the attacker's grant serves nobody but the attacker

    @id:partner.callback.state-altered @req:RFC6749-10.12-a @req:RFC9700-2.1-c @kind:negative
    Scenario: The state is not the one that was sent
      Given a customer who is on the way back from the bank
      When the response arrives with another state
      Then the code is not redeemed

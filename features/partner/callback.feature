Feature: The application takes the bank's answer to its authorization request

  The customer comes back with a code or an error. Only the answer to the request that this customer's session began
  may lead to tokens.

  Background:
    Given an application that connects a customer and calls the bank

  Rule: An answer that does not belong to the session leads to nothing

    @bank:bs2 @bank:btg @id:partner.callback.attacker-session @req:RFC6749-10.12-a @req:RFC9700-2.1-c @req:RFC9700-4.5.3.2-a @kind:negative
    Scenario: An attacker's answer arrives in a session that waits for its own
      Given a customer who is on the way back from the bank
      And an attacker who has an authorization response of their own
      When the attacker's response is brought to the application by the customer
      Then the attacker's grant serves nobody but the attacker

    @bank:bs2 @bank:btg @id:partner.callback.no-session @req:RFC6749-10.12-a @req:RFC9700-2.1-c @kind:negative
    Scenario: An answer arrives with somebody who never connected
      Given an attacker who has an authorization response of their own
      When somebody who never connected brings it to the application
      Then no grant comes of it

    @bank:bs2 @bank:btg @id:partner.callback.state-altered @req:RFC6749-10.12-a @req:RFC9700-2.1-c @kind:negative
    Scenario: The state is not the one that was sent
      Given a customer who is on the way back from the bank
      When the response arrives with another state
      Then the code is not redeemed

    @bank:bs2 @bank:btg @id:partner.callback.state-missing @req:RFC6749-10.12-a @req:RFC9700-2.1-c @kind:negative
    Scenario: The state that was sent does not come back
      Given a customer who is on the way back from the bank
      When the response arrives without its state
      Then the code is not redeemed

    @bank:bs2 @bank:btg @id:partner.callback.state-cut-short @req:RFC6749-10.12-a @req:RFC9700-2.1-c @kind:negative
    Scenario: The state that comes back is empty, or the beginning of the one that was sent
      Given a customer who is on the way back from the bank
      When responses arrive with an empty state, and with the beginning of the right one
      Then neither of their codes is redeemed

    @bank:bs2 @bank:btg @id:partner.callback.state-replayed @req:RFC9700-4.2.4-a @req:RFC9700-2.1-c @kind:negative
    Scenario: A state that was used comes again, with another code
      Given a customer who connected by one of two responses
      When the other response arrives with the state that was used
      Then its code becomes no grant

  Rule: An error is told, and asks for no token

    @bank:bs2 @bank:btg @id:partner.callback.denied @req:RFC6749-4.1.2.1-b @kind:negative
    Scenario: The customer refused at the bank
      Given a customer who refused at the bank
      When the refusal is brought to the application
      Then the customer is told
      And the customer can connect afterwards
      And nothing was taken for a code

    @bank:bs2 @bank:btg @id:partner.callback.error-unknown @req:RFC6749-4.1.2.1-b @kind:negative
    Scenario: The bank sends an error that no specification has
      Given a customer who refused at the bank
      When the error that is brought to the application is one that nobody knows
      Then the customer is told
      And the customer can connect afterwards
      And nothing was taken for a code

    @bank:bs2 @bank:btg @id:partner.callback.error-without-state @req:RFC6749-4.1.2.1-b @kind:negative
    Scenario: The bank sends an error and leaves the state out
      Given a customer who refused at the bank
      When the error is brought to the application without a state
      Then the customer is told
      And the customer can connect afterwards
      And nothing was taken for a code

    @bank:bs2 @bank:btg @id:partner.callback.error-description-escaped @req:RFC6749-10.14-b @kind:negative
    Scenario: An error is described in markup
      Given a customer who refused at the bank
      When errors are brought to the application with markup in their description
      Then no page has it as markup

  Rule: An answer of another bank leads to nothing

    @bank:btg @id:partner.callback.iss-wrong @req:RFC9207-2.4-a @kind:negative
    Scenario: The issuer is one that nobody knows
      Given a customer who is on the way back from the bank
      When the response arrives with the issuer of nobody
      Then its code is sent to nobody

    @bank:btg @id:partner.callback.iss-missing @req:RFC9207-2.4-b @kind:negative
    Scenario: The issuer is missing
      Given a customer who is on the way back from the bank
      When the response arrives without its issuer
      Then its code is sent to nobody

    @bank:btg @id:partner.callback.iss-trailing-slash @req:RFC9207-2.4-a @kind:negative
    Scenario: The issuer is written with a slash at its end
      Given a customer who is on the way back from the bank
      When the response arrives with a slash after its issuer
      Then its code is sent to nobody

    @bank:btg @id:partner.callback.iss-other-bank @req:RFC9207-2.4-a @req:RFC9700-4.4.2-a @kind:negative
    Scenario: The issuer is the other bank
      Given a customer who is on the way back from the bank
      When the response arrives with the address of the other bank as its issuer
      Then its code is sent to nobody

    @bank:bs2 @bank:btg @both-banks @id:partner.callback.mix-up @req:RFC9700-2.1-d @req:RFC9700-4.4.2-a @kind:negative
    Scenario: The answers of two banks are mixed up
      Given a customer who is on the way back from the bank
      And an authorization response of the other bank
      When responses arrive as if the banks had been mixed up
      Then no bank gets a code of the other

    @bank:bs2 @bank:btg @both-banks @id:partner.callback.distinct-redirect-uris @req:RFC9700-2.1-d @req:RFC9700-4.4.2-b @kind:positive
    Scenario: Each bank has a redirect URI of its own
      When the application is a client of both
      Then each has a redirect URI of its own

  Rule: An answer is read as the specification says, and taken once

    @bank:bs2 @bank:btg @id:partner.callback.duplicate-code @req:RFC6749-3.1-d @kind:negative
    Scenario: There are two codes
      Given a customer who is on the way back from the bank
      When the response arrives with two codes
      Then neither code is taken

    @bank:bs2 @bank:btg @id:partner.callback.unknown-parameters @req:RFC6749-4.1.2-g @kind:positive
    Scenario: There are parameters that nobody knows
      Given a customer who is on the way back from the bank
      When the response arrives with parameters that nobody knows
      Then the response is taken, and the customer served

    @bank:bs2 @bank:btg @id:partner.callback.long-code @req:RFC6749-4.1.2-g @kind:positive
    Scenario: The code is long
      Given a bank whose codes are long
      And a customer who is on the way back from the bank
      When the response arrives
      Then the response is taken, and the customer served

    @bank:bs2 @bank:btg @id:partner.callback.replayed @req:RFC6749-4.1.2-b @kind:negative
    Scenario: The customer opens the same answer again
      Given a customer who connected
      When the customer opens the same response again
      Then the code is not sent again
      And the customer stays connected

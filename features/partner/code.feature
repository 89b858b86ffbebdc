Feature: The application redeems a code

  Rule: The token request is as the bank asks

    A breach shows even where the bank refused the request. Nothing passes for an application that does not connect.

    @bank:bs2 @bank:btg @id:partner.code.redirect-uri @req:RFC6749-4.1.3-a @req:BS2-code-g @req:BTG-token-d @kind:positive
    Scenario: The redirect URI is the one of the authorization request
      When the application redeems a code
      Then its redirect URI is the one of the authorization request

    @bank:bs2 @bank:btg @id:partner.code.client-authentication @req:RFC6749-2.3-a @req:RFC6749-3.2.1-a @req:RFC6749-2.3.1-b @kind:positive
    Scenario: The client authenticates in one way
      When the application redeems a code
      Then the client authenticates in one way

    @bank:bs2 @bank:btg @id:partner.code.request-form @req:RFC6749-3.2-a @req:RFC6749-2.3.1-c @req:RFC6749-4.1.3-a @kind:positive
    Scenario: The request is a form, with nothing in the address
      When the application redeems a code
      Then it is a form by POST, with nothing in the address

    @bank:btg @id:partner.code.verifier @req:RFC7636-4.5-a @req:RFC7636-4.1-a @kind:positive
    Scenario: The verifier belongs to the challenge
      When the application redeems a code
      Then it brings the verifier of the challenge

  Rule: A code is sent once, whatever comes of it

    @bank:bs2 @bank:btg @id:partner.code.sent-once @req:RFC6749-4.1.2-b @kind:negative
    Scenario: All goes well
      When the application redeems a code
      Then the code is sent once

    @bank:bs2 @bank:btg @id:partner.code.lost-answer @req:RFC6749-4.1.2-b @req:RFC6749-4.1.2-h @kind:negative
    Scenario: The answer is lost
      Given an application that connects a customer and calls the bank
      And a customer who is on the way back from the bank
      When the answer to the token request is lost
      Then the code is not sent again
      And the customer can connect afterwards

    @bank:bs2 @bank:btg @id:partner.code.refused @req:RFC6749-4.1.2-b @req:RFC6749-4.1.2-h @kind:negative
    Scenario: The bank refuses the code
      Given an application that connects a customer and calls the bank
      And a customer who is on the way back from the bank
      When the bank refuses the code
      Then the code is not sent again
      And the application does not crash
      And the customer can connect afterwards

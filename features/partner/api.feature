Feature: The application calls the bank's API for its customers

  Each call goes out with the token of the customer for whom it is made. A token that the bank refuses is renewed once;
  what no token cures is told to the customer.

  Rule: The access token stands where the bank looks for it, and nowhere else

    @bank:bs2 @bank:btg @id:partner.api.bearer-header @req:RFC6750-2-a @req:RFC6750-2.3-a @req:BS2-resource-g @req:BTG-resource-f @kind:positive
    Scenario: A call of the API is authorized
      Given an application that got an access token
      When it calls the bank's API
      Then the access token is sent as Bearer in the Authorization header alone

  Rule: A token that the bank refuses is renewed once

    Background:
      Given an application that connects a customer and calls the bank

    @bank:bs2 @bank:btg @id:partner.api.unauthorized-once @req:RFC6750-3.1-b @req:BS2-resource-m @req:BTG-resource-j @kind:edge
    Scenario: The bank refuses a token before its time
      Given a customer whom the application serves
      When the bank refuses their access token
      Then the token is renewed once and the customer is served

    @bank:bs2 @bank:btg @id:partner.api.unauthorized-always @req:RFC6750-3.1-b @req:BS2-storm-a @req:PARTNER-outage-a @kind:edge
    Scenario: The bank refuses every token of a customer
      Given a customer whom the application serves
      When the bank refuses every access token of theirs
      Then the application does not go on renewing it

    @bank:bs2 @id:partner.api.invalid-token-text @req:BS2-resource-m @kind:edge
    Scenario: BS2 refuses a token in plain text
      Given a customer whom the application serves
      When the bank refuses their access token
      Then the plain text is understood as well as JSON would be

  Rule: What no token cures is no reason to renew one

    Background:
      Given an application that connects a customer and calls the bank

    @bank:bs2 @bank:btg @id:partner.api.forbidden @req:RFC6750-3.1-c @req:BS2-resource-n @req:BTG-resource-k @kind:negative
    Scenario: The customer may not see what is asked for
      Given a customer whom the application serves
      When the bank forbids their calls
      Then no token is renewed for it
      And the customer is served again when the bank allows it

    @bank:btg @id:partner.api.insufficient-scope @req:RFC6750-3.1-c @req:BTG-resource-l @kind:negative
    Scenario: The consent lacks a scope
      Given a customer whom the application serves
      When the bank says that their consent lacks a scope
      Then no token is renewed for it
      And the customer is served again when the bank allows it
      And the customer is told that the consent does not reach that far

  Rule: Each customer is served by their own consent

    Background:
      Given an application that connects a customer and calls the bank

    @bank:bs2 @bank:btg @id:partner.api.two-customers @req:PARTNER-customers-a @req:BS2-tokens-m @kind:negative
    Scenario: Two customers call at once
      Given a customer whom the application serves
      And another customer whom the application serves
      When both call, one after the other and at once
      Then each is served with their own consent

    @bank:btg @id:partner.api.wrong-company @req:BTG-resource-m @kind:negative
    Scenario: The consent is another company's
      When a customer consents for another company than the application works for
      Then the application notices it

@bank:bs2 @bank:btg
Feature: The application gets through a bad hour of the bank

  The bank's servers answer 500 or 503, reset connections, or do not answer at all. The application tells the customer,
  does not make it worse, goes on serving the others, and works again when the bank does.

  Background:
    Given an application that connects a customer and calls the bank

  Rule: An answer that does not come is not waited for without end, and keeps nobody else waiting

    @id:partner.resilience.token-stall @req:PARTNER-outage-b @req:PARTNER-outage-c @req:RFC6749-4.1.2-b @kind:edge
    Scenario: The token endpoint does not answer
      Given a customer whom the application serves
      And somebody who is on the way back from the bank and patient
      When the token endpoint does not answer for their code
      Then others are served meanwhile
      And the application gives up in the end

    @id:partner.resilience.api-stall @req:PARTNER-outage-b @req:PARTNER-outage-c @kind:edge
    Scenario: The bank's API does not answer
      Given a customer whom the application serves
      And somebody whom the application serves and who is patient
      When the bank's API does not answer for them
      Then others are served meanwhile
      And the application gives up in the end

  Rule: A failing token endpoint is neither stormed nor taken for the end of a consent

    @id:partner.resilience.token-error-500 @req:PARTNER-outage-a @req:PARTNER-outage-d @kind:edge
    Scenario: The token endpoint answers 500
      Given a customer who is on the way back from the bank
      When the token endpoint answers 500 for a while
      Then the application does not storm the bank
      And the customer is served when the bank works again

    @id:partner.resilience.token-error-503 @req:PARTNER-outage-a @req:PARTNER-outage-d @req:RFC9110-10.2.3-a @kind:edge
    Scenario: The token endpoint answers 503 and says when to come again
      Given a customer who is on the way back from the bank
      When the token endpoint answers 503 with Retry-After for a while
      Then the application does not storm the bank
      And the customer is served when the bank works again

    @id:partner.resilience.token-reset @req:PARTNER-outage-a @req:PARTNER-outage-d @kind:edge
    Scenario: The token endpoint resets the connection
      Given a customer who is on the way back from the bank
      When the token endpoint resets the connection for a while
      Then the application does not storm the bank
      And the customer is served when the bank works again

  Rule: A failing API is neither stormed nor taken for the end of a consent

    @id:partner.resilience.api-error-500 @req:PARTNER-outage-a @req:PARTNER-outage-d @kind:edge
    Scenario: The bank's API answers 500
      Given a customer whom the application serves
      When the bank's API answers 500 for a while
      Then the application does not storm the bank
      And the customer is served when the bank works again

    @id:partner.resilience.api-error-503 @req:PARTNER-outage-a @req:PARTNER-outage-d @req:RFC9110-10.2.3-a @kind:edge
    Scenario: The bank's API answers 503 and says when to come again
      Given a customer whom the application serves
      When the bank's API answers 503 with Retry-After for a while
      Then the application does not storm the bank
      And the customer is served when the bank works again

    @id:partner.resilience.api-reset @req:PARTNER-outage-a @req:PARTNER-outage-d @kind:edge
    Scenario: The bank's API resets the connection
      Given a customer whom the application serves
      When the bank's API resets the connection for a while
      Then the application does not storm the bank
      And the customer is served when the bank works again

@bank:bs2 @bank:btg
Feature: The application gets through a bad hour of the bank

  The bank's servers answer 500 or 503, or reset connections. The application tells the customer, does not make it worse,
  and works again when the bank does. What it does while the bank does not answer at all is in last/resilience.feature.

  Background:
    Given an application that connects a customer and calls the bank

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

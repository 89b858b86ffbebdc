@bank:bs2 @bank:btg
Feature: The application waits for a silent bank, and is looked back on

  These are made after all others. Time-outs take long and may fill the application's connections, so that they are waited
  for together; and only at the end is there every page, every redirect and every line of output to look at.

  Rule: An answer that does not come is not waited for without end, and keeps nobody else waiting

    Background:
      Given an application that connects a customer and calls the bank

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

  Rule: What is secret stays between the application and the bank

    @id:partner.resilience.no-secrets-in-pages @req:RFC6749-10.3-b @kind:negative
    Scenario: No page shows a secret
      When the pages that customers were shown are looked through
      Then no secret of the run is in them

    @id:partner.resilience.no-secrets-in-redirects @req:RFC6749-10.3-b @kind:negative
    Scenario: No redirect carries a secret
      When the redirects that customers were sent on are looked through
      Then no secret of the run is in them

    @id:partner.resilience.no-secrets-in-output @req:RFC6749-10.3-b @kind:negative
    Scenario: No line of output has a secret in it
      When the output of the application is looked through
      Then no secret of the run is in it

    @id:partner.resilience.no-stack-in-pages @req:PARTNER-pages-a @kind:negative
    Scenario: No page shows the inside of the application
      When the pages that customers were shown are looked through
      Then no stack trace is in them

  Rule: After all that, customers are served

    @id:partner.resilience.still-works @req:PARTNER-outage-d @kind:positive
    Scenario: A new customer comes when all is over
      Given an application that once connected a customer and called the bank
      When a new customer connects after everything else, and the application calls the bank for them
      Then they are served

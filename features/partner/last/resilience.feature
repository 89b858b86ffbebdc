@bank:bs2 @bank:btg
Feature: What the application showed and wrote in the whole run, and whether it still works

  These are made after all others: they look back on every page, every redirect and every line of output that the other
  checks led to.

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
      When a new customer connects and the application calls the bank for them
      Then they are served

@bank:bs2 @bank:btg
Feature: The application asks for tokens seldom

  BS2 takes ten token requests a minute of an application, for all of its customers together; BTG has a quota of
  refreshes by the hour. Calls of the API have no such limit.

  Background:
    Given an application that connects a customer and calls the bank

  Rule: An access token serves as many calls as come while it lives

    @id:partner.rate.no-refresh-per-call @req:BS2-limit-g @req:BTG-refresh-n @kind:negative
    Scenario: A customer comes back again and again
      Given a connected customer whose access token lives as it does in production
      When the customer is served several times
      Then the access token is not replaced at every call

    @id:partner.rate.requests-per-minute @req:BS2-limit-g @req:BTG-refresh-n @kind:negative
    Scenario: Nothing asks the application for anything
      Given a connected customer whose access token lives as it does in production
      When the customer is served several times
      Then the application makes few token requests

  Rule: A bank that says when to come back is asked again then

    @id:partner.rate.too-many-requests @req:RFC6585-4-a @req:BS2-limit-g @req:BTG-refresh-n @kind:negative
    Scenario: The bank has had enough token requests
      Given a connected customer whose access token soon ends
      When the bank answers the refresh with 429 and a time to wait
      Then it waits
      And the customer is served when the wait is over

@bank:bs2 @bank:btg
Feature: The application keeps a consent alive by its refresh tokens

  Access tokens end after minutes or a day. The refresh token that the bank gave last brings the next one; an older one
  brings nothing, and without any the customer has to consent again.

  Background:
    Given an application that connects a customer and calls the bank

  Rule: An access token that ends is replaced before a customer notices

    @id:partner.refresh.happens @req:RFC6749-6-a @req:BS2-tokens-m @req:BS2-tokens-n @req:BTG-refresh-m @kind:positive
    Scenario: The access token has ended
      Given a connected customer whose access token soon ends
      When the access token has ended
      Then the application refreshes
      And the customer is served again

    @id:partner.refresh.request @req:RFC6749-6-a @req:RFC6749-6-b @req:RFC6749-3.2-a @req:RFC6749-3.2.1-a @req:BS2-refresh-c @req:BTG-refresh-m @kind:positive
    Scenario: The refresh has everything that the bank wants, and nothing in its address
      Given a connected customer whose access token soon ends
      When the access token has ended
      Then the refresh is what this bank asks for

    @id:partner.refresh.lifetime-from-answer @req:RFC6749-5.1-f @req:BS2-tokens-n @req:BTG-token-k @kind:edge
    Scenario: An access token lives shorter than any before
      Given a connected customer whose access token soon ends
      When the access token ends by itself
      Then the customer is served all the same

    @id:partner.refresh.margin @req:BS2-tokens-n @req:BTG-token-k @kind:record
    Scenario: How long before its end an access token is replaced
      When access tokens of several lifetimes are used at once
      Then the margin of its refreshes is known

  Rule: The refresh token that the bank gave last is the one to use

    @id:partner.refresh.newest-token @req:RFC6749-6-d @req:BS2-refresh-c @req:BTG-refresh-m @kind:positive
    Scenario: A refresh after a refresh
      Given a connected customer all of whose access tokens soon end
      When the application refreshes for the customer, and again
      Then it uses the refresh token that is the newest
      And the customer is served again

    @id:partner.refresh.without-new-token @req:RFC6749-6-d @kind:edge
    Scenario: A refresh brings no new refresh token
      Given a connected customer all of whose access tokens soon end
      When the application refreshes for the customer, gets no new refresh token, and refreshes again
      Then it uses the refresh token that is the newest
      And the customer is served again

    @id:partner.refresh.kept-when-api-fails @req:RFC6749-6-d @req:PARTNER-outage-d @req:BS2-refresh-c @req:BTG-refresh-m @kind:edge
    Scenario: The bank's API fails the call for which the application refreshed
      Given a connected customer all of whose access tokens soon end
      When the application refreshes, and the bank's API answers 500 to the call that follows
      Then the customer is served with the consent that they gave
      And it goes on with the refresh token that the refresh brought

    @id:partner.refresh.before-expiry @req:RFC6749-6-a @req:BS2-tokens-m @req:BTG-refresh-m @kind:edge
    Scenario: A refresh in the last second
      Given a connected customer whose access token soon ends
      When the refresh token is one second before its end
      Then the application refreshes
      And the refresh is granted
      And the customer is served again

  Rule: However many calls find the access token dead, there is one refresh

    @id:partner.refresh.race @req:RFC6749-6-d @req:BS2-limit-g @req:BTG-refresh-n @kind:edge
    Scenario: Twenty calls at once find the access token dead
      Given a connected customer whose access token soon ends
      When the access token has ended and 20 calls come at once
      Then every call is served
      And the refresh token that it keeps is the newest

    @id:partner.refresh.late-401 @req:RFC6749-6-d @req:BS2-limit-g @req:BTG-refresh-n @kind:edge
    Scenario: A call learns that its token is dead when there is a newer one already
      Given a connected customer
      When a call gets its 401 after another one has refreshed
      Then it uses the newer token and does not refresh again

  Rule: When the consent is over, only the customer can help

    @id:partner.refresh.lost-answer @req:RFC6749-6-d @req:BS2-tokens-o @req:BTG-refresh-o @kind:negative
    Scenario: The answer to a refresh is lost
      Given a connected customer whose access token soon ends
      When no answer to the refresh arrives
      Then the refresh is repeated once at most
      And after a single answer that was lost it asks for a new consent
      And a new consent connects the customer again
      And the refused refresh token is left alone

    @id:partner.refresh.invalid-grant @req:BS2-tokens-o @req:BTG-refresh-o @kind:negative
    Scenario: The customer revoked the consent at the bank
      Given a connected customer whose access token soon ends
      And the customer revoked the consent at the bank
      When the application finds out
      Then it asks the customer for a new consent
      And a new consent connects the customer again
      And the refused refresh token is left alone

    @id:partner.refresh.after-expiry @req:BS2-tokens-o @req:BTG-refresh-o @kind:edge
    Scenario: The refresh token ended while nobody came
      Given a connected customer whose access token soon ends
      And the refresh token ended a second ago
      When the application finds out
      Then it asks the customer for a new consent
      And a new consent connects the customer again
      And the refused refresh token is left alone

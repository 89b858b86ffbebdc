@bank:btg
Feature: A user of BTG consents to the client
  The client sends the user to BTG Id. The bank asks for the login, shows the scopes, lets the user choose the company
  and sends the user back to the client with an authorization code.

  Background:
    Given the bank shows its login to the client's own request

  Rule: A consent ends at the client with a code

    @id:btg-consent @req:BTG-code-a @req:RFC9207-2-a @req:RFC6749-4.1.2-f @kind:positive @sandbox-safe
    Scenario: The user consents
      When the user consents
      Then the user comes back with exactly code, iss and state
      And the iss is the bank's issuer
      And the state is the one that was sent

    @id:btg-iss-form @req:RFC9207-2-b @req:RFC9207-2-a @kind:positive @sandbox-safe
    Scenario: The iss is a bare address
      When the user consents
      Then the iss is a bare address

    @id:btg-redirect-status @req:BTG-code-d @kind:positive @sandbox-safe
    Scenario: The user is sent back as documented
      When the user consents
      Then the bank redirects by 302

    @id:btg-consent-order @req:BTG-login-c @kind:positive
    Scenario: The password comes first, and is not enough
      Given the user is asked for the password
      When the user types the right password
      Then the bank goes on to what the client asks for
      And the client gets no code

    @id:btg-consent-developer @req:BTG-login-f @kind:positive @needs:control
    Scenario: In the sandbox a developer may consent
      Given the client holds tokens of a user who is a developer
      When the client calls the API
      Then the API lets the client in

    @id:btg-consent-shows-scopes @req:BTG-login-a @kind:positive @sandbox-safe
    Scenario: The user sees what the client asks for
      When the user is asked to consent
      Then the page names every scope that the client asked for

    @id:btg-consent-company @req:BTG-login-b @kind:positive @needs:control
    Scenario: In the sandbox only its own company is offered
      When the user is asked for the company
      Then the page offers the sandbox's company and no other

  Rule: Without the right password nothing is given

    @id:btg-wrong-password @req:BTG-login-c @req:OIDCC-3.1.2.4-a @kind:negative
    Scenario: The password is wrong
      Given the user is asked for the password
      When the user types a wrong password
      Then the bank asks for the password again
      And the client gets no code

    @id:btg-wrong-second-factor @req:BTG-login-d @kind:negative @needs:control
    Scenario: Where the bank asks for a second factor, a wrong one gives nothing
      Given the bank asks for an SMS token after the password
      And the user is asked for the token
      When the user types a wrong token
      Then the bank asks for the token again
      And the client gets no code

    @id:btg-second-factor-expired @req:BTG-login-d @kind:edge @needs:control @needs:clock
    Scenario: Where the bank asks for a second factor, an expired one gives nothing
      Given the bank asks for an SMS token after the password
      And the user is asked for the SMS token
      When the user types it one second after 5 minutes have passed
      Then the bank asks for the token again
      And the client gets no code

    @id:btg-developer-in-production @req:BTG-login-e @kind:negative @needs:control
    Scenario: In production a developer's token opens nothing
      Given the bank wants operators, as in production
      And the client holds tokens of a user who is a developer
      When the client calls the API
      Then the API forbids the call

  Rule: A user who denies sends the client away empty-handed

    @id:btg-form-sent-twice @req:BTG-login-i @kind:negative @needs:control
    Scenario: The last form is sent twice
      Given the user is asked for the company
      When the user sends the choice twice
      Then the client gets one code and no second one

    @id:btg-denial @req:BTG-code-b @req:RFC6749-4.1.2.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: The user denies
      When the user denies
      Then the user comes back with the error access_denied
      And the state is the one that was sent

    @id:btg-denial-iss @req:RFC9207-2-a @kind:negative @sandbox-safe
    Scenario: A denial says which bank it comes from
      When the user denies
      Then the iss is the bank's issuer

    @id:btg-denial-answer @req:BTG-code-b @kind:record @sandbox-safe
    Scenario: What a denial sends to the client
      When the user denies
      Then what came back is recorded

  Rule: The bank's pages guard the user

    @id:btg-pages-not-framed @req:RFC9700-4.16-a @kind:negative @sandbox-safe
    Scenario: No other site may frame the login
      When the user is asked for the password
      Then the page forbids framing and is kept by no cache

    @id:btg-login-redirect-drops-credentials @req:RFC9700-4.12-a @kind:negative @sandbox-safe
    Scenario: The redirect back carries no credentials along
      When the user consents
      Then the bank redirects in a way that does not repeat the form at the client

    @id:btg-form-forged @req:RFC6749-10.12-b @kind:negative @sandbox-safe
    Scenario: Another site cannot log the user in
      Given the user is asked for the password
      When another site sends the bank's login form with the user's password
      Then the bank does not take the form
      And the client gets no code

@bank:btg
Feature: A user of BTG consents to the client
  The client sends the user to BTG Id. The bank asks for the login, shows the scopes, lets the user choose the company
  and sends the user back to the client with an authorization code.

  Rule: A consent ends at the client with a code

    @id:btg-consent @req:BTG-code-a @req:RFC9207-2-a @req:RFC6749-4.1.2-f @kind:positive @sandbox-safe
    Scenario: The user consents
      When the user consents
      Then the user comes back with exactly code, iss and state
      And the iss is the bank's issuer
      And the state is the one that was sent

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
      And the user is asked for the SMS token
      When the user types a wrong token
      Then the bank asks for the token again
      And the client gets no code

  Rule: A user who denies sends the client away empty-handed

    @id:btg-denial @req:BTG-code-b @req:RFC6749-4.1.2.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: The user denies
      When the user denies
      Then the user comes back with the error access_denied
      And the state is the one that was sent

    @id:btg-denial-iss @req:RFC9207-2-a @kind:negative @sandbox-safe
    Scenario: A denial says which bank it comes from
      When the user denies
      Then the iss is the bank's issuer

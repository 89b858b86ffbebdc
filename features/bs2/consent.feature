@bank:bs2
Feature: A user of BS2 consents to the client
  The client sends the user to the bank. The bank asks for the password, shows what the client asks for, asks for a
  second factor, and sends the user back to the client with an authorization code.

  Background:
    Given the bank shows its login to the client's own request

  Rule: A consent confirmed by password and second factor sends the user back with a code

    @id:bs2-consent @req:BS2-holder-a @req:BS2-holder-c @req:BS2-holder-d @kind:positive @sandbox-safe
    Scenario: The user consents
      When the user consents
      Then the user comes back with exactly code and state
      And the state is the one that was sent

    @id:bs2-consent-second-factor @req:BS2-holder-b @kind:positive @needs:control
    Scenario Outline: The user confirms with the <factor> token
      When the user consents with the <factor> token
      Then the user comes back with a code

      Examples:
        | factor |
        | app    |
        | SMS    |

    @id:bs2-consent-client-in-address @req:BS2-consent-c @kind:positive
    Scenario: The browser brings the client's id in the address
      When the user consents at an address that names the client
      Then the user comes back with a code

    @id:bs2-consent-shows-features @req:BS2-consent-e @kind:positive
    Scenario: The user sees what the client asks for
      When the user is asked to consent
      Then the page names every scope that the client asked for

    @id:bs2-consent-order @req:BS2-holder-m @kind:positive
    Scenario: The password comes first, and is not enough
      Given the user is asked for the password
      When the user types the right password
      Then the bank goes on to what the client asks for
      And the client gets no code

  Rule: Without the right password and second factor nothing is given

    @id:bs2-wrong-password @req:BS2-holder-e @req:OIDCC-3.1.2.4-a @kind:negative
    Scenario: The password is wrong
      Given the user is asked for the password
      When the user types a wrong password
      Then the bank asks for the password again
      And the client gets no code

    @id:bs2-wrong-second-factor @req:BS2-holder-f @kind:negative
    Scenario: The token is wrong
      Given the user is asked for the token
      When the user types a wrong token
      Then the bank asks for the token again
      And the client gets no code

    @id:bs2-no-second-factor @req:BS2-holder-f @req:BS2-holder-b @kind:negative
    Scenario: The token is left out
      Given the user is asked for the token
      When the user types no token
      Then the bank asks for the token again
      And the client gets no code

    @id:bs2-second-factor-of-other-user @req:BS2-holder-o @kind:negative @needs:control @needs:clock
    Scenario: The token is another user's
      Given the user is asked for the app token
      When the user types another user's app token
      Then the bank asks for the token again
      And the client gets no code

    @id:bs2-app-token-delay @req:RFC6238-5.2-b @kind:edge @needs:control @needs:clock
    Scenario: An app token may be typed a little late
      Given the user is asked for the app token
      When the user types an app token that is 30 seconds old
      Then the bank takes the token

    @id:bs2-app-token-old @req:RFC6238-5.2-c @kind:edge @needs:control @needs:clock
    Scenario: An app token of a minute ago is refused
      Given the user is asked for the app token
      When the user types an app token that is 60 seconds old
      Then the bank asks for the token again
      And the client gets no code

    @id:bs2-wrong-second-factor-thrice @req:BS2-holder-g @kind:negative @needs:control
    Scenario: Three wrong tokens end the consent
      Given the user is asked for the SMS token
      When the user types a wrong token 3 times
      Then the right token does not help any more

    @id:bs2-second-factor-replayed @req:BS2-holder-h @req:RFC6238-5.2-a @kind:negative @needs:control @needs:clock
    Scenario: An app token confirms one consent only
      Given a user who confirmed a consent with an app token
      When the user confirms another consent with the same app token
      Then the bank asks for the token again
      And the client gets no code

    @id:bs2-second-factor-expired @req:BS2-holder-i @kind:edge @needs:control @needs:clock
    Scenario Outline: The SMS token lives for 5 minutes: <moment>
      Given the user is asked for the SMS token
      When the user types it <moment> 5 minutes have passed
      Then the bank <outcome>

      Examples:
        | moment             | outcome                       |
        | one second before  | sends the user back with code |
        | at the very moment | asks for the token again      |
        | one second after   | asks for the token again      |

    @id:bs2-form-sent-twice @req:BS2-holder-j @kind:negative @needs:control
    Scenario: The last form is sent twice
      Given the user is asked for the SMS token
      When the user sends the right token twice
      Then the client gets one code and no second one

  Rule: A user who denies sends the client away empty-handed

    @id:bs2-denial @req:BS2-holder-k @req:RFC6749-4.1.2.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: The user denies
      When the user denies
      Then the user comes back with the error access_denied
      And the state is the one that was sent

    @id:bs2-denial-answer @req:BS2-holder-k @kind:record @sandbox-safe
    Scenario: What a denial sends to the client
      When the user denies
      Then what came back is recorded

  Rule: The bank's pages guard the user

    @id:bs2-pages-not-framed @req:RFC9700-4.16-a @kind:negative @sandbox-safe
    Scenario: No other site may frame the login
      When the user is asked for the password
      Then the page forbids framing and is kept by no cache

    @id:bs2-login-redirect-drops-credentials @req:RFC9700-4.12-a @kind:negative @sandbox-safe
    Scenario: The redirect back carries no credentials along
      When the user consents
      Then the bank redirects in a way that does not repeat the form at the client

    @id:bs2-redirect-status @req:BS2-holder-n @kind:record @sandbox-safe
    Scenario: How the user is sent back
      When the user consents
      Then the status of the last redirect is recorded

    @id:bs2-form-forged @req:RFC6749-10.12-b @kind:negative @sandbox-safe
    Scenario: Another site cannot log the user in
      Given the user is asked for the password
      When another site sends the bank's login form with the user's password
      Then the bank does not take the form
      And the client gets no code

    @id:bs2-session-lifetime @req:BS2-holder-q @kind:edge @needs:clock
    Scenario Outline: A login that was begun waits for 10 minutes: <moment>
      Given the user is asked for the password
      When the user types the right password <moment> 10 minutes have passed
      Then the <outcome>

      Examples:
        | moment             | outcome                 |
        | one second before  | bank takes the password |
        | at the very moment | session is over         |

@bank:btg
Feature: BTG binds the code to the client that asked for it
  With PKCE a stolen code is worth nothing: only who holds the verifier can redeem it.

  Rule: A code that was asked for with a challenge needs its verifier

    @id:btg-pkce @req:RFC7636-4.2-b @req:BTG-pkce-a @req:RFC9700-2.1.1-b @kind:positive @sandbox-safe
    Scenario: The verifier is right
      Given the client holds a code that it asked for with PKCE
      When the client redeems the code with the right verifier
      Then the bank gives tokens

    @id:btg-pkce-wrong @req:RFC7636-4.4-a @req:RFC7636-4.6-a @req:RFC9700-2.1.1-b @req:RFC6749-5.2-c @kind:negative @sandbox-safe
    Scenario Outline: The verifier is <verifier>
      Given the client holds a code that it asked for with PKCE
      When the client redeems the code with <verifier>
      Then the bank refuses the code

      Examples:
        | verifier                      |
        | another verifier              |
        | no verifier                   |
        | the challenge as the verifier |

    @id:btg-pkce-downgrade @req:RFC9700-2.1.1-c @req:RFC6749-5.2-c @kind:negative @sandbox-safe
    Scenario: A verifier without a challenge
      Given the client holds a code that it asked for without PKCE
      When the client redeems the code with a verifier all the same
      Then the bank refuses the code

    @id:btg-no-pkce @req:BTG-pkce-b @kind:positive @sandbox-safe
    Scenario: A client with a secret may go without PKCE
      Given the client holds a code that it asked for without PKCE
      When the client redeems the code
      Then the bank gives tokens

  Rule: Only S256 protects

    Background:
      Given the bank shows its login to the client's own request

    @id:btg-no-pkce-request @req:BTG-pkce-b @kind:positive @sandbox-safe
    Scenario: A client with a secret may ask without a challenge
      Given the bank shows its login to the client's own request
      When the client asks for authorization without PKCE
      Then the bank shows its login

    @id:btg-pkce-plain @req:RFC7636-4.4.1-a @req:BTG-pkce-c @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario Outline: The challenge method is <method>
      When the client asks for authorization with the challenge method <method>
      Then the client gets the error invalid_request and its state

      Examples:
        | method  |
        | plain   |
        | missing |

  Rule: A client that can keep no secret is protected by PKCE alone

    @id:btg-public-client @req:BTG-pkce-d @kind:positive @needs:control
    Scenario: It redeems the code with its verifier
      Given a client without a secret holds a code that it asked for with PKCE
      When it redeems the code with its id and verifier
      Then the bank knows the client and the grant type
      And the bank gives tokens

    @id:btg-public-client-no-verifier @req:BTG-pkce-e @req:RFC9700-2.1.1-b @req:RFC6749-5.2-c @kind:negative @needs:control
    Scenario: It redeems the code without a verifier
      Given a client without a secret holds a code that it asked for with PKCE
      When it redeems the code with its id alone
      Then the bank refuses the code

    @id:btg-public-client-no-challenge @req:BTG-pkce-f @req:RFC6749-4.1.2-f @kind:negative @needs:control
    Scenario: It asks without a challenge
      Given the bank shows its login to the client's own request
      And a client without a secret
      When the client asks for authorization without PKCE
      Then the client gets the error invalid_request and its state

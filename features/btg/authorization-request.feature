@bank:btg
Feature: BTG judges the authorization request
  Nothing is redirected before the address is known to be the client's own; openid is mandatory; and what the client
  sent as state comes back unchanged.

  Rule: The user is never sent to an address that the client did not register

    Background:
      Given the bank shows its login to the client's own request

    @id:btg-redirect-uri @req:RFC6749-3.1.2.4-a @req:RFC9700-2.1-a @req:BTG-request-a @kind:negative @sandbox-safe
    Scenario Outline: The redirect URI has <difference>
      When the client asks for authorization with a redirect URI that has <difference>
      Then the bank shows an error and redirects nowhere

      Examples:
        | difference          |
        | another host        |
        | another port        |
        | another scheme      |
        | another path        |
        | a longer path       |
        | a dot segment       |
        | a trailing slash    |
        | an added query      |
        | a fragment          |
        | upper case          |
        | user information    |
        | a look-alike host   |
        | a percent-encoding  |

    @id:btg-redirect-uri-missing @req:RFC6749-3.1.2.4-a @req:BTG-request-a @kind:negative @sandbox-safe
    Scenario: The redirect URI is missing
      When the client asks for authorization without a redirect URI
      Then the bank shows an error and redirects nowhere

    @id:btg-redirect-uri-repeated @req:RFC6749-3.1-c @req:RFC6749-3.1.2.4-a @kind:negative @sandbox-safe
    Scenario: A second redirect URI is smuggled in
      When the client asks for authorization with its own and a foreign redirect URI
      Then the bank shows an error and redirects nowhere

  Rule: Only a client that the bank knows may ask

    Background:
      Given the bank shows its login to the client's own request

    @id:btg-unknown-client @req:BTG-request-b @kind:negative @sandbox-safe
    Scenario: The client is unknown
      When an unknown client asks for authorization
      Then the bank shows an error and redirects nowhere
      And the error is AppNotFoundError

  Rule: Another fault of the request goes to the client as an error

    @id:btg-openid-missing @req:BTG-request-c @req:RFC6749-4.1.2.1-a @kind:negative @sandbox-safe
    Scenario: openid is missing from the scope
      When the client asks for authorization without openid in the scope
      Then the client gets the error invalid_scope and its state

    @id:btg-response-type @req:RFC6749-3.1.1-a @req:RFC6749-4.1.2.1-a @kind:negative @sandbox-safe
    Scenario Outline: The response type is <response type>
      When the client asks for authorization with the response type <response type>
      Then the client gets the error <error> and its state

      Examples:
        | response type | error                     |
        | missing       | invalid_request           |
        | token         | unsupported_response_type |

    @id:btg-scope-not-enabled @req:BTG-request-d @req:RFC6749-4.1.2.1-a @kind:negative @sandbox-safe
    Scenario: The client asks for a scope that is not enabled for it
      When the client asks for authorization with a scope of nobody
      Then the client gets the error invalid_scope and its state

    @id:btg-parameter-repeated @req:RFC6749-3.1-c @kind:negative @sandbox-safe
    Scenario: A parameter comes twice
      When the client asks for authorization with the scope sent twice
      Then the client gets the error invalid_request and its state

    @id:btg-prompt-none @req:OIDCC-3.1.2.1-c @kind:negative @sandbox-safe
    Scenario: The client forbids any page
      When the client asks for authorization and forbids any page
      Then the client gets the error login_required and its state

  Rule: The state comes back byte for byte

    @id:btg-state @req:RFC6749-4.1.2-f @kind:positive @sandbox-safe
    Scenario Outline: The state is <state>
      When the user consents to a request whose state is <state>
      Then the state is the one that was sent

      Examples:
        | state                    |
        | 512 characters long      |
        | in many scripts          |
        | of reserved characters   |
        | of spaces and plus signs |
        | already percent-encoded  |
        | a piece of markup        |

    @id:btg-state-absent @req:BTG-code-c @kind:positive @sandbox-safe
    Scenario: Without a state none comes back
      When the user consents to a request without a state
      Then the user comes back with exactly code and iss

@bank:btg
Feature: BTG judges the authorization request
  Nothing is redirected before the address is known to be the client's own; openid is mandatory; and what the client
  sent as state comes back unchanged.

  Rule: The user is never sent to an address that the client did not register

    Background:
      Given the bank shows its login to the client's own request

    @id:btg-redirect-uri @req:RFC9700-2.1-b @req:RFC6749-3.1.2.4-a @req:RFC9700-2.1-a @req:BTG-request-a @kind:negative @sandbox-safe
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

    @id:btg-redirect-uri-query @req:RFC6749-3.1.2-a @kind:positive @needs:control
    Scenario: The registered address keeps its own query
      Given the client registered a redirect URI with a query
      When the user consents
      Then the user comes back to that address with its query kept

    @id:btg-redirect-uri-second @req:BTG-request-h @kind:positive @needs:control
    Scenario: A client may have several addresses
      Given the client registered two redirect URIs
      When the user consents
      Then the user comes back with a code

    @id:btg-redirect-uri-repeated @req:RFC6749-3.1-c @req:RFC6749-3.1.2.4-a @kind:negative @sandbox-safe
    Scenario: A second redirect URI is smuggled in
      When the client asks for authorization with its own and a foreign redirect URI
      Then the bank shows an error and redirects nowhere

  Rule: A right request leads to the login

    @id:btg-authorize @req:BTG-request-g @req:RFC6749-3.1-a @req:BTG-pkce-a @kind:positive @sandbox-safe
    Scenario: The client asks for authorization as in the documented example
      When the client asks for authorization
      Then the bank shows its login

    @id:btg-authorize-post @req:OIDCC-3.1.2.1-b @kind:positive
    Scenario: The request comes as a form
      Given the bank shows its login to the client's own request
      When the browser posts the authorization request
      Then the bank shows its login

    @id:btg-prompt @req:BTG-request-i @kind:positive @sandbox-safe
    Scenario Outline: The client asks with the prompt <prompt>
      Given the bank shows its login to the client's own request
      When the client asks for authorization with the prompt <prompt>
      Then the bank shows its login

      Examples:
        | prompt  |
        | login   |
        | consent |

    @id:btg-pages-escape @req:RFC6749-10.14-a @kind:negative @sandbox-safe
    Scenario: What a request brings along is not run by the user's browser
      Given the bank shows its login to the client's own request
      And someone prepared an authorization request with markup in it
      When the user opens it
      Then no page of the bank repeats the markup

  Rule: Only a client that the bank knows may ask

    Background:
      Given the bank shows its login to the client's own request

    @id:btg-pages-escape-name @req:RFC6749-10.14-a @kind:negative @needs:control
    Scenario: What a client is called is not run by the user's browser
      Given a client whose name has markup in it
      When the user is asked to consent
      Then the page does not run the markup

    @id:btg-unknown-client @req:BTG-request-b @kind:negative @sandbox-safe
    Scenario: The client is unknown
      When an unknown client asks for authorization
      Then the bank shows an error and redirects nowhere
      And the error is AppNotFoundError

    @id:btg-client-missing @req:BTG-request-f @kind:negative @sandbox-safe
    Scenario: The request names no client
      When a browser asks for authorization for no client
      Then the bank shows an error and redirects nowhere

  Rule: Another fault of the request goes to the client as an error

    Background:
      Given the bank shows its login to the client's own request

    @id:btg-openid-missing @req:BTG-request-c @req:RFC6749-4.1.2.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: openid is missing from the scope
      When the client asks for authorization without openid in the scope
      Then the client gets the error invalid_scope and its state

    @id:btg-scope-missing @req:BTG-request-c @req:RFC6749-4.1.2.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: The scope is left out
      When the client asks for authorization without a scope
      Then the client gets the error invalid_scope and its state

    @id:btg-response-type @req:RFC6749-3.1.1-a @req:RFC6749-4.1.2.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario Outline: The response type is <response type>
      When the client asks for authorization with the response type <response type>
      Then the client gets the error <error> and its state

      Examples:
        | response type | error                     |
        | missing       | invalid_request           |
        | token         | unsupported_response_type |

    @id:btg-scope-not-enabled @req:BTG-request-d @req:RFC6749-4.1.2.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: The client asks for a scope that is not enabled for it
      When the client asks for authorization with a scope of nobody
      Then the client gets the error invalid_scope and its state

    @id:btg-parameter-repeated @req:RFC6749-3.1-c @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: A parameter comes twice
      When the client asks for authorization with the scope sent twice
      Then the client gets the error invalid_request and its state

    @id:btg-parameter-empty @req:RFC6749-3.1-b @req:RFC6749-3.1.1-a @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: A parameter without value counts as absent
      When the client asks for authorization with an empty response type
      Then the client gets the error invalid_request and its state

    @id:btg-parameter-unknown @req:RFC6749-3.1-b @kind:positive @sandbox-safe
    Scenario: An unknown parameter is ignored
      When the client asks for authorization with a parameter that the bank does not know
      Then the bank shows its login

    @id:btg-prompt-none @req:OIDCC-3.1.2.1-c @req:RFC6749-4.1.2-f @kind:negative @sandbox-safe
    Scenario: The client forbids any page
      When the client asks for authorization and forbids any page
      Then the client gets the error login_required and its state

  Rule: The state comes back byte for byte

    Background:
      Given the bank shows its login to the client's own request

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
      Then the user comes back without a state

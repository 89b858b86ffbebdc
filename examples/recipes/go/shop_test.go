package shop

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// One mock for all tests of the package; HOMOLOGA is the command where it is not npx homologa.
var tenant struct {
	Control string
	BS2     struct {
		AuthorizationEndpoint, TokenEndpoint, BalanceEndpoint string
		Client                                                struct {
			ID, Secret   string
			RedirectUris []string
		}
	}
}

func TestMain(m *testing.M) {
	command := os.Getenv("HOMOLOGA")
	if command == "" {
		command = "npx homologa"
	}
	words := append(strings.Fields(command), "serve", "--port", "0", "--json")
	mock := exec.Command(words[0], words[1:]...)
	output, err := mock.StdoutPipe()
	if err == nil {
		err = mock.Start()
	}
	if err != nil {
		panic(err)
	}
	line, err := bufio.NewReader(output).ReadBytes('\n')
	if err != nil {
		panic(err)
	}
	var listening struct{ Tenants map[string]json.RawMessage }
	if err := json.Unmarshal(line, &listening); err != nil {
		panic(err)
	}
	if err := json.Unmarshal(listening.Tenants["default"], &tenant); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = mock.Process.Signal(os.Interrupt)
	_ = mock.Wait()
	os.Exit(code)
}

// control calls the control API of the tenant.
func control(t *testing.T, path string, body any) map[string]any {
	t.Helper()
	sent, _ := json.Marshal(body)
	answer, err := http.Post(tenant.Control+path, "application/json", bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var said map[string]any
	_ = json.NewDecoder(answer.Body).Decode(&said)
	if answer.StatusCode >= 300 {
		t.Fatalf("%s: %d %v", path, answer.StatusCode, said)
	}
	return said
}

func connected(t *testing.T) *Account {
	t.Helper()
	control(t, "/reset", map[string]any{})
	client := tenant.BS2.Client
	account := NewAccount(Bank{
		AuthorizationEndpoint: tenant.BS2.AuthorizationEndpoint, TokenEndpoint: tenant.BS2.TokenEndpoint,
		BalanceEndpoint: tenant.BS2.BalanceEndpoint, APIKey: client.ID, APISecret: client.Secret, Scope: "saldo",
		RedirectURI: client.RedirectUris[0],
	})
	consent := map[string]any{"authorizationUrl": account.AuthorizationURL("one-use"), "decision": "approve"}
	back, err := url.Parse(control(t, "/consents", consent)["redirectTo"].(string))
	if err != nil {
		t.Fatal(err)
	}
	if err := account.Finish(back.Query().Get("code")); err != nil {
		t.Fatal(err)
	}
	return account
}

func TestAnExpiredAccessTokenIsRenewed(t *testing.T) {
	account := connected(t)
	control(t, "/clock/advance", map[string]any{"by": "PT7M"})
	if balance, err := account.Balance(); err != nil || balance != 12345.67 {
		t.Fatal(balance, err)
	}
}

func TestAMonthLaterTheCustomerConsentsAgain(t *testing.T) {
	account := connected(t)
	control(t, "/clock/advance", map[string]any{"by": "P30D"})
	if _, err := account.Balance(); !errors.Is(err, ErrConsentOver) {
		t.Fatal(err)
	}
}

func TestALostAnswerSpendsTheRefreshToken(t *testing.T) {
	account := connected(t)
	control(t, "/clock/advance", map[string]any{"by": "PT7M"})
	control(t, "/faults", map[string]any{"at": "bs2.token", "effect": map[string]any{"drop": "after"}})
	if _, err := account.Balance(); err == nil || errors.Is(err, ErrConsentOver) {
		t.Fatal(err)
	}
	if _, err := account.Balance(); !errors.Is(err, ErrConsentOver) {
		t.Fatal(err)
	}
}

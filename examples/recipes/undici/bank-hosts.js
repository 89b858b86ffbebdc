import { MockAgent } from 'undici';

const bankHosts = ['apihmz.bancobonsucesso.com.br', 'id.sandbox.btgpactual.com', 'api.sandbox.empresas.btgpactual.com'];

/**
 * A dispatcher that takes what is sent to the banks' hosts to a mock, and refuses all else. The mock sees the bank's name
 * as Host, and answers as that host does. A MockAgent's own replies cannot wait for anything, so the mock has a port.
 */
export function createBankDispatcher(mockOrigin) {
  const agent = new MockAgent();
  agent.disableNetConnect();
  agent.enableNetConnect(new URL(mockOrigin).host);
  return agent.compose((dispatch) => (options, handler) => {
    const { host } = new URL(options.origin);
    if (!bankHosts.includes(host)) return dispatch(options, handler);
    return dispatch({ ...options, origin: mockOrigin, headers: { ...options.headers, host } }, handler);
  });
}

// The certified provider "oidc-provider" on loopback, as a province's would be set up for the portal.
// Environment: PORT; BACK and LEFT, the portal's addresses of coming back and of having signed out.

import Provider from "oidc-provider";

const { PORT, BACK, LEFT } = process.env;
const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  clients: [
    {
      client_id: "cong",
      client_secret: "bi-mat-cua-cong",
      redirect_uris: [BACK],
      post_logout_redirect_uris: [LEFT],
    },
  ],
  claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  // Whatever name is typed there is an account.
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id, email: `${id}@tinh.example`, email_verified: true }),
  }),
});
provider.listen(Number(PORT), "127.0.0.1", () => console.log("ready"));

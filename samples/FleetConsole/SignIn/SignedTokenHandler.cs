using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IotOps.Samples.FleetConsole.SignIn;

/// <summary>
/// Takes signed tokens only. The OpenID Connect handler of ASP.NET Core asks for no signature of a token that it fetched itself over TLS, as the
/// specification allows (OpenID Connect Core, 3.1.3.7, item 6); a token with <c>alg</c> none would let in whoever can answer in the provider's place.
/// </summary>
internal sealed class SignedTokenHandler : JsonWebTokenHandler
{
    public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        TokenValidationParameters signed = validationParameters.Clone();
        signed.RequireSignedTokens = true;
        return base.ValidateTokenAsync(token, signed);
    }
}
